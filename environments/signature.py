"""Tools as read from the syntax tree of `tools.py`; nothing of it is ever imported or run here.

Gives names, descriptions, JSON Schemas and declared contracts. Whether a tool
keeps its contract is found out in a sandbox, not here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Any

from schemas import Schema

from .contract import ColumnRef, Contract, Field, Operator, Param, Role, Tool
from .errors import BrokenEnvironment

_SCALARS = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}
_TAKES = re.compile(r"^(?:(?P<word>>=|<=|like|set|add)\s+)?(?P<column>.+)$")
_AGGREGATE = re.compile(r"^(?P<name>count|sum|min|max|from)\((?P<inside>.*)\)$")


def read_tools(source: str, schema: Schema, path: str = "tools.py") -> tuple[Tool, ...]:
    """The tools that `source` declares, in its order.

    Args:
        source: Text of a tools module.
        schema: The schema that contracts speak of.
        path: The name to use in errors.

    Raises:
        BrokenEnvironment: The text is not Python, or a tool's signature, docstring or contract is
            missing or impossible; names the line.
    """
    try:
        tree = ast.parse(source, filename=path)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        raise BrokenEnvironment(path, f"not valid Python: {getattr(error, 'msg', error)}", line=line) from error
    tools: list[Tool] = []
    for node in tree.body:
        decorator = _decorator(node)
        if decorator is None:
            continue
        if not isinstance(node, ast.FunctionDef):
            name = getattr(node, "name", None)
            raise BrokenEnvironment(path, f"tool {name!r}: it must be a plain function", line=node.lineno)
        if any(tool.name == node.name for tool in tools):
            raise BrokenEnvironment(path, f"the tool {node.name!r} is defined twice", line=node.lineno)
        tools.append(_Reader(node, decorator, schema, path).tool())
    if not tools:
        raise BrokenEnvironment(path, "no tool found; mark functions with @tool from `environments`")
    return tuple(tools)


def _decorator(node: ast.stmt) -> ast.expr | None:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return None
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(target, ast.Name) and target.id == "tool":
            return decorator
        if isinstance(target, ast.Attribute) and target.attr == "tool":
            return decorator
    return None


class _Reader:
    """Reads one tool; holds what every message about it needs."""

    def __init__(self, node: ast.FunctionDef, decorator: ast.expr, schema: Schema, path: str) -> None:
        self.node = node
        self.decorator = decorator
        self.path = path
        self.columns = {table.name: [c.name for c in table.columns] for table in schema.tables}

    def fail(self, what: str, node: ast.AST | None = None) -> BrokenEnvironment:
        line = getattr(node, "lineno", self.node.lineno)
        return BrokenEnvironment(self.path, f"tool {self.node.name!r}: {what}", line=line)

    def tool(self) -> Tool:
        document = ast.get_docstring(self.node)
        if not document:
            raise self.fail("it has no docstring; its first line is what the model reads")
        description = document.strip().splitlines()[0].strip()
        declared = self._declared()
        parameters = tuple(self._parameters(declared.get("takes", {}), _parameter_texts(document)))
        fields = tuple(self._fields(declared.get("gives", {})))
        if not fields:
            raise self.fail("`gives` is missing: say which column each output field comes from")
        writes = tuple(self._write(spec) for spec in _texts(declared.get("writes", ())))
        reads = self._reads(parameters, fields, _texts(declared.get("reads", ())))
        first = fields[0].source or (fields[0].derived[0] if fields[0].derived else None)
        if first is None:
            raise self.fail("the first field of `gives` must name a table, which is the tool's entity")
        contract = Contract(
            entity=first.table,
            many=self._many(),
            params=parameters,
            fields=fields,
            reads=reads,
            writes=writes,
            order=str(declared.get("order", "")),
        )
        if contract.order:
            self._column(contract.order.removesuffix(" desc"))
        return Tool(self.node.name, description, contract, self.node.lineno)

    def _declared(self) -> dict[str, Any]:
        if not isinstance(self.decorator, ast.Call):
            return {}
        if self.decorator.args:
            raise self.fail("@tool takes keyword arguments only", self.decorator)
        declared: dict[str, Any] = {}
        for keyword in self.decorator.keywords:
            if keyword.arg not in ("takes", "gives", "reads", "writes", "order"):
                raise self.fail(f"@tool has no argument {keyword.arg!r}", keyword.value)
            try:
                declared[keyword.arg] = ast.literal_eval(keyword.value)
            except (ValueError, TypeError) as error:  # a TypeError: a list as a key
                raise self.fail(f"`{keyword.arg}` must be a literal", keyword.value) from error
        for name, kinds in (("takes", dict), ("gives", dict), ("reads", (tuple, list)), ("writes", (tuple, list))):
            if name in declared and not isinstance(declared[name], kinds):
                raise self.fail(f"`{name}` has the wrong form; see the grammar of contracts")
        return declared

    def _parameters(self, takes: dict[str, str], texts: dict[str, str]) -> Iterable[Param]:
        arguments = self.node.args
        if arguments.vararg or arguments.kwarg or arguments.posonlyargs:
            raise self.fail("parameters must be plain names (no *args, **kwargs or positional-only ones)")
        plain = arguments.args
        if not plain or plain[0].arg != "db":
            raise self.fail("its first parameter must be `db`")
        if plain[0].annotation is not None and "Db" not in ast.unparse(plain[0].annotation):
            raise self.fail("the annotation of `db` must be Db", plain[0])
        defaults: list[ast.expr | None] = [None] * (len(plain) - len(arguments.defaults)) + list(arguments.defaults)
        pairs = [*zip(plain, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
        names = [argument.arg for argument, _ in pairs[1:]]
        for name in takes:
            if name not in names:
                raise self.fail(f"`takes` names {name!r}, which is no parameter")
        for argument, default in pairs[1:]:
            if argument.arg not in takes:
                raise self.fail(f"`takes` does not say what {argument.arg!r} stands for", argument)
            role, operator, column = self._take(takes[argument.arg], argument)
            yield Param(
                name=argument.arg,
                schema=self._schema(argument, default),
                required=default is None,
                role=role,
                operator=operator,
                column=column,
                description=texts.get(argument.arg, ""),
            )

    def _take(self, spec: str, node: ast.AST) -> tuple[Role, Operator, ColumnRef | None]:
        if spec == "limit":
            return "limit", "=", None
        if spec == "note":
            return "note", "=", None
        match = _TAKES.match(spec) if isinstance(spec, str) else None
        if match is None:
            raise self.fail(f"`takes` has {spec!r}; expected 'table.column', '>= table.column', 'set table.column' ...")
        column = self._column(match["column"], node)
        word = match["word"]
        if word == "set":
            return "set", "=", column
        if word == "add":
            return "add", "=", column
        operators: dict[str | None, Operator] = {None: "=", ">=": ">=", "<=": "<=", "like": "like"}
        return "filter", operators[word], column

    def _schema(self, argument: ast.arg, default: ast.expr | None) -> dict[str, Any]:
        if argument.annotation is None:
            raise self.fail(f"the parameter {argument.arg!r} has no type", argument)
        schema = self._type(argument.annotation, argument)
        if default is None or (isinstance(default, ast.Constant) and default.value is None):
            return schema
        try:
            return {**schema, "default": ast.literal_eval(default)}
        except (ValueError, TypeError) as error:
            raise self.fail(f"the default of {argument.arg!r} must be a literal", default) from error

    def _type(self, annotation: ast.expr, argument: ast.arg) -> dict[str, Any]:
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            try:
                return self._type(ast.parse(annotation.value, mode="eval").body, argument)
            except SyntaxError:
                pass
        if isinstance(annotation, ast.Name) and annotation.id in _SCALARS:
            return {"type": _SCALARS[annotation.id]}
        if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
            sides = [side for side in (annotation.left, annotation.right) if not _is_none(side)]
            if len(sides) == 1:
                return {"anyOf": [self._type(sides[0], argument), {"type": "null"}]}
        if isinstance(annotation, ast.Subscript):
            name = ast.unparse(annotation.value).rpartition(".")[2]
            if name == "Literal":
                try:
                    options = ast.literal_eval(annotation.slice)
                except (ValueError, TypeError) as error:
                    raise self.fail(f"the Literal of {argument.arg!r} holds no literals", argument) from error
                options = list(options) if isinstance(options, tuple) else [options]
                kinds = {bool: "boolean", int: "integer", str: "string"}
                types = sorted({kinds.get(type(option), "?") for option in options})
                if len(types) == 1 and types[0] != "?":
                    return {"type": types[0], "enum": options}
            if name == "list":
                return {"type": "array", "items": self._type(annotation.slice, argument)}
            if name == "Optional":
                return {"anyOf": [self._type(annotation.slice, argument), {"type": "null"}]}
        raise self.fail(
            f"the type {ast.unparse(annotation)!r} of {argument.arg!r} is not supported; "
            "use str, int, float, bool, Literal[...], list[...] or one of these `| None`",
            argument,
        )

    def _many(self) -> bool:
        returns = "" if self.node.returns is None else ast.unparse(self.node.returns).strip("'\"")
        if returns.startswith("list[dict"):
            return True
        if returns == "dict" or returns.startswith("dict["):
            return False
        raise self.fail("it must be annotated to return dict[str, Any] or list[dict[str, Any]]")

    def _fields(self, gives: dict[str, Any], path: str = "") -> Iterable[Field]:
        for name, spec in gives.items():
            if not isinstance(name, str):
                raise self.fail(f"`gives` has {name!r} as a field; expected text")
            if isinstance(spec, dict):
                if path:
                    raise self.fail(f"`gives` nests {name!r} too deeply; one level of rows inside a row is supported")
                yield from self._fields(spec, name)
            elif isinstance(spec, str):
                yield self._field(name, spec, path)
            else:
                raise self.fail(f"`gives` has {spec!r} for {name!r}; expected text or a mapping")

    def _field(self, name: str, spec: str, path: str) -> Field:
        match = _AGGREGATE.match(spec)
        if match is None:
            return Field(name, path, self._column(spec))
        if match["name"] == "from":
            derived = tuple(self._column(part.strip()) for part in match["inside"].split(","))
            return Field(name, path, derived=derived)
        inside = match["inside"].strip()
        if match["name"] == "count" and "." not in inside:
            return Field(name, path, ColumnRef(self._table(inside), ""), aggregate="count")
        return Field(name, path, self._column(inside), aggregate=match["name"])

    def _write(self, spec: str) -> str:
        if spec[:1] in ("+", "-"):
            return spec[0] + self._table(spec[1:])
        return str(self._column(spec))

    def _reads(self, params: tuple[Param, ...], fields: tuple[Field, ...], extra: tuple[str, ...]) -> tuple[str, ...]:
        tables = [self._table(name) for name in extra]
        tables += [p.column.table for p in params if p.column is not None and p.role == "filter"]
        for field in fields:
            tables += [column.table for column in ((field.source,) if field.source else field.derived)]
        return tuple(sorted(dict.fromkeys(tables)))

    def _table(self, name: str) -> str:
        if name not in self.columns:
            raise self.fail(f"there is no table {name!r}; the tables are: {', '.join(self.columns)}")
        return name

    def _column(self, text: str, node: ast.AST | None = None) -> ColumnRef:
        for table, columns in self.columns.items():
            if text.startswith(table + ".") and text[len(table) + 1 :] in columns:
                return ColumnRef(table, text[len(table) + 1 :])
        raise self.fail(f"the contract names {text!r}, which is no column of the schema", node)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in value)


def _parameter_texts(document: str) -> dict[str, str]:
    """The `Args:` section of a Google docstring: parameter name -> description on one line."""
    texts: dict[str, str] = {}
    inside = False
    current = ""
    for line in document.splitlines():
        if re.fullmatch(r"\s*Args:\s*", line):
            inside = True
        elif inside and re.match(r"^\S", line):
            break
        elif inside and (match := re.match(r"^\s{4}(\w+)(?:\s*\([^)]*\))?:\s*(.*)$", line)):
            current = match[1]
            texts[current] = match[2].strip()
        elif inside and current and line.strip():
            texts[current] += " " + line.strip()
    return texts
