"""A worker while its PostgreSQL is away: started into the outage, restarted in the midst of it, ended in it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import require_or_skip
from tests.postgres import FAST, Server, free_port, running

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120.0


@dataclass
class Worker:
    """One ``quizapp serve`` and what it has logged."""

    process: subprocess.Popen[str]
    port: int
    errors: Path

    def ask(self, path: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and body; status 0 where nothing listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return (
                answer.status,
                {name.lower(): value for name, value in answer.getheaders()},
                answer.read().decode(),
            )
        except OSError:
            return 0, {}, ""
        finally:
            connection.close()

    def serving(self) -> int:
        """The id of the serving process."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        if not children.exists():
            pytest.skip("this system has no /proc to find the serving process")
        until(lambda: bool(children.read_text().split()))
        return int(children.read_text().split()[0])

    def log(self) -> list[dict[str, Any]]:
        """Every line on standard error."""
        return [json.loads(line) for line in self.errors.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(require_or_skip("postgres programs"), **FAST) as one:
        yield one


@contextmanager
def worker(tmp_path: Path, database: str) -> Iterator[Worker]:
    port, errors = free_port(), tmp_path / "errors"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    environ |= {"QUIZAPP_INSTANCE": str(tmp_path), "QUIZAPP_DATABASE": database, "PYTHONPATH": str(ROOT)}
    environ |= {
        "QUIZAPP_LOG_FORMAT": "json",
        "QUIZAPP_QUESTIONS": str(tmp_path / "none"),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "quizapp", "serve", "--port", str(port)]
    with errors.open("w") as heard:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, stderr=heard, text=True
        )
    try:
        yield Worker(process, port, errors)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_started_while_its_database_is_away_it_waits_and_says_so(tmp_path: Path, server: Server) -> None:
    server.stop()
    with worker(tmp_path, server.address("postgres")) as one:
        until(lambda: one.ask("/healthz")[0] == 200)
        status, _, told = one.ask("/readyz")
        says = json.loads(told)["checks"]["store"]["says"]
        assert (status, says.rpartition(": ")[2]) == (503, f"no server answers at 127.0.0.1:{server.port}")
        status, headers, text = one.ask("/")
        assert (status, headers["retry-after"], headers["cache-control"]) == (503, "5", "private, no-store")
        assert "もう一度お試しください" in text
        assert json.loads(one.ask("/api/v1/banks")[2])["problems"][0]["code"] == "http_503"
        server.start()
        until(lambda: one.ask("/")[0] == 200)
        assert one.process.stdout
        assert f":{one.port}/" in one.process.stdout.readline()
        until(lambda: any("link" in line for line in one.log()))
        told_once = [line for line in one.log() if "waiting for the database" in line.get("says", "")]
        assert len({line["says"] for line in told_once}) == len(told_once)


def test_killed_again_and_again_in_an_outage_it_is_there_when_the_database_is(
    tmp_path: Path, server: Server
) -> None:
    with worker(tmp_path, server.address("postgres")) as one:
        until(lambda: one.ask("/")[0] == 200)
        server.stop()
        try:
            for _ in range(5):
                before = one.serving()
                os.kill(before, signal.SIGKILL)
                until(lambda before=before: one.serving() != before)  # type: ignore[misc]
                until(lambda: one.ask("/readyz")[0] == 503)
        finally:
            server.start()
        until(lambda: one.ask("/")[0] == 200)
        assert one.process.poll() is None


def test_a_database_that_waiting_does_not_mend_ends_it_at_once(tmp_path: Path, server: Server) -> None:
    server.run("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    with worker(tmp_path, server.address("latin")) as one:
        assert one.process.wait(PATIENCE) == 1
        assert "not in UTF-8" in one.errors.read_text()


def test_every_line_of_a_production_log_is_json_and_the_end_is_told(tmp_path: Path, server: Server) -> None:
    with worker(tmp_path, server.address("postgres")) as one:
        until(lambda: one.ask("/")[0] == 200)
        os.kill(one.serving(), signal.SIGKILL)
        until(lambda: one.ask("/")[0] == 200)
        server.stop()
        server.start()
        one.ask("/readyz")
        one.process.send_signal(signal.SIGTERM)
        one.process.wait(PATIENCE)
        said = [line["says"] for line in one.log() if "says" in line]
        assert {"Unexpected exit from worker-1", "stopping"} <= set(said)
        assert not [line for line in said if "connection to server" in line]
        assert [line for line in said if "there is no folder" in line]
