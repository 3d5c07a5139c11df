"""What holds for the SQLite engine in particular: the file, its locks, its disk."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from quizapp.errors import NotFound, Unavailable
from quizapp.store import migrations
from quizapp.store.sqlite import SqliteStore


@pytest.fixture
def path(engine) -> Path:
    return Path(engine.address.removeprefix("sqlite:///"))


def checked(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return connection.execute("PRAGMA integrity_check").fetchone()[0]


def migration_names() -> list[str]:
    with Database(memory=True) as empty:
        return [step.name for step in migrations.steps.pending(empty)]


def stands_in_a_file(folder: Path, words: str) -> bool:
    # From a process of its own: closing the file here would drop this process's locks on it.
    return subprocess.run(["grep", "-raqF", "-e", words, str(folder)], check=False).returncode == 0


def test_it_is_whole_after_kill_9_under_load(engine, store, path):
    for _ in range(3):
        writer = engine.start("save_for_ever", "owner")
        assert writer.stdout
        for _line in range(100):
            writer.stdout.readline()
        writer.kill()
        writer.communicate()
    store.close()
    assert checked(path) == "ok"


def test_it_waits_for_the_disk_at_every_commit(store, path):
    with store._file.write() as db:
        # A pragma tells within a transaction what holds for the connection that acknowledges.
        told = {
            name: db.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_it_leaves_no_trace_of_a_deleted_result_in_any_file(store, path, answered):
    token = store.save_result(answered(answers={"words": "chrysanthemum"}, owner_key="anna"), "key")
    for number in range(20):
        store.save_result(answered(), str(number))
    assert stands_in_a_file(path.parent, "chrysanthemum")
    assert stands_in_a_file(path.parent, token)
    store.delete_result(token, "anna")
    assert not stands_in_a_file(path.parent, "chrysanthemum")
    assert not stands_in_a_file(path.parent, token)


def test_it_leaves_no_trace_of_what_expired(store, path, answered, clock):
    store.save_result(answered(answers={"words": "chrysanthemum"}), "key")
    clock.advance(days=400)
    assert store.expire(clock.now) == 1
    assert not stands_in_a_file(path.parent, "chrysanthemum")


def test_it_never_writes_an_owner_key(store, path, answered):
    store.save_result(answered(owner_key="wisteria"), "magnolia")
    assert not stands_in_a_file(path.parent, "wisteria")
    assert not stands_in_a_file(path.parent, "magnolia")


def test_it_makes_a_file_that_only_its_owner_reads(store, path):
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert path.name in modes
    assert set(modes.values()) == {0o600}


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is POSIX")
def test_it_reads_on_a_full_disk_refuses_writes_and_recovers_by_itself(engine, store, path):
    process = engine.start("fill", "anna")
    output, error = process.communicate(timeout=60)
    assert error == ""
    told = json.loads(output)
    assert told["refusals"] > 100
    assert told["readable"]
    assert all(store.result(token) for token in told["saved"])
    store.close()
    assert checked(path) == "ok"


def test_it_is_unavailable_for_writing_and_still_reads_while_another_program_holds_the_file(
    path, clock, revised, answered
):
    store = SqliteStore(path, clock, busy_seconds=0.1)
    store.publish(revised())
    token = store.save_result(answered(), "one")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="busy"):
            store.save_result(answered(), "two")
        assert store.result(token)
        other.execute("ROLLBACK")
    assert store.save_result(answered(), "two")
    store.close()


def test_it_is_unavailable_where_no_file_can_be(tmp_path):
    (tmp_path / "a file").write_text("")
    with pytest.raises(Unavailable):
        SqliteStore(tmp_path / "a file" / "quizapp.db")
    with pytest.raises(Unavailable):
        SqliteStore(tmp_path)


def test_it_is_unavailable_on_a_file_that_is_no_database(tmp_path):
    path = tmp_path / "quizapp.db"
    path.write_text("certainly not a database, and long enough to be looked at" * 100)
    with pytest.raises(Unavailable, match="no database"):
        SqliteStore(path)
    assert path.read_text().startswith("certainly")


def test_it_refuses_a_database_that_a_newer_version_has_written(path, store):
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('quizapp', '0999_future', '')"
        )
        connection.commit()
    with pytest.raises(Unavailable, match="newer"):
        SqliteStore(path)


def test_it_numbers_its_migrations_without_a_gap():
    names = migration_names()
    assert [int(name.split("_")[0]) for name in names] == list(range(1, migrations.NEWEST + 1))


def test_it_keeps_data_through_an_upgrade_from_every_older_schema(tmp_path, revised):
    for older in range(1, migrations.NEWEST):
        path = tmp_path / f"{older}.db"
        names = migration_names()
        with closing(sqlite3.connect(path)) as connection:
            database = Database(connection)
            migrations.steps.apply(database, stop_before=names[older])
            database.execute("INSERT INTO revisions VALUES ('r1', 'trainer', '# r1', '{}')")
        store = SqliteStore(path)
        assert store.schema_version() == migrations.NEWEST
        assert store.revision("r1").content == "# r1"
        store.publish(revised())
        store.close()


def test_it_migrates_only_inside_a_write_transaction():
    with Database(memory=True) as database, pytest.raises(RuntimeError):
        migrations.migrate(database)


def test_it_makes_no_table_but_by_migration(store, path, answered):
    store.save_result(answered(), "key")
    with pytest.raises(NotFound):
        store.result("x")
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names == {"_sqlite_migrations", "revisions", "publications", "in_step", "results"}


def test_it_lets_nobody_write_over_a_reading_connection(store):
    with pytest.raises(Unavailable, match="may not be written"), store._file.read() as db:
        db.execute("DELETE FROM revisions")
    assert store.revision("r1")


def test_it_passes_bugs_through_as_bugs(store):
    with pytest.raises(sqlite3.OperationalError, match="no such table"), store._file.read() as db:
        db.execute("SELECT * FROM no_such_table")
