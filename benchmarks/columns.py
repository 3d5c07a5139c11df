"""The same made rules over columns of answers: DuckDB, numexpr, polars, and a loop of plain Python.

Each gives how often every item comes first; scores are whole, ties go to the earlier item.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

import duckdb
import numexpr
import numpy as np
import polars as pl

from benchmarks.synthetic import SIZES, WEIGHTS, option, python_functions, rules

_LAST = 63
NAMES = tuple(f"q{place}" for place in range(len(SIZES)))


def loop(columns: Any) -> dict[int, int]:
    """Hand-written functions, one answer set after another."""
    functions = python_functions()
    found: Counter[int] = Counter()
    for answers in columns.T.tolist():
        given = {name: option(place, answers[place]) for place, name in enumerate(NAMES)}
        scores = [function(given)[0] for function in functions]
        found[scores.index(max(scores))] += 1
    return dict(found)


def by_duckdb(columns: Any) -> Callable[[], dict[int, int]]:
    """One query: every item's key, the greatest of them, counted."""
    base = duckdb.connect()
    base.register("given", dict(zip(NAMES, columns, strict=True)))
    base.execute("create table answers as select * from given")
    choice = "CASE WHEN {} THEN {} ELSE {} END"
    keys = ", ".join(
        f"({_score(item, _sql, choice)}) * 64 + {_LAST - place}" for place, item in enumerate(rules())
    )
    query = f"select {_LAST} - (greatest({keys}) & {_LAST}) as first, count(*) from answers group by first"
    return lambda: {int(first): int(count) for first, count in base.execute(query).fetchall()}


def by_numexpr(columns: Any) -> Callable[[], dict[int, int]]:
    """One compiled expression an item, and the greatest kept."""
    given = dict(zip(NAMES, columns, strict=True))
    scores = [_score(item, _bitwise, "where({}, {}, {})") for item in rules()]

    def count() -> dict[int, int]:
        best = np.zeros(columns.shape[1], dtype=np.int64)
        for place, score in enumerate(scores):
            key = numexpr.evaluate(f"({score}) * 64 + {_LAST - place}", given)
            np.maximum(best, key, out=best)
        return _counted(_LAST - (best & _LAST))

    return count


def by_polars(columns: Any, engine: Literal["auto", "streaming"] = "auto") -> Callable[[], dict[int, int]]:
    """One lazy query over every item's key, from rule text on, by one of polars' engines."""

    def count() -> dict[int, int]:
        frame = pl.DataFrame(dict(zip(NAMES, columns, strict=True))).lazy()
        keys = [_polars(item) * 64 + (_LAST - place) for place, item in enumerate(rules())]
        first = (_LAST - (pl.max_horizontal(keys) % 64)).alias("first")
        rows = frame.select(first).group_by("first").len().collect(engine=engine).rows()
        return {int(place): int(number) for place, number in rows}

    return count


def _counted(first: Any) -> dict[int, int]:
    return {place: int(n) for place, n in enumerate(np.bincount(first)) if n}


def _score(item: list[tuple[str, str]], said: Callable[[str], str], choice: str) -> str:
    parts = []
    for weight, (rule, _) in zip(WEIGHTS, item[6:], strict=True):
        high, rest = rule.split(" if ", 1)
        condition, low = rest.rsplit(" else ", 1)
        parts.append(f"{weight} * {choice.format(said(condition), high, low)}")
    return " + ".join(parts)


def _numbered(rule: str) -> str:
    return re.sub(r"q\d+o(\d+)", r"\1", rule)


def _sql(rule: str) -> str:
    return _numbered(rule).replace("==", "=")


def _bitwise(rule: str) -> str:
    def spread(found: re.Match[str]) -> str:
        return "(" + " | ".join(f"({found[1]} == {n})" for n in found[2].split(", ")) + ")"

    words = re.sub(r"\b(q\d+) == (\d+)", r"(\1 == \2)", _numbered(rule))
    words = re.sub(r"(q\d+) in \(([\d, ]+)\)", spread, words)
    return words.replace(" and ", " & ").replace(" or ", " | ")


def _polars(item: list[tuple[str, str]]) -> pl.Expr:
    total = pl.lit(0, dtype=pl.Int32)
    for weight, (rule, _) in zip(WEIGHTS, item[6:], strict=True):
        high, rest = rule.split(" if ", 1)
        condition, low = rest.rsplit(" else ", 1)
        words = re.sub(r"(q\d+) in \(([\d, ]+)\)", r'pl.col("\1").is_in([\2])', _numbered(condition))
        words = re.sub(r"\b(q\d+) == (\d+)", r'(pl.col("\1") == \2)', words)
        holds = eval(words.replace(" and ", " & ").replace(" or ", " | "), {"pl": pl})
        total = total + weight * pl.when(holds).then(int(high)).otherwise(int(low)).cast(pl.Int32)
    return total
