"""Which screen to ask next: the one that tells most about first place for its effort.

What a screen tells is estimated over seeded completions, so the same answers always lead to the same
screen. The bank's own order breaks ties, and what cannot be told from a tie is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from quizapp.engine.answers import Answers, ShownScreen, question_places, shown_screens
from quizapp.engine.cohort import cells
from quizapp.engine.compiled import Compiled
from quizapp.engine.field import BOUNDLESS, Field, field_on
from quizapp.engine.grid import Axis, raw_reads
from quizapp.engine.opening import SAMPLES, Opening, merged, opening, size
from quizapp.engine.settled import Settled, first_of_merged, proven
from quizapp.engine.table import Integers

_EXACT = 1_024
_ALL = 4_096
_COLUMNS, _VERDICTS = 2_048, 32_000
_LEAST, _MOST = 64, 320
_KEPT = 4_096
_SAME = 1e-9
_TOP = 3

About = Literal["first", "top_three", "total"]
ABOUT: tuple[About, ...] = get_args(About)


@dataclass(frozen=True)
class Group:
    """Questions answered together: a screen's, or one by itself. ``places`` are their variables."""

    name: str
    places: tuple[int, ...]
    effort: int


@dataclass(frozen=True)
class FindOut:
    """The unknown most worth finding out, and what it tells most about."""

    question: str
    about: About


def next_screen(
    compiled: Compiled, answers: Answers, on: date, seen: frozenset[str] = frozenset()
) -> str | None:
    """The id of the screen to ask next; None where nothing asked is left.

    ``seen`` are questions that were shown and left open: they are not asked again. A screen whose asking
    still depends on a question to come waits for it. A bank with ``order: fixed`` keeps its own order.
    """
    screens = _remaining(compiled, answers, seen)
    if not screens:
        return None
    if compiled.bank.order == "fixed":
        return screens[0].id
    ready = [screen for screen in screens if not _waits(compiled, answers, screen, seen)] or screens[:1]
    groups = tuple(_group(compiled, screen.id, screen.questions) for screen in ready)
    return _most_telling(compiled, on, merged(compiled, answers).indexes, groups)


def worth_finding_out(compiled: Compiled, answers: Answers, on: date) -> FindOut | None:
    """The unanswered question that tells most for its effort, and about what.

    About first place; where no completion has another, about the first three in order; where they are the
    same too, about the total of the first. None where nothing of this is open. Of very many completions a
    sample is looked at, and what is settled.
    """
    groups = tuple(_group(compiled, name, (name,)) for name in answers.unanswered)
    field, case = field_on(compiled, on), opening(compiled, answers)
    if not groups or not field.rows:
        return None
    axes = _axes(compiled, case)
    looked_at = case.every(axes) if size(axes) <= _ALL else case.varied(0, _MOST)
    known = proven(compiled, answers, on).settled
    for about in ABOUT:
        if _may_differ(known, about) and _differs(_told(field, looked_at, about)):
            return FindOut(
                _most_telling(compiled, on, merged(compiled, answers).indexes, groups, about), about
            )
    return None


def _may_differ(known: Settled, about: About) -> bool:
    """Whether what is settled leaves open that completions differ in this."""
    return (
        (about == "first" and not known.done)
        or (about == "top_three" and known.order_by == "open")
        or (about == "total")
    )


def _differs(told: Integers) -> bool:
    return bool((told != told[0]).any())


def _axes(compiled: Compiled, case: Opening) -> list[Axis]:
    """Every open variable whose answers something of the bank tells apart."""
    return [axis for place in sorted(case.open) if len((axis := cells(compiled, place)).chosen) > 1]


def _told(field: Field, completions: Integers, about: About) -> Integers:
    """What each completion comes to, as small numbers, equal where it comes to the same."""
    if about == "first":
        return field.firsts(completions) + 1
    if about == "top_three":
        return _numbered(field.judge(completions).top(_TOP))
    judged = field.judge(completions)
    row = int(judged.first.max())
    boundless = np.full(completions.shape[1], BOUNDLESS)
    plan = field.gatehouse.best(judged.gate, boundless, boundless)
    return _numbered(np.where(judged.first == row, plan.cost[row], -1)[None])


def _numbered(columns: Integers) -> Integers:
    """Each different column's number."""
    numbered: Integers = np.unique(columns, axis=1, return_inverse=True)[1].reshape(-1)
    return numbered


