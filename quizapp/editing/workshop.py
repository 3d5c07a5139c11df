"""Drafts at work: opened from what is live, changed part by part, undone, brought up to what is live now.

A draft is two texts, the bank and its cases. A change is made on the plain data of the version that
its author saw; what somebody saved meanwhile is merged by field, and the text is rewritten in place,
so that comments and order survive.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any, Literal, TypeAlias

from quizapp.bank.addresses import Address
from quizapp.bank.comparing.merging import Clash, Merged, merge
from quizapp.bank.saving.joining import COMMENTS, Joined, join
from quizapp.bank.saving.rewriting import positions_of, rewrite
from quizapp.bank.yaml.nodes import Positions, plain
from quizapp.errors import Conflict, Invalid, NotFound, Problem
from quizapp.store.editing_records import Draft, DraftHead, DraftVersion, DraftVersionHead
from quizapp.store.protocol import Store
from quizapp.store.records import Publication

Sheet = Literal["bank", "cases"]
SHEETS: tuple[Sheet, ...] = ("bank", "cases")
Choices: TypeAlias = Mapping[Address, Literal["mine", "theirs"]]
_TRIES = 5
_NO_CASES = "cases: []\n"


class Clashing(Conflict):
    """Two people changed the same fields differently; nothing was saved.

    ``merged`` holds everything else already merged; ``mine`` is the whole data that was wanted. ``joined``
    is there where all fields are decided, and comments or layout are not.
    """

    def __init__(
        self, draft: Draft, sheet: Sheet, merged: Merged, mine: Any, joined: Joined | None = None
    ) -> None:
        super().__init__("the same fields were changed elsewhere")
        self.draft = draft
        self.sheet: Sheet = sheet
        self.merged = merged
        self.mine = mine
        self.joined = joined

    @property
    def clashes(self) -> tuple[Clash, ...]:
        """The fields in question, with the three values of each."""
        return self.merged.clashes


class Read:
    """What a text says: plain data with the places of its parts, or why it cannot be read.

    Never change the data. Places are looked for once somebody asks: reading a large bank takes most of
    a second, and what was just written is known without it.
    """

    def __init__(self, text: str, file: str, *known: Any) -> None:
        self._text = text
        self._file = file
        self._known = known

    @cached_property
    def data(self) -> Any:
        """The data, None where the text is no YAML."""
        if self._known:
            return self._known[0]
        return plain(self.positions.root) if self.positions else None

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Why it is no YAML; empty where it is."""
        return () if self._known or self.positions else self._faults

    @property
    def sound(self) -> bool:
        """Whether it is YAML at all; what it means may still be wrong."""
        return not self.problems

    @cached_property
    def positions(self) -> Positions | None:
        """Where its parts stand, None where it is no YAML."""
        try:
            return positions_of(self._text, self._file)
        except Invalid as error:
            self._faults = tuple(error.problems)
            return None


_READ: OrderedDict[tuple[str, str], Read] = OrderedDict()
_READING = Lock()
_REMEMBERED = 48


def read(text: str, file: str, *known: Any) -> Read:
    """What a text says, read once however often it is asked for; ``known`` is its data where it is known."""
    key = text, file
    with _READING:
        found = _READ.pop(key, None) or Read(text, file, *known)
        _READ[key] = found
        if len(_READ) > _REMEMBERED:
            _READ.popitem(last=False)
    return found


def file_of(bank: str, sheet: Sheet) -> str:
    """What messages call a text of a draft.

    >>> file_of("msl", "cases")
    'msl.cases.yaml'
    """
    return f"{bank}.yaml" if sheet == "bank" else f"{bank}.cases.yaml"


def text_of(draft: Draft | DraftVersion, sheet: Sheet) -> str:
    """One of a draft's texts; that of missing cases is an empty list."""
    return draft.text if sheet == "bank" else draft.cases or _NO_CASES


