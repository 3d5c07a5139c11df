"""A question as a form field that renders itself; a template writes ``{{ field }}`` and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup
from wtforms import Field, ValidationError

from quizapp.bank.model import Question, Unit
from quizapp.i18n import Language
from quizapp.web.forms.reading import LATER, NONE, READERS, Answer, shown_number
from quizapp.web.pages.choices import is_age
from quizapp.web.pages.words import quantity
from quizapp.web.templating import template

LONG_LIST = 12


@dataclass(frozen=True)
class Row:
    """One thing to choose. ``role`` is later, none or empty."""

    id: str
    value: str
    label: str
    hint: str
    checked: bool
    role: str = ""


class QuestionField(Field):
    """One question. ``data`` is the answer, None where it was left open on purpose."""

    def __init__(
        self, question: Question, language: Language, heading: bool, blank_is_zero: bool, **given: Any
    ) -> None:
        super().__init__(label=language.text(question.ask), id=f"q-{question.id}", **given)
        self.question = question
        self.language = language
        self.heading = heading
        self.blank_is_zero = blank_is_zero and question.kind == "number"
        self.sent: list[str] | None = None
        self.widget = self._render

    def process_data(self, value: Answer | None) -> None:
        """Take the answer given before; ``LATER`` for one that was left open."""
        self.before = value
        self.data = None if value == LATER else value

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what the browser sent; ``pre_validate`` reads it."""
        empty = not any(value.strip() for value in valuelist)
        self.sent = ["0"] if empty and self.blank_is_zero else valuelist

    def pre_validate(self, form: Any) -> None:
        """Read what was sent; raises ValidationError with the words for the taker."""
        try:
            self.data = READERS[self.question.kind](self.sent or [], self.question, self.language)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    @property
    def long(self) -> bool:
        """Whether there are too many options for rows: a list to choose from, then."""
        return self.question.kind == "choice" and len(self.question.options) > LONG_LIST

    @property
    def first_id(self) -> str:
        """The control that the error summary leads to."""
        return self.id if self.question.kind == "number" or self.long else f"{self.id}-0"

    @property
    def typed(self) -> str:
        """What stands in the number's box: what was typed, or the answer given before."""
        if self.sent is not None:
            sent = next((value for value in self.sent if value != LATER), "")
            return "".join(mark for mark in sent if mark.isprintable())
        return str(self.data) if self.data is not None else ""

    @cached_property
    def unit(self) -> str:
        """What the number counts, as it stands behind the box."""
        grid = self.question.grid
        if grid is None or grid.unit is Unit.NONE:
            return ""
        words = quantity(2, grid.unit, self.language, age=is_age(self.question))
        return self.language.say("yen") if grid.unit is Unit.YEN else words.replace("2", "").strip()

    @cached_property
    def bounds(self) -> str:
        """The numbers that can be answered, as told beside the box."""
        grid = self.question.grid
        if grid is None:
            return ""
        low, high = (shown_number(value, grid, self.language) for value in (grid.from_, grid.to))
        within = self.language.say("%(low)s to %(high)s", low=low, high=high)
        if grid.step == 1:
            return within
        steps = self.language.say("in steps of %(step)s", step=shown_number(grid.step, grid, self.language))
        return f"{within} · {steps}"

    @property
    def rows(self) -> list[Row]:
        """The things to choose from, "not sure, later" last."""
        say, question = self.language.say, self.question
        text = self.language.text
        rows = [(option.id, text(option.label), text(option.hint), "") for option in question.options]
        if question.kind == "yes_no":
            rows = [("yes", say("Yes"), "", ""), ("no", say("No"), "", "")]
        if question.kind == "choices":
            rows.append((NONE, say("None of these"), "", "none"))
        rows.append((LATER, say("Not sure, later"), "", "later"))
        chosen = self._chosen()
        return [
            Row(f"{self.id}-{number}", value, label, hint, value in chosen, role)
            for number, (value, label, hint, role) in enumerate(rows)
        ]

    def _chosen(self) -> set[str]:
        if self.sent is not None:
            return set(self.sent)
        value = self.before
        if isinstance(value, bool):
            return {"yes" if value else "no"}
        if isinstance(value, list):
            return set(value) or {NONE}
        return {value} if isinstance(value, str) else set()

    def _render(self, field: Field, **_: Any) -> Markup:
        name = "list" if self.long else self.question.kind
        kinds = {"choice": "rows", "choices": "rows", "yes_no": "rows", "number": "number", "list": "list"}
        return Markup(template(f"fields/{kinds[name]}.html", self.language).render(field=self))  # noqa: S704
