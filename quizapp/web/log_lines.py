"""How log records are written: lines for eyes, or one JSON object a line for machines."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime

from quizapp.config import Settings

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def begin_logging(settings: Settings) -> None:
    """Write to standard error what the settings ask for, as they ask for it."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if settings.log_format == "json" else logging.Formatter(TEXT))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler])
    logging.getLogger("psycopg.pool").addFilter(_only_kinds)


def _only_kinds(record: logging.LogRecord) -> bool:
    """Of an error only its kind: what the database's library says may hold addresses and names, and so a connection."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            one if isinstance(one, str | int | float) else type(one).__name__ for one in record.args
        )
    return True


class JsonLines(logging.Formatter):
    """A record as one JSON object: when, how grave, from where, and what it says.

    Of an error its kind and place are written and not its words, which may hold what somebody typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if isinstance(record.msg, dict):
            line |= record.msg
        else:
            line["says"] = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            line["error"] = type(record.exc_info[1]).__name__
            line["trace"] = "".join(traceback.format_tb(record.exc_info[2]))
        return json.dumps(line, ensure_ascii=False, default=str)
