"""What a result leads with, and what comes nearest where the limits leave nothing to aim for."""

from __future__ import annotations

from math import inf

from quizapp.engine.outcome import Recommendation, Recommended
from quizapp.engine.settled import Settled
from quizapp.i18n import Language
from quizapp.web.pages.clauses import quoted
from quizapp.web.pages.index import Index
from quizapp.web.pages.ranking import beyond_words


def leaders(outcome: Recommended, settled: Settled) -> list[Recommendation]:
    """Those that share first place, the first of the order first; empty where nothing can be ranked.

    What is proven to stay first leads alone, or with what always equals it; what exceeds a limit leads
    alone, so that every sentence of the page speaks of the same item.
    """
    entries = outcome.recommendations
    proven = [entry for entry in entries if entry.item == settled.first]
    first = next(iter(proven or entries), None)
    if first is None or first.beyond:
        return [first] if first else []
    others = [entry for entry in entries if entry.rank == first.rank and entry is not first]
    return [first, *(entry for entry in others if not proven or entry.item in settled.equal)]


def excess(entry: Recommendation) -> float:
    """By how much an item exceeds its limits at most; what nobody knows the price of comes nearest last."""
    return max(inf if over.by is None else over.by for over in entry.beyond)


def goals_of(outcome: Recommended) -> list[Recommendation]:
    """What can be aimed for, in order: all that is more than something to do."""
    return [entry for entry in outcome.recommendations if entry.kind != "action"]


def nearest(outcome: Recommended, first: Recommendation) -> Recommendation | None:
    """Where no goal is surely within the limits, the one that exceeds them least; None where one is."""
    among = list(outcome.recommendations) if first.beyond else goals_of(outcome)
    if not all(entry.beyond for entry in among):
        return None
    return min(among, key=lambda entry: (len(entry.beyond), excess(entry)), default=None)


def nearest_words(outcome: Recommended, first: Recommendation, index: Index, language: Language) -> str:
    """What comes nearest, beside what comes first; empty where that is the same or the limits leave a goal."""
    near, say = nearest(outcome, first), language.say
    if near is None or near is first:
        return ""
    over = language.listed(beyond_words(one, near, index, language) for one in near.beyond)
    closest = say("%(item)s comes nearest: %(over)s.", item=quoted(near.item, index, language), over=over)
    if first.beyond:
        # That nothing is within the limits was said before.
        return closest
    return language.sentences([_none_within(outcome, language), closest])


def _none_within(outcome: Recommended, language: Language) -> str:
    say, surely = language.say, outcome.fits == "beyond"
    if all(entry.kind == "certification" for entry in goals_of(outcome)):
        return (
            say("No certification is within your limits.")
            if surely
            else say("No certification is surely within your limits.")
        )
    return (
        say("Nothing that it may lead to is within your limits.")
        if surely
        else say("Nothing that it may lead to is surely within your limits.")
    )
