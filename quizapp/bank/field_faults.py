"""The plain words for a field whose value does not fit: knows pydantic's kinds of error, and hides them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from quizapp.bank.nodes import Mapping, Node, Path, Scalar, Sequence
from quizapp.rules.faults import nearest

Told: TypeAlias = tuple[str, str, str, str]

_TYPES = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
    "tuple_type": "a list",
    "date_type": "a day such as 2026-11-22",
}
_BOTH_LANGUAGES = "a text in both languages"
_PATTERNS = {
    "^[a-z][a-z0-9_]*$": (
        "bad_id",
        "ids have small letters, digits and _, and begin with a letter",
        'write it like "high_school"',
    ),
    "^[A-Za-z][A-Za-z0-9_]*$": (
        "bad_id",
        "such ids have letters, digits and _, and begin with a letter",
        'write it like "TR01"',
    ),
    r"(\.": ("bad_id", "a note is named alone, or with its item", 'write it like "note" or "item.note"'),
    r"\.[a-z]": ("bad_id", "a route is named with its item", 'write it like "item.route"'),
    "http": (
        "bad_address",
        "only http, https and mailto addresses without spaces are opened",
        "write the whole address, beginning with https://",
    ),
    r"\d": (
        "bad_lines",
        "lines are figures, with - for a range and commas between",
        'write it like 93, "92-93" or "12,23-25"',
    ),
}


@dataclass(frozen=True)
class Fault:
    """One error of pydantic at a place in the file."""

    path: Path
    kind: str
    context: dict[str, Any] = field(default_factory=dict)
    is_key: bool = False


def told(name: str, written: str, node: Node | None, faults: list[Fault], is_key: bool) -> Told:
    """Code, what, why and fix for all errors of one place together."""
    if is_key and _choices(faults):
        return _unknown_word("this key", name, _choices(faults))
    if is_key:
        return _pattern(f'the id "{name[:60]}" cannot be used', faults[0])
    if isinstance(node, Scalar) and node.value is None:
        fix = "write it, or delete the line"
        return "empty", f'"{name}" is empty', f"it must be {_wanted(faults)}", fix
    for fault in faults:
        if (said := _told_by_kind(name, written, fault)) is not None:
            return said
    if any(fault.kind == "enum" for fault in faults):
        return _unknown_word(name, written, _choices(faults))
    return _wrong_type(name, written, node, faults)


def _told_by_kind(name: str, written: str, fault: Fault) -> Told | None:
    """The words for a fault that is not of type; None for the others."""
    most = fault.context.get("max_length", 0)
    match fault.kind:
        case "string_pattern_mismatch":
            return _pattern(f'"{name}" is "{written[:60]}"', fault)
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            return _out_of_range(name, written, fault)
        case "string_too_short":
            return _empty_text(name)
        case "string_too_long":
            has = f'"{name}" has {len(written):,} characters'
            return "too_long", has, f"{most:,} is the most", "make it shorter"
        case "too_short":
            return "too_few", f'"{name}" is an empty list', "at least one entry is needed", "add one"
        case "too_long":
            has = f'"{name}" has {fault.context.get("actual_length")} entries'
            return "too_many", has, f"{most} is the most", "take some out, or split the bank"
        case kind if kind.startswith("date") and not kind.endswith("_type"):
            why = "this is no day of the calendar"
            return "bad_date", f'"{name}" is "{written[:40]}"', why, "write it like 2026-11-22"
    return None


def _empty_text(name: str) -> Told:
    language = {"ja": "Japanese", "en": "English"}.get(name)
    if language:
        return (
            "missing_text",
            f'the {language} text ("{name}") is empty',
            "every text is shown in both languages",
            "write it",
        )
    return "empty", f'"{name}" is empty', "it must be a text", "write it, or delete the line"


def _pattern(what: str, fault: Fault) -> Told:
    pattern = str(fault.context.get("pattern", ""))
    code, why, fix = next(
        (said for piece, said in _PATTERNS.items() if piece in pattern),
        ("wrong_form", "it has another form", "look at its neighbours"),
    )
    return code, what, why, fix


def _out_of_range(name: str, written: str, fault: Fault) -> Told:
    words = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}
    said = next(
        (f"{words[key]} {bound:,}" for key, bound in fault.context.items() if key in words),
        "within its bounds",
    )
    return "out_of_range", f'"{name}" is {written}', f"it must be {said}", "check the figure"


def _wrong_type(name: str, written: str, node: Node | None, faults: list[Fault]) -> Told:
    choices = _choices(faults)
    kinds = {fault.kind for fault in faults}
    if choices and isinstance(node, Scalar) and (kinds == {"literal_error"} or _near(written, choices)):
        return _unknown_word(name, written, choices)
    is_now = {Mapping: "a map", Sequence: "a list"}.get(type(node), f'"{written[:60]}"')
    wanted = _wanted(faults)
    if wanted == _BOTH_LANGUAGES:
        return "wrong_type", f'"{name}" is {is_now}', f"it must be {wanted}", "write {ja: …, en: …}"
    fix = "write the value itself" if is_now.startswith("a ") else f"write {wanted}"
    if isinstance(node, Scalar):
        if wanted == "a text":
            fix = f"put it in quotes: '{written[:40]}'"
        elif wanted.startswith("a whole number") and re.fullmatch(r"[0-9][0-9,_ ]*円?", written):
            fix = f"write {re.sub('[^0-9]', '', written)}, without quotes, commas and units"
        elif node.style and wanted == "true or false":
            fix = "leave out the quotes"
    return "wrong_type", f'"{name}" is {is_now}', f"it must be {wanted}", fix


def _is_text(fault: Fault) -> bool:
    return fault.context.get("class_name") == "Text"


def _near(written: str, choices: list[str]) -> bool:
    return nearest(written, choices).startswith("did you mean")


def _unknown_word(name: str, written: str, choices: list[str]) -> Told:
    known = f"it must be one of: {', '.join(choices)}" if len(choices) > 1 else f"it must be {choices[0]}"
    return "unknown_word", f'"{name}" is "{written[:60]}"', known, nearest(written, choices)


def _choices(faults: list[Fault]) -> list[str]:
    expected = " ".join(str(fault.context.get("expected", "")) for fault in faults)
    return re.findall(r"'([^']+)'", expected) or re.findall(r"\b[0-9]+\b", expected)


def _wanted(faults: list[Fault]) -> str:
    words = [
        _BOTH_LANGUAGES if _is_text(fault) else _TYPES[fault.kind] for fault in faults if fault.kind in _TYPES
    ]
    words += [f"the word {choice}" for choice in _choices(faults)]
    return " or ".join(dict.fromkeys(words)) or "given"
