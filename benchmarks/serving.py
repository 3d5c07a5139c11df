"""Starts and stops the real server for a benchmark, and tells how much memory it takes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30


@dataclass(frozen=True)
class Serving:
    """A running server: its address without a slash at the end, and its first process."""

    url: str
    process: subprocess.Popen[str]

    def memory(self) -> int:
        """Resident bytes of the largest process: the one that serves. 0 where /proc is missing."""
        return max(map(_resident, self._processes()))

    def handles(self) -> int:
        """Open files and connections of all its processes. 0 where /proc is missing."""
        return sum(map(_open_files, self._processes()))

    def cpu(self) -> float:
        """Seconds that all its processes have worked so far. 0 where /proc is missing."""
        return sum(map(_worked, self._processes()))

    def _processes(self) -> list[int]:
        return [self.process.pid, *_children(self.process.pid)]


@contextlib.contextmanager
def serving(
    command: list[str], instance: Path, core: int | None = None, **settings: str
) -> Iterator[Serving]:
    """The server that a command starts, once it has told its address; stopped at the end.

    With ``core`` it is kept on that one of the cores it may use, where the system can do that.
    """
    environ = {**os.environ, "QUIZAPP_INSTANCE": str(instance), "QUIZAPP_LOG_LEVEL": "warning"}
    environ |= {f"QUIZAPP_{name.upper()}": value for name, value in settings.items()}
    before = _keep_on(core)
    try:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
    finally:
        _let_go(before)
    try:
        yield Serving(_told_address(process), process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)


def quizapp(*more: str) -> list[str]:
    """The command that a user gives, on any free port."""
    return [sys.executable, str(ROOT / "run.py"), "serve", "--port", "0", *more]


def wait_for(url: str) -> float:
    """The moment (``time.perf_counter``) at which the address first answers with a page."""
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as response:
                response.read()
            return time.perf_counter()
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.005)
    raise TimeoutError(url)


def _keep_on(core: int | None) -> set[int]:
    """Keep this process, and what it starts, on one core; those that it could use before."""
    if core is None or not hasattr(os, "sched_setaffinity"):
        return set()
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(before)[core % len(before)]})
    return before


def _let_go(cores: set[int]) -> None:
    if cores:
        os.sched_setaffinity(0, cores)


def _told_address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        words = [word for word in line.split() if word.startswith("http://")]
        if words:
            return words[0].rstrip("/")
    raise RuntimeError("the server stopped before it told its address")


def _children(pid: int) -> list[int]:
    try:
        direct = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [one for child in map(int, direct) for one in (child, *_children(child))]


def _resident(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0)


def _open_files(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0


def _worked(pid: int) -> float:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
