"""Secrets that people carry in links and cookies: how they are made, and what is kept of them."""

from __future__ import annotations

import hashlib
import secrets

# Letters and figures only: messengers cut a "-" or "_" off the end of a link. None that look alike.
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LENGTH = 24


def new_secret() -> str:
    """A new text that nobody can guess: 24 letters and figures, 140 random bits.

    >>> len(new_secret()), new_secret() == new_secret()
    (24, False)
    """
    # One draw for all places: a draw for each takes as long as ranking a bank.
    number, letters = secrets.randbelow(len(_ALPHABET) ** _LENGTH), []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "".join(letters)


def fingerprint(*parts: str) -> str:
    """What is kept instead of a secret: SHA-256 over its parts, each fenced by its length.

    No salt and no slow hash, because the secrets are random already: there is nothing to guess.

    >>> fingerprint("a", "bc") == fingerprint("ab", "c")
    False
    """
    fenced = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(fenced.encode("utf-8", "surrogatepass")).hexdigest()
