"""The contract suite's fixtures: every test that asks for ``engine`` runs on every database."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from quizapp.store.addresses import open_store
from quizapp.store.editing_records import Draft, Editor
from quizapp.store.protocol import Store
from quizapp.store.records import ResultDraft, RevisionDraft
from tests.conftest import require_or_skip
from tests.postgres import FAST, running

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("worker.py")


class Clock:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Engine:
    """One empty database of one kind, and how processes of its own get at it."""

    address: str

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A process that works on the same database; see ``worker.py``."""
        command = [sys.executable, str(WORKER), self.address, *arguments]
        paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        return subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths},
        )

    def run_at_once(self, *commands: tuple[str, ...]) -> list[str]:
        """What the processes, started together, have printed; all of them must end well."""
        started = [self.start(*command) for command in commands]
        ended = [(process.communicate(timeout=60), process.returncode) for process in started]
        assert [error for (_, error), code in ended if code or error] == []
        return [output for (output, _), _ in ended]


ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture
def sqlite(tmp_path: Path) -> Engine:
    """An SQLite file that is not there yet."""
    return Engine(f"sqlite:///{tmp_path / 'instance' / 'quizapp.db'}")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """A database that holds nothing, of each kind in turn."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture(params=ENGINES)
def unmade(request: pytest.FixtureRequest) -> Engine:
    """A database without tables, of each kind in turn."""
    name = {"sqlite": "sqlite", "postgres": "bare_postgres"}[request.param]
    engine: Engine = request.getfixturevalue(name)
    return engine


@pytest.fixture
def path(sqlite: Engine) -> Path:
    """The file, where the engine keeps everything in one."""
    return Path(sqlite.address.removeprefix("sqlite:///"))


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """A PostgreSQL server: that of QUIZAPP_TEST_POSTGRES, else one of the tests' own."""
    with contextlib.ExitStack() as until_the_end:
        address = os.environ.get("QUIZAPP_TEST_POSTGRES")
        if not address:
            server = until_the_end.enter_context(running(require_or_skip("postgres programs"), **FAST))
            address = server.address("postgres")
        yield until_the_end.enter_context(closing(Databases(address)))


@pytest.fixture
def postgres(databases: Databases) -> Engine:
    """A PostgreSQL database that has all its tables, empty."""
    return Engine(databases.emptied())


@pytest.fixture
def bare_postgres(databases: Databases) -> Iterator[Engine]:
    """A PostgreSQL database without tables."""
    with databases.bare() as address:
        yield Engine(address)


_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Databases:
    """Databases on one server; most tests share one, which is emptied in between."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._server = psycopg.connect(address, autocommit=True)
        self.port = self._server.info.port
        self.shared = self._make("UTF8")
        open_store(self._address_of(self.shared)).close()
        self._inside = psycopg.connect(self._address_of(self.shared), autocommit=True)
        found = self._inside.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_steps'"
        )
        self._tables = ", ".join(name for (name,) in found)

    def emptied(self) -> str:
        """The address of the shared database, which has all tables and no rows."""
        self._inside.execute(f"TRUNCATE {self._tables}")
        return self._address_of(self.shared)

    @contextmanager
    def bare(self, letters: str = "UTF8") -> Iterator[str]:
        """The address of a database without tables, dropped when the block ends."""
        name = self._make(letters)
        yield self._address_of(name)
        self._drop(name)

    def run(self, sql: str) -> None:
        """Something that only an administrator may do."""
        self._server.execute(sql)

    def hang_up(self) -> None:
        """End every connection to the shared database but our own."""
        self._inside.execute(f"SELECT pg_terminate_backend(pid, 5000) {_OTHERS}")

    def others(self) -> int:
        """How many connections to the shared database there are but our own."""
        return len(self._inside.execute(f"SELECT pid {_OTHERS}").fetchall())

    def close(self) -> None:
        self._inside.close()
        self._drop(self.shared)
        self._server.close()

    def _make(self, letters: str) -> str:
        name = f"quizapp_test_{secrets.token_hex(6)}"
        made = f"CREATE DATABASE {name} ENCODING '{letters}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        self._server.execute(made)
        return name

    def _drop(self, name: str) -> None:
        self._server.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _address_of(self, name: str) -> str:
        return urlsplit(self._address)._replace(path=f"/{name}").geturl()


@pytest.fixture
def checked() -> Callable[[Path], str]:
    return sqlite_check


def sqlite_check(path: Path) -> str:
    """What SQLite says of a file that nobody has open: "ok", and no reference leads nowhere."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(engine: Engine, clock: Clock) -> Iterator[Store]:
    """An open store in which ``trainer`` has one revision, ``r1``."""
    opened = open_store(engine.address, clock)
    opened.publish(revision_draft())
    yield opened
    opened.close()


@pytest.fixture
def mika(store: Store) -> Editor:
    return store.add_editor("Mika", "editor", "mika's hash")


@pytest.fixture
def draft(store: Store, mika: Editor) -> Draft:
    """Mika's draft of ``trainer``, as she opened it."""
    return store.open_draft("trainer", mika.id, "r1", "bank: trainer\n", "cases: []\n")


def revision_draft(revision: str = "r1", parent: str | None = None, **changes: Any) -> RevisionDraft:
    values = {"bank": "trainer", "content": f"# {revision}", "parsed": "{}", "origin": "file"}
    values |= {"who": "file", "why": "a test", **changes}
    return RevisionDraft(revision=revision, parent=parent, **values)


def result_draft(**changes: Any) -> ResultDraft:
    values = {"bank": "trainer", "revision": "r1", "on": date(2026, 11, 22), "language": "ja"}
    values |= {"answers": {"age": 25, "held": ["cpr", "aed"]}, "owner_key": "anna's browser", **changes}
    return ResultDraft(**values)


@pytest.fixture
def revised() -> Callable[..., RevisionDraft]:
    return revision_draft


@pytest.fixture
def answered() -> Callable[..., ResultDraft]:
    return result_draft
