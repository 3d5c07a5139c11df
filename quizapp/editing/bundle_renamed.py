"""A bank that is imported under another id than its file says."""

from __future__ import annotations

import re

from quizapp.editing.bundle import Bundle
from quizapp.editing.new_bank import name_problems
from quizapp.editing.workshop import file_of, read
from quizapp.errors import Invalid, Problem, Where, told

# Nothing but a key of the whole file begins at the very left; values of several lines are indented.
_LINE = re.compile(r"^(bank[ \t]*:[ \t]*)(\"[^\"\r\n]*\"|'[^'\r\n]*'|[^\s#]+)", re.MULTILINE)


def renamed(bundle: Bundle, slug: str) -> Bundle:
    """The same bank and cases under that id; comments and layout stay as they are.

    Raises Invalid for an id that no bank can have, and where the text does not say which bank it is.
    """
    if wrong := name_problems(slug, Where("as")):
        raise Invalid(wrong)
    text, count = _LINE.subn(lambda found: f"{found[1]}{slug}", bundle.text, count=1)
    said = read(text, file_of(slug, "bank")).data
    if not count or (isinstance(said, dict) and said.get("bank") != slug):
        what, why = told("the id cannot be changed"), told("no line of the text begins with bank:")
        raise Invalid(
            [Problem(Where("as"), "not_renamed", what, why, told("begin the file with bank: <name>"))]
        )
    return Bundle(slug, text, bundle.cases)
