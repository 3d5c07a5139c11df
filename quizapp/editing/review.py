"""What stands between a draft and publishing, and what publishing it would change; writes nothing.

Every step can be asked for by itself, since some take seconds; each is worked out once for the same
texts on the same day.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from quizapp.audit.impact import impact
from quizapp.audit.impact_record import Impact
from quizapp.bank.comparing.comments import comment_changes
from quizapp.bank.comparing.differences import Difference, differences
from quizapp.editing.ageing import Ageing, ageing
from quizapp.editing.case_review import ChangedCase, FailingCase, changed_cases, failing_cases
from quizapp.editing.problem_places import PlacedProblem, all_placed
from quizapp.editing.proposal import (
    Proposal,
    about_cases,
    base_line,
    cases_text,
    compiled_publication,
    data_of,
    judged,
    nothing,
    published,
)
from quizapp.editing.workshop import SHEETS, Sheet, file_of, read
from quizapp.store.protocol import Store
from quizapp.store.records import same_text

Progress = Callable[[float], None]
_ROOM = 16


@dataclass(frozen=True)
class Differences:
    """What was changed, by part, since the publication that a draft grew from.

    ``readable`` is False while one of the texts is no YAML: what can be compared is told all the same.
    ``same`` says that the texts are equal but for line ends; without it, and without differences, comments
    or layout differ. ``comments`` are those that changed, as they were and as they are.
    """

    bank: tuple[Difference, ...]
    cases: tuple[Difference, ...]
    readable: bool
    same: bool
    comments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Review:
    """Everything there is to say of a draft before it goes live.

    ``impact`` is None for a new bank, and while problems keep the draft from being compiled. ``behind``
    says that somebody has published since: the draft has to catch up first.
    """

    problems: tuple[PlacedProblem, ...]
    failing: tuple[FailingCase, ...]
    ageing: tuple[Ageing, ...]
    differences: Differences
    changed_cases: tuple[ChangedCase, ...]
    impact: Impact | None
    behind: bool

    @property
    def blocking(self) -> tuple[PlacedProblem, ...]:
        """The problems that forbid publishing."""
        return tuple(problem for problem in self.problems if problem.blocks)

    @property
    def may_publish(self) -> bool:
        """Whether it can go live; a reason for changed cases may still be wanted."""
        return not (self.blocking or self.failing or self.behind or self.differences.same)


def review(store: Store, work: Proposal, on: date, progress: Progress = lambda done: None) -> Review:
    """The whole review on a day; ``progress`` is called with the share of work done, 0-1."""
    told = differences_of(store, work)
    return Review(
        problems_of(work, on),
        failing_cases(store, work, on),
        ageing_of(work, on),
        told,
        changed_cases(told.cases),
        impact_of(store, work, on, progress),
        is_behind(store, work),
    )


def problems_of(work: Proposal, on: date) -> tuple[PlacedProblem, ...]:
    """The problems and warnings of the bank, then of its cases; of very many the first, see ``all_placed``."""
    cases = cases_text(work)
    return (
        *all_placed(judged(work, on).problems, work.bank, "bank", work.text),
        *all_placed(about_cases(work, on), work.bank, "cases", cases),
    )


def ageing_of(work: Proposal, on: date) -> tuple[Ageing, ...]:
    """What of the bank goes out of date; nothing while its shape is broken."""
    loaded = judged(work, on).loaded
    return ageing(loaded.bank, data_of(work, "bank"), on) if loaded else ()


def differences_of(store: Store, work: Proposal) -> Differences:
    """What was changed since the publication that it grew from; of a new bank, all of it."""
    line = base_line(store, work)
    return differences_between(published(store, line) if line else nothing(work.bank), work)


def differences_between(before: Proposal, after: Proposal) -> Differences:
    """What one state of a bank has otherwise than another, as for two lines of its history."""
    pairs = [(data_of(before, sheet), data_of(after, sheet)) for sheet in SHEETS]
    readable = all(data is not None for pair in pairs for data in pair)
    bank, cases = (() if None in (old, new) else differences(old, new) for old, new in pairs)
    same = same_text(after.text, before.text) and cases_text(after) == cases_text(before)
    comments = tuple(pair for sheet in SHEETS for pair in _comments(before, after, sheet))
    return Differences(bank, cases, readable, same, comments)


def _comments(before: Proposal, after: Proposal, sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """The comments that changed in one of the texts; none while one of the two cannot be read."""
    file = file_of(after.bank, sheet)
    texts = [one.text if sheet == "bank" else cases_text(one) for one in (before, after)]
    # A text that is not there has no comments, as an empty map has none.
    old, new = (read(text or "{}", file).positions for text in texts)
    return comment_changes(old, new) if old and new else ()


def impact_of(
    store: Store, work: Proposal, on: date, progress: Progress = lambda done: None
) -> Impact | None:
    """What becomes of takers; None for a new bank, and while the bank has problems."""
    line, after = base_line(store, work), judged(work, on).compiled
    if line is None or after is None:
        return None
    key = (line.revision, after.revision, on)
    found = _known(key)
    if found is None:
        found = impact(compiled_publication(store, line), after, on, progress)
        _keep(key, found)
    progress(1.0)
    return found


def impact_name(store: Store, work: Proposal, on: date) -> str | None:
    """A name for what ``impact_of`` comes to, without working it out; None where it comes to nothing.

    It is the same in every process, so that one can know what another has shown.
    """
    line, after = base_line(store, work), judged(work, on).compiled
    if line is None or after is None:
        return None
    return sha256(f"{line.revision} {after.revision} {on.isoformat()}".encode()).hexdigest()[:16]


def is_behind(store: Store, work: Proposal) -> bool:
    """Whether somebody has published the bank since the proposal was begun, or caught up last."""
    head = store.heads().get(work.bank)
    return (str(head.number) if head else None) != work.base


_Key = tuple[str, str, date]
_impacts: OrderedDict[_Key, Impact] = OrderedDict()
_lock = threading.Lock()


def _known(key: _Key) -> Impact | None:
    with _lock:
        return _impacts.get(key)


def _keep(key: _Key, found: Impact) -> None:
    with _lock:
        _impacts[key] = found
        while len(_impacts) > _ROOM:
            _impacts.popitem(last=False)
