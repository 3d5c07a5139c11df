"""Only one function makes one of letters that look alike, and no length of text makes it slow."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

import quizapp
from quizapp.editing.accounts import checked_name
from quizapp.editing.bundle_names import name_faults
from quizapp.editing.passwords import Passwords, check_password
from quizapp.errors import Invalid
from quizapp.web.edit.edits import proposed_id
from quizapp.web.edit.forms.fields import Unreadable, whole_number

PACKAGE = Path(quizapp.__file__).parent
# Folded whole, these take several seconds, during which no other thread runs.
ACCENTS = "1" + "\u0301" * 30_000 + "\u0316" * 30_000
SECONDS = 1.5


class Field:
    """As much of a field as reading a number asks for."""

    def say(self, message: str, **values: object) -> str:
        return message


def normalizing(path: Path) -> bool:
    """Whether a module reaches for what folds letters, by whatever name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imported = {one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names}
    return bool({"normalize", "is_normalized"} & (called | imported))


def test_letters_are_folded_in_one_place_only() -> None:
    found = [path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if normalizing(path)]
    assert found == ["letters.py"]


READERS: dict[str, Callable[[], object]] = {
    "a name": lambda: checked_name(ACCENTS),
    "a new password": lambda: check_password(ACCENTS, "aki"),
    "a password": lambda: Passwords().fits(None, ACCENTS),
    "a number": lambda: whole_number(ACCENTS, "", Field(), None, None),  # type: ignore[arg-type]
    "words": lambda: proposed_id(ACCENTS, "item"),
    "a name in an archive": lambda: list(name_faults(ACCENTS)),
}


@pytest.mark.parametrize("what", READERS)
def test_a_long_run_of_accents_holds_nobody_up(what: str) -> None:
    begun = time.monotonic()
    with suppress(Invalid, Unreadable):
        READERS[what]()
    assert time.monotonic() - begun < SECONDS


def test_what_is_longer_than_it_can_be_is_refused_and_not_cut() -> None:
    with pytest.raises(Invalid):
        checked_name("aki" + " " * 300 + "x")
    with pytest.raises(Unreadable):
        whole_number("1" + "," * 60 + "2", "", Field(), None, None)  # type: ignore[arg-type]
    assert list(name_faults("a" * 300 + "/../b.yaml")) == ["its name is too long"]
    assert checked_name("Ａ" + "k" * 63) == "a" + "k" * 63
