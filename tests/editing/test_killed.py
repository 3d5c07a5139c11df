"""kill -9 while a bank is published: files are old or new, the next start settles it, nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from quizapp.editing.publishing import publish
from tests.editing.desk import CASES, ON, Desk, bank

ROOT = Path(__file__).parents[2]
OLD = (bank(), CASES.format(first="first"))
NEW = (bank().replace("job: 90", "job: 5"), CASES.format(first="second"))
MOST_CALLS = 40

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX systems")


def killed_at(folder: Path, draft: str, call: int) -> bool:
    """Whether the publisher was killed; False once it has fewer calls than that."""
    command = [sys.executable, "-m", "tests.editing.publisher", str(folder), draft, str(call)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def settle(folder: Path, call: int) -> str:
    """What a start after the kill comes to: which state is live, with files, store and draft agreeing."""
    desk = Desk(folder)
    texts = desk.file(), desk.cases().read_text(encoding="utf-8")
    assert texts[0] in (OLD[0], NEW[0]) and texts[1] in (OLD[1], NEW[1]), f"half a file at call {call}"
    desk.start()
    try:
        head = desk.store.newest("trainer")
        live = desk.store.text_of(head.number), desk.store.cases_of(head.number)
        assert live in (OLD, NEW)
        assert (desk.file(), desk.cases().read_text(encoding="utf-8")) == live, (
            f"not in step after call {call}"
        )
        assert desk.library.problems() == ()
        assert len(desk.store.history("trainer")) == (1 if live == OLD else 2)
        draft = (*desk.store.open_drafts("trainer"), *desk.store.closed_drafts("trainer"))[0]
        kept = desk.store.draft(draft.id)
        assert (kept.text, kept.cases) == NEW
        if live == OLD:
            publish(desk.store, desk.library, desk.workshop, kept, desk.editor(), "again", "so be it", ON)
            assert (desk.file(), desk.cases().read_text(encoding="utf-8")) == NEW
        assert not [name for name in os.listdir(desk.questions) if name.endswith(".writing")] or live == OLD
        return "old" if live == OLD else "new"
    finally:
        desk.close()


@pytest.mark.slow
def test_a_kill_at_any_step_leaves_old_or_new_and_the_next_start_settles_it(tmp_path: Path) -> None:
    came_to = []
    for call in range(1, MOST_CALLS):
        folder = tmp_path / str(call)
        folder.mkdir()
        desk = Desk(folder)
        desk.write(*OLD)
        draft = desk.start().draft(*NEW)
        desk.close()
        if not killed_at(folder, draft.id, call):
            break
        came_to.append(settle(folder, call))
    else:
        pytest.fail("there are more steps than were tried")
    assert len(came_to) >= 12
    assert came_to == sorted(came_to, key=["old", "new"].index), "once new, always new"
    assert {"old", "new"} <= set(came_to)


def test_what_somebody_edits_after_the_kill_is_not_overwritten(desk: Desk) -> None:
    draft = desk.draft(*NEW)
    assert next(call for call in range(1, MOST_CALLS) if _killed_once_live(desk, draft.id, call))
    mine = OLD[0].replace("fun: 80", "fun: 81")
    desk.write(mine)
    desk.library.look(wait_for_quiet=False)
    assert desk.file() == mine
    assert [problem.code for problem in desk.library.problems()] == ["store_moved_on"]
    desk.again()
    assert desk.file() == mine
    assert not [name for name in os.listdir(desk.questions) if name.endswith(".writing")]


def _killed_once_live(desk: Desk, draft: str, call: int) -> bool:
    killed_at(desk.folder, draft, call)
    return len(desk.store.history("trainer")) == 2
