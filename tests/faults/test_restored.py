"""A backup taken while results are saved, restored on an empty machine and compared row by row."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quizapp.store.addresses import open_tables
from quizapp.store.sql.tables import TABLES, rows_of
from tests.faults.conftest import Told
from tests.faults.fleet import Fleet, Worker
from tests.faults.found import fault, lost
from tests.faults.posting import posting

ON = [
    pytest.param("one", marks=pytest.mark.xdist_group("faults on SQLite"), id="sqlite"),
    pytest.param("two", marks=pytest.mark.xdist_group("faults on PostgreSQL"), id="postgres"),
]


def rows(database: str) -> dict[str, list[Any]]:
    """Every row of every table."""
    store = open_tables(database)
    try:
        return {
            table.name: [tuple(row.values()) for row in rows_of(store.transactions, table)]
            for table in TABLES
        }
    finally:
        store.close()


@pytest.mark.parametrize("fleet", ON)
def test_a_backup_taken_under_load_holds_all_that_was_acknowledged(
    fleet: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    copied: Callable[[], Path],
    some: int,
    told: Told,
) -> None:
    serving: Fleet = request.getfixturevalue(fleet)
    with posting(serving) as takers:
        takers.wait_for(some)
        before = takers.tokens
        Worker(serving.workers[0].folder, serving.database).run("backup", str(tmp_path / "kept"))
        takers.wait_for(some)
    empty = copied()
    (empty / "instance" / "quizapp.sqlite3").unlink()
    begun = time.monotonic()
    Worker(empty).run("restore", str(tmp_path / "kept"))
    took = time.monotonic() - begun
    restored = str(empty / "instance" / "quizapp.sqlite3")
    assert takers.refused == {} and fault(restored) == ""
    missing = lost(restored, before)
    there, here = rows(serving.database), rows(restored)
    told(
        acknowledged=len(takers.saved), of_before=len(before), lost=len(missing), restored=f"in {took:.1f} s"
    )
    assert missing == []
    for table, found in here.items():
        assert not set(map(repr, found)) - set(map(repr, there[table])), table
    assert len(here["results"]) < len(there["results"])
    assert here["revisions"] == there["revisions"]
