"""Whole journeys and saved results under load, on SQLite and PostgreSQL, beside bare Flask that inserts a row.

Saving sends the form that ends a quiz: cookie and token are checked, the answers read and ranked anew, and the
whole outcome is kept, with the browser that owns it and when it expires. The bare peer is Flask under the same
server with as many threads; it reads a form of the same size and keeps a text as long as that whole row, under a
random key, on the same engine and just as durably (each insert is on disk before it is answered). It checks,
ranks and indexes nothing: what is beside it is the price of all that.

Client and server share the machine, and everything stays on it; the client is one process, and how much of the
processor time it takes is told. One setup keeps the server on one of the cores, and its peer too. What a million
results a day would need is reckoned from the same figures.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.database import postgres
from benchmarks.journeys import QUESTIONS, Figures, send, take, written_takers
from benchmarks.ready import SECRET, Ready, Takers
from benchmarks.report import Report, Row
from benchmarks.serving import Serving, serving
from quizapp.store.addresses import open_tables
from quizapp.store.sql.tables import TABLES, rows_of

BANK = "personal_trainer"
TOGETHER = 32
SECONDS = 6.0
PAUSE = 0.5
LOOKING_SECONDS = 12.0
ROUND_SECONDS = 1.5
ROUNDS = 3
A_DAY, PEAK, DAY_SECONDS = 1_000_000, 5, 86_400
LEAST_SHARE, MOST_MS = 0.5, 60


@dataclass(frozen=True)
class Setup:
    """How many processes with how many threads work on which database."""

    name: str
    database: str
    workers: int
    threads: int
    core: int | None = None


@dataclass(frozen=True)
class Measured:
    """One setup: whole journeys with the CPU time of one, and both kinds of writing."""

    setup: Setup
    journeys: Figures
    looking: Figures
    cpu: float
    client: float
    free: float
    saved: Figures
    inserted: Figures


def measure() -> Report:
    """Journeys, saved results and what they are beside bare inserts; then the reckoning."""
    with tempfile.TemporaryDirectory() as scratch, postgres() as server:
        folder = Path(scratch)
        (folder / "questions").mkdir()
        for name in (f"{BANK}.yaml", f"{BANK}.cases.yaml"):
            shutil.copy(QUESTIONS / name, folder / "questions" / name)
        setups = [
            Setup("SQLite 1×8", str(folder / "free.sqlite3"), 1, 8),
            Setup("SQLite 1×8 on one core", str(folder / "kept.sqlite3"), 1, 8, core=0),
        ]
        if server:
            server.run("CREATE DATABASE single", "CREATE DATABASE pair")
            setups.append(Setup("PostgreSQL 1×4", server.address("single"), 1, 4))
            setups.append(Setup("PostgreSQL 2×4", server.address("pair"), 2, 4))
        measured = [_measure(setup, folder) for setup in setups]
        rows = [row for one in measured for row in _rows(one)]
        rows += [*_scaling(measured), *_on_paper(measured[0])]
    how = f"{TOGETHER} takers at a time on this machine, {SECONDS:.0f} s of journeys, {ROUNDS} rounds of writing"
    return Report("load", tuple(rows), how)


def _measure(setup: Setup, folder: Path) -> Measured:
    with ExitStack() as until_the_end:
        served = [until_the_end.enter_context(_quizapp(setup, folder)) for _ in range(setup.workers)]
        urls = [one.url for one in served]
        asyncio.run(take(urls, BANK, 4, count=8))
        before, own, idle, clock = sum(one.cpu() for one in served), time.process_time(), _idle(), time.time()
        journeys = asyncio.run(take(urls, BANK, TOGETHER, SECONDS))
        spent, own = sum(one.cpu() for one in served) - before, time.process_time() - own
        free = (_idle() - idle) / (time.time() - clock)
        looking = asyncio.run(take(urls, BANK, TOGETHER, LOOKING_SECONDS, pause=PAUSE))
        row = _a_row(setup, folder)
        peers = [until_the_end.enter_context(_peer(setup, folder, row)).url for _ in range(setup.workers)]
        saved, inserted = _writing(urls, peers)
    cpu, client = spent / max(journeys.done, 1), own / max(own + spent, 1e-9)
    return Measured(setup, journeys, looking, cpu, client, free, saved, inserted)


def _idle() -> float:
    """Seconds for which the processor's cores had nothing to do so far, added up; 0 where /proc is missing."""
    try:
        first = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
    except OSError:
        return 0.0
    return sum(map(int, first.split()[4:6])) / os.sysconf("SC_CLK_TCK")


def _a_row(setup: Setup, folder: Path) -> Path:
    """A file with all that one kept result holds, for the peer to keep as much."""
    store = open_tables(setup.database)
    try:
        [table] = [table for table in TABLES if table.name == "results"]
        one = next(rows_of(store.transactions, table))
    finally:
        store.close()
    row = folder / "row"
    row.write_text("".join(map(str, one.values())), encoding="utf-8")
    return row


