"""The first screen of a result: what comes first, why, what it costs, how long, what to do first."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.bank.model import Item
from quizapp.engine.outcome import NotNow, Recommendation, Recommended, Standing, Total
from quizapp.engine.settled import Settled
from quizapp.i18n import Language
from quizapp.web.pages.index import Index
from quizapp.web.pages.nearest import goals_of, leaders, nearest, nearest_words
from quizapp.web.pages.plan import blocked_words, first_step, paid_apart, unpriced_parts, unpriced_step
from quizapp.web.pages.ranking import beyond_words, reasons, short
from quizapp.web.pages.words import money, months, worth_telling

FIRST_REASONS = 4


@dataclass(frozen=True)
class Key:
    """One of the three numbers that matter."""

    label: str
    words: str
    note: str


@dataclass(frozen=True)
class Headline:
    """The sentence on top in three pieces (the middle one stands out), and what follows it.

    ``aside`` says what comes nearest to the limits, where that is not what comes first.
    """

    before: str
    subject: str
    after: str
    second: str
    aside: str
    tone: str
    keys: tuple[Key, ...]
    fors: tuple[str, ...]
    againsts: tuple[str, ...]

    @property
    def plain(self) -> str:
        """The whole sentence without marks, as the page's title begins."""
        return f"{self.before}{self.subject}{self.after}".strip()


def first_of(outcome: Recommended, settled: Settled) -> Recommendation | None:
    """The item that the headline speaks of, None where nothing can be ranked."""
    return next(iter(leaders(outcome, settled)), None)


def headline(outcome: Recommended, index: Index, language: Language, settled: Settled) -> Headline:
    """What the result comes to, whichever way it went; ``settled`` is what stays first whatever is open."""
    first = leaders(outcome, settled)
    if not first:
        return _nothing(outcome, index, language)
    entry, item = first[0], index.items[first[0].item]
    so_far = bool(outcome.unanswered) and settled.first is None
    pattern, second, tone = _sentence(outcome, first, so_far, index, language)
    names = language.say(" and ").join(short(index.items[one.item], language) for one in first)
    before, _, after = pattern.partition("{item}")
    fors, againsts = reasons(entry, item, index, language)
    return Headline(
        before=before,
        subject=names,
        after=after,
        second=second,
        aside=nearest_words(outcome, entry, index, language),
        tone=tone,
        keys=(*_keys(entry, item, index, language), *_after(entry, outcome, index, language)),
        fors=fors[:FIRST_REASONS],
        againsts=againsts[:FIRST_REASONS],
    )


def _sentence(
    outcome: Recommended, first: list[Recommendation], so_far: bool, index: Index, language: Language
) -> tuple[str, str, str]:
    say, entry = language.say, first[0]
    item = index.items[entry.item]
    if entry.beyond:
        return _beyond_limits(outcome, entry, index, language)
    if outcome.fits == "steps_first":
        return say("First, {item}."), language.text(item.summary) or say("It opens what comes next."), "steps"
    if so_far and entry.kind == "action":
        return say("So far: {item}."), language.text(item.summary), "good"
    if entry.kind == "action" and len(first) == 1 and nearest(outcome, entry):
        return say("First, {item}."), language.text(item.summary), "steps"
    if len(first) > 1:
        return say("{item}, side by side."), say("They come out equal for you."), "good"
    if entry.kind == "action":
        return say("{item}."), language.text(item.summary), "good"
    return (
        say("So far: {item}.") if so_far else say("Start with {item}."),
        _how(entry, item, _within_budget(entry, item, outcome, index), index, language),
        "good",
    )


def _beyond_limits(
    outcome: Recommended, first: Recommendation, index: Index, language: Language
) -> tuple[str, str, str]:
    """Not even the first is surely within the limits: that is said before anything else."""
    say, surely = language.say, outcome.fits == "beyond"
    if nearest(outcome, first) is first:
        pattern = (
            say("Nothing is within your limits. {item} comes nearest.")
            if surely
            else say("Nothing is surely within your limits. {item} comes nearest.")
        )
    else:
        pattern = (
            say("Nothing is within your limits. Even so, {item} comes first.")
            if surely
            else say("Nothing is surely within your limits. Even so, {item} comes first.")
        )
    if first.beyond[0].by is None:
        return pattern, say("Its price is not known."), "care"
    over = language.listed(beyond_words(one, first, index, language) for one in first.beyond)
    return pattern, say("It is %(over)s.", over=over), "care"


def _within_budget(entry: Recommendation, item: Item, outcome: Recommended, index: Index) -> bool:
    """Whether it can be said that all is within the budget: both are known, and nothing is paid apart."""
    asked = [limit.question for limit in index.bank.limits if limit.of == "cost"]
    given = bool(asked) and not set(asked) & set(outcome.unanswered)
    known = entry.cost is not None and entry.cost.yen is not None and entry.cost.kind != "lower_bound"
    apart = any(unpriced_step(step, item, index) for step in entry.steps)
    return given and known and not entry.beyond and not apart


