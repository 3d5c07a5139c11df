"""How sure a result is and what would change it, in plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from quizapp.engine.explain import Explained
from quizapp.engine.outcome import Recommended
from quizapp.engine.whatif import Way
from quizapp.i18n import Language
from quizapp.web.pages.choices import answer_words, short_name
from quizapp.web.pages.index import Index
from quizapp.web.pages.ranking import short

SHOWN_TURNS = 3
SHOWN_WAYS = 3
SHOWN_ANSWERS = 4


@dataclass(frozen=True)
class Firm:
    """How firm first place is: one sentence, the answers that would turn it, and the weighings."""

    sentence: str
    turns: tuple[str, ...]
    because: str
    weighing: str


@dataclass(frozen=True)
class Changes:
    """What would change the result, by what it brings: a heading and sentences."""

    opens: tuple[str, ...]
    within: tuple[str, ...]
    first: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether there is something to tell."""
        return bool(self.opens or self.within or self.first)


def firm(told: Explained, outcome: Recommended, index: Index, language: Language) -> Firm | None:
    """How firm the first place of an outcome is; None where nothing is ranked."""
    if not outcome.recommendations:
        return None
    if outcome.unanswered:
        return Firm(_while_open(told, index, language), (), "", _weighing(told, index, language))
    can = [
        turn for turn in told.firmness.turns if turn.changeable and turn.first is not None and turn.certain
    ]
    # Money and time first: they are what people can most often change.
    limits = {limit.question for limit in index.bank.limits}
    can.sort(key=lambda turn: turn.question not in limits)
    turns = tuple(
        language.say(
            "%(answer)s: %(item)s comes first.", answer=answer, item=_name(turn.first, index, language)
        )
        for turn in can[:SHOWN_TURNS]
        if (answer := _piece(turn.question, turn.before, turn.after, index, language))
    )
    if turns:
        sentence = language.say("One other answer can put something else first:")
    else:
        lead = _name(told.firmness.first, index, language)
        sentence = language.say("Whichever one answer you can change, %(item)s stays first.", item=lead)
    return Firm(sentence, turns, _because(told, index, language), _weighing(told, index, language))


def _while_open(told: Explained, index: Index, language: Language) -> str:
    if told.settled.first is not None:
        return language.say("Whatever the open answers are, this stays first.")
    if told.find_out is not None:
        name = short_name(index.questions[told.find_out], language)
        return language.say(
            "The open answers can still change this. Most worth finding out: %(question)s.", question=name
        )
    return language.say("The open answers can still change this.")


def _because(told: Explained, index: Index, language: Language) -> str:
    questions = told.because.questions
    if not told.because.exact or not questions or len(questions) > SHOWN_ANSWERS:
        return ""
    names = language.listed(short_name(index.questions[id], language) for id in questions)
    return language.say("These answers alone decide it: %(questions)s.", questions=names)


def _weighing(told: Explained, index: Index, language: Language) -> str:
    """The share of weighings in which the first item is first, in whole hundredths (their error is below one)."""
    weighed = told.firmness.weighings
    share = next((one for one in weighed.shares if one.item == told.firmness.first), None)
    if share is None or len(weighed.shares) < 2:
        return ""
    name = _name(share.item, index, language)
    if share.first == 1:
        return language.say(
            "However we weighed it, in %(draws)s slightly different ways, %(item)s came first.",
            draws=language.number(weighed.draws),
            item=name,
        )
    return language.say(
        "Weighed in %(draws)s slightly different ways, %(item)s came first in about %(n)s of 100.",
        draws=language.number(weighed.draws),
        item=name,
        n=language.number(round(100 * share.first)),
    )


def changes(told: Explained, outcome: Recommended, index: Index, language: Language) -> Changes:
    """The smallest changes that open items, bring them within the limits, or put them first."""
    turned = {(turn.question, repr(turn.after)) for turn in told.firmness.turns[:SHOWN_TURNS]}
    lead = outcome.recommendations[0].item if outcome.recommendations else None
    low = {e.item for e in outcome.recommendations if e.cost is not None and e.cost.kind == "lower_bound"}

    def told_of(ways: Iterable[Way], brings: Callable[[Way], str]) -> tuple[str, ...]:
        possible = [
            way
            for way in ways
            if not any(_needs_closed_item(c.from_, c.to, outcome, index) for c in way.changes)
        ]
        return tuple(_way(way, brings(way), index, language) for way in possible[:SHOWN_WAYS])

    firsts = [
        way
        for way in told.what_if.first
        if way.item != lead and not any((c.question, repr(c.to)) in turned for c in way.changes)
    ]
    return Changes(
        opens=told_of(told.what_if.eligible, lambda way: "opens"),
        within=told_of(told.what_if.within, lambda way: "known" if way.item in low else "within"),
        first=told_of(firsts, lambda way: "first"),
    )


def _needs_closed_item(before: object, after: object, outcome: Recommended, index: Index) -> bool:
    """Whether a change means holding an item of this bank that the taker cannot have now."""
    if not isinstance(before, list | tuple) or not isinstance(after, list | tuple):
        return False
    open_now = {entry.item for entry in outcome.recommendations}
    return any(one in index.items and one not in open_now for one in after if one not in before)


def _way(way: Way, brings: str, index: Index, language: Language) -> str:
    pieces = [_piece(one.question, one.from_, one.to, index, language) for one in way.changes]
    answers, item = (
        "".join(pieces) if language.code == "ja" else language.listed(pieces),
        _name(way.item, index, language),
    )
    if brings == "opens":
        return language.say("%(answers)s: %(item)s opens to you.", answers=answers, item=item)
    if brings == "known":
        return language.say(
            "%(answers)s: the known costs of %(item)s fit, unknown ones aside.", answers=answers, item=item
        )
    if brings == "within":
        return language.say("%(answers)s: %(item)s fits your limits.", answers=answers, item=item)
    return language.say("%(answers)s: %(item)s would come first.", answers=answers, item=item)


def _piece(question: str, before: object, after: object, index: Index, language: Language) -> str:
    """One changed answer, its question named: for sets only what is added or dropped."""
    asked = index.questions[question]
    if isinstance(before, list | tuple) and isinstance(after, list | tuple):
        return _set_piece(asked.id, before, after, index, language)
    words = answer_words(asked, after, language)
    return language.say("“%(question)s: %(answer)s”", question=short_name(asked, language), answer=words)


def _set_piece(
    question: str, before: Sequence[object], after: Sequence[object], index: Index, language: Language
) -> str:
    asked = index.questions[question]
    added = [one for one in after if one not in before]
    dropped = [one for one in before if one not in after]
    name = short_name(asked, language)
    if added and not dropped:
        return language.say(
            "with “%(answer)s” (%(question)s)", question=name, answer=answer_words(asked, added, language)
        )
    if dropped and not added:
        return language.say(
            "without “%(answer)s” (%(question)s)",
            question=name,
            answer=answer_words(asked, dropped, language),
        )
    return language.say(
        "“%(question)s: %(answer)s”", question=name, answer=answer_words(asked, list(after), language)
    )


def _name(item: str | None, index: Index, language: Language) -> str:
    return short(index.items[item], language) if item else ""
