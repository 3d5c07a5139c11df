"""Moving everything from one store to another: nothing is lost, nothing is overwritten, and it may be cut off."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from quizapp.cli.main import commands
from quizapp.errors import Conflict, Invalid, Unavailable
from quizapp.store import copying
from quizapp.store.addresses import open_tables
from quizapp.store.records import InStep
from quizapp.store.sql.tables import TABLES, count, rows_of

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).parents[2]
HOUR = timedelta(hours=1)
HASH = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g"
_ONE_MORE = """
    INSERT INTO results SELECT ?, bank, revision, on_day, answers, language, shown, recommended, owner, ?,
    created, expires FROM results LIMIT 1
"""


@pytest.fixture
def another(tmp_path):
    return f"sqlite:///{tmp_path / 'another.db'}"


@pytest.fixture
def filled(sqlite, clock, revised, answered):
    """An SQLite store with something in every table; its address."""
    store = open_tables(sqlite.address, clock)
    mika = store.add_editor("Mika 鍵", "publisher", HASH, "issuer|sub")
    store.add_editor("ken", "viewer", None)
    with store.transactions.write() as db:
        # No offer outlives the first editor; moved it would be all the same.
        db.execute("INSERT INTO setup_offers VALUES (?, ?)", ["f" * 64, "2026-11-22T00:00:00.000000+00:00"])
    store.begin_session(mika.id, "secret", HOUR, 12 * HOUR, "Firefox")
    store.publish(revised("r1", None, cases="# 例\ncases: []\n", content="# コメント"))
    store.publish(revised("r2", "r1"))
    store.publish(revised("r2", "r2", content="# another comment"))
    store.mark_in_step(InStep("/banks", "trainer", "r2", "digest"))
    draft = store.open_draft("trainer", mika.id, "r1", "text", None)
    for version in range(1, 12):
        store.save_draft(draft.id, version, f"text {version} \ud800\x00", "cases", "typed", restores=version)
    store.offer_preview(draft.id, 2, "look", clock.now + HOUR, mika.id)
    store.record("mika", "published", "trainer", {"理由": None})
    store.record("mika", "signed in", None, {})
    for number in range(210):
        shown = ("age",) if number % 2 else None
        store.save_result(answered(shown=shown, recommended="{}" if number % 3 else None), str(number))
    assert all(count(store.transactions, table) for table in TABLES)
    store.close()
    return sqlite.address


def _table(name):
    return next(table for table in TABLES if table.name == name)


def everything(address):
    store = open_tables(address)
    told = {table.name: list(rows_of(store.transactions, table)) for table in TABLES}
    store.close()
    return told


def run_copy(source, target):
    return CliRunner().invoke(commands, ["store", "copy", source, target, "--json"])


def test_it_copies_everything_there_and_back(filled, postgres, another):
    there, back = run_copy(filled, postgres.address), run_copy(postgres.address, another)
    assert (there.exit_code, back.exit_code) == (0, 0), (there.output, there.exception)
    assert everything(filled) == everything(postgres.address) == everything(another)
    told, again = json.loads(there.stdout)["tables"], json.loads(back.stdout)["tables"]
    assert told == again
    assert {table["table"]: table["rows"] for table in told}["results"] == 210
    assert len({table["digest"] for table in told}) == len(TABLES)
    assert "copying" in there.stderr


def test_it_serves_from_the_copy_as_from_the_original(filled, postgres, clock, revised, answered):
    ours = open_tables(filled, clock)
    assert run_copy(filled, postgres.address).exit_code == 0
    theirs = open_tables(postgres.address, clock)
    assert theirs.session("secret") == ours.session("secret")
    assert theirs.preview("look") == ours.preview("look")
    assert theirs.history("trainer") == ours.history("trainer")
    texts = [[store.text_of(line.number) for line in store.history("trainer")] for store in (ours, theirs)]
    assert texts == [["# another comment", "# r2", "# コメント"]] * 2
    assert theirs.entries() == ours.entries()
    assert theirs.save_result(answered(), "7") == ours.save_result(answered(), "7")
    assert theirs.publish(revised("r3", "r2")).number == ours.publish(revised("r3", "r2")).number == 4
    theirs.record("mika", "did", None, {})
    assert theirs.entries()[0].number == 3
    theirs.close()
    ours.close()


def test_it_copies_again_what_has_been_added_since(filled, postgres, clock, answered):
    run_copy(filled, postgres.address)
    store = open_tables(filled, clock)
    store.save_result(answered(), "a new one")
    store.close()
    told = {
        table["table"]: table for table in json.loads(run_copy(filled, postgres.address).stdout)["tables"]
    }
    assert (told["results"]["rows"], told["results"]["added"], told["editors"]["added"]) == (211, 1, 0)


def test_it_leaves_a_target_alone_that_holds_other_data(filled, postgres, store_at, revised):
    other = store_at(postgres.address)
    other.publish(revised("else", None, bank="another"))
    before = everything(postgres.address)
    refused = run_copy(filled, postgres.address)
    assert refused.exit_code == 1
    assert isinstance(refused.exception, Conflict)
    assert "nothing was written" in str(refused.exception)
    assert "revisions else is only there" in str(refused.exception)
    assert everything(postgres.address) == before


def test_it_leaves_a_target_alone_where_a_row_differs(filled, postgres, store_at, clock):
    assert run_copy(filled, postgres.address).exit_code == 0
    target = store_at(postgres.address)
    target.set_role(target.editor_named("ken").id, "editor")
    before = everything(postgres.address)
    refused = run_copy(filled, postgres.address)
    assert isinstance(refused.exception, Conflict)
    assert "editors" in str(refused.exception) and "differs" in str(refused.exception)
    assert everything(postgres.address) == before


def test_it_tells_when_somebody_writes_meanwhile(filled, postgres, clock, answered):
    source, target = open_tables(filled, clock), open_tables(postgres.address, clock)
    told, before_comparing = 0, copying.steps(source.transactions) * 2 // 3

    def progress(rows):
        nonlocal told
        told += rows
        if told == before_comparing:
            source.set_role(source.editor_named("ken").id, "editor")

    with pytest.raises(Conflict, match="meanwhile"):
        copying.copy(source.transactions, target.transactions, target.fitting, progress)
    source.close()
    target.close()


def test_it_goes_on_where_it_was_killed(filled, postgres, clock, answered, tmp_path):
    store = open_tables(filled, clock)
    with store.transactions.write() as db:
        for number in range(3_000):
            name = f"{os.urandom(12).hex()}{number}"
            db.execute(_ONE_MORE, [name, hashlib.sha256(name.encode()).hexdigest()])
    store.close()
    command = [sys.executable, "-m", "quizapp", "store", "copy", filled, postgres.address]
    killed = 0
    watching = open_tables(postgres.address)
    for part in (600, 1_800):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while count(watching.transactions, _table("results")) < part and process.poll() is None:
            time.sleep(0.002)
        killed += process.poll() is None
        process.kill()
        process.communicate()
    assert killed == 2
    assert 1_800 <= count(watching.transactions, _table("results")) < 3_210
    watching.close()
    assert run_copy(filled, postgres.address).exit_code == 0
    assert everything(filled) == everything(postgres.address)


def test_it_copies_a_nul_to_where_none_can_be_kept(sqlite, postgres, another, store_at, revised):
    store_at(sqlite.address).publish(revised(why="a\x00b"))
    for _again in range(2):
        assert run_copy(sqlite.address, postgres.address).exit_code == 0
    assert run_copy(postgres.address, another).exit_code == 0
    assert [line["why"] for line in everything(another)["publications"]] == ["a␀b"]


def test_it_refuses_a_source_that_is_not_there_and_a_copy_onto_itself(filled, another, tmp_path):
    for source, target, words in (
        (another, filled, "there is no file"),
        (filled, filled, "same store"),
        (filled.removeprefix("sqlite:///"), filled, "same store"),
        (filled, "mysql://quiz:s3cret@host/db", "mysql://quiz:…@host/db"),
    ):
        refused = run_copy(source, target)
        assert isinstance(refused.exception, Invalid)
        assert words in str(refused.exception)
        assert "s3cret" not in str(refused.exception)
    assert not Path(another.removeprefix("sqlite:///")).exists()


def test_it_leaves_no_table_and_no_column_behind(filled, postgres):
    store = open_tables(filled)
    with store.transactions.read() as db:
        found = {row["name"] for row in db.query("SELECT name FROM sqlite_master WHERE type = 'table'")}
        columns = {
            table.name: {row["name"] for row in db.query(f"PRAGMA table_info({table.name})")}
            for table in TABLES
        }
    store.close()
    assert found == {table.name for table in TABLES} | {"turns", "_sqlite_migrations"}
    assert columns == {table.name: set(table.columns) for table in TABLES}


@pytest.fixture
def store_at():
    opened = []

    def open_one(address):
        opened.append(open_tables(address))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


def test_it_copies_nothing_while_a_server_has_either_open_unless_told_to(filled, postgres, another):
    def refused(source, target):
        done = run_copy(source, target)
        return isinstance(done.exception, Unavailable) and "stop every server" in str(done.exception)

    server = open_tables(postgres.address)
    server.wait_for_publication(0.01)
    assert refused(filled, postgres.address) and refused(postgres.address, another)
    told_to = ["store", "copy", "--while-serving", filled, postgres.address, "--json"]
    assert CliRunner().invoke(commands, told_to).exit_code == 0
    server.close()
    until = time.monotonic() + 60
    while refused(postgres.address, another):
        assert time.monotonic() < until
        time.sleep(0.1)
    assert everything(another) == everything(filled)


def test_it_copies_nothing_from_or_to_a_file_that_is_served(filled, another, tmp_path):
    file = Path(filled.removeprefix("sqlite:///"))
    holding = "import sys, pathlib, quizapp.store.sqlite.file_lock as f; "
    holding += "p = f.serving_lock(pathlib.Path(sys.argv[1])); "
    holding += "assert f.hold_while_alive(p); print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holding, str(file)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout.readline() == "held\n"
        for source, target in ((filled, another), (another, filled)):
            Path(another.removeprefix("sqlite:///")).touch()
            done = run_copy(source, target)
            assert isinstance(done.exception, Unavailable) and str(file) in str(done.exception)
        Path(another.removeprefix("sqlite:///")).unlink()
        server.stdin.close()
    assert run_copy(filled, another).exit_code == 0
