"""One kept connection to a server, and requests over it; as little work as possible, since it shares the cores."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=]+)=([^;\r]*)", re.IGNORECASE)
_ENDS = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What came back, with the cookies that were set."""

    status: int
    location: str
    cookies: Mapping[str, str]
    body: bytes


class Asking:
    """A connection that is opened when it is needed, and again when the server has ended it."""

    def __init__(self, url: str) -> None:
        """Take the server's address, without a slash at the end."""
        place = urlsplit(url)
        assert place.hostname and place.port
        self._place = (place.hostname, place.port)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """The answer. Raises OSError or EOFError where none comes."""
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{k}: {v}" for k, v in headers.items())]
        if method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        sent = "\r\n".join([*lines, "", ""]).encode() + body
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection(*self._place)
            reader, writer = self._streams
            writer.write(sent)
            return await self._read(reader)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the connection."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _read(self, reader: asyncio.StreamReader) -> Answer:
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        if _ENDS.search(head):
            self.close()
        place = _LOCATION.search(head)
        cookies = {name.decode(): value.decode() for name, value in _COOKIE.findall(head)}
        return Answer(int(head[9:12]), place[1].decode() if place else "", cookies, body)
