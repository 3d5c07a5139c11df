"""A rendered page kept ready to send, packed, with one gap for what differs in every request.

The gap holds the forms' CSRF tokens. It lies outside the packed parts as a stored block of its own,
so that a page is compressed once however often it is sent, and a secret is never compressed together
with words that somebody else may have chosen (the BREACH attack).
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass, field

GAP = "<!--tokens-->"
# What a form with GET sends stands in addresses, histories and logs: it gets no token.
_FORM = re.compile(r'<form id="([a-z-]+)" method="post"')
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_MOST_STORED = 65_535


@dataclass(frozen=True)
class Sheet:
    """A page in two parts, plain and packed; ``forms`` are the ids of its forms."""

    head: bytes = field(repr=False)
    tail: bytes = field(repr=False)
    forms: tuple[str, ...]
    head_check: int
    packed_head: bytes = field(repr=False)
    packed_tail: bytes = field(repr=False)

    def plain(self, filling: bytes) -> bytes:
        """The page with its gap filled."""
        return self.head + filling + self.tail

    def packed(self, filling: bytes) -> bytes:
        """The same as one gzip member; ``filling`` is at most 65,535 bytes."""
        check = zlib.crc32(self.tail, zlib.crc32(filling, self.head_check))
        size = len(self.head) + len(filling) + len(self.tail)
        ending = struct.pack("<II", check, size & 0xFFFFFFFF)
        return b"".join((self.packed_head, _stored(filling), self.packed_tail, ending))


def sheet(html: str) -> Sheet:
    """A page ready to send; its gap is where ``GAP`` stands."""
    before, _, after = html.partition(GAP)
    head, tail = before.encode(), after.encode()
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed_head = _GZIP_HEADER + packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed_tail = packer.compress(tail) + packer.flush(zlib.Z_FINISH)
    return Sheet(head, tail, tuple(_FORM.findall(before)), zlib.crc32(head), packed_head, packed_tail)


def _stored(data: bytes) -> bytes:
    """A deflate block that holds the data as it is (RFC 1951, 3.2.4)."""
    if len(data) > _MOST_STORED:
        raise ValueError("too long for one stored block")
    return b"\x00" + struct.pack("<HH", len(data), len(data) ^ 0xFFFF) + data
