"""Decides what a file that was looked at means for the store: publish, leave alone, or tell of a conflict.

Nothing that somebody has published is ever overwritten from here: a file goes live only on top of
the publication that it was last in step with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from quizapp.errors import Conflict, Invalid, NotFound, Problem, Told, Where, told
from quizapp.library.folder import BankFiles
from quizapp.library.proof import Proved
from quizapp.library.reading import text, unreadable
from quizapp.store.protocol import Store
from quizapp.store.records import InStep, Origin, Publication, RevisionDraft, same_text

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


@dataclass(frozen=True)
class Step:
    """What the files of a bank last agreed with: the publication, by number, and a digest of the files then.

    ``number`` is None where an earlier version of quizapp did not write it down.
    """

    revision: str
    number: int | None
    digest: str


def step_of(store: Store, place: str, bank: str) -> Step | None:
    """What the files in that folder last agreed with; None for files never seen there."""
    kept = store.in_step(place, bank)
    if kept is None:
        return None
    digest, _, number = kept.seen.partition(" ")
    return Step(kept.revision, int(number) if number else None, digest)


def mark_in_step(store: Store, place: str, head: Publication, digest: str) -> None:
    """Remember that files with this digest hold what that publication made live."""
    store.mark_in_step(InStep(place, head.bank, head.revision, f"{digest} {head.number}"))


def keep_in_step(store: Store, place: str, files: BankFiles, prove: Prove) -> Outcome:
    """Bring the store up to the file, if the file is newer; tell what stands in the way otherwise.

    ``place`` names the folder in the store's memory. Raises ``Unavailable`` when the store does not
    answer; a file with problems is an outcome, not an error.
    """
    try:
        seen = files.digest()
    except OSError as error:
        return Outcome((unreadable(files.path, error),))
    step, head = step_of(store, place, files.slug), store.heads().get(files.slug)
    try:
        if step and head and step.digest == seen and not _untold(store, files, step, head):
            return Outcome() if _agrees(store, step, head) else Outcome((_behind(files, head),))
        proved = prove(files)
    except Invalid as error:
        return Outcome(tuple(error.problems))
    except NotFound:
        return Outcome(settled=False)
    if files.digest() != seen:
        return Outcome(settled=False)
    return _bring_up(store, place, files, proved, seen)


def _untold(store: Store, files: BankFiles, step: Step, head: Publication) -> bool:
    """Whether files that are as they were must be read all the same.

    An earlier version of quizapp published them without keeping their cases or comments: here, or from
    another folder that has since made the same text live. Raises ``NotFound`` and ``Invalid`` where the
    bank's file cannot be read.
    """
    if head.origin == "file" and files.cases.exists() and store.cases_of(head.number) is None:
        return True
    if step.revision != head.revision:
        return False
    is_live_text = same_text(text(files.path), store.text_of(head.number))
    return is_live_text != _agrees(store, step, head)


def _agrees(store: Store, step: Step, head: Publication) -> bool:
    """Whether what the files last agreed with is what is live, its comments and cases included."""
    if step.number is None or step.number == head.number:
        return step.revision == head.revision
    then = store.text_of(step.number), store.cases_of(step.number)
    return is_live(store, head, step.revision, *then)


def is_live(store: Store, head: Publication, revision: str, written: str | None, cases: str | None) -> bool:
    """Whether that line of history made just this live, texts included; one that is not told is equal."""
    if head.revision != revision:
        return False
    if written is not None and not same_text(written, store.text_of(head.number)):
        return False
    live = store.cases_of(head.number)
    return cases is None or live is None or cases == live


def _bring_up(store: Store, place: str, files: BankFiles, proved: Proved, seen: str) -> Outcome:
    for _ in range(_TRIES):
        head = store.heads().get(files.slug)
        if head and not _is_live(store, head, proved):
            stands_in_the_way = _obstacle(store, place, files, proved, head)
            if stands_in_the_way:
                return Outcome((*proved.warnings, stands_in_the_way), proved)
        try:
            published = publish_file(store, files, proved, head)
        except Conflict:
            # Somebody published in this very moment: look again at what is newest.
            continue
        mark_in_step(store, place, published, seen)
        return Outcome(proved.warnings, proved, published if published != head else None)
    return Outcome(proved.warnings, proved, settled=False)


def _is_live(store: Store, head: Publication, proved: Proved) -> bool:
    return is_live(store, head, proved.revision, proved.text, proved.cases)


def publish_file(store: Store, files: BankFiles, proved: Proved, head: Publication | None) -> Publication:
    """The publication that makes the file live on top of ``head``; ``Conflict`` if that is not newest."""
    why = f"{files.path.name} changed" if head else f"{files.path.name} is new"
    return publish_proved(store, files.slug, proved, head, "file", "file", why, proved.cases)


def publish_proved(
    store: Store,
    slug: str,
    proved: Proved,
    head: Publication | None,
    origin: Origin,
    who: str,
    why: str,
    cases: str | None,
) -> Publication:
    """The publication of a proved bank on top of ``head``; ``Conflict`` if that is not newest."""
    parent = head.revision if head else None
    after = head.number if head else 0
    return store.publish(
        RevisionDraft(
            slug, proved.revision, proved.text, proved.parsed, parent, origin, who, why, cases, after
        )
    )


def _obstacle(
    store: Store, place: str, files: BankFiles, proved: Proved, head: Publication
) -> Problem | None:
    """What forbids publishing over ``head``; None if the file was last in step with just that."""
    history = store.history(files.slug)
    parent = step_of(store, place, files.slug) or _last_from_a_file(history)
    if parent and _agrees(store, parent, head):
        return None
    if any(_is_live(store, line, proved) for line in history):
        return _behind(files, head)
    return _moved_on(files, head, parent.revision if parent else None)


def _last_from_a_file(history: tuple[Publication, ...]) -> Step | None:
    """For a folder never seen before: its file most likely grew from the last that any file held."""
    return next((Step(line.revision, line.number, "") for line in history if line.origin == "file"), None)


def _behind(files: BankFiles, head: Publication) -> Problem:
    return Problem(
        Where(str(files.path)),
        "file_behind",
        told(
            "the file holds an older text than revision %(revision)s, which is live", revision=head.revision
        ),
        told("%(whose)s; the live one goes on serving", whose=_whose(head)),
        told(
            "run `quizapp bank sync %(slug)s --keep live` to bring it into the file before editing",
            slug=files.slug,
        ),
        warning=True,
    )


def _moved_on(files: BankFiles, head: Publication, parent: str | None) -> Problem:
    what = told(
        "the file was edited from revision %(parent)s, but %(revision)s is live",
        parent=parent or told("unknown"),
        revision=head.revision,
    )
    if parent == head.revision:
        what = told(
            "the file was edited from an older text of revision %(revision)s than the one that is live",
            revision=head.revision,
        )
    return Problem(
        Where(str(files.path)),
        "store_moved_on",
        what,
        told("publishing it would undo what %(whose)s; so nothing was changed", whose=_whose(head)),
        told(
            "run `quizapp bank sync %(slug)s --keep file` to publish the file all the same, "
            "or `--keep live` to bring the live revision into the file (the file is kept beside it)",
            slug=files.slug,
        ),
    )


def _whose(head: Publication) -> Told:
    day, time = f"{head.at:%Y-%m-%d}", f"{head.at:%H:%M}"
    return told(
        "%(who)s published on %(day)s at %(time)s UTC (%(why)s)",
        who=head.who,
        day=day,
        time=time,
        why=head.why,
    )
