"""Differences of a bank as people read them: facts and rules with what they were, by part, not by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby, islice
from typing import Any

from quizapp.bank.addresses import Address, value_at
from quizapp.bank.comparing.differences import Difference
from quizapp.bank.comparing.merging import GONE
from quizapp.bank.comparing.unfolding import NAMING, unfolded
from quizapp.bank.model import Unit
from quizapp.bank.rows.scope import RuleScope, lenient_scope, written
from quizapp.bank.sentences.sentence import sentence
from quizapp.bank.shapes.places import CASES, Place, place_at
from quizapp.bank.shapes.shapes import FieldShape
from quizapp.errors import NotFound
from quizapp.i18n import Language
from quizapp.web.edit.field_labels import choice_words, label_of
from quizapp.web.edit.names import address_names, cut, entry_named, name_of, words_of
from quizapp.web.pages.words import quantity

LONGEST = 200
LONGEST_PART = 600
MOST_FIELDS = 8
MOST_ROWS = 500
MOST_COMMENTS = 40
_LANGUAGES = ("ja", "en")


@dataclass(frozen=True)
class State:
    """One state of a draft's two texts as plain data; anything in them may be missing or broken."""

    bank: Any
    cases: Any

    def of(self, address: Address) -> Any:
        """The text that an address lies in."""
        return self.cases if address[:1] == (CASES,) else self.bank


@dataclass(frozen=True)
class Row:
    """One difference: the field, and what it was and is; ``change`` says added, removed, changed or moved."""

    field: str
    change: str
    tone: str
    before: str
    after: str


@dataclass(frozen=True)
class Group:
    """The differences of one part. ``address`` leads to its form, joined by slashes.

    ``changes`` counts the differences: a part that came or went is one, however many rows tell it.
    """

    name: str
    kind: str
    address: str
    rows: tuple[Row, ...]
    changes: int = 0


def difference_groups(
    found: Iterable[Difference], before: State, after: State, language: Language
) -> tuple[Group, ...]:
    """The differences by the part that they belong to, in their order; of very many the first."""
    words = (Words(before, language), Words(after, language))
    groups, every = [], tuple(found)
    room = MOST_ROWS
    for address, these in groupby(every[:MOST_ROWS], key=lambda one: _part_of(one.address)):
        some = tuple(these)
        told = islice(
            chain.from_iterable(_unfolded(one, before, after) for one in some), max(room, len(some))
        )
        rows = tuple(_row(one, *words) for one in told)
        room -= len(rows)
        state = after if _there(after, address) else before
        names = address_names(state.bank, state.of(address), address, language)
        kind = names[0][1] if len(names) > 1 else ""
        name = names[-1][1] if names else language.say("Whole file")
        groups.append(Group(name, kind, "/".join(address), rows, len(some)))
    left = len(every) - MOST_ROWS
    if left > 0:
        groups.append(Group(language.say("and %(n)s more", n=left), "", "", (), left))
    return tuple(groups)


def comment_group(found: Sequence[tuple[str, str]], language: Language) -> tuple[Group, ...]:
    """The comments that changed, as one group more; none where none did."""
    say = language.say
    words = {"added": say("Added"), "removed": say("Removed"), "changed": say("Changed")}
    rows = []
    for before, after in found[:MOST_COMMENTS]:
        change = "added" if not before else "changed" if after else "removed"
        rows.append(Row("", words[change], change, cut(before, LONGEST), cut(after, LONGEST)))
    if len(found) > len(rows):
        rows.append(Row(say("and %(n)s more", n=len(found) - len(rows)), "", "changed", "", ""))
    return (Group(say("Comments in the file"), "", "", tuple(rows), len(found)),) if rows else ()


def _part_of(address: Address) -> Address:
    """The part that differences are told under: an entry of a list, or a field of the bank in all languages."""
    return address[:1] if address[1:2] and address[1] in _LANGUAGES else address[:2]


def _unfolded(one: Difference, before: State, after: State) -> Iterator[Difference]:
    state = before if one.kind == "removed" else after
    return unfolded(one, state.of(one.address))


def _there(state: State, address: Address) -> bool:
    try:
        value_at(state.of(address), address)
    except NotFound:
        return False
    return True


def _row(one: Difference, before: Words, after: Words) -> Row:
    say = after.language.say
    if one.kind == "moved":
        places = (say("place %(n)s", n=place + 1) for place in (one.before, one.after))
        return Row(after.inner(one.address), say("Moved"), "moved", *places)
    named = before if one.kind == "removed" else after
    old = "" if one.kind == "added" else before.value(one.address, one.before)
    new = "" if one.kind == "removed" else after.value(one.address, one.after)
    words = {"added": say("Added"), "removed": say("Removed"), "changed": say("Changed")}
    return Row(named.inner(one.address), words[one.kind], one.kind, old, new)


