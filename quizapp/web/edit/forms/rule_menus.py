"""A rule's rows of menus as inputs: what each row offers, and the rows that the inputs say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from quizapp.bank.rows.rows import Answer, Comparison, Group, Join, Row, Rows, comparisons_for
from quizapp.bank.rows.scope import RuleScope, Subject
from quizapp.bank.rows.shapes import SEVERAL, other
from quizapp.bank.sentences.sentence import comparison_words
from quizapp.rules.tree import ChoiceOf, Day, Number, SetOf
from quizapp.web.edit.forms.around import Choice
from quizapp.web.edit.forms.fields import Inputs, ShapeField, Unreadable, whole_number

MOST = 40
MOST_NUMBER = 1_000_000_000


def rows_shown(rows: Rows, step: int) -> Inputs:
    """The inputs of the rows of one step."""
    found: Inputs = {f".{step}.join": [rows.join]}
    for g, group in enumerate(rows.groups):
        for r, row in enumerate(group.rows):
            begin = f".{step}.{g}.{r}"
            found |= {f"{begin}.q": [row.subject], f"{begin}.c": [row.comparison]}
            found[f"{begin}.a"] = [answer_text(answer) for answer in row.answers]
    return found


def answer_text(answer: Answer) -> str:
    """An answer as it stands in an input."""
    return answer.isoformat() if isinstance(answer, date) else str(answer)


def numbers_below(inputs: Inputs, begin: str) -> list[int]:
    """The numbers that follow a beginning in the inputs' names, in their order."""
    words = {ending[len(begin) + 1 :].split(".")[0] for ending in inputs if ending.startswith(f"{begin}.")}
    return sorted(int(word) for word in words if word.isdecimal() and len(word) < 3)[:MOST]


@dataclass(frozen=True)
class RowMenu:
    """One row: a question, a comparison and answers, as far as they are chosen."""

    field: ShapeField
    scope: RuleScope
    ending: str

    @property
    def name(self) -> str:
        """What its inputs' names begin with."""
        return f"{self.field.name}{self.ending}"

    @cached_property
    def subject(self) -> Subject | None:
        """What it speaks of; None while nothing is chosen."""
        return self.scope.subjects.get(self.field.one(f"{self.ending}.q"))

    @property
    def subjects(self) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
        """What it may speak of, in groups."""
        say, language = self.field.say, self.field.language
        groups: dict[str, list[Choice]] = {
            say("Questions"): [],
            say("Named conditions"): [],
            say("Other"): [],
        }
        asked, named, others = groups.values()
        for name, subject in self.scope.subjects.items():
            row = asked if subject.asked else named if self.scope.is_value(name) else others
            row.append(Choice(name, language.text(subject.label)))
        return tuple((title, tuple(choices)) for title, choices in groups.items() if choices)

    @cached_property
    def comparisons(self) -> tuple[Choice, ...]:
        """How it may be compared."""
        if self.subject is None:
            return ()
        found = comparisons_for(self.subject)
        return tuple(Choice(one, comparison_words(one, self.subject, self.field.language)) for one in found)

    @cached_property
    def comparison(self) -> Comparison | None:
        """How it is compared; the first way where another question was chosen."""
        if self.subject is None:
            return None
        found, chosen = comparisons_for(self.subject), self.field.one(f"{self.ending}.c")
        return next((one for one in found if one == chosen), found[0])

    @property
    def compared(self) -> bool:
        """Whether somebody saw how it is compared: without a script the menu is not there at first."""
        return len(self.comparisons) == 1 or self.field.one(f"{self.ending}.c") == self.comparison

    @property
    def asks(self) -> str:
        """What its answers are: nothing, option, options, number, numbers, day or days."""
        if self.subject is None or self.comparison in (None, "yes", "no", "holds", "fails"):
            return ""
        if self.comparison in ("count_at_least", "count_at_most", "count_is"):
            return "number"
        kind = self.subject.kind
        two = self.comparison == "between"
        if isinstance(kind, Day):
            return "days" if two else "day"
        if isinstance(kind, Number):
            return "numbers" if two else "number"
        return "options" if self.comparison in SEVERAL else "option"

    @property
    def options(self) -> tuple[Choice, ...]:
        """The options of the question."""
        if self.subject is None or not isinstance(self.subject.kind, ChoiceOf | SetOf):
            return ()
        language = self.field.language
        return tuple(Choice(id, language.text(words)) for id, words in self.subject.options.items())

    def answer(self, place: int = 0) -> str:
        """What stands in an input for an answer."""
        given = self.field.inputs.get(f"{self.ending}.a", [])
        return given[place] if place < len(given) else ""

    def chosen(self, option: str) -> bool:
        """Whether an option is chosen."""
        return self.field.has(f"{self.ending}.a", option)

    @property
    def unit(self) -> str:
        """What its number counts."""
        kind = self.subject.kind if self.subject else None
        if not isinstance(kind, Number) or kind.unit == "none" or self.asks not in ("number", "numbers"):
            return ""
        if self.subject and self.subject.counts_age:
            return self.field.say("years old")
        return self.field.say(str(kind.unit))

    def row(self) -> Row | None:
        """The row that the inputs say, None while no question is chosen. Raises Unreadable."""
        if self.subject is None or self.comparison is None:
            return None
        if not self.compared:
            say = self.field.say("Complete this row: choose how it is compared.")
            raise Unreadable((f"{self.ending}.c", say))
        if not self.asks:
            return Row(self.subject.name, self.comparison)
        answers = self._answers()
        wanted = 2 if self.asks in ("numbers", "days") else 1
        if len(answers) < wanted:
            raise Unreadable(
                (f"{self.ending}.a", self.field.say("Complete this row: give what to compare with."))
            )
        return Row(
            self.subject.name, self.comparison, answers if self.asks == "options" else answers[:wanted]
        )

    def _answers(self) -> tuple[Answer, ...]:
        given = [value for value in self.field.inputs.get(f"{self.ending}.a", []) if value.strip()]
        if self.asks in ("option", "options"):
            known = {one.value for one in self.options}
            return tuple(value for value in dict.fromkeys(given) if value in known)
        if self.asks in ("day", "days"):
            return tuple(self._day(value) for value in given)
        return tuple(self._number(value) for value in given)

    def _number(self, value: str) -> int:
        return whole_number(value, f"{self.ending}.a", self.field, -MOST_NUMBER, MOST_NUMBER)

    def _day(self, value: str) -> date:
        try:
            return date.fromisoformat(value.strip().replace("/", "-"))
        except ValueError:
            words = self.field.say("Give a day such as 2026-11-22.")
            raise Unreadable((f"{self.ending}.a", words)) from None


