"""A made bank of known size: 10 questions with 6.9 million answer sets, 40 items of 12 rules each.

Half the rules are conditions (an item's reasons), half are numbers (its fit for six criteria); each item
reads six questions, and about half of the conditions hold.
"""

from __future__ import annotations

import random
from typing import Any

from quizapp.bank.model import Bank

SIZES = (4, 4, 4, 4, 5, 5, 5, 6, 6, 6)
ITEMS = 40
CRITERIA = 6
WEIGHTS = (30, 20, 15, 15, 10, 10)
TEXT = {"ja": "文", "en": "text"}
SOURCE = {"source": "made", "line": 1}


def option(question: int, place: int) -> str:
    """The id of an option."""
    return f"q{question}o{place}"


def condition(random_: random.Random, questions: list[int]) -> tuple[str, str]:
    """A condition on two or three questions that holds for about half of the answers.

    Given as a rule, and as Python over a dictionary ``a`` of answers.
    """
    tests = []
    for question in random_.sample(questions, random_.choice((2, 3))):
        share = random_.sample(range(SIZES[question]), SIZES[question] // 2)
        names = [option(question, place) for place in sorted(share)]
        tests.append(
            (
                f"q{question} in ({', '.join(names)})" if len(names) > 1 else f"q{question} == {names[0]}",
                f"a['q{question}'] in {tuple(names)!r}",
            )
        )
    words = [random_.choice(("and", "or")) for _ in tests[1:]]
    rule, python = tests[0]
    for word, (more_rule, more_python) in zip(words, tests[1:], strict=True):
        rule, python = f"({rule} {word} {more_rule})", f"({python} {word} {more_python})"
    return rule, python


def rules(seed: int = 7, items: int = ITEMS) -> list[list[tuple[str, str]]]:
    """For each item six conditions and six numbers, each as a rule and as Python."""
    random_ = random.Random(seed)
    made = []
    for _ in range(items):
        questions = random_.sample(range(len(SIZES)), 6)
        conditions = [condition(random_, questions) for _ in range(6)]
        numbers = []
        for _ in range(CRITERIA):
            rule, python = condition(random_, questions)
            high, low = random_.randint(50, 100), random_.randint(0, 50)
            numbers.append((f"{high} if {rule} else {low}", f"({high} if {python} else {low})"))
        made.append(conditions + numbers)
    return made


def bank(seed: int = 7, items: int = ITEMS) -> Bank:
    """The made bank."""
    made = rules(seed, items)
    return Bank.model_validate(
        {
            "bank": "synthetic", "title": TEXT, "summary": TEXT,
            "sources": {"made": {"title": TEXT, "file": "made.txt", "seen": "2026-11-22"}},
            "questions": [
                {"id": f"q{n}", "kind": "choice", "ask": TEXT, "options": _options(n, size)}
                for n, size in enumerate(SIZES)
            ],
            "criteria": [{"id": f"c{n}", "label": TEXT, "weight": weight} for n, weight in enumerate(WEIGHTS)],
            "items": [_item(place, twelve) for place, twelve in enumerate(made)],
        }
    )  # fmt: skip


def _options(question: int, size: int) -> list[dict[str, Any]]:
    return [{"id": option(question, place), "label": TEXT} for place in range(size)]


def _item(place: int, twelve: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "id": f"item{place:02d}", "kind": "action", "name": TEXT, "priced": False,
        "reasons": [
            {"id": f"r{n}", "if": rule, "side": "for", "text": TEXT, **SOURCE} for n, (rule, _) in enumerate(twelve[:6])
        ],
        "fit": {f"c{n}": rule for n, (rule, _) in enumerate(twelve[6:])},
    }  # fmt: skip


def python_functions(seed: int = 7) -> list[Any]:
    """The same rules as hand-written Python would have them: one function per item.

    Each gives (score, ledger, conditions that hold) for a dictionary of answers.
    """
    functions = []
    for place, twelve in enumerate(rules(seed)):
        values = ", ".join(python for _, python in twelve[6:])
        fired = "\n".join(
            f"    if {python}: fired.append('r{n}')" for n, (_, python) in enumerate(twelve[:6])
        )
        points = ", ".join(f"(200 * {weight} * v{n} + 100) // 200" for n, weight in enumerate(WEIGHTS))
        names = ", ".join(f"v{n}" for n in range(CRITERIA))
        source = (
            f"def item(a):\n    fired = []\n{fired}\n    {names} = {values}\n"
            f"    ledger = ({points})\n    return sum(ledger), ledger, fired\n"
        )
        scope: dict[str, Any] = {}
        exec(compile(source, f"item{place}", "exec"), scope)
        functions.append(scope["item"])
    return functions
