"""The rule language: text in, typed trees out; knows neither banks nor databases."""

from quizapp.rules.faults import RuleFault, RuleFaults, nearest
from quizapp.rules.types import Expect, Scope, read

__all__ = ["Expect", "RuleFault", "RuleFaults", "Scope", "nearest", "read"]
