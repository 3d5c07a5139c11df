"""The JSON Schema of banks: it is up to date, says what every field is for, and agrees with the reader."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from quizapp.bank.load import parse_bank
from quizapp.bank.schema import SCHEMA_FILE, bank_schema, schema_text
from quizapp.bank.yaml.nodes import plain
from quizapp.bank.yaml.reader import read_yaml
from quizapp.errors import Invalid

HERE = Path(__file__).parent
BROKEN = sorted(path for path in (HERE / "banks" / "broken").glob("*.yaml") if ".cases" not in path.name)
GOOD = [HERE / "banks" / "good" / "small.yaml"]
GOOD += sorted(path for path in (HERE.parent / "questions").glob("*.yaml") if ".cases" not in path.name)
VALIDATOR = jsonschema.Draft202012Validator(bank_schema())


def test_the_committed_schema_is_the_one_of_the_model() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), "run: quizapp schema --write"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


def test_every_field_has_a_title_and_says_what_it_is_for() -> None:
    schema = bank_schema()
    for name, part in {**schema["$defs"], "Bank": schema}.items():
        assert part["description"], name
        for field, about in part.get("properties", {}).items():
            assert about["title"], (name, field)
            assert len(about["description"]) > 8, (name, field)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_bank_fits_the_schema(path: Path) -> None:
    data = plain(read_yaml(path.read_text(encoding="utf-8"), str(path)).root)
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []


def readable(path: Path) -> object:
    """The data of a broken bank, or None where it is not even YAML."""
    try:
        return plain(read_yaml(path.read_bytes().decode("utf-8", "surrogateescape"), str(path)).root)
    except Invalid:
        return None


# What the schema cannot say: a text of spaces only, and days that no calendar has.
UNSAYABLE = {"empty_english", "bad_date", "date_as_number"}


@pytest.mark.parametrize("path", [p for p in BROKEN if readable(p) is not None], ids=lambda path: path.stem)
def test_schema_and_reader_refuse_the_same_shapes(path: Path) -> None:
    refused = False
    try:
        parse_bank(path.read_text(encoding="utf-8"), str(path))
    except Invalid:
        refused = path.stem not in UNSAYABLE
    assert refused == (not VALIDATOR.is_valid(readable(path)) and path.stem not in UNSAYABLE)
