"""A field of a bank as a form field that renders itself and keeps what it does not understand.

What a browser sends back untouched changes nothing, whatever strange thing stood there: the value is
read anew only where the inputs differ from those that were shown.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeAlias

from markupsafe import Markup
from wtforms import Field, ValidationError

from quizapp.bank.shapes.shapes import FieldShape
from quizapp.bank.yaml.caps import FORBIDDEN
from quizapp.editing.alter import GONE
from quizapp.letters import folded
from quizapp.web.edit.field_labels import hint_of, label_of
from quizapp.web.edit.forms.around import Around
from quizapp.web.templating import template

LONGEST_NUMBER = 40

Inputs: TypeAlias = dict[str, list[str]]


class Unreadable(ValueError):
    """What was typed cannot be read: the ending of each input's name, with what to do."""

    def __init__(self, *found: tuple[str, str]) -> None:
        super().__init__(" ".join(words for _, words in found))
        self.found = found


class ShapeField(Field):
    """One field. ``result`` is what it holds after a form was read, GONE where it is left out."""

    look: ClassVar[str] = ""
    # Whether its inputs stand in a group, with the label as its legend.
    grouped: ClassVar[bool] = False

    def __init__(self, shape: FieldShape, raw: Any, around: Around, **given: Any) -> None:
        super().__init__(label=label_of(shape, around.language), **given)
        self.id = self.name
        self.shape, self.raw, self.around, self.language = shape, raw, around, around.language
        self.inputs = self.shown(raw)
        self.sent = False
        self.result = raw
        self.mistakes: tuple[tuple[str, str], ...] = ()
        self.told: tuple[Any, ...] = ()
        # What the page knows of its surroundings: whether they want it, what they say where it is empty.
        self.needed, self.otherwise = False, ""
        self.widget = self._render

    def shown(self, raw: Any) -> Inputs:
        """The inputs that show a value, by the ending of their names."""
        return {"": [as_text(raw)]}

    def taken(self, inputs: Inputs) -> Any:
        """The value that the inputs say, GONE for none. Raises Unreadable."""
        raise NotImplementedError

    def words(self) -> str:
        """The value for somebody who only reads."""
        return as_text(self.raw)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what the browser sent for this field; one of which nothing was sent stays as it is.

        A page that knows all fields sends something of each: boxes to tick come with a hidden input.
        """
        self.process_errors: list[str] = []
        if formdata is not None and (found := inputs_of(formdata, self.name)):
            self.take(found)

    def take(self, inputs: Inputs) -> None:
        """Count these inputs as sent."""
        self.sent, self.inputs = True, inputs

    def pre_validate(self, form: Any) -> None:
        """Read what was sent; raises ValidationError where it cannot be read."""
        self.result, self.mistakes = self.raw, ()
        if not self.changed:
            return
        try:
            self.result = self.taken(self.inputs)
        except Unreadable as found:
            self.mistakes = tuple((f"{self.id}{ending}", words) for ending, words in found.found)
            raise ValidationError(str(found)) from None

    @property
    def changed(self) -> bool:
        """Whether what was sent is not what was shown."""
        return self.sent and tidy(self.inputs) != tidy(self.shown(self.raw))

    @property
    def required(self) -> bool:
        """Whether a bank cannot be published without it."""
        return self.shape.required or self.needed

    @property
    def hint(self) -> str:
        """What helps to fill it in."""
        return hint_of(self.shape, self.language)

    @property
    def described(self) -> str:
        """The ids of what describes its inputs."""
        ids = [f"{self.id}-hint"] if self.hint else []
        ids += [f"{self.id}-told"] if self.beside else []
        return " ".join([*ids, *([f"{self.id}-error"] if self.errors else [])])

    @property
    def beside(self) -> tuple[Any, ...]:
        """The problems that are told beside it; what its inputs say themselves is not said twice."""
        return self.told

    def one(self, ending: str = "") -> str:
        """What stands in one input."""
        return next(iter(self.inputs.get(ending, ())), "")

    def has(self, ending: str, value: str = "yes") -> bool:
        """Whether a box is ticked or an option chosen."""
        return value in self.inputs.get(ending, ())

    def say(self, message: str, **values: object) -> str:
        """A message in the reader's language."""
        return self.language.say(message, **values)

    def _render(self, field: Field, **_: Any) -> Markup:
        name = "group" if self.grouped else "field"
        return Markup(template(f"edit/fields/{name}.html", self.language).render(field=self))  # noqa: S704

    @property
    def inside(self) -> Markup:
        """Its inputs alone, without label, help and mistakes."""
        return Markup(template(f"edit/fields/{self.look}.html", self.language).render(field=self))  # noqa: S704


