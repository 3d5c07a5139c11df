"""Which banks are published, and each of them compiled; keeps the files and the store in step.

What is served is always the store's newest publication. Requests only ever read: one dictionary, and
a cache. Everything that may take long happens at the start and in the watching thread.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from quizapp.bank.load import bank_from_json
from quizapp.bank.model import Bank
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.errors import Invalid, NotFound, Problem, QuizappError, Where
from quizapp.library_cache import CompiledCache
from quizapp.library_folder import BankFiles, Stamp, bank_files, replace_file
from quizapp.library_proof import Compile, Proved, prove
from quizapp.library_step import Outcome, keep_in_step, publish_file
from quizapp.library_watch import EVERY_SECONDS, Watch
from quizapp.store.protocol import Store
from quizapp.store.records import InStep, Publication
from quizapp.store.timestamps import Clock, utc_now

logger = logging.getLogger("quizapp.library")

# A file's stamp, with the number of the publication that was live when it was looked at.
Seen = tuple[Stamp, int]

FIRST = "first_step"
# Facts and sittings go by the day in Japan, wherever this runs; Japan keeps no summer time.
JAPAN = timezone(timedelta(hours=9))


@dataclass(frozen=True)
class PublishedBank:
    """A bank that is live, with the publication that made it so."""

    publication: Publication
    bank: Bank

    @property
    def slug(self) -> str:
        """The bank's name in addresses."""
        return self.publication.bank

    @property
    def revision(self) -> str:
        """The revision that is live."""
        return self.publication.revision

    @property
    def at(self) -> datetime:
        """When it went live."""
        return self.publication.at


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
        self._cache = CompiledCache(self._compiled_from_store)
        self._live: MappingProxyType[str, PublishedBank] = MappingProxyType({})
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._pending: dict[str, Seen] = {}
        self._looked_at: dict[str, Seen] = {}
        self._refused: set[int] = set()
        self._looking = threading.Lock()
        self._watch: Watch | None = None

    def start(self, watch: bool = True, every: float = EVERY_SECONDS) -> None:
        """Publish what is new in the folder, take up what is live; then watch both, if so wished.

        Raises ``Unavailable`` when the store does not answer. Broken files are told in the log.
        """
        self.look(wait_for_quiet=False)
        if watch:
            self._watch = Watch(self._look_and_warm, every)
            self._watch.start()

    def stop(self) -> None:
        """End the watching."""
        watch, self._watch = self._watch, None
        if watch:
            watch.stop()

    def published(self) -> tuple[PublishedBank, ...]:
        """The banks that are live: ``first_step`` first, then as it leads to them, then by slug."""
        live = self._live
        first = live.get(FIRST)
        led_to = [item.leads_to for item in first.bank.items if item.leads_to] if first else []
        order = {slug: number for number, slug in reversed(list(enumerate([FIRST, *led_to])))}
        return tuple(
            live[slug] for slug in sorted(live, key=lambda slug: (order.get(slug, len(led_to) + 1), slug))
        )

    def live(self, slug: str) -> Compiled:
        """The live revision of a bank; ``NotFound`` where no such bank is published."""
        found = self._live.get(slug)
        if found is None:
            raise NotFound(f"no bank {slug!r} is published")
        return self._cache.get(found.revision)

    def pinned(self, revision: str) -> Compiled:
        """That revision, however old; ``NotFound`` if it was never published."""
        return self._cache.get(revision)

    def problems(self) -> tuple[Problem, ...]:
        """What keeps files of the folder from being live, and warnings about those that are."""
        return tuple(problem for slug in sorted(self._problems) for problem in self._problems[slug])

    def look(self, wait_for_quiet: bool = True) -> bool:
        """Bring folder, store and memory in step once; whether a file waits to be looked at again.

        A file that has just changed is left for the next look if ``wait_for_quiet``: it may be half
        written. Raises ``Unavailable`` when the store does not answer; what is live stays so.
        """
        with self._looking:
            heads = self._store.heads()
            self._take_up(heads)
            for files in self._changed(heads, wait_for_quiet):
                self._look_at(files, heads.get(files.slug))
                self._take_up(self._store.heads())
            return bool(self._pending)

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
        seen, proved = files.digest(), self._prove(files)
        settled = publish_file(self._store, files, proved, self._store.heads().get(files.slug))
        self._store.mark_in_step(InStep(self._place, files.slug, proved.revision, seen))
        return settled

    def _settle_by_live(self, files: BankFiles) -> Publication:
        head = self._store.newest(files.slug)
        replace_file(files.path, self._store.revision(head.revision).content)
        self._store.mark_in_step(InStep(self._place, files.slug, head.revision, files.digest()))
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
            del self._pending[files.slug]
            self._looked_at[files.slug] = (stamp, _number(outcome.published or head))
        if outcome.published and outcome.proved:
            self._cache.put(outcome.proved.compiled)
        self._tell(files, outcome)

    def _outcome(self, files: BankFiles) -> Outcome:
        try:
            return keep_in_step(self._store, self._place, files, self._prove)
        except QuizappError:
            raise
        except Exception as error:
            # A bug of ours met by one file must not keep the other banks from being served.
            logger.exception("%s: the check itself failed", files.path)
            return Outcome((_check_failed(files, error),))

    def _tell(self, files: BankFiles, outcome: Outcome) -> None:
        self._problems[files.slug] = outcome.problems
        for problem in outcome.problems:
            logger.log(logging.WARNING if problem.warning else logging.ERROR, "%s", problem)
        if outcome.published:
            logger.info("%s: revision %s is live", files.slug, outcome.published.revision)
        elif any(not problem.warning for problem in outcome.problems):
            logger.error("%s was not published; what was live goes on serving", files.path)

    def _prove(self, files: BankFiles) -> Proved:
        return prove(files, self._clock().astimezone(JAPAN).date(), self._compile)

    def _take_up(self, heads: dict[str, Publication]) -> None:
        """Serve these publications from now on, each once its bank can be read and compiled."""
        known = self._live
        if {slug: bank.publication for slug, bank in known.items()} == heads:
            return
        self._live = MappingProxyType(
            {slug: bank for slug, head in heads.items() if (bank := self._taken_up(head, known.get(slug)))}
        )

    def _taken_up(self, head: Publication, known: PublishedBank | None) -> PublishedBank | None:
        """The bank as published; as it was before if this version of quizapp cannot serve it."""
        if known and known.publication == head:
            return known
        if head.number in self._refused:
            return known
        try:
            # At the start banks are read only: compiling waits for the first who asks.
            bank = self._cache.get(head.revision).bank if known else self._read(head.revision)
        except (ValueError, Invalid) as error:
            self._refused.add(head.number)
            logger.error("%s: revision %s cannot be served here: %s", head.bank, head.revision, error)
            return known
        return PublishedBank(head, bank)

    def _read(self, revision: str) -> Bank:
        return bank_from_json(self._store.revision(revision).parsed)

    def _compiled_from_store(self, revision: str) -> Compiled:
        return self._compile(self._read(revision), revision)

    def _look_and_warm(self) -> bool:
        """Look; and compile what is live before anybody asks, so that it never falls out of the cache."""
        again = self.look()
        for bank in self.published():
            self._cache.get(bank.revision)
        return again


def _check_failed(files: BankFiles, error: Exception) -> Problem:
    return Problem(
        Where(str(files.path)),
        "check_failed",
        f"the check itself failed ({type(error).__name__}: {error})",
        "this is a mistake in quizapp, not in the file; the file was not published",
        "report it with the file; a smaller change of the file may get around it",
    )


def _number(head: Publication | None) -> int:
    return head.number if head else 0
