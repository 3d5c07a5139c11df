"""What every store promises of editors, of their sessions and of how often something may be tried.

Passwords come here hashed and secrets leave only their fingerprint: nothing that is kept lets anybody in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from quizapp.store.editing_records import Editor, EditorSession, Role
from quizapp.store.records import Rate


class Editors(Protocol):
    """Who may edit. Editors are disabled, never removed, so that history can name them for ever."""

    def add_editor(
        self, name: str, role: Role, password_hash: str | None, subject: str | None = None
    ) -> Editor:
        """The new editor. ``Conflict`` if the name (in any case or width of letters) or subject is taken.

        An offer to set up that is still open ends.
        """
        ...

    def editor(self, editor_id: str) -> Editor:
        """The editor, or ``NotFound``."""
        ...

    def editor_named(self, name: str) -> Editor:
        """The editor of that name, in any case or width of letters, or ``NotFound``."""
        ...

    def editor_of_subject(self, subject: str) -> Editor:
        """The editor whom the identity provider calls so, or ``NotFound``."""
        ...

    def editors(self) -> tuple[Editor, ...]:
        """Everybody, the disabled too, ordered by name."""
        ...

    def password_hash(self, editor_id: str) -> str | None:
        """What to check a password against, None for an editor without one; ``NotFound`` if nobody."""
        ...

    def set_password(self, editor_id: str, password_hash: str) -> None:
        """Change it, and end every session of that editor. ``NotFound`` if there is nobody."""
        ...

    def set_role(self, editor_id: str, role: Role) -> None:
        """Change what the editor may do, from the next request on. ``NotFound`` if there is nobody."""
        ...

    def set_disabled(self, editor_id: str, disabled: bool) -> None:
        """Shut the editor out, which ends every session, or let them in again. ``NotFound`` if nobody."""
        ...

    def offer_setup(self, secret: str, until: datetime) -> None:
        """Let whoever brings the secret become the first editor; of all offers the newest ``MOST_OFFERS`` hold.

        ``Conflict`` once there is an editor, be it a disabled one.
        """
        ...

    def setup_offered(self, secret: str) -> bool:
        """Whether ``take_setup`` would find that offer; nothing is used up."""
        ...

    def take_setup(self, secret: str, name: str, password_hash: str) -> Editor:
        """The first editor, a publisher; every offer is used up in the same transaction.

        One and the same ``NotFound`` for an offer unknown, used, one of too many or run out, and when
        there is an editor already. Of many who take at once one succeeds.
        """
        ...


class Sessions(Protocol):
    """Who is signed in. A session is found by its secret, of which only the fingerprint is kept."""

    def begin_session(
        self, editor_id: str, secret: str, idle: timedelta, absolute: timedelta, agent: str
    ) -> EditorSession:
        """A session that ends ``idle`` after its last use and ``absolute`` after now, whichever is first.

        ``NotFound`` if there is no such editor or they are disabled.
        """
        ...

    def session(self, secret: str) -> tuple[Editor, EditorSession]:
        """Who it is, as they are now. This is a use of the session; it is written at most once a minute.

        One and the same ``NotFound`` for a secret unknown, ended, idle too long or too old, and for an
        editor who is disabled. A store that can only be read just now still answers.
        """
        ...

    def sessions(self, editor_id: str) -> tuple[EditorSession, ...]:
        """The sessions of that editor that are alive, the last begun first."""
        ...

    def end_session(self, editor_id: str, session_id: str) -> None:
        """End it now. ``NotFound`` unless it is that editor's and alive."""
        ...

    def end_sessions(self, editor_id: str, but: str | None = None) -> None:
        """End all sessions of that editor, but the one with this id if one is named."""
        ...


class Limits(Protocol):
    """How often something may be tried, counted over all threads, processes and machines together."""

    def take_turn(self, *rates: Rate) -> float:
        """0.0 when every one of the rates allows it, and it is counted; else the longest wait, in seconds.

        What one refuses is counted in none, save where somebody else took the last turn at that instant.
        ``ValueError`` unless times and seconds are positive.
        """
        ...
