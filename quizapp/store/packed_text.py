"""Long texts as the store keeps them: compressed, because a draft is kept after every small change."""

from __future__ import annotations

import zlib

# Whatever was typed comes back, be it no proper Unicode.
_BROKEN_TOO = "surrogatepass"


def packed(text: str) -> bytes:
    r"""The text as kept.

    >>> len(packed("fee: 1000\n" * 100)) < 50
    True
    """
    return zlib.compress(text.encode("utf-8", _BROKEN_TOO))


def unpacked(kept: bytes) -> str:
    """The text that was kept, character for character.

    >>> unpacked(packed("受講料: 1000円"))
    '受講料: 1000円'
    """
    return zlib.decompress(kept).decode("utf-8", _BROKEN_TOO)
