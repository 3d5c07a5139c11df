"""How an item's `fit` becomes one value for a criterion, before any answer is known."""

from __future__ import annotations

from collections.abc import Mapping

from quizapp.bank.model import Criterion, Item
from quizapp.engine.table import UNKNOWN


def fit_rule(item: Item, criterion: Criterion) -> str | int | dict[str, int]:
    """What values the item: a rule's text, a number (UNKNOWN where no source gives it), or a value by option.

    Parts are already weighed into their number.
    """
    fit = item.fit.get(criterion.id, criterion.value)
    if fit is None or fit == "unknown":
        return UNKNOWN
    if isinstance(fit, str):
        return fit
    if criterion.parts:
        return _weighed(criterion, fit)
    return {option: UNKNOWN if value == "unknown" else value for option, value in fit.items()}


def part_values(item: Item, criterion: Criterion) -> tuple[tuple[str, int | None], ...]:
    """The visible parts of a criterion for an item, with their values, None where unknown."""
    fit = item.fit.get(criterion.id)
    if not criterion.parts or not isinstance(fit, dict):
        return ()
    return tuple(
        (part.id, None if (v := fit.get(part.id, "unknown")) == "unknown" else v) for part in criterion.parts
    )


def _weighed(criterion: Criterion, fit: Mapping[str, int | str]) -> int:
    """The weighted mean of the parts, an unknown one counted as the criterion says, half up."""
    known = {part.id: fit.get(part.id, "unknown") for part in criterion.parts}
    if all(value == "unknown" for value in known.values()):
        return UNKNOWN
    weight = sum(part.weight for part in criterion.parts)
    total = 0
    for part in criterion.parts:
        value = known[part.id]
        total += part.weight * (value if isinstance(value, int) else criterion.if_unknown)
    return (2 * total + weight) // (2 * weight)
