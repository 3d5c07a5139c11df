"""The folder of bank files: which there are, whether they have changed; never looks inside them."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from quizapp.bank.cases import cases_path
from quizapp.config import VERSION
from quizapp.library.reading import NotOrdinary, content, ordinary

_SLUG = re.compile(r"[a-z][a-z0-9_]{0,63}")

Stamp = tuple[tuple[int, int, int, int] | None, ...]


@dataclass(frozen=True)
class BankFiles:
    """A bank's file and, beside it, its cases (which may be missing)."""

    path: Path

    @property
    def slug(self) -> str:
        """The name that the bank has by its file.

        >>> BankFiles(Path("questions/msl.yaml")).slug
        'msl'
        """
        return self.path.stem

    @property
    def cases(self) -> Path:
        """Where the bank's cases are, if it has any."""
        return cases_path(self.path)

    def stamp(self) -> Stamp:
        """What changes whenever somebody saves one of the files; cheap, without reading them."""
        return tuple(_stamp(path) for path in (self.path, self.cases))

    def digest(self) -> str:
        """A hash of what the files hold and of the version of quizapp, which checks them its own way.

        Raises ``OSError`` where one of them cannot be read or is not an ordinary file.
        """
        return digest_of(*(_held(path) for path in (self.path, self.cases)))


def digest_of(bank: bytes, cases: bytes) -> str:
    """The digest of files that hold this; a file that is not there holds nothing."""
    sum_ = hashlib.sha256(VERSION.encode())
    for held in (bank, cases):
        sum_.update(b"%d:" % len(held) + held)
    return sum_.hexdigest()


def bank_files(folder: Path) -> dict[str, BankFiles]:
    """The bank files of the folder by slug; empty where there is no such folder.

    What editors and tools leave beside them (``.msl.yaml.swp``, ``msl (copy).yaml``) is not a bank.
    """
    found = (BankFiles(path) for path in sorted(folder.glob("*.yaml")))
    return {files.slug: files for files in found if _SLUG.fullmatch(files.slug)}


def replace_file(path: Path, text: str) -> None:
    """Put the text in the place of the file, atomically: a crash leaves the old or the new, never half.

    What stood there is kept beside it as ``<name>.before``. Raises ``OSError``.
    """
    if (old := _old(path)) is not None:
        _write_to_disk(path.with_name(f"{path.name}.before"), old)
    put_in_place(path, text)


def put_aside(path: Path) -> None:
    """Rename the file to ``<name>.before``. Raises ``OSError``."""
    os.replace(path, path.with_name(f"{path.name}.before"))
    _sync_folder(path.parent)


def put_in_place(path: Path, text: str) -> None:
    """The same without keeping what stood there. Raises ``OSError``."""
    temporary = path.with_name(f".{path.name}.new")
    _write_to_disk(temporary, text.encode())
    os.replace(temporary, path)
    _sync_folder(path.parent)


def _held(path: Path) -> bytes:
    try:
        return content(path)
    except FileNotFoundError:
        return b""


def _old(path: Path) -> bytes | None:
    """What stands there; None where nothing does, or what a link from outside shows."""
    try:
        return ordinary(path).read_bytes()
    except (FileNotFoundError, NotOrdinary):
        return None


def _write_to_disk(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _stamp(path: Path) -> tuple[int, int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        # A pipe or device changes all the time; that it is one is all that counts.
        return 0, 0, 0, found.st_ino
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
