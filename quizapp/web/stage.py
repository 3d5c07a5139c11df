"""Where a quiz is taken: on what is live, today; or, as a preview, on a draft and on a day of one's choice.

Views ask the stage for the bank, the day, the browser's memory and addresses, and so serve both. That
there are drafts and links to them is known to the stage that shows one (``edit.draft_stage``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from flask import g

from quizapp.engine.compiled import Compiled
from quizapp.errors import NotFound
from quizapp.i18n import Language
from quizapp.web.journey import screen_path
from quizapp.web.services import services
from quizapp.web.taker import Taker, taker


@dataclass(frozen=True)
class Banner:
    """What stands above every page of a preview: what it is, in words, and where to change or leave it."""

    words: str
    href: str


class Stage(Protocol):
    """What a quiz is played on during one request."""

    @property
    def root(self) -> str:
        """What its addresses begin with; empty for the live one."""
        ...

    @property
    def unkept_result(self) -> str | None:
        """The address of a result that is shown without being kept; None where results are kept."""
        ...

    def today(self) -> date:
        """The day by which standings are judged."""
        ...

    def newest(self, slug: str) -> Compiled:
        """The bank as somebody who begins it now meets it; raises NotFound."""
        ...

    def taken(self, slug: str) -> Compiled:
        """The bank as this taker began it; raises NotFound."""
        ...

    def taker(self) -> Taker:
        """The browser's memory."""
        ...

    def banner(self, language: Language) -> Banner | None:
        """What every page says above its content; None on the live one."""
        ...

    def staged(self, page: str) -> str:
        """A rendered page as it is shown here."""
        ...


class Live:
    """The published banks, today."""

    root = ""
    unkept_result = None

    def today(self) -> date:
        """The day in Japan."""
        return services().today()

    def newest(self, slug: str) -> Compiled:
        """The revision that is live."""
        return services().library.live(slug)

    def taken(self, slug: str) -> Compiled:
        """The revision that was live at the beginning: a publish in between changes nothing for them."""
        live = self.newest(slug)
        pinned = self.taker().pinned(slug)
        if pinned is None or pinned == live.revision:
            return live
        try:
            found = services().library.pinned(pinned)
        except NotFound:
            return live
        return found if found.bank.bank == slug else live

    def taker(self) -> Taker:
        """Whoever sent the request."""
        return taker()

    def banner(self, language: Language) -> None:
        """None: this is what the pages are made for."""

    def staged(self, page: str) -> str:
        """The page as it is."""
        return page


LIVE = Live()


def stage() -> Stage:
    """The stage of this request."""
    found: Stage = g.get("stage", LIVE)
    return found


def set_stage(chosen: Stage) -> None:
    """Serve the rest of this request on that stage."""
    g.stage = chosen


def at(bank: str, screen: str | None, back_to_check: bool = False) -> str:
    """The address of a screen on the stage of this request, see ``screen_path``."""
    return stage().root + screen_path(bank, screen, back_to_check)
