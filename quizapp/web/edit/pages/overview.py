"""What the overview of banks shows: for each its state, drafts, problems, cases, ageing facts and takers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BankRow:
    """One bank. ``problems`` block publishing what is at hand; ``failing`` are cases that fail."""

    slug: str
    title: str
    href: str
    live: str
    by: str
    mine: str
    last: str
    others: tuple[str, ...]
    problems: int
    cases: int
    failing: int
    ageing: int
    takers: int
    conflict: bool = False


@dataclass(frozen=True)
class OverviewPage:
    """Every bank that is live or being written."""

    rows: tuple[BankRow, ...]
    may_edit: bool
    name: str
