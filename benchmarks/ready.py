"""Takers who stand before the last step: the cookie of one who answered, and the form that saves the result.

They are signed with the secret that the measured server was started with, so that saving alone can be
measured, and thousands of different takers cost nothing to bring so far.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from quizapp.web.cookies import SignedCookie

SECRET = "only-for-servers-that-live-a-minute"
COOKIE = "quizapp"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Ready:
    """One taker: how to name the browser, and the request that saves its result."""

    owner: str
    body: bytes
    headers: Mapping[str, str]


class Takers:
    """Makes takers of one bank, each a browser and an address of its own."""

    def __init__(self, bank: str, answers: Mapping[str, Any]) -> None:
        """Take the bank and what all of them have answered."""
        app = Flask("takers")
        app.secret_key = SECRET
        cookies = SignedCookie().get_signing_serializer(app)
        assert cookies
        self._cookies: URLSafeTimedSerializer = cookies
        self._forms = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token")
        self._answers = dict(answers)
        self.path = f"/quiz/{bank}/result"

    def ready(self) -> Ready:
        """Somebody new."""
        owner, token = secrets.token_hex(16), secrets.token_hex(20)
        held = {"owner": owner, "csrf_token": token, "answers": self._answers, "_permanent": True}
        sent = str(self._cookies.dumps(held))
        headers = {"Cookie": f"{COOKIE}={sent}", "Content-Type": FORM, "X-Forwarded-For": some_address()}
        return Ready(owner, urlencode({"csrf_token": self._forms.dumps(token)}).encode(), headers)


def some_address() -> str:
    """An address of a network that is kept for tests of speed, so that no taker uses up another's turns."""
    return f"198.{18 + secrets.randbelow(2)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
