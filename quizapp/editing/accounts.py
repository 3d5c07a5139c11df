"""Who may edit: signing in and out, the first editor's set-up link, and what each role allows."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from quizapp.editing.passwords import Passwords, check_password
from quizapp.errors import Invalid, NotFound, Problem, QuizappError, Where
from quizapp.networks import network_of
from quizapp.store.editing_records import Editor, EditorSession, Role
from quizapp.store.protocol import Store
from quizapp.store.records import Rate
from quizapp.store.sql.editors import LONGEST_NAME, name_key
from quizapp.store.timestamps import Clock, utc_now
from quizapp.store.tokens import new_secret

# A role allows what those before it allow, and more.
ROLES: tuple[Role, ...] = ("viewer", "editor", "publisher")
NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}")

SETUP_HOURS = 24
AGENT_KEPT = 200
# In a quarter of an hour: so many tries from one address for one name, for all names (an office shares
# an address), and for one name from everywhere. So nobody can shut out another from one place alone.
TRIES, TRIES_OF_ADDRESS, TRIES_OF_NAME, TRY_SECONDS = 10, 30, 60, 900.0


class Refused(QuizappError):
    """Name and password do not go together, or the editor may not sign in; deliberately not told apart."""


class TooOften(QuizappError):
    """Too many tries; ``seconds`` is how long to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many tries; wait {round(seconds)} seconds")
        self.seconds = seconds


@dataclass(frozen=True)
class KnownBrowser:
    """A browser in which the editor of that id has signed in, by an id of its own."""

    editor: str
    id: str


def allows(role: Role, needed: Role) -> bool:
    """Whether a role allows what another is needed for.

    >>> allows("publisher", "editor"), allows("viewer", "editor")
    (True, False)
    """
    return ROLES.index(role) >= ROLES.index(needed)


