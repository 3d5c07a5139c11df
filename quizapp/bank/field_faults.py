"""The plain words for a field whose value does not fit: knows pydantic's kinds of error, and hides them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, TypeAlias

from quizapp.bank.yaml.nodes import Mapping, Node, Path, Scalar, Sequence
from quizapp.errors import Told, told
from quizapp.rules.faults import nearest

Misfit: TypeAlias = tuple[str, Told, Told, Told]

_MAP, _LIST = told("a map"), told("a list")
_TEXT, _WHOLE_NUMBER = told("a text"), told("a whole number")
_TRUE_OR_FALSE = told("true or false")
_BOTH_LANGUAGES = told("a text in both languages")
_TYPES = {
    "string_type": _TEXT,
    "int_type": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "int_parsing_size": _WHOLE_NUMBER,
    "bool_type": _TRUE_OR_FALSE,
    "dict_type": _MAP,
    "model_type": _MAP,
    "model_attributes_type": _MAP,
    "tuple_type": _LIST,
    "date_type": told("a day such as 2026-11-22"),
}
_PATTERNS = {
    "^[a-z][a-z0-9_]*$": (
        "bad_id",
        told("ids have small letters, digits and _, and begin with a letter"),
        told('write it like "high_school"'),
    ),
    "^[A-Za-z][A-Za-z0-9_]*$": (
        "bad_id",
        told("such ids have letters, digits and _, and begin with a letter"),
        told('write it like "TR01"'),
    ),
    r"(\.": (
        "bad_id",
        told("a note is named alone, or with its item"),
        told('write it like "note" or "item.note"'),
    ),
    r"\.[a-z]": ("bad_id", told("a route is named with its item"), told('write it like "item.route"')),
    "http": (
        "bad_address",
        told("only http, https and mailto addresses without spaces are opened"),
        told("write the whole address, beginning with https://"),
    ),
    r"\d": (
        "bad_lines",
        told("lines are figures, with - for a range and commas between"),
        told('write it like 93, "92-93" or "12,23-25"'),
    ),
}
_BOUNDS: dict[str, Callable[[str], Told]] = {
    "ge": lambda bound: told("it must be at least %(bound)s", bound=bound),
    "le": lambda bound: told("it must be at most %(bound)s", bound=bound),
    "gt": lambda bound: told("it must be more than %(bound)s", bound=bound),
    "lt": lambda bound: told("it must be less than %(bound)s", bound=bound),
}


@dataclass(frozen=True)
class Fault:
    """One error of pydantic at a place in the file."""

    path: Path
    kind: str
    context: dict[str, Any] = field(default_factory=dict)
    is_key: bool = False


def misfit(name: str, written: str, node: Node | None, faults: list[Fault], is_key: bool) -> Misfit:
    """Code, what, why and fix for all errors of one place together."""
    if is_key and _choices(faults):
        return _unknown_word(told("this key"), name, _choices(faults))
    if is_key:
        return _pattern(told('the id "%(name)s" cannot be used', name=name[:60]), faults[0])
    if isinstance(node, Scalar) and node.value is None:
        what, fix = told('"%(name)s" is empty', name=name), told("write it, or delete the line")
        return "empty", what, told("it must be %(wanted)s", wanted=_wanted(faults)), fix
    for fault in faults:
        if (said := _told_by_kind(name, written, fault)) is not None:
            return said
    if any(fault.kind == "enum" for fault in faults):
        return _unknown_word(name, written, _choices(faults))
    return _wrong_type(name, written, node, faults)


def _told_by_kind(name: str, written: str, fault: Fault) -> Misfit | None:
    """The words for a fault that is not of type; None for the others."""
    match fault.kind:
        case "string_pattern_mismatch":
            return _pattern(_is(name, written[:60]), fault)
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            return _out_of_range(name, written, fault)
        case "string_too_short":
            return _empty_text(name)
        case "string_too_long":
            has = told('"%(name)s" has %(count)s characters', name=name, count=f"{len(written):,}")
            return "too_long", has, _most(fault), told("make it shorter")
        case "too_short":
            what = told('"%(name)s" is an empty list', name=name)
            return "too_few", what, told("at least one entry is needed"), told("add one")
        case "too_long":
            count = fault.context.get("actual_length")
            has = told('"%(name)s" has %(count)s entries', name=name, count=count)
            most = told("%(most)s is the most", most=fault.context.get("max_length", 0))
            return "too_many", has, most, told("take some out, or split the bank")
        case kind if kind.startswith("date") and not kind.endswith("_type"):
            why = told("this is no day of the calendar")
            return "bad_date", _is(name, written[:40]), why, told("write it like 2026-11-22")
    return None


def _is(name: str, written: str) -> Told:
    return told('"%(name)s" is "%(written)s"', name=name, written=written)


def _most(fault: Fault) -> Told:
    return told("%(most)s is the most", most=f"{fault.context.get('max_length', 0):,}")


def _empty_text(name: str) -> Misfit:
    language = {"ja": told("Japanese"), "en": told("English")}.get(name)
    if language:
        return (
            "missing_text",
            told('the %(language)s text ("%(name)s") is empty', language=language, name=name),
            told("every text is shown in both languages"),
            told("write it"),
        )
    what, why = told('"%(name)s" is empty', name=name), told("it must be a text")
    return "empty", what, why, told("write it, or delete the line")


def _pattern(what: Told, fault: Fault) -> Misfit:
    pattern = str(fault.context.get("pattern", ""))
    code, why, fix = next(
        (said for piece, said in _PATTERNS.items() if piece in pattern),
        ("wrong_form", told("it has another form"), told("look at its neighbours")),
    )
    return code, what, why, fix


def _out_of_range(name: str, written: str, fault: Fault) -> Misfit:
    why = next(
        (_BOUNDS[key](f"{bound:,}") for key, bound in fault.context.items() if key in _BOUNDS),
        told("it must be within its bounds"),
    )
    what = told('"%(name)s" is %(written)s', name=name, written=written)
    return "out_of_range", what, why, told("check the figure")


def _wrong_type(name: str, written: str, node: Node | None, faults: list[Fault]) -> Misfit:
    choices = _choices(faults)
    kinds = {fault.kind for fault in faults}
    if choices and isinstance(node, Scalar) and (kinds == {"literal_error"} or _near(written, choices)):
        return _unknown_word(name, written, choices)
    is_now = {Mapping: _MAP, Sequence: _LIST}.get(type(node))
    kind = told('"%(name)s" is %(kind)s', name=name, kind=is_now) if is_now else _is(name, written[:60])
    wanted = _wanted(faults)
    why = told("it must be %(wanted)s", wanted=wanted)
    if wanted == _BOTH_LANGUAGES:
        return "wrong_type", kind, why, told("write {ja: …, en: …}")
    return "wrong_type", kind, why, _type_mend(written, node, wanted, bool(is_now))


def _type_mend(written: str, node: Node | None, wanted: Told, is_nested: bool) -> Told:
    if isinstance(node, Scalar):
        if wanted == _TEXT:
            return told("put it in quotes: '%(written)s'", written=written[:40])
        if wanted.startswith(_WHOLE_NUMBER) and re.fullmatch(r"[0-9][0-9,_ ]*円?", written):
            number = re.sub("[^0-9]", "", written)
            return told("write %(number)s, without quotes, commas and units", number=number)
        if node.style and wanted == _TRUE_OR_FALSE:
            return told("leave out the quotes")
    if is_nested:
        return told("write the value itself")
    return told("write %(wanted)s", wanted=wanted)


def _is_text(fault: Fault) -> bool:
    return fault.context.get("class_name") == "Text"


def _near(written: str, choices: list[str]) -> bool:
    return nearest(written, choices).startswith("did you mean")


def _unknown_word(name: str, written: str, choices: list[str]) -> Misfit:
    known = (
        told("it must be one of: %(names)s", names=choices)
        if len(choices) > 1
        else told("it must be %(word)s", word=choices[0])
    )
    return "unknown_word", _is(name, written[:60]), known, nearest(written, choices)


def _choices(faults: list[Fault]) -> list[str]:
    expected = " ".join(str(fault.context.get("expected", "")) for fault in faults)
    return re.findall(r"'([^']+)'", expected) or re.findall(r"\b[0-9]+\b", expected)


def _wanted(faults: list[Fault]) -> Told:
    words = [
        _BOTH_LANGUAGES if _is_text(fault) else _TYPES[fault.kind] for fault in faults if fault.kind in _TYPES
    ]
    words += [told("the word %(word)s", word=choice) for choice in _choices(faults)]
    if not words:
        return told("given")
    return reduce(lambda one, other: told("%(one)s or %(other)s", one=one, other=other), dict.fromkeys(words))
