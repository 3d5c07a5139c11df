"""How the audit log is written to and read from a database; transactions are the caller's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from quizapp.store.editing_records import AuditEntry
from quizapp.store.sql.rows import Rows
from quizapp.store.timestamps import as_text, as_time

_INSERT = """
    INSERT INTO audit_log (number, at, who, did, bank, about)
    VALUES ((SELECT coalesce(max(number), 0) + 1 FROM audit_log), ?, ?, ?, ?, ?)
"""


def add(db: Rows, who: str, did: str, bank: str | None, about: Mapping[str, object], now: datetime) -> None:
    """Add a line; ``TypeError`` or ``ValueError`` for what JSON cannot say."""
    said = json.dumps(dict(about), ensure_ascii=False, allow_nan=False)
    db.execute(_INSERT, [as_text(now), who, did, bank, said])


def entries(db: Rows, limit: int, before: int | None, bank: str | None) -> tuple[AuditEntry, ...]:
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
