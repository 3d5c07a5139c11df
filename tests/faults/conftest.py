"""Fleets over real databases, how much is saved during a fault, and where figures go.

``--large`` saves thousands of results during each fault and keeps the figures for ``docs/trust.md``;
without it a fault takes a few seconds.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import require_or_skip
from tests.faults import figures
from tests.faults.fleet import Fleet, Worker
from tests.postgres import Server, running
from tests.test_library import CASES, bank

SMALL, LARGE = 60, 1_700
Told = Callable[..., None]
MakeFleet = Callable[..., Fleet]


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--large``."""
    parser.addoption("--large", action="store_true", help="faults at large size; keeps the figures")


@pytest.fixture(scope="session")
def large(request: pytest.FixtureRequest) -> bool:
    """Whether the large sizes were asked for."""
    return bool(request.config.getoption("--large", default=False))


@pytest.fixture(scope="session")
def some(large: bool) -> int:
    """How many results are acknowledged before each fault, and again after it."""
    return LARGE if large else SMALL


@pytest.fixture
def told(large: bool, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Told:
    """``told(acknowledged=…, lost=…, recovery=…)``: says what a fault came to, and keeps it if large."""

    def tell(**came_to: Any) -> None:
        name = request.node.name.removeprefix("test_")
        with capsys.disabled():
            print(f"\n{name}: " + ", ".join(f"{key} {value}" for key, value in came_to.items()))
        if large:
            figures.keep(name, **came_to)

    return tell


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``questions`` and ``instance`` in which one small bank is published."""
    folder = tmp_path_factory.mktemp("fault") / "ground"
    (folder / "questions").mkdir(parents=True)
    (folder / "questions" / "trainer.yaml").write_text(bank(), encoding="utf-8")
    (folder / "questions" / "trainer.cases.yaml").write_text(CASES.format(first="first"), encoding="utf-8")
    Worker(folder).run("bank", "publish")
    return folder


@pytest.fixture
def place(ground: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copytree(ground, tmp_path / "place"))


@pytest.fixture
def fleet_of(place: Path) -> Iterator[MakeFleet]:
    """``fleet_of(2, database, threads="4")``: so many workers that answer, stopped in the end."""
    with ExitStack() as until_the_end:

        def begin(workers: int = 1, database: str = "", **settings: str) -> Fleet:
            fleet = Fleet(*(Worker(place, database, **settings) for _ in range(workers)))
            until_the_end.callback(fleet.stop)
            return fleet.start()

        yield begin


@pytest.fixture
def file(place: Path) -> str:
    """The SQLite file."""
    return str(place / "instance" / "quizapp.sqlite3")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server that keeps what it says, to be killed and started at will."""
    with running(require_or_skip("postgres programs")) as found:
        yield found


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """A database on it, dropped in the end."""
    server.run("CREATE DATABASE faults")
    yield server.address("faults")
    server.run("DROP DATABASE faults WITH (FORCE)")
