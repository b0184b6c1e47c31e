"""Noun phrases for the rows and values of a chain, built from what they denote.

A row of a list is "the most recent pending order placed by NP"; a foreign key of
a row is the row it points at, "the customer who placed NP"; a row fetched by its
own key is the row that the key came from. Sentences are made elsewhere.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping

from environments import (
    Binding,
    Captured,
    Chain,
    ColumnRef,
    ColumnWords,
    Field,
    Json,
    Literal,
    Param,
    Ref,
    Selector,
    Step,
    Tool,
)

from .inflect import article, plural
from .lexicon import DATE_KINDS, Lexicon
from .phrase import Noun, Phrase, Said, joined, nouns, spaced
from .spoken import is_quoted, spoken
from .template import Argument, definite, fill, holes
from .unspeakable import Unspeakable

_NAME_LABELS = ("name", "title", "full name")
_PLACES = ("city", "country", "state", "region", "town", "district")
_SITUATED = ("in", "at", "on", "by", "for")  # links that a name can follow: "in the area X"
_CODE_LABELS = ("number", "code", "SKU", "ISBN", "reference", "barcode")


class Subject(typing.NamedTuple):
    """What an output field tells something of: the noun, the words for the field, and its column if it has one."""

    noun: Noun
    words: ColumnWords
    column: ColumnRef | None


@dataclasses.dataclass(slots=True)
class NounPhrases:
    """The noun phrases of one chain."""

    chain: Chain
    tools: Mapping[str, Tool]
    lexicon: Lexicon
    _rows: dict[str, Noun] = dataclasses.field(default_factory=dict)

    def tool(self, step: str) -> Tool:
        """The tool that a step calls."""
        return self.tools[self.chain.step(step).tool]

    def rows(self, step: str) -> Noun:
        """What a step's result is about: one row, or all rows of a list."""
        if step not in self._rows:
            self._rows[step] = _straight(self._describe(self.chain.step(step)))
        return self._rows[step]

    def row(self, step: str, selector: Selector) -> Noun:
        """The row (or, for `each` and `all`, the rows) that a selector means."""
        base = self.rows(step)
        tool = self.tool(step)
        if selector.path:
            base = self._inside(base, tool, selector.path)
        if not base.plural or selector.kind in ("each", "all") or _is_summary(tool):
            return base
        return self._select(base, selector, tool)

    def value(self, ref: Ref) -> Phrase:
        """What a reference passes on: the noun it denotes, or "the total of NP"."""
        row = self.row(ref.step, ref.selector)
        field = self.tool(ref.step).contract.field(ref.field, ref.selector.path)
        return self._passed(row, field, ref.denotes, self.tool(ref.step))

    def subject(self, step: str, selector: Selector, name: str) -> Subject:
        """What the field `name` of the selected row tells something of."""
        tool = self.tool(step)
        field = tool.contract.field(name, selector.path)
        row = self.row(step, selector)
        words = self.lexicon.field(tool, field)
        source = field.source if field.source is not None and not field.aggregate else None
        if source is None or source.table == row.table:
            return Subject(row, words, source)
        reached = None if name in self.lexicon.tool(tool.name).fields else self._reach(row, source.table)
        if reached is not None:
            return Subject(reached, words, source)
        return Subject(row, words, source)

    def aggregated(self, step: str, field: Field) -> Noun | None:
        """The rows that an aggregate field counts or adds up, as far as contract and links tell."""
        if field.source is None or not field.aggregate:
            return None
        tool = self.tool(step)
        entity = tool.contract.entity
        row = self.rows(step)
        if field.source.table == entity:
            return row if _is_summary(tool) else None
        links = self.lexicon.links(field.source.table, entity)
        if len(links) != 1 or row.plural:
            return None
        return self._children(row, field.source.table, links[0].columns[0], f"{row.key}/{field.source.table}")

    def argument(self, step: Step, param: Param, binding: Binding, *, bare: bool = False) -> Phrase:
        """The words of one argument.

        Args:
            bare: Without quotation marks or unit, because the template has them or stands before a noun.
        """
        if isinstance(binding, Literal):
            return self._literal(param, binding, bare)
        if isinstance(binding, Captured):
            return (self._captured(binding),)
        return self.value(binding)

    def arguments(self, step: Step, *, bare: bool = False) -> dict[str, Argument]:
        """The words of every argument of a step, for a template."""

        def worded(param: Param, binding: Binding) -> Argument:
            return lambda quoted: self.argument(step, param, binding, bare=bare or quoted)

        contract = self.tools[step.tool].contract
        return {name: worded(contract.param(name), binding) for name, binding in step.bindings}

    # What a step's result is about

    def _describe(self, step: Step) -> Noun:
        tool = self.tools[step.tool]
        if tool.writes:
            return self._outcome(step, tool)
        own = self._fetched(step, tool)
        if own is not None:
            return own
        entity = self.lexicon.entity(tool.contract.entity)
        fanned = any(isinstance(b, Ref) and b.selector.kind == "each" for _, b in step.bindings)
        noun = Noun(
            key=self._key(step, tool),
            table=tool.contract.entity,
            one=entity.one,
            many=entity.many,
            plural=tool.contract.many or fanned or _is_summary(tool),
            person=entity.person,
            parents=self._parents(step, tool),
        )
        template = self.lexicon.tool(tool.name).it
        if template and not noun.plural:
            own_key = {name: self._plain_key(step, name, argument) for name, argument in self.arguments(step).items()}
            noun = dataclasses.replace(noun, whole=fill(template, own_key, self.lexicon))
            return self._modified(noun, step, tool, set(holes(template)))
        return self._modified(noun, step, tool, set())

    def _plain_key(self, step: Step, name: str, argument: Argument) -> Argument:
        """An argument of an `it` template, where a natural key is said as a value and not as the row it denotes."""
        binding = step.binding(name)
        param = self.tools[step.tool].contract.param(name)
        if not isinstance(binding, Literal):
            return argument
        return lambda quoted: (self._said(param, binding, quoted),)

    def _fetched(self, step: Step, tool: Tool) -> Noun | None:
        """The row that the step fetches by its own key, described by where the key came from."""
        entity = tool.contract.entity
        keys = {
            param.column.column: binding
            for name, binding in step.bindings
            if (param := tool.contract.param(name)).role == "filter"
            and param.operator == "="
            and param.column is not None
            and param.column.table == entity
        }
        own = {
            column: binding
            for column, binding in keys.items()
            if isinstance(binding, Ref | Captured) and not self._links_elsewhere(ColumnRef(entity, column), binding)
        }
        if not own or not self.lexicon.is_key(entity, set(own)):
            return None
        bindings = list(own.values())
        if len(bindings) == 1:
            (only,) = bindings
            if isinstance(only, Captured):
                return self._captured(only)
            found = self.value(only)
            noun = found[0] if len(found) == 1 and isinstance(found[0], Noun) else None
            return noun if noun is not None and noun.table == entity else None
        first = bindings[0]
        if isinstance(first, Ref) and all(
            isinstance(b, Ref) and (b.step, b.selector) == (first.step, first.selector) for b in bindings
        ):
            row = self.row(first.step, first.selector)
            return row if row.table == entity else None
        return None

    def _links_elsewhere(self, column: ColumnRef, binding: Ref | Captured) -> bool:
        """Whether a key column that is also a link is used as the link (a parcel fetched by its order)."""
        key = self.lexicon.foreign_key(column.table, column.column)
        return key is not None and binding.denotes not in ("", column.table)

    def _parents(self, step: Step, tool: Tool) -> tuple[tuple[str, Noun], ...]:
        """The rows that the result's foreign keys must point at, because the step asks for that."""
        found: list[tuple[str, Noun]] = []
        for name, binding in step.bindings:
            param = tool.contract.param(name)
            column = param.column
            if param.role != "filter" or param.operator != "=" or column is None:
                continue
            if column.table != tool.contract.entity or self.lexicon.foreign_key(column.table, column.column) is None:
                continue
            noun = self._denoted(param, binding)
            if noun is not None and not noun.plural:
                found.append((column.column, noun))
        return tuple(found)

    def _outcome(self, step: Step, tool: Tool) -> Noun:
        """What a write's result is called."""
        contract = tool.contract
        entity = self.lexicon.entity(contract.entity)
        result = self.lexicon.tool(tool.name).result
        noun = Noun(
            key=f"outcome:{step.id}",
            table=contract.entity,
            one=entity.one,
            many=entity.many,
            person=entity.person,
        )
        if result:
            head = result.partition(" ")[2] if result.startswith(("the ", "its ", "a ", "an ")) else result
            return dataclasses.replace(noun, one=head, whole=(result,), role=head != entity.one)
        if "+" + contract.entity in contract.writes:
            return dataclasses.replace(noun, before=("new",))
        return self.acted_on(step) or noun

    def acted_on(self, step: Step) -> Noun | None:
        """The row that a step finds by its own key: what a write changes."""
        tool = self.tools[step.tool]
        for name, binding in step.bindings:
            param = tool.contract.param(name)
            if param.role != "filter" or param.column is None or param.column.table != tool.contract.entity:
                continue
            if not self.lexicon.is_key(param.column.table, {param.column.column}):
                continue
            phrase = self.argument(step, param, binding)
            if len(phrase) == 1 and isinstance(phrase[0], Noun):
                return phrase[0]
        return None

    # Filters and relations

    def _modified(self, noun: Noun, step: Step, tool: Tool, said: set[str]) -> Noun:
        """`noun` with a phrase for every argument that is not `said` yet."""
        words = self.lexicon.tool(tool.name)
        arguments = self.arguments(step)
        before: Phrase = ()
        filters: Phrase = ()
        relation: Phrase = ()
        if words.these and not said:
            relation = fill(words.these, arguments, self.lexicon)
            said = {name for name in holes(words.these) if name in arguments}
        bounded = False
        links: set[tuple[str, ...]] = set()
        for name, binding in step.bindings:
            if name in said:
                continue
            param = tool.contract.param(name)
            if param.role == "limit":
                before = spaced(self._top(step, tool, param, binding), before)
                filters = spaced(filters, self._top_tail(tool))
                bounded = True
            elif words.before.get(name) and self._is_sayable(words.before[name], binding):
                plain = self.arguments(step, bare=True)
                before = spaced(before, self._worded(words.before[name], name, binding, plain))
            elif words.after.get(name) and self._is_sayable(words.after[name], binding):
                filters = spaced(filters, self._worded(words.after[name], name, binding, arguments))
            else:
                added = self._filter(noun, step, tool, param, binding, links)
                flag = param.column is not None and self.lexicon.is_flag(param.column)
                before = spaced(added.before, before) if flag else spaced(before, added.before)
                filters = joined(filters, added.after)
                # The short one first: what follows a long noun phrase would seem to belong to it.
                named = added.relation and isinstance(last := added.relation[-1], Noun) and last.is_named
                relation = spaced(added.relation, relation) if named else spaced(relation, added.relation)
        if noun.whole:
            return dataclasses.replace(noun, whole=spaced(noun.whole, before, filters, relation))
        return dataclasses.replace(
            noun,
            before=spaced(before, noun.before),
            filters=filters,
            relation=relation,
            bounded=bounded,
        )

    def _is_sayable(self, template: str, binding: Binding) -> bool:
        """Whether a template for one filter fits: one without its value ("default") is only for true."""
        return bool(holes(template)) or (isinstance(binding, Literal) and binding.value not in (False, 0))

    def _worded(self, template: str, name: str, binding: Binding, arguments: Mapping[str, Argument]) -> Phrase:
        if isinstance(binding, Literal) and name not in holes(template):
            return (Said(binding.input, template),)
        return fill(template, arguments, self.lexicon)

    def _filter(
        self, noun: Noun, step: Step, tool: Tool, param: Param, binding: Binding, links: set[tuple[str, ...]]
    ) -> _Modifier:
        """How one filter is said when the author does not say it."""
        column = param.column
        if column is None or param.role != "filter":
            return _Modifier()
        entity = tool.contract.entity
        denoted = self._denoted(param, binding)
        if column.table == entity:
            key = self.lexicon.foreign_key(entity, column.column)
            if key is not None and denoted is not None:
                if key.columns in links:
                    return _Modifier()
                links.add(key.columns)
                return _Modifier(relation=(f"{self.lexicon.link(entity, column.column).backward} ", denoted))
            return self._by_column(noun, param, column, binding, self.lexicon.column(column).label)
        return self._through(noun, entity, param, column, binding, denoted)

    def _through(
        self, noun: Noun, entity: str, param: Param, column: ColumnRef, binding: Binding, denoted: Noun | None
    ) -> _Modifier:
        """A filter on another table's column: a parent's, a look-up's, a junction's."""
        up = self.lexicon.links(entity, column.table)
        down = self.lexicon.links(column.table, entity)
        other = self.lexicon.entity(column.table)
        label = self.lexicon.column(column).label
        if denoted is not None and up and self.lexicon.is_key(column.table, {column.column}):
            return _Modifier(relation=(f"{self.lexicon.link(entity, up[0].columns[0]).backward} ", denoted))
        if denoted is not None and up:
            middle = self._children(denoted, column.table, column.column, f"{denoted.key}/{column.table}")
            return _Modifier(relation=(f"{self.lexicon.link(entity, up[0].columns[0]).backward} ", middle))
        if denoted is not None and down:
            known = self.lexicon.words.links.get(str(column))
            if self.lexicon.is_line(column.table) and not self.lexicon.is_junction(column.table):
                phrase = "containing"
            else:
                phrase = known.backward if known is not None and known.backward else "linked to"
            return _Modifier(relation=(f"{phrase} ", denoted))
        if up:
            role = self.lexicon.link(entity, up[0].columns[0]).role or other.one
            named = label in (*_NAME_LABELS, other.one) or label.endswith(("company name", f"{other.one} name"))
            backward = self.lexicon.link(entity, up[0].columns[0]).backward
            if named and backward in _SITUATED and isinstance(binding, Literal) and param.operator == "=":
                return _Modifier(after=spaced(f"{backward} the {role}", (self._said(param, binding, False),)))
            return self._by_column(noun, param, column, binding, role if named else f"{role} {label}")
        if isinstance(binding, Literal):
            said = (self._said(param, binding, False),)
            return _Modifier(after=spaced(f"with {article(other.one)} whose {label} is", said))
        raise Unspeakable("unrelated_filter", f"{param.name!r} filters on {column}, which nothing links to {entity}")

    def _by_column(self, noun: Noun, param: Param, column: ColumnRef, binding: Binding, label: str) -> _Modifier:
        if not isinstance(binding, Literal):
            return _Modifier(after=self._same(label, binding))
        literal = binding
        if self.lexicon.is_flag(column):
            return self._flagged(column, literal, noun.plural)
        if param.operator == "like":
            return _Modifier(after=spaced(f"whose {label} contains", (self._said(param, literal, False),)))
        if param.operator in (">=", "<="):
            return _Modifier(after=self._bounded(param, column, literal, label))
        if self.lexicon.is_adjective(column) and column.table == noun.table:
            return _Modifier(before=(self._said(param, literal, True),))
        if not noun.plural and column.table == noun.table and _is_name(label, noun.person):
            return _Modifier(after=(self._said(param, literal, False),))
        return _Modifier(after=self._with(column, label, self._said(param, literal, False), noun))

    def _bounded(self, param: Param, column: ColumnRef, literal: Literal, label: str) -> Phrase:
        said = (self._said(param, literal, False),)
        least = param.operator == ">="
        if self.lexicon.denotation.kind(column) in DATE_KINDS:
            done = self.lexicon.happened(column)
            if done:
                return spaced(f"{done} on or {'after' if least else 'before'}", said)
            return spaced(f"with {article(label)} of", said, f"or {'later' if least else 'earlier'}")
        return spaced(f"with {article(label)} of at {'least' if least else 'most'}", said)

    def _with(self, column: ColumnRef, label: str, said: Said, noun: Noun) -> Phrase:
        """'with the size 42', and for a name 'named "Lamp"'."""
        if label in _NAME_LABELS and column.table == noun.table and not (label == "title" and noun.person):
            return ("named ", said)
        if label in _PLACES:
            return ("in ", definite(said))
        return spaced(f"with the {label}", (said,))

    def _same(self, label: str, binding: Ref | Captured) -> Phrase:
        if isinstance(binding, Captured):
            raise Unspeakable("unspeakable_capture", "a value of an earlier turn that stands for no row")
        phrase = self.value(binding)
        row = self.row(binding.step, binding.selector)
        field = self.tool(binding.step).contract.field(binding.field, binding.selector.path)
        if self.lexicon.field(self.tool(binding.step), field).label == label and phrase[-1] == row:
            return (f"with the same {label} as ", row)
        return spaced(f"whose {label} is", phrase)

    def _flagged(self, column: ColumnRef, literal: Literal, plural: bool) -> _Modifier:
        verb, label = self.lexicon.flag(column)
        true = bool(literal.value)
        if verb == "has":
            return _Modifier(after=("with " if true else "without ", Said(literal.input, article(label))))
        if true:
            return _Modifier(before=(Said(literal.input, label),))
        if " " not in label:
            return _Modifier(before=(Said(literal.input, f"non-{label}"),))
        return _Modifier(after=(Said(literal.input, f"that {'are' if plural else 'is'} not {label}"),))

    def _top(self, step: Step, tool: Tool, param: Param, binding: Binding) -> Phrase:
        if not isinstance(binding, Literal):
            raise Unspeakable("unspeakable_limit", f"{param.name!r} is a number that nobody says")
        number = Said(binding.input, str(binding.value))
        adjective = self._ordered_adjective(tool)
        if adjective:
            return spaced((number,), adjective)
        return spaced("top" if tool.contract.order.endswith(" desc") else "first", (number,))

    def _top_tail(self, tool: Tool) -> Phrase:
        order = tool.contract.order
        if not order or self._ordered_adjective(tool):
            return ()
        table, _, column = order.removesuffix(" desc").partition(".")
        return (f"by {self.lexicon.column(ColumnRef(table, column)).label}",)

    def _ordered_adjective(self, tool: Tool) -> str:
        order = tool.contract.order
        column = order.removesuffix(" desc")
        for field in tool.contract.fields:
            if field.source is not None and not field.aggregate and str(field.source) == column:
                return self.lexicon.superlative(tool, field, "max" if order.endswith(" desc") else "min")
        return ""

    # One row of several

    def _inside(self, base: Noun, tool: Tool, path: str) -> Noun:
        """The rows that a field of a row holds."""
        first = next(f for f in tool.contract.fields if f.path == path)
        source = first.source or (first.derived[0] if first.derived else None)
        if source is None:
            raise Unspeakable("unnamed_rows", f"nothing says what the rows in {path!r} of {tool.name!r} are")
        links = self.lexicon.links(source.table, base.table)
        column = links[0].columns[0] if links else ""
        return self._children(base, source.table, column, f"{base.key}/{path}")

    def _children(self, parent: Noun, table: str, column: str, key: str) -> Noun:
        entity = self.lexicon.entity(table)
        backward = self.lexicon.link(table, column).backward if column else "of"
        return Noun(
            key=key,
            table=table,
            one=entity.one,
            many=entity.many,
            plural=True,
            person=entity.person,
            relation=(f"{backward} ", parent),
            parents=((column, parent),) if column and not parent.plural else (),
        )

    def _select(self, base: Noun, selector: Selector, tool: Tool) -> Noun:
        mark = selector.kind if selector.kind == "only" else f"{selector.kind} {selector.field}"
        if selector.literal is not None:
            mark += f"={selector.literal.input}"
        noun = dataclasses.replace(base, key=f"{base.key}[{mark}]", plural=False, article="the")
        if selector.kind == "only":
            return dataclasses.replace(noun, bounded=False, picked=("only one",))
        field = tool.contract.field(selector.field, selector.path)
        partitive = bool(base.whole) or base.bounded or _is_clause(base.relation)
        if selector.kind == "where":
            return _straight(self._where(noun, base, field, selector, tool, partitive))
        adjective = self.lexicon.superlative(tool, field, selector.kind)
        extreme = "" if adjective else self.lexicon.extreme(tool, field, selector.kind)
        noun = dataclasses.replace(noun, picked=spaced(adjective, "one", extreme))
        if partitive:
            plain = dataclasses.replace(noun, before=(), filters=(), relation=(), bounded=False)
            lead = f"the {adjective} of " if adjective else f"the {noun.one} {extreme} among "
            short = (adjective,) if adjective else ()
            return dataclasses.replace(plain, whole=(lead, base), before=short, extreme=extreme)
        if adjective:
            return dataclasses.replace(noun, before=spaced(adjective, noun.before))
        return dataclasses.replace(noun, extreme=extreme)

    def _where(self, noun: Noun, base: Noun, field: Field, selector: Selector, tool: Tool, partitive: bool) -> Noun:
        literal = selector.literal
        if literal is None:
            raise Unspeakable("unspeakable_selector", "a condition without a value")
        words = self.lexicon.field(tool, field)
        column = field.source if not field.aggregate else None
        elsewhere = column is not None and column.table != base.table
        adjective = words.adjective or (column is not None and self.lexicon.is_adjective(column))
        bare = adjective and not elsewhere
        said = Said(literal.input, spoken(literal.value, column, self.lexicon))
        before: Phrase = ()
        after: Phrase = ()
        own = self.lexicon.tool(tool.name)
        if own.before.get(field.name) and field.name in holes(own.before[field.name]):
            before = fill(own.before[field.name], {field.name: lambda quoted: (_unquoted(said),)}, self.lexicon)
        elif own.after.get(field.name) and field.name in holes(own.after[field.name]):
            after = fill(own.after[field.name], {field.name: lambda quoted: (said,)}, self.lexicon)
        elif column is not None and self.lexicon.is_flag(column) and not elsewhere:
            flagged = self._flagged(column, literal, False)
            before, after = flagged.before, flagged.after
        elif bare:
            before = (_unquoted(said),)
        elif elsewhere and column is not None:
            after = self._with_parent(base, column, words.label, said)
        else:
            after = self._with(column or ColumnRef("", ""), words.label, said, noun)
        noun = dataclasses.replace(noun, picked=spaced(before, "one", after))
        if partitive:
            plain = dataclasses.replace(noun, before=before, filters=after, relation=(), bounded=False)
            return dataclasses.replace(plain, whole=spaced("the", before, noun.one, after, ("among ", base)))
        return dataclasses.replace(noun, before=spaced(before, noun.before), filters=_named_first(after, noun.filters))

    def _with_parent(self, base: Noun, column: ColumnRef, label: str, said: Said) -> Phrase:
        """'with the genre "Jazz"', for a value of a row that the rows point at."""
        links = self.lexicon.links(base.table, column.table)
        entity = self.lexicon.entity(column.table)
        role = self.lexicon.link(base.table, links[0].columns[0]).role if links else ""
        other = role or entity.one
        if label in (*_NAME_LABELS, other) or label.endswith(("company name", f"{entity.one} name")):
            backward = self.lexicon.link(base.table, links[0].columns[0]).backward if links else ""
            if backward in _SITUATED:
                return spaced(f"{backward} the {other}", (said,))
            return spaced(f"whose {other} is" if entity.person else f"with the {other}", (said,))
        return spaced(f"with the {label if label.startswith(other) else f'{other} {label}'}", (said,))

    # What a value denotes

    def _passed(self, row: Noun, field: Field, denotes: str, tool: Tool) -> Phrase:
        source = field.source
        if source is None or field.aggregate or not source.column:
            return self._labelled(row, field, tool)
        if source.table != row.table:
            return self._joined(row, source, field, denotes, tool)
        key = self.lexicon.foreign_key(source.table, source.column)
        if key is not None and denotes != row.table:
            return (self._hop(row, source.column, key.target, denotes or key.target),)
        if key is not None and key.target == row.table and denotes == row.table:
            return (self._hop(row, source.column, key.target, denotes),)
        if denotes == row.table or self.lexicon.is_key(row.table, {source.column}):
            return (row,)
        if source.column in self.lexicon.table(row.table).primary_key:
            return (row,)
        return self._labelled(row, field, tool)

    def _joined(self, row: Noun, source: ColumnRef, field: Field, denotes: str, tool: Tool) -> Phrase:
        if denotes == row.table:
            return (row,)
        reached = self._reach(row, source.table)
        if reached is None:
            if denotes:
                raise Unspeakable("unrelated_value", f"{field.name!r} of {tool.name!r} is of {source.table}, unlinked")
            return self._labelled(row, field, tool)
        key = self.lexicon.foreign_key(source.table, source.column)
        if key is not None and denotes != source.table:
            return (self._hop(reached, source.column, key.target, denotes or key.target),)
        if denotes == source.table or self.lexicon.is_key(source.table, {source.column}):
            return (reached,)
        return spaced(f"the {self.lexicon.field(tool, field).label} of", (reached,))

    def _labelled(self, row: Noun, field: Field, tool: Tool) -> Phrase:
        words = self.lexicon.field(tool, field)
        if not words.speakable or (field.source is not None and self._is_machine(field.source)):
            raise Unspeakable("unspeakable_value", f"nobody says the {field.name!r} of {tool.name!r}")
        return spaced(f"the {words.label} of", (row,))

    def _is_machine(self, column: ColumnRef) -> bool:
        return bool(column.column) and self.lexicon.denotation.is_surrogate(column)

    def _reach(self, row: Noun, table: str) -> Noun | None:
        """The row of `table` that belongs to `row`: what it points at, or the only one that points at it."""
        up = self.lexicon.links(row.table, table)
        if len(up) == 1:
            return self._hop(row, up[0].columns[0], table, table)
        down = self.lexicon.links(table, row.table)
        if len(down) == 1 and self.lexicon.is_key(table, set(down[0].columns)):
            child = self._children(row, table, down[0].columns[0], f"{row.key}<{table}")
            return dataclasses.replace(child, plural=row.plural)
        return None

    def _hop(self, row: Noun, column: str, target: str, denotes: str) -> Noun:
        """The row that a foreign key of `row` points at."""
        known = dict(row.parents).get(column)
        if known is not None and known.table == denotes:
            return known
        entity = self.lexicon.entity(denotes)
        link = self.lexicon.link(row.table, column)
        relation: Phrase = (f"{link.forward} ", row)
        bare = not row.whole and not row.before and not row.extreme and not row.filters and len(row.relation) == 2
        key = self.lexicon.foreign_key(row.table, column)
        part = key is not None and self.lexicon.is_line(row.table) and not self.lexicon.contains(row.table, key)
        if bare and part and isinstance(row.relation[1], Noun):
            relation = row.relation
        elif bare and link.forward == "containing" and self.lexicon.is_line(row.table):
            inside = [noun for own, noun in row.parents if own != column]
            if len(row.parents) == 1 and inside and row.relation[1] == inside[0]:
                relation = ("containing ", inside[0])
        role = link.role if target == denotes else ""
        return Noun(
            key=f"{row.key}.{column}",
            table=denotes,
            one=role or entity.one,
            many=(entity.many if not role else _many(role, entity.one, entity.many)),
            plural=row.plural,
            person=entity.person,
            relation=relation,
            role=bool(role),
        )

    def _denoted(self, param: Param, binding: Binding) -> Noun | None:
        """The noun that an argument stands for, None for plain values."""
        if isinstance(binding, Captured):
            return self._captured(binding) if binding.denotes else None
        if isinstance(binding, Ref):
            phrase = self.value(binding)
            return phrase[0] if len(phrase) == 1 and isinstance(phrase[0], Noun) else None
        return self._named(param, binding)

    def _captured(self, binding: Captured) -> Noun:
        if not binding.denotes:
            raise Unspeakable("unspeakable_capture", "a value of an earlier turn that stands for no row")
        entity = self.lexicon.entity(binding.denotes)
        return Noun(
            key=f"captured:{binding.turn}.{binding.step}.{binding.field}={binding.value!r}",
            table=binding.denotes,
            one=entity.one,
            many=entity.many,
            person=entity.person,
            given=True,
        )

    # Free inputs

    def _literal(self, param: Param, binding: Literal, bare: bool) -> Phrase:
        noun = None if bare else self._named(param, binding)
        return (self._said(param, binding, bare),) if noun is None else (noun,)

    def _named(self, param: Param, binding: Literal) -> Noun | None:
        """The row that a free input names by something people say: "the order W10237"."""
        column = None if param.column is None else self.lexicon.denotation.root(param.column)
        if column is None or param.role not in ("filter", "set") or param.operator != "=":
            return None
        if not self.lexicon.denotation.is_natural_key(column):
            return None
        if param.role == "set" and not self.lexicon.denotation.is_link(param.column or column):
            return None
        entity = self.lexicon.entity(column.table)
        said = Said(binding.input, spoken(binding.value, column, self.lexicon, param))
        label = self.lexicon.column(column).label
        if _is_name(label, entity.person):
            whole: Phrase = (f"the {entity.one} ", said)
        else:
            whole = (f"the {entity.one} with the {label} ", said)
        return Noun(
            key=f"{column.table}({column.column}={binding.input})",
            table=column.table,
            one=entity.one,
            many=entity.many,
            person=entity.person,
            whole=whole,
        )

    def _said(self, param: Param, binding: Literal, bare: bool) -> Said:
        column = param.column
        if column is not None and self.lexicon.denotation.is_surrogate(column):
            raise Unspeakable("surrogate_input", f"nobody can say the {param.name!r} {binding.value!r}")
        return said(binding.input, binding.value, column, param, self.lexicon, bare=bare)

    def _key(self, step: Step, tool: Tool) -> str:
        """Equal for two steps that mean the same rows: same tool and arguments, nothing it reads written in between."""
        natural = self._natural_key(step, tool)
        if natural:
            return natural
        bound = ",".join(f"{name}={self._binding_key(binding)}" for name, binding in step.bindings)
        written = 0
        for earlier in self.chain.steps:
            if earlier.id == step.id:
                break
            touched = {column.lstrip("+-").partition(".")[0] for column in self.tools[earlier.tool].contract.writes}
            written += tool.contract.many and bool(touched & {tool.contract.entity, *tool.contract.reads})
        return f"{tool.contract.entity}:{tool.name}({bound})@{written}"

    def _natural_key(self, step: Step, tool: Tool) -> str:
        """The key of a row found by what people call it, the same as where it is called so without being found."""
        if tool.contract.many or len(step.bindings) != 1:
            return ""
        (name, binding), column = step.bindings[0], tool.contract.param(step.bindings[0][0]).column
        if not isinstance(binding, Literal) or column is None or column.table != tool.contract.entity:
            return ""
        found = self._named(tool.contract.param(name), binding)
        return "" if found is None else found.key

    def _binding_key(self, binding: Binding) -> str:
        if isinstance(binding, Literal):
            return f"<{binding.input}>"
        if isinstance(binding, Captured):
            return f"<turn {binding.turn} {binding.step}.{binding.field}>"
        return f"{self.row(binding.step, binding.selector).key}.{binding.field}"


