"""How long from the command to the first page once installed, and how much memory serving takes."""

from __future__ import annotations

import socket
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.report import Report, Row
from benchmarks.serving import quizapp, serving, wait_for
from benchmarks.taker import Taker

ROUNDS = 5
BANK = "personal_trainer"
MEGABYTE = 1_000_000


def measure() -> Report:
    """Starts with an empty instance folder and with a used one, and memory after a few whole quizzes."""
    with tempfile.TemporaryDirectory() as scratch:
        first = [_start(Path(scratch) / f"new{n}") for n in range(ROUNDS)]
        again = [_start(Path(scratch) / "new0") for _ in range(ROUNDS)]
        memory = _memory(Path(scratch) / "new0")
    rows = (
        Row("first start, nothing kept yet", statistics.median(first), "s", 1.5),
        Row("later start", statistics.median(again), "s", 1.5),
        Row("memory of the serving process", memory / MEGABYTE, "MB", 120),
    )
    return Report("start", rows, f"from the command to the first page read, median of {ROUNDS}")


def _start(instance: Path) -> float:
    port = _free_port()
    begun = time.perf_counter()
    with serving(quizapp("--port", str(port)), instance):
        return wait_for(f"http://127.0.0.1:{port}/") - begun


def _memory(instance: Path) -> int:
    with serving(quizapp(), instance) as server:
        for _ in range(5):
            Taker(server.url).take(BANK)
        return server.memory()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
