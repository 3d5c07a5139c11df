"""The half of the store that editors use; says which operation needs which transaction."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from quizapp.errors import Unavailable
from quizapp.store.editing_records import (
    KEEP,
    AuditEntry,
    Closed,
    Draft,
    DraftHead,
    DraftVersion,
    DraftVersionHead,
    Editor,
    EditorSession,
    Keep,
    Preview,
    Role,
)
from quizapp.store.sql import audit, drafts, editors, previews, sessions
from quizapp.store.sql.rows import Transactions
from quizapp.store.timestamps import Clock

# Operations with one of these names in common never run beside each other. A draft's own name guards its
# versions, an editor's own name whether they may come in.
_WHO_THERE_IS = "editors"
_WHAT_IS_OPEN = "open drafts"
_LOG = "audit log"


class SqlEditing:
    """``Editors``, ``Sessions``, ``Drafts`` and ``AuditLog``; see their protocols."""

    def __init__(self, database: Transactions, clock: Clock) -> None:
        """Work on a database that is open and has the newest schema by the time anything is asked."""
        self._database = database
        self._clock = clock

    def add_editor(
        self, name: str, role: Role, password_hash: str | None, subject: str | None = None
    ) -> Editor:
        """The new editor, or ``Conflict``."""
        with self._database.write(_WHO_THERE_IS) as db:
            return editors.add(db, name, role, password_hash, subject, self._clock())

    def editor(self, editor_id: str) -> Editor:
        """The editor, or ``NotFound``."""
        with self._database.read() as db:
            return editors.find(db, editor_id)

    def editor_named(self, name: str) -> Editor:
        """The editor of that name, or ``NotFound``."""
        with self._database.read() as db:
            return editors.find_named(db, name)

    def editor_of_subject(self, subject: str) -> Editor:
        """The editor of that subject, or ``NotFound``."""
        with self._database.read() as db:
            return editors.find_subject(db, subject)

    def editors(self) -> tuple[Editor, ...]:
        """Everybody, by name."""
        with self._database.read() as db:
            return editors.everybody(db)

    def password_hash(self, editor_id: str) -> str | None:
        """What to check a password against, or ``NotFound``."""
        with self._database.read() as db:
            return editors.password_hash(db, editor_id)

    def set_password(self, editor_id: str, password_hash: str) -> None:
        """Change it and end the editor's sessions in one transaction."""
        with self._database.write(editor_id) as db:
            editors.set_password(db, editor_id, password_hash)
            sessions.end_all(db, editor_id)

    def set_role(self, editor_id: str, role: Role) -> None:
        """Change what the editor may do."""
        with self._database.write() as db:
            editors.set_role(db, editor_id, role)

    def set_disabled(self, editor_id: str, disabled: bool) -> None:
        """Shut out, ending sessions and previews in the same transaction, or let in again."""
        with self._database.write(editor_id) as db:
            editors.set_disabled(db, editor_id, disabled)
            if disabled:
                sessions.end_all(db, editor_id)
                previews.end_of_maker(db, editor_id, self._clock())

    def offer_setup(self, secret: str, until: datetime) -> None:
        """Make one more offer, or ``Conflict``."""
        with self._database.write(_WHO_THERE_IS) as db:
            editors.offer_setup(db, secret, until)

    def setup_offered(self, secret: str) -> bool:
        """Whether the offer holds."""
        with self._database.read() as db:
            return editors.is_offered(db, secret, self._clock())

    def take_setup(self, secret: str, name: str, password_hash: str) -> Editor:
        """The first editor, or ``NotFound``."""
        with self._database.write(_WHO_THERE_IS) as db:
            return editors.take_setup(db, secret, name, password_hash, self._clock())

    def begin_session(
        self, editor_id: str, secret: str, idle: timedelta, absolute: timedelta, agent: str
    ) -> EditorSession:
        """A new session, or ``NotFound``."""
        with self._database.write(editor_id) as db:
            return sessions.begin(db, editor_id, secret, (idle, absolute), agent, self._clock())

    def session(self, secret: str) -> tuple[Editor, EditorSession]:
        """Who it is, or ``NotFound``."""
        now = self._clock()
        with self._database.read() as db:
            editor, session, due = sessions.find(db, secret, now)
        if due:
            # A disk that is full keeps nobody from reading what they came for.
            with suppress(Unavailable):
                with self._database.write() as db:
                    sessions.move(db, secret, now)
                session = replace(session, seen=now)
        return editor, session

    def sessions(self, editor_id: str) -> tuple[EditorSession, ...]:
        """The editor's sessions that are alive."""
        with self._database.read() as db:
            return sessions.living(db, editor_id, self._clock())

    def end_session(self, editor_id: str, session_id: str) -> None:
        """End that one, or ``NotFound``."""
        with self._database.write() as db:
            sessions.end(db, editor_id, session_id, self._clock())

    def end_sessions(self, editor_id: str, but: str | None = None) -> None:
        """End all of them but one."""
        with self._database.write() as db:
            sessions.end_all(db, editor_id, but)

    def open_draft(self, bank: str, editor: str, base: str | None, text: str, cases: str | None) -> Draft:
        """A new draft, or the one that is open."""
        with self._database.write(_WHAT_IS_OPEN) as db:
            return drafts.open_one(db, bank, editor, base, (text, cases), self._clock())

    def draft(self, draft_id: str) -> Draft:
        """The draft as it stands, or ``NotFound``."""
        with self._database.read() as db:
            return drafts.find(db, draft_id)

    def open_drafts(self, bank: str | None = None) -> tuple[DraftHead, ...]:
        """The open drafts of everybody."""
        with self._database.read() as db:
            return drafts.heads(db, opened=True, bank=bank, editor_id=None)

    def draft_of(self, bank: str, editor: str) -> Draft | None:
        """The draft of that bank which the editor has open."""
        with self._database.read() as db:
            return drafts.open_of(db, bank, editor)

    def save_draft(
        self,
        draft_id: str,
        version: int,
        text: str,
        cases: str | None,
        what: str,
        restores: int | None = None,
        base: str | Keep | None = KEEP,
    ) -> Draft:
        """The draft with one more version, or ``Conflict``."""
        with self._database.write(draft_id) as db:
            head = drafts.on_top_of(db, draft_id, version)
            grown_from = head.base if base is KEEP else base
            step = (what, restores)
            return drafts.save(db, draft_id, version, grown_from, (text, cases), step, self._clock())

    def draft_version(self, draft_id: str, version: int) -> DraftVersion:
        """The draft as it stood then, or ``NotFound``."""
        with self._database.read() as db:
            return drafts.version(db, draft_id, version)

    def draft_versions(self, draft_id: str) -> tuple[DraftVersionHead, ...]:
        """The versions that are kept, newest first."""
        with self._database.read() as db:
            return drafts.versions(db, draft_id)

    def close_draft(self, draft_id: str, state: Closed) -> None:
        """Put it away and end its previews, or ``NotFound``."""
        with self._database.write(draft_id) as db:
            drafts.close(db, draft_id, state, self._clock())

    def closed_drafts(self, bank: str, editor: str | None = None) -> tuple[DraftHead, ...]:
        """The drafts that were put away, the last one first."""
        with self._database.read() as db:
            return drafts.heads(db, opened=False, bank=bank, editor_id=editor)

    def reopen_draft(self, draft_id: str) -> Draft:
        """The draft, open again, or ``Conflict``."""
        with self._database.write(_WHAT_IS_OPEN, draft_id) as db:
            return drafts.reopen(db, draft_id, self._clock())

    def offer_preview(
        self, draft_id: str, version: int, secret: str, until: datetime, maker: str, shared: bool = True
    ) -> None:
        """Let the secret show that version, or ``NotFound``, or ``Conflict``."""
        with self._database.write(draft_id, maker) as db:
            drafts.open_head(db, draft_id)
            previews.offer(db, (draft_id, version), secret, until, maker, shared, self._clock())

    def preview(self, secret: str) -> tuple[str, int]:
        """The draft and the version that the secret shows, or ``NotFound``, or ``Ended``."""
        with self._database.read() as db:
            return previews.find(db, secret, self._clock())

    def shared_previews(self, maker: str) -> tuple[Preview, ...]:
        """The open links that the editor made for others."""
        with self._database.read() as db:
            return previews.shared_by(db, maker, self._clock())

    def end_preview(self, maker: str, preview_id: str) -> None:
        """End that one, or ``NotFound``."""
        with self._database.write(maker) as db:
            previews.end(db, maker, preview_id, self._clock())

    def record(self, who: str, did: str, bank: str | None, about: Mapping[str, object]) -> None:
        """Add a line to the audit log."""
        with self._database.write(_LOG) as db:
            audit.add(db, who, did, bank, about, self._clock())

    def entries(
        self, limit: int = 100, before: int | None = None, bank: str | None = None
    ) -> tuple[AuditEntry, ...]:
        """Lines of the audit log, newest first."""
        with self._database.read() as db:
            return audit.entries(db, limit, before, bank)
