"""A draft as the stage of a quiz: one version of it, on one day, below an address of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from quizapp.engine.compiled import Compiled
from quizapp.errors import NotFound
from quizapp.i18n import Language
from quizapp.web.edit.preview_memory import Compartment
from quizapp.web.stage import Banner
from quizapp.web.taker import Taker

_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")


def day_of(text: str) -> date | None:
    """A day of this century as addresses and date fields write it; None for anything else.

    >>> day_of("2026-11-22"), day_of("2026-02-30"), day_of("1999-01-01")
    (datetime.date(2026, 11, 22), None, None)
    """
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class DraftStage:
    """The draft that a link shows; what is answered is kept apart, and no result is kept."""

    token: str = field(repr=False)
    day: date
    compiled: Compiled
    memory: Compartment = field(repr=False)

    @property
    def slug(self) -> str:
        """The bank whose draft it is."""
        return self.compiled.bank.bank

    @property
    def root(self) -> str:
        """Secret and day: one address shows one thing, however many are open side by side."""
        return f"/preview/{self.token}/{self.day.isoformat()}"

    @property
    def unkept_result(self) -> str:
        """The result of the answers that this browser gave."""
        return f"{self.root}/result"

    def today(self) -> date:
        """The day that was chosen."""
        return self.day

    def newest(self, slug: str) -> Compiled:
        """The draft; NotFound for any other bank."""
        if slug != self.slug:
            raise NotFound(f"this is no preview of {slug!r}")
        return self.compiled

    def taken(self, slug: str) -> Compiled:
        """The same: a link shows one version for ever."""
        return self.newest(slug)

    def taker(self) -> Taker:
        """Whoever tries it out."""
        return Taker(self.memory, lasts=False)

    def banner(self, language: Language) -> Banner:
        """That this is a draft, and the day."""
        day = language.day(self.day)
        words = language.say("Preview of a draft (as of %(day)s) — not published yet", day=day)
        return Banner(words, self.root)

    def staged(self, page: str) -> str:
        """The page with the draft's own addresses moved below the root.

        The takers' templates say where things are on the live site. Moving them here, once, lets no
        template lead out of a preview by forgetting about it. Only a template can have written what is
        looked for: in the words of a bank every quotation mark is escaped.
        """
        own = rf'(?<= )(href|action)="(/(?:quiz|about)/{re.escape(self.slug)}(?=[/"?#])|/forget(?="))'
        return re.sub(own, lambda found: f'{found[1]}="{self.root}{found[2]}', page)
