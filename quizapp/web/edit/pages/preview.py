"""The desk's page from which a draft is tried out, and the pages that a preview's link adds to the takers' own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from quizapp.editing.problem_places import PlacedProblem
from quizapp.editing.rehearsal import Rehearsal
from quizapp.engine.compiled import Compiled
from quizapp.i18n import Language
from quizapp.web.edit.problem_words import problem_words

MOST_SHOWN = 50


@dataclass(frozen=True)
class Said:
    """One problem in words: what it is, why it matters, how to mend it; ``line`` is 0 where unknown."""

    what: str
    why: str
    fix: str
    line: int


@dataclass(frozen=True)
class Way:
    """A link with its words, or words alone."""

    words: str
    href: str = ""


@dataclass(frozen=True)
class Offered:
    """A reviewer's link, to be copied now, and until when it holds."""

    address: str
    until: str


@dataclass(frozen=True)
class OpenLink:
    """A link for somebody else that is still open; ``id`` is no part of its address."""

    id: str
    bank: str
    version: int
    until: str


@dataclass(frozen=True)
class Previewed:
    """Whose state of a bank is tried out: ``draft`` is the draft's id where it is somebody else's."""

    bank: str
    name: str
    draft: str
    version: int
    editor: str
    may_start: bool
    may_offer: bool


@dataclass(frozen=True)
class PreviewPage:
    """Choose the day, see whether the draft can be taken, take it, or let somebody else take it."""

    about: Previewed
    crumbs: tuple[Way, ...]
    source: str
    on: str
    mistake: str
    in_the_way: tuple[Said, ...]
    forbidding: tuple[Said, ...]
    hints: tuple[Said, ...]
    others: tuple[Way, ...]
    offered: Offered | None
    links: tuple[OpenLink, ...] = ()
    ended: bool = False


@dataclass(frozen=True)
class Seat:
    """Where an editor sits before a draft: its place at the desk, whose it is, what is shown, what is newest."""

    desk: str
    owner: str
    mine: bool
    version: int
    newest: int


@dataclass(frozen=True)
class OpenPreviewPage:
    """What a link shows first: the bank, the day, and the way into the quiz; ``desk`` and ``state`` for editors."""

    title: str
    day: str
    on: str
    quiz: str
    about: str
    root: str
    desk: str
    state: str
    mistake: str


@dataclass(frozen=True)
class ClosedPreviewPage:
    """A draft that cannot be taken, and why."""

    problems: tuple[Said, ...]


@dataclass(frozen=True)
class BusyPreviewPage:
    """That other previews are being worked out; ``again`` is the address to open in a moment."""

    again: str


@dataclass(frozen=True)
class EndedPreviewPage:
    """A link whose preview is over: it has no more to show than its words."""


def preview_page(
    about: Previewed,
    source: str,
    on: str,
    shown: Rehearsal,
    others: tuple[Way, ...],
    language: Language,
    mistake: str = "",
    offered: Offered | None = None,
) -> PreviewPage:
    """The desk's page; ``shown`` is the draft on the day that is suggested."""
    return PreviewPage(
        about=about,
        crumbs=(
            Way(language.say("Banks"), "/edit"),
            Way(about.name, f"/edit/{about.bank}"),
            Way(language.say("Preview")),
        ),
        source=source,
        on=on,
        mistake=mistake,
        in_the_way=_said(shown, shown.in_the_way, language),
        forbidding=_said(shown, tuple(one for one in shown.bearable if one.blocks), language),
        hints=_said(shown, tuple(one for one in shown.bearable if not one.blocks), language),
        others=others,
        offered=offered,
    )


def offered(address: str, until: datetime, language: Language) -> Offered:
    """A link in words."""
    return Offered(address, language.moment(until))


def open_preview_page(
    compiled: Compiled, on: date, root: str, seat: Seat | None, language: Language, mistake: str = ""
) -> OpenPreviewPage:
    """The first page of a preview on a day; ``root`` is what its addresses begin with."""
    slug = compiled.bank.bank
    return OpenPreviewPage(
        title=language.text(compiled.bank.title),
        day=language.day(on),
        on=on.isoformat(),
        quiz=f"{root}/quiz/{slug}",
        about=f"{root}/about/{slug}",
        root=root,
        desk=seat.desk if seat else "",
        state=_state(seat, language) if seat else "",
        mistake=mistake,
    )


def _state(seat: Seat, language: Language) -> str:
    """Whose draft it is, which version is shown, and whether the reader may change it."""
    say = language.say
    if seat.mine:
        words = [say("Your draft, version %(n)s.", n=seat.version)]
    else:
        name = seat.owner or say("somebody else")
        words = [say("The draft of %(name)s, version %(n)s.", name=name, n=seat.version)]
    if seat.newest > seat.version:
        words.append(say("The newest is version %(n)s.", n=seat.newest))
    if not seat.mine:
        words.append(say("You can read it, not change it."))
    return ("" if language.code == "ja" else " ").join(words)


def closed_preview_page(shown: Rehearsal, language: Language) -> ClosedPreviewPage:
    """The page of a draft that cannot be taken."""
    return ClosedPreviewPage(_said(shown, shown.in_the_way, language))


def _said(shown: Rehearsal, found: tuple[PlacedProblem, ...], language: Language) -> tuple[Said, ...]:
    told = [(one, problem_words(one, shown.data, shown.data, language)) for one in found[:MOST_SHOWN]]
    return tuple(Said(words.what, words.why, words.fix, one.problem.where.line) for one, words in told)
