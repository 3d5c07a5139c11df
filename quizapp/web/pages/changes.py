"""What would change a result: the smallest changes of answers, those that go together in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from quizapp.engine.explain import Explained
from quizapp.engine.outcome import Beyond, Recommended
from quizapp.engine.whatif import Change, Way
from quizapp.i18n import Language
from quizapp.web.pages.choices import answer_words
from quizapp.web.pages.clauses import (
    all_quoted,
    exceeded,
    limit_of,
    quoted,
    sentence,
    together,
)
from quizapp.web.pages.index import Index
from quizapp.web.pages.words import excess_words

SHOWN_SENTENCES = 6
SHOWN_RUNGS = 5

Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Changes:
    """What would change the result, a sentence each; ``more`` are shown when asked for."""

    lines: tuple[str, ...]
    more: tuple[str, ...] = ()


@dataclass
class Brought:
    """What one change of answers brings, gathered from every list that tells it."""

    changes: tuple[Change, ...]
    opens: list[Way] = field(default_factory=list)
    within: list[str] = field(default_factory=list)
    known_within: list[str] = field(default_factory=list)
    first: str | None = None
    first_beyond: tuple[Beyond, ...] = ()


def key_of(changes: Iterable[Change]) -> Key:
    """What tells one change of answers from another."""
    return tuple((change.question, repr(change.to)) for change in changes)


def changes(
    told: Explained, outcome: Recommended, index: Index, language: Language, said: frozenset[Key]
) -> Changes:
    """The smallest changes, and a second way where there is one; without those that are ``said`` already."""
    brought = [
        one
        for key, one in gathered(told, outcome).items()
        if key not in said and _only_first(one) not in said
    ]
    ladders: dict[str, list[Brought]] = {}
    for one in brought:
        if not one.opens and _raises_a_limit(one, index):
            ladders.setdefault(one.changes[0].question, []).append(one)
    lines, done = [], set[str]()
    for one in brought:
        question = one.changes[0].question
        rungs = ladders.get(question, [])
        if one not in rungs or len(rungs) < 2:
            lines.append(told_in_full(one, index, language))
        elif question not in done:
            done.add(question)
            lines.append(_ladder(question, rungs, index, language))
    return Changes(tuple(lines[:SHOWN_SENTENCES]), tuple(lines[SHOWN_SENTENCES:]))


def _raises_a_limit(one: Brought, index: Index) -> bool:
    """Whether nothing else is changed than one limit, and that one upwards."""
    change = one.changes[0]
    upwards = isinstance(change.to, int) and isinstance(change.from_, int) and change.to > change.from_
    return len(one.changes) == 1 and upwards and limit_of(change.question, index) is not None


def turning(question: str, item: str) -> Key:
    """What says that some other answer to a question puts an item first, whichever answer it is."""
    return ((question, f"first {item}"),)


def _only_first(one: Brought) -> Key | None:
    """The same of a single change that brings nothing else."""
    if one.first is None or len(one.changes) > 1 or one.opens or one.within or one.known_within:
        return None
    return turning(one.changes[0].question, one.first)


def told_in_full(one: Brought, index: Index, language: Language) -> str:
    """One change and all that it brings, in a sentence."""
    return sentence(one.changes, _effects(one, index, language), index, language)


def gathered(told: Explained, outcome: Recommended) -> dict[Key, Brought]:
    """Every change that is told, with all that it brings; the smallest first, second ways last."""
    lead = outcome.recommendations[0].item if outcome.recommendations else None
    low = {e.item for e in outcome.recommendations if e.cost is not None and e.cost.kind == "lower_bound"}
    found: dict[Key, Brought] = {}

    def at(way: Way) -> Brought:
        return found.setdefault(key_of(way.changes), Brought(way.changes))

    for source in (told.what_if, told.what_if.otherwise):
        for way in source.eligible:
            at(way).opens.append(way)
        for way in source.within:
            (at(way).known_within if way.item in low else at(way).within).append(way.item)
        for way in source.first:
            if way.item != lead:
                at(way).first, at(way).first_beyond = way.item, way.beyond
    return {
        key: one for key, one in found.items() if one.opens or one.within or one.known_within or one.first
    }


def _effects(one: Brought, index: Index, language: Language) -> list[str]:
    """What a change brings, as clauses; what comes first is told last."""
    say = language.say
    # What comes first is open, and within the limits where anything is.
    opens = [
        quoted(way.item, index, language) + exceeded(way.beyond, index, language)
        for way in one.opens
        if way.item != one.first
    ]
    within, known = (
        [item for item in items if item != one.first] for items in (one.within, one.known_within)
    )
    kinds = [
        (
            together(opens, language),
            say("%(items)s would open to you and"),
            say("%(items)s would open to you"),
        ),
        (
            all_quoted(within, index, language),
            say("%(items)s would fit your limits and"),
            say("%(items)s would fit your limits"),
        ),
        (
            all_quoted(known, index, language),
            say("the known costs of %(items)s would fit your limits and"),
            say("the known costs of %(items)s would fit your limits"),
        ),
    ]
    told = [kind for kind in kinds if kind[0]]
    effects = [
        (final if place == len(told) - 1 and one.first is None else leading) % {"items": items}
        for place, (items, leading, final) in enumerate(told)
    ]
    if one.first is None:
        return effects
    over = exceeded(one.first_beyond, index, language)
    return [*effects, say("%(item)s would come first", item=quoted(one.first, index, language) + over)]


def _ladder(question: str, rungs: list[Brought], index: Index, language: Language) -> str:
    """One limit raised step by step, and what each step brings within it or puts first."""
    asked, limit = index.questions[question], limit_of(question, index)
    rungs = sorted(rungs, key=lambda rung: int(str(rung.changes[0].to)))
    steps = []
    for rung in rungs[:SHOWN_RUNGS]:
        amount = answer_words(asked, rung.changes[0].to, language)
        items = together(_on_rung(rung, index, language), language)
        steps.append(language.say("%(amount)s: %(items)s", amount=amount, items=items))
    if len(rungs) > SHOWN_RUNGS:
        steps.append(language.count("%(n)s more amount", "%(n)s more amounts", len(rungs) - SHOWN_RUNGS))
    listed = language.say("; ").join(steps)
    if limit is not None and limit.of == "months":
        return language.say("With more time, these would fit. %(steps)s.", steps=listed)
    return language.say("With a larger budget, these would fit. %(steps)s.", steps=listed)


def _on_rung(rung: Brought, index: Index, language: Language) -> list[str]:
    """What one step of a ladder brings within the limit, and what it puts first, each with what to know."""
    items = dict.fromkeys([*rung.within, *rung.known_within])
    if rung.first is not None:
        items.pop(rung.first, None)
        items[rung.first] = None
    return [quoted(item, index, language) + _reservations(item, rung, index, language) for item in items]


def _reservations(item: str, rung: Brought, index: Index, language: Language) -> str:
    say, first = language.say, item == rung.first
    said = [excess_words(over, index, language) for over in (rung.first_beyond if first else ())]
    if item in rung.known_within:
        said.append(say("known costs only"))
    if first:
        said.append(say("then first"))
    return say(" (%(over)s)", over=language.listed(said)) if said else ""
