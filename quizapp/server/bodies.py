"""Stands between granian and the application: a thread is taken only once a request's body has come whole."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING, Any, Protocol

from granian.rsgi import Scope

from quizapp.config import Settings
from quizapp.web.threads import Threads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

SECONDS_FOR_A_BODY = 10.0
PLAIN = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
FIXED: WSGIEnvironment = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
log = logging.getLogger(__name__)


class Exchange(Protocol):
    """What granian hands over with a request: its body, piece by piece, and the way to answer."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Sends the whole answer."""


class WholeBodies:
    """A WSGI application as granian calls it over RSGI, at most ``settings.threads`` requests at work.

    Waiting for a body costs no thread. One that has not come within ``seconds`` is answered 408; of one
    over ``settings.max_body_bytes`` only enough is read for the application to refuse it with 413.
    """

    def __init__(self, app: WSGIApplication, settings: Settings, seconds: float = SECONDS_FOR_A_BODY) -> None:
        self._app = app
        self._limit = settings.max_body_bytes
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="request")
        self.load = Threads(settings.threads)

    async def __call__(self, scope: Scope, exchange: Exchange) -> None:
        """Answers one request; what the application lets escape is logged and answered 500."""
        environ = environ_of(scope)
        body: bytes | None = b""
        try:
            if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
                async with asyncio.timeout(self._seconds):
                    body = await self._body(environ, exchange)
        except TimeoutError:
            exchange.response_bytes(408, PLAIN, b"The request did not come whole in time.\n")
            return
        if body is None:
            exchange.response_bytes(400, PLAIN, b"The request did not come whole.\n")
            return
        environ["wsgi.input"] = BytesIO(body)
        if environ.pop("HTTP_TRANSFER_ENCODING", None):
            environ["CONTENT_LENGTH"] = str(len(body))  # By this the application refuses what is too large.
        self.load.queue()
        working = self._threads.submit(self._answer, environ, exchange)
        working.add_done_callback(self._given_up)
        try:
            await asyncio.wrap_future(working)
        except Exception:
            # Not the path: it may hold the token of a result.
            log.exception("a %s request failed", scope.method)
            exchange.response_bytes(500, PLAIN, b"Internal Server Error\n")

    async def _body(self, environ: WSGIEnvironment, exchange: Exchange) -> bytes | None:
        """The body, or its beginning where over the limit; None where the client left in the midst of it."""
        stated = environ.get("CONTENT_LENGTH", "")
        length = int(stated) if stated.isdecimal() else None
        if not length and "HTTP_TRANSFER_ENCODING" not in environ:
            return b""
        if length is not None and length > self._limit:
            return b""  # The application refuses it by its stated length.
        body = bytearray()
        async for chunk in exchange:
            body += chunk
            if len(body) > self._limit:
                break
        if length is not None and len(body) < length:
            return None
        return bytes(body)

    def _given_up(self, working: Future[None]) -> None:
        if working.cancelled():
            self.load.queue(-1)

    def _answer(self, environ: WSGIEnvironment, exchange: Exchange) -> None:
        self.load.take()
        try:
            self._answer_now(environ, exchange)
        finally:
            self.load.give_back()

    def _answer_now(self, environ: WSGIEnvironment, exchange: Exchange) -> None:
        begun: list[tuple[int, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
            begun[:] = [(int(status.split(" ", 1)[0]), headers)]

        parts = self._app(environ, start)
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close:
                close()
        # Sent from here: the client need not wait until the event loop has its turn.
        exchange.response_bytes(*begun[0], body)


def environ_of(scope: Scope) -> WSGIEnvironment:
    """The request as WSGI says it, all but its body.

    A header whose name holds an underscore is left out: it could pass for one that a proxy vouches for.
    """
    host, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = FIXED | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        joint = ";" if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    return environ
