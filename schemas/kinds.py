"""Maps the column types of every dialect to a `ColumnType`, and a `ColumnType` to its SQLite name.

A type that has no equal is kept as the nearest kind, with the reason; nothing
is refused here.
"""

from __future__ import annotations

import re
import typing
from typing import NamedTuple

from .lex import Dialect
from .model import ColumnType, Form, Kind


class SourceType(NamedTuple):
    """A type as written.

    Attributes:
        name: Its words in small letters, joined by one space, without arguments.
        arguments: What stood in parentheses after it, strings without their quotes.
        array: Whether it is an array of that type.
        schema: The schema in front of its name, in small letters, or "".
    """

    name: str
    arguments: tuple[str, ...] = ()
    array: bool = False
    schema: str = ""


class Mapped(NamedTuple):
    """What a source type becomes; `reason` says in plain words what is lost, if anything."""

    type: ColumnType
    reason: str = ""
    values: tuple[str, ...] = ()
    serial: bool = False
    unsigned: bool = False


# Longer ones bound nothing that a database could hold.
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_INTEGER = frozenset(
    {
        "int", "integer", "bigint", "smallint", "tinyint", "mediumint", "int2", "int4", "int8", "int64", "year",
        "oid", "pls_integer", "binary_integer", "middleint",
    }
)  # fmt: skip
_SERIAL = frozenset({"serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"})
_REAL = frozenset({"real", "float", "double", "double precision", "float4", "float8", "binary_float", "binary_double"})
_DECIMAL = frozenset({"decimal", "numeric", "dec", "fixed", "number"})
_TEXT = frozenset(
    {
        "text", "char", "character", "varchar", "character varying", "char varying", "nchar", "nvarchar",
        "varchar2", "nvarchar2", "bpchar", "name", "clob", "nclob", "ntext", "tinytext", "mediumtext",
        "longtext", "string", "national character", "national character varying", "national char",
        "national varchar", "national char varying", "long", "sysname", "character large object",
        "native character", "varying character",
    }
)  # fmt: skip
_ONE_LETTER = frozenset({"char", "character", "nchar", "national character", "national char", "native character"})
"""Of these the SQL standard says that without a length they hold one character."""
_BLOB = frozenset(
    {
        "blob", "bytea", "binary", "varbinary", "tinyblob", "mediumblob", "longblob", "image", "raw",
        "long raw", "binary varying", "binary large object", "bfile",
    }
)  # fmt: skip
_UUID = frozenset({"uuid", "uniqueidentifier", "uuid text"})
_JSON = frozenset({"json", "jsonb", "json text"})
_TIMESTAMP = frozenset(
    {
        "timestamp", "timestamptz", "datetime", "datetime2", "smalldatetime", "datetimeoffset",
        "timestamp without time zone", "timestamp with time zone", "timestamp with local time zone",
    }
)  # fmt: skip
_TIME = frozenset({"time", "timetz", "time without time zone", "time with time zone"})
_FORMS: dict[str, Form] = {
    "inet": "inet", "cidr": "cidr", "macaddr": "macaddr", "macaddr8": "macaddr8", "interval": "duration",
    "bit": "bits", "bit varying": "varying bits", "varbit": "varying bits", "tsvector": "tsvector",
    "tsquery": "tsquery", "xml": "xml", "xmltype": "xml", "ltree": "ltree", "hstore": "hstore", "cube": "cube",
    "pg_lsn": "log position", "point": "coordinates", "line": "line", "lseg": "segment", "box": "box", "path": "path",
    "polygon": "polygon", "circle": "circle",
    "int4range": "whole range", "int8range": "whole range", "numrange": "decimal range", "daterange": "date range",
    "tsrange": "timestamp range", "tstzrange": "timestamp range",
    "int4multirange": "whole ranges", "int8multirange": "whole ranges", "nummultirange": "decimal ranges",
    "datemultirange": "date ranges", "tsmultirange": "timestamp ranges", "tstzmultirange": "timestamp ranges",
}  # fmt: skip
"""The forms of types without a kind; those of shapes are PostgreSQL's, and `wkt` elsewhere."""
_WKT: dict[str, Form] = {
    "geometry": "wkt", "geography": "wkt", "point": "wkt", "linestring": "wkt line", "polygon": "wkt area",
}  # fmt: skip
_WRITTEN: dict[str, Form] = {form: form for form in typing.get_args(Form) if form}
"""The names that our own SQLite form gives them."""
_MONEY = {"postgres": (19, 2), "tsql": (19, 4)}


