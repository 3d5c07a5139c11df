"""The signed cookie that holds a browser's memory: plain JSON, signed by a signer made once.

Flask makes the signer anew for every request and tags every value for types that are not used here;
together that took as long as everything else that opening a page needs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, Request, json
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from quizapp.web.memory import fitting


class _Plain:
    """JSON as it is: the memory holds texts, numbers, truths, lists and objects only."""

    def dumps(self, value: Any) -> str:
        """Compact JSON."""
        return json.dumps(value, separators=(",", ":"))

    def loads(self, text: str) -> Any:
        """The value again."""
        return json.loads(text)


class SignedCookie(SecureCookieSessionInterface):
    """Flask's own cookie session with the signer kept."""

    serializer = _Plain()  # type: ignore[assignment]

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the cookie holds, as far as it fits; empty for one that cannot be read, whatever the cause.

        Never raises: an error here would come before anything that could answer it in words.
        """
        try:
            return SecureCookieSession(self._kept(app, request))
        except Exception:
            return SecureCookieSession()

    def _kept(self, app: Flask, request: Request) -> dict[str, Any]:
        signer, sent = self.get_signing_serializer(app), request.cookies.get(self.get_cookie_name(app))
        if signer is None or not sent:
            return {}
        value, signed = signer.loads(sent, return_timestamp=True)
        # Only too old is too old: signed a moment ahead of our clock is by a worker whose clock goes fast.
        if datetime.now(UTC) - signed > app.permanent_session_lifetime:
            return {}
        return fitting(value)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer of this application's secrets, made at the first request."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer
