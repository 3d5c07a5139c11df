"""Journeys by the hundred thousand: memory, open files and latency, the first tenth beside the last."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.journeys import QUESTIONS, Figures, take
from benchmarks.report import Report, Row
from benchmarks.serving import Serving, serving

BANK = "personal_trainer"
JOURNEYS = 200_000
TOGETHER = 8
PARTS = 10
MEGABYTE = 1_000_000
# What keeps pages and journeys ready fills up first, and is bounded.
MOST_GROWTH, MOST_HANDLES, MOST_SLOWER = 1.1, 8, 1.25


@dataclass(frozen=True)
class Part:
    """What the server held after one tenth, and how that tenth went."""

    memory: int
    handles: int
    figures: Figures


def add_options(parser: argparse.ArgumentParser) -> None:
    """``--journeys``."""
    parser.add_argument(
        "--journeys", type=int, default=JOURNEYS, help=f"how many in all (default {JOURNEYS:,})"
    )


def measure(journeys: int = JOURNEYS) -> Report:
    """Memory, handles and latency over ten tenths of so many journeys, on SQLite with eight threads."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "questions").mkdir()
        for name in (f"{BANK}.yaml", f"{BANK}.cases.yaml"):
            shutil.copy(QUESTIONS / name, folder / "questions" / name)
        command = [sys.executable, "-m", "quizapp", "serve", "--port", "0"]
        settings = {"questions": str(folder / "questions"), "threads": "8", "proxy_hops": "1"}
        with serving(command, folder / "instance", **settings) as server:
            parts = [_part(server, max(journeys // PARTS, 1)) for _ in range(PARTS)]
    return Report("soak", tuple(_rows(parts)), f"{journeys:,} journeys, {TOGETHER} at a time, SQLite 1×8")


def _part(server: Serving, journeys: int) -> Part:
    figures = asyncio.run(take([server.url], BANK, TOGETHER, count=journeys))
    return Part(server.memory(), server.handles(), figures)


def _rows(parts: list[Part]) -> list[Row]:
    first, last = parts[0], parts[-1]
    wrong = sum((part.figures.wrong for part in parts), start=type(first.figures.wrong)())
    slower = last.figures.percentile(50) / first.figures.percentile(50)
    return [
        Row("memory after the first tenth", first.memory / MEGABYTE, "MB"),
        *(
            Row(f"memory after {number} tenths", part.memory / MEGABYTE, "MB")
            for number, part in enumerate(parts[1:-1], 2)
        ),
        Row("memory after the last tenth", last.memory / MEGABYTE, "MB"),
        Row("… against the first", last.memory / first.memory, "×", MOST_GROWTH),
        Row(
            "open files and connections more than after the first",
            last.handles - first.handles,
            "",
            MOST_HANDLES,
        ),
        Row("median request in the first tenth", first.figures.percentile(50), "ms"),
        Row("median request in the last tenth", last.figures.percentile(50), "ms"),
        Row("… against the first", slower, "×", MOST_SLOWER),
        Row("99th percentile in the first tenth", first.figures.percentile(99), "ms"),
        Row("99th percentile in the last tenth", last.figures.percentile(99), "ms"),
        Row("journeys done", sum(part.figures.done for part in parts), ""),
        Row(f"errors ({', '.join(wrong) or 'none'})", wrong.total(), "", 0),
    ]