def map_type(source: SourceType, dialect: Dialect) -> Mapped:
    """The dialect-free form of a type.

    Args:
        source: The type as written; user-defined names are resolved by the caller first.
    """
    if source.array:
        item = map_type(source._replace(array=False), dialect)
        kind = "text" if item.type.kind == "blob" else item.type.kind  # JSON holds no bytes
        return Mapped(ColumnType("json", item.type.length, items=kind, form=item.type.form), item.reason)
    name = source.name
    flags = [word for word in ("unsigned", "zerofill", "signed") if f" {word}" in f" {name}"]
    for flag in flags:
        name = " ".join(word for word in name.split() if word != flag)
    mapped = _by_name(name or ("int" if flags else ""), source, dialect)
    return mapped._replace(unsigned="unsigned" in flags or "zerofill" in flags)


def _by_name(name: str, source: SourceType, dialect: Dialect) -> Mapped:
    arguments = source.arguments
    if dialect == "oracle" and name in ("number", "decimal", "numeric"):
        return _oracle_number(arguments)
    if dialect == "oracle" and name == "date":
        return Mapped(ColumnType("timestamp"))
    if dialect == "tsql" and name in ("timestamp", "rowversion"):
        return Mapped(ColumnType("blob"), "a row version is kept as plain bytes; nothing updates it")
    if name in ("bool", "boolean") or (dialect == "mysql" and name in ("tinyint", "bit") and arguments == ("1",)):
        return Mapped(ColumnType("boolean"))
    if name == "bit" and (dialect == "tsql" or (dialect == "mysql" and not arguments)):
        return Mapped(ColumnType("boolean"))
    if name == "bit" and dialect == "mysql":
        return Mapped(ColumnType("integer"))
    if name in _SERIAL:
        return Mapped(ColumnType("integer"), serial=True)
    if name in _INTEGER:
        return Mapped(ColumnType("integer"))
    if name in _REAL:
        return Mapped(ColumnType("real"))
    if name in _DECIMAL:
        return Mapped(_decimal(arguments))
    if name in ("money", "smallmoney"):
        precision, scale = (10, 4) if name == "smallmoney" else _MONEY.get(dialect, (19, 4))
        return Mapped(ColumnType("decimal", precision=precision, scale=scale))
    if name in _ONE_LETTER and not arguments and dialect != "sqlite":
        return Mapped(ColumnType("text", length=1))
    if name in _TEXT:
        return Mapped(ColumnType("text", length=_length(arguments)))
    if name in _BLOB:
        return Mapped(ColumnType("blob"))
    if name in _UUID:
        return Mapped(ColumnType("uuid"))
    if name in _JSON:
        return Mapped(ColumnType("json"))
    if name in _TIMESTAMP:
        return Mapped(ColumnType("timestamp"))
    if name in _TIME:
        return Mapped(ColumnType("time"))
    if name == "date":
        return Mapped(ColumnType("date"))
    if name == "enum":
        return Mapped(ColumnType("text"), values=arguments)
    if name == "set":
        return Mapped(ColumnType("text"), "a SET is kept as one of its members; several at once are refused", arguments)
    if name == "citext":
        return Mapped(ColumnType("text"), "text that ignores case is kept as plain text; only unique keys ignore it")
    form = _form(name, arguments, dialect)
    if form:
        length = _length(arguments) if form in ("bits", "varying bits") else None
        length = 1 if form == "bits" and length is None else length  # bit is bit(1)
        return Mapped(ColumnType("text", length=length, form=form), f"type {name} is kept as text")
    return _by_affinity(name, source, dialect)


