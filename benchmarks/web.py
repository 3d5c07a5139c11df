"""Requests per second of a question page and a result page against bare Flask and Jinja.

Both send the same bytes under the same server with the same number of threads; rounds alternate, so
that noise of the machine falls on both.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import Report, Row
from benchmarks.serving import quizapp, serving
from benchmarks.taker import Taker
from benchmarks.wrk import Load, run_load

BANK = "personal_trainer"
ROUNDS = 5
LEAST = 0.5


@dataclass(frozen=True)
class Target:
    """A page, at quizapp and at the peer."""

    name: str
    ours: str
    peers: str
    cookie: str


def measure() -> Report:
    """Rates of both pages as a share of the peer's, with the 50th and 99th percentile of the times."""
    with tempfile.TemporaryDirectory() as scratch:
        pages = Path(scratch) / "pages"
        pages.mkdir()
        with serving(quizapp(), Path(scratch) / "instance") as ours:
            targets = _targets(ours.url, pages)
            peer = [sys.executable, "-m", "benchmarks.peer", str(pages)]
            with serving(peer, pages) as theirs:
                measured = _rounds(targets, theirs.url)
    rows = tuple(row for target in targets for row in _rows(target.name, *measured[target.name]))
    how = f"{Load.CONNECTIONS} connections, median of {ROUNDS} alternating rounds of {Load.SECONDS} s"
    return Report("web", rows, how)


def _targets(url: str, pages: Path) -> list[Target]:
    taker = Taker(url)
    seen = taker.take(BANK)
    question = next(address for address in seen if re.search(rf"/quiz/{BANK}/.", address))
    targets = []
    for name, address in (("question", question), ("result", seen[-1])):
        landed, page = taker.get(address)
        assert landed == address, f"{address} leads on to {landed}"
        (pages / f"{name}.html").write_text(page, encoding="utf-8")
        targets.append(Target(name, address, f"/{name}", taker.cookie_header()))
    return targets


def _rounds(targets: list[Target], peer: str) -> dict[str, tuple[list[Load], list[Load]]]:
    measured: dict[str, tuple[list[Load], list[Load]]] = {target.name: ([], []) for target in targets}
    for _ in range(ROUNDS):
        for target in targets:
            ours, theirs = measured[target.name]
            ours.append(run_load(target.ours, target.cookie))
            theirs.append(run_load(peer + target.peers, target.cookie))
    return measured


def _rows(name: str, ours: list[Load], theirs: list[Load]) -> list[Row]:
    rate = statistics.median(load.rate for load in ours)
    peers = statistics.median(load.rate for load in theirs)
    return [
        Row(f"{name} page, requests", rate, "/s"),
        Row(f"{name} page, requests of bare Flask", peers, "/s"),
        Row(f"{name} page, share of bare Flask", rate / peers, "×", LEAST, at_least=True),
        Row(f"{name} page, 50th percentile", statistics.median(load.p50 for load in ours), "ms"),
        Row(f"{name} page, 99th percentile", statistics.median(load.p99 for load in ours), "ms"),
        Row(
            f"{name} page, 99th percentile of bare Flask",
            statistics.median(load.p99 for load in theirs),
            "ms",
        ),
    ]
