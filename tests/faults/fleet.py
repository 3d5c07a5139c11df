"""Real ``serve`` processes on ports of their own, and a balancer before them as simple as one can be."""

from __future__ import annotations

import http.client
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.ready import SECRET
from tests.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
Answer = tuple[int, Mapping[str, str], bytes]


class Worker:
    """One server: a parent, and the process that serves."""

    def __init__(self, folder: Path, database: str = "", **settings: str) -> None:
        """Take the folder, which holds ``questions`` and ``instance``; nothing is started yet."""
        self.folder = folder
        self.port = free_port()
        self._environ = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
        self._environ |= {
            "PYTHONPATH": str(ROOT),
            "QUIZAPP_SECRET_KEY": SECRET,
            "QUIZAPP_PROXY_HOPS": "1",
            "QUIZAPP_LOG_LEVEL": "error",
            **({"QUIZAPP_DATABASE": database} if database else {}),
            **{f"QUIZAPP_{name.upper()}": value for name, value in settings.items()},
        }
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, on the same port each time; returns once it answers."""
        self._process = self.spawn("-m", "quizapp", "serve", "--port", str(self.port))
        assert self._process.stdout
        told = self._process.stdout.readline()
        assert "http://" in told, f"the server says {told!r} and ends with {self._process.poll()}"

    def run(self, *arguments: str) -> str:
        """What another command of quizapp prints, run with the same settings."""
        process = self.spawn("-m", "quizapp", *arguments)
        output, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, output
        return output

    def spawn(self, *arguments: str) -> subprocess.Popen[str]:
        """A Python process with the same settings, in the same folder."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self._environ,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def serving(self) -> int:
        """The process that serves."""
        assert self._process
        parent = self._process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
        return int(children[0])

    def kill_serving(self) -> None:
        """Kill -9 of the process that serves; its parent starts another."""
        os.kill(self.serving, signal.SIGKILL)

    def kill(self) -> None:
        """Kill -9 of both processes at once."""
        assert self._process
        serving = self.serving
        self._process.kill()
        os.kill(serving, signal.SIGKILL)
        self._gone(5)

    @property
    def is_started(self) -> bool:
        """Whether it was started, and neither stopped nor killed since."""
        return self._process is not None

    def leave(self) -> None:
        """SIGTERM, and go on at once."""
        assert self._process
        self._process.terminate()

    def gone(self) -> None:
        """Wait until it has ended by itself."""
        self._gone(PATIENCE)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Status, headers and body; every request comes on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def _gone(self, seconds: float) -> None:
        assert self._process and self._process.stdout
        self._process.wait(seconds)
        self._process.stdout.close()
        self._process = None


class Fleet:
    """Workers, asked in turn; one that refuses to be connected to is passed over, as a proxy does it."""

    def __init__(self, database: str, *workers: Worker) -> None:
        """Take the workers, and the address of the database that all of them work on."""
        self.database = database
        self.workers = workers
        self.open = {worker.port for worker in workers}
        self._turns = itertools.count()

    def start(self) -> Fleet:
        """All of them, one after the other."""
        for worker in self.workers:
            worker.start()
        return self

    def stop(self) -> None:
        """All of them, at once."""
        running = [worker for worker in self.workers if worker.is_started]
        for worker in running:
            worker.leave()
        for worker in running:
            worker.gone()

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer of whoever's turn it is. Raises OSError or HTTPException where none comes."""
        first = next(self._turns)
        able = [worker for worker in self.workers if worker.port in self.open] or list(self.workers)
        for turn in range(len(able)):
            try:
                return able[(first + turn) % len(able)].ask(method, path, body, headers)
            except ConnectionRefusedError:
                continue
        raise ConnectionRefusedError("no worker listens")

    def look(self) -> None:
        """Send nothing more to those that say at ``/readyz`` that they should get nothing."""
        self.open = {worker.port for worker in self.workers if _is_ready(worker)}


def seconds_until(true: Callable[[], bool], most: float = PATIENCE) -> float:
    """How long it took to come true."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < most, f"not within {most} s"
        time.sleep(0.01)
    return time.monotonic() - begun


def _is_ready(worker: Worker) -> bool:
    try:
        return worker.ask("GET", "/readyz")[0] == 200
    except (OSError, http.client.HTTPException):
        return False
