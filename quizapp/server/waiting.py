"""Stands in for the application while its database does not answer; knows neither pages nor store.

A worker that is started during an outage must not die of it: it says what is the matter, and goes on by itself.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from quizapp.config import VERSION, Settings
from quizapp.errors import Problem, Unavailable, Unusable, Where
from quizapp.setting_kinds import POSTGRES
from quizapp.web.security import headers_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
TOLD_EVERY = 60.0
RETRY_SECONDS = "5"
JSON, TEXT = "application/json", "text/plain; charset=utf-8"
WORDS = (
    "ただいまご利用いただけません。しばらくしてから、もう一度お試しください。\n"
    "Not available right now. Please try again in a while.\n"
)
log = logging.getLogger("quizapp.server")
Made = TypeVar("Made")


def is_worth_waiting(settings: Settings, error: Unavailable) -> bool:
    """Whether it may pass by itself: a server comes back; a file that cannot be opened wants somebody's hand."""
    return settings.database.startswith(POSTGRES) and not isinstance(error, Unusable)


class Waiting:
    """The application once it can be made, until then the answer that it is not there yet."""

    def __init__(self, settings: Settings) -> None:
        self._headers = headers_of(settings)
        self._app: WSGIApplication | None = None
        self._why = ""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """What the application answers; without one 503, but for ``/healthz``: this process is well."""
        if self._app:
            return self._app(environ, start_response)
        path = environ.get("PATH_INFO", "")
        status = "200 OK" if path == "/healthz" else "503 Service Unavailable"
        kind, body = self._answer(path)
        said = {"Content-Type": kind, "Content-Length": str(len(body))}
        said |= {} if path == "/healthz" else {"Retry-After": RETRY_SECONDS}
        start_response(status, [*said.items(), *self._headers.items()])
        return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else body]

    def give(self, app: WSGIApplication) -> None:
        """Let the application answer from now on."""
        self._app = app

    def until(self, make: Callable[[], Made], error: Unavailable) -> Made:
        """What ``make`` makes, tried until it does not raise Unavailable; anything else it raises passes through.

        Every new reason is logged at once, a lasting one once a minute.
        """
        pause, told_at = FIRST_PAUSE, 0.0
        while True:
            now = time.monotonic()
            if str(error) != self._why or now >= told_at + TOLD_EVERY:
                log.warning("waiting for the database: %s", error)
                self._why, told_at = str(error), now
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                return make()
            except Unusable:
                raise
            except Unavailable as again:
                error = again

    def _answer(self, path: str) -> tuple[str, bytes]:
        if path == "/healthz":
            return _json({"status": "ok", "version": VERSION})
        if path == "/readyz":
            checks = {"store": {"ok": False, "says": self._why}}
            return _json({"ready": False, "checks": checks, "version": VERSION})
        if path.startswith("/api/"):
            what, fix = "Not available right now.", "Wait as long as Retry-After says and send it again."
            return _json({"problems": [Problem(Where("request"), "http_503", what, fix, fix).to_json()]})
        return TEXT, WORDS.encode()


def _json(value: Any) -> tuple[str, bytes]:
    return JSON, (json.dumps(value) + "\n").encode()
