"""What every store promises those who wait for a publication."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from quizapp.store.addresses import open_store


def test_it_says_within_the_time_whether_something_may_be_new(store):
    store.wait_for_publication(0)
    begun = time.monotonic()
    assert store.wait_for_publication(0.2) is False
    assert 0.15 < time.monotonic() - begun < 20


def test_it_stops_waiting_when_the_store_is_closed(engine):
    store = open_store(engine.address)
    store.wait_for_publication(0)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(store.wait_for_publication, 60)
        time.sleep(0.2)
        store.close()
        assert waiting.result(timeout=20) is False
    assert store.wait_for_publication(0.01) is False


@pytest.mark.postgres
def test_it_hears_at_once_of_what_another_worker_publishes(postgres, revised):
    editing, serving = open_store(postgres.address), open_store(postgres.address)
    assert serving.wait_for_publication(15), "it has only begun to listen and cannot know"
    threading.Timer(0.3, editing.publish, [revised()]).start()
    begun = time.monotonic()
    assert serving.wait_for_publication(20)
    assert time.monotonic() - begun < 15
    assert serving.heads()["trainer"].revision == "r1"
    assert not serving.wait_for_publication(0.1)
    editing.close()
    serving.close()


@pytest.mark.postgres
def test_it_says_look_for_yourself_after_its_connection_broke(postgres, databases):
    store = open_store(postgres.address)
    store.wait_for_publication(0.1)
    databases.hang_up()
    assert store.wait_for_publication(0.1) is False
    assert store.wait_for_publication(15) is True
    assert store.wait_for_publication(0.1) is False
    store.close()
