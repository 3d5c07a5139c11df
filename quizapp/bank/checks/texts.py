"""Checks that texts fit the page and stand in their own language; all of it warnings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.bank.checks.inspection import Inspection
from quizapp.bank.model import Text
from quizapp.bank.yaml.nodes import Path
from quizapp.errors import Key, Problem, told

# The most characters of a Japanese text by the field that holds it; an English one may be twice as long.
LONGEST = {"name": 50, "short": 24, "label": 60, "ask": 90, "title": 50, "hint": 140, "why": 160, "text": 300}
LONGEST_OTHER = 400
_JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
_LONG_ENOUGH_TO_TELL = 24


def check_texts(inspection: Inspection) -> Iterator[Problem]:
    """Texts too long for a page, and texts that look untranslated."""
    for path, text in inspection.parts_of(Text):
        yield from _length(inspection, path, text)
        yield from _language(inspection, path, text)


def _length(inspection: Inspection, path: Path, text: Text) -> Iterator[Problem]:
    longest = LONGEST.get(str(path[-1]), LONGEST_OTHER)
    both = (("ja", told("Japanese"), text.ja, longest), ("en", told("English"), text.en, longest * 2))
    for key, language, written, most in both:
        if len(written) > most:
            yield inspection.problem(
                (*path, key),
                "long_text",
                told(
                    '"%(field)s" has %(count)s characters in %(language)s',
                    field=Key(path[-1]),
                    count=len(written),
                    language=language,
                ),
                told("more than %(most)s do not fit a phone well", most=most),
                told("shorten it, or move a part to note:"),
                warning=True,
            )


def _language(inspection: Inspection, path: Path, text: Text) -> Iterator[Problem]:
    if len(text.ja) >= _LONG_ENOUGH_TO_TELL and not _JAPANESE.search(text.ja):
        yield inspection.problem(
            (*path, "ja"),
            "not_translated",
            told("the Japanese text has no Japanese in it"),
            told("readers of Japanese would get another language"),
            told("translate it"),
            warning=True,
        )
    if len(_JAPANESE.findall(text.en)) * 2 > len(text.en):
        yield inspection.problem(
            (*path, "en"),
            "not_translated",
            told("the English text is mostly Japanese"),
            told("readers of English would get another language"),
            told("translate it"),
            warning=True,
        )
