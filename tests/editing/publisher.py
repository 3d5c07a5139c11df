"""Publishes once from a process of its own, and kills it at the given call that touches the disk."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quizapp.editing.publishing import publish
from tests.editing.desk import ON, Desk

_calls = 0


def killing(real: Callable[..., Any], at: int) -> Callable[..., Any]:
    """The same function, but the call of that number (over all functions) ends the process instead."""

    def counted(*given: Any, **named: Any) -> Any:
        global _calls
        _calls += 1
        if _calls == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)

    return counted


def main(folder: Path, draft: str, at: int) -> None:
    desk = Desk(folder).start()
    found = desk.store.draft(draft)
    # From here on: before the journal, the publication, each file, the mark, the draft's closing, the log.
    os.replace = killing(os.replace, at)
    os.fsync = killing(os.fsync, at)
    os.chmod = killing(os.chmod, at)
    Path.unlink = killing(Path.unlink, at)  # type: ignore[method-assign]
    for name in ("publish", "mark_in_step", "close_draft", "record"):
        setattr(desk.store, name, killing(getattr(desk.store, name), at))
    publish(desk.store, desk.library, desk.workshop, found, desk.editor(), "fee", "new outcome", ON)
    print("published", flush=True)
    desk.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
