"""The rule language: text in, typed trees out; knows neither banks nor databases."""

from quizapp.rules.faults import RuleFault, RuleFaults, nearest
from quizapp.rules.scope import Expect, Scope
from quizapp.rules.types import read

__all__ = ["Expect", "RuleFault", "RuleFaults", "Scope", "nearest", "read"]
