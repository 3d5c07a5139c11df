"""A process of its own that works on a store; started by the tests: ``worker.py ADDRESS DUTY …``."""

from __future__ import annotations

import json
import sys
import threading
from datetime import date
from itertools import count

from quizapp.errors import Conflict, NotFound, Unavailable
from quizapp.store.addresses import open_store
from quizapp.store.protocol import Store
from quizapp.store.records import ResultDraft, RevisionDraft


def draft(owner: str, words: str = "") -> ResultDraft:
    answers = {"age": 25, "words": words}
    return ResultDraft("trainer", "r1", date(2026, 11, 22), answers, "ja", owner)


def save(store: Store, owner: str, first: str, last: str) -> None:
    """Save under the keys first…last-1; tell every token as soon as it is acknowledged."""
    for key in range(int(first), int(last)):
        print(key, store.save_result(draft(owner), str(key)), flush=True)


def save_for_ever(store: Store, owner: str) -> None:
    """Save from four threads until killed; tell every token as soon as it is acknowledged."""
    telling = threading.Lock()

    def keep_saving(name: int) -> None:
        for number in count():
            token = store.save_result(draft(f"{owner}{name}"), str(number))
            with telling:
                print(token, flush=True)

    threads = [threading.Thread(target=keep_saving, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def publish(store: Store, name: str, times: str) -> None:
    """Publish so many revisions, each on top of whatever is newest; being outrun means trying again."""
    done = 0
    while done < int(times):
        try:
            parent = store.newest("counter").revision
        except NotFound:
            parent = None
        number = int(parent.split("-")[0]) + 1 if parent else 1
        revision = f"{number}-{name}-{done}"
        try:
            store.publish(
                RevisionDraft("counter", revision, revision, "{}", parent, "file", name, "counting")
            )
        except Conflict:
            continue
        done += 1


def version(store: Store) -> None:
    """Tell the schema version."""
    print(store.schema_version())


def fill(store: Store, owner: str) -> None:
    """Save until the disk takes no more (here: no file may grow), then get room again."""
    import resource

    kept = store.save_result(draft(owner), "first")
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, unlimited[1]))
    saved, refusals = [kept], 0
    for number in range(400):
        try:
            saved.append(store.save_result(draft(owner, "x" * 2_000), str(number)))
        except Unavailable:
            refusals += 1
    readable = all(store.result(token) for token in saved)
    resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    again = store.save_result(draft(owner), "room again")
    print(json.dumps({"saved": [*saved, again], "refusals": refusals, "readable": readable}))


DUTIES = {"save": save, "save_for_ever": save_for_ever, "publish": publish, "version": version, "fill": fill}

if __name__ == "__main__":
    opened = open_store(sys.argv[1])
    DUTIES[sys.argv[2]](opened, *sys.argv[3:])  # type: ignore[operator]
    opened.close()
