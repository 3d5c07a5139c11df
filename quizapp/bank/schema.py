"""The JSON Schema of a bank file, by which editors' tools complete and check while one types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from quizapp.bank.field_words import words_for
from quizapp.bank.model import Bank

SCHEMA_FILE = Path(__file__).resolve().parent.parent / "bank.schema.json"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def bank_schema() -> dict[str, Any]:
    """The schema (draft 2020-12), made from the model; every field has a title and a description."""
    made = Bank.model_json_schema(by_alias=True, mode="validation")
    for name, part in {**made["$defs"], "Bank": made}.items():
        for field, about in part.get("properties", {}).items():
            about.setdefault("title", field.replace("_", " ").capitalize())
            if "description" not in about:
                about["description"] = words_for(name, field)
            _close(about)
    return {"$schema": DRAFT, "title": made.pop("title"), "description": made.pop("description"), **made}


def _close(about: dict[str, Any]) -> None:
    """Maps by id hold nothing whose key is no id; the generator leaves them open."""
    if "patternProperties" in about:
        about["additionalProperties"] = False


def schema_text() -> str:
    """The schema as it stands in the file."""
    return json.dumps(bank_schema(), ensure_ascii=False, indent=2) + "\n"


def write(path: Path = SCHEMA_FILE) -> Path:
    """Writes the schema file and gives its path."""
    path.write_text(schema_text(), encoding="utf-8")
    return path
