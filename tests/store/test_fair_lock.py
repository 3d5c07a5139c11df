"""The lock in front of the writing connection."""

from __future__ import annotations

import threading
import time

import pytest

from quizapp.errors import Unavailable
from quizapp.store.sqlite.fair_lock import FairLock


def test_it_lets_threads_through_in_the_order_they_came():
    lock, order, threads = FairLock(), [], []

    def take(number: int) -> None:
        with lock.held(5):
            order.append(number)

    with lock.held(5):
        for number in range(10):
            threads.append(threading.Thread(target=take, args=(number,)))
            threads[-1].start()
            while len(lock._queue) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(10))


def test_it_gives_up_in_time_and_leaves_the_queue():
    lock = FairLock()
    with lock.held(5):
        thread_failed = threading.Event()

        def wait_in_vain() -> None:
            with pytest.raises(Unavailable), lock.held(0.01):
                pass
            thread_failed.set()

        threading.Thread(target=wait_in_vain).start()
        assert thread_failed.wait(5)
    with lock.held(0.01):
        assert not lock._queue


def test_it_is_free_again_after_an_error():
    lock = FairLock()
    with pytest.raises(KeyError), lock.held(1):
        raise KeyError
    with lock.held(0):
        pass
