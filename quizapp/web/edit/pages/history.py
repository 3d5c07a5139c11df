"""What was published and when, each publication with what it changed; drafts put away; steps of a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

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
    """One publication: who, when and why; ``live`` where it is the newest.

    ``number`` is that of addresses, which runs over all banks; ``edition`` counts within the bank. ``back``
    is the edition that was brought back; 0 where it was no roll-back.
    """

    number: int
    who: str
    when: str
    why: str
    origin: str
    live: bool
    edition: int
    back: int = 0


@dataclass(frozen=True)
class PutAway:
    """A draft that was discarded; ``may_open`` where this editor may go on with it."""

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
    discarded: bool = False
    style: str = field(default_factory=lambda: asset_path("desk-pages.css"))


@dataclass(frozen=True)
class RevisionPage:
    """One publication: what it changed, and what going back to it would change now.

    ``impact`` and ``back_impact`` are None until somebody asks for them. ``back_same`` says that going back
    would change nothing, not even comments, ``back_comments`` that it would change nothing else.
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
    back_same: bool
    back_comments: bool
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
    """One step of a draft; ``undone`` where it was taken back since.

    ``earlier`` are steps right before it that say the same.
    """

    version: int
    words: str
    when: str
    now: bool
    undone: bool
    earlier: tuple[StepRow, ...] = ()


@dataclass(frozen=True)
class StepsPage:
    """The steps of a draft, newest first."""

    bank: str
    trail: tuple[Crumb, ...]
    steps: tuple[StepRow, ...]
    version: int
    style: str = field(default_factory=lambda: asset_path("desk-pages.css"))


def line_of(line: Publication, live: bool, edition: int, language: Language, back: int = 0) -> Line:
    """A publication in words."""
    origin = "" if line.origin == "file" else language.say("in the browser")
    who, why = who_and_why(line, language)
    return Line(line.number, who, language.moment(line.at), why, origin, live, edition, back)


def who_and_why(line: Publication, language: Language) -> tuple[str, str]:
    """Who published and why; a file is nobody, and its reasons are kept in English."""
    if line.origin != "file" or line.who != "file":
        return line.who, line.why
    if line.why.endswith(".yaml is new"):
        return language.say("File"), language.say("Taken in from the file for the first time")
    if line.why.endswith(".yaml changed"):
        return language.say("File"), language.say("The file was changed")
    return language.say("File"), line.why


def lines_of(
    history: tuple[Publication, ...], back: Mapping[int, int], language: Language
) -> tuple[Line, ...]:
    """All publications in words; ``back`` names the edition that a publication brought back, by its number."""
    count = len(history)
    return tuple(
        line_of(line, place == 0, count - place, language, back.get(line.number, 0))
        for place, line in enumerate(history)
    )


def editions_of(history: tuple[Publication, ...]) -> dict[int, int]:
    """Which edition of its bank each publication is, by its number; the first is 1."""
    return {line.number: len(history) - place for place, line in enumerate(history)}


def put_away(
    closed: tuple[DraftHead, ...], names: Mapping[str, str], who: str, language: Language
) -> tuple[PutAway, ...]:
    """The drafts that were discarded; each editor may go on with their own. What was published is no draft."""
    return tuple(
        PutAway(
            head.id,
            language.say("Draft of %(name)s, discarded", name=names.get(head.editor, "?")),
            language.moment(head.updated),
            head.editor == who,
        )
        for head in closed
        if head.state == "discarded"
    )


def step_rows(heads: tuple[DraftVersionHead, ...], way: Way, language: Language) -> tuple[StepRow, ...]:
    """The steps in words; a step that brought another back is told by what it brought back."""
    now = way.done[-1] if way.done else 0
    found = (
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
    return tuple(_folded(found))


def _folded(steps: Iterable[StepRow]) -> Iterator[StepRow]:
    """The steps, newest first, those in a row that say the same as one."""
    last: StepRow | None = None
    for step in steps:
        if last and (step.words, step.undone) == (last.words, last.undone) and not step.now:
            last = replace(last, earlier=(*last.earlier, step))
            continue
        if last:
            yield last
        last = step
    if last:
        yield last
