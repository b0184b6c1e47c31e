"""The source text of a tools module, written from drafts.

Names and statements go through literals that Python itself would print, so that
no name in a schema can end a string. It decides nothing about which tools there are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from .draft import Draft, Parameter

WIDTH = 120


def write_tools(drafts: Sequence[Draft], title: str) -> str:
    """The text of a tools module with the drafts in their order.

    Args:
        title: The module's docstring, one sentence without quotes or backslashes.
    """
    texts = [_tool(draft) for draft in drafts]
    uses_literal = any(parameter.options for draft in drafts for parameter in draft.parameters)
    typing_names = "Any, Literal" if uses_literal else "Any"
    errors = any("ToolError(" in line for draft in drafts for line in draft.body)
    own = "Db, ToolError, tool" if errors else "Db, tool"
    head = f'"""{title}"""\n\nfrom typing import {typing_names}\n\nfrom environments import {own}\n'
    return "\n\n".join([head, *texts])


def call(before: str, method: str, sql: Sequence[str], binds: Sequence[str], after: str = "") -> list[str]:
    """Lines that call `db.<method>` with a statement: `before` is what stands in front, `after` behind.

    Args:
        sql: The statement's lines.
        binds: Names of variables, each bound under its own name.
    """
    arguments = [f"{name}={name}" for name in binds]
    flat = f"{before}db.{method}({', '.join([_literal(' '.join(sql)), *arguments])}){after}"
    if len(sql) == 1 and len(flat) <= WIDTH - 4:
        return [flat]
    lines = [f"{before}db.{method}("]
    lines += [f"    {line}" for line in _block(sql)]
    lines[-1] += ","
    lines += [f"    {argument}," for argument in arguments]
    return [*lines, f"){after}"]


def refuse(condition: str, message: str) -> list[str]:
    """Lines that raise ToolError with `message`, the text of a literal, when `condition` holds."""
    return [f"if {condition}:", *_raise(message)]


def refuse_unless(sql: Sequence[str], binds: Sequence[str], message: str) -> list[str]:
    """Lines that raise ToolError unless the query finds a row."""
    flat = call("if ", "one", sql, binds, " is None:")
    if len(flat) == 1:
        return [*flat, *_raise(message)]
    return [*call("found = ", "one", sql, binds), *refuse("found is None", message)]


def refuse_if(sql: Sequence[str], binds: Sequence[str], message: str) -> list[str]:
    """Lines that raise ToolError when the query finds a row."""
    flat = call("if ", "one", sql, binds, " is not None:")
    if len(flat) == 1:
        return [*flat, *_raise(message)]
    return [*call("found = ", "one", sql, binds), *refuse("found is not None", message)]


def text(value: str) -> str:
    """A string literal in double quotes."""
    return json.dumps(value, ensure_ascii=False)


def _raise(message: str) -> list[str]:
    flat = f"    raise ToolError({message})"
    return [flat] if len(flat) <= WIDTH - 4 else ["    raise ToolError(", f"        {message}", "    )"]


def _tool(draft: Draft) -> str:
    lines = ["@tool("]
    if draft.parameters:
        lines += _mapping("takes", {p.name: p.take for p in draft.parameters})
    lines += _mapping("gives", draft.gives)
    for name, values in (("reads", draft.reads), ("writes", draft.writes)):
        if values:
            inside = ", ".join(text(value) for value in values)
            lines.append(f"    {name}=({inside}{',' if len(values) == 1 else ''}),")
    lines.append(")")
    lines += _signature(draft)
    lines += _docstring(draft)
    lines += [f"    {line}" if line else "" for line in draft.body]
    return "\n".join(lines) + "\n"


def _mapping(name: str, entries: Mapping[str, str]) -> list[str]:
    pairs = [f"{text(key)}: {text(value)}" for key, value in entries.items()]
    flat = f"    {name}={{{', '.join(pairs)}}},"
    if len(flat) <= WIDTH:
        return [flat]
    return [f"    {name}={{", *(f"        {pair}," for pair in pairs), "    },"]


def _signature(draft: Draft) -> list[str]:
    returns = "list[dict[str, Any]]" if draft.many else "dict[str, Any]"
    flat = f"def {draft.name}({', '.join(['db: Db', *(_parameter(p) for p in draft.parameters)])}) -> {returns}:"
    if len(flat) <= WIDTH:
        return [flat]
    lines = [f"def {draft.name}(", "    db: Db,"]
    for parameter in draft.parameters:
        shown = f"    {_parameter(parameter)},"
        if len(shown) <= WIDTH:
            lines.append(shown)
            continue
        lines += [f"    {parameter.name}: Literal[", *(f"        {_option(o)}," for o in parameter.options)]
        lines += ["    ]", "    | None = None,"] if parameter.optional else ["    ],"]
    return [*lines, f") -> {returns}:"]


def _parameter(parameter: Parameter) -> str:
    shown = parameter.annotation
    if parameter.options:
        shown = f"Literal[{', '.join(_option(option) for option in parameter.options)}]"
    return f"{parameter.name}: {shown}" + (" | None = None" if parameter.optional else "")


def _option(option: str | int) -> str:
    return text(option) if isinstance(option, str) else str(option)


def _docstring(draft: Draft) -> list[str]:
    if not draft.parameters:
        return [f'    """{draft.text}"""']
    lines = [f'    """{draft.text}', "", "    Args:"]
    lines += [f"        {parameter.name}: {parameter.text}" for parameter in draft.parameters]
    return [*lines, '    """']


def _literal(sql: str) -> str:
    return repr(sql)


def _block(sql: Sequence[str]) -> list[str]:
    """A statement as a literal over several lines: a triple-quoted one, unless something in it would end it."""
    if len(sql) == 1:
        return [repr(sql[0])]
    whole = "\n".join(sql)
    if '"""' not in whole and "\\" not in whole and whole.replace("\n", " ").isprintable():
        return ['"""', *sql, '"""']
    return [repr(line + " ") for line in sql[:-1]] + [repr(sql[-1])]
