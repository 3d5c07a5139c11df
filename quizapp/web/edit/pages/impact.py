"""What an edit does to takers, in words: shares, items, example takers, what no longer matters."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from quizapp.audit.impact_record import (
    Change,
    Example,
    Impact,
    ItemShares,
    Kind,
    Seen,
    Share,
)
from quizapp.i18n import Language
from quizapp.web.edit.pages.difference_words import Words
from quizapp.web.edit.pages.effects import gains, losses

# Shown beside each other; the rest is folded away.
MOST_ITEMS = 8
MOST_TOLD = 4
SMALLEST = 0.0001
# Stands for no item at all; no id is empty.
_NOTHING = ""
# What is told of a share that was drawn: two standard errors, within which 19 of 20 lie.
ERRORS = 2


@dataclass(frozen=True)
class Part:
    """One of the kinds of change: for how many takers it holds, and who they are."""

    words: str
    share: str
    none: bool
    examples: tuple[Taker, ...]


@dataclass(frozen=True)
class Taker:
    """One made-up taker: the answers in words, and what stands first, and in the top three, before and after."""

    who: str
    answers: tuple[tuple[str, str], ...]
    before: Sight
    after: Sight


@dataclass(frozen=True)
class Sight:
    """What a taker sees: the first place with its total, the top three, and standings that differ."""

    first: str
    cost: str
    top: tuple[str, ...]
    standings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Bar:
    """An item's share of first places before and after, in words and in thousandths of the longest bar."""

    name: str
    before: str
    after: str
    long_before: int
    long_after: int
    delta: str
    tone: str


@dataclass(frozen=True)
class ImpactPart:
    """What becomes of takers. ``count`` says how it was found out."""

    headline: str
    brief: str
    quiet: bool
    count: str
    changes: tuple[Part, ...]
    bars: tuple[Bar, ...]
    others: tuple[Bar, ...]
    losses: tuple[str, ...]
    gains: tuple[str, ...]


def impact_part(impact: Impact, before: Words, after: Words) -> ImpactPart:
    """The impact in words; ``before`` and ``after`` say the two states of the bank."""
    language = after.language
    bars = _bars(impact, before, after)
    moved = [bar for bar in bars if bar.delta]
    shown = [*moved, *(bar for bar in bars if not bar.delta)][
        : max(MOST_ITEMS, min(len(moved), 2 * MOST_ITEMS))
    ]
    return ImpactPart(
        _headline(impact, language),
        _brief(impact, language),
        impact.same or impact.unchanged.value == 1.0,
        _count(impact, language),
        tuple(_change(one, before, after) for one in impact.changes if one.kind in CHANGES),
        tuple(shown),
        tuple(bar for bar in bars if bar not in shown),
        tuple(losses(impact, before, after)),
        tuple(gains(impact, after)),
    )


def share_words(share: Share, language: Language, met: bool = False) -> str:
    """A share of takers, with what it may be off by where it was drawn; ``met`` says that it is not nothing.

    >>> from quizapp.i18n import language
    >>> share_words(Share(0.1234), language("en")), share_words(Share(0.1234, 0.001), language("en"))
    ('12.3%', '12.3% ± 0.2')
    >>> share_words(Share(0.0), language("en")), share_words(Share(0.0, 0.001), language("en"), met=True)
    ('0%', 'under 0.01%')
    """
    if share.value < SMALLEST and (met or share.value > 0):
        return language.say("under %(share)s", share="0.01%")
    if share.value in (0.0, 1.0):
        return (
            f"{share.value:.0%}"
            if not share.error
            else language.say("about %(share)s", share=f"{share.value:.0%}")
        )
    figure = _percent(share.value)
    return f"{figure} ± {_error(share)}" if share.error else figure


def _percent(value: float) -> str:
    """One decimal, two where it is small.

    >>> _percent(0.5), _percent(0.0123), _percent(0.9999)
    ('50.0%', '1.23%', '99.99%')
    """
    return f"{value:.2%}" if value < 0.02 or value > 0.98 else f"{value:.1%}"


def _error(share: Share) -> str:
    off = ERRORS * share.error * 100
    return f"{off:.2f}" if off < 0.095 else f"{off:.1f}"


def _headline(impact: Impact, language: Language) -> str:
    if impact.same:
        return language.say("Nothing changes for any taker.")
    first = next(change for change in impact.changes if change.kind == "first")
    if first.share.value or first.examples:
        share = share_words(first.share, language, bool(first.examples))
        return language.say("First place changes for %(share)s of takers.", share=share)
    if impact.unchanged.value == 1.0 and not any(change.examples for change in impact.changes):
        return language.say("Nothing changes for any taker.")
    changed = Share(1 - impact.unchanged.value, impact.unchanged.error)
    share = share_words(changed, language, True)
    return language.say(
        "First place stays as it is; something else changes for %(share)s of takers.", share=share
    )


