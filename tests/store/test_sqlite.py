"""What holds for the SQLite engine in particular: the file, its locks, its disk."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from quizapp.errors import Unavailable
from quizapp.store.records import Rate
from quizapp.store.sqlite.store import SqliteStore

HOUR = timedelta(hours=1)


@pytest.fixture
def engine(sqlite):
    return sqlite


def stands_in_a_file(folder: Path, words: str) -> bool:
    # From a process of its own: closing the file here would drop this process's locks on it.
    return subprocess.run(["grep", "-raqF", "-e", words, str(folder)], check=False).returncode == 0


def test_it_is_whole_after_kill_9_under_load(engine, store, path, checked):
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


def test_it_never_writes_a_secret_of_an_editor(store, path, clock, draft):
    store.begin_session(draft.editor, "hydrangea", HOUR, HOUR, "Firefox")
    store.offer_preview(draft.id, 1, "camellia", clock.now + HOUR, draft.editor)
    store.take_turn(Rate("sign-in by 192.0.2.7", 5, 60))
    store.session("hydrangea")
    assert store.preview("camellia")
    assert stands_in_a_file(path.parent, "Firefox")
    assert not [
        word for word in ("hydrangea", "camellia", "192.0.2.7") if stands_in_a_file(path.parent, word)
    ]


def test_it_never_writes_the_secret_of_an_offer_to_set_up(store, path, clock):
    store.offer_setup("wisteria", clock.now + HOUR)
    assert not stands_in_a_file(path.parent, "wisteria")
    store.take_setup("wisteria", "mika", "a hash")
    assert not stands_in_a_file(path.parent, "wisteria")


def test_it_writes_for_editors_only_in_transactions_that_began_immediate(store, clock):
    with store._file.write() as db:
        writer = db.conn
    said: list[str] = []
    writer.set_trace_callback(said.append)
    until = clock.now + HOUR
    store.offer_setup("offer", until)
    mika = store.take_setup("offer", "mika", "a hash").id
    store.add_editor("ken", "viewer", None)
    session = store.begin_session(mika, "secret", HOUR, HOUR, "")
    clock.advance(minutes=5)
    store.session("secret")
    store.end_session(mika, session.id)
    store.end_sessions(mika)
    store.take_turn(Rate("a door", 5, 60))
    draft = store.open_draft("trainer", mika, None, "text", None)
    store.save_draft(draft.id, 1, "text", None, "typed")
    store.offer_preview(draft.id, 2, "link", until, mika)
    store.close_draft(draft.id, "discarded")
    store.reopen_draft(draft.id)
    store.set_role(mika, "viewer")
    store.set_password(mika, "a hash")
    store.set_disabled(mika, True)
    store.record("mika", "did", None, {})
    writer.set_trace_callback(None)
    words = [re.match(r"\s*(\w+ ?\w*)", statement).group(1).upper() for statement in said]
    assert words.count("BEGIN IMMEDIATE") == words.count("COMMIT") == 17
    inside = False
    for word in words:
        if word.startswith(("BEGIN", "COMMIT")):
            inside = word == "BEGIN IMMEDIATE"
        elif word.startswith(("INSERT", "UPDATE", "DELETE")):
            assert inside, said


def test_it_lets_a_signed_in_editor_read_while_nothing_can_be_written(path, clock, revised):
    store = SqliteStore(path, clock, busy_seconds=0.1)
    mika = store.add_editor("mika", "viewer", None)
    begun = store.begin_session(mika.id, "secret", HOUR, HOUR, "")
    clock.advance(minutes=5)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert store.session("secret") == (mika, begun)
        other.execute("ROLLBACK")
    assert store.session("secret")[1].seen == clock.now
    store.close()


def test_it_takes_no_lock_to_refuse_a_turn(path, clock):
    store = SqliteStore(path, clock, busy_seconds=0.1)
    store.take_turn(Rate("a door", 1, 60))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert store.take_turn(Rate("a door", 1, 60)) == 60
        other.execute("ROLLBACK")
    store.close()


def test_it_keeps_the_texts_of_drafts_small(store, draft):
    store.save_draft(draft.id, 1, "受講料: 1000円\n" * 5_000, None, "typed")
    with store._file.read() as db:
        [row] = db.query("SELECT length(text) AS size FROM draft_versions WHERE version = 2")
    assert row["size"] < 1_000


def test_it_counts_takers_without_reading_their_results(store):
    sql = "EXPLAIN QUERY PLAN SELECT bank, count(*) FROM results WHERE created >= '' AND expires > '' GROUP BY bank"
    with store._file.read() as db:
        plan = " ".join(row["detail"] for row in db.query(sql))
    assert "COVERING INDEX" in plan


def test_it_makes_a_file_that_only_its_owner_reads(store, path):
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert path.name in modes
    assert set(modes.values()) == {0o600}


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is POSIX")
def test_it_reads_on_a_full_disk_refuses_writes_and_recovers_by_itself(engine, store, path, checked):
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


def test_it_lets_nobody_write_over_a_reading_connection(store):
    with pytest.raises(Unavailable, match="may not be written"), store._file.read() as db:
        db.execute("DELETE FROM revisions")
    assert store.revision("r1")


def test_it_passes_bugs_through_as_bugs(store):
    with pytest.raises(sqlite3.OperationalError, match="no such table"), store._file.read() as db:
        db.execute("SELECT * FROM no_such_table")


def test_deleting_waits_for_no_reader(store, path, answered):
    token = store.save_result(answered(), "key")
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM results").fetchone()
        begun = time.monotonic()
        store.delete_result(token, "anna's browser")
        # It would be the five of busy_timeout.
        assert time.monotonic() - begun < 4.5
