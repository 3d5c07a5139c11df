"""Changed answers and what they bring as clauses of one sentence: “If … and …, … would … and … would …”."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quizapp.bank.model import Limit, Question
from quizapp.engine.outcome import Beyond
from quizapp.engine.whatif import Change
from quizapp.i18n import Language
from quizapp.web.pages.choices import answer_words, short_name
from quizapp.web.pages.index import Index
from quizapp.web.pages.ranking import short
from quizapp.web.pages.words import excess_words

MOST_NAMES = 3


def quoted(item: str, index: Index, language: Language) -> str:
    """An item's name in quotation marks, so that a sentence stays one whatever the name is."""
    return language.say("“%(name)s”", name=short(index.items[item], language))


def all_quoted(items: Iterable[str], index: Index, language: Language) -> str:
    """Several items' names in a row."""
    return together([quoted(item, index, language) for item in items], language)


def together(names: Sequence[str], language: Language) -> str:
    """Two names with “and”, three with commas; of more, the first three."""
    if len(names) > MOST_NAMES:
        return language.say("%(names)s and others", names=language.listed(names[:MOST_NAMES]))
    return language.say(" and ").join(names) if len(names) < MOST_NAMES else language.listed(names)


def limit_of(question: str, index: Index) -> Limit | None:
    """The limit that a question's answer sets, if it is one."""
    return next((limit for limit in index.bank.limits if limit.question == question), None)


def condition(changes: Sequence[Change], index: Index, language: Language) -> str:
    """The changed answers as one clause; all but the last lead on to the next."""
    last = len(changes) - 1
    gap = "" if language.code == "ja" else " "
    return gap.join(_clause(change, place == last, index, language) for place, change in enumerate(changes))


def _clause(change: Change, last: bool, index: Index, language: Language) -> str:
    asked = index.questions[change.question]
    limit, before, after = limit_of(asked.id, index), change.from_, change.to
    if limit is not None and isinstance(before, int) and isinstance(after, int):
        return _limit_clause(limit, after > before, answer_words(asked, after, language), last, language)
    if isinstance(before, list | tuple) and isinstance(after, list | tuple):
        added = [one for one in after if one not in before]
        dropped = [one for one in before if one not in after]
        if bool(added) != bool(dropped):
            return _tick_clause(asked, added, dropped, last, language)
    words = answer_words(asked, after, language)
    name, say = short_name(asked, language), language.say
    if isinstance(after, int) and not isinstance(after, bool):
        if last:
            return say("“%(question)s” were %(amount)s", question=name, amount=words)
        return say("“%(question)s” were %(amount)s and", question=name, amount=words)
    if last:
        return say("“%(question)s” were “%(answer)s”", question=name, answer=words)
    return say("“%(question)s” were “%(answer)s” and", question=name, answer=words)


def _limit_clause(limit: Limit, more: bool, amount: str, last: bool, language: Language) -> str:
    say = language.say
    if limit.of == "cost":
        if more:
            return (
                say("your budget were raised to %(amount)s", amount=amount)
                if last
                else say("your budget were raised to %(amount)s and", amount=amount)
            )
        return say("your budget were cut to %(amount)s", amount=amount)
    if more:
        return (
            say("your time were extended to %(amount)s", amount=amount)
            if last
            else say("your time were extended to %(amount)s and", amount=amount)
        )
    return say("your time were cut to %(amount)s", amount=amount)


def _tick_clause(
    asked: Question, added: Sequence[object], dropped: Sequence[object], last: bool, language: Language
) -> str:
    say, name = language.say, short_name(asked, language)
    words = answer_words(asked, list(added or dropped), language)
    if added:
        return (
            say("“%(answer)s” were added to “%(question)s”", answer=words, question=name)
            if last
            else say("“%(answer)s” were added to “%(question)s” and", answer=words, question=name)
        )
    return (
        say("“%(answer)s” were taken off “%(question)s”", answer=words, question=name)
        if last
        else say("“%(answer)s” were taken off “%(question)s” and", answer=words, question=name)
    )


def sentence(changes: Sequence[Change], effects: Sequence[str], index: Index, language: Language) -> str:
    """The whole sentence; the effects but the last lead on to the next."""
    gap = "" if language.code == "ja" else " "
    return language.say(
        "If %(changes)s, %(effects)s.",
        changes=condition(changes, index, language),
        effects=gap.join(effects),
    )


def exceeded(beyond: Sequence[Beyond], index: Index, language: Language) -> str:
    """What an item would exceed, in brackets after its name; empty where nothing."""
    said = [excess_words(over, index, language) for over in beyond]
    return language.say(" (%(over)s)", over=language.listed(said)) if said else ""
