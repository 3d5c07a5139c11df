"""Answers and questions in words: what was asked, what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.bank.model import Question, Unit
from quizapp.i18n import Language
from quizapp.web.pages.words import quantity


@dataclass(frozen=True)
class AnswerRow:
    """One answer as it is listed: the question's short name, and the answer in words."""

    question: str
    label: str
    answer: str
    answered: bool
    href: str = ""
    seen: bool = True


def short_name(question: Question, language: Language) -> str:
    """What a question is called in a list."""
    return language.text(question.label or question.ask)


def is_age(question: Question) -> bool:
    """Whether the years asked for are a person's age, which Japanese counts with a word of its own."""
    return question.id == "age" or question.id.endswith("_age")


def answer_words(question: Question, value: object, language: Language) -> str:
    """An answer in words; None is told as left open."""
    if value is None:
        return language.say("Left open")
    if isinstance(value, bool):
        return language.say("Yes") if value else language.say("No")
    if isinstance(value, int):
        unit = question.grid.unit if question.grid else Unit.NONE
        return quantity(value, unit, language, age=is_age(question))
    labels = {option.id: language.text(option.label) for option in question.options}
    if isinstance(value, str):
        return labels.get(value, value)
    chosen = value if isinstance(value, list | tuple) else ()
    return language.listed(labels.get(str(one), str(one)) for one in chosen) or language.say("None of these")


def answer_row(
    question: Question, answers: Mapping[str, object], language: Language, href: str = "", seen: bool = True
) -> AnswerRow:
    """The row of one question; ``href`` leads to where it is changed."""
    value = answers.get(question.id)
    words = answer_words(question, value, language) if seen else language.say("Not asked yet")
    return AnswerRow(question.id, short_name(question, language), words, value is not None, href, seen)