class Words:
    """Values of one state in words; never raises for what is broken."""

    def __init__(self, state: State, language: Language) -> None:
        self.state = state
        self.language = language
        self._scopes: dict[bool, RuleScope] = {}

    def inner(self, address: Address) -> str:
        """A part by what it is called within its group; lists are left out where an entry of theirs is named."""
        state = self.state
        names = address_names(state.bank, state.of(address), address, self.language)
        shown = [
            self._deeper(at, name) if name == at[-1] else name
            for number, (at, name) in enumerate(names)
            if (len(at) > 2 or at[-1] in _LANGUAGES)
            and not (number + 1 < len(names) and (self._is_list(at) or _is_expect(at)))
        ]
        rest = address[len(names) :]
        return " › ".join([*shown, *(self._deeper(address, word) for word in rest)])

    def whole(self, address: Address) -> str:
        """A part in one line, whose it is included."""
        state = self.state
        names = address_names(state.bank, state.of(address), _part_of(address), self.language)
        inner = self.inner(address)
        return " › ".join(part for part in ((names[-1][1] if names else ""), inner) if part)

    def value(self, address: Address, value: Any) -> str:
        """A value in words, as long as a row may be."""
        if value is GONE:
            return self.language.say("(not there)")
        try:
            place = place_at(self.state.of(address), address)
        except NotFound:
            return self._loose(address, value)
        if place.shape is None or place.is_list:
            return self._many(place, value)
        if place.is_part and isinstance(value, dict):
            return self._part(place, value)
        return cut(self._field(place.shape, value), LONGEST)

    def _deeper(self, address: Address, word: str) -> str:
        if word in _LANGUAGES:
            return {"ja": self.language.say("Japanese"), "en": self.language.say("English")}[word]
        return self._option(address, word)

    def _option(self, address: Address, word: str) -> str:
        """The option of a criterion's question that a rating is for; else an item or a question of that id."""
        criterion = address[address.index("fit") + 1] if "fit" in address[:-1] else ""
        listed = self.state.bank.get("criteria") if isinstance(self.state.bank, dict) else None
        for one in listed if isinstance(listed, list) and criterion else ():
            if isinstance(one, dict) and one.get("id") == criterion and one.get("question"):
                return self._scope(False).option(str(one["question"]), word, self.language)
        return self._known(word)

    def _known(self, word: str) -> str:
        """What goes by an id somewhere in the bank: an item, one of its routes, a question; else the id."""
        item, _, inner = word.partition(".")
        found = entry_named(self.state.bank, "items", item, self.language)
        if inner and found != item:
            return f"{found} · {inner}"
        return found if found != word else self._scope(False).label(word, self.language)

    def _is_list(self, address: Address) -> bool:
        try:
            return place_at(self.state.of(address), address).is_list
        except NotFound:
            return False

    def _loose(self, address: Address, value: Any) -> str:
        """What stands where the model knows no field: one language of a text, an entry of a small table."""
        if "beyond" in address[:-1]:
            return self._beyond(address[-1], value)
        try:
            shape = place_at(self.state.of(address), address[:-1]).shape
        except NotFound:
            shape = None
        if shape is not None and shape.look == "named_choices" and isinstance(value, str):
            return choice_words(shape, value, self.language)
        if isinstance(value, list):
            named = (self._known(one) if isinstance(one, str) else self.plain(one) for one in value)
            return cut(self.language.listed(named), LONGEST) or self.language.say("(empty)")
        if address[-1] == "yen" and _whole(value):
            return self.language.yen(value)
        return self.plain(value)

    def _beyond(self, name: str, value: Any) -> str:
        """By how much a limit is exceeded; of an item, all its limits."""
        if isinstance(value, dict):
            named = (
                f"{self._known(str(one))}: {self._beyond(str(one), over)}" for one, over in value.items()
            )
            return cut(self.language.listed(named), LONGEST) or self.language.say("None of these")
        listed = self.state.bank.get("limits") if isinstance(self.state.bank, dict) else None
        limits = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        of = next((one.get("of") for one in limits if one.get("id") == name), "")
        if not _whole(value) or of not in ("cost", "months"):
            return self.plain(value)
        return self.language.yen(value) if of == "cost" else quantity(value, Unit.MONTHS, self.language)

    def plain(self, value: Any) -> str:
        """A value that nothing is known of."""
        say = self.language.say
        if value is None:
            return say("(empty)")
        if isinstance(value, bool):
            return say("Yes") if value else say("No")
        if isinstance(value, int | float):
            return self.language.number(value)
        if isinstance(value, list):
            return cut(self.language.listed(self.plain(one) for one in value), LONGEST) or say("(empty)")
        if isinstance(value, dict):
            if set(value) <= set(_LANGUAGES):
                return cut(words_of(value, self.language), LONGEST)
            pairs = (self._pair(str(name), one) for name, one in value.items())
            return cut(self.language.listed(pairs), LONGEST)
        return cut(str(value), LONGEST)

    def _pair(self, name: str, value: Any) -> str:
        if name == "yen" and _whole(value):
            return self.language.yen(value)
        return f"{self._known(name)}: {self.plain(value)}"

    def _many(self, place: Place, value: Any) -> str:
        if not isinstance(value, list | dict) or place.shape is None:
            return self.plain(value)
        named = (
            value.items() if isinstance(value, dict) else ((str(n + 1), one) for n, one in enumerate(value))
        )
        names = [name_of(one, self.language, str(key)) for key, one in named]
        return cut(self.language.listed(names), LONGEST) or self.language.say("(empty)")

    def _part(self, place: Place, value: dict[str, Any]) -> str:
        """A whole part: its first fields, without what it is called by, which is told beside it."""
        shown = [
            one for one in place.fields if one.name in value and one.name not in ("id", "line", "checked")
        ]
        others = [one for one in shown if one.name not in NAMING]
        told = [
            f"{label_of(shape, self.language)}: {cut(self._of_field(shape, value[shape.name]), LONGEST)}"
            for shape in (others or shown)[:MOST_FIELDS]
        ]
        return cut(" / ".join(told), LONGEST_PART) or self.plain(value)

    def _of_field(self, shape: FieldShape, value: Any) -> str:
        """A field of a part, whatever it holds."""
        place = Place((), value, shape, shape.model)
        if shape.is_list:
            return self._many(place, value)
        if place.is_part and isinstance(value, dict):
            return self._part(place, value)
        return self._field(shape, value)

    def _field(self, shape: FieldShape, value: Any) -> str:
        say = self.language.say
        if value is None:
            return say("(empty)")
        look = shape.look
        if shape.unknown and value == "unknown":
            return say("Unknown")
        if look == "yen" and _whole(value):
            return self.language.yen(value)
        if look in ("rule", "fit") and (rule := written(value)) is not None:
            return sentence(rule, self._scope(shape.reads_plan), self.language, shape.expect).words
        if look == "truth" and isinstance(value, bool):
            return say("Yes") if value else say("No")
        if look == "choice" and isinstance(value, str):
            return choice_words(shape, value, self.language)
        if look == "day":
            return self._day(value)
        if look in ("id", "ids") and shape.refers:
            ids = value if isinstance(value, list) else [value]
            return self.language.listed(
                entry_named(self.state.bank, shape.refers, str(id), self.language) for id in ids
            )
        return self.plain(value)

    def _day(self, value: Any) -> str:
        try:
            return self.language.day(date.fromisoformat(str(value)))
        except ValueError:
            return str(value)

    def answer(self, name: str, value: Any) -> str:
        """A taker's answer."""
        subject = self._scope(False).subjects.get(name)
        if isinstance(value, bool):
            return self.language.say("Yes") if value else self.language.say("No")
        if isinstance(value, list):
            named = [self._scope(False).option(name, str(one), self.language) for one in value]
            return self.language.listed(named) or self.language.say("None of these")
        if isinstance(value, int):
            unit = str(getattr(subject.kind, "unit", "")) if subject else ""
            known = unit in {one.value for one in Unit}
            age = bool(subject and subject.counts_age)
            return quantity(value, Unit(unit) if known else None, self.language, age=age)
        return self._scope(False).option(name, str(value), self.language)

    def question(self, name: str) -> str:
        """What a question is called."""
        return self._scope(False).label(name, self.language)

    def option(self, question: str, option: str) -> str:
        """What an option is called."""
        return self._scope(False).option(question, option, self.language)

    def order(self) -> dict[str, int]:
        """The places of the questions, as they are written."""
        return {name: place for place, name in enumerate(self._scope(False).subjects)}

    def item(self, name: str) -> str:
        """What an item is called."""
        return entry_named(self.state.bank, "items", name, self.language)

    def _scope(self, plan: bool) -> RuleScope:
        if plan not in self._scopes:
            self._scopes[plan] = lenient_scope(self.state.bank, plan)
        return self._scopes[plan]


def _is_expect(address: Address) -> bool:
    """Whether it is all that a case expects, of which nobody needs to be told that it must come out."""
    return address[:1] == (CASES,) and address[2:] == ("expect",)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
