"""Parameters of derived tools, made from columns, keys and links; and what is said when a row is not there."""

from __future__ import annotations

from .contract import ColumnRef
from .denotation import Denotation
from .draft import Parameter, annotation, annotation_of
from .naming import is_reserved, phrase
from .survey import ColumnView, LinkView, Survey, TableView


class Parameters:
    """Makes parameters for one schema."""

    def __init__(self, survey: Survey, denotation: Denotation) -> None:
        self._survey = survey
        self._denotation = denotation

    def column(self, view: TableView, found: ColumnView, text: str, role: str = "") -> Parameter:
        """A parameter for a column's values.

        Args:
            role: What stands before the column in `takes`: "", "set " or "<= ".
        """
        shown, options = annotation(found)
        return Parameter(safe(found.field, view), shown, f"{role}{view.name}.{found.name}", text, options=options)

    def keys(self, view: TableView) -> tuple[Parameter, ...]:
        """The parameters that single out one row of `view`."""
        found: list[Parameter] = []
        for name, field in zip(view.key, view.key_fields, strict=True):
            link = view.link(name)
            of = view.one if link is None or len(view.key) == 1 else link.label
            ending = phrase(field.rpartition("_")[2:])
            kind = view.table.column(name).type.kind
            reference = ColumnRef(view.name, name)
            found.append(
                Parameter(
                    field, annotation_of(kind), str(reference), f"The {of}'s {ending}.", root=self._root(reference)
                )
            )
        return tuple(found)

    def link(self, view: TableView, link: LinkView, role: str = "") -> Parameter:
        """A parameter for the target that a link of `view` points at; `role` as for columns."""
        parent = self._survey.tables[link.target]
        own_name = link.plain or link.name.participle
        name = parent.key_fields[0] if own_name and not role and parent.key_fields else link.field
        label = parent.one if own_name else link.label
        kind = parent.table.column(link.key.target_columns[0]).type.kind
        reference = ColumnRef(view.name, link.column)
        return Parameter(
            safe(name, view),
            annotation_of(kind),
            f"{role}{reference}",
            f"The {label}'s {phrase(name.rpartition('_')[2:])}.",
            root=self._root(reference),
        )

    def _root(self, reference: ColumnRef) -> str:
        return str(self._denotation.root(reference)) if self._denotation.is_surrogate(reference) else ""


def key_word(view: TableView) -> str:
    """What a row's single key is called: "id", "code"."""
    return phrase(view.key_fields[0].rpartition("_")[2:])


def missing(view: TableView) -> str:
    """The message for a row that its key does not find, as the text of an f-string."""
    if len(view.key_fields) == 1:
        return f'f"There is no {view.one} with the {key_word(view)} {{{view.key_fields[0]}!r}}."'
    shown = " and ".join(f"{field} {{{field}!r}}" for field in view.key_fields)
    return f'f"There is no {view.one} with {shown}."'


def safe(name: str, view: TableView) -> str:
    """A parameter's name that hides nothing: `type` of a pet becomes `pet_type`."""
    if not is_reserved(name):
        return name
    longer = f"{view.stem}_{name}"
    return f"{longer}_value" if is_reserved(longer) else longer
