"""What is wrong with a bank is told in the reader's language, whole: the words, the names and the figures."""

from __future__ import annotations

import copy
import json
import pickle
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from quizapp.bank.check import check_file
from quizapp.engine.compile import compile_bank
from quizapp.errors import Told, told
from quizapp.i18n import language
from quizapp.rules import nearest

BROKEN = Path(__file__).parent / "banks" / "broken"
BANKS = sorted(path for path in BROKEN.glob("*.yaml") if not path.name.endswith(".cases.yaml"))
ON = date(2026, 1, 20)
JA, EN = language("ja"), language("en")
# Names, expressions and words of the file stand between these, and stay as they are written.
_AS_WRITTEN = re.compile("「[^」]*」|『[^』]*』|[(].*?[)]")
_ENGLISH = re.compile(r"[A-Za-z']+ [A-Za-z']+ [A-Za-z']+")
_JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff]")


def told_by(path: Path) -> Iterator[str]:
    for problem in check_file(path, ON, compile_bank):
        yield from (problem.what, problem.why, problem.fix)


def parts_of(text: Told) -> Iterator[Told]:
    """The words themselves, and those that stand inside them."""
    yield text
    for value in text.values.values():
        for one in value if isinstance(value, list | tuple) else [value]:
            if isinstance(one, Told):
                yield from parts_of(one)


def names_in(text: Told) -> Iterator[str]:
    """The names and figures of the words, however deep they stand."""
    for part in parts_of(text):
        for value in part.values.values():
            for one in value if isinstance(value, list | tuple) else [value]:
                if not isinstance(one, Told):
                    yield str(one)


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_every_problem_is_told_in_japanese(path: Path) -> None:
    for text in told_by(path):
        assert isinstance(text, Told), text
        for part in parts_of(text):
            assert JA.translations.gettext(part.template) != part.template, part.template
        said = JA.retold(text)
        assert _JAPANESE.search(said), said
        assert not _ENGLISH.search(_AS_WRITTEN.sub("", said)), said
        assert [name for name in names_in(text) if name not in said] == []


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_it_says_the_same_in_english_as_in_the_terminal(path: Path) -> None:
    for text in told_by(path):
        assert EN.retold(text) == text


def test_words_that_know_what_they_are_made_of_are_a_text_like_any_other() -> None:
    words = told('there is no %(sort)s "%(name)s"', sort=told("item"), name="x")
    assert words == 'there is no item "x"'
    assert hash(words) == hash('there is no item "x"')
    assert json.dumps({words: [words]}) == json.dumps({str(words): [str(words)]})


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda text: pickle.loads(pickle.dumps(text))])
def test_a_copy_can_still_be_said_otherwise(copied: object) -> None:
    words = copied(nearest("zzz", ["a", "b"]))  # type: ignore[operator]
    assert words == "use one of: a, b"
    assert JA.retold(words) == JA.retold(nearest("zzz", ["a", "b"]))
    assert "a、b" in JA.retold(words)


def test_a_percent_sign_is_itself_where_nothing_is_filled_in() -> None:
    assert told("there is a % line above") == "there is a % line above"
    assert "%」" in JA.retold(told("there is a % line above"))


def test_what_is_no_such_words_stays_as_it_is() -> None:
    assert JA.retold("item") == "item"
