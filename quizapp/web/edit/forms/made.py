"""A form of some fields of a bank: filled, read and checked, and the changes that it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms.form import BaseForm

from quizapp.bank.addresses import Address
from quizapp.bank.shapes.shapes import FieldShape
from quizapp.web.edit.forms.around import Around
from quizapp.web.edit.forms.fields import ShapeField
from quizapp.web.edit.forms.kinds import unbound
from quizapp.web.edit.forms.sourcing import needs_source, source_above
from quizapp.web.edit.names import entry_named


@dataclass(frozen=True)
class Cell:
    """One field of a form: its input's name, the address of what it holds, its shape and value."""

    name: str
    address: Address
    shape: FieldShape
    raw: Any


@dataclass(frozen=True)
class Mistake:
    """One line of the summary of mistakes, the same words as beside the field."""

    href: str
    label: str
    words: str


class Form:
    """The fields of some cells, filled from plain data or from what a browser sent."""

    def __init__(self, cells: Iterable[Cell], around: Around, sent: Any = None) -> None:
        self.cells: Sequence[Cell] = tuple(cells)
        self._form = BaseForm({cell.name: unbound(cell.shape, cell.raw, around) for cell in self.cells})
        self._form.process(sent)
        self._tell_sources(around)

    def _tell_sources(self, around: Around) -> None:
        """Which sources must be named, and which one counts where none is."""
        for cell in self.cells:
            if cell.shape.name != "source" or cell.shape.owner not in ("Cost", "Fact"):
                continue
            field, part = self[cell.name], cell.address[:-1]
            field.needed = needs_source(cell.shape.owner, around.bank, part)
            above = source_above(around.bank, part) if cell.shape.owner == "Cost" else ""
            field.otherwise = entry_named(around.bank, "sources", above, around.language) if above else ""

    def __getitem__(self, name: str) -> ShapeField:
        """The field of that name."""
        field: ShapeField = self._form[name]
        return field

    @property
    def fields(self) -> tuple[ShapeField, ...]:
        """All fields in their order."""
        return tuple(self[cell.name] for cell in self.cells)

    def named(self, name: str) -> ShapeField | None:
        """The field of that name, None where there is none."""
        return next((self[cell.name] for cell in self.cells if cell.name == name), None)

    def valid(self) -> bool:
        """Whether everything that was sent can be read; every field says what is wrong with it."""
        found: bool = self._form.validate()
        return found

    def wants(self, looks: tuple[str, ...], words: str) -> None:
        """Call it a mistake where a field that must be given, and looks so, was left empty."""
        for field in self.fields:
            if field.shape.required and field.shape.look in looks and not field.changed:
                ending = next(iter(field.inputs), "")
                field.mistakes = ((f"{field.id}{ending}", words),)
                field.errors = [words]

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The summary of mistakes."""
        return tuple(
            Mistake(f"#{id}", field.label.text, words)
            for field in self.fields
            for id, words in field.mistakes
        )

    def changes(self) -> dict[Address, Any]:
        """What the form changes, by address; fields that cannot be read are left as they were."""
        return {
            cell.address: self[cell.name].result
            for cell in self.cells
            if self[cell.name].changed and not self[cell.name].errors
        }
