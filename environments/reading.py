"""Drafts of the tools that read: find, search, get, list by a parent, list through a junction, summarize.

Every table of the core is asked for all of them; which are kept is decided in `choose.py`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence

from schemas import Schema, quote

from .contract import ColumnRef
from .denotation import Denotation
from .draft import PULL, Draft, Parameter, annotation_of
from .english import word_set
from .kinds import MOST_CATEGORIES, is_additive
from .naming import article, identifier
from .parameters import Parameters, key_word, missing, safe
from .statement import Output, column, outputs, qualified, row_by_key, select, wrapped
from .survey import ColumnView, LinkView, Survey, TableView
from .wording import backward, is_counted, label_and_unit, machine_keys, whole_and_part
from .write_tools import call, refuse

SEARCH_FILTERS = 3
LIST_FILTERS = 2
LIST_FIELDS = 8
SMALL_TABLE = 60  # rows that a list of everything may have
MOST_ROLES = 2  # links from one table to another that get a list each
MOSTLY = 0.95  # of the rows have a name of their own, for a name to find one row
_PLACES = word_set("address location contact")
_TENANTS = word_set("tenant organization workspace")


@dataclasses.dataclass(frozen=True, slots=True)
class Filter:
    """A column that lists can be narrowed by: the entity's own, or the name of a lookup it points at."""

    parameter: Parameter
    table: str
    column: str
    spread: int
    words: Mapping[str, str]


