"""The pages by which an owner decides about a result: what its link shows, and whether it stays."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.web.pages.choices import AnswerRow


@dataclass(frozen=True)
class ShareRow:
    """One answer, and whether the link shows it."""

    answer: AnswerRow
    shown: bool


@dataclass(frozen=True)
class SharePage:
    """All answers of a result, to be ticked or not."""

    token: str
    rows: tuple[ShareRow, ...]


@dataclass(frozen=True)
class DeletePage:
    """The question before a result is deleted."""

    token: str
    bank_title: str
