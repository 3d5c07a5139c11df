"""What every test may ask for: a real app over a real temporary database, a browser, a PostgreSQL."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as examples

from quizapp.config import Settings

ROOT = Path(__file__).resolve().parent.parent
STRICT = os.environ.get("CI") == "true"

# How long an example takes says how busy a machine is; promises of time have tests of their own.
examples.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("any machine")


def find_chromium() -> str | None:
    """The browser to drive: Debian's, or whatever QUIZAPP_TEST_CHROMIUM names."""
    named = os.environ.get("QUIZAPP_TEST_CHROMIUM")
    return (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )


def find_postgres() -> str | None:
    """The folder of initdb and postgres, the newest where there are several."""
    on_path = shutil.which("initdb")
    if on_path:
        return str(Path(on_path).parent)
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))
    return folders[-1] if folders else None


def find_postgres_or_server() -> str | None:
    """The same folder, else the address of a server that QUIZAPP_TEST_POSTGRES lends to the tests."""
    return find_postgres() or os.environ.get("QUIZAPP_TEST_POSTGRES")


def find_redis() -> str | None:
    """The program of the Redis server."""
    return shutil.which("redis-server")


def find_redis_or_address() -> str | None:
    """The same program, else the address of a server that QUIZAPP_TEST_REDIS lends to the tests."""
    return os.environ.get("QUIZAPP_TEST_REDIS") or find_redis()


NEEDS: dict[str, tuple[Callable[[], str | None], str]] = {
    "browser": (find_chromium, "Chromium (Debian: apt-get install chromium)"),
    "postgres": (find_postgres_or_server, "PostgreSQL (Debian: apt-get install postgresql)"),
    "redis": (find_redis_or_address, "Redis (Debian: apt-get install redis-server)"),
    "redis program": (find_redis, "redis-server (Debian: apt-get install redis-server)"),
    "postgres programs": (find_postgres, "initdb and postgres (Debian: apt-get install postgresql)"),
}


def require_or_skip(name: str) -> str:
    """The path of what a test needs; without it the test is skipped, or fails where CI=true."""
    find, words = NEEDS[name]
    found = find()
    if found is None:
        if STRICT:
            pytest.fail(f"needs {words}, and CI=true allows no gaps", pytrace=False)
        pytest.skip(f"needs {words}")
    return found


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked ``browser``, ``postgres`` or ``redis`` needs the real thing."""
    for name in NEEDS:
        if item.get_closest_marker(name):
            require_or_skip(name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Gaps are told loudly, so that nobody takes a run with gaps for a whole one."""
    gaps = [
        report for report in terminalreporter.stats.get("skipped", []) if "needs " in str(report.longrepr)
    ]
    if gaps:
        terminalreporter.write_line(
            f"NOT A WHOLE RUN: {len(gaps)} tests were skipped, see above", red=True, bold=True
        )


@pytest.fixture(scope="session")
def require() -> Callable[[str], str]:
    """``require("browser")``: the path of what a test needs, or skip (fail in CI)."""
    return require_or_skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings over an instance folder of this test's own, and the shipped banks, unwatched."""
    return Settings(instance=tmp_path / "instance", questions=ROOT / "questions", watch=0)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The real application over a real SQLite file."""
    from quizapp.app import create_app

    application = create_app(settings)
    application.testing = True
    yield application
    services = application.extensions["quizapp"]
    services.library.stop()
    services.store.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, as far as Flask's own test client is one."""
    return app.test_client()


@pytest.fixture
def runner() -> CliRunner:
    """Runs commands in this process."""
    return CliRunner()
