"""What the single fields of a bank may hold: ids, texts, rules as text, amounts and units."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

MAX_TEXT = 1_000
MAX_RULE = 1_000

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=64)]
Line = Annotated[str, StringConstraints(pattern=r"^\d+(-\d+)?(,\d+(-\d+)?)*$", max_length=40)]
Url = Annotated[str, StringConstraints(pattern=r"^(https?://|mailto:)[^\s<>\"']+$", max_length=400)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT, strip_whitespace=True)]


def _as_text(value: object) -> object:
    """YAML reads ``18`` as a number and ``true`` as a truth value; both are rules too."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else value


def _line_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_Expression = Annotated[str, StringConstraints(min_length=1, max_length=MAX_RULE)]
Rule = Annotated[_Expression, BeforeValidator(_as_text, json_schema_input_type=_Expression | int | bool)]
LineRange = Annotated[Line, BeforeValidator(_line_text, json_schema_input_type=Line | int)]
Percent = Annotated[int, Field(ge=0, le=100)]
Yen = Annotated[int, Field(ge=0, le=100_000_000)]
UNKNOWN = Literal["unknown"]
UNTOLD = "unknown"


class Frozen(BaseModel):
    """The manners of every part of a bank: no stray fields, no change after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Frozen):
    """The same words in both languages."""

    ja: ShortText
    en: ShortText


class Unit(StrEnum):
    """What a number counts. Rules may not mix units."""

    YEARS = "years"
    MONTHS = "months"
    WEEKS = "weeks"
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    YEN = "yen"
    PERCENT = "percent"
    PEOPLE = "people"
    QUESTIONS = "questions"
    POINTS = "points"
    NONE = "none"
