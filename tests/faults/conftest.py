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

from benchmarks import figures
from tests.conftest import require_or_skip
from tests.faults.fleet import Fleet, Worker
from tests.faults.network import Network, network_to
from tests.postgres import Server, running
from tests.test_library import CASES, bank

SMALL, LARGE = 60, 2_000
Told = Callable[..., None]


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


@pytest.fixture(scope="session")
def copied(ground: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """``copied()``: a copy of it."""
    return lambda: Path(shutil.copytree(ground, tmp_path_factory.mktemp("place") / "place"))


@pytest.fixture(scope="session")
def one(copied: Callable[[], Path]) -> Iterator[Fleet]:
    """A process of eight threads on an SQLite file."""
    folder = copied()
    fleet = Fleet(str(folder / "instance" / "quizapp.sqlite3"), Worker(folder, threads="8"))
    yield fleet.start()
    fleet.stop()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server that keeps what it says, to be killed and started at will."""
    with running(require_or_skip("postgres programs")) as found:
        yield found


@pytest.fixture(scope="session")
def network(server: Server) -> Iterator[Network]:
    """What lies between the two workers and that server."""
    with network_to(server.port) as found:
        yield found


@pytest.fixture(scope="session")
def two(server: Server, network: Network, copied: Callable[[], Path]) -> Iterator[Fleet]:
    """Two processes on PostgreSQL. More threads than a pool has connections, so that it can run out."""
    server.run("CREATE DATABASE faults")
    address = server.address("faults").replace(f":{server.port}/", f":{network.port}/")
    workers = (Worker(copied(), address, threads="12", drain_seconds="0.6") for _ in range(2))
    fleet = Fleet(server.address("faults"), *workers)
    yield fleet.start()
    fleet.stop()


@pytest.fixture
def stopping() -> Iterator[ExitStack]:
    """What is entered or called back here ends with the test, well or not."""
    with ExitStack() as until_the_end:
        yield until_the_end
