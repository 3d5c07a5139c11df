"""How much the rules of one bank may read together: what bounds its tables' memory and the work on them."""

from __future__ import annotations

from quizapp.bank.model import Bank
from quizapp.engine.rule_texts import place_of
from quizapp.errors import Invalid, Problem, Where, told

# The largest shipped bank comes to some 146,000.
MAX_BANK_CELLS = 4_000_000
# An outcome of a named value is a number to be kept, and what every rule that reads it goes through.
OUTCOME = 10


class Budget:
    """What the tables of a bank have come to so far, and the rule that took most."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._spent = 0
        self._by_rule: dict[str, int] = {}

    def spend(self, size: int, rule: str) -> None:
        """Count what a rule takes before it is built; raises Invalid where it is too much in all."""
        self._spent += size
        self._by_rule[rule] = self._by_rule.get(rule, 0) + size
        if self._spent > MAX_BANK_CELLS:
            raise Invalid([self._problem()])

    def _problem(self) -> Problem:
        rule, most = max(self._by_rule.items(), key=lambda one: one[1])
        why = told(
            "their tables would need more than %(most)s cells in all, %(cells)s of them for the rule %(rule)s",
            most=f"{MAX_BANK_CELLS:,}",
            cells=f"{most:,}",
            rule=rule,
        )
        return rule_problem(
            self._bank, rule, "rules_too_large", told("the rules of the bank read too much together"), why
        )


def rule_problem(bank: Bank, rule: str, code: str, what: str, why: str) -> Problem:
    """That a rule reads too much, told of the place where a rule of that text stands first."""
    fix = told("name a part of it under values: that reads few questions")
    return Problem(Where(f"{bank.bank}.yaml"), code, what, why, fix, path=place_of(bank, rule))
