"""What every view needs, in one place: settings, store, library, the calendar, and memories of what was made last."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app

from quizapp.config import Settings
from quizapp.editing.accounts import Accounts
from quizapp.editing.identity import Identity
from quizapp.editing.workshop import Workshop
from quizapp.engine.compiled import Compiled
from quizapp.library.library import Library
from quizapp.store.protocol import Store
from quizapp.store.records import Result
from quizapp.web.allowance import Allowance, Limit
from quizapp.web.edit.impacts import Impacts
from quizapp.web.explanations import Explanations
from quizapp.web.journey import Journey
from quizapp.web.pages.index import Index, index_of
from quizapp.web.pages.result import ResultPage
from quizapp.web.sheet import Sheet
from quizapp.web.shelf import Shelf

SHEETS = 600
BANKS = 20
TAKERS = 1_000
HOT_RESULTS = 50
MOST_AHEAD = 4
SAVES_A_MINUTE = 60
JAPAN = ZoneInfo("Asia/Tokyo")


def today_in_japan() -> date:
    """The day by which standings are judged."""
    return datetime.now(JAPAN).date()


@dataclass(frozen=True)
class Services:
    """Made once by ``create_app``; reached by views through ``services()``."""

    settings: Settings
    store: Store
    library: Library
    accounts: Accounts
    today: Callable[[], date] = today_in_japan
    identity: Identity | None = None
    saves: Limit = field(default_factory=lambda: Allowance(SAVES_A_MINUTE, 60.0))
    sheets: Shelf[Sheet] = field(default_factory=lambda: Shelf(SHEETS))
    indexes: Shelf[Index] = field(default_factory=lambda: Shelf(BANKS))
    journeys: Shelf[Journey] = field(default_factory=lambda: Shelf(TAKERS))
    tokens: Shelf[str] = field(default_factory=lambda: Shelf(TAKERS))
    owned: Shelf[bool] = field(default_factory=lambda: Shelf(TAKERS))
    pages: Shelf[ResultPage] = field(default_factory=lambda: Shelf(HOT_RESULTS))
    results: Shelf[Result] = field(default_factory=lambda: Shelf(HOT_RESULTS))
    impacts: Impacts = field(default_factory=Impacts)
    explanations: Explanations = field(default_factory=lambda: Explanations(HOT_RESULTS, MOST_AHEAD))

    @property
    def workshop(self) -> Workshop:
        """Where drafts are worked on."""
        return Workshop(self.store)

    def result(self, token: str) -> Result:
        """The result of that token, read from the store at most once a second.

        A link that goes round is opened by many at once. Raises NotFound; what this process deletes is
        gone at once (see ``forget_result``), what another deletes within the second.
        """
        return self.results.get((token, int(time.monotonic())), lambda: self.store.result(token))

    def forget_result(self) -> None:
        """Read results from the store again: one was deleted or changed."""
        self.results.forget()
        self.pages.forget()

    def index(self, compiled: Compiled) -> Index:
        """The parts of a bank by id, made once for each revision."""
        return self.indexes.get(compiled.revision, lambda: index_of(compiled.bank))


def services() -> Services:
    """The services of the application that answers this request."""
    return cast(Services, current_app.extensions["quizapp"])
