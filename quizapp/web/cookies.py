"""The signed cookie that holds a browser's memory: plain JSON, signed by a signer made once.

Flask makes the signer anew for every request and tags every value for types that are not used here;
together that took as long as everything else that opening a page needs.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, json
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


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

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer of this application's secrets, made at the first request."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer
