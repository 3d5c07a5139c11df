"""The audit log as a file."""

from __future__ import annotations

import csv
import io
import json

import pytest

from quizapp.editing.audit_export import all_entries, audit_csv, cell
from tests.editing.desk import Desk


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＠"])
def test_no_cell_is_taken_for_a_formula(begin: str) -> None:
    assert cell(f'{begin}cmd|"/c calc"!A1').startswith("'")


def test_every_line_is_there_once_however_many(desk: Desk) -> None:
    for number in range(1_203):
        desk.store.record(
            "=1+1", "published", "trainer" if number % 2 else None, {"why": 'a "b",\nc', "n": number}
        )
    rows = list(csv.DictReader(io.StringIO(audit_csv(all_entries(desk.store)))))
    assert [json.loads(row["about"])["n"] for row in rows] == list(range(1_202, -1, -1))
    assert {row["who"] for row in rows} == {"'=1+1"}
    assert len(list(all_entries(desk.store, "trainer"))) == 601