class Accounts:
    """Editors and their sessions over a store; the secrets it hands out are kept nowhere in clear."""

    def __init__(self, store: Store, idle: timedelta, absolute: timedelta, clock: Clock = utc_now) -> None:
        self._store = store
        self._idle = idle
        self._absolute = absolute
        self._clock = clock
        self._passwords = Passwords()

    def sign_in(
        self, name: str, password: str, address: str, agent: str, browser: KnownBrowser | None = None
    ) -> str:
        """The secret of a new session.

        A browser in which that editor has signed in before has tries of its own, which no stranger uses
        up. Raises ``Refused`` for anything that does not fit, ``TooOften``, and ``Unavailable``.
        """
        key, network = name_key(name), network_of(address)
        editor = self._named(key)
        if editor and browser and browser.editor == editor.id:
            self._take_turn(f"sign-in of {editor.id} in {browser.id}", TRIES)
        else:
            # The address comes first: one that may try no more uses up no turn of anybody's name.
            self._take_turn(f"sign-in from {network}", TRIES_OF_ADDRESS)
            self._take_turn(f"sign-in to {key} from {network}", TRIES)
            self._take_turn(f"sign-in to {key}", TRIES_OF_NAME)
        kept = self._store.password_hash(editor.id) if editor else None
        if not self._passwords.fits(kept, password) or editor is None or editor.disabled:
            self._tell_refusal(editor.name if editor else "?")
            raise Refused("name and password do not go together")
        return self.begin(editor, agent)

    def sign_in_subject(self, subject: str, agent: str) -> str:
        """The secret of a new session of whom an identity provider has vouched for. Raises ``Refused``."""
        try:
            editor = self._store.editor_of_subject(subject)
        except NotFound:
            self._tell_refusal("?", subject=subject)
            raise Refused("no editor has this account") from None
        return self.begin(editor, agent)

    def begin(self, editor: Editor, agent: str) -> str:
        """The secret of a new session of an editor who has shown who they are. Raises ``Refused``."""
        secret = new_secret()
        try:
            self._store.begin_session(editor.id, secret, self._idle, self._absolute, agent[:AGENT_KEPT])
        except NotFound:
            self._tell_refusal(editor.name)
            raise Refused("this editor is disabled") from None
        self._store.record(editor.name, "signed_in", None, {})
        return secret

    def signed_in(self, secret: str) -> tuple[Editor, EditorSession]:
        """The editor behind a session's secret; ``NotFound`` once it has ended."""
        return self._store.session(secret)

    def sessions(self, editor: Editor) -> tuple[EditorSession, ...]:
        """The sessions of an editor that have not ended."""
        return self._store.sessions(editor.id)

    def is_set_up(self) -> bool:
        """Whether there is an editor."""
        return bool(self._store.editors())

    def sign_out(self, editor: Editor, session: EditorSession) -> None:
        """End a session on the server, if it has not ended by itself."""
        with suppress(NotFound):
            self._store.end_session(editor.id, session.id)
        self._store.record(editor.name, "signed_out", None, {})

    def end(self, editor: Editor, session_id: str) -> None:
        """End another session of the same editor; ``NotFound`` where there is none."""
        self._store.end_session(editor.id, session_id)
        self._store.record(editor.name, "session_ended", None, {})

    def end_others(self, editor: Editor, session: EditorSession) -> None:
        """End every session of an editor but this one."""
        self._store.end_sessions(editor.id, but=session.id)
        self._store.record(editor.name, "sessions_ended", None, {})

    def add(
        self, name: str, role: Role, password: str | None, subject: str | None = None, by: str = "command"
    ) -> Editor:
        """A new editor. Raises Invalid for a bad name or password, Conflict for a name that is taken."""
        folded = checked_name(name)
        kept = self._checked_hash(password, folded) if password is not None else None
        editor = self._store.add_editor(folded, role, kept, subject)
        self._store.record(by, "editor_added", None, {"editor": editor.name, "role": role})
        return editor

    def named(self, name: str) -> Editor:
        """The editor of that name. Raises NotFound."""
        return self._store.editor_named(name)

    def disable(self, name: str, disabled: bool, by: str = "command") -> None:
        """Let an editor no longer in, or again; disabling ends every session."""
        editor = self.named(name)
        self._store.set_disabled(editor.id, disabled)
        self._store.record(
            by, "editor_disabled" if disabled else "editor_enabled", None, {"editor": editor.name}
        )

    def give_role(self, name: str, role: Role, by: str = "command") -> None:
        """Change what an editor may do, from the next request on."""
        editor = self.named(name)
        self._store.set_role(editor.id, role)
        self._store.record(by, "role_given", None, {"editor": editor.name, "role": role})

    def set_password(self, name: str, password: str, by: str = "command") -> None:
        """Set a password; every session of that editor ends. Raises Invalid for one that is too weak."""
        editor = self.named(name)
        self._store.set_password(editor.id, self._checked_hash(password, editor.name))
        self._store.record(by, "password_set", None, {"editor": editor.name})

    def change_password(self, editor: Editor, old: str, new: str, agent: str) -> str:
        """Change one's own password and stay signed in: the secret of the only session that is left.

        Raises ``Refused`` where the old one does not fit, ``TooOften``, Invalid for a weak new one.
        """
        # Not the turns of signing in, which a stranger can use up.
        self._take_turn(f"password of {editor.id}", TRIES)
        if not self._passwords.fits(self._store.password_hash(editor.id), old):
            raise Refused("the old password does not fit")
        self.set_password(editor.name, new, by=editor.name)
        return self.begin(editor, agent)

    def offer_setup(self) -> str | None:
        """The secret of one more link to make the first editor by, good for a day; None once there is one."""
        if self.is_set_up():
            return None
        secret = new_secret()
        self._store.offer_setup(secret, self._clock() + timedelta(hours=SETUP_HOURS))
        return secret

    def link_holds(self, secret: str) -> bool:
        """Whether the first editor can be made by that link."""
        return self._store.setup_offered(secret)

    def take_setup(self, secret: str, name: str, password: str, address: str, agent: str) -> str:
        """Make the first editor, a publisher, and sign in: the secret of the session.

        Raises Invalid for a bad name or password, ``TooOften``, and NotFound for a link that does not, or
        no longer, hold.
        """
        if self.is_set_up():
            raise NotFound("there is an editor already")
        self._take_turn(f"set-up from {network_of(address)}", TRIES)
        # Reading what was typed and hashing are dear, and whoever has no link may not ask for them.
        if not self.link_holds(secret):
            raise NotFound("there is no such link")
        folded = _checked_both(name, password)
        kept = self._passwords.hashed(password)
        editor = self._store.take_setup(secret, folded, kept)
        self._store.record(editor.name, "set_up", None, {})
        return self.begin(editor, agent)

    def _checked_hash(self, password: str, name: str) -> str:
        check_password(password, name)
        return self._passwords.hashed(password)

    def _named(self, name: str) -> Editor | None:
        try:
            return self._store.editor_named(name)
        except NotFound:
            return None

    def _tell_refusal(self, who: str, **about: str) -> None:
        # Lines are never removed, and strangers may try for years: the first in each quarter of an hour is told.
        if not self._store.take_turn(Rate(f"told that {who} was refused {about}", 1, TRY_SECONDS)):
            self._store.record(who, "sign_in_refused", None, about)

    def _take_turn(self, what: str, times: int) -> None:
        # The store keeps a fingerprint only: what somebody typed in the wrong box stands nowhere.
        if wait := self._store.take_turn(Rate(what, times, TRY_SECONDS)):
            raise TooOften(wait)


def _checked_both(name: str, password: str) -> str:
    """The name as it is kept. Raises Invalid with what is wrong with either, all of it."""
    wrong: list[Problem] = []
    folded = ""
    try:
        folded = checked_name(name)
    except Invalid as error:
        wrong += error.problems
    try:
        check_password(password, folded or name)
    except Invalid as error:
        wrong += error.problems
    if wrong:
        raise Invalid(wrong)
    return folded


def checked_name(name: str) -> str:
    """The name as it is kept. Raises Invalid for one that cannot be a name."""
    key = name_key(name)
    if len(name) <= LONGEST_NAME and NAME.fullmatch(key):
        return key
    what, why = "this cannot be a name", "names stand in the history and in commands"
    fix = "take 2 to 64 small letters, figures and . _ - @ +"
    raise Invalid([Problem(Where("name"), "bad_name", what, why, fix)])
