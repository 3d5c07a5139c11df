"""A disk without room: what is there is read, what is new is refused in plain words, and it ends by itself."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.conftest import require_or_skip
from tests.faults.conftest import Told
from tests.faults.fleet import Fleet, Worker, seconds_until
from tests.faults.found import fault, lost, unopened
from tests.faults.posting import posting
from tests.postgres import running

pytestmark = pytest.mark.xdist_group("faults on SQLite")
MEGABYTES = 12
# A cluster has 40 MB from the start, and its log up to 48.
FOR_POSTGRES = 160


def mounted(folder: Path, stopping: ExitStack, megabytes: int = MEGABYTES) -> bool:
    """Whether a small file system in memory could be put there; for that one must be root."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "quizapp", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True, timeout=30).returncode:
        return False
    stopping.callback(subprocess.run, ["umount", "-l", str(folder)], check=True, timeout=30)
    return True


@contextmanager
def no_room_on(folder: Path) -> Iterator[None]:
    """Fill the file system."""
    filling = folder / "filling"
    with filling.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"." * 4_096)
        except OSError:
            pass
    yield
    filling.unlink()


@contextmanager
def no_growing(process: int) -> Iterator[None]:
    """No file of that process may grow, where no file system may be mounted."""
    before = resource.prlimit(process, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    yield
    resource.prlimit(process, resource.RLIMIT_FSIZE, before)


def test_a_full_disk_refuses_and_recovers(
    copied: Callable[[], Path], tmp_path: Path, some: int, told: Told, stopping: ExitStack
) -> None:
    disk, folder = tmp_path / "disk", copied()
    disk.mkdir()
    if mounted(disk, stopping):
        shutil.move(folder / "instance", disk / "instance")
        (folder / "instance").symlink_to(disk / "instance")
    fleet = Fleet(str(folder / "instance" / "quizapp.sqlite3"), Worker(folder, disk_floor_mb="1"))
    stopping.callback(fleet.stop)
    fleet.start()
    with posting(fleet) as takers:
        takers.wait_for(min(some, 1_000))
        full = no_room_on(disk) if os.path.ismount(disk) else no_growing(fleet.workers[0].serving)
        with full:
            seconds_until(lambda: takers.refused["503"] >= 5)
            read = [fleet.ask("GET", path)[0] for path in ("/quiz/trainer", f"/r/{takers.tokens[0]}")]
            ready = fleet.ask("GET", "/readyz")[0]
            refusal = fleet.ask("POST", takers.path, *takers.one_more())
        recovery = takers.recovery(time.monotonic())
        takers.wait_for(min(some, 1_000))
    assert read == [200, 200]
    assert refusal[0] == 503 and b"<main" in refusal[2] and b"disk" not in refusal[2]
    assert ready == (503 if os.path.ismount(disk) else 200)
    missing = lost(fleet.database, takers.tokens)
    told(
        acknowledged=len(takers.saved),
        lost=len(missing),
        recovery=f"{recovery * 1000:.0f} ms after there was room",
    )
    assert missing == [] == unopened(fleet, takers.tokens)
    assert set(takers.refused) == {"503"} and fault(fleet.database) == ""


@pytest.fixture
def small_disk(stopping: ExitStack) -> Path:
    """A small file system of its own, where another user may come, too."""
    folder = Path(tempfile.mkdtemp(prefix="quizapp-disk-"))
    stopping.callback(shutil.rmtree, folder, ignore_errors=True)
    if not mounted(folder, stopping, FOR_POSTGRES):
        pytest.skip("needs a small file system, and only root may mount one")
    return folder


def test_a_full_disk_of_postgresql_refuses_and_recovers(
    copied: Callable[[], Path], small_disk: Path, some: int, told: Told, stopping: ExitStack
) -> None:
    programs = require_or_skip("postgres programs")
    kept_small = {"max_wal_size": "48MB", "min_wal_size": "32MB"}
    server = stopping.enter_context(running(programs, within=small_disk, **kept_small))
    database = server.address("postgres")
    fleet = Fleet(database, *(Worker(copied(), database) for _ in range(2)))
    stopping.callback(fleet.stop)
    fleet.start()
    with posting(fleet) as takers:
        takers.wait_for(min(some, 1_000))
        with no_room_on(small_disk):
            seconds_until(lambda: takers.refused["503"] >= 5)
            question, result = (
                fleet.ask("GET", path)[0] for path in ("/quiz/trainer", f"/r/{takers.tokens[0]}")
            )
            refusal = fleet.ask("POST", takers.path, *takers.one_more())
            # It ends by itself where there is no room for its log, and not where there is none for a table.
            ended = server.has_ended
        if ended:
            server.stop()
            server.start()
        recovery = takers.recovery(time.monotonic())
        takers.wait_for(min(some, 1_000))
    assert (question, result) == (200, 503 if ended else 200)
    assert refusal[0] == 503 and b"<main" in refusal[2] and b"disk" not in refusal[2]
    missing = lost(database, takers.tokens)
    told(
        acknowledged=len(takers.saved),
        lost=len(missing),
        recovery=f"{recovery * 1000:.0f} ms after there was room",
    )
    assert missing == [] == unopened(fleet, takers.tokens)
    assert set(takers.refused) == {"503"} and fault(database) == ""
