"""The whole audit log as a file: CSV for spreadsheets, or plain values for JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

from quizapp.store.editing_records import AuditEntry
from quizapp.store.protocol import Store

COLUMNS = ("number", "at", "who", "did", "bank", "about")
_PAGE = 500
# What a spreadsheet takes for the beginning of a formula, in both widths.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def all_entries(store: Store, bank: str | None = None) -> Iterator[AuditEntry]:
    """Every line of the log, newest first, of one bank if named; read a page at a time."""
    before: int | None = None
    while page := store.entries(_PAGE, before, bank):
        yield from page
        before = page[-1].number


def entry_json(entry: AuditEntry) -> dict[str, object]:
    """A line as plain values."""
    return {
        "number": entry.number,
        "at": entry.at.isoformat(timespec="seconds"),
        "who": entry.who,
        "did": entry.did,
        "bank": entry.bank,
        "about": dict(entry.about),
    }


def audit_csv(entries: Iterable[AuditEntry]) -> str:
    """The lines as CSV (RFC 4180), with a head; no cell is taken for a formula by a spreadsheet."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for entry in entries:
        said = entry_json(entry)
        said["about"] = json.dumps(said["about"], ensure_ascii=False, sort_keys=True)
        writer.writerow([cell(said[column]) for column in COLUMNS])
    return written.getvalue()


def cell(value: object) -> str:
    """A value as a cell; an apostrophe keeps a spreadsheet from calculating it.

    >>> cell("=1+1"), cell(None), cell("mika")
    ("'=1+1", '', 'mika')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
