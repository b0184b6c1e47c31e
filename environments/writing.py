"""Drafts of the tools that write: create an event, change one column, move a link, join, take away.

Every refusal that the schema implies (a row that is not there, a unique value
that is taken, a CHECK) is tested first and answered as a ToolError, so that no
statement fails. Rows are deleted only where nothing can point at them.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence

from schemas import Check, Column, Index, Schema, Table, quote

from .denotation import Denotation
from .draft import PULL, Draft, Parameter
from .english import EVENTS, word_set
from .input_values import FREE_TEXT, input_values
from .kinds import NUMBERS
from .naming import article, identifier, phrase
from .parameters import Parameters, missing
from .statement import MOST_FIELDS, Output, key_condition, outputs, row_by_key, select
from .survey import ColumnView, LinkView, Survey, TableView
from .wording import is_counted, is_event, machine_keys, whole_and_part
from .write_tools import call, refuse, refuse_if, refuse_unless, text

MOST_SET = 8  # parameters of a tool that creates a row
MOST_CHANGES = 3  # tools of a table that change a column
_DATE_FORMS = {
    "date": ("date", "YYYY-MM-DD"),
    "timestamp": ("datetime", "YYYY-MM-DD HH:MM:SS"),
    "time": ("time", "HH:MM:SS"),
}
_FIXED = word_set(
    """
    birth death hire hired join joined created founded gender sex
    """
)
_INBORN = word_set("genre type category kind class breed species sex gender language brand")
_DEADLINES = word_set("due deadline required expected scheduled planned return returned expiry expires")
_MOVABLE = word_set("appointment booking visit reservation meeting session shift lesson trip event flight delivery")
_AMENDABLE = word_set("quantity units seats slots stock copies guests nights attendees participants points")
_CARERS = word_set(
    "agent coach doctor driver employee instructor keeper manager mentor nurse owner rep staff teacher technician vet"
)
_CALLED_OFF = ("cancel", "called", "withdr", "void", "revoke")
_STATES = ("status", "state", "stage", "condition")


class WritingDrafts:
    """Makes the drafts of one schema's writing tools."""

    def __init__(self, schema: Schema, survey: Survey) -> None:
        self.survey = survey
        self.denotation = Denotation(schema, machine_keys(survey))
        self.parameters = Parameters(survey, self.denotation)

    def drafts(self) -> Iterator[Draft]:
        """All drafts, table by table in the order of the core."""
        for name in self.survey.core:
            view = self.survey.tables[name]
            keys = (view.table.primary_key, *view.table.uniques)
            asked = {index for key in keys if (index := _in_small_letters(view.table, key)) is not None}
            if any(index.unique and index not in asked for index in view.table.indexes):
                continue  # what a partial index forbids cannot be asked beforehand
            if view.role == "junction":
                yield from self._join(view)
            elif view.role in ("entity", "line"):
                yield from self._create(view)
                yield from self._changes(view)
                yield from self._moves(view)
                yield from self._delete(view)

    # A new row

    def _create(self, view: TableView) -> Iterator[Draft]:
        if not (is_event(view) or view.role == "line") or view.names or len(view.key) != 1:
            return
        (key,) = view.key
        declared = view.table.column(key)
        links = [link for link in view.links if link.column != key and self._is_asked(view, link)]
        links.sort(key=self._rank_of_link)
        if declared.type.kind != "integer" or view.link(key) is not None or not links:
            return
        columns = self._asked(view)
        if columns is None or len(links) + len(columns) > MOST_SET:
            return
        set_by: dict[str, Parameter] = {}
        for link in links:
            set_by[link.column] = self.parameters.link(view, link, "set ")
        for found in columns:
            set_by[found.name] = self.parameters.column(view, found, self._explained(view, found), "set ")
        checks = [check for check in view.table.checks if self._matters(check, view, set_by)]
        if any(_mentions(check, key) for check in checks):
            return
        uniques = self._uniques(view, set_by)
        if uniques is None:
            return
        names = [parameter.name for parameter in set_by.values()]
        if view.key_fields[0] in names:
            return
        body: list[str] = []
        for link in links:
            body += self._must_exist(link, set_by[link.column])
        for found in columns:
            body += _must_be_sound(found, set_by[found.name].name)
        body += uniques
        for check in checks:
            body += self._must_hold(check, view, {c: f":{p.name}" for c, p in set_by.items()}, names)
        field = view.key_fields[0]
        fields = outputs(self.survey, view, most=MOST_FIELDS)
        next_key = [f"SELECT COALESCE(MAX({quote(key)}), 0) + 1 AS {quote(field)} FROM {quote(view.name)}"]
        body += call(f"{field} = ", "rows", next_key, [], f'[0]["{field}"]')
        into = ", ".join(quote(name) for name in (key, *set_by))
        binds = ", ".join(f":{name}" for name in (field, *names))
        body += call("", "run", [f"INSERT INTO {quote(view.name)} ({into})", f"VALUES ({binds})"], [field, *names])
        body += call("return ", "rows", row_by_key(self.survey, view, fields), [field], "[0]")
        inputs = {p.name: v for c in columns if (v := input_values(view, c)) is not None for p in [set_by[c.name]]}
        yield Draft(
            name=f"create_{view.stem}",
            group="write",
            table=view.name,
            text=f"Create a new {view.one}.",
            parameters=tuple(set_by.values()),
            gives={f.field: f.spec for f in fields},
            many=False,
            body=tuple(body),
            score=PULL * view.weight + 3.0,
            reads=self._parents(view),
            writes=(f"+{view.name}",),
            produces=(f"{view.name}.{key}",),
            words={"request": _creation(view, links, columns, set_by), "result": f"the new {view.one}"},
            inputs=inputs,
        )

    def _rank_of_link(self, link: LinkView) -> int:
        """A new row is for a person, and with whoever takes care of it."""
        parent = self.survey.tables[link.target]
        if parent.words[-1] in _CARERS or parent.words[0] == "staff":
            return 2
        return 0 if parent.person else 1

    def _is_asked(self, view: TableView, link: LinkView) -> bool:
        declared = view.table.column(link.column)
        return not declared.nullable or (link.plain and not link.lookup and link.target != view.name)

    def _asked(self, view: TableView) -> list[ColumnView] | None:
        """The columns that a new row needs, and an optional date and text; None if one cannot be asked for."""
        linked = [name for link in view.table.foreign_keys for name in link.columns]
        if any(len(link.columns) > 1 for link in view.table.foreign_keys):
            return None
        asked: list[str] = []
        for declared in view.table.columns:
            if declared.name in view.key or declared.name in linked:
                if declared.name in linked and not declared.nullable and view.link(declared.name) is None:
                    return None
                continue
            if declared.nullable or declared.default is not None or declared.generated is not None:
                continue
            if view.view(declared.name) is None:
                return None
            asked.append(declared.name)
        for kinds in (("date",), ("text",)):
            if not any(c.name in asked and c.kind in kinds for c in view.columns):
                asked += [c.name for c in view.columns if c.kind in kinds and _is_free(c.column)][:1]
        return [c for c in view.columns if c.name in asked]

    def _uniques(self, view: TableView, set_by: Mapping[str, Parameter]) -> list[str] | None:
        """Lines that refuse values which are taken; None when a default might be."""
        lines: list[str] = []
        for unique in view.table.uniques:
            if not all(name in set_by for name in unique):
                left = [view.table.column(name) for name in unique if name not in set_by]
                if all(c.default is not None and not c.nullable for c in left):
                    return None
                continue
            names = [set_by[name].name for name in unique]
            where = " AND ".join(_is_taken(view.table, unique, c, n) for c, n in zip(unique, names, strict=True))
            query = [f'SELECT 1 AS "taken" FROM {quote(view.name)} WHERE {where}']
            if len(names) == 1:
                shown = f"the {names[0]} {{{names[0]}!r}}"
                lines += refuse_if(query, names, f'f"There is already {article(view.one)} with {shown}."')
            else:
                shown = f"{', '.join(names[:-1])} and {names[-1]}"
                lines += refuse_if(query, names, f'"There is already {article(view.one)} with the same {shown}."')
        return lines

    # One column

    def _changes(self, view: TableView) -> Iterator[Draft]:
        if not view.key or not self._speakable_key(view):
            return
        ranked = [(rank, found) for found in view.columns if (rank := self._change_rank(view, found)) > 0]
        ranked.sort(key=lambda entry: -entry[0])
        kinds: list[str] = []
        for rank, found in ranked:
            if kinds.count(found.kind) >= (2 if found.kind == "contact" else 1) or len(kinds) >= MOST_CHANGES:
                continue
            draft = self._change(view, found, rank)
            if draft is not None:
                kinds.append(found.kind)
                yield draft

    def _change_rank(self, view: TableView, found: ColumnView) -> float:
        if found.column.generated is not None or any(word in _FIXED for word in found.words):
            return 0.0
        if any(found.name in unique and len(unique) > 1 for unique in view.table.uniques):
            return 0.0
        last = found.words[-1]
        if found.column.values:
            return 3.5 if last in _STATES else 0.0 if last in _INBORN else 2.0
        if found.kind == "date":
            moved = any(word in _DEADLINES for word in found.words)
            if is_event(view):
                moved = moved or view.words[-1] in _MOVABLE or any(word in ("start", "end") for word in found.words)
            return 1.8 if moved else 0.0
        if found.kind == "count":
            return 2.2 if last in _AMENDABLE else 0.0
        if found.kind == "text" and last not in FREE_TEXT:
            return 0.0
        if found.kind == "contact" and last in ("fax", "website", "homepage", "line2"):
            return 0.4
        return {"contact": 2.4, "price": 2.0, "text": 1.2, "flag": 1.0, "amount": 0.6}.get(found.kind, 0.0)

    def _change(self, view: TableView, found: ColumnView, rank: float) -> Draft | None:
        keys = self.parameters.keys(view)
        value = self.parameters.column(view, found, f"The new {found.label}." + _form(found), "set ")
        if value.name in [key.name for key in keys]:
            value = dataclasses.replace(value, name=f"new_{value.name}")
        names = [*(key.name for key in keys), value.name]
        body = _must_be_sound(found, value.name)
        if any(unique == (found.name,) for unique in view.table.uniques):
            other = " AND ".join(f"{quote(c)} = :{f}" for c, f in zip(view.key, view.key_fields, strict=True))
            query = [
                f'SELECT 1 AS "taken" FROM {quote(view.name)}',
                f"WHERE {_is_taken(view.table, (found.name,), found.name, value.name)} AND NOT ({other})",
            ]
            body += refuse_if(query, names, f'f"Another {view.one} has the {found.label} {{{value.name}!r}}."')
        checks = [check for check in view.table.checks if self._matters(check, view, {found.name: value})]
        body += self._update(view, {found.name: value}, checks)
        given = input_values(view, found)
        flag = found.kind == "flag"
        changed = f"number of {found.label}" if is_counted(found) else found.label
        whom = self._whom(view, keys)
        return Draft(
            name=f"update_{view.stem}_{found.field.removeprefix(view.stem + '_')}",
            group="write",
            table=view.name,
            text=f"Set whether {article(view.one)} is {found.label}."
            if flag
            else f"Change the {found.label} of {article(view.one)}.",
            parameters=(*keys, value),
            gives={f.field: f.spec for f in self._shown(view, found.name)},
            many=False,
            body=tuple(body),
            score=PULL * view.weight + rank,
            writes=(f"{view.name}.{found.name}",),
            words={} if flag else {"request": f"change the {changed} of {whom} to {{{value.name}}}"},
            inputs={} if given is None else {value.name: given},
        )

    def _moves(self, view: TableView) -> Iterator[Draft]:
        """One link that is a role which somebody is given: a support rep, a manager."""
        if len(view.key) != 1 or is_event(view):
            return
        for link in view.links:
            parent = self.survey.tables[link.target]
            if link.lookup or link.column in view.key or link.name.participle or link.target == view.name:
                continue
            if not link.name.role and parent.words[-1] not in _CARERS and parent.words[0] != "staff":
                continue
            if not parent.person or len(parent.key) != 1 or any(link.column in u for u in view.table.uniques):
                continue
            keys = self.parameters.keys(view)
            value = self.parameters.link(view, link, "set ")
            checks = [check for check in view.table.checks if self._matters(check, view, {link.column: value})]
            if value.name == keys[0].name or checks:
                continue
            body = [*self._must_exist(link, value), *self._update(view, {link.column: value}, [])]
            yield Draft(
                name=f"change_{view.stem}_{identifier(link.label.lower().split(), 'link')}",
                group="write",
                table=view.name,
                text=f"Give {article(view.one)} another {link.label}.",
                parameters=(*keys, value),
                gives={f.field: f.spec for f in self._shown(view, link.column)},
                many=False,
                body=tuple(body),
                score=PULL * view.weight + 1.5,
                reads=self._parents(view, [link.column]),
                writes=(f"{view.name}.{link.column}",),
                words={"request": f"make {{{value.name}}} the {link.label} of {{{keys[0].name}}}"},
            )
            return

    def _update(self, view: TableView, values: Mapping[str, Parameter], checks: Sequence[Check]) -> list[str]:
        names = [*view.key_fields, *(parameter.name for parameter in values.values())]
        where = " AND ".join(key_condition(view))
        lines: list[str] = []
        if checks:
            found = [f'SELECT 1 AS "found" FROM {quote(view.name)} WHERE {where}']
            lines += refuse_unless(found, view.key_fields, missing(view))
        for check in checks:
            held = [c.name for c in view.table.columns if _mentions(check, c.name)]
            shown = [
                f":{values[c].name} AS {quote(c)}" if c in values else quote(c) for c in dict.fromkeys([*held, *values])
            ]
            query = [
                'SELECT 1 AS "allowed"',
                f"FROM (SELECT {', '.join(shown)} FROM {quote(view.name)} WHERE {where}) AS {quote(view.name)}",
                f"WHERE IFNULL(({check.sql}), 1)",
            ]
            lines += refuse_unless(query, names, _broken(check))
        assignments = ", ".join(f"{quote(c)} = :{p.name}" for c, p in values.items())
        sql = [f"UPDATE {quote(view.name)} SET {assignments} WHERE {where}"]
        if checks:
            lines += call("", "run", sql, names)
        else:
            lines += [*call("changed = ", "run", sql, names), *refuse("changed == 0", missing(view))]
        (column_name,) = values
        fields = self._shown(view, column_name)
        return [*lines, *call("return ", "rows", row_by_key(self.survey, view, fields), view.key_fields, "[0]")]

    def _shown(self, view: TableView, changed: str) -> list[Output]:
        """What an update answers: key, names and the changed column."""
        fields = [Output(f, view.name, c) for f, c in zip(view.key_fields, view.key, strict=True)]
        fields += [Output(c.field, view.name, c.name) for c in view.columns if c.name in view.names]
        found, link = view.view(changed), view.link(changed)
        if found is not None and changed not in view.names:
            fields.append(Output(found.field, view.name, changed))
        elif link is not None:
            fields.append(Output(link.field, view.name, changed))
        return fields

    # Pairs and deletions

    def _join(self, view: TableView) -> Iterator[Draft]:
        ends = [link for link in view.links if not link.lookup]
        linked = [link.column for link in view.links]
        if len(ends) != 2 or ends[0].target == ends[1].target or sorted(view.key) != sorted(linked):
            return
        needed = [c for c in view.table.columns if c.name not in linked and not _is_free(c) and c.default is None]
        if needed or view.table.checks:
            return
        whole, part = whole_and_part(self.survey, view, ends)
        parameters = tuple(self.parameters.link(view, link, "set ") for link in (part, whole))
        names = [p.name for p in parameters]
        columns = [part.column, whole.column]
        where = " AND ".join(f"{quote(c)} = :{n}" for c, n in zip(columns, names, strict=True))
        present = [f'SELECT 1 AS "found" FROM {quote(view.name)} WHERE {where}']
        fields = [Output(link.field, view.name, link.column) for link in (part, whole)]
        sql = select(
            self.survey, view, fields, where=[f"{quote(c)} = :{n}" for c, n in zip(columns, names, strict=True)]
        )
        subject, holder = self.survey.tables[part.target], self.survey.tables[whole.target]
        body = [*self._must_exist(part, parameters[0]), *self._must_exist(whole, parameters[1])]
        body += refuse_if(present, names, f'"The {holder.one} has this {subject.one} already."')
        insert = [
            f"INSERT INTO {quote(view.name)} ({', '.join(quote(c) for c in columns)})",
            f"VALUES ({', '.join(':' + n for n in names)})",
        ]
        body += [*call("", "run", insert, names), *call("return ", "rows", sql, names, "[0]")]
        yield Draft(
            name=f"add_{subject.stem}_to_{holder.stem}",
            group="write",
            table=view.name,
            text=f"Add {article(subject.one)} to {article(holder.one)}.",
            parameters=parameters,
            gives={f.field: f.spec for f in fields},
            many=False,
            body=tuple(body),
            score=PULL * (subject.weight + holder.weight) / 2 + 2.0,
            reads=self._parents(view),
            writes=(f"+{view.name}",),
            words={"request": f"add {{{names[0]}}} to {{{names[1]}}}"},
        )
        if not view.leaf:
            return
        parameters = tuple(dataclasses.replace(p, take=p.take.removeprefix("set ")) for p in parameters)
        message = f'"The {holder.one} does not have this {subject.one}."'
        body = [*call("row = ", "one", sql, names), *refuse("row is None", message)]
        body += [*call("", "run", [f"DELETE FROM {quote(view.name)} WHERE {where}"], names), "return row"]
        yield Draft(
            name=f"remove_{subject.stem}_from_{holder.stem}",
            group="write",
            table=view.name,
            text=f"Remove {article(subject.one)} from {article(holder.one)}.",
            parameters=parameters,
            gives={f.field: f.spec for f in fields},
            many=False,
            body=tuple(body),
            score=PULL * (subject.weight + holder.weight) / 2 + 0.5,
            reads=self._parents(view),
            writes=(f"-{view.name}",),
            words={"request": f"remove {{{names[0]}}} from {{{names[1]}}}"},
        )

    def _delete(self, view: TableView) -> Iterator[Draft]:
        event = is_event(view)
        if not view.leaf or not view.key or view.names or not (event or view.role == "line"):
            return
        if not self._speakable_key(view):
            return
        keys = self.parameters.keys(view)
        names = [key.name for key in keys]
        fields = outputs(self.survey, view, most=MOST_FIELDS)
        where = " AND ".join(key_condition(view))
        verb = EVENTS.get(view.words[-1], "delete" if event else "remove")
        if any(value.lower().startswith(_CALLED_OFF) for c in view.columns for value in c.column.values):
            verb = "delete"  # calling it off is a change of its state
        body = [*call("row = ", "one", row_by_key(self.survey, view, fields), names)]
        body += refuse("row is None", missing(view))
        body += [*call("", "run", [f"DELETE FROM {quote(view.name)} WHERE {where}"], names), "return row"]
        yield Draft(
            name=f"{verb}_{view.stem}",
            group="write",
            table=view.name,
            text=f"{verb.capitalize()} {article(view.one)}: its record is deleted.",
            parameters=keys,
            gives={f.field: f.spec for f in fields},
            many=False,
            body=tuple(body),
            score=PULL * view.weight + 2.0,
            reads=self._parents(view),
            writes=(f"-{view.name}",),
            words={"request": f"{verb} {self._whom(view, keys)}"},
        )

    # Parts

    def _speakable_key(self, view: TableView) -> bool:
        """Whether a row can be meant: by one key, or by two that are both links."""
        return len(view.key) == 1 or (len(view.key) == 2 and all(view.link(name) is not None for name in view.key))

    def _whom(self, view: TableView, keys: Sequence[Parameter]) -> str:
        if len(keys) == 1:
            return f"{{{keys[0].name}}}"
        return f"the {view.one} of {{{keys[0].name}}} and {{{keys[1].name}}}"

    def _must_exist(self, link: LinkView, parameter: Parameter) -> list[str]:
        parent = self.survey.tables[link.target]
        target = link.key.target_columns[0]
        query = [f'SELECT 1 AS "found" FROM {quote(parent.name)} WHERE {quote(target)} = :{parameter.name}']
        ending = phrase(link.field.rpartition("_")[2:]) if "_" in link.field else "id"
        message = f'f"There is no {parent.one} with the {ending} {{{parameter.name}!r}}."'
        return refuse_unless(query, [parameter.name], message)

    def _must_hold(self, check: Check, view: TableView, values: Mapping[str, str], names: Sequence[str]) -> list[str]:
        shown: list[str] = []
        used: list[str] = []
        for declared in view.table.columns:
            if not _mentions(check, declared.name):
                continue
            value = values.get(declared.name, declared.default or "NULL")
            shown.append(f"{value} AS {quote(declared.name)}")
            used += [name for name in names if value == f":{name}"]
        query = [
            f'SELECT 1 AS "allowed" FROM (SELECT {", ".join(shown)}) AS {quote(view.name)}',
            f"WHERE IFNULL(({check.sql}), 1)",
        ]
        return refuse_unless(query, used, _broken(check))

    def _matters(self, check: Check, view: TableView, values: Mapping[str, Parameter]) -> bool:
        """Whether what is set can break the check: options of a Literal cannot, alone."""
        mentioned = [name for name in values if _mentions(check, name)]
        alone = [c.name for c in view.table.columns if _mentions(check, c.name)] == mentioned
        return bool(mentioned) and not (alone and all(values[name].options for name in mentioned))

    def _parents(self, view: TableView, columns: Sequence[str] | None = None) -> tuple[str, ...]:
        """The tables that the engine itself looks into when the links in `columns` (None: all) are written."""
        keys = view.table.foreign_keys
        touched = [key.target for key in keys if columns is None or any(name in columns for name in key.columns)]
        return tuple(dict.fromkeys(name for name in touched if name != view.name and name in self.survey.tables))

    def _explained(self, view: TableView, found: ColumnView) -> str:
        return f"The {found.label} of the new {view.one}." + _form(found)


