"""What every view needs, in one place: settings, store, library, the calendar and two memories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app

from quizapp.config import Settings
from quizapp.engine.compiled import Compiled
from quizapp.library import Library
from quizapp.store.protocol import Store
from quizapp.web.allowance import Allowance
from quizapp.web.pages.index import Index, index_of
from quizapp.web.sheet import Sheet
from quizapp.web.shelf import Shelf

SHEETS = 200
BANKS = 20
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
    today: Callable[[], date] = today_in_japan
    saves: Allowance = field(default_factory=lambda: Allowance(SAVES_A_MINUTE, 60.0))
    sheets: Shelf[Sheet] = field(default_factory=lambda: Shelf(SHEETS))
    indexes: Shelf[Index] = field(default_factory=lambda: Shelf(BANKS))

    def index(self, compiled: Compiled) -> Index:
        """The parts of a bank by id, made once for each revision."""
        return self.indexes.get(compiled.revision, lambda: index_of(compiled.bank))


def services() -> Services:
    """The services of the application that answers this request."""
    return cast(Services, current_app.extensions["quizapp"])
