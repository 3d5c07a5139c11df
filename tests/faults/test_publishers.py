"""Two publishers of one bank at once, while results are saved: one history, and every worker follows it."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import Told
from tests.faults.fleet import Fleet, Worker, seconds_until
from tests.faults.found import fault, lost, unopened
from tests.faults.posting import BANK, posting
from tests.test_library import bank

pytestmark = pytest.mark.xdist_group("faults on PostgreSQL")


def revision_at(worker: Worker) -> str:
    """What a worker serves, by its own word."""
    told = json.loads(worker.ask("GET", "/readyz")[2])
    return str(told["checks"]["banks"]["revisions"][BANK])


def publishing(folder: Path, database: str, prices: range) -> subprocess.Popen[str]:
    """A process that puts one version of the bank live after the other, trying again when it was outrun."""
    for yen in prices:
        (folder / f"{yen}.yaml").write_text(bank(yen=yen), encoding="utf-8")
    files = (str(folder / f"{yen}.yaml") for yen in prices)
    return Worker(folder, database).spawn("-m", "tests.faults.publisher", *files)


def test_two_publishers_make_one_history(
    two: Fleet, copied: Callable[[], Path], large: bool, some: int, told: Told
) -> None:
    times = 12 if large else 3
    with posting(two) as takers:
        takers.wait_for(some)
        publishers = [
            publishing(copied(), two.database, range(first, first + times)) for first in (3_000, 4_000)
        ]
        tried = [publisher.communicate(timeout=300)[0] for publisher in publishers]
        ended = time.monotonic()
        newest = json.loads(Worker(copied(), two.database).run("bank", "history", BANK, "--json"))["history"]
        for worker in two.workers:
            seconds_until(lambda worker=worker: revision_at(worker) == newest[0]["revision"])  # type: ignore[misc]
        followed = time.monotonic() - ended
        takers.wait_for(some)
    assert [publisher.returncode for publisher in publishers] == [0, 0], tried
    assert len(newest) == 1 + 2 * times
    assert all(new["parent"] == old["revision"] for new, old in itertools.pairwise(newest))
    missing = lost(two.database, takers.tokens)
    outrun = sum(map(int, re.findall(r"outrun (\d+)", " ".join(tried))))
    told(
        acknowledged=len(takers.saved),
        lost=len(missing),
        publications=2 * times,
        outrun=outrun,
        followed=f"{followed:.1f} s",
    )
    assert missing == [] == unopened(two, takers.tokens)
    assert takers.refused == {} and fault(two.database) == ""
