"""Writes what was published in the browser into the folder's files: both files or neither, over no edit.

What is about to be written stands first in a journal beside the files. Whatever kills the process,
the next look ends what the journal says, or leaves alone what somebody has edited since.
"""

from __future__ import annotations

import json
import logging
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from quizapp.bank.saving.joining import join
from quizapp.bank.saving.rewriting import data_of
from quizapp.bank.saving.save import write_text
from quizapp.errors import Conflict, Invalid, NotFound, Unavailable
from quizapp.library.folder import BankFiles, digest_of, put_aside, put_in_place
from quizapp.library.proof import Proved
from quizapp.library.reading import ordinary, text
from quizapp.library.step import Step, is_live, mark_in_step, step_of
from quizapp.store.protocol import Store
from quizapp.store.records import Publication, same_text

logger = logging.getLogger("quizapp.library.library")


def _m_(message: str) -> str:
    """The message itself, marked for the collection of translations: pages say it in their language."""
    return message


EDITED = _m_("Somebody has changed the file since it was last in step, so it was left as it is.")
UNWRITABLE = _m_("The folder of the banks cannot be written.")

_ENDING = ".writing"
_STALE_SECONDS = 60.0
# As library.folder and bank.saving.save name them.
_TEMPORARY = re.compile(
    r"\.{1,2}[a-z][a-z0-9_]*(\.cases|\.[0-9a-f]{8})?\.(yaml|writing)(\.[a-z0-9_]{8})?\.new"
)


