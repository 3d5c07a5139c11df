"""The question that comes before a draft is discarded."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.web.edit.pages.trail import Crumb


@dataclass(frozen=True)
class DiscardPage:
    """One's own draft of a bank, and when it was changed last."""

    bank: str
    trail: tuple[Crumb, ...]
    changed: str
