"""What a browser answered in previews: a cookie of its own, apart from a taker's answers, gone with the browser.

Each preview's answers are kept under a name made from its secret. There is room for a few; those that were
answered longest ago are dropped for it.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from flask import Flask, current_app, request
from itsdangerous import BadData
from werkzeug.wrappers import Response as AnyResponse

from quizapp.store.tokens import fingerprint
from quizapp.web.cookies import SignedCookie
from quizapp.web.memory import fitting

# Browsers keep 4,096 bytes of a cookie, its name and attributes included, and drop what is larger.
ROOM = 3_900
PREVIEWS = 4
NAME_LENGTH = 16
DAYS = 14


class PreviewCookie(SignedCookie):
    """Signed as the takers' cookie is, and not to be mistaken for it."""

    salt = "quizapp-preview"

    def name(self, app: Flask) -> str:
        """What the cookie is called."""
        return "__Host-quizapp-preview" if app.config["SESSION_COOKIE_SECURE"] else "quizapp-preview"

    def opened(self) -> dict[str, dict[str, Any]]:
        """What this request's cookie holds, by preview; empty for one that cannot be read."""
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        signer, sent = self.get_signing_serializer(app), request.cookies.get(self.name(app))
        if signer is None or not sent:
            return {}
        try:
            held = signer.loads(sent, max_age=DAYS * 86_400)
        except (BadData, ValueError, RecursionError):
            return {}
        return {str(name): fitting(kept) for name, kept in held.items()} if isinstance(held, dict) else {}

    def packed(self, held: dict[str, dict[str, Any]]) -> str:
        """The same as a cookie's value; what does not fit is dropped, the oldest first."""
        signer = self.get_signing_serializer(current_app._get_current_object())  # type: ignore[attr-defined]
        assert signer is not None, "no secret"
        names = list(held)[-PREVIEWS:]
        while True:
            text = str(signer.dumps({name: held[name] for name in names}))
            if len(text) <= ROOM or len(names) < 2:
                return text
            del names[0]


class Compartment(MutableMapping[str, Any]):
    """The part of the cookie that belongs to one preview, read and changed during one request."""

    def __init__(self, cookie: PreviewCookie, token: str) -> None:
        self._cookie = cookie
        self._name = fingerprint("preview memory", token)[:NAME_LENGTH]
        self._held = cookie.opened()
        self._kept = dict(self._held.get(self._name, {}))
        self._changed = False

    def keep(self, response: AnyResponse) -> None:
        """Put what was changed into the response."""
        if not self._changed:
            return
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        others = {name: kept for name, kept in self._held.items() if name != self._name}
        held = {**others, **({self._name: self._kept} if self._kept else {})}
        about = {"path": "/", "secure": app.config["SESSION_COOKIE_SECURE"], "httponly": True}
        if held:
            response.set_cookie(self._cookie.name(app), self._cookie.packed(held), samesite="Lax", **about)
        else:
            response.delete_cookie(self._cookie.name(app), samesite="Lax", **about)

    def __getitem__(self, name: str) -> Any:
        return self._kept[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._kept[name] = value
        self._changed = True

    def __delitem__(self, name: str) -> None:
        del self._kept[name]
        self._changed = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)
