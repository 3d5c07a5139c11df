"""Which banks are published, and each of them compiled; keeps the files and the store in step.

What is served is always the store's newest publication. Requests only ever read: one dictionary, and
a cache. Everything that may take long happens at the start and in the watching thread.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta, timezone
from pathlib import Path
from typing import Literal

from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.errors import Conflict, NotFound, Problem, QuizappError, Where, told
from quizapp.library.back import Journal, begin_writing, finish_writing, is_writable, sweep, write_back
from quizapp.library.folder import BankFiles, Stamp, bank_files, put_aside, replace_file
from quizapp.library.proof import BankTexts, Compile, Proved, prove, texts_of
from quizapp.library.records import Published as Published
from quizapp.library.records import PublishedBank as PublishedBank
from quizapp.library.served import Served
from quizapp.library.step import Outcome, keep_in_step, mark_in_step, publish_file, publish_proved
from quizapp.library.watch import EVERY_SECONDS, Watch
from quizapp.store.protocol import Store
from quizapp.store.records import Publication
from quizapp.store.timestamps import Clock, utc_now

logger = logging.getLogger("quizapp.library.library")

# A file's stamp, with the number of the publication that was live when it was looked at.
Seen = tuple[Stamp, int]

ONLY_READ = (
    "%s cannot be written: what is published in the browser is kept in the database alone; to have it in files, "
    "too, set QUIZAPP_QUESTIONS to a folder of your own"
)
# Longer than a living process takes to write two files.
PATIENCE_SECONDS = 5.0
# Facts and sittings go by the day in Japan, wherever this runs; Japan keeps no summer time.
JAPAN = timezone(timedelta(hours=9))


class Library:
    """The published banks of a store, and the folder of files that feeds it.

    ``place`` names the folder in the store's memory of what was last in step; machines that share a
    store need a name each, since the same path means another folder there.
    """

    def __init__(
        self,
        store: Store,
        questions: Path,
        clock: Clock = utc_now,
        place: str | None = None,
        compile_it: Compile = compile_bank,
    ) -> None:
        self._store = store
        self._folder = questions
        self._clock = clock
        self._place = place or str(questions.resolve())
        self._compile = compile_it
        self._served = Served(store, compile_it)
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._pending: dict[str, Seen] = {}
        self._looked_at: dict[str, Seen] = {}
        self._looking = threading.Lock()
        self._watch: Watch | None = None

    def start(self, watch: bool = True, every: float = EVERY_SECONDS, follow: bool = False) -> None:
        """Publish what is new in the folder, take up what is live; then watch both, if so wished.

        ``follow`` alone watches what others publish in the store, and leaves the files be.
        Raises ``Unavailable`` when the store does not answer. Broken files are told in the log.
        """
        if self._folder.is_dir() and not is_writable(self._folder):
            logger.info(ONLY_READ, self._folder)
        with self._looking:
            sweep(self._folder, time.time())
            finish_writing(self._store, self._place, self._folder, time.time(), patience=0)
        self.look(wait_for_quiet=False)
        if watch or follow:
            look, often = (self._look_and_warm, every) if watch else (self._follow, EVERY_SECONDS)
            self._watch = Watch(look, self._store.wait_for_publication, often)
            self._watch.start()

    def stop(self) -> None:
        """End the watching."""
        watch, self._watch = self._watch, None
        if watch:
            watch.stop()

    def published(self) -> tuple[PublishedBank, ...]:
        """The banks that are live: ``first_step`` first, then as it leads to them, then by slug."""
        return self._served.banks()

    def live(self, slug: str) -> Compiled:
        """The live revision of a bank; ``NotFound`` where no such bank is published."""
        return self._served.live(slug)

    def pinned(self, revision: str) -> Compiled:
        """That revision, however old; ``NotFound`` if it was never published."""
        return self._served.pinned(revision)

    def problems(self) -> tuple[Problem, ...]:
        """What keeps files of the folder from being live, and warnings about those that are."""
        return tuple(problem for slug in sorted(self._problems) for problem in self._problems[slug])

    def look(self, wait_for_quiet: bool = True) -> bool:
        """Bring folder, store and memory in step once; whether a file waits to be looked at again.

        A file that has just changed is left for the next look if ``wait_for_quiet``: it may be half
        written. Raises ``Unavailable`` when the store does not answer; what is live stays so.
        """
        with self._looking:
            finish_writing(self._store, self._place, self._folder, time.time(), PATIENCE_SECONDS)
            heads = self._store.heads()
            self._served.take_up(heads)
            for files in self._changed(heads, wait_for_quiet):
                self._look_at(files, heads.get(files.slug))
                self._served.take_up(self._store.heads())
            return bool(self._pending)

    def publish(
        self, slug: str, text: str, cases: str | None, parent: int | None, who: str, why: str
    ) -> Published:
        """Make these texts live, served from now on, and write them into the folder's files.

        ``parent`` is the number of the publication that their author knew as the newest, None for a
        bank's first. Raises ``Invalid`` with every problem, ``Conflict`` where somebody else has
        published since: nothing is changed then. A file that was edited meanwhile is left as it is,
        and the outcome says so.
        """
        proved = self._prove(_as_sent(slug, text, cases))
        with self._looking:
            head = self._store.heads().get(slug)
            if _number(head) != (parent or 0):
                raise Conflict(f"{slug}: {_who_was_faster(head)}")
            return self._go_live(slug, proved, proved.cases, head, who, why)

    def roll_back(self, slug: str, number: int, who: str, why: str) -> Published:
        """Publish again, on top of what is live, what that line made live, its comments and cases too.

        Raises ``NotFound`` for a line that is not one of the bank's, ``Invalid`` where that state would
        not pass its check today; nothing is changed then.
        """
        line = next((line for line in self._store.history(slug) if line.number == number), None)
        if line is None:
            raise NotFound(f"{slug} has no publication {number}")
        text, cases = self._store.text_of(number), self._store.cases_of(number)
        proved = self._prove(_as_sent(slug, text, cases))
        with self._looking:
            return self._go_live(slug, proved, cases, self._store.heads().get(slug), who, why)

    def _go_live(
        self, slug: str, proved: Proved, cases: str | None, head: Publication | None, who: str, why: str
    ) -> Published:
        files = BankFiles(self._folder / f"{slug}.yaml")
        begun = begin_writing(self._store, self._place, files, _number(head), proved, cases)
        try:
            published = publish_proved(self._store, slug, proved, head, "browser", who, why, cases)
        except QuizappError:
            if isinstance(begun, Journal):
                begun.drop()
            raise
        self._served.keep(proved.compiled)
        self._served.take_up(self._store.heads())
        logger.info("%s: revision %s is live", slug, published.revision)
        why_not = begun if isinstance(begun, str) else write_back(self._store, self._place, begun, published)
        if files.path.exists():
            self._look_at(files, published)
        return Published(published, why_not)

    def settle(self, slug: str, keep: Literal["file", "live"]) -> Publication:
        """End a conflict: publish the file on top of what is live, or put what is live into the file.

        The text that a file loses is kept beside it. Raises ``Invalid`` for a broken file,
        ``NotFound`` for an unknown bank, ``Conflict`` if somebody publishes in this moment.
        """
        files = self._files_of(slug)
        with self._looking:
            settled = self._settle_by_file(files) if keep == "file" else self._settle_by_live(files)
        self.look(wait_for_quiet=False)
        return settled

    def _settle_by_file(self, files: BankFiles) -> Publication:
        seen, proved = files.digest(), self._prove_file(files)
        settled = publish_file(self._store, files, proved, self._store.heads().get(files.slug))
        mark_in_step(self._store, self._place, settled, seen)
        return settled

    def _settle_by_live(self, files: BankFiles) -> Publication:
        head = self._store.newest(files.slug)
        replace_file(files.path, self._store.text_of(head.number))
        if cases := self._store.cases_of(head.number):
            replace_file(files.cases, cases)
        elif cases is not None and files.cases.exists():
            put_aside(files.cases)
        mark_in_step(self._store, self._place, head, files.digest())
        return head

    def _files_of(self, slug: str) -> BankFiles:
        files = bank_files(self._folder).get(slug)
        if files is None:
            raise NotFound(f"there is no {slug}.yaml in {self._folder}")
        return files

    def _changed(self, heads: dict[str, Publication], wait_for_quiet: bool) -> list[BankFiles]:
        """The files to look at: they, or what is live, are not as they were last time, and lie still."""
        there = bank_files(self._folder)
        for gone in self._looked_at.keys() - there.keys():
            self._forget(gone)
        seen = {slug: (files.stamp(), _number(heads.get(slug))) for slug, files in there.items()}
        changed = {slug: now for slug, now in seen.items() if self._looked_at.get(slug) != now}
        quiet = [slug for slug in changed if not wait_for_quiet or self._pending.get(slug) == changed[slug]]
        self._pending = changed
        return [there[slug] for slug in quiet]

    def _forget(self, slug: str) -> None:
        del self._looked_at[slug]
        self._problems.pop(slug, None)
        logger.warning("%s.yaml is gone from %s; the bank stays live as it was", slug, self._folder)

    def _look_at(self, files: BankFiles, head: Publication | None) -> None:
        stamp = files.stamp()
        outcome = self._outcome(files)
        if outcome.settled:
            self._pending.pop(files.slug, None)
            self._looked_at[files.slug] = (stamp, _number(outcome.published or head))
        if outcome.published and outcome.proved:
            self._served.keep(outcome.proved.compiled)
        self._tell(files, outcome)

    def _outcome(self, files: BankFiles) -> Outcome:
        try:
            return keep_in_step(self._store, self._place, files, self._prove_file)
        except QuizappError:
            raise
        except Exception as error:
            # A bug of ours met by one file must not keep the other banks from being served.
            logger.exception("%s: the check itself failed", files.path)
            return Outcome((_check_failed(files, error),))

    def _tell(self, files: BankFiles, outcome: Outcome) -> None:
        # Of a folder that takes no files nothing is to be expected but that they fall behind.
        behind = () if is_writable(self._folder) else ("file_behind",)
        kept = tuple(problem for problem in outcome.problems if problem.code not in behind)
        self._problems[files.slug] = kept
        for problem in kept:
            logger.log(logging.WARNING if problem.warning else logging.ERROR, "%s", problem)
        if outcome.published:
            logger.info("%s: revision %s is live", files.slug, outcome.published.revision)
        elif any(not problem.warning for problem in outcome.problems):
            logger.error("%s was not published; what was live goes on serving", files.path)

    def _prove_file(self, files: BankFiles) -> Proved:
        return self._prove(texts_of(files))

    def _prove(self, texts: BankTexts) -> Proved:
        return prove(texts, self._clock().astimezone(JAPAN).date(), self._compile)

    def _follow(self) -> bool:
        with self._looking:
            self._served.take_up(self._store.heads())
        return False

    def _look_and_warm(self) -> bool:
        """Look; and compile what is live before anybody asks, so that it never falls out of the cache."""
        again = self.look()
        for bank in self.published():
            self._served.pinned(bank.revision)
        return again


def _as_sent(slug: str, text: str, cases: str | None) -> BankTexts:
    return BankTexts(slug, text, cases or "", (f"{slug}.yaml", f"{slug}.cases.yaml"))


def _who_was_faster(head: Publication | None) -> str:
    return f"{head.who} has published meanwhile ({head.why})" if head else "it is not published"


def _check_failed(files: BankFiles, error: Exception) -> Problem:
    return Problem(
        Where(str(files.path)),
        "check_failed",
        told("the check itself failed (%(name)s: %(error)s)", name=type(error).__name__, error=str(error)),
        told("this is a mistake in quizapp, not in the file; the file was not published"),
        told("report it with the file; a smaller change of the file may get around it"),
    )


def _number(head: Publication | None) -> int:
    return head.number if head else 0
