"""Reads a file of the folder of banks: an ordinary file inside it, and no more of it than a bank may hold."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from quizapp.bank.yaml.caps import MAX_BYTES
from quizapp.bank.yaml.reader import decode
from quizapp.errors import Invalid, NotFound, Problem, Where, told

# A pipe without a writer must not make the opening wait, nor a link put in its place be followed.
_SAFELY = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class NotOrdinary(OSError):
    """A pipe, a device, a folder, or a link that leads out of the folder of banks."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EINVAL, "it is not an ordinary file inside the folder", str(path))


def content(path: Path) -> bytes:
    """What the file holds; of one that is too large for a bank, one byte more than a bank may hold.

    Raises ``FileNotFoundError``, ``NotOrdinary``, or another ``OSError`` where it cannot be read.
    """
    real = ordinary(path)
    with open(os.open(real, _SAFELY), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise NotOrdinary(path)
        return file.read(MAX_BYTES + 1)


def text(path: Path) -> str:
    """The same as text, line ends as they are.

    Raises ``NotFound``, or ``Invalid`` where it cannot be read, is too large or not UTF-8.
    """
    try:
        raw = content(path)
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}") from None
    except OSError as error:
        raise Invalid([unreadable(path, error)]) from None
    return decode(raw, str(path))


def ordinary(path: Path) -> Path:
    """Where the file really lies: links are followed as long as they stay inside the folder.

    Raises ``FileNotFoundError`` where there is none, and ``NotOrdinary``.
    """
    try:
        real = path.resolve(strict=True)
    except RuntimeError:  # Python 3.11 and 3.12 say so of a link that leads to itself.
        raise NotOrdinary(path) from None
    if not real.is_relative_to(path.parent.resolve()) or not stat.S_ISREG(real.lstat().st_mode):
        raise NotOrdinary(path)
    return real


def unreadable(path: Path, error: OSError) -> Problem:
    """What to say of a file that cannot be read."""
    if isinstance(error, NotOrdinary):
        return Problem(
            Where(str(error.filename)),
            "unreadable",
            told("this is not an ordinary file inside the folder of banks"),
            told(
                "a pipe or a device never ends, and a link out of the folder may show what is not meant for it"
            ),
            told("put the file itself there, or take it away"),
        )
    return Problem(
        Where(str(path)),
        "unreadable",
        told("the bank or its cases cannot be read (%(strerror)s)", strerror=error.strerror),
        told("it cannot be checked, let alone published"),
        told("check who may read the files"),
    )
