"""Everything that is said about a recommendation beside the ranking itself, gathered in one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from quizapp.engine.answers import Answers
from quizapp.engine.because import Because, Lead, against_runner_up, because
from quizapp.engine.compiled import Compiled
from quizapp.engine.firmness import Firmness, firmness
from quizapp.engine.next_question import FindOut, worth_finding_out
from quizapp.engine.outcome import Recommended
from quizapp.engine.recommend import recommend
from quizapp.engine.settled import Settled, settled
from quizapp.engine.whatif import WhatIf, what_if


@dataclass(frozen=True)
class Explained:
    """Why the first item is first, how firmly, what is settled and what would change it.

    ``find_out`` is the open question most worth an answer and what about, None where no answer matters.
    """

    settled: Settled
    find_out: FindOut | None
    firmness: Firmness
    because: Because
    lead: tuple[Lead, ...]
    what_if: WhatIf

    def to_json(self) -> dict[str, Any]:
        """The keys that `recommend --json` and the API add to those of the recommendation."""
        return {
            "settled": self.settled.to_json(),
            "find_out": self.find_out.question if self.find_out else None,
            "find_out_about": self.find_out.about if self.find_out else None,
            "firmness": self.firmness.to_json(),
            "because": self.because.to_json(),
            "lead": [lead.to_json() for lead in self.lead],
            "what_if": self.what_if.to_json(),
        }


def explain(compiled: Compiled, answers: Answers, on: date, outcome: Recommended) -> Explained:
    """The explanation of ``outcome``, which must be what ``recommend`` gives for the same taker and day."""
    # Of a result that another version made, ``outcome`` is what it said; these two say what holds now.
    now = recommend(compiled, answers, on)
    return Explained(
        settled=settled(compiled, answers, on),
        find_out=None if answers.complete else worth_finding_out(compiled, answers, on),
        firmness=firmness(compiled, answers, on, now),
        because=because(compiled, answers, on, now),
        lead=against_runner_up(outcome),
        what_if=what_if(compiled, answers, on, outcome),
    )