@dataclass(frozen=True)
class _File:
    """One file's text as it was and as it shall be; None where there is no file."""

    path: Path
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Journal:
    """What is to be written for one bank, in this order, once it is published on top of ``after``.

    ``text`` and ``cases`` are what the publication tells: None where it tells no cases, or where an
    earlier version of quizapp wrote the journal without the text.
    """

    path: Path
    files: BankFiles
    after: int
    revision: str
    text: str | None
    cases: str | None
    changes: tuple[_File, ...]

    @property
    def digest(self) -> str:
        """The digest of the files once all is written."""
        held = {change.path: (change.after or "").encode() for change in self.changes}
        return digest_of(held[self.files.path], held[self.files.cases])

    def drop(self) -> None:
        """Forget it: all is written, or nothing shall be."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def begin_writing(
    store: Store, place: str, files: BankFiles, after: int, proved: Proved, cases: str | None
) -> Journal | str:
    """The journal, which is on the disk, of what a publication will write; or a sentence why nothing.

    Files are written only where they are as they were when last in step, or not there at all. Comments
    that only the file has stay in it, and so do its line ends. ``cases`` is None where the file of cases is
    to be left alone, empty where there shall be none; one that has to go is kept as ``<name>.before``.
    """
    if not is_writable(files.path.parent):
        return UNWRITABLE
    try:
        changes = _changes(store, place, files, proved, cases)
        # Of its own name, so that two processes that publish at once do not take each other's away.
        path = files.path.with_name(f".{files.slug}.{token_hex(4)}{_ENDING}")
        journal = Journal(path, files, after, proved.revision, proved.text, cases, changes)
        put_in_place(path, _written(journal))
    except (Conflict, Invalid):
        return EDITED
    except OSError as error:
        return _unwritable(files, error)
    return journal


def _changes(
    store: Store, place: str, files: BankFiles, proved: Proved, cases: str | None
) -> tuple[_File, _File]:
    """What to write. Raises ``Conflict`` for files that were edited since they were last in step."""
    bank, beside = _text(files.path), _text(files.cases)
    wanted = beside if cases is None else cases or None
    step = step_of(store, place, files.slug)
    is_there = (bank, beside) == (proved.text, wanted)
    if not is_there and (bank, beside) != (None, None) and (step is None or step.digest != files.digest()):
        raise Conflict(f"{files.path.name} was changed")
    own = _with_own_comments(files, bank, _known(store, step), proved.text)
    # A bank is looked for by its own file: the cases of a new one are there first.
    return _File(files.cases, beside, wanted), _File(files.path, bank, own)


def write_back(store: Store, place: str, journal: Journal, head: Publication) -> str:
    """Nothing, once the files hold what the journal says and are in step; else a sentence why not.

    Then the files are as they were.
    """
    why_not = ""
    try:
        _change_all(journal.changes)
    except (Conflict, Invalid):
        why_not = EDITED
    except OSError as error:
        why_not = _unwritable(journal.files, error)
    if why_not:
        journal.drop()
        return why_not
    # A store that does not answer just now matters little: the next look finds the files in step.
    with suppress(Unavailable, NotFound):
        mark_in_step(store, place, head, journal.digest)
    journal.drop()
    return ""


def finish_writing(store: Store, place: str, folder: Path, now: float, patience: float) -> None:
    """End what a process had begun to write longer than ``patience`` seconds ago; it must have been killed.

    Raises ``Unavailable``.
    """
    for path in folder.glob(f".*{_ENDING}"):
        journal = _read(path) if _is_older(path, now, patience) else None
        if journal is None:
            continue
        if head := _published(store, journal):
            write_back(store, place, journal, head)
            logger.info("%s: what was cut short is written", journal.files.path)
        elif _is_older(path, now, _STALE_SECONDS):
            journal.drop()


def _published(store: Store, journal: Journal) -> Publication | None:
    """The publication that a journal waited for; None if there was none."""
    lines = [line for line in store.history(journal.files.slug) if line.number >= journal.after]
    return next((line for line in reversed(lines) if _was_told(store, line, journal)), None)


def _was_told(store: Store, line: Publication, journal: Journal) -> bool:
    return is_live(store, line, journal.revision, journal.text, journal.cases)


def is_writable(folder: Path) -> bool:
    """Whether files can be written back there; they cannot beside the program of an installed package."""
    return os.access(folder, os.W_OK | os.X_OK)


def _unwritable(files: BankFiles, error: OSError) -> str:
    # Not the error's own words: they name the temporary file.
    logger.warning("%s could not be written: %s", files.path, error.strerror or type(error).__name__)
    return UNWRITABLE


def sweep(folder: Path, now: float) -> None:
    """Take away what killed processes left half written beside the banks; nobody ever read it."""
    for path in folder.glob(".*.new"):
        with suppress(OSError):
            if _TEMPORARY.fullmatch(path.name) and _is_older(path, now, _STALE_SECONDS):
                path.unlink()


def _is_older(path: Path, now: float, seconds: float) -> bool:
    try:
        return now - path.lstat().st_mtime >= seconds
    except OSError:
        return False


def _text(path: Path) -> str | None:
    try:
        return text(path)
    except NotFound:
        return None


def _known(store: Store, step: Step | None) -> str | None:
    """The text that the store holds of what the file was last in step with."""
    if step is None:
        return None
    return store.revision(step.revision).content if step.number is None else store.text_of(step.number)


def _with_own_comments(files: BankFiles, now: str | None, known: str | None, wanted: str) -> str:
    """The text to write: where the file has other comments or line ends than the store knows, it keeps them."""
    if now is None or known is None or now == known:
        return wanted
    if same_text(now, known):
        plain = wanted.replace("\r\n", "\n")
        return plain.replace("\n", "\r\n") if "\r\n" in now else plain
    try:
        joined = join(known, wanted, now, str(files.path), data_of(wanted, files.path.name))
        return joined.settle({clash.address: "theirs" for clash in joined.clashes})
    except Invalid:
        return wanted


def _change_all(changes: tuple[_File, ...]) -> None:
    """Every change; where one cannot be made, those that were made here are taken back."""
    made: list[_File] = []
    for change in changes:
        try:
            if _change(change):
                made.append(change)
        except (Conflict, Invalid, OSError):
            for one in made:
                with suppress(Conflict, Invalid, OSError):
                    _change(_File(one.path, one.after, one.before))
            raise


def _change(change: _File) -> bool:
    """Whether the file had to be changed; another process may be at the same journal, or be done with it."""
    if _text(change.path) == change.after:
        return False
    try:
        _replace(change)
    except (Conflict, OSError):
        if _text(change.path) == change.after:
            return False
        raise
    return True


def _replace(change: _File) -> None:
    if change.after is not None:
        write_text(change.path, change.after, change.before)
    elif _text(change.path) == change.before:
        put_aside(change.path)
    else:
        raise Conflict(f"{change.path.name} was changed")


def _written(journal: Journal) -> str:
    said = {
        "after": journal.after,
        "revision": journal.revision,
        "text": journal.text,
        "cases": journal.cases,
        "files": [[change.path.name, change.before, change.after] for change in journal.changes],
    }
    return json.dumps(said, ensure_ascii=False)


def _read(path: Path) -> Journal | None:
    """The journal in a file; None where it is none."""
    slug = path.name.removeprefix(".").partition(".")[0]
    files = BankFiles(path.with_name(f"{slug}.yaml"))
    try:
        said = json.loads(ordinary(path).read_text(encoding="utf-8"))
        changes = tuple(_File(path.with_name(name), before, after) for name, before, after in said["files"])
        journal = Journal(
            path, files, said["after"], said["revision"], said.get("text"), said["cases"], changes
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return journal if {change.path for change in changes} == {files.path, files.cases} else None
