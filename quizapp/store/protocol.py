"""What every store promises, whichever database it sits on; the contract that ``tests/store`` proves.

Common to all operations: what has returned is kept, through ``kill -9`` and power loss alike; what
has raised has written nothing. ``Unavailable`` is raised when the database is locked, full, read-only
or gone, and trying again may work. Every operation may be called from any thread and, on the same
database, from several processes at once. What editors need (accounts, sessions, drafts, an audit log)
stands in protocols of its own, which ``Store`` joins to these.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from quizapp.store.drafts_protocol import AuditLog, Drafts
from quizapp.store.people_protocol import Editors, Limits, Sessions
from quizapp.store.records import InStep, Pressure, Publication, Result, ResultDraft, Revision, RevisionDraft


class Results(Protocol):
    """What takers keep."""

    def save_result(self, draft: ResultDraft, idempotency_key: str) -> str:
        """The token under which the result is found from now on.

        The same owner with the same key gets the same token and one row, however often and from
        however many processes it is sent; what was saved first stays. Raises ``NotFound`` when the
        draft's revision was never published.
        """
        ...

    def result(self, token: str) -> Result:
        """The result; raises one and the same ``NotFound`` for unknown, expired and deleted tokens."""
        ...

    def owns_result(self, token: str, owner_key: str) -> bool:
        """Whether this key made that result; False as well where there is no such result."""
        ...

    def show_answers(self, token: str, owner_key: str, shown: tuple[str, ...] | None) -> None:
        """Let the link show these answers only (None: all). ``NotFound`` unless the key made it."""
        ...

    def delete_result(self, token: str, owner_key: str) -> None:
        """Remove the result without a trace. ``NotFound`` unless the key made it."""
        ...

    def expired(self, now: datetime) -> int:
        """How many results ``expire`` would remove."""
        ...

    def expire(self, now: datetime) -> int:
        """Remove every result whose time has passed at ``now``; how many there were."""
        ...

    def saved_since(self, moment: datetime) -> dict[str, int]:
        """How many results made at ``moment`` or later are kept, per bank; banks with none are left out."""
        ...


class Revisions(Protocol):
    """What editors publish. Revisions are never changed and never removed."""

    def publish(self, draft: RevisionDraft) -> Publication:
        """The line of history that makes the draft's revision the live one.

        Raises ``Conflict`` when the bank's newest revision is not the draft's parent: somebody was
        faster, nothing is written. Publishing what is live already writes nothing and returns the
        line that is there, so that several workers may see the same file at once. If only its text
        differs in more than line ends, or its cases by any character, that is a new line on top of the
        live one; None as cases differs from nothing.
        """
        ...

    def text_of(self, number: int) -> str:
        """The bank's text as it was published in that line of history, comments and all.

        ``NotFound`` if there is no such line.
        """
        ...

    def cases_of(self, number: int) -> str | None:
        """The cases file's text that was published in that line of history; None if none was told.

        ``NotFound`` if there is no such line.
        """
        ...

    def revision(self, revision: str) -> Revision:
        """That revision, for ever; ``NotFound`` when it was never published."""
        ...

    def newest(self, bank: str) -> Publication:
        """The publication that is live; ``NotFound`` for a bank that was never published."""
        ...

    def history(self, bank: str) -> tuple[Publication, ...]:
        """Every publication of the bank, newest first; empty for an unknown bank."""
        ...

    def heads(self) -> dict[str, Publication]:
        """The newest publication of every bank, by slug; cheap enough to ask several times a second."""
        ...

    def wait_for_publication(self, seconds: float) -> bool:
        """True as soon as something may have been published, False when the time is over.

        True promises nothing: look at ``heads``. False neither, since a notice may be lost with its
        connection: look every few seconds all the same. An engine that hears of nothing waits. One
        thread at a time is served; closing the store ends the wait, and nothing is ever raised.
        """
        ...

    def in_step(self, place: str, bank: str) -> InStep | None:
        """What the bank's file in that folder last agreed with; None if that is not known."""
        ...

    def mark_in_step(self, step: InStep) -> None:
        """Remember that file and revision agree. ``NotFound`` when the revision was never published."""
        ...


class Store(Results, Revisions, Editors, Sessions, Limits, Drafts, AuditLog, Protocol):
    """Everything that outlives a request."""

    def ping(self) -> None:
        """Nothing, if the database answers; raises ``Unavailable`` if it does not."""
        ...

    def wrote_between(self, since: datetime, until: datetime) -> bool:
        """Whether a result, a publication, a draft or a line of the audit log was written in that time.

        From ``since`` on, before ``until``, by what each of them says of itself.
        """
        ...

    def pressure(self) -> Pressure | None:
        """How much is asked of this process's connections; None where they are not shared. Asks no server."""
        ...

    def schema_version(self) -> int:
        """How many migrations the database has had; the number of the last one."""
        ...

    def close(self) -> None:
        """Let go of the database. Whatever is asked afterwards raises ``Unavailable``."""
        ...
