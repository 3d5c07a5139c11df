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
from quizapp.web.body_limits import FORM_BYTES, most_bytes
from quizapp.web.security import LAST_WORDS, headers_of
from quizapp.web.threads import Threads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

SECONDS_FOR_A_BODY = 10.0
# What bodies larger than a taker's form may hold of memory, all together; and how many requests may wait
# for a thread, which is some seconds' work.
BYTES_AT_ONCE = 64_000_000
MOST_WAITING = 1_000
# Each piece of a body is a turn of the event loop. The slowest of networks brings 500 bytes at a time.
PIECES, BYTES_A_PIECE = 1_000, 500
RETRY_SECONDS = "5"
WORDS = {
    400: "送信が途中で切れました。もう一度お試しください。\nWhat was sent broke off. Please send it again.\n",
    408: "送信に時間がかかりすぎました。もう一度お試しください。\n"
    "What was sent took too long to arrive. Please send it again.\n",
    413: "送信が細かく分かれすぎています。もう一度お試しください。\n"
    "What was sent came in too many pieces. Please send it again.\n",
    500: LAST_WORDS.decode(),
    503: "ただいま混み合っています。しばらくしてから、もう一度お試しください。\n"
    "Very busy just now. Please try again in a while.\n",
}
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


class BrokenOff(Exception):
    """The client left in the midst of its body."""


class TooManyPieces(Exception):
    """The body comes in pieces so small that no network would have made them."""


class NoRoom(Exception):
    """Too much is held or waited for already."""


class WholeBodies:
    """A WSGI application as granian calls it over RSGI, at most ``settings.threads`` requests at work.

    Waiting for a body costs no thread. One that has not come within ``seconds`` is answered 408; of one
    over the limit of its address only enough is read for the application to refuse it with 413. One in more
    pieces than ``most_pieces`` is answered 413 here. While large bodies fill their share of memory, or too
    many requests wait for a thread, others get 503.
    """

    def __init__(self, app: WSGIApplication, settings: Settings, seconds: float = SECONDS_FOR_A_BODY) -> None:
        self._app = app
        self._as_set = settings.max_body_bytes
        self._headers = headers_of(settings)
        self._seconds = seconds
        self._held = 0  # Only ever touched by the event loop's own thread.
        self._threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="request")
        self.load = Threads(settings.threads)

    async def __call__(self, scope: Scope, exchange: Exchange) -> None:
        """Answers one request; what the application lets escape is logged and answered 500."""
        body = bytearray()
        try:
            await self._receive(scope, exchange, body)
        except TimeoutError:
            self._refuse(exchange, 408)
        except BrokenOff:
            self._refuse(exchange, 400)
        except TooManyPieces:
            self._refuse(exchange, 413)
        except NoRoom:
            self._refuse(exchange, 503)
        except Exception:
            # Not the path: it may hold the token of a result.
            log.exception("a %s request failed", scope.method)
            self._refuse(exchange, 500)
        finally:
            self._held -= _counted(body)

    async def _receive(self, scope: Scope, exchange: Exchange, body: bytearray) -> None:
        """Waits for the body and has the request answered.

        Raises TimeoutError, BrokenOff, TooManyPieces and NoRoom.
        """
        if self.load.waiting >= MOST_WAITING:
            raise NoRoom
        environ = environ_of(scope)
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            async with asyncio.timeout(self._seconds):
                await self._fill(body, environ, exchange)
        environ["wsgi.input"] = BytesIO(body)
        if environ.pop("HTTP_TRANSFER_ENCODING", None):
            environ["CONTENT_LENGTH"] = str(len(body))  # By this the application refuses what is too large.
        self.load.queue()
        working = self._threads.submit(self._answer, environ, exchange)
        working.add_done_callback(self._given_up)
        await asyncio.wrap_future(working)

    async def _fill(self, body: bytearray, environ: WSGIEnvironment, exchange: Exchange) -> None:
        """Fills in the body, or its beginning where it is over the limit.

        Raises BrokenOff, TooManyPieces and NoRoom.
        """
        stated = environ.get("CONTENT_LENGTH", "")
        length = int(stated) if stated.isdecimal() else None
        limit = most_bytes(environ["PATH_INFO"], self._as_set)
        if not length and "HTTP_TRANSFER_ENCODING" not in environ:
            return
        if length is not None and length > limit:
            return  # The application refuses it by its stated length.
        pieces, most = 0, most_pieces(limit)
        async for chunk in exchange:
            pieces += bool(chunk)  # The end is told as a piece of nothing.
            if pieces > most:
                raise TooManyPieces
            before = _counted(body)
            body += chunk
            self._held += _counted(body) - before
            if self._held > BYTES_AT_ONCE and len(body) > FORM_BYTES:
                raise NoRoom
            if len(body) > limit:
                return
        if length is not None and len(body) < length:
            raise BrokenOff

    def _refuse(self, exchange: Exchange, status: int) -> None:
        said = {**self._headers, "Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
        if status == 503:
            said["Retry-After"] = RETRY_SECONDS
        exchange.response_bytes(status, list(said.items()), WORDS[status].encode())

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


def most_pieces(limit: int) -> int:
    """In how many pieces a body may come, by the limit of bytes of its address.

    >>> most_pieces(32_768), most_pieces(1_000_000)
    (1065, 3000)
    """
    return PIECES + limit // BYTES_A_PIECE


def _counted(body: bytearray) -> int:
    """What of a body counts: nothing of one as small as takers' forms, which must go on while others attack."""
    return max(0, len(body) - FORM_BYTES)


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