@dataclass(frozen=True)
class GroupMenu:
    """Rows that stand together under the join that is not the rule's own."""

    ending: str
    rows: tuple[RowMenu, ...]


@dataclass(frozen=True)
class StepMenu:
    """The rows of one rule, or of one case of a value by cases."""

    field: ShapeField
    scope: RuleScope
    number: int

    @property
    def ending(self) -> str:
        """What the endings of its inputs begin with."""
        return f".{self.number}"

    @property
    def join(self) -> Join:
        """How its groups are joined."""
        return "or" if self.field.one(f"{self.ending}.join") == "or" else "and"

    @property
    def inner(self) -> Join:
        """How the rows of a group are joined."""
        return other(self.join)

    @cached_property
    def groups(self) -> tuple[GroupMenu, ...]:
        """Its groups in their order."""
        found = []
        for g in numbers_below(self.field.inputs, self.ending):
            begin = f"{self.ending}.{g}"
            rows = [
                RowMenu(self.field, self.scope, f"{begin}.{r}")
                for r in numbers_below(self.field.inputs, begin)
            ]
            found.append(GroupMenu(begin, tuple(rows)))
        return tuple(group for group in found if group.rows)

    def comparisons_shown(self) -> Inputs:
        """The inputs of the comparisons that its menus show, those that nobody chose included."""
        menus = [menu for group in self.groups for menu in group.rows if menu.comparison]
        return {f"{menu.ending}.c": [str(menu.comparison)] for menu in menus}

    def rows(self, lenient: bool = False) -> Rows:
        """The rows that are complete. Raises Unreadable for any that is not, unless ``lenient``."""
        groups: list[Group] = []
        faults: list[tuple[str, str]] = []
        for group in self.groups:
            rows = []
            for menu in group.rows:
                try:
                    row = menu.row()
                except Unreadable as error:
                    faults += error.found
                    continue
                if row is not None:
                    rows.append(row)
            if rows:
                groups.append(Group(self.inner, tuple(rows)))
        if faults and not lenient:
            raise Unreadable(*faults)
        return Rows(self.join if groups or not self.groups else "and", tuple(groups))
