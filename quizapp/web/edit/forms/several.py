"""Fields of several values: ids, months, pairs, and tables from ids to words, ids or amounts."""

from __future__ import annotations

from typing import Any

from quizapp.editing.alter import GONE
from quizapp.web.edit.field_labels import choice_words
from quizapp.web.edit.forms.around import Choice
from quizapp.web.edit.forms.fields import Inputs, ShapeField, as_text, typed_number
from quizapp.web.edit.forms.simple import with_strangers

BLANK_ROWS = 1
MOST_ROWS = 100
MANY = 12


class IdsField(ShapeField):
    """Ids of parts of the bank, ticked by their names; the order that was written is kept."""

    look = "ticks"
    grouped = True

    def shown(self, raw: Any) -> Inputs:
        """A tick for each id."""
        return {"": [as_text(one) for one in raw] if isinstance(raw, list) else []}

    def taken(self, inputs: Inputs) -> Any:
        """Those that stay in their order, then what is new in the order of the bank."""
        ticked = [value for value in inputs.get("", []) if value]
        before = self.shown(self.raw)[""]
        found = [one for one in before if one in ticked] + [one for one in ticked if one not in before]
        return list(dict.fromkeys(found)) or GONE

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be ticked, what is ticked included."""
        known = self.around.candidates(self.shape.refers)
        return with_strangers(known, [*self.inputs.get("", []), *self.shown(self.raw)[""]], self)

    @property
    def many(self) -> bool:
        """Whether they are folded away."""
        return len(self.choices) > MANY

    def words(self) -> str:
        """The names of what is ticked."""
        names = {one.value: one.label for one in self.choices}
        return self.language.listed(names.get(one, one) for one in self.shown(self.raw)[""])


class NumbersField(IdsField):
    """Months of the year."""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The twelve months."""
        known = tuple(
            Choice(str(n), self._month(n)) for n in range(self.shape.low or 1, (self.shape.high or 12) + 1)
        )
        return with_strangers(known, [*self.inputs.get("", []), *self.shown(self.raw)[""]], self)

    def taken(self, inputs: Inputs) -> Any:
        """The months in the order of the year."""
        found = sorted(int(value) for value in set(inputs.get("", [])) if value.isdecimal())
        return found or GONE

    def _month(self, number: int) -> str:
        return str(self.language.locale.months["format"]["abbreviated"][number])


class OrderField(ShapeField):
    """Ids in an order that counts, one menu for each place."""

    look = "order"
    grouped = True

    def shown(self, raw: Any) -> Inputs:
        """A menu for each place."""
        return {f".{n}": [as_text(one)] for n, one in enumerate(raw if isinstance(raw, list) else [])}

    def taken(self, inputs: Inputs) -> Any:
        """The ids in their order."""
        found = [self.one(f".{n}") for n in row_numbers(inputs)]
        return [one for one in found if one] or GONE

    @property
    def rows(self) -> list[str]:
        """The endings of the menus, one blank at the end."""
        return [f".{n}" for n in spare(row_numbers(self.inputs))]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may stand in a place."""
        values = [value for values in self.inputs.values() for value in values]
        return with_strangers(self.around.candidates(self.shape.refers), values, self)

    @property
    def blank(self) -> str:
        """What choosing nothing is called."""
        return self.say("None")

    def words(self) -> str:
        """The names in their order."""
        names = {one.value: one.label for one in self.choices}
        return self.language.listed(names.get(as_text(one), as_text(one)) for one in self.raw or ())


class PairsField(OrderField):
    """Pairs of ids: the first ranks above the second."""

    look = "pairs"

    def shown(self, raw: Any) -> Inputs:
        """Two menus for each pair."""
        found: Inputs = {}
        for n, pair in enumerate(raw if isinstance(raw, list) else []):
            for side, one in enumerate(pair[:2] if isinstance(pair, list) else [pair]):
                found[f".{n}.{side}"] = [as_text(one)]
        return found

    def taken(self, inputs: Inputs) -> Any:
        """The pairs; half a pair is none."""
        found = [[self.one(f".{n}.0"), self.one(f".{n}.1")] for n in row_numbers(inputs)]
        return [pair for pair in found if all(pair)] or GONE

    def words(self) -> str:
        """The pairs by name."""
        names = {one.value: one.label for one in self.choices}
        pairs = [pair for pair in self.raw or () if isinstance(pair, list) and len(pair) == 2]
        return self.language.listed(
            " > ".join(names.get(as_text(one), as_text(one)) for one in pair) for pair in pairs
        )


class TableField(ShapeField):
    """A table whose keys are ids; the last rows are blank, and a row without its key is none."""

    grouped = True

    def shown(self, raw: Any) -> Inputs:
        """The key and the value of each row."""
        found: Inputs = {}
        for n, (key, value) in enumerate(raw.items() if isinstance(raw, dict) else ()):
            found[f".{n}.key"] = [str(key)]
            found |= {f".{n}{ending}": values for ending, values in self.row_shown(value).items()}
        return found

    def taken(self, inputs: Inputs) -> Any:
        """The rows that have a key; a row whose value is untouched keeps it."""
        before, shown, found = self.raw if isinstance(self.raw, dict) else {}, self.shown(self.raw), {}
        for n in row_numbers(inputs):
            key = self.one(f".{n}.key")
            if key:
                same = shown.get(f".{n}.key") == [key] and _row(shown, n) == _row(inputs, n)
                found[key] = before[key] if same else self.row_taken(f".{n}", key)
        return found or GONE

    def row_shown(self, value: Any) -> Inputs:
        """The inputs of one value."""
        raise NotImplementedError

    def row_taken(self, row: str, key: str) -> Any:
        """The value of one row."""
        raise NotImplementedError

    @property
    def rows(self) -> list[str]:
        """The endings of the rows, blank ones at the end."""
        return [f".{n}" for n in spare(row_numbers(self.inputs))]

    @property
    def keys(self) -> tuple[Choice, ...]:
        """What the keys may be."""
        values = [self.one(f"{row}.key") for row in self.rows]
        return with_strangers(self.around.candidates(self.shape.refers), values, self)

    def key_name(self, key: str) -> str:
        """What a key is called."""
        return next((one.label for one in self.keys if one.value == key), key)


class NamedChoicesField(TableField):
    """A table from ids to one of a few words."""

    look = "named_choices"

    def row_shown(self, value: Any) -> Inputs:
        """The word."""
        return {".value": [as_text(value)]}

    def row_taken(self, row: str, key: str) -> Any:
        """The word, the first where none was chosen."""
        return self.one(f"{row}.value") or self.shape.choices[0]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The words as they are called."""
        known = tuple(Choice(one, choice_words(self.shape, one, self.language)) for one in self.shape.choices)
        return with_strangers(known, [self.one(f"{row}.value") for row in self.rows], self)

    def words(self) -> str:
        """The rows."""
        pairs = (self.raw if isinstance(self.raw, dict) else {}).items()
        return self.language.listed(
            f"{self.key_name(key)}: {choice_words(self.shape, as_text(value), self.language)}"
            for key, value in pairs
        )


