"""Two servers over one store, asked in turn: the count of what an edit changes ends, whichever is asked."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.ready import SECRET
from quizapp.app import create_app
from quizapp.config import Settings
from tests.faults.fleet import Fleet, Worker
from tests.web.conftest import stop
from tests.web.edit.conftest import BANK, editor_called
from tests.web.edit.drafting import drafted
from tests.web.edit.test_review import first_weight

SECONDS = 60.0
PIECE = {"X-Piece": "yes", "Accept-Language": "en"}


@pytest.fixture
def place(ground: Path, tmp_path: Path) -> Path:
    """A folder with the bank published, of this test's own."""
    return Path(shutil.copytree(ground, tmp_path / "place"))


@pytest.fixture
def cookie(place: Path) -> str:
    """What a browser sends whose editor has a draft that changes who comes first."""
    app = create_app(
        Settings(instance=place / "instance", questions=place / "questions", watch=0, secret_key=SECRET)
    )
    try:
        drafted(app, "the-editor", first_weight(app))
        session = app.extensions["quizapp"].accounts.begin(editor_called(app, "the-editor", "editor"), "test")
    finally:
        stop(app)
    return f"quizapp-editor={session}"


@pytest.fixture
def servers(place: Path, cookie: str) -> Iterator[Fleet]:
    """Two processes on the same SQLite file."""
    fleet = Fleet("", *(Worker(place, threads="2") for _ in range(2)))
    yield fleet.start()
    fleet.stop()


def test_a_count_begun_on_one_server_ends_on_each_when_they_are_asked_in_turn(
    servers: Fleet, cookie: str
) -> None:
    begun, found, shares = time.monotonic(), {}, {0: [0], 1: [0]}
    while len(found) < 2:
        assert time.monotonic() - begun < SECONDS, shares
        for number, server in enumerate(servers.workers):
            status, _, body = server.ask(
                "GET", f"/edit/{BANK}/review/impact", None, {**PIECE, "Cookie": cookie}
            )
            piece = body.decode()
            assert status == 200 and "broke off" not in piece
            if "data-ask=" in piece:
                share = re.search(r'<progress id="counted" max="100" value="(\d+)"', piece)
                assert share and int(share[1]) >= shares[number][-1] and number not in found
                shares[number].append(int(share[1]))
            else:
                found[number] = piece
        time.sleep(0.1)
    assert "of takers" in found[0]
    assert found[0] == found[1], "the same input gives the same count on either"