class ReadingDrafts:
    """Makes the drafts of one schema's reading tools."""

    def __init__(self, schema: Schema, survey: Survey) -> None:
        self.survey = survey
        self.denotation = Denotation(schema, machine_keys(survey))
        self.parameters = Parameters(survey, self.denotation)

    def drafts(self) -> Iterator[Draft]:
        """All drafts, table by table in the order of the core."""
        for name in self.survey.core:
            view = self.survey.tables[name]
            if view.role == "lookup":
                yield from self._everything(view, -1.0)
            if view.role in ("lookup", "junction"):
                continue
            yield from self._finds(view)
            yield from self._search(view)
            yield from self._get(view)
            for link in view.links:
                if link.lookup or link.target not in self.survey.core or _is_tenant(self.survey.tables[link.target]):
                    continue
                yield from self._children(view, link)
                yield from self._summary(view, link)
        for name in self.survey.core:
            yield from self._through(self.survey.tables[name])

    # One row

    def _finds(self, view: TableView) -> Iterator[Draft]:
        if view.names:
            yield self._find_by_name(view)
        keys = [unique[0] for unique in view.table.uniques if len(unique) == 1]
        number = 0
        for name in keys:
            found = view.view(name)
            if found is None or name in view.names or number >= 2:
                continue
            if not self.denotation.is_natural_key(ColumnRef(view.name, name)):
                continue
            number += 1
            parameter = self.parameters.column(view, found, f"The {view.one}'s {found.label}.")
            fields = outputs(self.survey, view, without=[name])
            where = [f"{column(view.name, name, qualified(view, fields))} = :{parameter.name}"]
            sql = select(self.survey, view, fields, where=where)
            yield Draft(
                name=f"find_{view.stem}_by_{found.field}",
                group="find",
                table=view.name,
                text=f"Find {article(view.one)} by {found.label}.",
                parameters=(parameter,),
                gives={f.field: f.spec for f in fields},
                many=False,
                body=(
                    *call("row = ", "one", sql, [parameter.name]),
                    *refuse("row is None", f'f"There is no {view.one} with the {found.label} {{{parameter.name}!r}}."'),
                    "return row",
                ),
                score=PULL * view.weight + 1.0,
                produces=self._produces(fields),
                words={"it": f"the {view.one} with the {found.label} {{{parameter.name}}}"},
            )

    def _find_by_name(self, view: TableView) -> Draft:
        columns = [c for name in view.names if (c := view.view(name)) is not None]
        parameters = tuple(self.parameters.column(view, c, f"The {view.one}'s {c.label}.") for c in columns)
        names = [p.name for p in parameters]
        fields = outputs(self.survey, view, without=view.names) or outputs(self.survey, view)
        full = qualified(view, fields)
        where = [f"{column(view.name, c.name, full)} = :{p.name}" for c, p in zip(columns, parameters, strict=True)]
        single = self._names_single(view, columns)
        sql = select(self.survey, view, fields, where=where, ordered=not single, known=view.names)
        said = " ".join(f"{{{name}}}" for name in names)
        base = Draft(
            name=f"find_{view.stem if single else view.stems}",
            group="find",
            table=view.name,
            text=(
                f"Find {article(view.one)} by {_joined_labels(columns)}."
                if single
                else f"List the {view.many} that have a given {_joined_labels(columns)}."
            ),
            parameters=parameters,
            gives={f.field: f.spec for f in fields},
            many=not single,
            body=tuple(call("return ", "rows", sql, names)),
            score=PULL * view.weight + 3.0,
            produces=self._produces(fields),
        )
        if not single:
            return base
        shown = f"{{{names[0]}!r}}" if len(names) == 1 else said
        return Draft(
            name=base.name,
            group="find",
            table=view.name,
            text=base.text,
            parameters=parameters,
            gives=base.gives,
            many=False,
            body=(
                *call("found = ", "rows", sql, names),
                *refuse("not found", f'f"There is no {view.one} called {shown}."'),
                *refuse("len(found) > 1", f'f"{{len(found)}} {view.many} are called {shown}."'),
                "return found[0]",
            ),
            score=base.score,
            produces=base.produces,
            words={"it": f"the {view.one} {said}"},
        )

    def _get(self, view: TableView) -> Iterator[Draft]:
        if len(view.key) != 1:
            return
        (field,) = view.key_fields
        (parameter,) = self.parameters.keys(view)
        fields = outputs(self.survey, view, most=16)
        if len(fields) < 2:
            return
        sql = row_by_key(self.survey, view, fields)
        yield Draft(
            name=f"get_{view.stem}",
            group="get",
            table=view.name,
            text=f"Get {article(view.one)} by {key_word(view)}.",
            parameters=(parameter,),
            gives={f.field: f.spec for f in fields},
            many=False,
            body=(
                *call("row = ", "one", sql, [field]),
                *refuse("row is None", missing(view)),
                "return row",
            ),
            score=PULL * view.weight,
            produces=self._produces(fields),
        )

    # Many rows

    def _search(self, view: TableView) -> Iterator[Draft]:
        filters = self._filters(view, SEARCH_FILTERS, ())
        if not filters or filters[0].spread < 2:
            yield from self._bounded(view)
            yield from self._everything(view, PULL * view.weight - 2.0)
            return
        first, *others = filters
        taken = [(f.table, f.column) for f in filters[:1]]
        fields = [f for f in outputs(self.survey, view, most=LIST_FIELDS) if (f.table, f.column) not in taken]
        if not fields:
            return
        parameters = (first.parameter, *(_optional(view, f) for f in others))
        lookups = [f.table for f in filters if f.table != view.name]
        full = qualified(view, fields, lookups=lookups)
        where = [f"{column(first.table, first.column, full)} = :{first.parameter.name}"]
        where += [_either(f.parameter.name, column(f.table, f.column, full)) for f in others]
        sql = select(self.survey, view, fields, where=where, ordered=True, known=[first.column], lookups=lookups)
        yield Draft(
            name=f"search_{view.stems}",
            group="find",
            table=view.name,
            text=f"List the {view.many} with a given {first.words['label']}.",
            parameters=parameters,
            gives={f.field: f.spec for f in fields},
            many=True,
            body=tuple(call("return ", "rows", sql, [p.name for p in parameters])),
            score=PULL * view.weight + (1.5 if first.spread > 2 else 0.5),
            produces=self._produces(fields),
            words=_filter_words(filters),
        )

    def _bounded(self, view: TableView) -> Iterator[Draft]:
        measured = [c for c in view.columns if c.kind in ("price", "amount", "count", "measure")]
        measured = [c for c in measured if c.words[0] not in ("minimum", "maximum")]
        if not measured or not view.names:
            return
        chosen = measured[0]
        name = identifier(("max", chosen.field), "most")
        parameter = Parameter(
            name,
            annotation_of(chosen.column.type.kind),
            f"<= {view.name}.{chosen.name}",
            f"Only {view.many} with at most this {chosen.label}.",
        )
        fields = outputs(self.survey, view, most=LIST_FIELDS)
        where = [f"{column(view.name, chosen.name, qualified(view, fields))} <= :{name}"]
        sql = select(self.survey, view, fields, where=where, ordered=True)
        yield Draft(
            name=f"search_{view.stems}",
            group="find",
            table=view.name,
            text=f"List the {view.many} up to a given {chosen.label}.",
            parameters=(parameter,),
            gives={f.field: f.spec for f in fields},
            many=True,
            body=tuple(call("return ", "rows", sql, [name])),
            score=PULL * view.weight + 0.5,
            produces=self._produces(fields),
        )

    def _everything(self, view: TableView, score: float) -> Iterator[Draft]:
        fields = outputs(self.survey, view, most=LIST_FIELDS)
        if view.role == "lookup":
            fields = [f for f in fields if f.table == view.name and f.column not in view.key]
        known = 0 < view.size <= SMALL_TABLE or (view.role == "lookup" and view.size == 0)
        if not known or not fields or not view.names:
            return
        yield Draft(
            name=f"list_{view.stems}",
            group="list",
            table=view.name,
            text=f"List all {view.many}.",
            parameters=(),
            gives={f.field: f.spec for f in fields},
            many=True,
            body=tuple(call("return ", "rows", select(self.survey, view, fields, where=[], ordered=True), [])),
            score=score,
            produces=self._produces(fields),
        )

    def _children(self, view: TableView, link: LinkView) -> Iterator[Draft]:
        parent = self.survey.tables[link.target]
        if parent.role in ("lookup", "junction") or len(parent.key) != 1:
            return
        same = [other for other in view.links if other.target == link.target]
        if same.index(link) >= MOST_ROLES:
            return
        fields = outputs(self.survey, view, without=[link.column], most=LIST_FIELDS)
        filters = self._filters(view, LIST_FILTERS, [f for f in fields if f.table == view.name])
        if not fields:
            return
        key = self.parameters.link(view, link)
        parameters = (key, *(_optional(view, f) for f in filters if f.parameter.name != key.name))
        filters = [f for f in filters if f.parameter.name != key.name]
        lookups = [f.table for f in filters if f.table != view.name]
        full = qualified(view, fields, lookups=lookups)
        where = [f"{column(view.name, link.column, full)} = :{key.name}"]
        where += [_either(f.parameter.name, column(f.table, f.column, full)) for f in filters]
        sql = select(self.survey, view, fields, where=where, ordered=True, known=[link.column], lookups=lookups)
        phrase_ = backward(view, link, parent)
        yield Draft(
            name=self._list_name(view, link, parent),
            group="list",
            table=view.name,
            text=f"List the {view.many} {phrase_} {article(parent.one)}.",
            parameters=parameters,
            gives={f.field: f.spec for f in fields},
            many=True,
            body=tuple(call("return ", "rows", sql, [p.name for p in parameters])),
            score=PULL * (view.weight + parent.weight) / 2
            + (0.5 if link.plain else -1.0 if len(same) > 1 else 0.0)
            - (1.5 if parent.words[-1] in _PLACES else 0.0),
            produces=self._produces(fields),
            words={"these": f"{phrase_} {{{key.name}}}", **_filter_words(filters)},
        )

    def _list_name(self, view: TableView, link: LinkView, parent: TableView) -> str:
        if link.name.participle:
            return f"list_{view.stems}_{identifier(link.label.split())}"
        if link.plain:
            return f"list_{view.stems}_of_{parent.stem}"
        return f"list_{view.stems}_by_{identifier(link.label.lower().split(), parent.stem)}"

    def _summary(self, view: TableView, link: LinkView) -> Iterator[Draft]:
        parent = self.survey.tables[link.target]
        same = [other for other in view.links if other.target == link.target]
        if len(same) > 1 or parent.name == view.name or parent.role in ("lookup", "junction") or len(parent.key) != 1:
            return
        if link.key.target_columns != parent.key:
            return
        measures = [c for c in view.columns if is_additive(c.kind)]
        child_column = column(view.name, link.column, True)
        counted = identifier((view.stem, "count"))
        fields = [Output(parent.key_fields[0], parent.name, parent.key[0])]
        gives = {fields[0].field: fields[0].spec, counted: f"count({view.name})"}
        shown = [
            f"{column(parent.name, parent.key[0], True)} AS {quote(parent.key_fields[0])}",
            f"COUNT({child_column}) AS {quote(counted)}",
        ]
        words = {counted: {"label": f"number of {view.many}"}}
        sums = ""
        if measures:
            measure = measures[0]
            first = "combined" if measure.words[0] == "total" else "total"
            name = identifier((first, *measure.field.split("_")))
            gives[name] = f"sum({view.name}.{measure.name})"
            total = f"SUM({column(view.name, measure.name, True)})"
            scale = measure.column.type.scale
            if measure.column.type.kind == "decimal":
                total = f"ROUND({total}, {2 if scale is None else scale})"
            shown.append(f"{total} AS {quote(name)}")
            said, unit = label_and_unit(measure)
            combined = f"total number of {said}" if is_counted(measure) else f"combined {said}"
            about = (
                f"the {combined}{f', {unit},' if unit else ''} of all {view.many} {backward(view, link, parent)} {{it}}"
            )
            words[name] = {
                "label": f"{combined} of the {view.many}",
                "ask": f"What is {about}?",
                "tell": about,
                **({"unit": unit} if unit else {}),
            }
            sums = f" and their {combined}"
        sql = [
            *wrapped("SELECT ", shown),
            f"FROM {quote(parent.name)}",
            f"LEFT JOIN {quote(view.name)} ON {child_column} = {column(parent.name, parent.key[0], True)}",
            f"WHERE {column(parent.name, parent.key[0], True)} = :{parent.key_fields[0]}",
            f"GROUP BY {column(parent.name, parent.key[0], True)}",
        ]
        phrase_ = backward(view, link, parent)
        (parameter,) = self.parameters.keys(parent)
        yield Draft(
            name=f"summarize_{view.stems}_of_{parent.stem}",
            group="summary",
            table=parent.name,
            text=f"Count the {view.many} {phrase_} {article(parent.one)}{sums}.",
            parameters=(parameter,),
            gives=gives,
            many=False,
            body=(
                *call("row = ", "one", sql, [parameter.name]),
                *refuse("row is None", missing(parent)),
                "return row",
            ),
            score=PULL * (view.weight + parent.weight) / 2 + (2.0 if measures else 0.0),
            words={"it": f"the {parent.one} {{{parameter.name}}}", "fields": words},
        )

    def _through(self, view: TableView) -> Iterator[Draft]:
        """Both ways through a junction, or through a line whose two links are its key."""
        ends = [link for link in view.links if not link.lookup]
        if len(ends) != 2 or view.role not in ("junction", "line"):
            return
        if view.role == "line" and sorted(link.column for link in ends) != sorted(view.key):
            return
        if any(link.target not in self.survey.core for link in ends):
            return
        for goal, given in ((ends[0], ends[1]), (ends[1], ends[0])):
            target, source = self.survey.tables[goal.target], self.survey.tables[given.target]
            if len(target.key) != 1 or len(source.key) != 1 or _is_tenant(source):
                continue
            if goal.key.target_columns != target.key or (view.role == "line" and goal is not ends[0]):
                continue
            yield self._joined(view, goal, given, target, source)

    def _joined(self, view: TableView, goal: LinkView, given: LinkView, target: TableView, source: TableView) -> Draft:
        fields = outputs(self.survey, target, most=LIST_FIELDS)
        parameter = self.parameters.link(view, given)
        if parameter.name in [f.field for f in fields if f.column in target.key]:
            parameter = Parameter(
                f"of_{parameter.name}", parameter.annotation, parameter.take, parameter.text, root=parameter.root
            )
        join = (
            f"JOIN {quote(view.name)} ON {column(view.name, goal.column, True)}"
            f" = {column(target.name, target.key[0], True)}"
        )
        sql = select(
            self.survey,
            target,
            fields,
            where=[f"{column(view.name, given.column, True)} = :{parameter.name}"],
            through=[join],
            ordered=True,
        )
        whole, _ = whole_and_part(self.survey, view, (goal, given))
        relation = "containing" if view.role == "line" else "of" if given is whole else "with"
        ending = identifier(given.label.lower().split(), source.stem)
        return Draft(
            name=f"list_{target.stems}_{'of' if relation == 'of' else 'with'}_{ending}",
            group="list",
            table=target.name,
            text=f"List the {target.many} {relation} {article(given.label if not given.plain else source.one)}.",
            parameters=(parameter,),
            gives={f.field: f.spec for f in fields},
            many=True,
            body=tuple(call("return ", "rows", sql, [parameter.name])),
            score=PULL * (target.weight + source.weight) / 2 + 1.0,
            reads=(view.name,),
            produces=self._produces(fields),
            words={"these": f"{relation} {{{parameter.name}}}"},
        )

    # Parts

    def _filters(self, view: TableView, most: int, within: Sequence[Output]) -> list[Filter]:
        """The columns that narrow best; for lists only those that the rows show (`within`)."""
        found: list[tuple[float, Filter]] = []
        for link in view.links:
            if not link.lookup:
                continue
            target = self.survey.tables[link.target]
            named = target.view(target.names[0])
            if named is None:
                continue
            parameter = Parameter(
                safe(link.field, view),
                annotation_of(named.column.type.kind),
                f"{target.name}.{named.name}",
                f"The {link.label}, by its {named.label}.",
            )
            spread = len(named.shown.values) or target.size or MOST_CATEGORIES
            words = {"label": link.label}
            found.append((3.0 + math.log10(spread + 1), Filter(parameter, target.name, named.name, spread, words)))
        for view_ in view.columns:
            if within and view_.name not in [f.column for f in within]:
                continue
            rank = self._narrows(view, view_)
            if rank > 0:
                parameter = self.parameters.column(view, view_, f"The {view_.label}.")
                spread = len(view_.column.values) or len(view_.shown.values) or MOST_CATEGORIES
                spread = 1 if view_.kind == "flag" else spread
                place = {"city": "in", "town": "in", "country": "from" if view.person else "in"}.get(view_.label, "")
                after = {"label": view_.label, "place": place}
                found.append((rank, Filter(parameter, view.name, view_.name, spread, after)))
        found.sort(key=lambda entry: -entry[0])
        return [entry for _, entry in found[:most]]

    def _narrows(self, view: TableView, found: ColumnView) -> float:
        """How well a column narrows a list; 0 when it does not."""
        values = len(found.shown.values)
        if found.name in view.names:
            return 0.0
        if found.shown.rows and values < 2:
            return 0.0
        if found.column.values:
            return 4.0
        if found.kind == "category" and found.column.type.kind == "text":
            if found.shown.rows and values > max(MOST_CATEGORIES, found.shown.filled / 3):
                return 0.0
            return 3.0 if not found.shown.rows else 2.0 + min(values, 30) / 30
        if found.kind == "flag" and found.column.type.kind == "boolean":
            return 1.0
        return 0.0

    def _produces(self, fields: Sequence[Output]) -> tuple[str, ...]:
        roots = [ColumnRef(f.table, f.column) for f in fields]
        return tuple(str(self.denotation.root(r)) for r in roots if self.denotation.is_surrogate(r))

    def _names_single(self, view: TableView, columns: Sequence[ColumnView]) -> bool:
        """Whether the name finds one row: declared so, not known, or so in nearly all rows."""
        names = tuple(c.name for c in columns)
        if any(sorted(unique) == sorted(names) for unique in view.table.uniques) or view.size == 0:
            return True
        if len(columns) > 1:
            return True
        shown = columns[0].shown
        return len(shown.values) >= MOSTLY * shown.filled


def _optional(view: TableView, found: Filter) -> Parameter:
    return dataclasses.replace(
        found.parameter, text=f"Only {view.many} with this {found.words['label']}.", optional=True
    )


def _either(bind: str, sql: str) -> str:
    return f"(:{bind} IS NULL OR {sql} = :{bind})"


def _filter_words(filters: Sequence[Filter]) -> dict[str, dict[str, str]]:
    after = {f.parameter.name: f"{f.words['place']} {{{f.parameter.name}}}" for f in filters if f.words.get("place")}
    return {"after": after} if after else {}


def _joined_labels(columns: Sequence[ColumnView]) -> str:
    return " and ".join(c.label for c in columns)


def _is_tenant(view: TableView) -> bool:
    return view.words[-1] in _TENANTS
