"""The engine against peers on a made bank of 40 items x 12 rules, and its questions on the shipped banks.

Peers get the same rules: zen-engine as one node of expressions (its best mode) and as decision tables,
hand-written Python functions, and DuckDB, numexpr and polars over columns of answers.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import columns, peers
from benchmarks.report import Report, Row
from benchmarks.synthetic import SIZES, bank, option, python_functions
from quizapp.audit.census import Census
from quizapp.bank.load import load_bank
from quizapp.engine.acceptability import acceptability
from quizapp.engine.answers import known_answers
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.judgement import panel
from quizapp.engine.next_question import next_screen
from quizapp.engine.plan import Limits
from quizapp.engine.reading import together
from quizapp.engine.recommend import recommend
from quizapp.engine.settled import settled
from quizapp.engine.whatif import what_if

ON = date(2026, 11, 22)
TAKERS = 200
MANY = 1_000_000
SLICE = 10_000
QUESTIONS = Path(__file__).resolve().parent.parent / "questions"
LARGEST = "medical_office"


def measure() -> Report:
    """Medians of one run; ratios against the peers of the same run."""
    made = _timed(lambda: compile_bank(bank(), "made"))
    compiled = compile_bank(bank(), "made")
    rows = [
        Row("compile 40 items x 12 rules", made, "s", 5),
        Row("its tables, flat", together(compiled)[0].size / 1024, "KB"),
        *_one_request(compiled),
        *_many(compiled),
        *_everyone(),
        *_shipped(),
    ]
    return Report(
        "engine", tuple(rows), f"medians over {TAKERS} takers; {LARGEST} is the largest shipped bank"
    )


def _one_request(compiled: Compiled) -> list[Row]:
    takers = _takers(TAKERS)
    here, limits, functions = panel(compiled, ON), Limits(), python_functions()
    places = [(name, compiled.variables[compiled.places[name]].index) for name in takers[0]]
    rest = [0] * (len(compiled.variables) - len(places))

    def ours(answers: dict[str, str]) -> object:
        return here.judge([index[answers[name]] for name, index in places] + rest, limits)

    def by_hand(answers: dict[str, str]) -> object:
        found = [function(answers) for function in functions]
        return sorted(range(len(found)), key=lambda place: -found[place][0])

    dressed = [known_answers(compiled, answers) for answers in takers]
    zen, tables = peers.zen_expressions(), peers.zen_tables()
    times = {
        name: _median(work, takers)
        for name, work in {"ours": ours, "by hand": by_hand, "zen": zen, "zen tables": tables}.items()
    }
    whole = _median(lambda answers: recommend(compiled, answers, ON), dressed)
    own = times["ours"]
    return [
        Row("one request, ledger and fired rules", own * 1e6, "µs"),
        Row("the same dressed for a page (recommend)", whole * 1e6, "µs"),
        Row("zen-engine, expressions", times["zen"] * 1e6, "µs"),
        Row("zen-engine, decision tables", times["zen tables"] * 1e6, "µs"),
        Row("hand-written Python", times["by hand"] * 1e6, "µs"),
        Row("ours / zen-engine expressions", own / times["zen"], "x", 0.25),
        Row("ours / zen-engine decision tables", own / times["zen tables"], "x", 1 / 30),
        Row("ours / hand-written Python", own / times["by hand"], "x", 0.35),
    ]


def _many(compiled: Compiled) -> list[Row]:
    given = _columns(MANY)
    census = Census(compiled, ON)
    ours = _timed(lambda: census.winners(given))
    duck = _timed(columns.by_duckdb(given), rounds=3)
    expressions = _timed(columns.by_numexpr(given), rounds=3)
    return [
        Row("a million answer sets: who comes first", ours, "s"),
        Row("DuckDB / ours", duck / ours, "x", 3, at_least=True),
        Row("numexpr / ours", expressions / ours, "x", 2.5, at_least=True),
    ]


def _everyone() -> list[Row]:
    sets = prod(SIZES)
    made = bank()

    def from_text() -> dict[str | None, int]:
        return Census(compile_bank(made, "again"), ON).first_places()

    part = _columns(SLICE)
    begun = time.perf_counter()
    by_hand = columns.loop(part)
    loop = (time.perf_counter() - begun) * sets / SLICE
    every = np.indices(SIZES, dtype=np.int8).reshape(len(SIZES), -1)
    whole, counts = _timed(from_text, rounds=3), from_text()
    polars = min(_timed(columns.by_polars(every, engine), rounds=3) for engine in ("auto", "streaming"))
    census = Census(compile_bank(made, "again"), ON)
    assert sum(counts.values()) == sets and by_hand == columns.by_polars(part)()
    first = {made.items[place].id: count for place, count in columns.by_polars(every)().items()}
    assert first == {name: count for name, count in counts.items() if count}
    inner = _timed(census.first_places, rounds=3)
    bound = _greatest_of(sets, len(made.items))
    return [
        Row("all 6.9 million answer sets, rule text to counts", whole, "s"),
        Row("hand-written loop (from 10,000 sets) / ours", loop / whole, "x", 1200, at_least=True),
        Row("polars (the faster of two engines) / ours", polars / whole, "x", 3, at_least=True),
        Row("numpy's own maximum over as many numbers / our count", bound / inner, "x", 0.4, at_least=True),
    ]


def _greatest_of(sets: int, items: int) -> float:
    """The time numpy takes to keep the greatest of ``items`` columns of ``sets`` 32-bit numbers."""
    column, best = np.arange(sets, dtype=np.int32), np.zeros(sets, dtype=np.int32)

    def keep() -> None:
        for _ in range(items):
            np.maximum(best, column, out=best)

    return _timed(keep, rounds=3)


def _columns(count: int) -> Any:
    random_ = np.random.default_rng(2)
    return np.stack([random_.integers(0, size, count, dtype=np.int8) for size in SIZES])


def _shipped() -> list[Row]:
    loaded = load_bank(QUESTIONS / f"{LARGEST}.yaml")
    built = _timed(lambda: compile_bank(loaded.bank, loaded.revision))
    compiled = compile_bank(loaded.bank, loaded.revision)
    takers = [known_answers(compiled, _answers(compiled, seed)) for seed in range(TAKERS // 4)]
    half = [known_answers(compiled, dict(list(taker.raw.items())[: len(taker.raw) // 2])) for taker in takers]
    outcomes = [recommend(compiled, taker, ON) for taker in takers]
    return [
        Row(f"{LARGEST}: compile", built, "s", 1),
        Row(f"{LARGEST}: recommend", _median(lambda a: recommend(compiled, a, ON), takers) * 1e3, "ms"),
        Row(f"{LARGEST}: what-if", _median(lambda a: what_if(compiled, a, ON), takers) * 1e3, "ms", 30),
        Row(f"{LARGEST}: settled", _median(lambda a: settled(compiled, a, ON), half) * 1e3, "ms", 2),
        Row(
            f"{LARGEST}: next question", _median(lambda a: next_screen(compiled, a, ON), half) * 1e3, "ms", 20
        ),
        Row(f"{LARGEST}: 5,000 weighings", _median(acceptability, outcomes) * 1e3, "ms", 20),
    ]


def _answers(compiled: Compiled, seed: int) -> dict[str, Any]:
    random_ = random.Random(seed)
    answers: dict[str, Any] = {}
    for question in compiled.bank.questions:
        options = [one.id for one in question.options]
        if question.kind == "choice":
            answers[question.id] = random_.choice(options)
        elif question.kind == "choices":
            answers[question.id] = [one for one in options if random_.random() < 0.1]
        elif question.kind == "yes_no":
            answers[question.id] = random_.random() < 0.5
        elif question.grid:
            steps = (question.grid.to - question.grid.from_) // question.grid.step
            answers[question.id] = question.grid.from_ + question.grid.step * random_.randint(0, steps)
    return answers


def _takers(count: int) -> list[dict[str, str]]:
    random_ = random.Random(1)
    return [
        {f"q{place}": option(place, random_.randrange(size)) for place, size in enumerate(SIZES)}
        for _ in range(count)
    ]


def _median(work: Callable[[Any], object], given: Sequence[Any]) -> float:
    work(given[0])
    times = []
    for one in given:
        begun = time.perf_counter()
        work(one)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def _timed(work: Callable[[], object], rounds: int = 5) -> float:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)
