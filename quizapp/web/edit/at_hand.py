"""What somebody has before them of a bank: their draft, one that they were pointed to, or what is live."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for

from quizapp.editing.workshop import Sheet, file_of, read
from quizapp.errors import Conflict, NotFound
from quizapp.i18n import Language
from quizapp.store.editing_records import Draft
from quizapp.store.records import Publication
from quizapp.web.edit.guard import editor, signed
from quizapp.web.edit.names import name_of
from quizapp.web.services import services

NO_CASES = "cases: []\n"


@dataclass(frozen=True)
class AtHand:
    """A bank as it is being looked at; ``draft`` is None where it is the live one, ``live`` where none is.

    It is a proposal as ``editing.review`` takes them. ``mine`` says that the draft is this editor's own.
    """

    bank: str
    draft: Draft | None
    live: Publication | None
    text: str = field(repr=False)
    cases: str | None = field(repr=False)
    mine: bool

    @property
    def base(self) -> str | None:
        """The number of the publication it grew from, as text; None for a new bank."""
        if self.draft:
            return self.draft.base
        return str(self.live.number) if self.live else None

    @property
    def version(self) -> int:
        """The draft's version; 0 where nothing was changed yet."""
        return self.draft.version if self.draft else 0

    @property
    def behind(self) -> bool:
        """Whether somebody has published since the draft was begun."""
        return self.draft is not None and self.live is not None and str(self.live.number) != self.draft.base

    @property
    def may_change(self) -> bool:
        """Whether who is signed in may write here: an editor, in a draft of their own."""
        who = signed()
        return who is not None and who.may("editor") and (self.mine or self.draft is None)

    def sheet(self, sheet: Sheet) -> str:
        """One of the texts."""
        return self.text if sheet == "bank" else self.cases or NO_CASES

    def name(self, language: Language) -> str:
        """What the bank is called; its id while its text cannot be read."""
        return name_of(read(self.text, file_of(self.bank, "bank")).data, language, self.bank)

    def link(self, endpoint: str, **values: str) -> str:
        """The address of another page about the same draft."""
        others = {"draft": self.draft.id} if self.draft and not self.mine else {}
        told: dict[str, Any] = {**values, **others}
        return url_for(endpoint, bank=self.bank, **told)


def at_hand(bank: str) -> AtHand:
    """What ``?draft=`` (or the field of that name) points to, else one's own draft, else what is live.

    Read-only: looking at a bank opens no draft. Raises NotFound where there is neither.
    """
    store, who = services().store, editor()
    live = store.heads().get(bank)
    pointed = request.values.get("draft", "")
    draft = store.draft(pointed) if pointed else store.draft_of(bank, who.id)
    if draft and (draft.bank != bank or draft.state != "open"):
        raise NotFound(f"no such draft of {bank}")
    if draft:
        return AtHand(bank, draft, live, draft.text, draft.cases, draft.editor == who.id)
    if live is None:
        raise NotFound(f"there is no bank {bank}")
    return AtHand(bank, None, live, store.text_of(live.number), store.cases_of(live.number), False)


def own_draft(bank: str, version: int) -> Draft:
    """The draft to write in, opened now where somebody begins to write on what is live (``version`` 0).

    Raises Conflict where the draft that a page spoke of has been put away meanwhile, NotFound.
    """
    store, who = services().store, editor()
    mine = store.draft_of(bank, who.id)
    if mine:
        return mine
    if version:
        raise Conflict(f"the draft of {bank} was put away meanwhile")
    return services().workshop.open(bank, who.id)


def drafts_editor(draft: Draft) -> str:
    """The name of who works on a draft; empty where the editor is gone."""
    try:
        return services().store.editor(draft.editor).name
    except NotFound:
        return ""
