"""What holds for the schema of the SQLite engine: how it comes to be, and how a released one upgrades."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlite_utils import Database

from quizapp.errors import NotFound, Unavailable, Unusable
from quizapp.store.sqlite import migrations
from quizapp.store.sqlite.store import SqliteStore
from quizapp.store.timestamps import as_time

TABLES = {
    "revisions",
    "publications",
    "published_cases",
    "published_texts",
    "in_step",
    "results",
    "editors",
    "editor_sessions",
    "setup_offers",
    "turns",
    "drafts",
    "draft_versions",
    "previews",
    "audit_log",
}
# As the first release left it.
RELEASED = """
    INSERT INTO revisions VALUES ('r1', 'trainer', '# r1', '{}'), ('r2', 'trainer', '# r2', '{}');
    INSERT INTO publications VALUES
        (1, 'trainer', 'r1', NULL, 'file', 'file', 'new', '2026-11-01T00:00:00.000000+00:00'),
        (2, 'trainer', 'r2', 'r1', 'file', 'file', 'changed', '2026-11-02T00:00:00.000000+00:00');
    INSERT INTO in_step VALUES ('/banks', 'trainer', 'r2', 'digest');
    INSERT INTO results VALUES ('token', 'trainer', 'r1', '2026-11-01', '{"age": 25}', 'ja', NULL, NULL,
        'owner', 'submission', '2026-11-01T00:00:00.000000+00:00', '2027-11-01T00:00:00.000000+00:00');
"""


@pytest.fixture
def engine(sqlite):
    return sqlite


def migration_names() -> list[str]:
    with Database(memory=True) as empty:
        return [step.name for step in migrations.steps.pending(empty)]


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


def test_it_upgrades_a_released_database_of_schema_2_with_all_that_is_in_it(
    tmp_path, clock, revised, checked
):
    path, now = tmp_path / "released.db", "2026-11-01T00:00:00.000000+00:00"
    with closing(sqlite3.connect(path)) as connection:
        database = Database(connection)
        migrations.steps.apply(database, stop_before=migration_names()[2])
        database.executescript(RELEASED)
        before = {table: list(database.table(table).rows) for table in database.table_names()}
    store = SqliteStore(path, clock)
    assert store.schema_version() == migrations.NEWEST
    with store._file.read() as db:
        assert {table: list(db.table(table).rows) for table in before if table[0] != "_"} == {
            table: rows for table, rows in before.items() if table[0] != "_"
        }
    assert [line.revision for line in store.history("trainer")] == ["r2", "r1"]
    assert [store.cases_of(line.number) for line in store.history("trainer")] == [None, None]
    assert [store.text_of(line.number) for line in store.history("trainer")] == ["# r2", "# r1"]
    assert store.result("token").answers == {"age": 25}
    assert store.saved_since(as_time(now)) == {"trainer": 1}
    assert store.in_step("/banks", "trainer")
    mika = store.add_editor("mika", "publisher", None)
    draft = store.open_draft("trainer", mika.id, "r2", "text", None)
    store.publish(revised("r3", "r2", content=draft.text, cases="cases: []"))
    assert store.cases_of(store.newest("trainer").number) == "cases: []"
    store.close()
    assert checked(path) == "ok"


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
    assert names == {"_sqlite_migrations", *TABLES}


def test_a_link_of_schema_6_is_its_drafts_editors_and_is_gone_where_it_should_have_ended(tmp_path, clock):
    path, at = tmp_path / "released.db", "2026-11-01T00:00:00.000000+00:00"
    with closing(sqlite3.connect(path)) as connection:
        database = Database(connection)
        migrations.steps.apply(database, stop_before="0007_previews")
        for name, disabled in (("mika", 0), ("ken", 1)):
            sql = "INSERT INTO editors VALUES (?, ?, ?, 'editor', ?, ?, NULL, NULL)"
            database.execute(sql, [name, name, name, disabled, at])
        for draft, editor, state in (("a", "mika", "open"), ("b", "mika", "discarded"), ("c", "ken", "open")):
            sql = "INSERT INTO drafts VALUES (?, ?, ?, NULL, 1, ?, ?, ?)"
            database.execute(sql, [draft, draft, editor, state, at, at])
            database.execute("INSERT INTO previews VALUES (?, ?, 1, '2999')", [f"link {draft}", draft])
        connection.commit()
    store = SqliteStore(path, clock)
    with store._file.read() as db:
        found = list(db.query("SELECT secret, maker, shared FROM previews"))
    assert found == [{"secret": "link a", "maker": "mika", "shared": 1}]
    store.close()


def test_it_says_which_step_failed_and_changes_nothing(tmp_path):
    path = tmp_path / "quizapp.db"
    with closing(sqlite3.connect(path)) as connection:
        migrations.steps.apply(Database(connection), stop_before=migration_names()[3])
        connection.execute("CREATE TABLE audit_log (somebody_elses TEXT)")
        connection.commit()
    with pytest.raises(Unusable) as refusal:
        SqliteStore(path)
    assert "step 0005_publishing failed" in str(refusal.value) and "audit_log" in str(refusal.value)
    assert "Nothing was changed, it still has schema 3" in str(refusal.value)
    with closing(sqlite3.connect(path)) as connection:
        assert migrations.schema_version(Database(connection)) == 3
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'drafts'").fetchone()
