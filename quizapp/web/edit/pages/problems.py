"""Problems of a draft as pages list them: in words, each with the part and the line that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quizapp.editing.problem_places import PlacedProblem
from quizapp.editing.workshop import file_of, read
from quizapp.i18n import Language
from quizapp.web.edit.at_hand import AtHand
from quizapp.web.edit.bench import part_href
from quizapp.web.edit.names import said
from quizapp.web.edit.problem_words import ProblemWords, problem_words


@dataclass(frozen=True)
class ProblemRow:
    """One problem: what it is, why it matters, how to mend it; ``part`` names the part, ``href`` its form."""

    what: str
    why: str
    fix: str
    warning: bool
    sheet: str
    line: int
    column: int
    part: str
    href: str
    source: str

    advice: str

    def to_json(self) -> dict[str, Any]:
        """As the source view's script takes it."""
        return {
            "line": self.line, "column": self.column, "what": self.what, "why": self.why, "fix": self.fix,
            "warning": self.warning, "part": self.part,
        }  # fmt: skip


def problem_rows(
    found: tuple[PlacedProblem, ...], hand: AtHand, language: Language, *, as_written: bool = False
) -> tuple[ProblemRow, ...]:
    """The problems in the words of the forms, or ``as_written`` in those of the file; those that block first."""
    rows = [_row(one, hand, language, as_written) for one in found]
    return tuple(sorted(rows, key=lambda row: row.warning))


def _row(one: PlacedProblem, hand: AtHand, language: Language, as_written: bool) -> ProblemRow:
    problem = one.problem
    words = words_at_hand(one, hand, language)
    if as_written:
        say = language.retold
        words = ProblemWords(say(problem.what), say(problem.why), say(problem.fix))
    source = hand.link("source.show", sheet=one.sheet)
    return ProblemRow(
        words.what,
        words.why,
        words.fix,
        problem.warning,
        one.sheet,
        problem.where.line,
        problem.where.column,
        part_words(hand, one.address, language) if one.address else "",
        part_href(hand, one.address) if one.address else "",
        f"{source}#line-{problem.where.line}" if problem.where.line else source,
        language.told_in_a_line((words.why, words.fix)),
    )


def words_at_hand(one: PlacedProblem, hand: AtHand, language: Language) -> ProblemWords:
    """A problem of what is at hand in the words of the forms."""
    bank = read(hand.text, file_of(hand.bank, "bank")).data
    data = read(hand.sheet(one.sheet), file_of(hand.bank, one.sheet)).data
    return problem_words(one, bank, data, language)


def part_words(hand: AtHand, address: tuple[str, ...], language: Language) -> str:
    """A part of what is at hand in one line: whose it is, and what it is called."""
    bank = read(hand.text, file_of(hand.bank, "bank")).data
    cases = read(hand.sheet("cases"), file_of(hand.bank, "cases")).data
    return said(bank, cases if address[:1] == ("cases",) else bank, address, language)