class NamedIdsField(TableField):
    """A table from ids to several ids each."""

    look = "named_ids"

    def row_shown(self, value: Any) -> Inputs:
        """A tick for each id; none at all is said by a tick of its own."""
        listed = [as_text(one) for one in value] if isinstance(value, list) else []
        return {".value": listed}

    def row_taken(self, row: str, key: str) -> Any:
        """The ids, in the order that was written where it was."""
        ticked = [value for value in self.inputs.get(f"{row}.value", []) if value]
        before = self.raw.get(key) if isinstance(self.raw, dict) else None
        kept = [one for one in before if one in ticked] if isinstance(before, list) else []
        return [*kept, *(one for one in ticked if one not in kept)]

    def options(self, row: str) -> tuple[Choice, ...]:
        """What may be ticked in a row, by its key."""
        known = self.around.candidates(self.shape.values_refer, self.one(f"{row}.key"))
        return with_strangers(known, self.inputs.get(f"{row}.value", []), self)

    def words(self) -> str:
        """The rows."""
        return self.language.listed(
            f"{self.key_name(self.one(f'{row}.key'))}: "
            + self.language.listed(
                one.label for one in self.options(row) if self.has(f"{row}.value", one.value)
            )
            for row in self.rows
            if self.one(f"{row}.key")
        )


class NamedAmountsField(TableField):
    """A table from items to how far each limit is exceeded; an item without amounts exceeds none."""

    look = "named_amounts"

    def row_shown(self, value: Any) -> Inputs:
        """The amount of each limit."""
        amounts = value if isinstance(value, dict) else {}
        return {f".value.{limit}": [as_text(amount)] for limit, amount in amounts.items()}

    def row_taken(self, row: str, key: str) -> Any:
        """The amounts by limit."""
        begin = f"{row}.value."
        found = {}
        for ending in self.inputs:
            if ending.startswith(begin):
                amount = typed_number(self, ending, None, None)
                if amount is not None:
                    found[ending.removeprefix(begin)] = amount
        return found

    def limits(self, row: str) -> tuple[Choice, ...]:
        """The limits of the bank, and what else is named in a row."""
        begin = f"{row}.value."
        named = [ending.removeprefix(begin) for ending in self.inputs if ending.startswith(begin)]
        return with_strangers(self.around.candidates(self.shape.values_refer), named, self)

    def words(self) -> str:
        """The rows."""
        return self.language.listed(
            f"{self.key_name(self.one(f'{row}.key'))}: {self._amounts(row)}"
            for row in self.rows
            if self.one(f"{row}.key")
        )

    def _amounts(self, row: str) -> str:
        given = [(one.label, self.one(f"{row}.value.{one.value}")) for one in self.limits(row)]
        return self.language.listed(f"{label} {amount}" for label, amount in given if amount)


def row_numbers(inputs: Inputs) -> list[int]:
    """The numbers of the rows that were sent, in their order."""
    words = {ending.split(".")[1] for ending in inputs if ending.startswith(".")}
    return sorted(int(word) for word in words if word.isdecimal() and len(word) < 4)[:MOST_ROWS]


def spare(numbers: list[int]) -> list[int]:
    """Row numbers with blank ones behind."""
    after = numbers[-1] + 1 if numbers else 0
    return [*numbers, *range(after, after + BLANK_ROWS)]


def _row(inputs: Inputs, n: int) -> dict[str, list[str]]:
    begin = f".{n}."
    return {
        ending: sorted(value for value in values if value)
        for ending, values in inputs.items()
        if ending.startswith(begin) and any(values)
    }
