"""Bringing banks in and beginning new ones: what was typed, and every problem with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizapp.errors import Problem
from quizapp.i18n import Language
from quizapp.web.assets import asset_path
from quizapp.web.edit.pages.trail import Crumb


@dataclass(frozen=True)
class ImportPage:
    """A file to bring in. ``problems`` say why the last one was refused, ``other`` is the id typed for it."""

    trail: tuple[Crumb, ...]
    problems: tuple[str, ...] = ()
    other: str = ""
    style: str = field(default_factory=lambda: asset_path("desk-pages.css"))


@dataclass(frozen=True)
class NewPage:
    """A new bank: its id and its title in both languages."""

    trail: tuple[Crumb, ...]
    slug: str = ""
    title_ja: str = ""
    title_en: str = ""
    mistakes: tuple[str, ...] = ()
    style: str = field(default_factory=lambda: asset_path("desk-pages.css"))


def way_to(words: str, language: Language) -> tuple[Crumb, ...]:
    """From the list of banks to a page that belongs to none of them."""
    return Crumb(language.say("Banks"), "/edit"), Crumb(words)


def import_page(problems: tuple[Problem, ...], language: Language, other: str = "") -> ImportPage:
    """The page, with every problem of the file that was sent."""
    return ImportPage(
        way_to(language.say("Import"), language),
        tuple(f"{one.where}: {language.told_in_a_line((one.what, one.why, one.fix))}" for one in problems),
        other,
    )


def new_page(given: tuple[str, str, str], mistakes: tuple[str, ...], language: Language) -> NewPage:
    """The page, with what was typed and what is wrong with it."""
    return NewPage(way_to(language.say("New bank"), language), *given, mistakes)