def _in_small_letters(table: Table, key: tuple[str, ...]) -> Index | None:
    """The unique index that says of a key that capitals do not count in it."""
    for index in table.indexes:
        parts = tuple(part.removeprefix("LOWER(").removesuffix(")") for part in index.columns)
        if index.unique and not index.where and parts == tuple(map(quote, key)):
            return index
    return None


def _is_taken(table: Table, key: tuple[str, ...], column: str, parameter: str) -> str:
    """The condition that a row has the parameter's value in a column of the key."""
    index = _in_small_letters(table, key)
    small = index is not None and f"LOWER({quote(column)})" in index.columns
    return f"LOWER({quote(column)}) = LOWER(:{parameter})" if small else f"{quote(column)} = :{parameter}"


def _is_free(declared: Column) -> bool:
    return declared.nullable and declared.default is None and declared.generated is None


def _form(found: ColumnView) -> str:
    form = _DATE_FORMS.get(found.column.type.kind)
    return f" Written {form[1]}." if form is not None else ""


def _must_be_sound(found: ColumnView, name: str) -> list[str]:
    """Lines that refuse a date that is none, and negative counts and prices."""
    form = _DATE_FORMS.get(found.column.type.kind)
    if form is not None:
        return refuse_unless(
            [f'SELECT 1 AS "sound" WHERE {form[0]}(:{name}) = :{name}'],
            [name],
            f'f"{name} must be written {form[1]}, not {{{name}!r}}."',
        )
    if found.kind in ("count", "price") and found.column.type.kind in NUMBERS and not found.column.values:
        return refuse(f"{name} < 0", f'"{name} must not be negative."')
    return []


def _mentions(check: Check, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", check.sql, re.IGNORECASE) is not None


def _broken(check: Check) -> str:
    return text("This would break the rule " + check.sql.replace('"', ""))


def _creation(
    view: TableView, links: Sequence[LinkView], columns: Sequence[ColumnView], set_by: Mapping[str, Parameter]
) -> str:
    """The request for a new row: every argument labelled, each link in a clause of its own."""
    said = [f"for {{{set_by[links[0].column].name}}}"]
    said += [f"with {{{set_by[link.column].name}}} as the {link.label}" for link in links[1:]]
    dates = [found for found in columns if found.kind == "date"]
    values: list[str] = []
    for found in columns:
        name = set_by[found.name].name
        if dates == [found]:
            said.append(f"on {{{name}}}")
        else:
            values.append(f"{{{name}}} {found.label}" if is_counted(found) else f"the {found.label} {{{name}}}")
    if values:
        said.append("with " + ", ".join(values[:-1]) + (" and " if len(values) > 1 else "") + values[-1])
    return f"create a new {view.one} {', '.join(said)}"
