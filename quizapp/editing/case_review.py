"""What an edit does to a bank's cases: which fail now, and which were changed to fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from quizapp.bank.addresses import Address
from quizapp.bank.comparing.differences import Difference
from quizapp.editing.proposal import Proposal, base_line, cases_of, compiled_publication, judged
from quizapp.engine.cases import run_case
from quizapp.store.protocol import Store

# What of a case may be changed without changing what it demands.
_WORDS = ("label", "basis", "rules")


@dataclass(frozen=True)
class FailingCase:
    """A case that does not come out as expected. ``label`` is in both languages, by code.

    ``failed_before`` says that, as it is written now, it fails on the bank before the edit too: then
    the case is wrong rather than the edit.
    """

    id: str
    label: dict[str, str]
    failures: tuple[str, ...]
    failed_before: bool
    address: Address


@dataclass(frozen=True)
class ChangedCase:
    """A case that demands something else than before, or nothing any more; publishing wants a reason."""

    id: str
    how: Literal["changed", "removed"]
    differences: tuple[Difference, ...]


def failing_cases(store: Store, work: Proposal, on: date) -> tuple[FailingCase, ...]:
    """The proposed cases that fail on the proposed bank; none while either has problems of its own."""
    compiled, (cases, _) = judged(work, on).compiled, cases_of(work)
    if compiled is None or cases is None:
        return ()
    line = base_line(store, work)
    before = compiled_publication(store, line) if line else None
    found = []
    for case in cases.cases:
        result = run_case(compiled, case)
        if not result.passed:
            label = {"ja": case.label.ja, "en": case.label.en}
            failed_before = before is not None and not run_case(before, case).passed
            found.append(FailingCase(case.id, label, result.failures, failed_before, ("cases", case.id)))
    return tuple(found)


def changed_cases(differences: tuple[Difference, ...]) -> tuple[ChangedCase, ...]:
    """The cases that demand something else; ``differences`` are those between the two files of cases.

    New cases, further expectations and other words need no reason.
    """
    told: dict[str, list[Difference]] = {}
    for difference in differences:
        if len(difference.address) >= 2 and not _harmless(difference):
            told.setdefault(difference.address[1], []).append(difference)
    whole = [difference for difference in differences if len(difference.address) < 2]
    return (
        *(ChangedCase("", "changed", (one,)) for one in whole if one.before not in (None, [])),
        *(ChangedCase(case, _how(case, parts), tuple(parts)) for case, parts in told.items()),
    )


def _harmless(difference: Difference) -> bool:
    if difference.kind == "moved":
        return len(difference.address) == 2
    if len(difference.address) == 2 or difference.address[2] == "expect":
        return difference.kind == "added"
    return difference.address[2] in _WORDS


def _how(case: str, parts: list[Difference]) -> Literal["changed", "removed"]:
    gone: Any = ("cases", case)
    return "removed" if any(one.address == gone and one.kind == "removed" for one in parts) else "changed"
