"""How sure a result is, in plain sentences: against other answers, and against other ways of weighing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from quizapp.engine.explain import Explained
from quizapp.engine.outcome import Recommended
from quizapp.engine.single_change import Turn
from quizapp.engine.whatif import Change
from quizapp.i18n import Language
from quizapp.web.pages.changes import Brought, Key, gathered, key_of, told_in_full, turning
from quizapp.web.pages.choices import answer_words, short_name
from quizapp.web.pages.clauses import limit_of, quoted
from quizapp.web.pages.index import Index

SHOWN_TURNS = 3
SHOWN_ANSWERS = 4
# From here on, hundredths would be rounded to all of them.
NEARLY_ALWAYS = 0.995


@dataclass(frozen=True)
class Because:
    """The answers that alone force first place, in words; ``more`` are shown when asked for."""

    sentence: str
    answers: tuple[str, ...]
    more: tuple[str, ...]


@dataclass(frozen=True)
class Firm:
    """How firm first place is: one sentence, the answers that would turn it, why, the lead, the weighings.

    ``said`` are the changes that ``turns`` tell, so that nothing is told twice.
    """

    sentence: str
    turns: tuple[str, ...]
    because: Because | None
    lead: str
    weighing: str
    said: frozenset[Key] = frozenset()


def firm(
    told: Explained, outcome: Recommended, answers: Mapping[str, object], index: Index, language: Language
) -> Firm | None:
    """How firm the first place of an outcome is; None where nothing is ranked."""
    if not outcome.recommendations:
        return None
    because = _because(told, answers, index, language)
    if outcome.unanswered:
        # Weighings rest on means here, and would sound surer than anybody can be.
        return Firm(_while_open(told, index, language), (), because, "", "")
    can = [turn for turn in told.firmness.turns if turn.changeable]
    meant = [turn for turn in can if not _gives_up_a_limit(turn, index) and not _adds_item(turn, index)]
    likely = [turn for turn in meant if turn.first is not None and turn.certain]
    likely.sort(key=lambda turn: (turn.wish, limit_of(turn.question, index) is None))
    # One answer to a question is enough to say that another item may come first.
    shown = list({(turn.question, turn.first): turn for turn in reversed(likely)}.values())[::-1]
    shown = shown[:SHOWN_TURNS]
    brought = gathered(told, outcome)
    return Firm(
        _stands(told, bool(shown), meant, index, language),
        tuple(_turn(turn, brought, index, language) for turn in shown),
        because,
        _lead(told, outcome, index, language),
        _weighing(told, index, language),
        frozenset(key for turn in shown for key in _said_by(turn)),
    )


def _said_by(turn: Turn) -> tuple[Key, Key]:
    return key_of([_change(turn)]), turning(turn.question, str(turn.first))


def _gives_up_a_limit(turn: Turn, index: Index) -> bool:
    """Whether all the money or all the time would be taken away, which nobody means to do."""
    return turn.after == 0 and limit_of(turn.question, index) is not None


def _change(turn: Turn) -> Change:
    return Change(turn.question, turn.before, turn.after)


def _adds_item(turn: Turn, index: Index) -> bool:
    """Whether it is to hold an item already: that tells in which order to take them, not what to change."""
    if not isinstance(turn.before, list | tuple) or not isinstance(turn.after, list | tuple):
        return False
    return any(one in index.items for one in turn.after if one not in turn.before)


def _turn(turn: Turn, brought: Mapping[Key, Brought], index: Index, language: Language) -> str:
    """What the change brings besides is told with it."""
    change = _change(turn)
    found = brought.get(key_of([change]), Brought((change,)))
    if found.first != turn.first:
        found = replace(found, first=turn.first, first_beyond=())
    return told_in_full(found, index, language)


def _stands(told: Explained, turned: bool, meant: list[Turn], index: Index, language: Language) -> str:
    """The sentence; ``meant`` are the turns that somebody may really make, told one by one if ``turned``."""
    assert told.firmness.first is not None
    say, first = language.say, quoted(told.firmness.first, index, language)
    if turned:
        return say("One other answer can put something else first:")
    if told.firmness.survives_changes:
        return say("Whichever one answer you can change, %(item)s stays first.", item=first)
    unsure = dict.fromkeys(turn.question for turn in meant if not turn.certain)
    if unsure:
        names = [say("“%(name)s”", name=short_name(index.questions[id], language)) for id in unsure]
        return say(
            "Another answer to %(questions)s would bring up more questions, and those can change what "
            "comes first.",
            questions=language.listed(names),
        )
    if meant:
        return say("No one answer that you may really change puts anything else first.")
    return say("Whichever one answer you may really change, %(item)s stays first.", item=first)


def _while_open(told: Explained, index: Index, language: Language) -> str:
    if told.settled.first is not None:
        first = quoted(told.settled.first, index, language)
        return language.say("Whatever the open answers are, %(item)s stays first.", item=first)
    return language.say("The open answers can still change what comes first.")


def worth_asking(told: Explained, index: Index, language: Language) -> str:
    """Which open question to settle first, and what that makes clear; empty where none matters."""
    if told.find_out is None:
        return ""
    name = language.say("“%(name)s”", name=short_name(index.questions[told.find_out.question], language))
    say = language.say
    return {
        "first": say("Find out %(question)s first: it says most about first place.", question=name),
        "top_three": say("Find out %(question)s first: it says most about the first three.", question=name),
        "total": say("Find out %(question)s first: it says most about what it costs.", question=name),
    }[told.find_out.about]


def _because(
    told: Explained, answers: Mapping[str, object], index: Index, language: Language
) -> Because | None:
    """The answers in words, those first that turn first place by themselves."""
    why = told.because
    turning = {turn.question for turn in told.firmness.turns}
    ids = sorted((id for id in why.questions if id in answers), key=lambda id: id not in turning)
    if why.item is None or not why.exact or not ids:
        return None
    said = tuple(
        language.say(
            "%(question)s: %(answer)s",
            question=short_name(index.questions[id], language),
            answer=answer_words(index.questions[id], answers[id], language),
        )
        for id in ids
    )
    # One alone is not worth hiding.
    shown = SHOWN_ANSWERS if len(said) > SHOWN_ANSWERS + 1 else len(said)
    first = quoted(why.item, index, language)
    head = language.say("Because of these answers alone, %(item)s comes first:", item=first)
    return Because(head, said[:shown], said[shown:])


def _lead(told: Explained, outcome: Recommended, index: Index, language: Language) -> str:
    """By how much the first is ahead of the second, and by what most."""
    if len(outcome.recommendations) < 2:
        return ""
    first, second = outcome.recommendations[:2]
    points = round((first.score - second.score) / 100)
    if bool(first.beyond) != bool(second.beyond) or points < 1 or told.lead[0].points <= 0:
        return ""
    behind = quoted(second.item, index, language)
    most = language.text(index.criteria[told.lead[0].criterion].label)
    # Calls among the arguments would hide the plural from whoever collects messages.
    return language.count(
        "%(n)s point ahead of %(second)s, mostly by “%(criterion)s”.",
        "%(n)s points ahead of %(second)s, mostly by “%(criterion)s”.",
        points,
        second=behind,
        criterion=most,
    )


def _weighing(told: Explained, index: Index, language: Language) -> str:
    """In how many of a hundred ways of weighing the first is first; the error is below one of them."""
    weighed, say = told.firmness.weighings, language.say
    share = next((one for one in weighed.shares if one.item == told.firmness.first), None)
    if share is None or len(weighed.shares) < 2:
        return ""
    name, draws = quoted(share.item, index, language), language.number(weighed.draws)
    if share.first == 1:
        return say(
            "With what matters weighed in %(draws)s slightly different ways, %(item)s came first every time.",
            draws=draws,
            item=name,
        )
    if share.first >= NEARLY_ALWAYS:
        return say(
            "With what matters weighed a little differently, %(item)s came first nearly every time.",
            item=name,
        )
    rival = max((one for one in weighed.shares if one is not share), key=lambda one: one.first)
    return say(
        "With what matters weighed a little differently, %(item)s came first in about %(n)s ways of 100, "
        "%(rival)s in about %(m)s.",
        item=name,
        n=language.number(round(100 * share.first)),
        rival=quoted(rival.item, index, language),
        m=language.number(round(100 * rival.first)),
    )
