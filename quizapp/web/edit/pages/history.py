"""What was published and when, each publication with what it changed; drafts put away; steps of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quizapp.editing.workshop import Way
from quizapp.i18n import Language
from quizapp.store.editing_records import DraftHead, DraftVersionHead
from quizapp.store.records import Publication
from quizapp.web.assets import asset_path
from quizapp.web.edit.pages.difference_words import Group
from quizapp.web.edit.pages.review import ImpactState
from quizapp.web.edit.pages.trail import Crumb
from quizapp.web.edit.steps import step_words


@dataclass(frozen=True)
class Line:
    """One publication: who, when and why; ``live`` where it is the newest."""

    number: int
    who: str
    when: str
    why: str
    origin: str
    live: bool


@dataclass(frozen=True)
class PutAway:
    """A draft that was published or discarded; ``may_open`` where this editor may go on with it."""

    id: str
    words: str
    when: str
    may_open: bool


@dataclass(frozen=True)
class HistoryPage:
    """A bank's publications, newest first, and the drafts that were put away."""

    bank: str
    trail: tuple[Crumb, ...]
    lines: tuple[Line, ...]
    drafts: tuple[PutAway, ...]
    has_draft: bool
    mistake: str = ""
    style: str = field(default_factory=lambda: asset_path("desk-pages.css"))


@dataclass(frozen=True)
class RevisionPage:
    """One publication: what it changed, and what going back to it would change now.

    ``impact`` and ``back_impact`` are None until somebody asks for them.
    """

    bank: str
    title: str
    trail: tuple[Crumb, ...]
    line: Line
    first: bool
    groups: tuple[Group, ...]
    only_comments: bool
    impact: ImpactState | None
    back: tuple[Group, ...]
    back_impact: ImpactState | None
    may_roll_back: bool
    why: str = ""
    mistakes: tuple[str, ...] = ()
    style: str = field(default_factory=lambda: asset_path("desk-pages.css"))
    script: str = field(default_factory=lambda: asset_path("review.js"))

    @property
    def here(self) -> str:
        """This page once more, with the impact that was asked for."""
        which = "then" if self.impact else "back"
        return f"/edit/{self.bank}/history/{self.line.number}?impact={which}"


@dataclass(frozen=True)
class StepRow:
    """One step of a draft; ``undone`` where it was taken back since."""

    version: int
    words: str
    when: str
    now: bool
    undone: bool


@dataclass(frozen=True)
class StepsPage:
    """The steps of a draft, newest first."""

    bank: str
    trail: tuple[Crumb, ...]
    steps: tuple[StepRow, ...]
    version: int
    style: str = field(default_factory=lambda: asset_path("desk-pages.css"))


def line_of(line: Publication, live: bool, language: Language) -> Line:
    """A publication in words."""
    origin = language.say("from the file") if line.origin == "file" else language.say("in the browser")
    return Line(line.number, line.who, language.moment(line.at), line.why, origin, live)


def lines_of(history: tuple[Publication, ...], language: Language) -> tuple[Line, ...]:
    """All publications in words."""
    return tuple(line_of(line, number == 0, language) for number, line in enumerate(history))


def put_away(
    closed: tuple[DraftHead, ...], names: Mapping[str, str], who: str, language: Language
) -> tuple[PutAway, ...]:
    """The drafts that were put away; each editor may go on with their own."""
    said = {"published": language.say("published"), "discarded": language.say("discarded")}
    return tuple(
        PutAway(
            head.id,
            language.say(
                "Draft of %(name)s, %(state)s",
                name=names.get(head.editor, "?"),
                state=said.get(head.state, ""),
            ),
            language.moment(head.updated),
            head.editor == who,
        )
        for head in closed
    )


def step_rows(heads: tuple[DraftVersionHead, ...], way: Way, language: Language) -> tuple[StepRow, ...]:
    """The steps in words; a step that brought another back is told by what it brought back."""
    now = way.done[-1] if way.done else 0
    return tuple(
        StepRow(
            head.version,
            step_words(head.what, language),
            language.moment(head.at),
            head.version == now,
            head.version in way.undone,
        )
        for head in heads
        if head.restores is None or head.restores not in {one.version for one in heads}
    )
