"""A checksum over every byte of a backup, kept in its header; knows nothing of what the file holds.

A database is sound for SQLite although a letter in one of its rows has changed. The checksum stands where SQLite keeps
a number for the application (``user_version``), which quizapp uses for nothing else.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path

# https://www.sqlite.org/fileformat.html, section 1.3
_AT, _LENGTH = 60, 4
_PIECE = 1 << 20
NONE = b"\0\0\0\0"


def write_seal(path: Path) -> None:
    """Put the checksum of a file that nobody has open into it."""
    seal = _checksum(path)
    with path.open("r+b") as file:
        file.seek(_AT)
        file.write(seal)
        file.flush()
        os.fsync(file.fileno())


def is_unbroken(path: Path) -> bool:
    """Whether every byte is as it was when the file was sealed; True, too, where it never was."""
    with path.open("rb") as file:
        file.seek(_AT)
        seal = file.read(_LENGTH)
    return seal in (NONE, _checksum(path))


def _checksum(path: Path) -> bytes:
    """CRC-32 of all bytes but its own, never 0."""
    total = 0
    with path.open("rb") as file:
        first = bytearray(file.read(_PIECE))
        first[_AT : _AT + _LENGTH] = NONE
        total = zlib.crc32(first)
        while piece := file.read(_PIECE):
            total = zlib.crc32(piece, total)
    return (total or 1).to_bytes(_LENGTH, "big")
