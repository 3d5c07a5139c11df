"""Every kind of problem has a broken bank of its own, with the words that an editor reads.

The first lines of each file say what is expected: ``# expect: code: words … words`` (warnings
included, nothing else may be found) and ``# at: line:column`` or ``anywhere``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from quizapp.bank.check import check_file
from quizapp.errors import Problem

BROKEN = Path(__file__).parent / "banks" / "broken"
BANKS = sorted(path for path in BROKEN.glob("*.yaml") if not path.name.endswith(".cases.yaml"))
ON = date(2026, 1, 20)
_EXPECTED = re.compile(r"# expect: (\w+): (.*)\n# at: (.*)\n")


@dataclass(frozen=True)
class Expected:
    file: str
    code: str
    words: tuple[str, ...]
    at: str


def expected_of(path: Path) -> list[Expected]:
    found = []
    for file in (path, path.with_name(f"{path.stem}.cases.yaml")):
        if file.exists():
            text = file.read_bytes().decode("utf-8", "replace")
            found += [
                Expected(str(file), code, tuple(words.split(" … ")), at)
                for code, words, at in _EXPECTED.findall(text)
            ]
    return found


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_it_says_what_is_wrong_where_and_how_to_mend_it(path: Path) -> None:
    expected, found = expected_of(path), check_file(path, ON)
    assert sorted(problem.code for problem in found) == sorted(entry.code for entry in expected)
    for entry in expected:
        assert any(fits(problem, entry) for problem in found), (entry, [str(problem) for problem in found])


def fits(problem: Problem, entry: Expected) -> bool:
    said = f"{problem.what}; {problem.why}; {problem.fix}"
    at = f"{problem.where.line}:{problem.where.column}"
    return (
        problem.code == entry.code
        and problem.where.file == entry.file
        and all(words in said for words in entry.words)
        and entry.at in (at, "anywhere")
        and all((problem.what, problem.why, problem.fix))
    )


def test_it_has_a_broken_bank_for_at_least_forty_kinds() -> None:
    kinds = {entry.code for path in BANKS for entry in expected_of(path)}
    assert len(kinds) >= 40
    assert all(expected_of(path) for path in BANKS)
