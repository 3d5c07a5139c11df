"""A backup that somebody has prepared: what it brings along is told and never run; a sound one passes, of any age."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import time
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from quizapp.bank.load import bank_to_json, parse_bank
from quizapp.cli.main import commands
from quizapp.config import load
from quizapp.doctor.store import store_findings
from quizapp.errors import Conflict, Invalid
from quizapp.store.backup import packed_texts, sound_rows
from quizapp.store.backup.backup import back_up
from quizapp.store.backup.file import contents
from quizapp.store.backup.restore import restore
from quizapp.store.packed_text import packed
from quizapp.store.records import RevisionDraft
from quizapp.store.schema_state import schema_found
from quizapp.store.sql.tables import TABLES, count
from quizapp.store.sqlite import migrations
from quizapp.store.sqlite.connection import at_rest
from quizapp.store.sqlite.own_schema import _made_by_us, foreign_parts_of_file
from quizapp.store.sqlite.source import source
from quizapp.store.sqlite.store import SqliteStore
from tests.store.conftest import ROOT
from tests.store.test_backup import everything, fill, older, unseen
from tests.test_library import bank

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
EMPTYING = "CREATE TRIGGER t AFTER INSERT ON results BEGIN DELETE FROM results; END"


@pytest.fixture
def kept(tmp_path: Path, clock: Any, answered: Any) -> Path:
    """A backup of a store with something in every table."""
    fill(str(tmp_path / "live.db"), clock, answered, results=40)
    back_up(str(tmp_path / "live.db"), tmp_path / "kept", unseen)
    return tmp_path / "kept"


def spoil(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            db.execute(statement)


def refusal(path: Path) -> Invalid:
    """Why it is restored into nothing, which is then as it was, and nothing left beside the file."""
    target, beside = path.parent / "new" / "new.db", sorted(os.listdir(path.parent))
    with pytest.raises(Invalid) as refused:
        restore(path, str(target), False, unseen)
    assert not target.exists()
    assert sorted({*os.listdir(path.parent)} - {"new"}) == beside
    return refused.value


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        ([EMPTYING], ["the trigger t is none of ours"]),
        (["CREATE VIEW v AS SELECT 1"], ["the view v is none of ours"]),
        (["CREATE TABLE evil (a)"], ["the table evil is none of ours"]),
        (["CREATE VIRTUAL TABLE find USING fts5(a)"], ["the table find is none of ours"]),
        (["CREATE INDEX evil ON results (token) WHERE token > 'x'"], ["the index evil is none of ours"]),
        (["DROP INDEX idx_results_expires"], ["the index idx_results_expires is missing"]),
        (["DROP TABLE in_step"], ["the table in_step is missing"]),
        (
            ["ALTER TABLE results ADD COLUMN g TEXT AS (hex(zeroblob(900000000)))"],
            ["the table results is not as quizapp makes it: the column g is none of ours"],
        ),
        (
            ["ALTER TABLE editors DROP COLUMN disabled", "ALTER TABLE editors ADD COLUMN disabled ANY"],
            ["the table editors is not as quizapp makes it"],
        ),
        (
            ["ALTER TABLE audit_log RENAME TO a2", f"CREATE VIEW audit_log AS {ENDLESS} SELECT x AS number FROM c"],
            ["the table audit_log is missing", "the table a2 is none of ours", "the view audit_log is none of ours"],
        ),
        (
            ["UPDATE _sqlite_migrations SET name = '0002_other' WHERE name = '0002_results'"],
            ["the list of its migrations is not that of any quizapp"],
        ),
    ],
    ids=lambda value: None if isinstance(value, list) and value[0].startswith("the ") else str(value[0])[:22],
)  # fmt: skip
def test_what_no_migration_of_ours_made_is_refused_and_each_is_told(
    kept: Path, statements: list[str], told: list[str]
) -> None:
    spoil(kept, *statements)
    begun = time.monotonic()
    problems = refusal(kept).problems
    assert time.monotonic() - begun < 5
    assert {problem.code for problem in problems} == {"foreign_schema"}
    assert set(told) <= {problem.what for problem in problems}


def test_a_list_of_migrations_that_is_endless_is_never_read(kept: Path) -> None:
    spoil(
        kept,
        "DROP TABLE _sqlite_migrations",
        f"CREATE VIEW _sqlite_migrations AS {ENDLESS} SELECT 'quizapp' AS migration_set, x AS name, x AS id FROM c",
    )
    assert [problem.code for problem in refusal(kept).problems] == ["no_backup"]
    assert schema_found(str(kept)) == 0


def test_names_in_a_refusal_command_no_terminal(kept: Path) -> None:
    spoil(kept, 'CREATE VIEW "\x1b[2Jgone" AS SELECT 1')
    assert "\x1b" not in str(refusal(kept))
    assert not any("\x1b" in one for one in foreign_parts_of_file(kept))


@pytest.mark.parametrize("schema", range(1, migrations.NEWEST + 1))
def test_each_schema_is_the_one_that_its_migrations_make_and_no_other(schema: int, tmp_path: Path) -> None:
    older(tmp_path / "old.db", schema)
    spoil(tmp_path / "old.db", "ANALYZE")
    assert foreign_parts_of_file(tmp_path / "old.db") == []
    assert contents(tmp_path / "old.db").schema == schema
    spoil(tmp_path / "old.db", "CREATE TABLE later (a)")
    assert foreign_parts_of_file(tmp_path / "old.db") == ["the table later is none of ours"]


# Of what stands in the backups that are out there; a released line never changes.
MADE = (
    "c539669670e5ce53", "70ec7778a7023d0e", "c0930796e2de13b6", "34e5617ed3914a81", "b8241f1e89641df2",
    "ef6be66d9a47d1f8", "780649ea0c584177",
)  # fmt: skip


def test_another_sqlite_utils_makes_the_same_schemas_or_no_backup_could_be_restored_any_more() -> None:
    def digest(schema: int) -> str:
        return hashlib.sha256("\n".join(one.sql for one in _made_by_us(schema).parts).encode()).hexdigest()[
            :16
        ]

    assert tuple(digest(schema) for schema in range(1, migrations.NEWEST + 1)) == MADE


def test_how_a_table_was_laid_out_makes_no_difference(kept: Path) -> None:
    spaces = "replace(replace(sql, char(10), '  '), '   ', ' ')"
    spoil(
        kept, "PRAGMA writable_schema = ON", f"UPDATE sqlite_master SET sql = {spaces} WHERE type = 'table'"
    )
    assert foreign_parts_of_file(kept) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE editors SET role = 'root'", r"editors \w{6}: role is not one of viewer, editor, publisher"),
        ("UPDATE editors SET password_hash = '$argon2id$v=19$m=99999999,t=999,p=1$YQ$YQ'", "hash of a password"),
        ("UPDATE editors SET password_hash = '$argon2id$v=19$m=65536,t=99,p=1$YWJjZA$YWJjZA'", "hash of a password"),
        ("UPDATE editors SET password_hash = '$argon2id$v=19$m=199999,t=1,p=1$YWJjZA$YWJjZA'", "hash of a password"),
        ("UPDATE editors SET created = 'yesterday'", "created is not a moment"),
        ("UPDATE editors SET created = '2026-11-22T09:00:00.000000+09:00'", "created is not a moment"),
        ("UPDATE publications SET origin = 'sky' WHERE number = 1", "publications 1: origin is not one of"),
        ("UPDATE revisions SET parsed = '[1]'", "parsed is not a JSON object"),
        ("UPDATE drafts SET state = 'ajar'", "state is not one of open, published, discarded"),
        ("UPDATE draft_versions SET text = x'00ff'", "text is not a packed text"),
        ("UPDATE audit_log SET about = '['", "audit_log 1: about is not a JSON object"),
        ("UPDATE results SET on_day = '2026-02-31'", "on_day is not a day"),
        ("UPDATE results SET answers = 'not json'", "answers is not a JSON object"),
        ("UPDATE results SET answers = '{}' || char(0) || '!'", "answers is not a JSON object"),
        ("UPDATE results SET answers = replace(hex(zeroblob(700)), '00', '{\"a\":') || '1'", "answers is not"),
        ("UPDATE results SET answers = printf('{\"a\": %s}', replace(hex(zeroblob(2500)), '0', '9'))", "answers is"),
        ("UPDATE results SET shown = '{}'", "shown is not a JSON list of names"),
        ("UPDATE results SET owner = 'me'", "owner is not a fingerprint"),
        ("UPDATE results SET language = CAST(x'ff' AS TEXT)", "language is not proper text"),
        ("UPDATE previews SET until = ''", "until is not a moment"),
    ],
)  # fmt: skip
def test_a_row_that_could_not_be_read_afterwards_is_refused(kept: Path, statement: str, told: str) -> None:
    spoil(kept, statement)
    problems = refusal(kept).problems
    assert {problem.code for problem in problems} == {"unsound_row"}
    assert re.search(told, problems[0].what), problems[0].what


def test_all_wrong_rows_are_told_at_once_twenty_of_each_table_and_nothing_that_is_in_them(kept: Path) -> None:
    spoil(kept, "UPDATE results SET answers = 'my secret', on_day = 'x'", "UPDATE editors SET role = 'root'")
    with closing(sqlite3.connect(kept)) as db:
        tokens = [token for (token,) in db.execute("SELECT token FROM results")]
    refused = refusal(kept)
    told = [problem.what for problem in refused.problems]
    assert len(told) == 1 + 20 + 1
    assert all(": on_day is not a day, answers is not a JSON object" in one for one in told[1:21])
    assert told[21] == "20 more rows of results are wrong, 40 in all"
    assert "my secret" not in str(refused) and not any(token in str(refused) for token in tokens)


def with_cases(kept: Path, *texts: bytes) -> None:
    """Give each version of a draft one of these packed texts as its cases; as many versions as there are."""
    with closing(sqlite3.connect(kept)) as db:
        [(first, *rest)] = db.execute("SELECT * FROM draft_versions ORDER BY version LIMIT 1")
        names = [name for (name,) in db.execute("SELECT name FROM pragma_table_info('draft_versions')")]
        for number, text in enumerate(texts):
            row = dict(zip(names, (first, *rest), strict=True)) | {"version": 100 + number, "cases": text}
            marks = ", ".join("?" * len(row))
            db.execute(f"INSERT INTO draft_versions ({', '.join(row)}) VALUES ({marks})", list(row.values()))
        db.commit()
        db.execute("PRAGMA user_version = 0")


def test_a_packed_text_that_fills_the_memory_is_refused(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_texts, "MOST_UNPACKED", 100_000)
    with_cases(kept, zlib.compress(b"a" * 200_000))
    assert "cases is not a packed text" in refusal(kept).problems[0].what


def test_many_packed_texts_are_unpacked_no_further_than_any_store_would_need(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_texts, "GIVEN", 4_000_000)
    with_cases(kept, *[zlib.compress(b"a" * 1_000_000)] * 20)
    told = [problem.what for problem in refusal(kept).problems]
    assert 14 <= len(told) <= 17 and all("cases is not a packed text" in one for one in told)


def test_packed_texts_of_any_size_pass_that_shrank_as_texts_do(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_texts, "GIVEN", 0)
    large = packed("".join(f"受講料 {number}: {number * 7919} 円\n" for number in range(60_000)))
    assert len(large) * 50 > 2_500_000
    with_cases(kept, large, large, packed("\ud800"))
    contents(kept)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE revisions SET parsed = '{}'",
        "UPDATE revisions SET parsed = replace(parsed, '2000', '9000')",
        "UPDATE revisions SET bank = 'other'",
    ],
)
def test_a_revision_that_is_not_the_bank_of_its_name_is_refused(
    tmp_path: Path, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = parse_bank(bank(), "trainer.yaml")
    store = SqliteStore(tmp_path / "live.db")
    parsed = bank_to_json(loaded.bank)
    store.publish(RevisionDraft("trainer", loaded.revision, bank(), parsed, None, "file", "mika", "new"))
    store.close()
    back_up(str(tmp_path / "live.db"), tmp_path / "kept", unseen)
    monkeypatch.setenv("QUIZAPP_DATABASE", str(tmp_path / "good.db"))
    assert CliRunner().invoke(commands, ["restore", str(tmp_path / "kept")]).exit_code == 0
    monkeypatch.setenv("QUIZAPP_DATABASE", str(tmp_path / "new.db"))
    spoil(tmp_path / "kept", "PRAGMA user_version = 0", statement)
    refused = CliRunner().invoke(commands, ["restore", str(tmp_path / "kept")])
    assert isinstance(refused.exception, Invalid) and not (tmp_path / "new.db").exists()
    [problem] = refused.exception.problems
    assert problem.what == f"revisions {loaded.revision[:6]}: parsed is not the bank that goes by that name"


def test_what_a_row_may_hold_is_checked_in_columns_that_there_are() -> None:
    columns = {table.name: set(table.columns) for table in TABLES}
    assert {
        name: set(kinds) - columns[name]
        for name, kinds in sound_rows._KINDS.items()
        if set(kinds) - columns[name]
    } == {}
    # Whatever is called so is a moment; a new table must say it too.
    moments = {"at", "created", "expires", "until", "seen", "begun", "fades", "opened", "updated"}
    for table in TABLES:
        found = {
            name for name, kind in sound_rows._KINDS.get(table.name, {}).items() if kind is sound_rows._MOMENT
        }
        assert found == moments & set(table.columns) - ({"seen"} if table.name == "in_step" else set()), (
            table.name
        )


# A database that is in use


def test_a_backup_says_what_in_it_would_be_refused_and_is_made_all_the_same(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = kept.parent / "live.db"
    spoil(live, "CREATE INDEX mine ON results (language)")
    assert back_up(str(live), kept, unseen).foreign == ("the index mine is none of ours",)
    monkeypatch.setenv("QUIZAPP_DATABASE", str(live))
    done = CliRunner().invoke(commands, ["backup", str(kept), "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["foreign"] == ["the index mine is none of ours"]
    assert "would not be restored as it is: the index mine" in done.stderr


def test_the_doctor_tells_of_tables_that_are_none_of_ours(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = kept.parent / "live.db"
    monkeypatch.setenv("QUIZAPP_DATABASE", str(live))
    told = [one for one in store_findings(load()) if one.of == "tables"]
    assert told == []
    spoil(live, "ALTER TABLE audit_log RENAME TO a2", f"CREATE VIEW audit_log AS {ENDLESS} SELECT x FROM c")
    told = [one for one in store_findings(load()) if one.of == "tables"]
    assert {one.verdict for one in told} == {"bad"}
    assert any(one.says.startswith("the view audit_log is none of ours") for one in told)
    (live.parent / "gone").mkdir()
    monkeypatch.setenv("QUIZAPP_DATABASE", str(live.parent / "gone" / "none.db"))
    assert [one for one in store_findings(load()) if one.of == "tables"] == []


def test_no_connection_trusts_the_schema_of_a_file(kept: Path) -> None:
    store = SqliteStore(kept.parent / "live.db")
    with store.transactions.write() as writer, store.transactions.read() as reader:
        for db in (writer, reader):
            assert list(db.query("PRAGMA trusted_schema")) == [{"trusted_schema": 0}]
    store.close()
    with at_rest(kept) as db:
        assert db.execute("PRAGMA trusted_schema").fetchone() == (0,)
    opening = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "quizapp").rglob("*.py"))
        if "sqlite3.connect(" in path.read_text(encoding="utf-8")
    ]
    # The doctor tries the disk with a file of its own.
    assert opening == ["quizapp/doctor/look.py", "quizapp/store/sqlite/connection.py"]


def test_a_file_that_is_written_while_it_is_read_at_rest_is_told(kept: Path) -> None:
    with pytest.raises(Conflict, match="meanwhile"), at_rest(kept):
        spoil(kept, "DELETE FROM results")


# Copying from one store into another


def copied(origin: Path, goal: Path) -> Any:
    return CliRunner().invoke(commands, ["store", "copy", str(origin), str(goal), "--json"])


@pytest.mark.parametrize(
    "statements",
    [
        [
            "ALTER TABLE audit_log RENAME TO a2",
            f"CREATE VIEW audit_log AS {ENDLESS} SELECT x AS number FROM c",
        ],
        [EMPTYING],
        ["UPDATE editors SET role = 'root'"],
    ],
)
def test_a_source_that_no_restore_would_take_is_not_copied(kept: Path, statements: list[str]) -> None:
    spoil(kept, *statements)
    before = sorted(os.listdir(kept.parent))
    refused = copied(kept, kept.parent / "goal.db")
    assert isinstance(refused.exception, Invalid)
    assert sorted(os.listdir(kept.parent)) == before


def test_a_copy_only_reads_its_source_and_leaves_nothing_beside_it(kept: Path) -> None:
    live = kept.parent / "live.db"
    SqliteStore(live).close()
    (live.parent / "live.db-lock").unlink()
    kept.unlink()
    before, stood = live.read_bytes(), live.stat().st_mtime_ns
    assert copied(live, kept.parent / "goals" / "goal.db").exit_code == 0
    assert (live.read_bytes(), live.stat().st_mtime_ns) == (before, stood)
    assert sorted(os.listdir(live.parent)) == ["goals", "live.db"]
    assert everything(str(kept.parent / "goals" / "goal.db")) == everything(str(live))


def test_a_copy_holds_what_stands_in_the_log_of_its_source_only(kept: Path, answered: Any) -> None:
    live = kept.parent / "live.db"
    store = SqliteStore(live)
    store.save_result(answered(), "in the log")
    with source(live) as rows:
        assert count(rows, TABLES[-1]) == 41
        with pytest.raises(RuntimeError):
            rows.write()
    store.close()


def test_a_source_of_an_older_schema_is_left_as_it_is(tmp_path: Path) -> None:
    older(tmp_path / "old.db", 3)
    refused = copied(tmp_path / "old.db", tmp_path / "goal.db")
    assert isinstance(refused.exception, Invalid) and "schema 3" in str(refused.exception)
    assert schema_found(str(tmp_path / "old.db")) == 3
    assert not (tmp_path / "goal.db").exists()
