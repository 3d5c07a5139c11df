"""An item's rating by a criterion as a field: a table of options or parts, or a rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wtforms.form import BaseForm

from quizapp.editing.alter import GONE
from quizapp.web.edit.forms.around import Choice, entries
from quizapp.web.edit.forms.fields import Inputs, ShapeField, Unreadable, as_text, typed_number
from quizapp.web.edit.forms.rule import RuleField
from quizapp.web.edit.names import name_of

ELSE = "else"
TABLE, RULE = "table", "rule"


class FitField(ShapeField):
    """A rating: from 0 to 100 for each option or part, or a rule that gives the number."""

    look = "fit"
    grouped = True

    def shown(self, raw: Any) -> Inputs:
        """The table, or the rule; where there is neither, a table if the criterion has columns."""
        rule = {f".rule{ending}": values for ending, values in self._rule(raw).inputs.items()}
        if isinstance(raw, dict):
            return {
                ".mode": [TABLE],
                **{f".table.{key}": [as_text(value)] for key, value in raw.items()},
                **rule,
            }
        return {".mode": [TABLE if raw is None and self._known else RULE], **rule}

    def taken(self, inputs: Inputs) -> Any:
        """The rating as a bank writes it."""
        if self.mode == RULE:
            field = self.rule
            if field.validate(None):
                return field.result if field.changed or not isinstance(self.raw, dict) else GONE
            raise Unreadable(*((id.removeprefix(self.id), words) for id, words in field.mistakes))
        return self._table() or GONE

    @property
    def mode(self) -> str:
        """Whether it is a table or a rule."""
        return RULE if self.one(".mode") == RULE else TABLE

    def as_expression(self) -> Inputs:
        """The rule as it is written in the file; what is a table stays one."""
        if self.mode == TABLE:
            return self.inputs
        written = self._rule(self.raw).as_expression()
        return {**{f".rule{ending}": values for ending, values in written.items()}, ".mode": [RULE]}

    @property
    def rule(self) -> RuleField:
        """The rule as a field, as it was sent."""
        found = self._rule(self.raw)
        begin = ".rule"
        found.inputs = {
            ending[len(begin) :]: v for ending, v in self.inputs.items() if ending.startswith(f"{begin}.")
        }
        found.sent, found.told = self.sent, self.told
        if self.errors:
            found.validate(None)
        return found

    @property
    def beside(self) -> tuple[Any, ...]:
        """The problems but those that its rule tells."""
        return self.rule.beside if self.mode == RULE else self.told

    def _rule(self, raw: Any) -> RuleField:
        shape = replace(self.shape, look="rule", expect="number", reads_plan=True, required=False)
        value = None if isinstance(raw, dict | list) else raw
        bound = RuleField(shape, value, self.around).bind(BaseForm({}), f"{self.name}.rule")
        assert isinstance(bound, RuleField)
        return bound

    def _table(self) -> dict[str, Any]:
        before = self.raw if isinstance(self.raw, dict) else {}
        keys = [*before, *(one.value for one in self.columns if one.value not in before)]
        found: dict[str, Any] = {}
        faults: list[tuple[str, str]] = []
        for key in keys:
            try:
                number = self._cell(f".table.{key}")
            except Unreadable as error:
                faults += error.found
                continue
            if number is not None:
                found[key] = number
        if faults:
            raise Unreadable(*faults)
        return found

    def _cell(self, ending: str) -> int | str | None:
        if self.one(ending).strip() in ("unknown", "?", "?"):
            return "unknown"
        return typed_number(self, ending, 0, 100)

    @property
    def _criterion(self) -> dict[str, Any]:
        id = self.around.address[-1] if self.around.address else ""
        found = entries(self.around.bank, "criteria").get(id)
        return found if isinstance(found, dict) else {}

    @property
    def _question(self) -> dict[str, Any]:
        found = entries(self.around.bank, "questions").get(as_text(self._criterion.get("question")))
        return found if isinstance(found, dict) else {}

    @property
    def asked(self) -> str:
        """The question whose options are the columns; empty where they are parts."""
        return name_of(self._question, self.language, "") if self._question else ""

    @property
    def _known(self) -> tuple[Choice, ...]:
        named = entries(self._question, "options") or entries(self._criterion, "parts")
        return tuple(Choice(id, name_of(entry, self.language, id)) for id, entry in named.items())

    @property
    def columns(self) -> tuple[Choice, ...]:
        """The options or parts, whatever else is listed, and "any other"."""
        known = self._known
        there = {one.value for one in known} | {ELSE}
        named = [ending.removeprefix(".table.") for ending in self.inputs if ending.startswith(".table.")]
        lost = [Choice(one, self.say("%(id)s (not there)", id=one)) for one in named if one not in there]
        return (*known, *lost, Choice(ELSE, self.say("Any other")))

    def words(self) -> str:
        """The columns with their numbers, or what the rule means."""
        if self.mode == RULE:
            return self.rule.words()
        given = [(one.label, self.one(f".table.{one.value}")) for one in self.columns]
        return self.language.listed(f"{label} {number}" for label, number in given if number)
