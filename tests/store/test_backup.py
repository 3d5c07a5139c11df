"""Backing up while writes go on, and restoring on an empty machine; compared row by row (trust.md 6)."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from quizapp.errors import Conflict, Invalid, Unavailable
from quizapp.store.addresses import open_store, open_tables
from quizapp.store.backup.backup import back_up
from quizapp.store.backup.restore import Restored, restore
from quizapp.store.records import InStep
from quizapp.store.schema_state import newest_schema, schema_found
from quizapp.store.sql.tables import TABLES, rows_of
from quizapp.store.sqlite import migrations
from tests.store.conftest import ROOT, Engine, revision_draft, sqlite_check

HOUR = timedelta(hours=1)
HASH = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g"
ENDED = {"editor_sessions", "setup_offers"}
Rows = dict[str, list[dict[str, Any]]]


def unseen(done: int, total: int) -> None:
    """Nobody watches the progress."""


def everything(address: str) -> Rows:
    """Every row of every table."""
    store = open_tables(address)
    try:
        return {table.name: list(rows_of(store.transactions, table)) for table in TABLES}
    finally:
        store.close()


def but_ended(rows: Rows) -> Rows:
    """What comes back: all but editors' sessions and set-up links."""
    return {name: [] if name in ENDED else found for name, found in rows.items()}


def fill(address: str, clock: Any, answered: Any, results: int = 300) -> None:
    """Something in every table."""
    store = open_tables(address, clock)
    mika = store.add_editor("Mika 鍵", "publisher", HASH, "issuer|sub")
    store.begin_session(mika.id, "secret", HOUR, 12 * HOUR, "Firefox")
    store.publish(revision_draft("r1", None, cases="# 例\ncases: []\n", content="# コメント"))
    store.publish(revision_draft("r2", "r1"))
    store.mark_in_step(InStep("/banks", "trainer", "r2", "digest"))
    draft = store.open_draft("trainer", mika.id, "r1", "text", None)
    store.save_draft(draft.id, 1, "text 2", "cases", "typed")
    store.offer_preview(draft.id, 2, "look", clock.now + HOUR, mika.id)
    store.record("mika", "published", "trainer", {"理由": None})
    for number in range(results):
        store.save_result(answered(shown=("age",) if number % 2 else None), str(number))
    store.close()


@pytest.fixture
def filled(engine: Engine, clock: Any, answered: Any) -> Engine:
    fill(engine.address, clock, answered)
    return engine


