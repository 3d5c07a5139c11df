"""Walks a bank: every part of it with its path in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from quizapp.bank.yaml.nodes import Path


def every_part(part: BaseModel, path: Path = ()) -> Iterator[tuple[Path, BaseModel]]:
    """A model and all models within, parents first, with their paths as written in the file."""
    yield path, part
    for name, field in type(part).model_fields.items():
        yield from _inside(getattr(part, name), (*path, field.alias or name))


def _inside(value: Any, path: Path) -> Iterator[tuple[Path, BaseModel]]:
    if isinstance(value, BaseModel):
        yield from every_part(value, path)
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from _inside(entry, (*path, index))
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _inside(entry, (*path, key))
