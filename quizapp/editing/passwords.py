"""Passwords: which are good enough, how they are kept (argon2id), how many are worked on at once."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from quizapp.errors import Invalid, Problem, Unavailable, Where
from quizapp.letters import folded

SHORTEST = 12
LONGEST = 200
# OWASP's second choice for argon2id: 19 MiB and two passes, about 30 ms here.
_MEMORY_KIB = 19_456
_PASSES = 2
# Each holds its memory and a core, and whoever waits holds a thread: more of either would let a flood of
# sign-ins starve the quiz.
AT_ONCE = 2
PATIENCE_SECONDS = 2.0
# What is tried first by whoever guesses, once figures and signs at either end are taken off.
_COMMON = frozenset(
    [
        "password",
        "passwordpassword",
        "passw0rd",
        "changeme",
        "letmein",
        "iloveyou",
        "welcome",
        "administrator",
        "adminadmin",
        "qwertyuiop",
        "qwertyqwerty",
        "asdfghjkl",
        "zxcvbnm",
        "abcdefghijkl",
        "abcabcabc",
        "monkey",
        "dragon",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "superman",
        "trustnoone",
        "nihongo",
    ]
)
_ROWS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertyuiop[]")


class Passwords:
    """Hashes and checks passwords, at most ``AT_ONCE`` at a time in this process."""

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=1)
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._patience = patience

    def hashed(self, password: str) -> str:
        """What is kept of a password. Raises Unavailable when too many are being worked on."""
        with self._turn():
            return self._hasher.hash(_normal(password))

    def fits(self, kept: str | None, password: str) -> bool:
        """Whether it is the password of which ``kept`` was kept; False, as slowly, where nothing was.

        Raises Unavailable when too many are being worked on.
        """
        with self._turn():
            try:
                right = self._hasher.verify(kept or self._nobody, _normal(password))
                return right and bool(kept)
            except (VerificationError, InvalidHashError):
                return False

    @cached_property
    def _nobody(self) -> str:
        """Checked in place of a hash that is not there, so that unknown names take as long as known ones."""
        return self._hasher.hash(secrets.token_hex())

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._room.acquire(timeout=self._patience):
            raise Unavailable("too many sign-ins at once; try again in a moment")
        try:
            yield
        finally:
            self._room.release()


def check_password(password: str, name: str) -> None:
    """Nothing, if it is good enough for the editor of that name; raises Invalid with what is wrong."""
    plain = _normal(password).decode("utf-8", "surrogatepass")
    wrong: list[tuple[str, str]] = []
    if len(plain) < SHORTEST:
        wrong.append(("password_short", f"it has {len(plain)} characters"))
    if len(password) > LONGEST:
        wrong.append(("password_long", f"it has more than {LONGEST} characters"))
    small = plain.casefold()
    if name.casefold() in small and len(name) * 2 > len(small):
        wrong.append(("password_name", "it is little more than the name"))
    if plain and len(set(small)) < 5:
        wrong.append(("password_same", "it repeats the same few characters"))
    elif plain and _is_common(small):
        wrong.append(("password_common", "it is among those that are tried first"))
    if wrong:
        why, fix = (
            "short or plain passwords are guessed",
            f"take {SHORTEST} characters or more, such as four words",
        )
        raise Invalid([Problem(Where("password"), code, what, why, fix) for code, what in wrong])


def _is_common(small: str) -> bool:
    core = small.strip("0123456789!?#$%&*+-_. ")
    return not core or core in _COMMON or any(small in row or small in row[::-1] for row in _ROWS)


def _normal(password: str) -> bytes:
    """The same password however a keyboard composes it; what is longer than any costs no more time than one."""
    return folded(password, LONGEST + 1).encode("utf-8", "surrogatepass")
