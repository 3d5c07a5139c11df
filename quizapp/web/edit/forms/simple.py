"""Fields of one value: texts in two languages, lines, ids, truths, numbers, yen, days and choices."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from quizapp.editing.alter import GONE
from quizapp.web.edit.field_labels import choice_words
from quizapp.web.edit.forms.around import Choice
from quizapp.web.edit.forms.fields import Inputs, ShapeField, Unreadable, as_text, typed_number, typed_text
from quizapp.web.edit.names import words_of

LANGUAGES = ("ja", "en")
MAX_TEXT = 1_000
FEW = 4
SHORT_LINE = 120


class TextField(ShapeField):
    """The same words in both languages, side by side."""

    look = "text"
    grouped = True

    def shown(self, raw: Any) -> Inputs:
        """Both halves; a text that is not in two halves is shown as the Japanese one."""
        halves = raw if isinstance(raw, dict) else {"ja": raw}
        return {f".{code}": [as_text(halves.get(code))] for code in LANGUAGES}

    def taken(self, inputs: Inputs) -> Any:
        """The halves that have words; what else stood there is kept."""
        before = self.raw if isinstance(self.raw, dict) else {}
        typed = {code: typed_text(self, f".{code}", MAX_TEXT) for code in LANGUAGES}
        kept = {key: before[key] for key in before if key not in LANGUAGES or typed[key]}
        return {**kept, **{code: words for code, words in typed.items() if words}} or GONE

    def words(self) -> str:
        """The half that the reader reads."""
        return words_of(self.raw, self.language)

    def missing(self, code: str) -> bool:
        """Whether this half has to be written before the bank can be published."""
        other = "en" if code == "ja" else "ja"
        return not self.one(f".{code}").strip() and (
            self.shape.required or bool(self.one(f".{other}").strip())
        )

    def language_name(self, code: str) -> str:
        """What this half's language is called."""
        return self.say("Japanese") if code == "ja" else self.say("English")


class LineField(ShapeField):
    """A line or more of plain words."""

    look = "line"

    def taken(self, inputs: Inputs) -> Any:
        """The words."""
        return typed_text(self, "", self.shape.longest or MAX_TEXT) or GONE

    @property
    def long(self) -> bool:
        """Whether it needs a box of several lines."""
        return self.shape.name == "basis" or len(self.one()) > SHORT_LINE or "\n" in self.one()


class PatternField(ShapeField):
    """A word of a fixed form: an address, lines of a source, an id that refers to nothing that is known."""

    look = "line"
    long = False

    def taken(self, inputs: Inputs) -> Any:
        """The word, checked against its pattern."""
        typed = typed_text(self, "", self.shape.longest)
        if typed and self.shape.pattern and not re.fullmatch(self.shape.pattern, typed):
            raise Unreadable(("", self._advice()))
        # A single line is a number in the file, as authors write it.
        return (int(typed) if self.shape.look == "lines" and typed.isdecimal() else typed) if typed else GONE

    def _advice(self) -> str:
        match self.shape.look:
            case "address":
                return self.say("Give the whole address, beginning with https://, http:// or mailto:.")
            case "lines":
                return self.say("Give line numbers such as 93, 92-93 or 12,23-25.")
        return self.say("Use small letters, digits and _, beginning with a letter.")


