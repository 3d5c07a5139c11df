"""Tells the rows of a file that nobody could read afterwards: wrong roles, moments, JSON, fingerprints, texts.

What a person may freely write (names, reasons, the text of a bank) is not looked at, nor is what no page
trips over. Types and what must not be missing are the schema's to hold; see ``own_schema``.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, get_args

from quizapp.errors import Problem, Where
from quizapp.store.backup.packed_texts import PackedTexts
from quizapp.store.editing_records import DraftState, Role
from quizapp.store.records import Origin
from quizapp.store.sql.tables import TABLES, Table
from quizapp.store.timestamps import as_time

MOST_TOLD = 20
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_PASSWORD = re.compile(
    r"\$argon2(?:id|i|d)\$v=\d{1,3}\$m=(\d{1,6}),t=(\d{1,2}),p=([1-8])(?:\$[A-Za-z0-9+/]{4,200}){2}", re.ASCII
)
# Ours takes 19 MiB twice. Of a dearer one every try to sign in would hold the site; five times as much is what
# argon2's own libraries take where nothing is set.
_MOST_KIB, _MOST_KIB_PASSED = 70_000, 200_000
_AS_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", re.ASCII)
# Shorter than a number that Python refuses to read, and too few brackets for what is nested too deeply.
_SHORT, _FLAT = 4_000, 500
_SAYS_OBJECT = "CASE WHEN json_valid({0}) THEN json_type({0}) = 'object' END"
_LONGEST_IDLE = timedelta(days=3_660).total_seconds()

# What a value must be, in words, and whether it is.
_Kind = tuple[str, Callable[[Any], bool]]
# Whether what is kept of a revision (its bank, its name, its JSON) is that bank; only who knows banks can tell.
IsBank = Callable[[str, str, str], bool]


def _is_moment(value: str) -> bool:
    # Their order as texts is that of time, so there is one way only to write each.
    return bool(_AS_TEXT.fullmatch(value) and as_time(value))


def _is_day(value: str) -> bool:
    return date.fromisoformat(value).isoformat() == value


def _is_object(value: str) -> bool:
    return isinstance(json.loads(value), dict)


def _is_names(value: str) -> bool:
    found = json.loads(value)
    return isinstance(found, list) and all(isinstance(one, str) for one in found)


def _is_password(value: str) -> bool:
    found = _PASSWORD.fullmatch(value)
    memory, passes = (int(found[1]), int(found[2])) if found else (0, 0)
    return 0 < memory <= _MOST_KIB and 0 < memory * passes <= _MOST_KIB_PASSED


def _one_of(words: tuple[str, ...]) -> _Kind:
    return f"one of {', '.join(words)}", words.__contains__


_MOMENT: _Kind = ("a moment in UTC", _is_moment)
_DAY: _Kind = ("a day", _is_day)
_OBJECT: _Kind = ("a JSON object", _is_object)
_NAMES: _Kind = ("a JSON list of names", _is_names)
# Each file's are told by a ``PackedTexts`` of its own.
_PACKED: _Kind = ("a packed text", lambda value: False)
_PRINT: _Kind = ("a fingerprint", lambda value: bool(_FINGERPRINT.fullmatch(value)))
_KINDS: dict[str, dict[str, _Kind]] = {
    "revisions": {"parsed": _OBJECT},
    "publications": {"origin": _one_of(get_args(Origin)), "at": _MOMENT},
    "editors": {
        "role": _one_of(get_args(Role)),
        "created": _MOMENT,
        "password_hash": ("the hash of a password", _is_password),
    },
    "editor_sessions": {
        "secret": _PRINT,
        "begun": _MOMENT,
        "seen": _MOMENT,
        "fades": _MOMENT,
        "expires": _MOMENT,
        "idle": ("a number of seconds", lambda value: 0 < value < _LONGEST_IDLE),
    },
    "setup_offers": {"secret": _PRINT, "until": _MOMENT},
    "drafts": {"state": _one_of(get_args(DraftState)), "opened": _MOMENT, "updated": _MOMENT},
    "draft_versions": {"text": _PACKED, "cases": _PACKED, "at": _MOMENT},
    "previews": {"secret": _PRINT, "until": _MOMENT},
    "audit_log": {"at": _MOMENT, "about": _OBJECT},
    "results": {
        "on_day": _DAY,
        "answers": _OBJECT,
        "shown": _NAMES,
        "recommended": _OBJECT,
        "owner": _PRINT,
        "submission": _PRINT,
        "created": _MOMENT,
        "expires": _MOMENT,
    },
}


def unsound_rows(db: sqlite3.Connection, file: str, is_bank: IsBank | None = None) -> list[Problem]:
    """What is wrong with the rows of every table: the first twenty rows of each, and how many there are more.

    The schema must have been compared before. Which row it is, is told by the beginning of its key only;
    what stands in it is not told at all. Where all else is right, ``is_bank`` is asked of every revision.
    """
    # A text that is no UTF-8 is told like any other fault.
    db.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        texts = PackedTexts()
        found = [one for table in TABLES for one in _told(file, table.name, _wrong_rows(db, table, texts))]
        return found or list(_told(file, "revisions", _lost_banks(db, is_bank) if is_bank else ()))
    finally:
        db.text_factory = str


def _told(file: str, table: str, rows: Iterable[tuple[str, list[str]]]) -> Iterator[Problem]:
    count = 0
    for which, wrong in rows:
        count += 1
        if count <= MOST_TOLD:
            yield _problem(file, f"{table} {which}: {', '.join(wrong)}")
    if count > MOST_TOLD:
        yield _problem(file, f"{count - MOST_TOLD:,} more rows of {table} are wrong, {count:,} in all")


def _lost_banks(db: sqlite3.Connection, is_bank: IsBank) -> Iterator[tuple[str, list[str]]]:
    for bank, revision, parsed in db.execute("SELECT bank, revision, parsed FROM revisions"):
        if not is_bank(bank, revision, parsed):
            yield revision[:6], ["parsed is not the bank that goes by that name"]


@dataclass(frozen=True, slots=True)
class _Check:
    """A column: where it stands in a row, and where what SQLite says of its JSON does (0: it says nothing)."""

    place: int
    said_at: int
    must_be: str
    holds: Callable[[Any], bool]


def _wrong_rows(db: sqlite3.Connection, table: Table, texts: PackedTexts) -> Iterator[tuple[str, list[str]]]:
    there = {name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", [table.name])}
    columns = [name for name in table.columns if name in there]
    if not columns:
        return
    shown, checks = list(columns), []
    for place, name in enumerate(columns):
        if kind := _KINDS.get(table.name, {}).get(name):
            holds = texts.is_one if kind is _PACKED else kind[1]
            said_at = len(shown) if kind is _OBJECT else 0
            checks.append(_Check(place, said_at, f"{name} is not {kind[0]}", holds))
            shown += [_SAYS_OBJECT.format(name)] if kind is _OBJECT else []
    for row in db.execute(f"SELECT {', '.join(shown)} FROM {table.name}"):  # noqa: S608
        wrong = _wrong_values(row, checks)
        wrong += [
            f"{name} is not proper text"
            for name, value in zip(columns, row, strict=False)
            if _is_broken(value)
        ]
        if wrong:
            yield "/".join(str(value)[:6] for value in row[: len(table.key)]), wrong


def _wrong_values(row: tuple[Any, ...], checks: list[_Check]) -> list[str]:
    wrong = []
    for check in checks:
        value = row[check.place]
        # Reading JSON takes longest, and SQLite does it ten times faster.
        if value is None or (check.said_at and row[check.said_at] and _is_plain(value)):
            continue
        try:
            if check.holds(value):
                continue
        except (ValueError, OverflowError, RecursionError, zlib.error):
            pass
        wrong.append(check.must_be)
    return wrong


def _is_plain(value: str) -> bool:
    """Whether JSON that is sound to SQLite is so to Python too, without trying."""
    flat = len(value) < _SHORT and value.count("[") + value.count("{") < _FLAT
    return flat and "\x00" not in value


def _is_broken(value: Any) -> bool:
    """Whether a text was no UTF-8, which is read with surrogates in place of its bytes."""
    if type(value) is not str or value.isascii():
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return True
    return False


def _problem(file: str, what: str) -> Problem:
    why = "what stands there could not be read once it is restored"
    return Problem(
        Where(file), "unsound_row", what, why, "take another backup, or mend it in a copy with sqlite3"
    )