@pytest.fixture
def filled_file(sqlite: Engine, clock: Any, answered: Any) -> Path:
    fill(sqlite.address, clock, answered)
    return Path(sqlite.address.removeprefix("sqlite:///"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "night.db"


def test_a_backup_is_one_private_file_that_holds_every_row(filled: Engine, file: Path) -> None:
    held = back_up(filled.address, file, unseen)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(file.parent) == [file.name]
    assert sqlite_check(file) == "ok"
    before = everything(filled.address)
    assert held.rows == {name: len(rows) for name, rows in before.items()}
    assert held.rows["results"] == 300
    assert everything(str(file)) == before


@pytest.mark.parametrize("to", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_it_is_restored_on_an_empty_machine_row_by_row(
    filled_file: Path, file: Path, to: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    back_up(str(filled_file), file, unseen)
    elsewhere = str(tmp_path / "other" / "new.db")
    target = elsewhere if to == "sqlite" else request.getfixturevalue("postgres").address
    done = restore(file, target, False, unseen)
    assert everything(target) == but_ended(everything(str(filled_file)))
    assert (done.kept, done.now.schema) == (None, migrations.NEWEST)
    if to == "sqlite":
        assert stat.S_IMODE(Path(target).stat().st_mode) == 0o600
        assert not list(Path(target).parent.glob(".quizapp-*"))
        # It is in use now: no backup takes its place by mistake.
        with pytest.raises(Conflict):
            back_up(str(filled_file), Path(target), unseen)


@pytest.mark.postgres
def test_a_backup_of_postgresql_is_restored_into_a_file(
    postgres: Engine, clock: Any, answered: Any, file: Path, tmp_path: Path
) -> None:
    fill(postgres.address, clock, answered)
    back_up(postgres.address, file, unseen)
    restore(file, str(tmp_path / "new.db"), False, unseen)
    assert everything(str(tmp_path / "new.db")) == but_ended(everything(postgres.address))


@pytest.mark.postgres
def test_restoring_into_postgresql_goes_on_where_it_was_broken_off_and_spoils_nothing(
    filled_file: Path, file: Path, postgres: Engine, answered: Any
) -> None:
    back_up(str(filled_file), file, unseen)

    def broken_off(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(file, postgres.address, False, broken_off)
    assert sum(map(len, everything(postgres.address).values())) > 0
    restore(file, postgres.address, False, unseen)
    whole = everything(postgres.address)
    assert whole == but_ended(everything(str(filled_file)))
    store = open_store(postgres.address)
    store.save_result(answered(), "one more")
    store.close()
    with pytest.raises(Conflict):
        restore(file, postgres.address, False, unseen)
    with pytest.raises(Invalid):
        restore(file, postgres.address, True, unseen)


def test_what_was_acknowledged_before_it_began_is_in_it_however_much_is_written_meanwhile(
    filled: Engine, file: Path
) -> None:
    writers = [filled.start("save_for_ever", name) for name in "ab"]
    acknowledged: list[str] = []

    def hear(one: subprocess.Popen[str]) -> None:
        assert one.stdout
        for line in one.stdout:
            acknowledged.append(line.strip())

    readers = [threading.Thread(target=hear, args=(one,)) for one in writers]
    try:
        for reader in readers:
            reader.start()
        while not acknowledged:
            time.sleep(0.05)
        for _ in range(4 if filled.address.startswith("sqlite") else 1):
            time.sleep(0.3)
            before, at_first = list(acknowledged), len(acknowledged)
            held = back_up(filled.address, file, unseen)
            end = time.monotonic() + 20
            while len(acknowledged) == at_first and time.monotonic() < end:
                time.sleep(0.02)
            # They were not made to wait for it.
            assert len(acknowledged) > at_first > 0
            kept = {row["token"] for row in everything(str(file))["results"]}
            assert set(before) <= kept
            assert len(kept) == held.rows["results"]
            assert sqlite_check(file) == "ok"
    finally:
        for one in writers:
            one.kill()
        for reader in readers:
            reader.join()
        for one in writers:
            one.communicate()


def test_a_writer_never_makes_it_begin_anew(filled_file: Path, file: Path, answered: Any) -> None:
    store = open_store(str(filled_file))
    steps: list[int] = []

    def write_at_every_step(done: int, total: int) -> None:
        steps.append(done)
        store.save_result(answered(), f"during {len(steps)}")

    from quizapp.store.backup import file as backup_file

    pages, backup_file._PAGES = backup_file._PAGES, 5
    try:
        held = back_up(str(filled_file), file, write_at_every_step)
    finally:
        backup_file._PAGES = pages
        store.close()
    assert len(steps) > 10 and steps == sorted(steps)
    assert held.rows["results"] == 300
    assert len(everything(str(filled_file))["results"]) == 300 + len(steps)


SCRIPT = """
import sys, time
from pathlib import Path
from quizapp.store.backup.backup import back_up
def told(done, total):
    print("step", flush=True)
    time.sleep(0.05)
{more}
back_up(sys.argv[1], Path(sys.argv[2]), told)
print("done", flush=True)
"""


def run_apart(more: str, *arguments: object) -> subprocess.Popen[str]:
    """A backup in a process of its own."""
    command = [sys.executable, "-c", SCRIPT.format(more=more), *map(str, arguments)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ, cwd=ROOT
    )


def test_killed_in_the_midst_it_leaves_the_earlier_backup_whole(
    filled_file: Path, file: Path, answered: Any
) -> None:
    back_up(str(filled_file), file, unseen)
    earlier = file.read_bytes()
    running = run_apart("from quizapp.store.backup import file; file._PAGES = 5", filled_file, file)
    assert running.stdout and running.stdout.readline() == "step\n"
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert file.read_bytes() == earlier
    back_up(str(filled_file), file, unseen)
    assert sqlite_check(file) == "ok"


def test_on_a_full_disk_it_says_so_and_leaves_nothing_behind(filled_file: Path, file: Path) -> None:
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))"
    running = run_apart(limit, filled_file, file)
    _, error = running.communicate(timeout=30)
    assert running.returncode and "Unavailable" in error
    assert os.listdir(file.parent) == []


def test_it_takes_the_place_of_backups_only(filled_file: Path, file: Path, tmp_path: Path) -> None:
    back_up(str(filled_file), file, unseen)
    back_up(str(filled_file), file, unseen)
    (tmp_path / "letter.txt").write_text("dear")
    other = tmp_path / "other.db"
    open_store(str(other)).close()
    for taken in (tmp_path / "letter.txt", other, filled_file):
        with pytest.raises(Conflict):
            back_up(str(filled_file), taken, unseen)
    assert (tmp_path / "letter.txt").read_text() == "dear"
    with pytest.raises(Unavailable):
        back_up(str(tmp_path / "nowhere.db"), file, unseen)


def test_a_damaged_database_makes_no_backup_and_keeps_the_earlier_one(filled_file: Path, file: Path) -> None:
    back_up(str(filled_file), file, unseen)
    earlier = file.read_bytes()
    damage(filled_file)
    with pytest.raises(Unavailable):
        back_up(str(filled_file), file, unseen)
    assert file.read_bytes() == earlier


def damage(path: Path) -> None:
    """Overwrite pages in the middle."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 12_288] = b"\xff" * 12_288
    path.write_bytes(content)


def a_bit_in_a_text(path: Path) -> None:
    """One letter of a bank's text becomes another: for SQLite the database is as sound as before."""
    content = bytearray(path.read_bytes())
    place = content.index(b"a test")
    content[place + 2] ^= 1
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def future(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        row = ("quizapp", "0999_future", "")
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", row)
        db.commit()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (damage, "damaged_backup"),
        (a_bit_in_a_text, "damaged_backup"),
        (lambda path: path.write_bytes(path.read_bytes()[:-20_000]), "damaged_backup"),
        (lambda path: path.write_text("no database at all, " * 99), "damaged_backup"),
        (lambda path: path.write_bytes(b""), "no_backup"),
        (lambda path: path.unlink(), "no_backup"),
        (future, "newer_backup"),
    ],
)
def test_what_cannot_be_trusted_is_refused_and_nothing_is_touched(
    filled_file: Path, file: Path, tmp_path: Path, spoil: Callable[[Path], Any], code: str
) -> None:
    back_up(str(filled_file), file, unseen)
    spoil(file)
    for target in (tmp_path / "new.db", filled_file):
        before = target.read_bytes() if target.exists() else None
        with pytest.raises(Invalid) as refused:
            restore(file, str(target), True, unseen)
        assert [problem.code for problem in refused.value.problems] == [code]
        assert (target.read_bytes() if target.exists() else None) == before


def test_a_backup_that_was_changed_on_purpose_is_restored_once_that_is_said(
    filled_file: Path, file: Path, tmp_path: Path
) -> None:
    back_up(str(filled_file), file, unseen)
    a_bit_in_a_text(file)
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA user_version = 0")
    assert restore(file, str(tmp_path / "new.db"), False, unseen).now.rows["results"] == 300
    with closing(sqlite3.connect(tmp_path / "new.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == 0


def test_a_store_that_holds_something_is_replaced_only_when_asked_and_kept_beside(
    filled_file: Path, file: Path, tmp_path: Path, answered: Any
) -> None:
    back_up(str(filled_file), file, unseen)
    store = open_store(str(filled_file))
    token = store.save_result(answered(), "after the backup")
    with pytest.raises(Unavailable, match="in use"):
        restore(file, str(filled_file), True, unseen)
    assert store.result(token)
    store.close()
    with pytest.raises(Conflict, match="--replace"):
        restore(file, str(filled_file), False, unseen)
    before = everything(str(filled_file))
    done = restore(file, str(filled_file), True, unseen)
    assert everything(str(filled_file)) == but_ended(everything(str(file)))
    assert done.kept and everything(str(done.kept)) == before
    assert sqlite_check(filled_file) == sqlite_check(done.kept) == "ok"


def test_a_database_that_can_no_longer_be_read_is_replaced_too(filled_file: Path, file: Path) -> None:
    back_up(str(filled_file), file, unseen)
    filled_file.write_bytes(b"gone" * 5_000)
    Path(f"{filled_file}-wal").write_bytes(b"a log of the one before" * 100)
    with pytest.raises(Conflict, match="cannot be read"):
        restore(file, str(filled_file), False, unseen)
    done: Restored = restore(file, str(filled_file), True, unseen)
    assert everything(str(filled_file)) == but_ended(everything(str(file)))
    assert done.kept and done.kept.read_bytes().startswith(b"gone")


def test_an_empty_store_is_restored_into_without_asking(
    filled_file: Path, file: Path, tmp_path: Path
) -> None:
    back_up(str(filled_file), file, unseen)
    open_store(str(tmp_path / "new.db")).close()
    assert restore(file, str(tmp_path / "new.db"), False, unseen).kept is None
    assert sorted(one.name for one in tmp_path.glob("new.db*")) == ["new.db", "new.db-lock"]


def test_of_what_it_replaced_no_index_of_a_log_is_left(filled_file: Path, file: Path) -> None:
    back_up(str(filled_file), file, unseen)
    Path(f"{filled_file}-shm").write_bytes(b"")
    kept = restore(file, str(filled_file), True, unseen).kept
    assert kept and kept.exists()
    assert [path for path in kept.parent.iterdir() if path.name.endswith("-shm")] == []


def test_a_database_is_no_backup_of_itself(filled_file: Path) -> None:
    with pytest.raises(Invalid):
        restore(filled_file, str(filled_file), True, unseen)


def older(path: Path, schema: int) -> None:
    """A database as the quizapp of that schema would have left it."""
    with Database(memory=True) as empty:
        names = [step.name for step in migrations.steps.pending(empty)]
    with closing(sqlite3.connect(path)) as connection:
        database = Database(connection)
        if schema < migrations.NEWEST:
            migrations.steps.apply(database, stop_before=names[schema])
        else:
            migrations.steps.apply(database)
        database.execute("INSERT INTO revisions VALUES ('r1', 'trainer', '# r1', '{}')")
        database.execute(
            "INSERT INTO publications VALUES (1, 'trainer', 'r1', NULL, 'file', 'file', 'new', "
            "'2026-11-01T00:00:00.000000+00:00')"
        )
        connection.commit()


@pytest.mark.parametrize("schema", range(1, migrations.NEWEST + 1))
def test_a_backup_of_every_older_schema_is_made_without_changing_it_and_restored_as_the_newest(
    schema: int, tmp_path: Path, file: Path, answered: Any
) -> None:
    old = tmp_path / "old.db"
    older(old, schema)
    assert back_up(str(old), file, unseen).schema == schema == schema_found(str(old))
    done = restore(file, str(tmp_path / "new.db"), False, unseen)
    assert (done.backup.schema, done.now.schema) == (schema, migrations.NEWEST)
    store = open_store(str(tmp_path / "new.db"))
    assert store.newest("trainer").revision == "r1"
    assert store.result(store.save_result(answered(), "key"))
    store.close()


def test_the_schema_is_found_without_making_it(unmade: Engine) -> None:
    assert schema_found(unmade.address) == 0 == schema_found(unmade.address)
    open_store(unmade.address).close()
    assert schema_found(unmade.address) == newest_schema(unmade.address)


@pytest.mark.postgres
def test_a_postgresql_of_another_schema_is_not_backed_up(bare_postgres: Engine, file: Path) -> None:
    with pytest.raises(Unavailable, match="schema 0"):
        back_up(bare_postgres.address, file, unseen)
    assert not file.exists()


def test_the_file_that_is_left_can_be_read_where_nothing_can_be_written(
    filled_file: Path, file: Path
) -> None:
    back_up(str(filled_file), file, unseen)
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert json.loads(db.execute("SELECT answers FROM results").fetchone()[0])["age"] == 25
