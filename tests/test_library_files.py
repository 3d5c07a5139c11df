"""What the folder of banks may hold besides banks: pipes, devices and links do no harm."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quizapp.bank.yaml.caps import MAX_BYTES
from quizapp.library.folder import replace_file
from quizapp.library.reading import NotOrdinary, content
from tests.test_library import CASES, Place, bank, codes

SECRET = "a line that nobody outside may read"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes and devices are of POSIX systems")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.close()


def in_time(work: Callable[[], object], seconds: float = 30.0) -> None:
    """Do the work; fails, instead of waiting for ever, where it hangs."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive(), "it hangs"


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def outside(path: Path) -> None:
    secret = path.parent.parent / "secret"
    secret.write_text(SECRET, encoding="utf-8")
    path.symlink_to(secret)


def circle(path: Path) -> None:
    path.symlink_to(path)


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [pipe, endless, outside, circle, folder])
def test_what_is_no_ordinary_file_is_told_once_and_left_alone(place: Place, caplog, make) -> None:
    place.write(bank("coach"), "coach")
    make(place.questions / "trainer.yaml")
    library = []
    in_time(lambda: library.append(place.library()))
    assert [entry.slug for entry in library[0].published()] == ["coach"]
    assert codes(library[0]) == ["unreadable"]
    said = len(caplog.records)
    in_time(library[0].look)
    assert len(caplog.records) == said
    assert SECRET not in caplog.text + repr(library[0].problems())


@pytest.mark.parametrize("make", [pipe, endless, outside, folder])
def test_nor_are_such_cases_read(place: Place, caplog, make) -> None:
    place.write(bank())
    make(place.questions / "trainer.cases.yaml")
    library = []
    in_time(lambda: library.append(place.library()))
    assert library[0].published() == ()
    (problem,) = library[0].problems()
    assert problem.where.file.endswith("trainer.cases.yaml")
    assert SECRET not in caplog.text + repr(problem)


def test_a_link_that_stays_inside_the_folder_is_followed(place: Place) -> None:
    inside = place.questions / "..data"
    inside.mkdir()
    (inside / "trainer.yaml").write_text(bank(), encoding="utf-8")
    (inside / "trainer.cases.yaml").write_text(CASES.format(first="first"), encoding="utf-8")
    for name in ("trainer.yaml", "trainer.cases.yaml"):
        (place.questions / name).symlink_to(inside / name)
    library = place.library()
    assert [entry.slug for entry in library.published()] == ["trainer"]
    assert library.problems() == ()


def test_a_pipe_that_takes_the_place_of_a_bank_leaves_it_live(place: Place) -> None:
    path = place.write(bank())
    library = place.library()
    path.unlink()
    os.mkfifo(path)
    in_time(lambda: library.look(wait_for_quiet=False))
    assert codes(library) == ["unreadable"]
    assert [entry.slug for entry in library.published()] == ["trainer"]


def test_of_a_large_file_no_more_is_read_than_shows_that_it_is_too_large(place: Place) -> None:
    path = place.write("x" * (MAX_BYTES * 2))
    assert len(content(path)) == MAX_BYTES + 1
    assert codes(place.library()) == ["too_large"]


def test_putting_a_text_in_the_place_of_a_link_copies_nothing_from_outside(place: Place) -> None:
    path = place.questions / "trainer.yaml"
    outside(path)
    with pytest.raises(NotOrdinary):
        content(path)
    replace_file(path, bank())
    assert not path.is_symlink()
    assert not path.with_name("trainer.yaml.before").exists()
