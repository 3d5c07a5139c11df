"""Two banks gone through answer set by answer set with ``recommend``: slow, obvious, and shares with nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

from quizapp.bank.model import Question
from quizapp.engine.answers import known_answers, read_answers
from quizapp.engine.compiled import Compiled
from quizapp.engine.outcome import Recommended
from quizapp.engine.recommend import recommend
from tests.engine.oracle import every_answer

Raw = dict[str, Any]


@dataclass
class Truth:
    """Shares of all answer sets, exactly; what each bank's items and answers can do."""

    kinds: Counter[str] = field(default_factory=Counter)
    unchanged: Fraction = Fraction(0)
    first: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    ranked: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))


def ways(old: Question | None, new: Question | None) -> list[tuple[Any, Any, Fraction]]:
    """Every (answer before, answer after, likelihood) of one question; None where it is not asked."""
    if old is None or new is None:
        asked = old or new
        assert asked is not None
        answers = every_answer(asked)
        each = Fraction(1, len(answers))
        return [(a, None, each) if new is None else (None, a, each) for a in answers]
    before, after = every_answer(old), every_answer(new)
    share = Fraction(1, len(after))
    if new.kind == "choices":
        names = [{option.id for option in question.options} for question in (old, new)]
        free = [held for held in before if not set(held) & names[1]]
        return [
            ([*(o for o in held if o in names[0]), *more], held, share / len(free))
            for held in after
            for more in free
        ]
    found = []
    for answer in after:
        gone = [each for each in before if each not in after] or before
        if answer in before:
            likely = [answer]
        elif new.kind == "number":
            likely = [min(before, key=lambda each: (abs(each - answer), each))]
        else:
            likely = gone
        found += [(each, answer, share / len(likely)) for each in likely]
    return found


def strands(before: Compiled, after: Compiled) -> list[tuple[str, list[tuple[Any, Any, Fraction]]]]:
    """The ways by question; a question that changed its kind is two."""
    found = []
    for name in dict.fromkeys([*before.questions, *after.questions]):
        old, new = before.questions.get(name), after.questions.get(name)
        if old and new and old.kind != new.kind:
            found += [(name, ways(old, None)), (name, ways(None, new))]
        else:
            found.append((name, ways(old, new)))
    return found


def size(before: Compiled, after: Compiled) -> int:
    """How many pairs of answer sets there are."""
    count = 1
    for _, each in strands(before, after):
        count *= len(each)
    return count


def truth(before: Compiled, after: Compiled, on: date) -> Truth:
    """Everything counted by going through all."""
    found = Truth()
    parts = strands(before, after)
    known: dict[tuple[int, str], Recommended] = {}

    def outcome(side: int, bank: Compiled, raw: Raw) -> Recommended:
        key = side, repr(sorted(raw.items()))
        if key not in known:
            known[key] = recommend(bank, read_answers(bank, raw), on)
        return known[key]

    for way in product(*(each for _, each in parts)):
        share = Fraction(1)
        raws: tuple[Raw, Raw] = ({}, {})
        for (name, _), (old, new, likely) in zip(parts, way, strict=True):
            share *= likely
            for raw, answer in zip(raws, (old, new), strict=True):
                if answer is not None:
                    raw[name] = answer
        pair = outcome(0, before, raws[0]), outcome(1, after, raws[1])
        kinds = changed(before, after, *pair)
        for kind in kinds:
            found.kinds[kind] += share  # type: ignore[assignment]
        found.unchanged += 0 if kinds else share
        for side, each in enumerate(pair):
            names = [entry.item for entry in each.recommendations]
            for name in names[:1]:
                found.first[side][name] += share  # type: ignore[assignment]
            for name in names:
                found.ranked[side][name] += share  # type: ignore[assignment]
    return found


def changed(before: Compiled, after: Compiled, old: Recommended, new: Recommended) -> set[str]:
    """The kinds of change between two recommendations."""
    common = before.by_id.keys() & after.by_id.keys()
    names = [[entry.item for entry in each.recommendations] for each in (old, new)]
    costs = [
        {entry.item: entry.cost.yen if entry.cost else None for entry in each.recommendations}
        for each in (old, new)
    ]
    standings = [
        {entry.item: entry.standing for entry in each.recommendations}
        | {entry.item: entry.standing for entry in each.not_now}
        for each in (old, new)
    ]
    firsts = [[cost[name] for name in line[:1]] for line, cost in zip(names, costs, strict=True)]
    holds = {
        "first": names[0][:1] != names[1][:1],
        "top": set(names[0][:3]) != set(names[1][:3]),
        "top_order": names[0][:3] != names[1][:3],
        "standing": any(standings[0].get(item) != standings[1].get(item) for item in common),
        "cost": any(costs[0][item] != costs[1][item] for item in common & costs[0].keys() & costs[1].keys()),
        "first_cost": firsts[0] != firsts[1],
    }
    return {kind for kind, held in holds.items() if held}


@dataclass
class Able:
    """What one bank can come to: the questions on which something rests, the items that are ever reached."""

    matters: set[str] = field(default_factory=set)
    reached: dict[str, set[str]] = field(default_factory=lambda: {"first": set(), "ranked": set()})


def able(bank: Compiled, on: date) -> Able:
    """Everything that one bank can come to, over all of its own answer sets."""
    names = list(bank.questions)
    found = Able()
    outcomes: dict[tuple[str, str], set[str]] = {}
    for way in product(*(every_answer(question) for question in bank.questions.values())):
        raw = dict(zip(names, way, strict=True))
        said = recommend(bank, known_answers(bank, raw), on)
        ranked = [entry.item for entry in said.recommendations]
        found.reached["first"] |= set(ranked[:1])
        found.reached["ranked"] |= set(ranked)
        mark = repr(
            [
                (e.item, e.standing, e.score, e.cost and e.cost.yen, bool(e.beyond))
                for e in said.recommendations
            ]
            + [(e.item, e.standing) for e in said.not_now]
        )
        for name in names:
            rest = repr([(other, raw[other]) for other in names if other != name])
            outcomes.setdefault((name, rest), set()).add(mark)
    found.matters = {name for (name, _), marks in outcomes.items() if len(marks) > 1}
    return found
