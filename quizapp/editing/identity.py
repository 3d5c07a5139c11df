"""What signing in through an OpenID provider promises; knows no provider and needs no library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from quizapp.errors import QuizappError


class Untrusted(QuizappError):
    """What came back from the provider, or was said to, cannot be believed; its words tell the operator why."""


class Unreachable(QuizappError):
    """The provider does not answer, or not in time, or not as one."""


@dataclass(frozen=True)
class Attempt:
    """One signing in that has begun: what the browser keeps until it comes back."""

    state: str
    nonce: str
    verifier: str
    redirect: str


class Identity(Protocol):
    """An OpenID provider."""

    def begin(self, redirect: str) -> tuple[str, Attempt]:
        """Where to send a browser, and what it must bring back to ``redirect``. Raises ``Unreachable``."""
        ...

    def subject(self, attempt: Attempt, code: str, said_issuer: str | None = None) -> str:
        """Who it is, as "issuer|sub", for the code that came back. Raises ``Untrusted``, ``Unreachable``."""
        ...
