"""Checks that texts fit the page and stand in their own language; all of it warnings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.bank.inspection import Inspection
from quizapp.bank.model import Text
from quizapp.bank.nodes import Path
from quizapp.errors import Problem

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
    both = (("ja", "Japanese", text.ja, longest), ("en", "English", text.en, longest * 2))
    for key, language, written, most in both:
        if len(written) > most:
            yield inspection.problem(
                (*path, key),
                "long_text",
                f'"{path[-1]}" has {len(written)} characters in {language}',
                f"more than {most} do not fit a phone well",
                "shorten it, or move a part to note:",
                warning=True,
            )


def _language(inspection: Inspection, path: Path, text: Text) -> Iterator[Problem]:
    if len(text.ja) >= _LONG_ENOUGH_TO_TELL and not _JAPANESE.search(text.ja):
        yield inspection.problem(
            (*path, "ja"),
            "not_translated",
            "the Japanese text has no Japanese in it",
            "readers of Japanese would get another language",
            "translate it",
            warning=True,
        )
    if len(_JAPANESE.findall(text.en)) * 2 > len(text.en):
        yield inspection.problem(
            (*path, "en"),
            "not_translated",
            "the English text is mostly Japanese",
            "readers of English would get another language",
            "translate it",
            warning=True,
        )
