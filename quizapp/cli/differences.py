"""Differences and impact as lines for a terminal and as JSON; works nothing out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quizapp.audit.impact_record import Impact, Share
    from quizapp.bank.comparing.differences import Difference
    from quizapp.editing.review import Differences

_MOST_SHOWN = 100
_KINDS = {
    "first": "another first place",
    "top": "others among the first three",
    "top_order": "another order of the first three",
    "standing": "another standing of some item",
    "cost": "another total of some item",
    "first_cost": "another total of the first place",
}


def difference_lines(told: Differences) -> Iterator[str]:
    """A line for each part that differs; one that says so where nothing does."""
    for difference in (*told.bank, *told.cases):
        yield _line(difference)
    if not told.readable:
        yield "one of the texts is no YAML; it was not compared"
    elif told.same:
        yield "nothing differs"
    elif not told.bank and not told.cases:
        yield "only comments or the way of writing differ"


def differences_json(told: Differences) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "readable": told.readable,
        "same": told.same,
        "bank": [_difference_json(one) for one in told.bank],
        "cases": [_difference_json(one) for one in told.cases],
    }


def impact_lines(found: Impact | None) -> Iterator[str]:
    """What changes for takers, in shares; items whose share of first places changes."""
    if found is None:
        yield "what changes for takers cannot be counted: the bank has problems"
        return
    if found.same:
        yield "nothing changes for any taker"
        return
    how = "exact" if found.exact else f"of {found.tried:,} takers drawn"
    yield f"unchanged for {_percent(found.unchanged)} of takers ({how})"
    for change in found.changes:
        if change.share.value:
            yield f"  {_KINDS[change.kind]}: {_percent(change.share)}"
    for item in found.items:
        if item.first_before != item.first_after:
            yield f"  {item.item} first: {_percent(item.first_before)} -> {_percent(item.first_after)}"


def impact_json(found: Impact | None) -> dict[str, Any] | None:
    """The same as plain values; None where nothing could be counted."""
    if found is None:
        return None
    return {
        "same": found.same,
        "exact": found.exact,
        "tried": found.tried,
        "answer_sets": found.answer_sets,
        "unchanged": _share_json(found.unchanged),
        "changes": {change.kind: _share_json(change.share) for change in found.changes},
        "items": [
            {
                "item": item.item,
                "first_before": _share_json(item.first_before),
                "first_after": _share_json(item.first_after),
            }
            for item in found.items
        ],
    }


def _line(difference: Difference) -> str:
    place = "/".join(difference.address)
    if difference.kind == "moved":
        return f"moved    {place}: {difference.before} -> {difference.after}"
    if difference.kind == "changed":
        return f"changed  {place}: {_short(difference.before)} -> {_short(difference.after)}"
    said = difference.after if difference.kind == "added" else difference.before
    return f"{difference.kind:<8} {place}: {_short(said)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"


def _difference_json(difference: Difference) -> dict[str, Any]:
    return {
        "address": "/".join(difference.address),
        "kind": difference.kind,
        "before": difference.before,
        "after": difference.after,
    }


def _percent(share: Share | None) -> str:
    if share is None:
        return "not there"
    error = f" ± {share.error * 100:.1f}" if share.error else ""
    return f"{share.value * 100:.1f}{error} %"


def _share_json(share: Share | None) -> dict[str, float] | None:
    return None if share is None else {"value": share.value, "error": share.error}