class _Modifier(typing.NamedTuple):
    """What one argument adds: before the noun, after it, and the phrase that leads to another noun."""

    before: Phrase = ()
    after: Phrase = ()
    relation: Phrase = ()


def said(
    input: str, value: Json, column: ColumnRef | None, param: Param | None, lexicon: Lexicon, *, bare: bool
) -> Said:
    """The words of a free input; bare ones stand without quotation marks and unit."""
    if bare and isinstance(value, str) and is_quoted(column, lexicon, param):
        return Said(input, value)
    text = spoken(value, column, lexicon, param)
    if bare and text.startswith('"') and text.endswith('"'):
        text = text[1:-1]
    return Said(input, text)


def _is_summary(tool: Tool) -> bool:
    """Whether a result of one row tells of all the rows that its arguments describe, and of no single one."""
    return not tool.contract.many and all(field.aggregate for field in tool.contract.fields)


def _is_name(label: str, person: bool) -> bool:
    """Whether a value of the column is said like a name: the order W10237, the track "X"."""
    if label == "title" and person:
        return False
    return label in _NAME_LABELS or label.rpartition(" ")[2] in _CODE_LABELS


def _unquoted(said: Said) -> Said:
    return Said(said.input, said.text[1:-1]) if said.text[:1] == '"' == said.text[-1:] else said


