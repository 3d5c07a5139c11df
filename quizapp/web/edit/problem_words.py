"""Says problems in the words of the forms: labels for the fields of a file, names for its ids.

A problem is told once, in the words of the file, for those who write it. Whoever fills in forms sees no
file: a sentence that speaks of it has another wording here, by the English sentence that it stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from quizapp.bank.addresses import Address
from quizapp.bank.shapes.places import Place, place_at
from quizapp.bank.shapes.shapes import FieldShape, models, shape_of
from quizapp.editing.problem_places import PlacedProblem
from quizapp.errors import Key, NotFound, Told
from quizapp.i18n import Language
from quizapp.web.edit.field_labels import choice_words, field_label, label_of
from quizapp.web.edit.form_wordings import FIXES, WORDINGS
from quizapp.web.edit.names import name_of, place_name

_LANGUAGES = {"ja": "Japanese", "en": "English"}
# What the ids among the values of a sentence are ids of, by the name under which they stand there.
_SORTS = {
    "question": "questions", "criterion": "criteria", "item": "items", "guideline": "guidelines",
    "screen": "screens", "source": "sources", "table": "criteria",
}  # fmt: skip
_CHOICES = {"kind": ("Question", "kind"), "of": ("Limit", "of"), "unit": ("Grid", "unit")}
# Kinds of problems that are about an id itself, or about what was typed: it stays as it is.
_AS_WRITTEN = {
    "duplicate_id", "reserved_id", "reserved_address", "taken_address", "name_clash", "file_name", "bad_id",
}  # fmt: skip
_IDS = {"name", "lacking", "names", "near", "route", "requirement", "cost", "answer"}
_NAMED = {"asked_later", "same_screen", "requirement_kind", "not_an_answer"}


@dataclass(frozen=True)
class ProblemWords:
    """What is wrong, why it matters, how to mend it, as a form says it."""

    what: str
    why: str
    fix: str


def problem_words(one: PlacedProblem, bank: Any, data: Any, language: Language) -> ProblemWords:
    """A problem in the words of the forms; ``data`` is the text that it is about, ``bank`` the bank's.

    What is not known there stays as it is written.
    """
    words = _Words(one, bank, data, language)
    problem = one.problem
    fix = FIXES.get(problem.code)
    return ProblemWords(
        words.said(problem.what),
        words.said(problem.why),
        language.say(fix) if fix else words.said(problem.fix),
    )


@dataclass(frozen=True)
class _Words:
    """One problem being put into the words of the forms."""

    one: PlacedProblem
    bank: Any
    data: Any
    language: Language

    def said(self, text: str, name: str = "") -> str:
        if isinstance(text, Key):
            return self._field(text)
        if not isinstance(text, Told):
            return self._named(text, name)
        values = {key: self._value(value, key) for key, value in text.values.items()}
        template = self.language.say(WORDINGS.get(text.template, text.template))
        return template % _Filled(values, self.language) if "%(" in template else template

    def _value(self, value: object, name: str) -> str:
        if isinstance(value, list | tuple):
            return self.language.listed(self._value(one, name) for one in value)
        if value is None:
            return self.language.say("None")
        return self.said(value, name) if isinstance(value, str) else str(value)

    def _field(self, key: Key) -> str:
        """The label of a field that a file calls so: one around the place of the problem, else any."""
        if key in _LANGUAGES:
            return self.language.say(_LANGUAGES[key])
        name, address = key.rstrip(":"), self.one.address or ()
        for length in range(len(address), 0, -1):
            if address[length - 1] == name and (place := self._place(address[:length])):
                return place_name(self.bank, place, self.language)
        for length in range(len(address), -1, -1):
            place = self._place(address[:length])
            shape = shape_of(place.model, name) if place and place.model else None
            if shape:
                return label_of(shape, self.language)
        found = next((shape for model in models() if (shape := shape_of(model, name))), None)
        return label_of(found, self.language) if found else str(key)

    def _named(self, text: str, name: str) -> str:
        """What a part with this id is called, where an id is meant."""
        if name in _CHOICES:
            model_name, field = _CHOICES[name]
            return choice_words(_shape(model_name, field), text, self.language)
        code = self.one.problem.code
        if code in _AS_WRITTEN and name in ("name", "case", "slug", "bank", "near"):
            return text
        if name in ("names", "near", "word") and (shape := self._shape):
            if text in shape.choices or (shape.unknown and text == "unknown"):
                return choice_words(shape, text, self.language)
            if shape.choices and not shape.model:
                return text
        if code == "units_mixed":
            return choice_words(_shape("Grid", "unit"), text, self.language)
        if self._is_rule or (name == "name" and not self._names_parts):
            return text
        if name in _SORTS:
            return self._entry(_SORTS[name], text)
        if name in _IDS or (name == "first" and code == "same_name"):
            quoted = text.startswith('"') and text.endswith('"') and len(text) > 2
            found = next(self._called(text.strip('"')), text)
            return f'"{found}"' if quoted and found != text else found
        return text

    @property
    def _names_parts(self) -> bool:
        code = self.one.problem.code
        return code in _NAMED or code.startswith(("unused_", "unknown_"))

    @cached_property
    def _shape(self) -> FieldShape | None:
        """The field that the problem is about; of an entry of a table the field that holds it."""
        address = self.one.address or ()
        places = (self._place(address[:length]) for length in range(len(address), 0, -1))
        return next((place.shape for place in places if place), None)

    @property
    def _is_rule(self) -> bool:
        """Whether an expression is told of, in which ids have to be written."""
        code, shape = self.one.problem.code, self._shape
        return (shape is not None and shape.look == "rule" and shape.name != "ask_if") or code in (
            "unknown_name",
            "unknown_function",
            "value_circle",
        )

    def _place(self, address: Address) -> Place | None:
        try:
            return place_at(self.data, address)
        except NotFound:
            return None

    def _entry(self, listed: str, id: str) -> str:
        try:
            return name_of(place_at(self.bank, (listed, id)).value, self.language, id)
        except NotFound:
            return id

    def _called(self, id: str) -> Iterator[str]:
        """What the parts with this id are called, those nearest to the problem first."""
        for data in (self._around, self.bank):
            for part in _parts(data):
                if part.get("id") == id and (words := name_of(part, self.language, "")):
                    yield words
            for listed in _VALUES:
                value = data.get(listed, {}) if isinstance(data, dict) else {}
                found = value.get(id) if isinstance(value, dict) else None
                if isinstance(found, dict) and (words := name_of(found, self.language, "")):
                    yield words

    @cached_property
    def _around(self) -> Any:
        """The entry of the outermost list in which the problem lies."""
        place = self._place((self.one.address or ())[:2])
        return place.value if place else None


_VALUES = ("values", "sources")


def _parts(data: Any) -> Iterator[dict[str, Any]]:
    """Every map in plain data, outer ones first."""
    waiting = [data]
    while waiting:
        here = waiting.pop(0)
        if isinstance(here, dict):
            yield here
        if isinstance(here, dict | list):
            below = here.values() if isinstance(here, dict) else here
            waiting += [one for one in below if isinstance(one, dict | list)]


class _Filled(Mapping[str, str]):
    """What fills a wording: the values of the sentence, and the label of any field as ``Class.field``."""

    def __init__(self, values: dict[str, str], language: Language) -> None:
        self.values_given, self.language = values, language

    def __getitem__(self, name: str) -> str:
        return self.values_given[name] if "." not in name else self._label(name)

    def _label(self, name: str) -> str:
        owner, _, field = name.partition(".")
        return field_label(owner, field, self.language)

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_given)

    def __len__(self) -> int:
        return len(self.values_given)


def _shape(model_name: str, field: str) -> FieldShape:
    model = next(one for one in models() if one.__name__ == model_name)
    found = shape_of(model, field)
    assert found is not None
    return found
