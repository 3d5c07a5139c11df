"""Which publications are served just now, and their banks compiled; knows no files and publishes nothing."""

from __future__ import annotations

import logging
from types import MappingProxyType

from quizapp.bank.load import bank_from_json
from quizapp.bank.model import Bank
from quizapp.engine.compiled import Compiled
from quizapp.errors import Invalid, NotFound
from quizapp.library.cache import CompiledCache
from quizapp.library.proof import Compile
from quizapp.library.records import PublishedBank
from quizapp.store.protocol import Store
from quizapp.store.records import Publication

logger = logging.getLogger("quizapp.library.library")

FIRST = "first_step"


class Served:
    """The live banks. Reading is one look into a dictionary; ``take_up`` is for one thread at a time."""

    def __init__(self, store: Store, compile_it: Compile) -> None:
        self._store = store
        self._compile = compile_it
        self._cache = CompiledCache(self._compiled_from_store)
        self._live: MappingProxyType[str, PublishedBank] = MappingProxyType({})
        self._refused: set[int] = set()

    def banks(self) -> tuple[PublishedBank, ...]:
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

    def keep(self, compiled: Compiled) -> None:
        """Keep a bank that has been compiled already, for when it is asked for."""
        self._cache.put(compiled)

    def take_up(self, heads: dict[str, Publication]) -> None:
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
