"""Random texts of well-typed rules over a few questions of every kind, for hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from quizapp.bank.model import Bank
from quizapp.bank.scope import question_scope
from quizapp.rules import RuleFaults, Scope, read
from tests.engine.random_banks import TEXT, condition

# Few answers each: a rule over all of these questions still has a small table.
QUESTIONS: list[dict[str, Any]] = [
    {"id": "kind", "kind": "choice", "ask": TEXT, "options": [{"id": f"k{n}", "label": TEXT} for n in range(3)]},
    {"id": "held", "kind": "choices", "ask": TEXT, "options": [{"id": f"h{n}", "label": TEXT} for n in range(2)]},
    {"id": "few", "kind": "number", "ask": TEXT, "grid": {"from": 0, "to": 4}},
    {"id": "many", "kind": "number", "ask": TEXT, "grid": {"from": 0, "to": 40, "step": 10}},
    {"id": "works", "kind": "yes_no", "ask": TEXT},
]  # fmt: skip
FRAME: dict[str, Any] = {
    "bank": "made", "title": TEXT, "summary": TEXT, "questions": QUESTIONS,
    "sources": {"made": {"title": TEXT, "file": "made.txt", "seen": "2026-11-22"}},
    "criteria": [{"id": "c", "label": TEXT, "weight": 1, "value": 1}],
    "items": [{"id": "i", "kind": "action", "name": TEXT}],
}  # fmt: skip
SCOPE: Scope = question_scope(Bank.model_validate(FRAME))


@st.composite
def rule_banks(draw: st.DrawFn) -> Bank:
    """A bank whose named values are random rules: two conditions and two numbers."""
    rules = [_truth(draw, 3), _number(draw, 3), _truth(draw, 2), _number(draw, 2)]
    return Bank.model_validate(
        {**FRAME, "values": {f"v{n}": _sound(r, "works") for n, r in enumerate(rules)}}
    )


def _sound(text: str, default: str) -> str:
    """The text, or the default where it can come out only one way, has no slope or grows too large."""
    try:
        read(text, SCOPE)
    except RuleFaults:
        return default
    return text


def _of(draw: st.DrawFn, *words: str) -> str:
    return draw(st.sampled_from(words))


def _sign(draw: st.DrawFn) -> str:
    return _of(draw, "==", "!=", "<", "<=", ">", ">=")


def _truth(draw: st.DrawFn, depth: int) -> str:
    """A condition, fit to stand within any rule; inside, with only the brackets that it needs."""
    shape = draw(st.integers(1, 9)) if depth else 0
    truths, numbers = _drawn(draw, _truth, depth - 1), _drawn(draw, _number, depth - 1)
    match shape:
        case 1 | 2:
            a, b, c = truths(3)
            links = [_of(draw, "and", "or", "and not", "or not") for _ in range(2)]
            return f"({_of(draw, '', 'not ')}{a} {links[0]} {b} {links[1]} {c})"
        case 3:
            a, b = truths(2)
            return f"({a} {_of(draw, '==', '!=')} {b})"
        case 4:
            a, b, c = truths(3)
            return f"({a} if {b} else {c})"
        case 5 | 6:
            a, b = numbers(2)
            return _sound(f"({a} {_sign(draw)} {b})", "(few >= 2)")
        case 7:
            a, b, c = numbers(3)
            return _sound(f"({a} {_sign(draw)} {b} {_sign(draw)} {c})", "(1 <= few < 4)")
        case 8:
            a, b, c = numbers(3)
            return _sound(f"between({a}, {b}, {c})", "between(many, 10, 30)")
        case 9:
            return f"(today {_sign(draw)} date(2026, 11, {draw(st.integers(21, 23))}))"
    options = ["kind in (k0, k2)", "k1 == kind", "kind not in (k0, k1)", "h0 in held", "h1 not in held"]
    return f"({_of(draw, *options, condition(draw, QUESTIONS, 0))})"


def _number(draw: st.DrawFn, depth: int) -> str:
    """A number, fit to stand within any rule."""
    shape = draw(st.integers(1, 8)) if depth else 0
    truths, numbers = _drawn(draw, _truth, depth - 1), _drawn(draw, _number, depth - 1)
    match shape:
        case 1 | 2:
            a, b, c = numbers(3)
            return f"({a} {_of(draw, *'+-*')} {b} {_of(draw, *'+-*')} {c})"
        case 3 | 4:
            return f"{_of(draw, 'min', 'max')}({', '.join(numbers(draw(st.integers(1, 3))))})"
        case 5:
            return _of(draw, "count(held)", f"count({', '.join(truths(draw(st.integers(1, 3))))})")
        case 6:
            (condition_,), (a, b) = truths(1), numbers(2)
            return f"({a} if {condition_} else {b})"
        case 7:
            a, b, c = numbers(3)
            return _sound(f"ramp({a}, {b}, {c})", "ramp(many, 35, 5)")
        case 8:
            return f"(-{numbers(1)[0]})"
    return _of(draw, "few", "many", str(draw(st.integers(0, 45))))


def _drawn(draw: st.DrawFn, make: Any, depth: int) -> Any:
    return lambda count: [make(draw, depth) for _ in range(count)]
