"""Which shape becomes which field; and the field that holds fields: a small part filled in where it stands."""

from __future__ import annotations

from typing import Any

from wtforms.form import BaseForm

from quizapp.bank.shapes.shapes import FieldShape, Look, shapes_of
from quizapp.editing.alter import GONE
from quizapp.web.edit.forms.answers import AnswerField, AnswersField
from quizapp.web.edit.forms.around import Around
from quizapp.web.edit.forms.fields import Inputs, ShapeField, Unreadable
from quizapp.web.edit.forms.rating import FitField
from quizapp.web.edit.forms.rule import RuleField
from quizapp.web.edit.forms.several import (
    IdsField,
    NamedAmountsField,
    NamedChoicesField,
    NamedIdsField,
    NumbersField,
    OrderField,
    PairsField,
)
from quizapp.web.edit.forms.simple import (
    ChoiceField,
    DayField,
    LineField,
    NumberField,
    PatternField,
    ReferField,
    TextField,
    TruthField,
    YenField,
)


class PartField(ShapeField):
    """A part of a part, such as a grid or a step: a box says whether it is there at all."""

    look = "part"
    grouped = True

    def shown(self, raw: Any) -> Inputs:
        """The inputs of every field within."""
        found: Inputs = {} if self.shape.required else {".on": ["yes"] if isinstance(raw, dict) else []}
        for field in self._fields(raw):
            found |= {f".{field.shape.name}{ending}": values for ending, values in field.inputs.items()}
        return found

    def taken(self, inputs: Inputs) -> Any:
        """The part with what was changed; what it does not understand is kept."""
        if not self.shape.required and not self.has(".on"):
            return GONE
        found = dict(self.raw) if isinstance(self.raw, dict) else {}
        faults: list[tuple[str, str]] = []
        for field in self.fields:
            if field.validate(None):
                _put(found, field)
            faults += [(id.removeprefix(self.id), words) for id, words in field.mistakes]
        if faults:
            raise Unreadable(*faults)
        return found

    @property
    def fields(self) -> list[ShapeField]:
        """The fields within, as they were sent."""
        found = self._fields(self.raw)
        for field in found:
            if self.sent:
                begin = f".{field.shape.name}"
                inputs = {
                    ending.removeprefix(begin): values
                    for ending, values in self.inputs.items()
                    if ending == begin or ending.startswith(f"{begin}.")
                }
                if inputs:
                    field.take(inputs)
                if self.errors:
                    field.validate(None)
            field.told = tuple(
                one for one in self.told if one.address and one.address[-1] == field.shape.name
            )
        return found

    @property
    def beside(self) -> tuple[Any, ...]:
        """The problems of the part as a whole; its fields tell their own."""
        within = {field.shape.name for field in self._fields(self.raw)}
        return tuple(one for one in self.told if not one.address or one.address[-1] not in within)

    @property
    def there(self) -> bool:
        """Whether the part is there."""
        return self.shape.required or self.has(".on")

    def words(self) -> str:
        """The fields that are given."""
        if not isinstance(self.raw, dict):
            return ""
        return self.language.listed(
            f"{field.label.text}: {field.words()}" for field in self._fields(self.raw) if field.words()
        )

    def _fields(self, raw: Any) -> list[ShapeField]:
        data = raw if isinstance(raw, dict) else {}
        assert self.shape.model is not None
        return fields_within(shapes_of(self.shape.model), data, self)


def fields_within(
    shapes: tuple[FieldShape, ...], data: dict[str, Any], holder: ShapeField
) -> list[ShapeField]:
    """A field for each shape, named after the field that holds them."""
    form = BaseForm({})
    return [
        unbound(shape, data.get(shape.name), holder.around).bind(form, f"{holder.name}.{shape.name}")
        for shape in shapes
    ]


def _put(found: dict[str, Any], field: ShapeField) -> None:
    if not field.changed:
        return
    if field.result is GONE:
        found.pop(field.shape.name, None)
    else:
        found[field.shape.name] = field.result


FIELDS: dict[Look, type[ShapeField]] = {
    "text": TextField, "line": LineField, "id": PatternField, "rule": RuleField, "truth": TruthField,
    "number": NumberField, "yen": YenField, "day": DayField, "choice": ChoiceField, "address": PatternField,
    "lines": PatternField, "ids": IdsField, "numbers": NumbersField, "pairs": PairsField, "part": PartField,
    "fit": FitField, "answer": AnswerField, "answers": AnswersField, "named_choices": NamedChoicesField,
    "named_ids": NamedIdsField, "named_amounts": NamedAmountsField,
}  # fmt: skip


def field_class(shape: FieldShape) -> type[ShapeField]:
    """The field that fits a shape. Raises LookupError for a shape that has pages of its own."""
    if shape.look == "id" and shape.refers and shape.refers != "own":
        return ReferField
    if shape.ordered:
        return OrderField
    if shape.look not in FIELDS:
        raise LookupError(f"{shape.owner}.{shape.name} has no field of its own")
    return FIELDS[shape.look]


def unbound(shape: FieldShape, raw: Any, around: Around) -> Any:
    """The field of a shape, ready to be bound to a form."""
    return field_class(shape)(shape, raw, around)
