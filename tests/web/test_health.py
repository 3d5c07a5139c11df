"""Alive and ready: what load balancers and container engines are told."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from flask import Flask

from quizapp.store.records import RevisionDraft
from quizapp.web import health
from tests.web.conftest import Start
from tests.web.visitor import Visitor


def ready(app: Flask) -> tuple[int, dict]:
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.get_json()["checks"]


def test_it_is_ready_when_every_check_says_so(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    told = answer.get_json()
    assert (answer.status_code, told["ready"]) == (200, True)
    assert set(told["checks"]) == {"draining", "store", "disk", "banks"}
    published = app.extensions["quizapp"].library.published()
    assert told["checks"]["banks"]["revisions"] == {bank.slug: bank.revision for bank in published}
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_without_its_store_it_is_alive_and_not_ready(start: Start) -> None:
    app = start()
    app.extensions["quizapp"].store.close()
    assert app.test_client().get("/healthz").get_json()["status"] == "ok"
    status, checks = ready(app)
    assert status == 503
    assert [name for name, check in checks.items() if not check["ok"]] == ["store", "banks"]


def test_a_bank_that_was_never_asked_for_is_compiled_by_asking(start: Start) -> None:
    app = start()
    served = app.extensions["quizapp"].library._served
    assert not served._cache._kept
    assert ready(app)[0] == 200
    assert {bank.revision for bank in served.banks()} <= set(served._cache._kept)


def test_while_banks_are_compiled_nobody_waits_in_line(app: Flask) -> None:
    with health._compiling:
        status, checks = ready(app)
    assert (status, checks["banks"]["says"]) == (503, "being compiled")
    assert ready(app)[0] == 200


def test_a_live_bank_that_is_not_served_here_is_missed(start: Start) -> None:
    app = start()
    strange = RevisionDraft("of_tomorrow", "r9", "bank: …", '{"kind": "new"}', None, "browser", "mika", "new")
    app.extensions["quizapp"].store.publish(strange)
    status, checks = ready(app)
    assert (status, checks["banks"]["says"]) == (503, "not served: of_tomorrow")


def test_a_newer_revision_that_is_not_served_yet_is_told_and_stops_nothing(start: Start) -> None:
    app = start()
    store = app.extensions["quizapp"].store
    head = store.newest("one_on_one")
    newer = RevisionDraft("one_on_one", "r9", "bank: …", "{}", head.revision, "browser", "mika", "newer")
    store.publish(newer)
    status, checks = ready(app)
    assert (status, checks["banks"]["behind"]) == (200, ["one_on_one"])


def test_a_disk_with_little_left_is_not_ready(start: Start) -> None:
    status, checks = ready(start(disk_floor_mb=1_000_000))
    assert status == 503
    assert not checks["disk"]["ok"] and checks["disk"]["floor_mb"] == 1_000_000


def test_on_the_way_out_it_says_so_first_and_still_answers(start: Start) -> None:
    app = start()
    leaving = threading.Event()
    health.leave_when(app, leaving.is_set)
    assert ready(app)[0] == 200
    assert "Connection" not in app.test_client().get("/about").headers
    leaving.set()
    status, checks = ready(app)
    assert status == 503 and not checks["draining"]["ok"]
    answer = app.test_client().get("/about")
    assert (answer.status_code, answer.headers["Connection"]) == (200, "close")
    assert app.test_client().get("/healthz").status_code == 200


def test_neither_writes_anything(app: Flask) -> None:
    database = Path(app.extensions["quizapp"].settings.database)

    def changes() -> int:
        with closing(sqlite3.connect(database)) as db:
            return int(db.execute("PRAGMA data_version").fetchone()[0]), database.stat().st_mtime_ns  # type: ignore[return-value]

    before = changes()
    visitor = Visitor(app.test_client())
    visitor.client.get("/healthz")
    visitor.client.get("/readyz")
    assert changes() == before
