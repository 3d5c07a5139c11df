"""The store in SQL that both engines know; says which operation needs which transaction.

What editors need stands in ``editing``; what one engine does in its own way, in that engine's modules.
"""

from __future__ import annotations

from datetime import datetime

from quizapp.store.records import InStep, Publication, Result, Revision, RevisionDraft
from quizapp.store.sql import moments, results, revisions
from quizapp.store.sql.editing import SqlEditing
from quizapp.store.sql.rows import Transactions

# Publishing is rare: one at a time over all banks numbers the lines in the order in which they are seen.
HISTORY = "publications"
_EXPIRY = "expiry"


class SqlStore(SqlEditing):
    """``Store``, but for opening and closing and for the two writes that happen most.

    See the protocol for what each operation promises.
    """

    @property
    def transactions(self) -> Transactions:
        """The open database itself, for what moves whole tables."""
        return self._database

    def result(self, token: str) -> Result:
        """The result, or ``NotFound``."""
        with self._database.read() as db:
            return results.find(db, token, self._clock())

    def owns_result(self, token: str, owner_key: str) -> bool:
        """Whether this key made that result."""
        with self._database.read() as db:
            return results.owns(db, token, owner_key, self._clock())

    def show_answers(self, token: str, owner_key: str, shown: tuple[str, ...] | None) -> None:
        """Let the link show these answers only, None for all."""
        with self._database.write() as db:
            results.show(db, token, owner_key, shown, self._clock())

    def delete_result(self, token: str, owner_key: str) -> None:
        """Remove the result, or ``NotFound``."""
        with self._database.write() as db:
            results.delete(db, token, owner_key, self._clock())

    def expired(self, now: datetime) -> int:
        """How many results have run out at ``now``."""
        with self._database.read() as db:
            return results.expired(db, now)

    def expire(self, now: datetime) -> int:
        """Remove what has run out at ``now``, a thousand to a transaction; how many in all."""
        total = 0
        while removed := self._expire_some(now):
            total += removed
        return total

    def _expire_some(self, now: datetime) -> int:
        with self._database.write(_EXPIRY) as db:
            return results.expire_some(db, now)

    def wrote_between(self, since: datetime, until: datetime) -> bool:
        """Whether anything that stays was written in that time."""
        with self._database.read() as db:
            return moments.wrote_between(db, since, until)

    def saved_since(self, moment: datetime) -> dict[str, int]:
        """How many results made since then are kept, per bank."""
        with self._database.read() as db:
            return results.saved_since(db, moment, self._clock())

    def publish(self, draft: RevisionDraft) -> Publication:
        """The line of history that makes the draft live, or ``Conflict``."""
        with self._database.write(HISTORY) as db:
            return revisions.publish(db, draft, self._clock())

    def revision(self, revision: str) -> Revision:
        """That revision, or ``NotFound``."""
        with self._database.read() as db:
            return revisions.find(db, revision)

    def text_of(self, number: int) -> str:
        """The bank's text that was published in that line, or ``NotFound``."""
        with self._database.read() as db:
            return revisions.text_of(db, number)

    def cases_of(self, number: int) -> str | None:
        """The cases that were published in that line, or ``NotFound``."""
        with self._database.read() as db:
            return revisions.cases_of(db, number)

    def newest(self, bank: str) -> Publication:
        """The live publication, or ``NotFound``."""
        with self._database.read() as db:
            return revisions.newest(db, bank)

    def history(self, bank: str) -> tuple[Publication, ...]:
        """Every publication of the bank, newest first."""
        with self._database.read() as db:
            return revisions.history(db, bank)

    def heads(self) -> dict[str, Publication]:
        """The newest publication of every bank."""
        with self._database.read() as db:
            return revisions.heads(db)

    def in_step(self, place: str, bank: str) -> InStep | None:
        """What the file in that folder last agreed with."""
        with self._database.read() as db:
            return revisions.in_step(db, place, bank)

    def mark_in_step(self, step: InStep) -> None:
        """Remember that file and revision agree."""
        with self._database.write() as db:
            revisions.mark_in_step(db, step)
