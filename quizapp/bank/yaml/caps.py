"""What a YAML text must not exceed before anything scans it: size, characters, brackets on one line."""

from __future__ import annotations

import re

from quizapp.errors import Invalid, Problem, Where, told

MAX_BYTES = 256 * 1024
MAX_DEPTH = 24
_MAX_OPEN_BRACKETS = 64
_MOST_TOLD = 50

# Controls, invisible line breaks, marks that turn the direction of writing, and half characters.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LONE_RETURN = re.compile("\r(?!\n)")


def refuse_size(size: int, file: str) -> None:
    """Raises Invalid for more than 256 KB."""
    if size > MAX_BYTES:
        raise Invalid(
            [
                Problem(
                    Where(file),
                    "too_large",
                    told("the file has %(size)s bytes", size=f"{size:,}"),
                    told("%(most)s is the most", most=f"{MAX_BYTES:,}"),
                    told("move long texts out, or split the bank in two"),
                )
            ]
        )


def refuse_characters(text: str, file: str) -> None:
    """Raises Invalid with every character that cannot be seen and does not belong in a text."""
    found = [*FORBIDDEN.finditer(text), *_LONE_RETURN.finditer(text)][:_MOST_TOLD]
    problems = []
    for match in found:
        index = match.start()
        where = Where(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
        problems.append(
            Problem(
                where,
                "bad_character",
                told("there is an invisible character (U+%(code)s)", code=f"{ord(match.group()):04X}"),
                told("control characters cannot be seen and can hide or break text"),
                told("save the file as UTF-8 without a byte order mark")
                if match.group() == "\ufeff"
                else told("delete it"),
            )
        )
    if problems:
        raise Invalid(problems)


def refuse_open_brackets(text: str, file: str) -> None:
    """Raises Invalid for a line that opens many brackets; scanning it costs the square of their number."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count("[") + line.count("{") <= _MAX_OPEN_BRACKETS:
            continue
        depth = 0
        for column, character in enumerate(line, start=1):
            depth = max(0, depth + (character in "[{") - (character in "]}"))
            if depth > _MAX_OPEN_BRACKETS:
                raise Invalid([too_deep(Where(file, number, column))])


def too_deep(where: Where) -> Problem:
    """The problem of nesting beyond the cap."""
    return Problem(
        where,
        "too_deep",
        told("lists and maps are nested too deeply"),
        told("%(most)s levels are the most", most=MAX_DEPTH),
        told("close the brackets, or check the indentation"),
    )