def _straight(noun: Noun) -> Noun:
    """`noun`, unless it leads back to a row of its own table by the same name: "the pet X of the owner of the pet X".

    Raises:
        Unspeakable: It does.
    """
    own = _name_inputs(noun)
    for inner in nouns((*noun.whole, *noun.relation)) if own else ():
        if inner.table == noun.table and own & _name_inputs(inner):
            raise Unspeakable("circular", f"a {noun.one} would be described by itself")
    return noun


def _name_inputs(noun: Noun) -> set[str]:
    """The free inputs that a noun is called by."""
    named = noun.whole or (noun.filters if noun.filters[:1] == ("named ",) else ())
    if not noun.whole and not named and len(noun.filters) == 1:
        named = noun.filters
    return {fragment.input for fragment in named if isinstance(fragment, Said)}


def _named_first(added: Phrase, filters: Phrase) -> Phrase:
    """Two filters, the name before what is had: 'named "Lucky" with the type "dog"'."""
    return joined(filters, added) if filters[:1] == ("named ",) else joined(added, filters)


def _is_clause(relation: Phrase) -> bool:
    """Whether a relation has a verb of its own, which must agree with all the rows: "who placed the orders"."""
    return bool(relation) and str(relation[0]).startswith(("who ", "that ", "which "))


def _many(role: str, one: str, many: str) -> str:
    """The plural of a role: the entity's own where the role ends with it."""
    return role.removesuffix(one) + many if role.endswith(one) else plural(role)
