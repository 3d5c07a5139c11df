"""What an edit does to whole items and questions, in sentences: what can no longer be first, what no longer matters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from quizapp.audit.impact_record import Certainty, Impact, Reach, Weightless
from quizapp.bank.comparing.differences import Difference
from quizapp.i18n import Language
from quizapp.web.edit.pages.difference_words import Words

_LANGUAGES = frozenset(("ja", "en"))


def losses(impact: Impact, before: Words, after: Words) -> list[str]:
    """What can no longer be reached or makes no difference any more, and what is new and never will."""
    return [
        *(_reach(one, before, NO_LONGER[one.rung]) for one in impact.no_longer_reached),
        *(_weightless(one, before, after, False) for one in impact.no_longer_matter),
        *(_reach(one, after, NEVER[one.rung]) for one in impact.unreached),
        *(_weightless(one, after, after, True) for one in impact.idle),
    ]


def gains(impact: Impact, after: Words) -> list[str]:
    """What can be reached now, or makes a difference now."""
    say = after.language.say
    return [
        *(_reach(one, after, NOW[one.rung]) for one in impact.newly_reached),
        *(say("%(what)s now makes a difference.", what=_what(one, after)) for one in impact.newly_matter),
    ]


def shown_otherwise(found: Iterable[Difference], after: Words) -> tuple[str, ...]:
    """What takers see otherwise though no result rests on it: how many questions came or went, and texts."""
    language, bank = after.language, [one for one in found if one.kind != "moved"]
    questions = [one for one in bank if one.address[:1] == ("questions",) and len(one.address) == 2]
    more = sum(one.kind == "added" for one in questions)
    fewer = sum(one.kind == "removed" for one in questions)
    new = sum(_holds_text(one.after) for one in bank if one.kind == "added" and one not in questions)
    texts = sum(_is_text(one) for one in bank)
    said = (
        language.count("%(n)s question more is asked.", "%(n)s questions more are asked.", more),
        language.count("%(n)s question is asked no more.", "%(n)s questions are asked no more.", fewer),
        language.count("%(n)s part with words is new.", "%(n)s parts with words are new.", new),
        language.count("The words of %(n)s text differ.", "The words of %(n)s texts differ.", texts),
    )
    return tuple(words for words, n in zip(said, (more, fewer, new, texts), strict=True) if n)


def _is_text(one: Difference) -> bool:
    """Whether a text that was there reads otherwise now."""
    told = bool(_LANGUAGES.intersection(one.address[-1:])) or all(
        _is_words(value) for value in (one.before, one.after)
    )
    return one.kind == "changed" and told


def _is_words(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and set(value) <= _LANGUAGES


def _holds_text(value: Any) -> bool:
    if isinstance(value, dict):
        return _is_words(value) or any(map(_holds_text, value.values()))
    return isinstance(value, list) and any(map(_holds_text, value))


def _reach(one: Reach, words: Words, said: str) -> str:
    told = words.language.say(said, item=words.item(one.item))
    return _sure(told, one.certainty, words.language)


def _weightless(one: Weightless, words: Words, after: Words, new: bool) -> str:
    say = words.language.say
    if one.same_as:
        same = after.option(one.question, one.same_as)
        told = say("%(what)s now always comes to the same as “%(same)s”.", what=_what(one, words), same=same)
    elif new:
        told = say("%(what)s is new and never makes a difference.", what=_what(one, words))
    else:
        told = say("%(what)s no longer makes any difference.", what=_what(one, words))
    return _sure(told, one.certainty, words.language)


def _what(one: Weightless, words: Words) -> str:
    say = words.language.say
    question = words.question(one.question)
    if one.option is None:
        return say("The question “%(question)s”", question=question)
    option = words.option(one.question, one.option)
    return say("The option “%(option)s” of “%(question)s”", option=option, question=question)


def _sure(told: str, certainty: Certainty, language: Language) -> str:
    if certainty.proved:
        return told
    tried = language.count(
        "(not once among %(n)s taker tried)", "(not once among %(n)s takers tried)", certainty.tried
    )
    return f"{told} {tried}"


def _m_(message: str) -> str:
    """Marks words for the translators."""
    return message


NO_LONGER = {
    "first": _m_("%(item)s can no longer come first."),
    "ranked": _m_("%(item)s can no longer be recommended at all."),
}
NEVER = {
    "first": _m_("%(item)s is new and never comes first."),
    "ranked": _m_("%(item)s is new and is never recommended."),
}
NOW = {
    "first": _m_("%(item)s can come first now."),
    "ranked": _m_("%(item)s can be recommended now."),
}
