"""The contract suite's fixtures: every test that asks for ``engine`` runs on every database."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from quizapp.store.addresses import open_store
from quizapp.store.editing_records import Draft, Editor
from quizapp.store.protocol import Store
from quizapp.store.records import ResultDraft, RevisionDraft

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


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    assert request.param == "sqlite"
    return Engine(f"sqlite:///{tmp_path / 'instance' / 'quizapp.db'}")


@pytest.fixture
def path(engine: Engine) -> Path:
    """The file, where the engine keeps everything in one."""
    return Path(engine.address.removeprefix("sqlite:///"))


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
