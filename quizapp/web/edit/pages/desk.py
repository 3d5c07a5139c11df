"""What a bank's desk shows: all that it is made of with counts and problems, what can be done, what was done."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.bank.addresses import Address
from quizapp.bank.shapes.places import place_at
from quizapp.web.edit.bench import Bench
from quizapp.web.edit.field_labels import label_of
from quizapp.web.edit.names import words_of
from quizapp.web.edit.pages.frame import DraftBar, draft_bar
from quizapp.web.edit.pages.listings import Told, told_of
from quizapp.web.edit.pages.trail import Crumb
from quizapp.web.edit.steps import step_words

MAIN: tuple[Address, ...] = (("items",), ("questions",), ("criteria",), ("cases",))
REST: tuple[Address, ...] = (
    ("sources",), ("fact_kinds",), ("values",), ("screens",), ("limits",), ("providers",), ("notes",),
    ("guidelines",), ("doubts",),
)  # fmt: skip
MOST_STEPS = 12
MOST_PROBLEMS = 12


@dataclass(frozen=True)
class Section:
    """One list of the bank: how many entries it has, what stands first in it, how many problems.

    ``counted`` says that there is a count, which may be 0; what is no list has none.
    """

    label: str
    href: str
    count: int
    about: str
    problems: int
    counted: bool = False


@dataclass(frozen=True)
class StepRow:
    """One step of the draft."""

    words: str
    at: str


@dataclass(frozen=True)
class DeskPage:
    """A bank on the desk."""

    title: str
    slug: str
    summary: str
    trail: tuple[Crumb, ...]
    bar: DraftBar
    sound: bool
    main: tuple[Section, ...]
    tables: tuple[Section, ...]
    rest: tuple[Section, ...]
    problems: tuple[Told, ...]
    more_problems: int
    steps: tuple[StepRow, ...]
    live: str
    by: str
    others: tuple[str, ...]


def desk_page(bench: Bench, others: tuple[str, ...]) -> DeskPage:
    """The desk of the bank at hand."""
    hand, language = bench.hand, bench.language
    told = tuple(told_of(bench, one) for one in sorted(bench.problems, key=lambda one: not one.blocks))
    title = hand.name(language)
    return DeskPage(
        title,
        hand.bank,
        words_of(bench.bank.get("summary"), language) if isinstance(bench.bank, dict) else "",
        (Crumb(language.say("Banks"), "/edit"), Crumb(title)),
        draft_bar(bench),
        bench.sound,
        tuple(_section(bench, at, told) for at in MAIN) if bench.sound else (),
        _tables(bench) if bench.sound else (),
        (_settings(bench, told), *(_section(bench, at, told) for at in REST)) if bench.sound else (),
        told[:MOST_PROBLEMS],
        max(0, len(told) - MOST_PROBLEMS),
        tuple(
            StepRow(step_words(head.what, language), language.moment(head.at))
            for head in bench.heads[:MOST_STEPS]
        ),
        language.moment(hand.live.at) if hand.live else "",
        _by(bench),
        others,
    )


def _by(bench: Bench) -> str:
    live = bench.hand.live
    if live is None:
        return ""
    return bench.language.say("from the file") if live.origin == "file" else live.who


def _section(bench: Bench, at: Address, told: tuple[Told, ...]) -> Section:
    place = place_at(bench.data(at), at)
    assert place.shape is not None
    size = len(place.value) if isinstance(place.value, list | dict) else 0
    return Section(
        label_of(place.shape, bench.language),
        bench.href(at),
        size,
        "",
        sum(not one.warning for one in told if one.address[:1] == at),
        True,
    )


def _settings(bench: Bench, told: tuple[Told, ...]) -> Section:
    own = ("title", "summary", "minutes", "order", "bank", "format")
    return Section(
        bench.language.say("Title and settings"),
        bench.href(()),
        0,
        "",
        sum(not one.warning for one in told if one.address[:1] and one.address[0] in own),
    )


def _tables(bench: Bench) -> tuple[Section, ...]:
    say, link = bench.language.say, bench.hand.link
    return (
        Section(say("All prices"), link("tables.costs"), 0, say("Change fees without looking for them"), 0),
        Section(say("All facts"), link("tables.facts"), 0, say("Values, dates, what goes out of date"), 0),
        Section(
            say("All texts"),
            link("tables.texts"),
            0,
            say("Japanese and English side by side; what is missing"),
            0,
        ),
    )
