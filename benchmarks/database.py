"""A PostgreSQL server for one benchmark, which keeps what it says; None where PostgreSQL is not installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import Server, running


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest where there are several."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    return max(folders, key=lambda path: int(path.parent.name), default=None)


@contextmanager
def postgres() -> Iterator[Server | None]:
    """The server, until the block ends."""
    found = programs()
    if found is None:
        yield None
        return
    with running(str(found)) as server:
        yield server