def _brief(impact: Impact, language: Language) -> str:
    """For whom first place changes, as the headline has it; else for whom anything does."""
    first = next(change for change in impact.changes if change.kind == "first")
    if not impact.same and (first.share.value or first.examples):
        share = share_words(first.share, language, bool(first.examples))
        return language.say("first place: %(share)s", share=share)
    met = any(change.examples for change in impact.changes)
    if impact.same or (impact.unchanged.value == 1.0 and not met):
        return language.say("no change")
    share = share_words(Share(1 - impact.unchanged.value, impact.unchanged.error), language, met)
    return language.say("below first place: %(share)s", share=share)


def _count(impact: Impact, language: Language) -> str:
    if impact.same:
        return language.say("Every rule, price and limit that still counts decides as before.")
    if impact.exact:
        n = language.number(impact.tried)
        return language.say("Exact: every way to answer was gone through (%(n)s that can differ).", n=n)
    return language.count(
        "Drawn: %(n)s taker out of all ways to answer; ± is what 19 of 20 draws stay within.",
        "Drawn: %(n)s takers out of all ways to answer; ± is what 19 of 20 draws stay within.",
        impact.tried,
    )


def _change(change: Change, before: Words, after: Words) -> Part:
    language = after.language
    none = not change.share.value and not change.examples
    share = share_words(change.share, language, bool(change.examples))
    takers = tuple(_taker(one, change.kind, before, after) for one in change.examples)
    return Part(language.say(CHANGES[change.kind]), share, none, takers)


def _taker(example: Example, kind: Kind, before: Words, after: Words) -> Taker:
    order = after.order()
    given = sorted(example.answers.items(), key=lambda one: order.get(one[0], len(order)))
    answers = tuple((after.question(name), after.answer(name, value)) for name, value in given)
    telling = [pair for pair, (_, value) in zip(answers, given, strict=True) if value not in (False, [], 0)]
    who = " · ".join(f"{question}: {answer}" for question, answer in telling[:MOST_TOLD])
    differing = [
        item
        for item in {**example.before.standings, **example.after.standings}
        if example.before.standings.get(item) != example.after.standings.get(item)
    ]
    told = differing if kind == "standing" else []
    return Taker(who, answers, _sight(example.before, before, told), _sight(example.after, after, told))


def _sight(seen: Seen, words: Words, told: list[str]) -> Sight:
    say = words.language.say
    cost = seen.costs.get(seen.first) if seen.first else None
    return Sight(
        words.item(seen.first) if seen.first else say("Nothing is ranked"),
        words.language.yen(cost) if cost is not None else "",
        tuple(words.item(item) for item in seen.top),
        tuple(
            (words.item(item), say(STANDINGS.get(seen.standings.get(item, ""), "Left out"))) for item in told
        ),
    )


def _bars(impact: Impact, before: Words, after: Words) -> list[Bar]:
    nobody = ItemShares(_NOTHING, *impact.nothing_first, None, None)
    rows = [row for row in (*impact.items, nobody) if _ever(row)]
    rows.sort(key=lambda row: (-_moved(row), -max(_value(row.first_before), _value(row.first_after))))
    longest = max(
        (_value(share) for row in rows for share in (row.first_before, row.first_after)), default=1.0
    )
    return [_bar(row, before, after, longest) for row in rows]


def _ever(row: ItemShares) -> bool:
    return bool(_value(row.first_before) or _value(row.first_after))


def _moved(row: ItemShares) -> float:
    return abs(_value(row.first_after) - _value(row.first_before))


def _shown(share: Share | None) -> Decimal:
    """The percentage as it stands on the page.

    >>> _shown(Share(0.00116)), _shown(Share(0.00093)), _shown(None)
    (Decimal('0.12'), Decimal('0.09'), Decimal('0'))
    """
    if share is None or share.value < SMALLEST:
        return Decimal()
    return Decimal(_percent(share.value).rstrip("%"))


def _value(share: Share | None) -> float:
    return share.value if share else 0.0


def _bar(row: ItemShares, before: Words, after: Words, longest: float) -> Bar:
    language = after.language
    # Of the figures as they are shown: whoever takes one from the other has to find the same.
    delta = _shown(row.first_after) - _shown(row.first_before)
    name = after.item(row.item) if row.first_after else before.item(row.item)
    if row.item == _NOTHING:
        name = language.say("Nothing is ranked")
    return Bar(
        name,
        share_words(row.first_before, language) if row.first_before else language.say("not there"),
        share_words(row.first_after, language) if row.first_after else language.say("taken out"),
        round(_value(row.first_before) / longest * 1000),
        round(_value(row.first_after) / longest * 1000),
        f"{delta:+}".replace("-", "−") if delta else "",
        "up" if delta > 0 else "down",
    )


def _m_(message: str) -> str:
    """Marks words for the translators."""
    return message


CHANGES: dict[Kind, str] = {
    "first": _m_("Another first place"),
    "top": _m_("Other items in the top three"),
    "standing": _m_("Another standing of some item"),
    "cost": _m_("Another total of some item"),
}
STANDINGS = {
    "eligible_now": _m_("Open now"),
    "eligible_after_steps": _m_("Open after steps"),
    "unknown": _m_("Unknown"),
    "ineligible_now": _m_("Not open now"),
    "held": _m_("Already held"),
    "closed": _m_("Ended"),
    "": _m_("Left out"),
}
