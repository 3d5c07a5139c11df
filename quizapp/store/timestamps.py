"""Moments as the store writes them: UTC, ISO 8601, one width, so that text order is time order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The moment it is, in UTC."""
    return datetime.now(UTC)


def as_text(moment: datetime) -> str:
    """The moment as kept; raises ``ValueError`` for one without a time zone.

    >>> from datetime import timedelta, timezone
    >>> as_text(datetime(2026, 11, 22, 9, tzinfo=timezone(timedelta(hours=9))))
    '2026-11-22T00:00:00.000000+00:00'
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def as_time(text: str) -> datetime:
    """The moment that was kept."""
    return datetime.fromisoformat(text)
