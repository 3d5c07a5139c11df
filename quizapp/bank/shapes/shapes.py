"""What each field of a bank and its cases looks like to somebody who fills it in, read from the model itself.

A field that is added to the model gets its shape from its type. A type that nobody has seen before
raises ``LookupError`` with the field's name, so that a test names what still needs a shape.
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from quizapp.bank.cases import Answer, CaseFile, NoteName, RouteName
from quizapp.bank.fields import UNKNOWN, Id, LineRange, Reference, Rule, ShortText, Text, Url, Yen
from quizapp.bank.model import Bank, Cited, Value
from quizapp.rules import Expect

Look: TypeAlias = Literal[
    "text", "line", "id", "rule", "truth", "number", "yen", "day", "choice", "address", "lines",
    "ids", "numbers", "texts", "pairs", "part", "parts", "named_parts", "values", "fit",
    "answer", "answers", "named_choices", "named_ids", "named_amounts",
]  # fmt: skip

# What the ids in a field are ids of; a field called id or bank names its own part.
REFERS: dict[tuple[str, str], str] = {
    ("Bank", "values"): "own", ("Bank", "sources"): "own",
    ("Cited", "source"): "sources", ("Question", "screen"): "screens", ("Criterion", "question"): "questions",
    ("Reason", "rule"): "guidelines", ("Note", "rule"): "guidelines", ("Item", "facts"): "fact_kinds",
    ("Item", "fit"): "criteria", ("Item", "leads_to"): "banks", ("Limit", "question"): "questions",
    ("Provider", "items"): "items", ("ExpectedCost", "route"): "routes_of",
    ("ExpectedCost", "not_included"): "costs_of",
    ("Expect", "first"): "items", ("Expect", "top"): "items", ("Expect", "top_in_order"): "items",
    ("Expect", "above"): "items", ("Expect", "not_top"): "items", ("Expect", "not_ranked"): "items",
    ("Expect", "standing"): "items", ("Expect", "routes"): "routes", ("Expect", "blocked_by"): "items",
    ("Expect", "cost"): "items", ("Expect", "route_cost"): "routes", ("Expect", "months"): "items",
    ("Expect", "beyond"): "items", ("Expect", "within"): "items", ("Expect", "steps"): "items",
    ("Expect", "notes"): "notes", ("Expect", "reasons"): "items", ("Expect", "providers"): "reach",
    ("Case", "answers"): "questions", ("Case", "rules"): "guidelines",
}  # fmt: skip
# What the values of a table refer to, where its keys are items.
VALUES_REFER: dict[tuple[str, str], str] = {
    ("Expect", "blocked_by"): "requirements_of", ("Expect", "steps"): "requirements_of",
    ("Expect", "reasons"): "reasons_of", ("Expect", "beyond"): "limits", ("Expect", "providers"): "providers",
}  # fmt: skip
ORDERED = {("Expect", "top_in_order")}
NUMBER_RULES = {("Criterion", "weight"), ("Criterion", "value"), ("Item", "fit")}
PLAN_RULES = {("Criterion", "value"), ("Item", "fit")}
MAY_BE_UNTOLD = {("Requirement", "if"), ("Item", "fit")}


@dataclass(frozen=True)
class FieldShape:
    """One field as a form sees it. ``name`` is what the file calls it, ``owner`` the class that holds it.

    ``low`` and ``high`` bound a number, ``longest`` a text; ``choices`` are the words of a choice;
    ``model`` is the class of the parts within; ``unknown`` says that "unknown" may stand for the number;
    ``default`` is what a field that is left out counts as.
    """

    owner: str
    name: str
    look: Look
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    longest: int | None = None
    pattern: str = ""
    unknown: bool = False
    model: type[BaseModel] | None = None
    refers: str = ""
    values_refer: str = ""
    ordered: bool = False
    expect: Expect = "truth"
    reads_plan: bool = False
    may_be_untold: bool = False

    @property
    def is_list(self) -> bool:
        """Whether its entries are parts with pages of their own."""
        return self.look in ("parts", "named_parts", "values", "fit", "texts")

    @property
    def is_map(self) -> bool:
        """Whether its entries go by keys instead of standing in a list."""
        return self.look in ("named_parts", "values", "fit")


@cache
def shapes_of(model: type[BaseModel]) -> tuple[FieldShape, ...]:
    """The fields of a class in the order of the model, where it rests on a source the source last.

    Raises LookupError for a field whose type has no shape.

    >>> [shape.look for shape in shapes_of(Value)]
    ['rule', 'text']
    """
    hints = get_type_hints(model, include_extras=True)
    cited = set(Cited.model_fields) if issubclass(model, Cited) else set()
    fields = model.model_fields
    order = [*(name for name in fields if name not in cited), *(name for name in fields if name in cited)]
    return tuple(_shape(model, name, fields[name], hints[name]) for name in order)


def shape_of(model: type[BaseModel], name: str) -> FieldShape | None:
    """The field that a file calls so; None where the class has none."""
    return next((shape for shape in shapes_of(model) if shape.name == name), None)


def models() -> tuple[type[BaseModel], ...]:
    """Every class that a bank or its cases are made of."""
    found: dict[type[BaseModel], None] = {}
    waiting: list[type[BaseModel]] = [Bank, CaseFile]
    while waiting:
        model = waiting.pop(0)
        if model not in found:
            found[model] = None
            waiting += [shape.model for shape in shapes_of(model) if shape.model]
    return tuple(found)


def _shape(model: type[BaseModel], attribute: str, field: FieldInfo, hint: Any) -> FieldShape:
    name = field.alias or attribute
    key = ("Cited" if attribute in Cited.model_fields and issubclass(model, Cited) else model.__name__, name)
    required = field.is_required()
    default = None if required or field.default is PydanticUndefined else _plain(field.default)
    bounds = _bounds(get_args(hint)[1:]) if get_origin(hint) is Annotated else {}
    inner = _without_none(hint)
    look = _look(inner)
    if look is None:
        raise LookupError(f"{model.__name__}.{name} needs a shape: {hint}")
    bounds = {**bounds, **look.pop("bounds", {}), **_bounds(field.metadata)}
    return FieldShape(
        model.__name__,
        name,
        required=required,
        default=default,
        refers=REFERS.get(key, "" if name in ("id", "bank") else REFERS.get((model.__name__, name), "")),
        values_refer=VALUES_REFER.get(key, ""),
        ordered=key in ORDERED,
        expect="number" if key in NUMBER_RULES else "any" if key == ("Value", "rule") else "truth",
        reads_plan=key in PLAN_RULES,
        may_be_untold=key in MAY_BE_UNTOLD,
        **{**bounds, **look},
    )


def _look(hint: Any) -> dict[str, Any] | None:
    """What a type looks like, with what goes with it."""
    for known, look in _KNOWN:
        if hint == known:
            return {"look": look, "bounds": _bounds(get_args(hint)[1:])}
    branches = _branches(hint)
    if len(branches) > 1:
        return _look_of_union(branches)
    if get_origin(hint) is Literal:
        # A literal that is one number is the format's version: nobody has a choice.
        return {"look": "choice", "choices": tuple(str(one) for one in get_args(hint))}
    if get_origin(hint) is Annotated:
        inner = _look(get_args(hint)[0])
        return inner and {**inner, "bounds": {**inner.get("bounds", {}), **_bounds(get_args(hint)[1:])}}
    if get_origin(hint) is tuple:
        return _look_of_list(get_args(hint)[0])
    if get_origin(hint) is dict:
        return _look_of_map(*get_args(hint))
    if isinstance(hint, type):
        return _look_of_class(hint)
    return None


def _look_of_class(hint: type) -> dict[str, Any] | None:
    if issubclass(hint, StrEnum):
        return {"look": "choice", "choices": tuple(one.value for one in hint)}
    if issubclass(hint, BaseModel):
        return {"look": "part", "model": hint}
    return {bool: {"look": "truth"}, int: {"look": "number"}, date: {"look": "day"}}.get(hint)


def _look_of_union(branches: tuple[Any, ...]) -> dict[str, Any] | None:
    if set(branches) == {Yen, UNKNOWN}:
        return {"look": "yen", "unknown": True, "bounds": _bounds(get_args(Yen)[1:])}
    if set(branches) | {type(None)} == set(_branches(Answer)) | {type(None)}:
        return {"look": "answer"}
    return None


def _look_of_list(entry: Any) -> dict[str, Any] | None:
    if entry == Text:
        return {"look": "texts"}
    if entry in (Id, Reference, NoteName):
        return {"look": "ids"}
    if entry == tuple[Id, Id]:
        return {"look": "pairs"}
    inner = _look(entry)
    if inner and inner["look"] == "part":
        return {"look": "parts", "model": inner["model"]}
    if inner and inner["look"] == "number":
        return {**inner, "look": "numbers"}
    return None


def _look_of_map(key: Any, value: Any) -> dict[str, Any] | None:
    choices = tuple(get_args(key)) if get_origin(key) is Literal else ()
    if value == Rule | Value:
        return {"look": "values", "model": Value}
    if set(_branches(value)) == {Rule, dict[str, int | UNKNOWN]}:
        return {"look": "fit", "low": 0, "high": 100, "unknown": True}
    if value == Answer:
        return {"look": "answers"}
    if get_origin(value) is dict:
        return {"look": "named_amounts"} if get_args(value)[1] is int else None
    if get_origin(value) is tuple:
        return {"look": "named_ids", "choices": choices}
    inner = _look(value)
    if inner and inner["look"] == "part":
        return {"look": "named_parts", "model": inner["model"]}
    if inner and inner["look"] == "choice":
        return {"look": "named_choices", "choices": inner["choices"]}
    return None


def _branches(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _without_none(hint: Any) -> Any:
    """The type that may be left out, without the None that says so."""
    branches = _branches(hint)
    if type(None) not in branches or set(branches) == set(_branches(Answer)):
        return hint
    left = tuple(one for one in branches if one is not type(None))
    return left[0] if len(left) == 1 else Union[left]  # noqa: UP007 - made from a list


def _bounds(marks: Any) -> dict[str, Any]:
    """The bounds that annotations and constraints give."""
    found: dict[str, Any] = {}
    for mark in marks:
        if isinstance(mark, FieldInfo):
            found |= _bounds(mark.metadata)
        for name, bound in (("ge", "low"), ("le", "high"), ("max_length", "longest"), ("pattern", "pattern")):
            if getattr(mark, name, None) is not None:
                found[bound] = getattr(mark, name)
    return found


def _plain(default: Any) -> Any:
    """A default as a file would hold it."""
    if isinstance(default, tuple):
        return [_plain(one) for one in default]
    return default.value if isinstance(default, StrEnum) else default


_KNOWN: tuple[tuple[Any, Look], ...] = (
    (Text, "text"),
    (ShortText, "line"),
    (Id, "id"),
    (Reference, "id"),
    (RouteName, "id"),
    (Rule, "rule"),
    (Url, "address"),
    (LineRange, "lines"),
    (Yen, "yen"),
)
