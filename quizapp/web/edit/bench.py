"""What lies before an editor: both texts of a draft as plain data, its problems by part, its steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from flask import request

from quizapp.bank.addresses import Address
from quizapp.editing.problem_places import PlacedProblem
from quizapp.editing.review import problems_of
from quizapp.editing.workshop import Sheet, Way, file_of, read, way
from quizapp.errors import Conflict, NotFound
from quizapp.i18n import Language
from quizapp.store.editing_records import Draft, DraftVersionHead
from quizapp.web.edit.at_hand import AtHand, at_hand, own_draft
from quizapp.web.edit.forms.around import Around
from quizapp.web.edit.guard import editor
from quizapp.web.edit.names import sheet_word
from quizapp.web.replies import spoken
from quizapp.web.services import services


@dataclass(frozen=True)
class Bench:
    """A bank as it is being looked at, in the reader's language."""

    hand: AtHand
    language: Language

    def data(self, address: Address = ()) -> Any:
        """The plain data of the text in which an address lies; None while it is no YAML."""
        sheet: Sheet = "cases" if sheet_word(address) == "cases" else "bank"
        return read(self.hand.sheet(sheet), file_of(self.hand.bank, sheet)).data

    @property
    def bank(self) -> Any:
        """The bank's data."""
        return self.data()

    @property
    def cases(self) -> Any:
        """The data of the cases."""
        return self.data(("cases",))

    @cached_property
    def sound(self) -> bool:
        """Whether both texts can be read, so that forms can show them."""
        return isinstance(self.bank, dict) and isinstance(self.cases, dict)

    def around(self, address: Address = ()) -> Around:
        """What the form of a part may refer to."""
        banks = tuple(services().store.heads())
        return Around(self.bank, self.cases, self.language, address, banks)

    @cached_property
    def problems(self) -> tuple[PlacedProblem, ...]:
        """Every problem of the draft."""
        return problems_of(self.hand, services().today())

    @cached_property
    def heads(self) -> tuple[DraftVersionHead, ...]:
        """The steps of the draft, newest first."""
        return services().store.draft_versions(self.hand.draft.id) if self.hand.draft else ()

    @cached_property
    def way(self) -> Way:
        """What can be undone and done again."""
        return way(self.heads)

    def href(self, address: Address, page: str = "part") -> str:
        """Where a part is edited."""
        return part_href(self.hand, address, page)


def part_href(hand: AtHand, address: Address, page: str = "part") -> str:
    """The address of a part's page, also where somebody else's draft is looked at."""
    others = f"?draft={hand.draft.id}" if hand.draft and not hand.mine else ""
    return f"/edit/{hand.bank}/{page}/{'/'.join(quote(word, safe='') for word in address)}{others}"


def bench(bank: str) -> Bench:
    """What this editor has before them. Raises NotFound for an unknown bank."""
    return Bench(at_hand(bank), spoken())


def draft_to_change(bank: str) -> tuple[Draft, int]:
    """The draft to write in, and the version that the page showed whose form was sent.

    A page that showed what was live begins a draft of just that, though somebody may have published
    since: the draft is then behind, and nothing that was typed is compared with what nobody saw.
    Raises Conflict where the draft that the page spoke of has been put away, NotFound.
    """
    store, version = services().store, _number("version")
    draft = store.draft_of(bank, editor().id)
    if draft is not None:
        return draft, version or 1
    shown = request.form.get("base", "")
    live = store.heads().get(bank)
    if version or live is None or shown in ("", str(live.number)):
        return own_draft(bank, version), 1
    then = next((line for line in store.history(bank) if str(line.number) == shown), None)
    if then is None:
        raise Conflict(f"the page showed no publication of {bank}")
    text, cases = store.text_of(then.number), store.cases_of(then.number)
    return store.open_draft(bank, editor().id, shown, text, cases), 1


def seen_data(draft: Draft, version: int, address: Address) -> Any:
    """The plain data that the page showed. Raises NotFound where that version is kept no longer."""
    sheet: Sheet = "cases" if sheet_word(address) == "cases" else "bank"
    then = draft if draft.version == version else services().store.draft_version(draft.id, version)
    text = then.text if sheet == "bank" else then.cases or "cases: []\n"
    found = read(text, file_of(draft.bank, sheet)).data
    if not isinstance(found, dict):
        raise NotFound("the text cannot be read just now")
    return found


def _number(name: str) -> int:
    given = request.form.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0
