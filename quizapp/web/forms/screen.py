"""The form of one screen of a quiz, made from the questions that it asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm

from quizapp.bank.model import Question
from quizapp.i18n import Language
from quizapp.web.forms.fields import QuestionField
from quizapp.web.forms.reading import Answer


@dataclass(frozen=True)
class Mistake:
    """One line of the error summary, the same words as beside the field."""

    href: str
    label: str
    words: str


def screen_form(
    questions: tuple[Question, ...],
    language: Language,
    before: Mapping[str, object],
    sent: MultiDict[str, str] | None = None,
) -> BaseForm:
    """A form with one field for each question, filled with the answers given before or with what was sent.

    The request's CSRF token is checked before any view runs, so the form carries none of its own.
    """
    # A screen that asks one thing in its own words has the question as its heading.
    heading = len(questions) == 1 and questions[0].screen is None
    blank = blank_is_zero(questions)
    form = BaseForm({one.id: QuestionField(one, language, heading, blank) for one in questions})
    form.process(sent, data=dict(before))
    return form


def blank_is_zero(questions: tuple[Question, ...]) -> bool:
    """Whether an empty box means 0: where several amounts gathered so far are asked, and the page says so.

    Most takers have none of most; typing 0 four times would be work without meaning. Years of experience
    only go up; money or time to spend may go either way, and no money is another answer than none given.
    """
    amounts = [one for one in questions if one.grid is not None]
    return len(amounts) > 1 and all(
        one.grid is not None and one.grid.from_ == 0 and one.only == "up" for one in amounts
    )


def fields_of(form: BaseForm) -> tuple[QuestionField, ...]:
    """The form's fields, in the order of its questions."""
    return tuple(field for field in form if isinstance(field, QuestionField))


def answers_of(form: BaseForm) -> dict[str, Answer | None]:
    """The answers of a valid form by question id; None where a question was left open on purpose."""
    return {field.question.id: field.data for field in fields_of(form)}


def mistakes(fields: Iterable[QuestionField]) -> tuple[Mistake, ...]:
    """The error summary."""
    return tuple(
        Mistake(f"#{field.first_id}", field.label.text, str(words))
        for field in fields
        for words in field.errors
    )
