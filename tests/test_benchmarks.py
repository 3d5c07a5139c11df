"""The benchmarks themselves: budgets are judged rightly, and each benchmark is documented."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.__main__ import names
from benchmarks.report import Report, Row
from benchmarks.taker import Forms

ROOT = Path(__file__).resolve().parent.parent


def test_every_benchmark_is_documented() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert {"web", "start", "pages"} <= set(names())
    assert [name for name in names() if f"`{name}`" not in page] == []


def test_a_budget_is_the_most_or_the_least() -> None:
    assert Row("time", 1.4, "s", 1.5).kept and not Row("time", 1.6, "s", 1.5).kept
    assert (
        Row("share", 0.6, "×", 0.5, at_least=True).kept
        and not Row("share", 0.4, "×", 0.5, at_least=True).kept
    )
    assert Row("told", 99, "ms").kept


def test_a_missed_budget_is_seen_in_table_and_object() -> None:
    report = Report("start", (Row("time", 1.6, "s", 1.5), Row("memory", 90, "MB", 120)), "one round")
    told = json.loads(json.dumps(report.to_json()))
    assert (told["kept"], [row["kept"] for row in told["rows"]]) == (False, [False, True])
    assert [("MISSED" in line) for line in report.lines()] == [False, False, True, False]


def test_the_taker_finds_fields_that_stand_outside_their_form() -> None:
    forms = Forms()
    forms.feed(
        '<form id="a" method="post"><input type="radio" name="q" value="1"><button name="go" value="on"></form>'
        '<form id="b" method="post"></form><input type="hidden" name="token" form="a" value="t">'
    )
    assert forms.forms[0].filled() == [("token", "t"), ("q", "1"), ("go", "on")]
