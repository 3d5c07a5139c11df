"""Joins two people's texts of one bank once it is decided what the bank says: comments and layout of both.

Each text is first rewritten to say the same. What still differs is comments and layout, which lines tell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from quizapp.bank.addresses import Address
from quizapp.bank.comparing.lines import LineClash, Lines, Piece, merge_lines
from quizapp.bank.comparing.matching import alike
from quizapp.bank.comparing.merging import Clash, Side
from quizapp.bank.saving.rewriting import data_of, rewrite
from quizapp.bank.shapes.part_kinds import kind_of_file
from quizapp.errors import Invalid

# No part of a file has such an address: a name cannot begin so.
COMMENTS = "# comments"


class Joined:
    """The text of both; ``clashes`` are lines for a person to settle, by an address of their own each."""

    def __init__(self, pieces: tuple[Piece, ...]) -> None:
        self._pieces = pieces
        self._named = {_address(one): one for one in pieces if isinstance(one, LineClash)}
        self.clashes: tuple[Clash, ...] = tuple(
            Clash(address, "".join(one.base), "".join(one.mine), "".join(one.theirs))
            for address, one in self._named.items()
        )

    def settle(self, chosen: Mapping[Address, Side]) -> str:
        """The text with the clashes settled as chosen; one that is not named is as in mine."""
        return "".join(line for piece in self._pieces for line in _settled(piece, chosen))


def join(base: str, mine: str, theirs: str, file: str, wanted: Any) -> Joined:
    """The text that says ``wanted`` with the comments and the layout of both who changed ``base``.

    Whatever is chosen for its clashes, it says what is wanted. Comments that both added in the same place
    all stay, theirs first; line ends are as in theirs. ``base`` is empty where there is none. Raises
    Invalid where a text cannot be rewritten.
    """
    base, mine = _ends_as_in(theirs, base), _ends_as_in(theirs, mine)
    if base in (mine, theirs):
        return Joined((_lines(rewrite(theirs if mine == base else mine, file, wanted)),))
    joined = _of_lines(base, mine, theirs)
    if not joined.clashes and _says(joined.settle({}), file, wanted):
        return joined
    texts = [rewrite(text, file, wanted) if text else "" for text in (base, mine, theirs)]
    joined = _of_lines(*texts)
    every: tuple[Side, ...] = ("mine", "theirs")
    choices = [{clash.address: side for clash in joined.clashes} for side in every]
    if all(_says(joined.settle(chosen), file, wanted) for chosen in choices):
        return joined
    # Lines that only mean what they should together, as those of a block of text: all of one or the other.
    return Joined((LineClash(*map(_lines, texts)),))


def _of_lines(base: str, mine: str, theirs: str) -> Joined:
    found = merge_lines(_lines(base), _lines(mine), _lines(theirs))
    return Joined(tuple(_both(one) if isinstance(one, LineClash) else one for one in found))


def _both(clash: LineClash) -> Piece:
    """Both, where nothing but comments was added in the same place."""
    added = (*clash.mine, *clash.theirs)
    if clash.base or not all(line.endswith("\n") and _is_comment(line) for line in added):
        return clash
    return clash.theirs + tuple(line for line in clash.mine if line not in clash.theirs)


def _is_comment(line: str) -> bool:
    return line.lstrip(" ")[:1] in ("#", "\n", "\r")


def _says(text: str, file: str, wanted: Any) -> bool:
    try:
        return alike(data_of(text, file), wanted, kind_of_file(wanted))
    except Invalid:
        return False


def _settled(piece: Piece, chosen: Mapping[Address, Side]) -> Lines:
    if not isinstance(piece, LineClash):
        return piece
    return piece.theirs if chosen.get(_address(piece)) == "theirs" else piece.mine


def _address(clash: LineClash) -> Address:
    """The same for the same lines, so that a choice made on one page counts on the next."""
    words = "\0".join("".join(side) for side in (clash.base, clash.mine, clash.theirs))
    return COMMENTS, hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _lines(text: str) -> Lines:
    return tuple(text.splitlines(keepends=True))


def _ends_as_in(like: str, text: str) -> str:
    plain = text.replace("\r\n", "\n")
    return plain.replace("\n", "\r\n") if "\r\n" in like else plain