def _quizapp(setup: Setup, folder: Path) -> AbstractContextManager[Serving]:
    command = [sys.executable, "-m", "quizapp", "serve", "--port", "0"]
    return serving(
        command,
        folder / setup.name.replace(" ", "-"),
        setup.core,
        database=setup.database,
        questions=str(folder / "questions"),
        threads=str(setup.threads),
        secret_key=SECRET,
        # Each taker has an address of its own, as behind a proxy.
        proxy_hops="1",
        log_level="error",
    )


def _peer(setup: Setup, folder: Path, row: Path) -> AbstractContextManager[Serving]:
    place = folder / "peer"
    place.mkdir(exist_ok=True)
    database = setup.database if "://" in setup.database else str(place / "bare.sqlite3")
    told = [str(place), database, str(setup.threads), str(row)]
    return serving([sys.executable, "-m", "benchmarks.insert_peer", *told], place, setup.core)


def _writing(urls: list[str], peers: list[str]) -> tuple[Figures, Figures]:
    """Rounds of both by turns, so that noise of the machine falls on both."""
    takers = Takers(BANK, max(written_takers(BANK), key=len))
    ours, theirs = Figures(), Figures()
    for _ in range(ROUNDS):
        for figures, places, path in ((ours, urls, takers.path), (theirs, peers, "/insert")):
            got = asyncio.run(send(places, path, _new(takers), TOGETHER, ROUND_SECONDS))
            figures.done += got.done
            figures.seconds += got.seconds
            figures.wrong += got.wrong
            figures.times.setdefault("save", []).extend(got.times.get("save", []))
    return ours, theirs


def _new(takers: Takers) -> Iterator[Ready]:
    # Signing takes the client's time, not the server's, and the same for both.
    while True:
        yield takers.ready()


def _rows(one: Measured) -> list[Row]:
    name, journeys, saved, inserted = one.setup.name, one.journeys, one.saved, one.inserted
    wrong = journeys.wrong + one.looking.wrong + saved.wrong + inserted.wrong
    rate, bare = saved.done / saved.seconds, inserted.done / inserted.seconds
    return [
        Row(f"{name}: whole journeys", journeys.done / journeys.seconds, "/s"),
        Row(f"{name}: requests of journeys", journeys.requests / journeys.seconds, "/s"),
        Row(f"{name}: … without a pause, 50th percentile of a request", journeys.percentile(50), "ms"),
        Row(f"{name}: … without a pause, 99th percentile", journeys.percentile(99), "ms"),
        Row(
            f"{name}: … looking half a second at each question and at the answers, 99th",
            one.looking.percentile(99),
            "ms",
            MOST_MS,
        ),
        Row(f"{name}: … the client's share of the processor time", one.client * 100, "%"),
        Row(f"{name}: … of {os.cpu_count()} cores idle meanwhile", one.free, ""),
        Row(f"{name}: results saved", rate, "/s"),
        Row(f"{name}: rows inserted by bare Flask", bare, "/s"),
        Row(f"{name}: results saved, share of bare inserts", rate / bare, "×", LEAST_SHARE, at_least=True),
        Row(f"{name}: saving, 99th percentile", saved.percentile(99), "ms", MOST_MS),
        Row(f"{name}: errors ({', '.join(wrong) or 'none'})", wrong.total(), "", 0),
    ]


def _scaling(measured: list[Measured]) -> list[Row]:
    rates = {one.setup.name: one.journeys.done / one.journeys.seconds for one in measured}
    if "PostgreSQL 1×4" not in rates:
        return []
    ratio = rates["PostgreSQL 2×4"] / rates["PostgreSQL 1×4"]
    return [Row("two workers against one, client and database on the same cores", ratio, "×")]


def _on_paper(one: Measured) -> list[Row]:
    """What so many results a day need at a peak of five times the mean: cores, and room for a year."""
    size = _size_of_a_result(one.setup.database)
    cores = A_DAY * PEAK / DAY_SECONDS * one.cpu
    return [
        Row("CPU time of one journey", one.cpu * 1_000, "ms"),
        Row("a result in the file, indexes included", size, "bytes"),
        Row(f"cores for {A_DAY:,} results a day, peak {PEAK} times the mean", cores, ""),
        Row(f"room for {A_DAY:,} results a day, kept a year", size * A_DAY * 365 / 1e9, "GB"),
    ]


def _size_of_a_result(path: str) -> float:
    """Bytes by which the file shrinks for each result that is taken out; the measurement is over by then."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("VACUUM")
        (results,) = file.execute("SELECT count(*) FROM results").fetchone()
        full = _bytes(file)
        file.execute("DELETE FROM results")
        file.execute("VACUUM")
        return (full - _bytes(file)) / results


def _bytes(file: sqlite3.Connection) -> int:
    (pages,), (size,) = (
        file.execute("PRAGMA page_count").fetchone(),
        file.execute("PRAGMA page_size").fetchone(),
    )
    return int(pages) * int(size)
