"""What a service is told whose database somebody else made, as root does by ``quizapp migrate``."""

from __future__ import annotations

import multiprocessing
import os
import pwd
import shutil
import tempfile
from pathlib import Path

import pytest

from quizapp.errors import Unavailable
from quizapp.store.sqlite.store import SqliteStore

NOBODY = 65_534
pytestmark = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only root can make files of several owners"
)


def _said_to(user, path, heard):
    os.setgid(user)
    os.setuid(user)
    try:
        SqliteStore(path).close()
        heard.send("")
    except Unavailable as error:
        heard.send(str(error))


@pytest.mark.parametrize("left", ["quizapp.db", "quizapp.db-lock"])
def test_it_names_the_file_and_whose_it_is(left):
    # Not pytest's folder: nobody but its owner may pass through that.
    folder = Path(tempfile.mkdtemp(prefix="quizapp-owner-"))
    try:
        SqliteStore(folder / "quizapp.db").close()
        for path in (folder, *folder.iterdir()):
            os.chown(path, NOBODY, NOBODY)
        os.chown(folder / left, 0, 0)
        heard, say = multiprocessing.Pipe(duplex=False)
        other = multiprocessing.get_context("fork").Process(
            target=_said_to, args=(NOBODY, folder / "quizapp.db", say)
        )
        other.start()
        told = heard.recv()
        other.join()
    finally:
        shutil.rmtree(folder)
    me = pwd.getpwuid(NOBODY).pw_name
    assert f"({folder / left} belongs to root, this runs as {me})" in told
