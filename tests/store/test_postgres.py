"""What holds for the PostgreSQL engine in particular: its connections, its locks, its schema."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.rows import dict_row

from quizapp.errors import NotFound, Unavailable, Unusable
from quizapp.store.addresses import open_store, open_tables
from quizapp.store.postgres import migrations as postgres_migrations
from quizapp.store.postgres.store import PostgresStore
from quizapp.store.sql.tables import TABLES, rows_of
from quizapp.store.sqlite import migrations
from tests.conftest import require_or_skip
from tests.postgres import free_port, running

pytestmark = pytest.mark.postgres
STRANGE = "letters \x00 and 鍵🔑"


@pytest.fixture
def engine(postgres):
    return postgres


@pytest.fixture(scope="module")
def server():
    """A server that keeps what it says, to be stopped and started at will."""
    with running(require_or_skip("postgres programs")) as running_server:
        yield running_server


@pytest.fixture
def on_server(server, revised):
    """A store on it, with one revision."""
    store = PostgresStore(server.address("postgres"), wait_seconds=1)
    store.publish(revised())
    yield store
    store.close()


def seconds_until(works) -> float:
    begun = time.monotonic()
    while True:
        try:
            works()
        except Unavailable:
            assert time.monotonic() - begun < 20
            time.sleep(0.01)
        else:
            return time.monotonic() - begun


def test_it_works_again_with_the_first_request_after_a_restart(on_server, server, answered):
    tokens = _save_at_once(on_server, answered, 8)
    server.stop()
    server.start()
    assert on_server.result(tokens[0])
    assert len(_save_at_once(on_server, answered, 8)) == 8
    assert all(on_server.result(token) for token in tokens)


def _save_at_once(store, answered, threads):
    """Tokens of as many results; every connection of the pool gets to work."""
    together = threading.Barrier(threads)

    def save(_number):
        together.wait()
        return store.save_result(answered(), os.urandom(8).hex())

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(save, range(threads)))


def test_it_says_unavailable_soon_and_then_at_once_while_the_server_is_away(on_server, server):
    server.stop()
    try:
        for most in (20, 1.8, 1.8):
            begun = time.monotonic()
            with pytest.raises(Unavailable):
                on_server.ping()
            assert time.monotonic() - begun < most
    finally:
        server.start()
    assert on_server.heads()


def test_it_has_all_it_acknowledged_after_the_server_died_under_load(on_server, server, answered):
    acknowledged, refused = [], []
    stopping = threading.Event()

    def keep_saving(name: str) -> None:
        number = 0
        while not stopping.is_set():
            number += 1
            try:
                acknowledged.append(on_server.save_result(answered(owner_key=name), str(number)))
            except Unavailable:
                refused.append(name)
                time.sleep(0.01)

    threads = [threading.Thread(target=keep_saving, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for _ in range(2):
        told = len(acknowledged)
        while len(acknowledged) < told + 200:
            time.sleep(0.01)
        server.stop(signal.SIGQUIT)
        server.start()
    told = len(acknowledged)
    while len(acknowledged) < told + 50:
        time.sleep(0.01)
    stopping.set()
    for thread in threads:
        thread.join()
    assert refused
    assert [token for token in acknowledged if not _found(on_server, token)] == []


def _found(store, token):
    with contextlib.suppress(NotFound):
        return bool(store.result(token))
    return False


def test_it_loses_nothing_acknowledged_when_a_standby_takes_over(answered, revised):
    programs = require_or_skip("postgres programs")
    with running(programs) as primary, running(programs, standby_of=primary) as standby:
        primary.run("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
        hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
        store = PostgresStore(f"postgresql://quiz@{hosts}/postgres")
        store.publish(revised())
        acknowledged = []
        with ThreadPoolExecutor(4) as pool:
            saving = [pool.submit(_save_until, store, answered, name, acknowledged, 400) for name in "abcd"]
            while len(acknowledged) < 200:
                time.sleep(0.01)
            primary.stop(signal.SIGQUIT)
            standby.run("ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_promote()")
            refused = sum(one.result(timeout=60) for one in saving)
        assert refused
        assert len(acknowledged) >= 400
        assert [token for token in acknowledged if not _found(store, token)] == []
        assert store.publish(revised("r2", "r1")).number == 2
        store.close()


def _save_until(store, answered, name, acknowledged, most):
    """Save until so many are acknowledged; how often it was refused."""
    refused = number = 0
    while len(acknowledged) < most:
        number += 1
        try:
            acknowledged.append(store.save_result(answered(owner_key=name), str(number)))
        except Unavailable:
            refused += 1
            time.sleep(0.02)
    return refused


def test_it_waits_for_no_frozen_server_for_ever(on_server, answered, monkeypatch):
    monkeypatch.setattr("quizapp.store.postgres.silence.LONGEST_SECONDS", 1.0)
    frozen = []

    def freeze(db):
        [row] = db.query("SELECT pg_backend_pid() AS pid")
        frozen.append(row["pid"])
        os.kill(row["pid"], signal.SIGSTOP)
        db.query("SELECT 1")

    begun = time.monotonic()
    try:
        with pytest.raises(Unavailable, match="lost"), on_server.transactions.write("a lock") as db:
            freeze(db)
        with pytest.raises(Unavailable, match="lost"), on_server.transactions.read() as db:
            freeze(db)
        assert time.monotonic() - begun < 10
        assert on_server.save_result(answered(), "key")
    finally:
        for backend in frozen:
            os.kill(backend, signal.SIGCONT)


def test_it_saves_once_what_is_sent_again_because_the_answer_was_lost(on_server, server, answered):
    first = on_server.save_result(answered(), "sent twice")
    server.stop(signal.SIGQUIT)
    server.start()
    seconds_until(on_server.ping)
    assert on_server.save_result(answered(), "sent twice") == first


def test_it_is_unavailable_within_seconds_when_all_connections_are_in_use(engine):
    store = PostgresStore(engine.address, connections=2, wait_seconds=0.3)
    with store.transactions.read(), store.transactions.read():
        begun = time.monotonic()
        with pytest.raises(Unavailable, match="in use"):
            store.ping()
        assert time.monotonic() - begun < 10
    store.ping()
    store.close()


def test_it_goes_on_with_the_connections_it_has_when_the_server_takes_no_more(engine, databases):
    store = PostgresStore(engine.address, connections=4, wait_seconds=0.3)
    store.ping()
    with contextlib.ExitStack() as others:
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                others.enter_context(psycopg.connect(engine.address))
        with pytest.raises(Unavailable):
            _use_at_once(store, 4)
        store.ping()
    seconds_until(lambda: _use_at_once(store, 4))
    store.close()


def _use_at_once(store, connections):
    with contextlib.ExitStack() as held:
        for _ in range(connections):
            held.enter_context(store.transactions.read())


def test_it_gives_up_on_a_lock_that_somebody_keeps(engine, revised):
    store = PostgresStore(f"{engine.address}?options=-c%20lock_timeout%3D200ms")
    store.publish(revised())
    with store.transactions.write("publications"):
        with pytest.raises(Unavailable, match="busy"):
            store.publish(revised("r2", "r1"))
        assert store.newest("trainer").revision == "r1"
    assert store.publish(revised("r2", "r1"))
    store.close()


def test_it_gives_up_on_a_statement_that_takes_too_long(engine):
    store = PostgresStore(f"{engine.address}?options=-c%20statement_timeout%3D200ms")
    with pytest.raises(Unavailable, match="slow"), store.transactions.read() as db:
        db.query("SELECT pg_sleep(5)")
    store.ping()
    store.close()


def test_it_turns_away_from_a_server_that_takes_no_more_writes(engine, store, answered, databases):
    store.save_result(answered(), "before")
    databases.run(f"ALTER DATABASE {databases.shared} SET default_transaction_read_only = on")
    databases.hang_up()
    try:
        with pytest.raises(Unavailable):
            store.save_result(answered(), "meanwhile")
    finally:
        databases.run(f"ALTER DATABASE {databases.shared} RESET default_transaction_read_only")
    assert store.save_result(answered(), "after")


def test_it_drops_its_connections_when_one_finds_itself_on_a_demoted_server(engine, store, answered):
    refused = "SELECT set_config('transaction_read_only', 'on', true); DELETE FROM in_step"
    with pytest.raises(Unavailable, match="only be read"), store.transactions.write() as db:
        db.execute(refused)
    assert store.save_result(answered(), "on a new one")


def test_it_is_on_the_disk_before_it_is_acknowledged(engine, databases):
    for given, held in (("off", "on"), ("local", "on"), ("remote_apply", "remote_apply")):
        databases.run(f"ALTER DATABASE {databases.shared} SET synchronous_commit = {given}")
        store = PostgresStore(engine.address)
        with store.transactions.write() as db:
            [row] = db.query("SELECT current_setting('synchronous_commit') AS is_set")
        assert row["is_set"] == held
        store.close()
    databases.run(f"ALTER DATABASE {databases.shared} RESET synchronous_commit")


def test_it_finds_the_host_that_takes_writes_among_several(engine, databases, revised):
    real = databases.port
    address = engine.address.replace(f":{real}/", f":{free_port()},127.0.0.1:{real}/")
    store = open_store(address)
    assert store.publish(revised())
    store.close()


def test_it_keeps_a_text_with_nul_and_finds_none_by_it(store, mika, revised):
    line = store.publish(revised("r2", "r1", why=STRANGE, content=STRANGE))
    assert line.why == STRANGE.replace("\x00", "␀")
    store.record(STRANGE, "did", None, {STRANGE: STRANGE})
    assert store.entries()[0].about == {STRANGE: STRANGE}
    for ask in (store.result, store.revision, store.draft, store.editor, store.editor_named, store.session):
        with pytest.raises(NotFound):
            ask(STRANGE)


def test_it_orders_letters_by_their_code_whatever_the_locale(store):
    for name in ("éva", "Zoe", "anna", "_b", "ß"):
        store.add_editor(name, "viewer", None)
    assert [editor.name for editor in store.editors()] == ["_b", "anna", "ß", "Zoe", "éva"]


def test_it_says_unavailable_where_no_server_or_database_is(databases, engine):
    for address in (f"postgresql://quiz@127.0.0.1:{free_port()}/quiz", f"{engine.address}_not"):
        with pytest.raises(Unavailable):
            open_store(address)


def test_it_never_repeats_the_password_of_an_address():
    for address in ("postgresql://quiz:s3cret@host:not-a-port/db", "postgresql://quiz:s3cret@h/db?s3cret=1"):
        with pytest.raises(Unavailable) as refusal:
            open_store(address)
        assert "s3cret" not in str(refusal.value)


def test_it_passes_bugs_through_as_bugs(store):
    with pytest.raises(psycopg.errors.UndefinedTable), store.transactions.read() as db:
        db.query("SELECT * FROM no_such_table")
    store.ping()


def test_it_numbers_its_steps_as_the_sqlite_store_does():
    numbers = [int(name.split("_")[0]) for name, _ in postgres_migrations.steps()]
    assert numbers == list(range(1, migrations.NEWEST + 1))


def test_it_refuses_a_database_that_a_newer_version_has_written(bare_postgres):
    open_store(bare_postgres.address).close()
    with psycopg.connect(bare_postgres.address) as connection:
        connection.execute("INSERT INTO schema_steps VALUES (999, '0999_future')")
    with pytest.raises(Unavailable, match="newer"):
        open_store(bare_postgres.address)


def test_it_keeps_data_through_an_upgrade_from_every_older_schema(databases, revised):
    for older in range(1, postgres_migrations.NEWEST):
        with databases.bare() as address:
            with psycopg.connect(address, autocommit=True, row_factory=psycopg.rows.dict_row) as connection:
                postgres_migrations.migrate(connection, older)
                assert postgres_migrations.schema_version(connection) == older
                connection.execute("INSERT INTO revisions VALUES ('r1', 'trainer', '# r1', '{}')")
            store = open_store(address)
            assert store.schema_version() == postgres_migrations.NEWEST
            assert store.revision("r1").content == "# r1"
            assert store.publish(revised()).number == 1
            store.close()


def test_it_has_the_same_columns_as_the_sqlite_store(engine, sqlite):
    told = []
    for address in (engine.address, sqlite.address):
        opened = open_tables(address)
        told.append([list(rows_of(opened.transactions, table)) for table in TABLES])
        opened.close()
    assert told == [[[]] * len(TABLES)] * 2


def test_it_refuses_a_database_that_cannot_hold_every_letter(databases):
    with databases.bare("LATIN1") as address, pytest.raises(Unavailable, match="UTF-8"):
        open_store(address)


def test_it_frees_what_a_killed_worker_had_locked(engine, store, draft):
    worker = engine.start("hold", draft.id)
    assert worker.stdout.readline().strip() == "held"
    worker.kill()
    worker.communicate()
    assert store.save_draft(draft.id, 1, "on", None, "typed").version == 2


def test_it_opens_no_connection_that_outlives_it(engine, databases):
    store = PostgresStore(engine.address)
    store.wait_for_publication(0)
    store.ping()
    store.close()
    deadline = time.monotonic() + 5
    while databases.others():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_it_says_which_step_towards_the_newest_schema_failed_and_changes_nothing(bare_postgres):
    with psycopg.connect(bare_postgres.address, autocommit=True, row_factory=dict_row) as connection:
        postgres_migrations.migrate(connection, 3)
        connection.execute("CREATE TABLE audit_log (somebody_elses text)")
        with pytest.raises(Unusable) as refusal:
            open_store(bare_postgres.address)
        says = 'step 0005_publishing failed (relation "audit_log" already exists). Nothing was changed'
        assert says in str(refusal.value) and "still has schema 3" in str(refusal.value)
        assert postgres_migrations.schema_version(connection) == 3
        assert connection.execute("SELECT to_regclass('drafts') AS made").fetchone() == {"made": None}
