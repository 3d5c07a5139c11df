"""Answers to the bank's questions as fields: the one that holds while a question is hidden, and those of a case."""

from __future__ import annotations

from typing import Any

from quizapp.editing.alter import GONE
from quizapp.web.edit.forms.around import Choice, entries, parts_of
from quizapp.web.edit.forms.fields import Inputs, ShapeField, Unreadable, as_text, typed_number
from quizapp.web.edit.forms.simple import with_strangers
from quizapp.web.edit.names import name_of

OPEN, NONE = "", "--"


class AnswerField(ShapeField):
    """One answer, filled in as its question is."""

    look = "answer"
    grouped = True

    def shown(self, raw: Any) -> Inputs:
        """The inputs of the answer."""
        return answer_shown(raw)

    def taken(self, inputs: Inputs) -> Any:
        """The answer."""
        return answer_taken(self, "", self._question)

    @property
    def _question(self) -> dict[str, Any]:
        return _questions(self).get(self.around.address[-1] if self.around.address else "", {})

    @property
    def boxes(self) -> list[AnswerBox]:
        """The one answer there is."""
        return [AnswerBox(self, "", self._question)]

    def words(self) -> str:
        """The answer in words."""
        return self.boxes[0].words


class AnswersField(ShapeField):
    """The answers of a case, one for each question of the bank; what is left open is unanswered."""

    look = "answers"
    grouped = True

    def shown(self, raw: Any) -> Inputs:
        """The inputs of every answer."""
        found: Inputs = {}
        for id, answer in (raw if isinstance(raw, dict) else {}).items():
            found |= {f".{id}{ending}": values for ending, values in answer_shown(answer).items()}
        return found

    def taken(self, inputs: Inputs) -> Any:
        """The answers that are given, old ones in their order; one that is untouched is kept as it is."""
        before = self.raw if isinstance(self.raw, dict) else {}
        questions = _questions(self)
        found: dict[str, Any] = {}
        faults: list[tuple[str, str]] = []
        for id in [*before, *(id for id in questions if id not in before)]:
            untouched = _given(inputs, f".{id}") == _given(self.shown(before), f".{id}")
            if id in before and (untouched or f".{id}" not in inputs):
                found[id] = before[id]
                continue
            try:
                answer = answer_taken(self, f".{id}", questions.get(id, {}))
            except Unreadable as error:
                faults += error.found
                continue
            if answer is not GONE:
                found[id] = answer
        if faults:
            raise Unreadable(*faults)
        return found

    @property
    def boxes(self) -> list[AnswerBox]:
        """One for each question, then those of questions that are not there."""
        questions = _questions(self)
        lost = [id for id in (self.raw if isinstance(self.raw, dict) else {}) if id not in questions]
        return [AnswerBox(self, f".{id}", questions.get(id, {"id": id})) for id in [*questions, *lost]]

    def words(self) -> str:
        """The answers that are given, in words."""
        given = [box for box in self.boxes if box.words]
        return self.language.listed(f"{box.label}: {box.words}" for box in given)


class AnswerBox:
    """One answer as it is filled in."""

    def __init__(self, field: ShapeField, ending: str, question: dict[str, Any]) -> None:
        self.field, self.ending, self.question = field, ending, question
        self.label = name_of({**question, "text": None}, field.language, as_text(question.get("id")))
        self.kind = str(question.get("kind", ""))

    @property
    def value(self) -> str:
        """What stands in the input."""
        return self.field.one(self.ending)

    @property
    def several(self) -> bool:
        """Whether several may be ticked."""
        return self.kind == "choices" or len(self.field.inputs.get(self.ending, [])) > 1

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be chosen; what is chosen though it is none of them included."""
        say = self.field.say
        known: tuple[Choice, ...] = ()
        if self.kind == "yes_no":
            known = (Choice("true", say("Yes")), Choice("false", say("No")))
        elif self.kind in ("choice", "choices"):
            options = entries(self.question, "options")
            known = tuple(
                Choice(id, name_of(option, self.field.language, id)) for id, option in options.items()
            )
        if self.several:
            known = (*known, Choice(NONE, say("None of these")))
        return with_strangers(known, self.field.inputs.get(self.ending, []), self.field)

    @property
    def words(self) -> str:
        """The answer in words; empty where it is left open."""
        names = {one.value: one.label for one in self.choices}
        return self.field.language.listed(
            names.get(value, value) for value in self.field.inputs.get(self.ending, []) if value
        )


def answer_shown(raw: Any) -> Inputs:
    """The inputs of one answer: a tick for each option, or the one value."""
    if isinstance(raw, list):
        return {"": [as_text(one) for one in raw] or [NONE]}
    return {"": [as_text(raw)]}


def answer_taken(field: ShapeField, ending: str, question: dict[str, Any]) -> Any:
    """The answer that the inputs say, GONE where it is left open. Raises Unreadable."""
    values = [value for value in field.inputs.get(ending, []) if value]
    if not values:
        return GONE
    match question.get("kind"):
        case "number":
            written = question.get("grid")
            grid = written if isinstance(written, dict) else {}
            low, high = (grid.get(name) if type(grid.get(name)) is int else None for name in ("from", "to"))
            number = typed_number(field, ending, low, high)
            return GONE if number is None else number
        case "yes_no" if values[0] in ("true", "false"):
            return values[0] == "true"
        case "choices":
            if NONE in values and len(values) > 1:
                raise Unreadable((ending, field.say("“None of these” cannot go with another choice.")))
            return [] if NONE in values else list(dict.fromkeys(values))
    return values[0]


def _questions(field: ShapeField) -> dict[str, dict[str, Any]]:
    """The bank's questions by id; one that is no question yet is known by its id alone."""
    return {id: {"id": id} for id in entries(field.around.bank, "questions")} | parts_of(
        field.around.bank, "questions"
    )


def _given(inputs: Inputs, ending: str) -> list[str]:
    return sorted(value for value in inputs.get(ending, []) if value)
