"""The rules of a bank as texts: all that are compiled, and where one of them stands."""

from __future__ import annotations

from collections.abc import Iterable

from quizapp.bank.model import UNTOLD, Bank, Item, Route, Value
from quizapp.bank.rule_fields import rule_fields
from quizapp.bank.scope import rule_text
from quizapp.bank.yaml.nodes import Path
from quizapp.engine.fits import fit_rule


def place_of(bank: Bank, rule: str) -> Path | None:
    """The path of the first rule with that text; None where there is none."""
    for name, value in bank.values.items():
        if rule_text(value) == rule:
            return ("values", name, "rule") if isinstance(value, Value) else ("values", name)
    return next((field.path for field in rule_fields(bank) if field.text == rule), None)


def conditions(bank: Bank) -> Iterable[str]:
    """Every condition of the bank but named values, `ask_if` and fits."""
    for criterion in bank.criteria:
        yield criterion.weight
    for item in bank.items:
        yield from _given([item.relevant_if, item.held_if])
        asking: tuple[Item | Route, ...] = (item, *item.routes)
        for route in asking:
            yield from (r.if_ for r in route.requires if r.if_ != UNTOLD)
            yield from _given([cost.unless for cost in route.costs])
        yield from (reason.if_ for reason in item.reasons)
        yield from (note.if_ for note in item.notes)
    yield from _given([provider.if_ for provider in bank.providers])
    yield from (note.if_ for note in bank.notes)


def fit_texts(bank: Bank) -> Iterable[str]:
    """Every fit and criterion value that is a rule."""
    for item in bank.items:
        if item.listed_only:
            continue
        for criterion in bank.criteria:
            rule = fit_rule(item, criterion)
            if isinstance(rule, str):
                yield rule


def _given(texts: Iterable[str | None]) -> Iterable[str]:
    return (text for text in texts if text is not None)