def _remaining(compiled: Compiled, answers: Answers, seen: frozenset[str]) -> list[ShownScreen]:
    """The screens with something left to ask, and what that is."""
    left = {name for name in answers.unanswered if name not in seen}
    screens = [
        ShownScreen(screen.id, tuple(name for name in screen.questions if name in left))
        for screen in shown_screens(compiled, answers)
    ]
    return [screen for screen in screens if screen.questions]


def _waits(compiled: Compiled, answers: Answers, screen: ShownScreen, seen: frozenset[str]) -> bool:
    """Whether a question still to come, on another screen, decides if some of this one is asked."""
    coming = {
        place
        for name in answers.unanswered
        if name not in seen and name not in screen.questions
        for place in question_places(compiled, compiled.questions[name])
    }
    asked = [compiled.asked[name] for name in screen.questions if name in compiled.asked]
    return bool(raw_reads(compiled, asked) & coming)


def _group(compiled: Compiled, name: str, questions: Sequence[str]) -> Group:
    asked = [compiled.questions[question] for question in questions]
    places = tuple(place for question in asked for place in question_places(compiled, question))
    return Group(name, places, sum(question.effort for question in asked))


@lru_cache(maxsize=_KEPT)
def _most_telling(
    compiled: Compiled,
    on: date,
    indexes: tuple[int | None, ...],
    groups: tuple[Group, ...],
    about: About = "first",
) -> str:
    """The first group whose gain per effort cannot be told from the greatest."""
    field = field_on(compiled, on)
    if len(groups) == 1 or not field.rows:
        return groups[0].name
    if about == "first" and first_of_merged(compiled, indexes, on) is not None:
        # Nothing tells anything about what is proven already.
        return groups[0].name
    case = opening(compiled, Answers({}, indexes, frozenset(), ()))
    axes = _axes(compiled, case)
    if size(axes) <= _EXACT:
        exact = _exact_gains(field, case, axes, groups, about)
        return groups[int((exact >= exact.max() - _SAME).argmax())].name
    gains = _sampled_gains(field, case, groups, about)
    behind = gains[int(gains.mean(axis=1).argmax())] - gains
    error = behind.std(axis=1) / np.sqrt(gains.shape[1])
    return groups[int((behind.mean(axis=1) <= error).argmax())].name


def _exact_gains(
    field: Field, case: Opening, axes: Sequence[Axis], groups: Sequence[Group], about: About
) -> npt.NDArray[np.float64]:
    """By how much each group lowers the Gini impurity of the winner per effort, over every completion."""
    first = _told(field, case.every(axes), about)
    shape = tuple(len(axis.chosen) for axis in axes)
    share = np.ones(1)
    for axis in axes:
        share = np.multiply.outer(share, axis.counts / axis.counts.sum()).ravel()
    cell = np.indices(shape).reshape(len(axes), len(first))

    def impurity(places: tuple[int, ...]) -> float:
        alike = np.zeros(len(first), dtype=np.int64)
        for axis, own in zip(axes, cell, strict=True):
            if axis.variable in places:
                alike = alike * len(axis.chosen) + own
        width = int(first.max()) + 1
        winners = np.bincount(alike * width + first, weights=share, minlength=(alike.max() + 1) * width)
        winners = winners.reshape(-1, width)
        return float(1 - (winners**2 / winners.sum(axis=1, keepdims=True)).sum())

    whole = impurity(())
    return np.array([(whole - impurity(group.places)) / group.effort for group in groups])


def _sampled_gains(
    field: Field, case: Opening, groups: Sequence[Group], about: About
) -> npt.NDArray[np.float64]:
    """What each group tells per effort, by sampled pair, shape (groups, pairs).

    Two takers who answer alike so far may differ in their first item. A group's gain is how much rarer
    that is among takers who answer the group alike too: the fall of the Gini impurity of the winner,
    estimated without bias by pairs that share nothing else (the design of Sobol', 1993).
    """
    columns = min(_COLUMNS, _VERDICTS // len(field.rows))
    pairs = min(_MOST, max(_LEAST, columns // (len(groups) + 2)), SAMPLES // 2)
    one, other = case.sampled(0, pairs), case.sampled(pairs, 2 * pairs)
    blocks = [one, other]
    for group in groups:
        alike = other.copy()
        alike[list(group.places)] = one[list(group.places)]
        blocks.append(alike)
    first = _told(field, np.concatenate(blocks, axis=1), about).reshape(len(blocks), pairs)
    differ = (first[1:] != first[0]).astype(np.float64)
    effort = np.array([group.effort for group in groups], dtype=np.float64)
    gains: npt.NDArray[np.float64] = (differ[0] - differ[1:]) / effort[:, None]
    return gains
