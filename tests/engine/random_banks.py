"""Random banks that pass the rule checker, for hypothesis: small enough to go through by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from quizapp.bank.model import Bank
from quizapp.bank.scope import plan_scope, question_scope, scope_of
from quizapp.rules import RuleFaults, Scope, read

TEXT = {"ja": "文", "en": "text"}
SOURCE = {"source": "made", "line": 1}


def _questions(draw: st.DrawFn) -> list[dict[str, Any]]:
    questions: list[dict[str, Any]] = []
    for place in range(draw(st.integers(2, 4))):
        kind = draw(st.sampled_from(["choice", "choices", "number", "yes_no"]))
        question: dict[str, Any] = {"id": f"q{place}", "kind": kind, "ask": TEXT}
        if kind in ("choice", "choices"):
            count = draw(st.integers(2, 3)) if kind == "choice" else draw(st.integers(1, 2))
            question["options"] = [{"id": f"q{place}o{n}", "label": TEXT} for n in range(count)]
        if kind == "number":
            question["grid"] = {"from": 0, "to": draw(st.integers(2, 5)), "unit": "none"}
        questions.append(question)
    last = questions[-1]
    if len(questions) > 2 and draw(st.booleans()):
        last["ask_if"] = condition(draw, questions[:-1], 1)
        last["when_hidden"] = some_answer(draw, last)
    return questions


def some_answer(draw: st.DrawFn, question: dict[str, Any]) -> Any:
    """A valid answer to a question."""
    options = [option["id"] for option in question.get("options", [])]
    match question["kind"]:
        case "choice":
            return draw(st.sampled_from(options))
        case "choices":
            return [option for option in options if draw(st.booleans())]
        case "number":
            return draw(st.integers(question["grid"]["from"], question["grid"]["to"]))
    return draw(st.booleans())


def condition(
    draw: st.DrawFn, questions: list[dict[str, Any]], depth: int, extra: tuple[str, ...] = ()
) -> str:
    """The text of a condition over the questions."""
    shape = draw(st.integers(0, 7)) if depth else 0
    if shape in (1, 2):
        word = "and" if shape == 1 else "or"
        left, right = (condition(draw, questions, depth - 1, extra) for _ in range(2))
        return f"({left} {word} {right})"
    if shape == 3:
        return f"not ({condition(draw, questions, depth - 1, extra)})"
    if extra and shape == 4:
        return draw(st.sampled_from(extra))
    question = draw(st.sampled_from(questions))
    name, options = question["id"], [option["id"] for option in question.get("options", [])]
    match question["kind"]:
        case "choice":
            return draw(
                st.sampled_from(
                    [
                        f"{name} == {options[0]}",
                        f"{name} != {options[1]}",
                        f"{name} in ({options[0]}, {options[1]})",
                    ]
                )
            )
        case "choices":
            return draw(
                st.sampled_from(
                    [f"{options[0]} in {name}", f"{options[-1]} not in {name}", f"count({name}) >= 1"]
                )
            )
        case "number":
            sign = draw(st.sampled_from(["<", ">=", "==", "!="]))
            return f"{name} {sign} {draw(st.integers(1, 2))}"
    return str(name)


def number(draw: st.DrawFn, questions: list[dict[str, Any]], plan: bool) -> str:
    """The text of a number between 0 and 100."""
    numbers = [q["id"] for q in questions if q["kind"] == "number"]
    shape = draw(st.integers(0, 4))
    if shape == 1 and numbers:
        return f"ramp({draw(st.sampled_from(numbers))}, {draw(st.sampled_from(['0, 3', '4, 1', '1, 2']))})"
    if shape == 2 and plan:
        return "ramp(cost, 9000, 1000)"
    if shape == 3 and plan:
        return "ramp(duration, 12, 0)"
    low, high = draw(st.integers(0, 100)), draw(st.integers(0, 100))
    return f"{low} if {condition(draw, questions, 1)} else {high}"


def _checked(text: str, scope: Scope, default: str) -> str:
    try:
        read(text, scope)
    except RuleFaults:
        return default
    return text


@st.composite
def banks(draw: st.DrawFn) -> Bank:
    """A bank of a few questions, values, criteria, items and routes whose every rule is sound."""
    questions = _questions(draw)
    raw: dict[str, Any] = {
        "bank": "made", "title": TEXT, "summary": TEXT,
        "sources": {"made": {"title": TEXT, "file": "made.txt", "seen": "2026-11-22"}},
        "questions": questions, "criteria": [{"id": "c", "label": TEXT, "weight": 1, "value": 1}],
        "items": [{"id": "i", "kind": "action", "name": TEXT}],
    }  # fmt: skip
    scope = question_scope(Bank.model_validate({**raw, "questions": [_plain(q) for q in questions]}))
    for question in questions:
        if "ask_if" in question and _checked(question["ask_if"], scope, "") == "":
            del question["ask_if"], question["when_hidden"]
    raw["values"] = {
        f"v{n}": _checked(condition(draw, questions, 2), scope, "true")
        for n in range(draw(st.integers(0, 2)))
    }
    wide = scope_of(Bank.model_validate(raw))
    names = tuple(raw["values"])

    def truth() -> str:
        return _checked(condition(draw, questions, 2, names), wide, "true")

    def share() -> str:
        return _checked(number(draw, questions, plan=True), plan_scope(wide), "40")

    raw["criteria"] = [
        {
            "id": f"c{n}",
            "label": TEXT,
            "weight": _checked(
                f"{draw(st.integers(1, 40))} if {truth()} else {draw(st.integers(1, 40))}", wide, "7"
            ),
            "value": share(),
        }
        for n in range(draw(st.integers(1, 3)))
    ]
    raw["limits"] = [
        {"id": "most", "question": q["id"], "of": "months"} for q in questions[:1] if q["kind"] == "number"
    ]
    raw["items"] = [_item(draw, n, raw["criteria"], truth, share) for n in range(draw(st.integers(1, 4)))]
    return Bank.model_validate(raw)


def _plain(question: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in question.items() if key not in ("ask_if", "when_hidden")}


def _item(
    draw: st.DrawFn, place: int, criteria: list[dict[str, Any]], truth: Any, share: Any
) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": f"i{place}", "kind": draw(st.sampled_from(["certification", "action"])), "name": TEXT,
        "requires": [_requirement(draw, f"r{place}", truth) for _ in range(draw(st.integers(0, 1)))],
        "routes": [
            {
                "id": f"w{n}", "name": TEXT,
                "requires": [_requirement(draw, f"s{place}{n}", truth) for _ in range(draw(st.integers(0, 2)))][:1],
                "costs": [
                    {"id": f"k{k}", "label": TEXT, "yen": draw(st.sampled_from([0, 1000, 2500, 6000, "unknown"])),
                     **({"unless": truth()} if draw(st.booleans()) else {}), **SOURCE}
                    for k in range(draw(st.integers(0, 2)))
                ],
                **({"months": {"from": draw(st.integers(0, 3)), "to": 6}} if draw(st.booleans()) else {}),
            }
            for n in range(draw(st.integers(1, 2)))
        ],
        "schedule": [{"months": [draw(st.integers(1, 12)), 4], **SOURCE}] if draw(st.booleans()) else [],
        "fit": {c["id"]: share() for c in criteria if draw(st.booleans())},
    }  # fmt: skip
    if draw(st.booleans()):
        item["held_if"] = truth()
    if draw(st.integers(0, 5)) == 0:
        item["relevant_if"] = truth()
    if draw(st.integers(0, 5)) == 0:
        item["closing"] = {"after": "2026-01-01", "text": TEXT, **SOURCE}
    return item


def _requirement(draw: st.DrawFn, name: str, truth: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"id": name, "label": TEXT, "if": truth(), **SOURCE}
    if draw(st.booleans()):
        return {**made, "fixed": True, "otherwise": TEXT}
    step = {
        "label": TEXT,
        "yen": draw(st.sampled_from([0, 500, "unknown"])),
        "months": draw(st.integers(0, 2)),
        "in_total": draw(st.booleans()),
    }
    return {**made, "step": step, "when": draw(st.sampled_from(["before", "after"]))}
