"""What a draft's rules may read and what it is called, from plain data of which parts may be broken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from quizapp.bank.fields import Unit
from quizapp.bank.scope import MAX_COST, MAX_MONTHS
from quizapp.bank.working_order import ROUNDS, in_working_order
from quizapp.i18n import Language
from quizapp.rules import RuleFaults, Scope, read
from quizapp.rules.tree import ChoiceOf, Day, Kind, Number, SetOf, Truth

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_MOST_NAMES = 200
_LARGEST = 1_000_000_000
_GIVEN = frozenset(("today", "cost", "duration"))
_ELSEWHERE = dict.fromkeys(
    ("cost", "duration"), "it belongs to an item's plan, which only fit and criterion values may read"
)


@dataclass(frozen=True)
class Words:
    """The same words in both languages; either may be the other's, or an id, where it is missing."""

    ja: str
    en: str


@dataclass(frozen=True)
class Subject:
    """Something that a rule may speak of: a question, a named value, the day or the plan.

    ``options`` are those of a choice or choices question, in its order. ``asked`` is true of questions.
    """

    name: str
    kind: Kind
    label: Words
    options: Mapping[str, Words] = field(default_factory=dict)
    asked: bool = True

    @property
    def counts_age(self) -> bool:
        """Whether its years are a person's age, which Japanese counts with a word of its own."""
        return (
            isinstance(self.kind, Number)
            and self.kind.unit == "years"
            and (self.name == "age" or self.name.endswith("_age"))
        )


@dataclass(frozen=True)
class RuleScope:
    """The subjects by name, in the order of the draft; ``typed`` is what the rule language reads."""

    subjects: Mapping[str, Subject]

    @property
    def typed(self) -> Scope:
        """The names with their kinds."""
        names = {name: subject.kind for name, subject in self.subjects.items()}
        return Scope(names, {name: why for name, why in _ELSEWHERE.items() if name not in names})

    def is_value(self, name: str) -> bool:
        """Whether a name is a named value's: what an editor called so, which needs quotes to stand out."""
        subject = self.subjects.get(name)
        return subject is not None and not subject.asked and name not in _GIVEN

    def label(self, name: str, language: Language) -> str:
        """What a name is called; the name itself where nobody called it anything."""
        subject = self.subjects.get(name)
        return language.text(subject.label) if subject else name

    def option(self, name: str, option: str, language: Language) -> str:
        """What an option of a question is called; its id where nobody called it anything."""
        subject = self.subjects.get(name)
        words = subject.options.get(option) if subject else None
        return language.text(words) if words else option


def lenient_scope(data: object, plan: bool = False) -> RuleScope:
    """The scope of a draft's rules, from plain data of which any part may be missing or broken.

    Questions that a rule can read are in it, though their texts be unfinished; named values that can
    be typed from those are; what is broken is left out. Never raises. With ``plan`` it also holds
    `cost` and `duration`, which only fit and criterion values may read.

    >>> scope = lenient_scope({"questions": [{"id": "kounin", "kind": "yes_no", "label": {"ja": "高卒認定"}}]})
    >>> scope.subjects["kounin"].label
    Words(ja='高卒認定', en='高卒認定')
    """
    root = data if isinstance(data, dict) else {}
    subjects: dict[str, Subject] = {}
    for entry in _entries(root.get("questions")):
        question = _question(entry)
        if question is not None:
            subjects.setdefault(question.name, question)
    subjects.setdefault("today", Subject("today", Day(), Words("今日", "today"), asked=False))
    subjects |= _values(root.get("values"), subjects)
    if plan:
        cost = Number(0, MAX_COST, "yen")
        months = Number(0, MAX_MONTHS, "months")
        subjects["cost"] = Subject("cost", cost, Words("費用の合計", "the total cost"), asked=False)
        subjects["duration"] = Subject(
            "duration", months, Words("かかる期間", "the time needed"), asked=False
        )
    return RuleScope(subjects)


def written(value: object) -> str | None:
    """A rule's text from plain data, in which YAML made `true` a truth and `40` a number; None for no rule.

    >>> written(True), written(40), written("age >= 18"), written(None)
    ('true', '40', 'age >= 18', None)
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else None


def _entries(part: object) -> Iterator[dict[str, object]]:
    if isinstance(part, list):
        yield from (entry for entry in part[:_MOST_NAMES] if isinstance(entry, dict))


def _question(entry: dict[str, object]) -> Subject | None:
    name, kind = entry.get("id"), entry.get("kind")
    if not _is_id(name):
        return None
    label = _words(entry.get("label"), _words(entry.get("ask"), Words(name, name)))
    options: dict[str, Words] = {}
    for option in _entries(entry.get("options")):
        key = option.get("id")
        if _is_id(key):
            options.setdefault(key, _words(option.get("label"), Words(key, key)))
    match kind:
        case "choice":
            return Subject(name, ChoiceOf(name, tuple(options)), label, options)
        case "choices":
            return Subject(name, SetOf(name, tuple(options)), label, options)
        case "yes_no":
            return Subject(name, Truth(), label)
        case "number":
            number = _number(entry.get("grid"))
            return Subject(name, number, label) if number else None
    return None


def _number(grid: object) -> Number | None:
    if not isinstance(grid, dict):
        return None
    low, high, unit = grid.get("from"), grid.get("to"), grid.get("unit", "none")
    if type(low) is not int or type(high) is not int or not -_LARGEST <= low <= high <= _LARGEST:
        return None
    known = isinstance(unit, str) and unit in {one.value for one in Unit}
    return Number(low, high, unit) if known else None


def _values(part: object, subjects: Mapping[str, Subject]) -> dict[str, Subject]:
    """The named values that can be typed, whatever the order in which they build on one another."""
    waiting = {
        name: rule
        for name, value in _named(part)
        if name not in subjects and (rule := written(_inside(value, "rule", value))) is not None
    }
    scope = RuleScope(subjects).typed
    found: dict[str, Kind] = {}
    order = in_working_order(waiting)
    for _ in range(ROUNDS):
        for name in [name for name in order if name not in found]:
            kind = _kind(waiting[name], scope)
            if kind is not None:
                found[name] = kind
                scope = scope.with_names({name: kind})
    return {
        name: Subject(name, found[name], _words(_inside(value, "label"), Words(name, name)), asked=False)
        for name, value in _named(part)
        if name in found
    }


def _named(part: object) -> list[tuple[str, object]]:
    entries = list(part.items())[:_MOST_NAMES] if isinstance(part, dict) else []
    return [(name, value) for name, value in entries if _is_id(name)]


def _inside(value: object, key: str, otherwise: object = None) -> object:
    return value.get(key) if isinstance(value, dict) else otherwise


def _kind(rule: str, scope: Scope) -> Kind | None:
    try:
        return read(rule, scope).kind
    except RuleFaults:
        return None


def _words(part: object, otherwise: Words) -> Words:
    """The words of a text, each language standing in for the other where it is missing."""
    if isinstance(part, str) and part.strip():
        return Words(part.strip(), part.strip())
    if not isinstance(part, dict):
        return otherwise
    ja, en = (_said(part.get(code)) for code in ("ja", "en"))
    return Words(ja or en, en or ja) if ja or en else otherwise


def _said(part: object) -> str:
    return part.strip() if isinstance(part, str) else str(part) if type(part) is int else ""


def _is_id(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and _ID.match(value) is not None
