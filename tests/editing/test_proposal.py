"""What is checked of a proposal, and how little of it is remembered."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from quizapp.editing import proposal, rehearsal
from quizapp.editing.proposal import Texts, judged
from quizapp.editing.review import problems_of
from quizapp.editing.weighed import MOST_BYTES, Weighed
from tests.engine.heavy_banks import crossing, heavy

ON = date(2026, 11, 22)


@dataclass(frozen=True)
class Weight:
    bytes: int


def kept(memory: Weighed[Weight], key: str) -> bool:
    made: list[str] = []

    def make() -> Weight:
        made.append(key)
        return Weight(1)

    memory.get(key, make)
    return not made


def rss() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def work(text: str) -> Texts:
    return Texts("heavy", None, text, None)


def test_a_memory_forgets_by_weight_what_was_not_asked_for_longest() -> None:
    memory: Weighed[Weight] = Weighed(8, 100)
    for key in "abc":
        memory.get(key, lambda: Weight(40))
    assert memory.bytes == 80
    assert kept(memory, "b")
    assert kept(memory, "c")
    assert not kept(memory, "a")


def test_a_memory_keeps_the_newest_whatever_it_weighs_and_no_more_than_there_is_room_for() -> None:
    memory: Weighed[Weight] = Weighed(2, 100)
    memory.get("large", lambda: Weight(1_000))
    assert kept(memory, "large")
    for key in "abc":
        memory.get(key, lambda: Weight(1))
    assert memory.bytes == 2


def test_what_is_too_much_for_all_rules_is_a_problem_like_any_other_at_once_and_held_by_nobody() -> None:
    problems_of(work(heavy(1, crossing)), ON)
    before, held = time.process_time(), rss()
    for start in range(3):
        text = heavy(300, lambda number, start=start: crossing(number + start))  # type: ignore[misc]
        (found,) = problems_of(work(text), ON)
    assert time.process_time() - before < 3
    assert rss() - held < 100_000_000
    line = text.splitlines().index(next(row for row in text.splitlines() if "id: n0" in row)) + 1
    where = found.problem.where
    assert (found.problem.code, found.address, found.blocks) == (
        "rules_too_large",
        ("notes", "n0", "if"),
        True,
    )
    assert (where.line, text.splitlines()[line - 1][where.column - 1 :][:10]) == (line, "'a * 4 - b")


def test_what_is_remembered_of_large_banks_stays_small() -> None:
    for number in range(12):
        text = heavy(9, lambda note, number=number: crossing(note + number))  # type: ignore[misc]
        assert judged(work(text), ON).compiled is not None
        assert rehearsal.rehearsal(work(text), ON).compiled is not None
    for memory in (proposal._JUDGED, proposal._COMPILED, rehearsal._HELPED, rehearsal._COMPILED):
        assert memory.bytes <= MOST_BYTES  # type: ignore[attr-defined]
