"""The application over PostgreSQL: workers keep nothing to themselves."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.store.addresses import open_store

pytestmark = pytest.mark.postgres
BANKS = Path(__file__).parents[2] / "questions"


@pytest.fixture
def workers(postgres, tmp_path):
    """Two applications over one database."""
    settings = Settings(instance=tmp_path, questions=BANKS, watch=0, database=postgres.address)
    apps = [create_app(settings, today=lambda: date(2026, 11, 22)) for _ in range(2)]
    yield apps
    for app in apps:
        app.extensions["quizapp"].library.stop()
        app.extensions["quizapp"].store.close()


def test_it_opens_by_one_worker_what_another_has_saved(workers, postgres, answered):
    one, other = (app.test_client() for app in workers)
    [bank, *_] = one.get("/api/v1/banks").get_json()["banks"]
    store = open_store(postgres.address)
    head = store.newest(bank["bank"])
    token = store.save_result(answered(bank=head.bank, revision=head.revision, answers={}), "key")
    store.close()
    assert [worker.get(f"/r/{token}").status_code for worker in (one, other)] == [200, 200]
    told = [worker.get(f"/api/v1/results/{token}").get_json() for worker in (one, other)]
    assert told[0] == told[1]
    assert told[0]["revision"] == head.revision


def test_it_tells_each_worker_of_the_same_banks(workers):
    assert len({client.get("/api/v1/banks").data for client in (app.test_client() for app in workers)}) == 1