class ReferField(ShapeField):
    """The id of a part of the bank, chosen by its name."""

    look = "select"

    def taken(self, inputs: Inputs) -> Any:
        """The id."""
        return self.one() or GONE

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be chosen, what stands there included."""
        known = self.around.candidates(self.shape.refers)
        return with_strangers(known, [self.one(), as_text(self.raw)], self)

    def words(self) -> str:
        """The name of the part."""
        return next((one.label for one in self.choices if one.value == as_text(self.raw)), "")

    @property
    def blank(self) -> str:
        """What choosing nothing is called."""
        if self.otherwise:
            return self.say("None of its own (%(source)s counts)", source=self.otherwise)
        return self.say("Please choose") if self.required else self.say("None")


class ChoiceField(ShapeField):
    """One of a few words."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        few = len(self.shape.choices) + self.optional <= FEW
        # WTForms reads these from the field itself.
        self.look, self.grouped = ("radios", True) if few else ("select", False)  # type: ignore[misc]

    def shown(self, raw: Any) -> Inputs:
        """The word; the one that counts where none is written."""
        return {"": [as_text(raw if raw is not None else self.shape.default)]}

    def taken(self, inputs: Inputs) -> Any:
        """The word; left out where it is what counts anyhow."""
        typed = self.one()
        if typed and typed not in self.shape.choices:
            raise Unreadable(("", self.say("Choose one of these.")))
        return typed if typed and typed != self.shape.default else GONE

    @property
    def optional(self) -> bool:
        """Whether none of the words may stand there."""
        return not self.shape.required and self.shape.default is None

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The words as they are called."""
        known = tuple(Choice(one, choice_words(self.shape, one, self.language)) for one in self.shape.choices)
        return with_strangers(known, [self.one()], self)

    @property
    def blank(self) -> str:
        """What choosing nothing is called; empty where something must be chosen."""
        if self.optional:
            return self.say("Not set")
        return "" if self.one() else self.say("Please choose")

    def words(self) -> str:
        """The word as it is called."""
        shown = as_text(self.raw if self.raw is not None else self.shape.default)
        return choice_words(self.shape, shown, self.language) if shown else ""


class TruthField(ShapeField):
    """Yes or no: a box to tick."""

    look = "truth"

    def shown(self, raw: Any) -> Inputs:
        """Ticked where it is true, or counts as true."""
        value = self.shape.default if raw is None else raw
        return {"": ["yes"] if value is True or (value is not False and bool(value)) else []}

    def taken(self, inputs: Inputs) -> Any:
        """The truth; left out where it is what counts anyhow."""
        ticked = self.has("")
        return GONE if ticked == self.shape.default else ticked

    def words(self) -> str:
        """Yes or no."""
        return self.say("Yes") if self.shown(self.raw)[""] else self.say("No")


class NumberField(ShapeField):
    """A whole number."""

    look = "number"

    def shown(self, raw: Any) -> Inputs:
        """The number; the one that counts where none is written."""
        return {"": [as_text(raw if raw is not None else self.shape.default)]}

    def taken(self, inputs: Inputs) -> Any:
        """The number; left out where it is what counts anyhow."""
        typed = typed_number(self, "", self.shape.low, self.shape.high)
        return GONE if typed is None or typed == self.shape.default else typed

    def words(self) -> str:
        """The number with its separators."""
        shown = self.raw if self.raw is not None else self.shape.default
        return self.language.number(shown) if type(shown) is int else as_text(shown)


class YenField(ShapeField):
    """An amount of money, or that nobody knows it."""

    look = "yen"

    def shown(self, raw: Any) -> Inputs:
        """The amount with its separators, or the tick for unknown."""
        value = self.shape.default if raw is None else raw
        if value == "unknown" and self.shape.unknown:
            return {"": [""], ".unknown": ["yes"]}
        return {"": [f"{value:,}" if type(value) is int else as_text(value)]}

    def taken(self, inputs: Inputs) -> Any:
        """The amount, or ``unknown``; left out where it is what counts anyhow.

        Where it was unknown and an amount is typed, the amount counts though the tick was left.
        """
        amount, before = typed_number(self, "", self.shape.low, self.shape.high), self.shown(self.raw)
        if self.has(".unknown") and (amount is None or ".unknown" not in before):
            if amount is not None and tidy_amount(before) != amount:
                raise Unreadable(("", self.say("Either give an amount or tick “unknown”.")))
            return "unknown"
        return GONE if amount is None or amount == self.shape.default else amount

    def words(self) -> str:
        """The amount."""
        value = self.shape.default if self.raw is None else self.raw
        if value == "unknown":
            return self.say("unknown")
        return self.language.yen(value) if type(value) is int else as_text(value)


class DayField(ShapeField):
    """A day."""

    look = "day"

    @property
    def plain(self) -> bool:
        """Whether what stands there is no day, which a browser's calendar would drop."""
        return bool(self.one()) and _day(self.one()) is None

    def taken(self, inputs: Inputs) -> Any:
        """The day as banks write it."""
        typed = typed_text(self, "")
        if not typed:
            return GONE
        found = _day(typed.replace("/", "-"))
        if found is None:
            raise Unreadable(("", self.say("Give a day such as 2026-11-22.")))
        return found.isoformat()

    def words(self) -> str:
        """The day in full."""
        found = _day(as_text(self.raw))
        return self.language.day(found) if found else as_text(self.raw)


def with_strangers(known: tuple[Choice, ...], values: list[str], field: ShapeField) -> tuple[Choice, ...]:
    """The choices, and what is chosen though it is none of them: it must neither vanish nor look right."""
    there = {one.value for one in known}
    strange = [value for value in dict.fromkeys(values) if value and value not in there]
    return (*known, *(Choice(one, field.say("%(id)s (not there)", id=one)) for one in strange))


def tidy_amount(inputs: Inputs) -> int | None:
    """The amount that was shown."""
    digits = inputs[""][0].replace(",", "")
    return int(digits) if digits.isdecimal() else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
