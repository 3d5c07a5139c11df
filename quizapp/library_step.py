"""Decides what a file that was looked at means for the store: publish, leave alone, or tell of a conflict.

Nothing that somebody has published is ever overwritten from here: a file goes live only on top of
the revision that it was last in step with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from quizapp.errors import Conflict, Invalid, NotFound, Problem, Where
from quizapp.library_folder import BankFiles
from quizapp.library_proof import Proved
from quizapp.library_reading import unreadable
from quizapp.store.protocol import Store
from quizapp.store.records import InStep, Publication, RevisionDraft

Prove = Callable[[BankFiles], Proved]
_TRIES = 5


@dataclass(frozen=True)
class Outcome:
    """What came of it. ``proved`` is there when the file had to be read; ``published`` when it went live.

    ``settled`` is False when the file was being written meanwhile and must be looked at again.
    """

    problems: tuple[Problem, ...] = ()
    proved: Proved | None = None
    published: Publication | None = None
    settled: bool = True


def keep_in_step(store: Store, place: str, files: BankFiles, prove: Prove) -> Outcome:
    """Bring the store up to the file, if the file is newer; tell what stands in the way otherwise.

    ``place`` names the folder in the store's memory. Raises ``Unavailable`` when the store does not
    answer; a file with problems is an outcome, not an error.
    """
    try:
        seen = files.digest()
    except OSError as error:
        return Outcome((unreadable(files.path, error),))
    step, head = store.in_step(place, files.slug), store.heads().get(files.slug)
    if step and step.seen == seen and head:
        return Outcome() if step.revision == head.revision else Outcome((_behind(files, head),))
    try:
        proved = prove(files)
    except Invalid as error:
        return Outcome(tuple(error.problems))
    except NotFound:
        return Outcome(settled=False)
    if files.digest() != seen:
        return Outcome(settled=False)
    return _bring_up(store, InStep(place, files.slug, proved.revision, seen), files, proved)


def _bring_up(store: Store, step: InStep, files: BankFiles, proved: Proved) -> Outcome:
    for _ in range(_TRIES):
        head = store.heads().get(files.slug)
        if head and head.revision != proved.revision:
            stands_in_the_way = _obstacle(store, step, files, head)
            if stands_in_the_way:
                return Outcome((*proved.warnings, stands_in_the_way), proved)
        try:
            published = publish_file(store, files, proved, head)
        except Conflict:
            # Somebody published in this very moment: look again at what is newest.
            continue
        store.mark_in_step(step)
        return Outcome(proved.warnings, proved, published if published != head else None)
    return Outcome(proved.warnings, proved, settled=False)


def publish_file(store: Store, files: BankFiles, proved: Proved, head: Publication | None) -> Publication:
    """The publication that makes the file live on top of ``head``; ``Conflict`` if that is not newest."""
    return store.publish(
        RevisionDraft(
            bank=files.slug,
            revision=proved.revision,
            content=proved.text,
            parsed=proved.parsed,
            parent=head.revision if head else None,
            origin="file",
            who="file",
            why=f"{files.path.name} changed" if head else f"{files.path.name} is new",
        )
    )


def _obstacle(store: Store, step: InStep, files: BankFiles, head: Publication) -> Problem | None:
    """What forbids publishing over ``head``; None if the file was last in step with just that."""
    history = store.history(files.slug)
    known = store.in_step(step.place, files.slug)
    parent = known.revision if known else _last_from_a_file(history)
    if parent == head.revision:
        return None
    if any(line.revision == step.revision for line in history):
        return _behind(files, head)
    return _moved_on(files, head, parent)


def _last_from_a_file(history: tuple[Publication, ...]) -> str | None:
    """For a folder never seen before: its file most likely grew from the last that any file held."""
    return next((line.revision for line in history if line.origin == "file"), None)


def _behind(files: BankFiles, head: Publication) -> Problem:
    return Problem(
        Where(str(files.path)),
        "file_behind",
        f"the file holds an older revision than {head.revision}, which is live",
        f"{_whose(head)}; the live one goes on serving",
        f"run `quizapp bank sync {files.slug} --keep live` to bring it into the file before editing",
        warning=True,
    )


def _moved_on(files: BankFiles, head: Publication, parent: str | None) -> Problem:
    return Problem(
        Where(str(files.path)),
        "store_moved_on",
        f"the file was edited from revision {parent or 'unknown'}, but {head.revision} is live",
        f"publishing it would undo what {_whose(head)}; so nothing was changed",
        f"run `quizapp bank sync {files.slug} --keep file` to publish the file all the same, "
        "or `--keep live` to bring the live revision into the file (the file is kept beside it)",
    )


def _whose(head: Publication) -> str:
    return f"{head.who} published on {head.at:%Y-%m-%d at %H:%M} UTC ({head.why})"
