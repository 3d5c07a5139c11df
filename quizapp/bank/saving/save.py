"""Writes a bank's file: the old one or the new one, never half, and never over somebody else's change."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from quizapp.bank.load import LoadedBank, parse_bank, read_text
from quizapp.bank.saving.edits import Edit, edit_text
from quizapp.errors import Conflict

# Windows has no such lock; there one editor at a time must do.
if sys.platform != "win32":
    import fcntl


def save_bank(path: Path, edits: Sequence[Edit], expected: str) -> LoadedBank:
    """Makes the edits in a bank's file and gives the bank as saved; every other byte stays.

    ``expected`` is the text that the edits were made for. Raises Conflict where the file holds another
    by now, Invalid where the result would be no bank; in both cases nothing is written.
    """
    saved = parse_bank(edit_text(expected, str(path), edits), str(path))
    write_text(path, saved.text, expected)
    return saved


def write_text(path: Path, text: str, expected: str | None) -> None:
    """Replaces a file's text in one step: temporary file, fsync, rename, fsync of the folder.

    ``expected`` is the text that is to be replaced, None where there must be no file yet. Raises
    Conflict where something else is there, OSError where the folder cannot be written; in both cases
    the file is as it was.
    """
    target = path.resolve()
    with _folder_locked(target.parent) as folder:
        _refuse_change(target, expected)
        temporary = _written_beside(target, text)
        try:
            _refuse_change(target, expected)
            os.replace(temporary, target)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
        if folder is not None:
            os.fsync(folder)


@contextmanager
def _folder_locked(folder: Path) -> Iterator[int | None]:
    """One writer at a time in a folder, over all processes of this machine."""
    if sys.platform == "win32":
        yield None
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _refuse_change(target: Path, expected: str | None) -> None:
    now = read_text(target) if target.is_file() else None
    if now != expected:
        what = "is there already" if expected is None else "was changed" if now is not None else "is gone"
        raise Conflict(f"{target.name} {what}; nothing was written")


def _written_beside(target: Path, text: str) -> str:
    descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        os.chmod(temporary, mode)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    return temporary
