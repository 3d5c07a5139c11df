"""A rule as a field: rows of menus or an expression, the sentence that it means beside it, both the same rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from quizapp.bank.fields import MAX_RULE, UNTOLD
from quizapp.bank.rows.rows import ladder_of, rows_of, rule_of, rule_of_ladder
from quizapp.bank.rows.scope import RuleScope, written
from quizapp.bank.rows.shapes import Ladder, Rows
from quizapp.bank.sentences.sentence import Sentence, sentence
from quizapp.editing.alter import GONE
from quizapp.web.edit.forms.around import Choice, entries
from quizapp.web.edit.forms.fields import Inputs, ShapeField, Unreadable, typed_number, typed_text
from quizapp.web.edit.forms.rule_menus import StepMenu, numbers_below, rows_shown

ROWS, LADDER, TEXT, UNKNOWN = "rows", "ladder", "text", "untold"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WHOLE = re.compile(r"-?[0-9]{1,9}\Z")


@dataclass(frozen=True)
class Meaning:
    """A named condition and what it means."""

    label: str
    words: str


class RuleField(ShapeField):
    """A rule. Its inputs are of one mode: rows, a ladder of cases, text, or that nobody knows it."""

    look = "rule"
    grouped = True

    @property
    def scope(self) -> RuleScope:
        """What the rule may read."""
        return self.around.plan_scope if self.shape.reads_plan else self.around.scope

    def shown(self, raw: Any) -> Inputs:
        """The simplest mode that shows the rule whole."""
        return rule_shown(written(raw), self)

    def taken(self, inputs: Inputs) -> Any:
        """The rule as a bank writes it; GONE where there is none. A broken one is kept as it was typed."""
        if self.mode == TEXT and len(self.one(".text")) > MAX_RULE:
            raise Unreadable((".text", self.say("A rule has at most %(n)s characters.", n=MAX_RULE)))
        text = self.text()
        if not text and self.mode == ROWS and self.steps[0].groups:
            # A row in which nothing is chosen yet says nothing: least of all that it always holds.
            return GONE if self.raw is None else self.raw
        if not text or text == self.shape.default:
            return True if not text and self._needed and self._emptied else GONE
        return _as_written(text)

    def text(self, lenient: bool = False) -> str:
        """The rule that the inputs say, empty for none. Raises Unreadable, unless ``lenient``."""
        match self.mode:
            case "untold":
                return UNTOLD
            case "text":
                return typed_text(self, ".text") if not lenient else self.one(".text").strip()
            case "ladder":
                return self._ladder_text(lenient)
        rows = self.steps[0].rows(lenient)
        never = not self.steps[0].groups and self.has(".0.join", "or")
        return rule_of(rows) if rows.groups or never else ""

    def sentence(self) -> Sentence | None:
        """What the rule means, as far as it is complete; None where there is none."""
        text = self.text(lenient=True)
        return sentence(text, self.scope, self.language, self.shape.expect) if text else None

    @property
    def beside(self) -> tuple[Any, ...]:
        """The problems but those that its sentence tells, which changes as the rule is mended."""
        found = self.sentence()
        said = {self.language.retold(fault.what) for fault in found.faults} if found else set()
        return tuple(one for one in self.told if one.as_written not in said)

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """The named conditions that it reads, with what each of them means."""
        named = dict.fromkeys(
            name for name in _NAME.findall(self.text(lenient=True)) if self.scope.is_value(name)
        )
        values = entries(self.around.bank, "values")
        found = []
        for name in named:
            value = values.get(name)
            rule = written(value.get("rule") if isinstance(value, dict) else value)
            if rule is not None:
                said = sentence(rule, self.around.scope, self.language)
                found.append(Meaning(self.scope.label(name, self.language), said.words))
        return tuple(found)

    @property
    def mode(self) -> str:
        """How it is written just now."""
        return self.one(".mode") if self.one(".mode") in self.modes else next(iter(self.modes))

    @property
    def modes(self) -> tuple[str, ...]:
        """How it may be written."""
        found = {"truth": (ROWS, TEXT), "number": (LADDER, TEXT), "any": (ROWS, LADDER, TEXT)}[
            self.shape.expect
        ]
        return (*found, UNKNOWN) if self.shape.may_be_untold else found

    @property
    def mode_choices(self) -> tuple[Choice, ...]:
        """How it may be written, as the modes are called."""
        names = {
            ROWS: self.say("Menus"),
            LADDER: self.say("Number by case"),
            TEXT: self.say("Expression"),
            UNKNOWN: self.say("Unknown") if self.shape.expect == "number" else self.say("Not published"),
        }
        return tuple(Choice(mode, names[mode]) for mode in self.modes)

    @property
    def steps(self) -> tuple[StepMenu, ...]:
        """The menus: one for a condition, one for each case of a ladder."""
        if self.mode == ROWS:
            return (StepMenu(self, self.scope, 0),)
        return tuple(StepMenu(self, self.scope, n) for n in numbers_below(self.inputs, ""))

    @property
    def _needed(self) -> bool:
        return self.shape.required and self.shape.expect == "truth"

    @property
    def _emptied(self) -> bool:
        """Whether there are rows to fill in and none is left, not a rule that nobody has written yet."""
        return ".0.join" in self.inputs

    @property
    def always(self) -> str:
        """What it means that there is no row."""
        if self.mode == ROWS and self.steps[0].groups:
            return self.say("No condition yet.")
        if self.shape.required and not self._emptied:
            return (
                self.say("Nothing here yet.")
                if self.shape.expect == "number"
                else self.say("No condition yet.")
            )
        if self.has(".0.join", "or"):
            return self.say("Never.")
        if self._unfinished:
            return self.say("There is no condition yet.")
        return self.say("Always.") if self.shape.required or self.shape.default else self.say("No condition.")

    @property
    def _unfinished(self) -> bool:
        """Whether a condition is wanted and not there: none was ever written, or a row is half filled."""
        begun = self.mode == ROWS and any(step.groups for step in self.steps)
        return begun or (self._needed and self.mode == ROWS and not self.has(".0.join", "and"))

    def as_expression(self) -> Inputs:
        """The rule as it is written in the file."""
        return {".mode": [TEXT], ".text": [written(self.raw) or ""]}

    def acted(self, action: str, where: str) -> Inputs:
        """The inputs after a button: a row more or less, a case more or less, another mode.

        How each row is compared is on the page from then on, so it counts as chosen.
        """
        found = {ending: list(values) for ending, values in self.inputs.items()}
        if self.mode in (ROWS, LADDER):
            for step in self.steps:
                found |= step.comparisons_shown()
        match action:
            case "mode" if where in self.modes:
                return self._in_mode(where)
            case "row":
                found[f".{where}.{_next(found, f'.{where}')}.q"] = [""]
            case "group":
                found[f".{where}.{_next(found, f'.{where}')}.0.q"] = [""]
                found.setdefault(f".{where}.join", ["and"])
            case "step":
                found[f".{_next(found, '')}.0.0.q"] = [""]
            case "remove":
                begin = f".{where}"
                return {e: v for e, v in found.items() if e != begin and not e.startswith(f"{begin}.")}
        return found

    def _in_mode(self, mode: str) -> Inputs:
        """The same rule in another mode; as it is where that mode cannot show it."""
        text = self.text(lenient=True)
        if mode == TEXT:
            return {".mode": [TEXT], ".text": ["" if text == UNTOLD else text]}
        if mode == UNKNOWN:
            return {".mode": [UNKNOWN]}
        shown = rule_shown(None if text == UNTOLD else text or None, self)
        wanted = shown.get(".mode") == [mode]
        if not wanted and not text.strip():
            return {".mode": [mode]}
        return shown if wanted else self.inputs

    @property
    def beyond_menus(self) -> bool:
        """Whether the expression says more than menus can show."""
        if self.mode != TEXT or not self.one(".text").strip():
            return False
        return rule_shown(self.one(".text").strip(), self).get(".mode") == [TEXT]

    def _ladder_text(self, lenient: bool) -> str:
        steps: list[tuple[Rows, int]] = []
        faults: list[tuple[str, str]] = []
        for step in self.steps:
            try:
                number = self._number(f"{step.ending}.value", lenient)
                rows = step.rows(lenient)
            except Unreadable as error:
                faults += error.found
                continue
            if number is not None and rows.groups:
                steps.append((rows, number))
        otherwise = self._number(".else", lenient) if not faults or lenient else None
        if faults:
            raise Unreadable(*faults)
        if otherwise is None:
            if steps and not lenient:
                raise Unreadable((".else", self.say("Give the number for all other cases.")))
            return ""
        return rule_of_ladder(Ladder(tuple(steps), otherwise))

    def _number(self, ending: str, lenient: bool) -> int | None:
        low, high = (0, 100) if self.shape.name == "fit" else (None, None)
        try:
            number = typed_number(self, ending, low, high)
        except Unreadable:
            if lenient:
                return None
            raise
        if number is None and not lenient and ending != ".else":
            raise Unreadable((ending, self.say("Give the number for this case.")))
        return number

    def words(self) -> str:
        """The sentence."""
        found = self.sentence()
        return found.words if found else self.always


def rule_shown(text: str | None, field: RuleField) -> Inputs:
    """The inputs of a rule in the simplest mode that shows it whole."""
    if text is None:
        return {".mode": [field.modes[0]]}
    if text.strip() == UNTOLD and field.shape.may_be_untold:
        return {".mode": [UNKNOWN]}
    if ROWS in field.modes:
        rows = rows_of(text, field.scope)
        if rows is not None:
            return {".mode": [ROWS], **rows_shown(rows, 0)}
    ladder = ladder_of(text, field.scope) if LADDER in field.modes else None
    if ladder is None:
        return {".mode": [TEXT], ".text": [text]}
    found: Inputs = {".mode": [LADDER], ".else": [str(ladder.otherwise)]}
    for n, (rows, number) in enumerate(ladder.steps):
        found |= {**rows_shown(rows, n), f".{n}.value": [str(number)]}
    return found


def _next(inputs: Inputs, begin: str) -> int:
    return max(numbers_below(inputs, begin), default=-1) + 1


def _as_written(text: str) -> Any:
    """A rule as plain data: a number or truth is itself in a file."""
    if _WHOLE.match(text):
        return int(text)
    return {"true": True, "false": False}.get(text, text)
