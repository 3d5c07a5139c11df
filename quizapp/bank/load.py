"""Reads one bank file into a frozen bank with the name of its revision, or says all that is wrong."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from quizapp.bank.model import Bank
from quizapp.bank.structure import build
from quizapp.bank.yaml.caps import MAX_BYTES
from quizapp.bank.yaml.nodes import Positions
from quizapp.bank.yaml.reader import decode, read_yaml
from quizapp.errors import Invalid, NotFound, Problem, Where, told

REVISION_LENGTH = 16


@dataclass(frozen=True)
class LoadedBank:
    """A bank as read from a text, with the places of its parts. ``path`` is what messages call it."""

    bank: Bank
    revision: str
    warnings: tuple[Problem, ...]
    path: Path
    text: str
    positions: Positions


def load_bank(path: Path) -> LoadedBank:
    """The bank in a file.

    Raises NotFound where there is no such file, and Invalid with every problem of its shape; what
    rules and references mean is for ``quizapp.bank.check``.
    """
    return parse_bank(read_text(path), str(path))


def parse_bank(text: str, file: str) -> LoadedBank:
    """The bank in a text; ``file`` is what messages call it.

    Raises Invalid with every problem of its shape.
    """
    positions = read_yaml(text, file)
    bank = build(Bank, positions)
    return LoadedBank(bank, revision_of(bank), (), Path(file), text, positions)


def read_text(path: Path) -> str:
    """A file's text, line ends as they are.

    Raises NotFound, or Invalid where it cannot be read, is too large or not UTF-8.
    """
    if not path.is_file():
        raise NotFound(f"there is no file {path}")
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        problem = Problem(
            Where(str(path)),
            "unreadable",
            told("the file cannot be opened (%(strerror)s)", strerror=error.strerror),
            told("nothing can be said of it"),
            told("check who may read it"),
        )
        raise Invalid([problem]) from None
    return decode(raw, str(path))


def revision_of(bank: Bank) -> str:
    """The name of a bank's content: 16 hexadecimal figures of SHA-256.

    Comments, quotes, line breaks, the order of fields and fields left at their default do not
    count; the order of questions, items, facts and other entries does, since pages show it.
    """
    canonical = json.dumps(_canonical(bank), ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:REVISION_LENGTH]


def bank_to_json(bank: Bank) -> str:
    """The bank as JSON, for keeping beside a revision; ``bank_from_json`` gives back an equal one."""
    return bank.model_dump_json(by_alias=True, exclude_defaults=True)


def bank_from_json(text: str) -> Bank:
    """The bank kept by ``bank_to_json``, a hundred times faster than reading its YAML.

    Raises pydantic.ValidationError (a ValueError) for anything else.
    """
    return Bank.model_validate_json(text)


def _canonical(value: Any) -> Any:
    if isinstance(value, BaseModel):
        given = {
            name: _canonical(getattr(value, name))
            for name, field in type(value).model_fields.items()
            if field.is_required() or getattr(value, name) != field.get_default(call_default_factory=True)
        }
        return dict(sorted(given.items()))
    if isinstance(value, dict):
        return [[key, _canonical(entry)] for key, entry in value.items()]
    if isinstance(value, tuple):
        return [_canonical(entry) for entry in value]
    return value if isinstance(value, bool | int | str | None) else str(value)
