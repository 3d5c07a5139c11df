"""How the audit log is written to and read from SQLite; transactions are the caller's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlite_utils import Database

from quizapp.store.editing_records import AuditEntry
from quizapp.store.timestamps import as_text, as_time


def add(
    db: Database, who: str, did: str, bank: str | None, about: Mapping[str, object], now: datetime
) -> None:
    """Add a line; ``TypeError`` or ``ValueError`` for what JSON cannot say."""
    said = json.dumps(dict(about), ensure_ascii=False, allow_nan=False)
    sql = "INSERT INTO audit_log (at, who, did, bank, about) VALUES (?, ?, ?, ?, ?)"
    db.execute(sql, [as_text(now), who, did, bank, said])


def entries(db: Database, limit: int, before: int | None, bank: str | None) -> tuple[AuditEntry, ...]:
    """The newest lines below that number, of that bank, newest first."""
    wanted = {"number < ?": before, "bank = ?": bank}
    named = {clause: value for clause, value in wanted.items() if value is not None}
    where = f"WHERE {' AND '.join(named)}" if named else ""
    sql = f"SELECT * FROM audit_log {where} ORDER BY number DESC LIMIT ?"  # noqa: S608
    return tuple(
        AuditEntry(
            number=row["number"],
            at=as_time(row["at"]),
            who=row["who"],
            did=row["did"],
            bank=row["bank"],
            about=json.loads(row["about"]),
        )
        for row in db.query(sql, [*named.values(), limit])
    )
