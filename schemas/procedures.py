"""SQL Server's own procedures that describe a schema: comments, user types and new names.

Only the call is read, into its arguments by the names that the procedure gives them.
"""

from __future__ import annotations

from typing import NamedTuple

from .cursor import Cursor

# The parameters of each, in their order (Microsoft, Transact-SQL reference, system stored procedures).
_PARAMETERS = {
    "SP_ADDEXTENDEDPROPERTY": (
        "name", "value", "level0type", "level0name", "level1type", "level1name", "level2type", "level2name",
    ),
    "SP_ADDTYPE": ("typename", "phystype", "nulltype", "owner"),
    "SP_RENAME": ("objname", "newname", "objtype"),
}  # fmt: skip


class ProcedureCall(NamedTuple):
    """A call: the procedure's name in capitals without its schema, and its arguments as plain texts."""

    name: str
    arguments: dict[str, str]


def procedure_call(cursor: Cursor) -> ProcedureCall | None:
    """`EXEC sp_rename 'a.b', 'c', 'COLUMN'`, or None when it calls something else or not with literals."""
    cursor.accept_any("EXEC", "EXECUTE")
    if not cursor.peek().is_name:
        return None
    name = cursor.qualified_name().name.upper()
    parameters = _PARAMETERS.get(name)
    if parameters is None:
        return None
    arguments: dict[str, str] = {}
    for place, item in enumerate(cursor.items()):
        if item.peek().kind == "word" and item.peek().value.startswith("@") and item.peek(1).is_op("="):
            parameter = item.next().value.lstrip("@").lower()
            item.next()
        elif place < len(parameters):
            parameter = parameters[place]
        else:
            return None
        token = item.next()
        if not item.done or token.value.startswith("@"):
            return None
        arguments[parameter] = "" if token.is_word("NULL") else token.value
    return ProcedureCall(name, arguments)
