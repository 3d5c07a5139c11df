"""What a statement rests on: source, lines, date, doubts, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from quizapp.bank.model import Cited, Fact, Source, Text
from quizapp.i18n import Language
from quizapp.web.pages.index import Index


@dataclass(frozen=True)
class Evidence:
    """One line under a statement: where it comes from, and when it was checked."""

    source: str
    lines: str = ""
    checked: str = ""
    until: str = ""
    anchor: str = ""
    outside: bool = False
    doubt: str = ""


@dataclass(frozen=True)
class Caution:
    """Something to know, with what it rests on; ``about`` names the item it is said of."""

    text: str
    evidence: Evidence | None
    about: str = ""


def evidence(cited: Cited, index: Index, language: Language) -> Evidence | None:
    """What it rests on, None where it names no source."""
    source = index.source(cited)
    if source is None:
        return None
    doubt = cited.doubt if isinstance(cited, Fact) else None
    return Evidence(
        source=language.text(source.title),
        lines=language.say("lines %(lines)s", lines=cited.line) if cited.line else "",
        checked=_checked(cited.checked or source.seen, language),
        until=language.say("valid until %(day)s", day=language.day(cited.until)) if cited.until else "",
        anchor=f"source-{cited.source}",
        outside=source.outside,
        doubt=language.text(doubt),
    )


def _checked(day: date, language: Language) -> str:
    return language.say("checked %(day)s", day=language.day(day))


def caution(said: Cited, text: Text, index: Index, language: Language, about: str = "") -> Caution:
    """A note as it is shown."""
    return Caution(language.text(text), evidence(said, index, language), about)


def checked_on(sources: dict[str, Source]) -> date | None:
    """The last day on which every source of a bank had been read; None without sources."""
    return min((source.seen for source in sources.values()), default=None)