def _form(name: str, arguments: tuple[str, ...], dialect: Dialect) -> Form:
    """The form of the texts of a type that has no kind, or ""."""
    if dialect == "sqlite":
        return ""
    shape = arguments[0].lower() if name in ("geometry", "geography") and arguments else name
    if shape in _WKT and (dialect != "postgres" or name in ("geometry", "geography")):
        return _WKT[shape]
    return _FORMS.get(name, "") if dialect == "postgres" or name in ("xml", "xmltype") else ""


def _by_affinity(name: str, source: SourceType, dialect: Dialect) -> Mapped:
    """SQLite allows any name as a type and goes by what it holds (SQLite documentation, Datatypes, 3.1)."""
    if dialect == "sqlite" and name:
        words = name.split()
        if words[-1] in ("text", "list") and " ".join(words[:-1]) in _WRITTEN:
            form = _WRITTEN[" ".join(words[:-1])]
            if words[-1] == "list":
                return Mapped(ColumnType("json", _length(source.arguments), items="text", form=form))
            return Mapped(ColumnType("text", length=_length(source.arguments), form=form))
        if len(words) == 2 and words[1] == "list":
            kind = _by_name(words[0], SourceType(words[0]), dialect).type.kind
            return Mapped(ColumnType("json", _length(source.arguments), items=kind))
        found: tuple[tuple[str, Kind], ...] = (
            ("int", "integer"), ("char", "text"), ("clob", "text"), ("text", "text"), ("blob", "blob"),
            ("real", "real"), ("floa", "real"), ("doub", "real"), ("bool", "boolean"), ("datetime", "timestamp"),
        )  # fmt: skip
        for part, kind in found:
            if part in name:
                return Mapped(ColumnType(kind, length=_length(source.arguments) if kind == "text" else None))
    if not name:
        return Mapped(ColumnType("text"), "the column has no type and is kept as text")
    return Mapped(ColumnType("text"), f"type {name} is kept as text")


def _decimal(arguments: tuple[str, ...]) -> ColumnType:
    numbers = [int(argument) for argument in arguments if _NUMBER.fullmatch(argument)]
    if not numbers:
        return ColumnType("decimal")
    # The SQL standard gives a decimal without a scale the scale 0.
    return ColumnType("decimal", precision=numbers[0], scale=numbers[1] if len(numbers) > 1 else 0)


def _oracle_number(arguments: tuple[str, ...]) -> Mapped:
    if not arguments:
        return Mapped(ColumnType("decimal"))
    if arguments[0] == "*" and arguments[1:] in ((), ("0",)):
        return Mapped(ColumnType("integer"))
    if len(arguments) == 1 or arguments[1] == "0":
        return Mapped(ColumnType("integer"))
    return Mapped(_decimal(arguments))


def _length(arguments: tuple[str, ...]) -> int | None:
    first = arguments[0].split()[0] if arguments and arguments[0].split() else ""
    return int(first) if _NUMBER.fullmatch(first) and int(first) > 0 else None


def sqlite_name(type_: ColumnType) -> str:
    """The declared type of a column in our own SQLite form.

    json, uuid and forms carry the word TEXT because SQLite would otherwise turn
    a text such as `12` into a number on its way in.
    """
    if type_.form or type_.items is not None:
        shown = f"{(type_.form or type_.items or '').upper()} {'TEXT' if type_.items is None else 'LIST'}"
        return f"{shown}({type_.length})" if type_.length else shown
    if type_.kind == "text":
        return f"VARCHAR({type_.length})" if type_.length else "TEXT"
    if type_.kind == "decimal":
        return f"NUMERIC({type_.precision}, {type_.scale or 0})" if type_.precision is not None else "NUMERIC"
    return {"json": "JSON TEXT", "uuid": "UUID TEXT"}.get(type_.kind, type_.kind.upper())
