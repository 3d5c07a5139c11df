"""The result page: one taker's outcome in the order in which a person needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from quizapp.engine.explain import Explained
from quizapp.engine.outcome import Recommendation, Recommended
from quizapp.i18n import Language
from quizapp.web.pages.changes import Changes, changes
from quizapp.web.pages.choices import AnswerRow, answer_row
from quizapp.web.pages.closed import ClosedItem, Mention, closed_items, mentions
from quizapp.web.pages.comparison import Comparison, comparison
from quizapp.web.pages.evidence import Caution, caution
from quizapp.web.pages.firm import Firm, firm, worth_asking
from quizapp.web.pages.headline import Headline, first_of, headline
from quizapp.web.pages.index import Index
from quizapp.web.pages.plan import Plan, plan
from quizapp.web.pages.ranking import SHOWN_AT_ONCE, Card, cards, short
from quizapp.web.pages.schools import School, schools

# A link that hides answers must not tell them by saying what would change.
NO_CHANGES = Changes(())


@dataclass(frozen=True)
class About:
    """The cautions about one item, or about the whole subject where ``name`` is empty."""

    name: str
    cautions: tuple[Caution, ...]


@dataclass(frozen=True)
class ResultPage:
    """Everything the result page says; ``owned`` where the reader is the one who made it."""

    bank: str
    bank_title: str
    token: str
    on: str
    owned: bool
    headline: Headline
    cards: tuple[Card, ...]
    more_cards: tuple[Card, ...]
    within: int
    comparison: Comparison | None
    plan: Plan | None
    closed: tuple[ClosedItem, ...]
    mentions: tuple[Mention, ...]
    cautions: tuple[About, ...]
    schools: tuple[School, ...]
    answers: tuple[AnswerRow, ...]
    hidden_answers: int
    open_questions: tuple[str, ...]
    worth_asking: str
    ranges: str
    expires: str
    firm: Firm | None
    changes: Changes


def result_page(
    outcome: Recommended,
    index: Index,
    answers: Mapping[str, object],
    language: Language,
    *,
    token: str,
    owned: bool,
    titles: Mapping[str, str],
    hidden_answers: int,
    expires: date,
    told: Explained,
) -> ResultPage:
    """The page of one outcome; pure, so that it may be kept as long as the result itself."""
    ranked = outcome.recommendations
    shown = cards(ranked, index, titles, language)
    on = date.fromisoformat(outcome.on)
    first = first_of(outcome, told.settled)
    hidden = bool(hidden_answers)
    sure = None if hidden else firm(told, outcome, answers, index, language)
    return ResultPage(
        bank=outcome.bank,
        bank_title=language.text(index.bank.title),
        token=token,
        on=language.day(on),
        owned=owned,
        headline=headline(outcome, index, language, told.settled),
        cards=shown[:SHOWN_AT_ONCE],
        more_cards=shown[SHOWN_AT_ONCE:],
        within=sum(not entry.beyond for entry in ranked),
        comparison=comparison(ranked, index, language),
        plan=plan(first, index, language) if first else None,
        closed=closed_items(outcome.not_now, index, on, language),
        mentions=mentions(outcome.not_now, index, language),
        cautions=_cautions(outcome, index, language),
        schools=schools(outcome, index, language),
        answers=tuple(
            answer_row(question, answers, language)
            for id, question in index.questions.items()
            if id in answers
        ),
        hidden_answers=hidden_answers,
        open_questions=_open(outcome, index, language),
        worth_asking="" if hidden else worth_asking(told, index, language),
        ranges=_ranges(outcome, language),
        expires=language.day(expires),
        firm=sure,
        changes=NO_CHANGES if sure is None else changes(told, outcome, index, language, sure.said),
    )


def _cautions(outcome: Recommended, index: Index, language: Language) -> tuple[About, ...]:
    by_id = {note.id: note for note in index.bank.notes}
    said = [caution(by_id[id], by_id[id].text, index, language) for id in outcome.notes if id in by_id]
    groups = [About("", tuple(said))]
    for entry in outcome.recommendations[:SHOWN_AT_ONCE]:
        name = short(index.items[entry.item], language)
        groups.append(About(name, tuple(_item_cautions(entry, index, language))))
    return tuple(group for group in groups if group.cautions)


def _item_cautions(entry: Recommendation, index: Index, language: Language) -> list[Caution]:
    item = index.items[entry.item]
    notes = {note.id: note for note in item.notes}
    ids = [id.rpartition(".")[2] for id in entry.notes]
    return [caution(notes[id], notes[id].text, index, language) for id in ids if id in notes]


def _ranges(outcome: Recommended, language: Language) -> str:
    """What the ranges on the page mean; empty where nothing can move any more."""
    moving = any(
        entry.score_range[0] != entry.score_range[1]
        or entry.rank_range[0] != entry.rank_range[1]
        or (entry.cost is not None and entry.cost.most is not None)
        for entry in outcome.recommendations
    )
    if not moving:
        return ""
    if outcome.exact and outcome.ranks_exact:
        return language.say("What they can still change is shown as a range.")
    return language.say("What they can still change is shown as a range, some of them wider than need be.")


def _open(outcome: Recommended, index: Index, language: Language) -> tuple[str, ...]:
    asked = [index.questions[id] for id in outcome.unanswered if id in index.questions]
    return tuple(language.text(question.label or question.ask) for question in asked)
