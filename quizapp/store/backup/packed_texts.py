"""Unpacks the packed texts of a file that may be hostile, to see that they are texts; keeps none of them.

A few bytes can be packed so that they unpack into a thousand times as many. So each text has a most, and all
of them together have work to do that goes by how much is packed.
"""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator

# The largest body that the settings allow is the largest text that an editor could ever have typed.
MOST_UNPACKED = 50_000_000
# Texts of banks shrink to a fifth or a tenth. What small stores hold is unpacked whatever it shrank to.
MOST_TIMES, GIVEN = 50, 500_000_000
_PIECE = 1_000_000


class PackedTexts:
    """The packed texts of one file, one after another; holds a piece of one at a time."""

    def __init__(self) -> None:
        self._left = GIVEN

    def is_one(self, value: bytes) -> bool:
        """Whether that is a packed text; no longer once there was more to unpack than any store comes to.

        Raises ``zlib.error`` or ``ValueError`` for other bytes.
        """
        self._left += MOST_TIMES * len(value)
        most = min(MOST_UNPACKED, self._left)
        text, size = codecs.getincrementaldecoder("utf-8")("surrogatepass"), 0
        unpacking = zlib.decompressobj()
        for piece in _pieces(unpacking, value):
            size += len(piece)
            if size > most:
                self._left = max(0, self._left - size)
                return False
            text.decode(piece)
        text.decode(b"", final=True)
        self._left -= size
        return unpacking.eof


def _pieces(unpacking: zlib._Decompress, value: bytes) -> Iterator[bytes]:
    while value and not unpacking.eof:
        piece = unpacking.decompress(value, _PIECE)
        yield piece
        value = unpacking.unconsumed_tail
        if not value and not piece:
            return
