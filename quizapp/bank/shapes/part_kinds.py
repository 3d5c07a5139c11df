"""Tells what the model says of the parts of a file's plain data, whole or broken."""

from __future__ import annotations

import types
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from quizapp.bank.cases import CaseFile
from quizapp.bank.model import Bank, Cited


@dataclass(frozen=True)
class Kind:
    """What may stand in one place: the fields of a model, entries of a list, a table from ids to values."""

    name: str = ""
    model: type[BaseModel] | None = None
    entry: Kind | None = None
    value: Kind | None = None

    @property
    def is_table(self) -> bool:
        """Whether a map here goes from ids to values, so that its order is somebody's choice."""
        return self.model is None and self.value is not None

    def below(self, step: str | int) -> Kind:
        """The kind of the part under a field or index; one that says nothing where the model has none."""
        if isinstance(step, int):
            return self.entry or NOTHING_KNOWN
        if self.model is not None:
            return _fields(self.model).get(step, NOTHING_KNOWN)
        return self.value or NOTHING_KNOWN

    def field_order(self) -> list[str]:
        """The fields of the model as a file names them; where it says so come the sources last."""
        if self.model is None:
            return []
        names = list(_fields(self.model))
        last = list(_fields(Cited)) if issubclass(self.model, Cited) else []
        first = [name for name in ("id",) if name in names]
        return [*first, *(name for name in names if name not in (*first, *last)), *last]


NOTHING_KNOWN = Kind()


def kind_of_file(data: Any) -> Kind:
    """The kind of a whole file: a bank's, or that of its cases.

    >>> kind_of_file({"cases": []}).name, kind_of_file({}).below("items").below(0).name
    ('CaseFile', 'Bank.items[]')
    """
    is_cases = isinstance(data, dict) and "cases" in data and "bank" not in data
    return Kind("CaseFile", CaseFile) if is_cases else Kind("Bank", Bank)


@lru_cache
def _fields(model: type[BaseModel]) -> dict[str, Kind]:
    return {
        field.alias or name: _kind(field.annotation, f"{model.__name__}.{field.alias or name}")
        for name, field in model.model_fields.items()
    }


def _kind(annotation: Any, name: str) -> Kind:
    model = entry = value = None
    for branch in _branches(annotation):
        origin, inner = get_origin(branch), get_args(branch)
        if isinstance(branch, type) and issubclass(branch, BaseModel):
            model = branch
        elif origin is tuple:
            entry = _kind(inner[0], f"{name}[]")
        elif origin is dict:
            value = _kind(inner[1], f"{name}{{}}")
    return Kind(name, model, entry, value)


def _branches(annotation: Any) -> list[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _branches(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [found for one in get_args(annotation) for found in _branches(one)]
    return [annotation]
