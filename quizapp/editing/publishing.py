"""Puts a draft live, rolls a bank back, puts a draft away; each leaves a line in the audit log.

What forbids publishing is refused here, whoever asks and however.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from quizapp.editing.case_review import changed_cases, failing_cases
from quizapp.editing.proposal import Proposal, cases_text
from quizapp.editing.review import differences_of, impact_of, is_behind, problems_of
from quizapp.editing.workshop import Workshop, file_of
from quizapp.errors import Conflict, Invalid, NotFound, Problem, Where, told
from quizapp.library.library import Library
from quizapp.library.records import Published
from quizapp.store.editing_records import Draft, Editor
from quizapp.store.protocol import Store
from quizapp.store.records import Publication

MOST_WHY = 500


def publish(
    store: Store,
    library: Library,
    workshop: Workshop,
    draft: Draft,
    who: Editor,
    why: str,
    case_reason: str,
    on: date,
    *,
    unseen: bool = False,
) -> Published:
    """The draft, live; it is closed as published. ``unseen`` notes that nobody looked at the impact.

    Raises ``Invalid`` with every problem and failing case, and for a missing reason; ``Conflict`` where
    the draft is behind, was saved elsewhere since, or somebody publishes in this moment. Nothing is
    changed then.
    """
    now = store.draft(draft.id)
    if now.state != "open":
        raise NotFound("the draft is no longer open")
    if now.version != draft.version:
        raise Conflict("the draft was saved elsewhere meanwhile")
    if workshop.behind(draft):
        raise Conflict("somebody has published since the draft was begun")
    about = {"draft": draft.id, **({"unseen": True} if unseen else {})}
    done = publish_texts(store, library, draft, who.name, why, case_reason, on, about)
    # What was saved in this very moment is not lost: the draft's versions are kept, and can be reopened.
    with suppress(NotFound):
        store.close_draft(draft.id, "published")
    return done


def publish_texts(
    store: Store,
    library: Library,
    work: Proposal,
    who: str,
    why: str,
    case_reason: str,
    on: date,
    about: Mapping[str, object] | None = None,
) -> Published:
    """The proposed bank and its cases, live. Raises as ``publish`` does."""
    changes = differences_of(store, work)
    if is_behind(store, work):
        raise Conflict(f"{work.bank}: somebody has published meanwhile")
    wrong = [
        *(found.problem for found in problems_of(work, on) if found.blocks),
        *_failing(store, work, on),
        *_unexplained(work, why, case_reason, bool(changed_cases(changes.cases))),
    ]
    if wrong:
        raise Invalid(wrong)
    if changes.same:
        raise Invalid([_nothing_changed(work)])
    turned = _first_changed(store, work, on)
    reason = case_reason.strip()
    told = f"{why.strip()} / {reason}" if reason else why.strip()
    parent = int(work.base) if work.base else None
    done = library.publish(work.bank, work.text, cases_text(work), parent, who, told)
    more = {**(about or {}), "first_changed": turned, **({"case_reason": reason} if reason else {})}
    _record(store, "published", done, more)
    return done


def roll_back(
    store: Store, library: Library, bank: str, number: int, who: Editor | str, why: str
) -> Published:
    """What that line of history made live, live again as a new revision.

    Raises ``Invalid`` without a reason, or where that state would not pass its check today,
    ``NotFound`` for a line that is not the bank's. Nothing is changed then.
    """
    if wrong := _reason(Where("why"), why):
        raise Invalid(wrong)
    name = who if isinstance(who, str) else who.name
    done = library.roll_back(bank, number, name, why.strip())
    _record(store, "rolled_back", done, {"to": number})
    return done


def settle(store: Store, library: Library, bank: str, keep: str, who: str) -> Publication:
    """End a conflict of file and live bank, see ``Library.settle``."""
    done = library.settle(bank, "file" if keep == "file" else "live")
    about = {"keep": keep, "revision": done.revision, "number": done.number}
    store.record(who, "settled", bank, about)
    return done


def discard(store: Store, draft: Draft, who: Editor) -> None:
    """Put a draft away; it can be brought back. Raises ``NotFound`` unless it is open."""
    store.close_draft(draft.id, "discarded")
    store.record(who.name, "draft_discarded", draft.bank, {"draft": draft.id, "version": draft.version})


def reopen(store: Store, draft_id: str, who: Editor) -> Draft:
    """A draft that was put away, open again.

    Raises ``Conflict`` if its editor has another draft of the bank open, ``NotFound``.
    """
    draft = store.reopen_draft(draft_id)
    store.record(who.name, "draft_reopened", draft.bank, {"draft": draft.id})
    return draft


def _record(store: Store, did: str, done: Published, more: Mapping[str, object]) -> None:
    line = done.publication
    about = {
        "revision": line.revision,
        "number": line.number,
        "why": line.why,
        "written_back": done.written_back,
        **more,
    }
    store.record(line.who, did, line.bank, about)


def _first_changed(store: Store, work: Proposal, on: date) -> float | None:
    """The share of takers who see another first place; None for a new bank."""
    found = impact_of(store, work, on)
    return round(found.share("first").value, 6) if found else None


def _failing(store: Store, work: Proposal, on: date) -> list[Problem]:
    where = Where(file_of(work.bank, "cases"))
    why, fix = (
        told("the bank no longer gives what is expected"),
        told("mend the bank, or change the case with a reason"),
    )
    return [
        Problem(
            where, "case_failed", told("case %(case)s: %(failure)s", case=case.id, failure=failure), why, fix
        )
        for case in failing_cases(store, work, on)
        for failure in case.failures
    ]


def _unexplained(work: Proposal, why: str, case_reason: str, wants_case_reason: bool) -> list[Problem]:
    found = _reason(Where("why"), why)
    if wants_case_reason and not case_reason.strip():
        what, reason = told("cases were changed without a reason"), told("a case is what the bank promised")
        fix = told("say why the new outcome is right")
        found.append(Problem(Where("case_reason"), "no_case_reason", what, reason, fix))
    elif case_reason.strip():
        found += _reason(Where("case_reason"), case_reason)
    return found


def _reason(where: Where, text: str) -> list[Problem]:
    if not text.strip():
        what, fix = told("there is no reason"), told("say in a sentence why it changes")
        return [Problem(where, "no_reason", what, told("the history tells it to those who come later"), fix)]
    if len(text) > MOST_WHY:
        what = told("the reason has %(count)s characters", count=len(text))
        return [
            Problem(
                where,
                "long_reason",
                what,
                told("%(most)s are the most", most=MOST_WHY),
                told("make it shorter"),
            )
        ]
    return []


def _nothing_changed(work: Proposal) -> Problem:
    what, why = (
        told("nothing was changed"),
        told("a publication that changes nothing only clutters the history"),
    )
    return Problem(Where(file_of(work.bank, "bank")), "nothing_changed", what, why, told("discard the draft"))