def inputs_of(sent: Any, name: str) -> Inputs:
    """What was sent for one field, by what follows its name."""
    found = {key[len(name) :]: sent.getlist(key) for key in sent if key.startswith(name)}
    return {ending: values for ending, values in found.items() if not ending or ending[0] == "."}


def tidy(inputs: Inputs) -> dict[str, list[str]]:
    """Inputs as they are compared: blank ones count for nothing, line ends and the order of boxes neither."""
    kept = {ending: [_lines(value) for value in values if value.strip()] for ending, values in inputs.items()}
    return {ending: sorted(values) for ending, values in kept.items() if values}


def as_text(raw: Any) -> str:
    """Any scalar as it stands in an input; what is none is shown as it is.

    >>> as_text(None), as_text(True), as_text(12)
    ('', 'true', '12')
    """
    if raw is None or raw is GONE:
        return ""
    return str(raw).lower() if isinstance(raw, bool) else str(raw)


def typed_text(field: ShapeField, ending: str, longest: int | None = None) -> str:
    """A text as it was typed, without the spaces around it. Raises Unreadable."""
    found = _lines(field.inputs.get(ending, [""])[0] if field.inputs.get(ending) else "").strip()
    if longest and len(found) > longest:
        raise Unreadable(
            (ending, field.say("Shorten it to %(n)s characters; it has %(now)s.", n=longest, now=len(found)))
        )
    if FORBIDDEN.search(found):
        raise Unreadable(
            (ending, field.say("There are invisible characters in it. Type it anew instead of pasting."))
        )
    return found


def typed_number(field: ShapeField, ending: str, low: int | None, high: int | None) -> int | None:
    """The whole number in an input, None for nothing. Raises Unreadable."""
    typed = next(iter(field.inputs.get(ending, ())), "")
    return whole_number(typed, ending, field, low, high) if typed.strip() else None


def whole_number(typed: str, ending: str, field: ShapeField, low: int | None, high: int | None) -> int:
    """A whole number as people type it: 12,000円, １２万. Raises Unreadable."""
    plain = folded(typed.strip(), LONGEST_NUMBER + 1)
    for mark in (",", "¥", "\\", "円", " "):
        plain = plain.replace(mark, "")
    times = 10_000 if plain.endswith("万") else 1
    digits = plain.removesuffix("万").replace("−", "-")
    if not digits.removeprefix("-").isdecimal() or len(digits) > 12 or len(typed.strip()) > LONGEST_NUMBER:
        raise Unreadable((ending, field.say("Give a whole number, such as 12000.")))
    number = int(digits) * times
    if (low is not None and number < low) or (high is not None and number > high):
        raise Unreadable((ending, _bounds(field, low, high)))
    return number


def _bounds(field: ShapeField, low: int | None, high: int | None) -> str:
    bounds = (("low", low), ("high", high))
    shown = {name: field.language.number(value) for name, value in bounds if value is not None}
    if len(shown) == 2:
        return field.say("Give a number from %(low)s to %(high)s.", **shown)
    words = "Give %(low)s or more." if "low" in shown else "Give %(high)s or less."
    return field.say(words, **shown)


def _lines(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n")
