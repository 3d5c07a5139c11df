"""Turns YAML data into a frozen model, or into plain words about every field that does not fit."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from quizapp.bank.field_faults import Fault, misfit
from quizapp.bank.yaml.nodes import Mapping, Path, Positions, Scalar, child, plain
from quizapp.errors import Invalid, Key, Problem, left_out, told
from quizapp.rules.faults import nearest

Model = TypeVar("Model", bound=BaseModel)
MOST_FAULTS = 200

_LANGUAGE = {"ja": told("Japanese"), "en": told("English")}


def build(model: type[Model], positions: Positions) -> Model:
    """The model that a file describes.

    Types are strict: ``"12"`` in quotes is a text and no number. Raises Invalid with a problem for
    every field that does not fit, at its line and column.
    """
    if not isinstance(positions.root, Mapping):
        raise Invalid(
            [
                Problem(
                    positions.at(()),
                    "wrong_type",
                    told("the file is not a map of fields"),
                    told("it must begin with `name: value` lines"),
                    told("look at another file of its kind"),
                )
            ]
        )
    try:
        return model.model_validate_json(
            json.dumps(plain(positions.root)), strict=True, by_alias=True, by_name=False
        )
    except ValidationError as error:
        raise Invalid(_problems(model, positions, error)) from None


def _problems(model: type[BaseModel], positions: Positions, error: ValidationError) -> list[Problem]:
    # Each costs a search for what was meant: a small file could hold ten thousand.
    faults = _without_wrong_branches(list(islice(_faults(positions, error), MOST_FAULTS)))
    left = error.error_count() - MOST_FAULTS
    unknown = [fault for fault in faults if fault.kind == "extra_forbidden"]
    meant = {path: field for fault in unknown for path, field in [_meant(model, fault)] if field}
    problems = [_unknown_field(positions, fault, meant.get(fault.path), model) for fault in unknown]
    renamed = {(*path[:-1], field) for path, field in meant.items()}
    by_path: dict[Path, list[Fault]] = {}
    for fault in faults:
        if fault.kind != "extra_forbidden" and fault.path not in renamed:
            by_path.setdefault(fault.path, []).append(fault)
    for path, group in by_path.items():
        problems.append(
            _missing(positions, path) if group[0].kind == "missing" else _misfit(positions, path, group)
        )
    problems.sort(key=lambda problem: problem.where)
    return [*problems, left_out(problems[-1].where, left)] if left > 0 else problems


def _faults(positions: Positions, error: ValidationError) -> Iterator[Fault]:
    for found in error.errors(include_url=False, include_input=False):
        path = _path_in_file(positions, found["loc"], found["type"])
        yield Fault(path, found["type"], dict(found.get("ctx", {})), found["loc"][-1:] == ("[key]",))


def _path_in_file(positions: Positions, location: tuple[str | int, ...], kind: str) -> Path:
    """The location without the names of union branches that pydantic mixes into it."""
    path: Path = ()
    node = positions.root
    for index, step in enumerate(location):
        below = child(node, step)
        if below is not None:
            path, node = (*path, step), below
        elif kind == "missing" and index == len(location) - 1:
            path = (*path, step)
    return path


def _without_wrong_branches(faults: list[Fault]) -> list[Fault]:
    """Drops what is only said because of a fault further inside: "is no text" for a map, "is empty"."""
    inner = {fault.path[:length] for fault in faults for length in range(len(fault.path))}
    return [
        f for f in faults if f.path not in inner or not (f.kind.endswith("_type") or f.kind == "too_short")
    ]


def _meant(model: type[BaseModel], fault: Fault) -> tuple[Path, str | None]:
    names = fields_at(model, fault.path[:-1])
    advice = nearest(str(fault.path[-1]), names)
    close = advice.split('"')[1] if advice.startswith("did you mean") else None
    return fault.path, close


def _unknown_field(positions: Positions, fault: Fault, meant: str | None, model: type[BaseModel]) -> Problem:
    name = str(fault.path[-1])
    names = fields_at(model, fault.path[:-1])
    return Problem(
        positions.key(fault.path),
        "unknown_field",
        told('there is no field "%(name)s" here', name=name[:60]),
        told("it would be read by nobody"),
        told('did you mean "%(meant)s"?', meant=meant)
        if meant
        else told("use one of: %(names)s", names=tuple(names)),
        path=fault.path,
    )


def _missing(positions: Positions, path: Path) -> Problem:
    name = Key(path[-1])
    where = positions.at(path[:-1]) if len(path) > 1 else positions.at(())
    if name in _LANGUAGE:
        return Problem(
            where,
            "missing_text",
            told('there is no %(language)s text ("%(name)s")', language=_LANGUAGE[name], name=name),
            told("every text is shown in both languages"),
            told('add "%(name)s"', name=name),
            path=path,
        )
    if isinstance(path[-1], int):
        why = told("it has a fixed length")
        return Problem(
            where, "too_few", told("an entry is missing in this list"), why, told("add it"), path=path[:-1]
        )
    return Problem(
        where,
        "missing_field",
        told('the field "%(name)s" is missing', name=name),
        told("it is always needed"),
        told('add "%(name)s"', name=name),
        path=path,
    )


def _misfit(positions: Positions, path: Path, group: list[Fault]) -> Problem:
    node = positions.node(path)
    written = node.text if isinstance(node, Scalar) else ""
    is_key = any(fault.is_key for fault in group)
    name = Key(next((step for step in reversed(path) if isinstance(step, str)), "the file"))
    code, what, why, fix = misfit(name, written, node, group, is_key)
    return Problem(positions.key(path) if is_key else positions.at(path), code, what, why, fix, path=path)


def fields_at(model: Any, path: Path) -> list[str]:
    """The names of the fields that may stand in the map at a path, as they are written in a file.

    >>> from quizapp.bank.model import Bank
    >>> fields_at(Bank, ("items", 0, "routes", 3, "months"))
    ['from', 'to']
    """
    found = [model]
    for step in path:
        found = [below for annotation in found for below in _below(annotation, step)]
    return [
        field.alias or name
        for annotation in found
        for member in _members(annotation)
        if isinstance(member, type) and issubclass(member, BaseModel)
        for name, field in member.model_fields.items()
    ]


def _members(annotation: Any) -> list[Any]:
    """The branches of a union, without what is only said about them."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [member for part in get_args(annotation) for member in _members(part)]
    return [] if origin is Literal else [annotation]


def _below(annotation: Any, step: str | int) -> Iterator[Any]:
    for member in _members(annotation):
        origin, arguments = get_origin(member), get_args(member)
        if origin is tuple and isinstance(step, int):
            yield arguments[0]
        elif origin is dict:
            yield arguments[1]
        elif isinstance(member, type) and issubclass(member, BaseModel):
            yield from (f.annotation for name, f in member.model_fields.items() if (f.alias or name) == step)