@dataclass(frozen=True)
class Way:
    """The versions that led to where a draft is, and those that were undone, the last undone last."""

    done: tuple[int, ...]
    undone: tuple[int, ...]

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to go back to."""
        return len(self.done) > 1

    @property
    def can_redo(self) -> bool:
        """Whether a step was undone, and nothing changed since."""
        return bool(self.undone)


def way(steps: Iterable[DraftVersionHead]) -> Way:
    """How a draft came to where it is; ``steps`` are all its versions that are kept."""
    done: list[int] = []
    undone: list[int] = []
    for step in sorted(steps, key=lambda step: step.version):
        if step.restores is None:
            done.append(step.version)
            undone.clear()
        elif step.restores in done:
            at = done.index(step.restores) + 1
            undone += reversed(done[at:])
            del done[at:]
        elif step.restores in undone:
            at = undone.index(step.restores)
            done += reversed(undone[at:])
            del undone[at:]
        else:
            done.append(step.restores)
            undone.clear()
    return Way(tuple(done), tuple(undone))


class Workshop:
    """Every change of a draft; each is a new version in the store, so that each can be undone."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, bank: str, editor_id: str) -> Draft:
        """The editor's draft of a bank, begun from what is live where there is none. Raises NotFound."""
        mine = self._store.draft_of(bank, editor_id)
        if mine:
            return mine
        head = self._store.newest(bank)
        text, cases = self._store.text_of(head.number), self._store.cases_of(head.number)
        return self._store.open_draft(bank, editor_id, str(head.number), text, cases)

    def begin(self, bank: str, editor_id: str, text: str, cases: str | None) -> Draft:
        """A draft of a bank that is not live yet, from these texts. Raises Conflict where it is live."""
        if bank in self._store.heads():
            raise Conflict(f"there is a bank {bank} already")
        return self._store.open_draft(bank, editor_id, None, text, cases)

    def change(
        self, draft_id: str, version: int, sheet: Sheet, what: str, alter: Callable[[Any], Any]
    ) -> Draft:
        """The draft with a change made to the data that its author saw as ``version``.

        Raises ``Clashing`` where somebody changed the same fields meanwhile, Invalid where the text is
        no YAML just now, NotFound where the part or the draft is not there.
        """
        for _ in range(_TRIES):
            now = self._store.draft(draft_id)
            theirs = self._data(now, sheet)
            seen = theirs if now.version == version else self._seen(now, version, sheet)
            mine = alter(seen)
            merged = merge(seen, mine, theirs)
            if merged.clashes:
                raise Clashing(now, sheet, merged, mine)
            text = rewrite(text_of(now, sheet), file_of(now.bank, sheet), merged.data)
            if text == text_of(now, sheet):
                return now
            read(text, file_of(now.bank, sheet), merged.data)
            try:
                return self._save(now, sheet, text, what)
            except Conflict:
                continue
        raise Conflict("the draft is being changed elsewhere")

    def settle(self, clashing: Clashing, choices: Choices, what: str) -> Draft:
        """The draft with the clashes ended as chosen. Raises Conflict if it was changed once more."""
        data = clashing.merged.settle(choices)
        draft = clashing.draft
        text = rewrite(text_of(draft, clashing.sheet), file_of(draft.bank, clashing.sheet), data)
        return self._save(draft, clashing.sheet, text, what)

    def write(self, draft_id: str, version: int, sheet: Sheet, text: str, what: str) -> Draft:
        """The draft with a whole text as it was typed, sound or not.

        Raises Conflict where the draft was saved elsewhere since ``version``; nothing is written then.
        """
        now = self._store.draft(draft_id)
        if now.version != version and text_of(now, sheet) != self._text_then(now, version, sheet):
            raise Conflict("this text was changed elsewhere meanwhile")
        return now if text == text_of(now, sheet) else self._save(now, sheet, text, what)

    def undo(self, draft_id: str) -> Draft:
        """The draft as it was one step before; as it is where there is nothing to undo."""
        steps = way(self._store.draft_versions(draft_id))
        return self.restore(draft_id, steps.done[-2]) if steps.can_undo else self._store.draft(draft_id)

    def redo(self, draft_id: str) -> Draft:
        """The draft with the step that was undone last; as it is where nothing was."""
        steps = way(self._store.draft_versions(draft_id))
        return self.restore(draft_id, steps.undone[-1]) if steps.can_redo else self._store.draft(draft_id)

    def restore(self, draft_id: str, version: int) -> Draft:
        """The draft as it stood at a version, as a new version. Raises NotFound, Conflict."""
        now, then = self._store.draft(draft_id), self._store.draft_version(draft_id, version)
        return self._store.save_draft(
            draft_id, now.version, then.text, then.cases, "restored", restores=version, base=then.base
        )

    def behind(self, draft: Draft | DraftHead) -> bool:
        """Whether somebody has published the bank since this draft was begun, or caught up last."""
        head = self._store.heads().get(draft.bank)
        return head is not None and str(head.number) != draft.base

    def catch_up(self, draft_id: str, choices: Mapping[Sheet, Choices]) -> Draft:
        """The draft brought up to what is live, by field, clashes ended as chosen; the comments of both stay.

        Raises ``Clashing`` while a clash of either text is not decided; where it is one of comments or
        layout alone, ``joined`` tells it.
        """
        now = self._store.draft(draft_id)
        head = self._store.newest(now.bank)
        bank, cases = (
            self._caught_up(now, sheet, self.published(head, sheet), choices.get(sheet, {}))
            for sheet in SHEETS
        )
        return self._store.save_draft(draft_id, now.version, bank, cases, "caught up", base=str(head.number))

    def comment_clashes(
        self, draft: Draft, choices: Mapping[Sheet, Choices]
    ) -> Mapping[Sheet, tuple[Clash, ...]]:
        """What a draft and what is live both have otherwise in comments or layout alone, as lines.

        Nothing while clashes of fields are not decided by the choices, or a text is no YAML. Read-only.
        """
        return {sheet: self._comment_clashes(draft, sheet, choices.get(sheet, {})) for sheet in SHEETS}

    def _comment_clashes(self, draft: Draft, sheet: Sheet, choices: Choices) -> tuple[Clash, ...]:
        try:
            self._caught_up(draft, sheet, self.published(self._store.newest(draft.bank), sheet), choices)
        except Clashing as clashing:
            return clashing.joined.clashes if clashing.joined else ()
        except (Invalid, NotFound):
            return ()
        return ()

    def published(self, head: Publication, sheet: Sheet) -> str:
        """One of the texts of a publication."""
        if sheet == "bank":
            return self._store.text_of(head.number)
        return self._store.cases_of(head.number) or _NO_CASES

    def base_of(self, draft: Draft | DraftHead) -> Publication | None:
        """The publication that a draft grew from; None for a new bank."""
        history = self._store.history(draft.bank)
        return next((one for one in history if str(one.number) == draft.base), None)

    def _caught_up(self, draft: Draft, sheet: Sheet, live: str, choices: Choices) -> str:
        file, grown_from = file_of(draft.bank, sheet), self.base_of(draft)
        theirs, mine = _sound(live, file), self._data(draft, sheet)
        then = self.published(grown_from, sheet) if grown_from else ""
        merged = merge(_sound(then, file) if grown_from else {}, mine, theirs)
        if {clash.address for clash in merged.clashes} - choices.keys():
            raise Clashing(draft, sheet, merged, mine)
        of_parts = {address: side for address, side in choices.items() if address[:1] != (COMMENTS,)}
        joined = join(then, text_of(draft, sheet), live, file, merged.settle(of_parts))
        if {clash.address for clash in joined.clashes} - choices.keys():
            raise Clashing(draft, sheet, merged, mine, joined)
        return joined.settle(choices)

    def _data(self, draft: Draft | DraftVersion, sheet: Sheet, bank: str = "") -> Any:
        return _sound(text_of(draft, sheet), file_of(bank or getattr(draft, "bank", ""), sheet))

    def _seen(self, now: Draft, version: int, sheet: Sheet) -> Any:
        return self._data(self._store.draft_version(now.id, version), sheet, now.bank)

    def _text_then(self, now: Draft, version: int, sheet: Sheet) -> str:
        return text_of(self._store.draft_version(now.id, version), sheet)

    def _save(self, now: Draft, sheet: Sheet, text: str, what: str) -> Draft:
        bank, cases = (text, now.cases) if sheet == "bank" else (now.text, text)
        return self._store.save_draft(now.id, now.version, bank, cases, what)


def _sound(text: str, file: str) -> Any:
    found = read(text, file)
    if not found.sound:
        raise Invalid(list(found.problems))
    return found.data
