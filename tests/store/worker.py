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
from quizapp.store.records import Rate, ResultDraft, RevisionDraft


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


def save_draft(store: Store, draft_id: str, rounds: str) -> None:
    """Try to be the one who saves on top of version 1, of version 2 …; tell which were won."""
    won = []
    for version in range(1, int(rounds) + 1):
        try:
            store.save_draft(draft_id, version, "text", None, "raced")
        except Conflict:
            continue
        won.append(version)
    print(json.dumps(won))


def open_draft(store: Store, editor: str) -> None:
    """Open the editor's draft of one bank after another; tell their ids."""
    drafts = [store.open_draft(f"bank{number}", editor, None, "text", None) for number in range(20)]
    print(json.dumps([draft.id for draft in drafts]))


def take_turns(store: Store, tries: str) -> None:
    """Try to take one of 25 turns in an hour; tell how many were had."""
    print(sum(store.take_turn(Rate("a door", 25, 3_600)) == 0 for _ in range(int(tries))))


def take_setup(store: Store, secret: str, name: str) -> None:
    """Try to become the first editor; tell whether it went well."""
    try:
        print(store.take_setup(secret, name, "a hash").name)
    except NotFound:
        print()


def add_editor(store: Store, spelt: str) -> None:
    """Try to add twenty editors under a spelling of one's own; tell which were had."""
    had = []
    for number in range(20):
        try:
            store.add_editor(f"{spelt} {number}", "viewer", None)
        except Conflict:
            continue
        had.append(number)
    print(json.dumps(had))


def hold(store: Store, name: str) -> None:
    """Keep everybody else from what must be alone with that name, until killed."""
    with store.transactions.write(name):  # type: ignore[attr-defined]
        print("held", flush=True)
        threading.Event().wait()


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


DUTIES = {
    duty.__name__: duty
    for duty in (
        save,
        save_for_ever,
        publish,
        save_draft,
        open_draft,
        take_turns,
        take_setup,
        add_editor,
        hold,
        version,
        fill,
    )
}

if __name__ == "__main__":
    opened = open_store(sys.argv[1])
    DUTIES[sys.argv[2]](opened, *sys.argv[3:])  # type: ignore[operator]
    opened.close()
