"""The process that takes the texts: ``fuzz_child KIND SEED SECONDS``; its memory is capped, its answers are timed.

Prints one JSON object at the end, and one for each fault; case ``n`` of a seed is the same every time.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from benchmarks.fuzz_texts import banks, damaged, made_up_rule, rules
from quizapp.bank.cases import parse_cases
from quizapp.bank.check import blocking, check_bank
from quizapp.bank.load import parse_bank
from quizapp.engine.answers import read_answers
from quizapp.engine.compile import compile_bank
from quizapp.engine.recommend import recommend
from quizapp.errors import QuizappError
from quizapp.rules import RuleFaults, Scope, read
from quizapp.rules.evaluate import evaluate
from quizapp.rules.tree import ChoiceOf, Day, Number, SetOf, Truth

ON = date(2026, 11, 22)
MEMORY = 1_500_000_000
MOST_SECONDS = {"banks": 1.0, "rules": 0.05}
SCOPE = Scope(
    {
        "age": Number(15, 80, "years"),
        "years": Number(0, 40, "years"),
        "budget": Number(0, 1_000_000, "yen"),
        "cost": Number(0, 10**9, "yen"),
        "schooling": ChoiceOf("schooling", ("junior_high", "high_school", "university")),
        "held": SetOf("held", ("nsca", "jati")),
        "works": Truth(),
        "today": Day(),
    },
    {"duration": "it belongs to an item's plan"},
)
GIVEN = {
    "age": 30, "years": 2, "budget": 100_000, "cost": 5_000, "schooling": "university", "held": frozenset({"nsca"}),
    "works": 1, "today": ON.toordinal(),
}  # fmt: skip


def take_bank(text: str) -> bool:
    """Read, check, compile and recommend, as far as it goes. Whether a text came all the way."""
    with suppress(QuizappError):
        parse_cases(text, "fuzz.cases.yaml")
    try:
        loaded = parse_bank(text, "fuzz.yaml")
        if blocking(check_bank(loaded, ON)):
            return False
        compiled = compile_bank(loaded.bank, loaded.revision)
    except QuizappError:
        return False
    recommend(compiled, read_answers(compiled, {}), ON)
    return True


def take_rule(text: str) -> bool:
    """Read a rule, and work it out where it is one."""
    try:
        tree = read(text, SCOPE)
    except RuleFaults:
        return False
    value = evaluate(tree, GIVEN)  # type: ignore[arg-type]
    assert value is None or isinstance(value, int), value
    return True


def makers(kind: str) -> tuple[Callable[[random.Random], str], Callable[[str], bool]]:
    """What makes the texts of a kind, and what takes them."""
    if kind == "rules":
        known = rules()
        return (lambda chance: made_up_rule(known, chance)), take_rule
    texts = banks()
    return (lambda chance: damaged(chance.choice(texts), texts, chance)), take_bank


def main(kind: str, seed: str, seconds: float) -> None:
    """Take texts for so long."""
    make, take = makers(kind)
    take(make(random.Random(seed)))  # What is loaded and made once is not a text's doing.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    end, number, whole, slowest = time.monotonic() + seconds, 0, 0, 0.0
    while time.monotonic() < end:
        number += 1
        text = make(random.Random(f"{seed} {number}"))
        begun = time.thread_time()
        try:
            whole += take(text)
        except Exception as error:
            _tell(number, f"{type(error).__name__}: {error}", text)
        took = time.thread_time() - begun
        slowest = max(slowest, took)
        if took > MOST_SECONDS[kind]:
            _tell(number, f"{took:.2f} s", text)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"texts": number, "whole": whole, "slowest": slowest, "memory": memory}), flush=True)


def _tell(number: int, what: str, text: str) -> None:
    print(json.dumps({"fault": what[:300], "number": number, "text": text}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