def _how(entry: Recommendation, item: Item, within: bool, index: Index, language: Language) -> str:
    """One sentence on the way to it: by which route, and whether within what the taker gave."""
    say, route = language.say, index.route(item, entry.route)
    if entry.standing is Standing.UNKNOWN:
        return say("Whether you can have it depends on an answer that is still open.")
    if route and len(item.routes) > 1:
        name = language.text(route.name)
        if within:
            return say("“%(route)s” is open to you, within your budget.", route=name)
        return say("“%(route)s” is open to you.", route=name)
    if entry.standing is Standing.ELIGIBLE_NOW:
        return say("It is open to you now, within your budget.") if within else say("It is open to you now.")
    return (
        say("After some steps, within your budget.") if within else say("It opens to you after some steps.")
    )


def _keys(entry: Recommendation, item: Item, index: Index, language: Language) -> tuple[Key, ...]:
    say, keys = language.say, []
    if entry.cost:
        keys.append(_price_key(entry, entry.cost, item, index, language))
    if worth_telling(entry.months, entry.kind):
        keys.append(_time_key(entry, item, index, language))
    step = first_step(entry, index, language)
    if step:
        keys.append(Key(say("First step"), step.label, step.price))
    return tuple(keys)


def _price_key(entry: Recommendation, cost: Total, item: Item, index: Index, language: Language) -> Key:
    """The total; what is paid apart stands beside the figure, so that it never looks like all of it."""
    say = language.say
    apart = paid_apart(entry.steps, item, index, language)
    price = money(cost, item, entry.route, index, language, apart)
    open_end = cost.kind == "lower_bound" and cost.most is None
    if not apart or cost.yen is None or open_end:
        return Key(say("In all"), price.figure, price.note)
    parts = unpriced_parts(entry.steps, item, index, language)
    return Key(say("In all"), say("%(yen)s + %(parts)s", yen=price.figure, parts=parts), price.note)


def _time_key(entry: Recommendation, item: Item, index: Index, language: Language) -> Key:
    """The time; where nobody knows it, a sitting soon says only when one could begin."""
    say, wait = language.say, _wait(entry, item, index, language)
    if entry.months is not None and entry.months.to is None and not entry.months.from_ and wait:
        return Key(say("Time to get it"), say("Depends on how long you prepare"), wait)
    return Key(say("Time to get it"), months(entry.months, language), wait)


def _after(first: Recommendation, outcome: Recommended, index: Index, language: Language) -> tuple[Key, ...]:
    """Where something to do comes first: what may follow it, the best or what is nearest to the limits."""
    goals = goals_of(outcome)
    if first.kind != "action" or not goals:
        return ()
    entry = nearest(outcome, first) or goals[0]
    item = index.items[entry.item]
    price = money(entry.cost, item, entry.route, index, language) if entry.cost else None
    note = f"{price.figure} · {price.note}" if price else ""
    return (Key(language.say("What may follow"), short(item, language), note),)


def _wait(entry: Recommendation, item: Item, index: Index, language: Language) -> str:
    outcome = next((one for one in entry.routes if one.route == entry.route), None)
    if outcome is None or outcome.wait is None:
        return ""
    if outcome.wait == 0:
        route = index.route(item, entry.route)
        schedule = item.schedule if route is None or route.schedule is None else route.schedule
        any_day = any(row.any_day for row in schedule)
        said = (
            language.say("It can be sat on any day")
            if any_day
            else language.say("There is a sitting this month")
        )
        return said if schedule else ""
    return language.count("Next sitting in %(n)s month", "Next sitting in %(n)s months", outcome.wait)


def _nothing(outcome: Recommended, index: Index, language: Language) -> Headline:
    """Nothing fits: the item that is blocked by the least, and what would open it."""
    say = language.say
    closest = _nearest(outcome.not_now)
    title = say("Nothing is open to you yet.")
    if closest is None:
        return Headline(
            title, "", "", say("Change an answer, or see what exists below."), "", "care", (), (), ()
        )
    item = index.items[closest.item]
    blocked = closest.blocked_by or next(
        (route.blocked_by for route in closest.routes if route.blocked_by), ()
    )
    key = Key(say("First step towards it"), blocked_words(blocked, item, index, language), "")
    second = say("The nearest is %(item)s.", item=short(item, language))
    return Headline(title, "", "", second, "", "care", (key,) if key.words else (), (), ())


def _nearest(entries: tuple[NotNow, ...]) -> NotNow | None:
    blocked = [
        entry for entry in entries if entry.standing is Standing.INELIGIBLE_NOW and not entry.listed_only
    ]
    return min(blocked, key=_obstacles, default=None)


def _obstacles(entry: NotNow) -> int:
    counts = [len(route.blocked_by) for route in entry.routes if route.blocked_by]
    return min(counts, default=len(entry.blocked_by))
