"""What stands between a draft and publishing, in the order in which it is asked for; words included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from quizapp.bank.comparing.differences import differences
from quizapp.editing.ageing import Ageing
from quizapp.editing.case_review import ChangedCase, FailingCase
from quizapp.editing.old_amounts import OldAmount, old_amounts
from quizapp.editing.problem_places import PlacedProblem
from quizapp.editing.review import Differences
from quizapp.i18n import Language
from quizapp.web.assets import asset_path
from quizapp.web.edit.at_hand import AtHand
from quizapp.web.edit.bench import part_href
from quizapp.web.edit.impacts import Count
from quizapp.web.edit.pages.difference_words import Group, Row, Words, comment_group, difference_groups
from quizapp.web.edit.pages.effects import shown_otherwise
from quizapp.web.edit.pages.impact import ImpactPart, impact_part
from quizapp.web.edit.pages.problems import ProblemRow, part_words, problem_rows
from quizapp.web.edit.pages.trail import Crumb, trail


@dataclass(frozen=True)
class FailingRow:
    """A case that comes out otherwise; ``wrong_before`` where it did so before the edit too.

    ``rows`` say what was expected and what it is now; empty where the bank cannot be asked.
    """

    id: str
    label: str
    failures: tuple[str, ...]
    rows: tuple[Row, ...]
    wrong_before: bool
    href: str


@dataclass(frozen=True)
class AgeingRow:
    """A part that needs another look soon."""

    part: str
    words: str
    href: str


@dataclass(frozen=True)
class ImpactState:
    """How far the count of the impact is, and what came out.

    ``none`` says in words why there is nothing to count; ``address`` is where the state is asked for.
    ``name`` is what a request to publish calls it, given once it has come out.
    """

    address: str
    percent: int
    counting: bool
    failed: bool
    none: str
    found: ImpactPart | None
    name: str = ""

    @property
    def to_see(self) -> bool:
        """Whether there is something to look at that is not there yet."""
        return not (self.none or self.found)


@dataclass(frozen=True)
class ChangedRow:
    """A case that demands something else than it did."""

    name: str
    words: str
    href: str = ""


@dataclass(frozen=True)
class Reasons:
    """What was typed into the form, and what was wrong with it."""

    why: str = ""
    case_reason: str = ""
    mistakes: tuple[str, ...] = ()
    unseen: bool = False


@dataclass(frozen=True)
class Findings:
    """What the core found, as the page takes it."""

    problems: tuple[PlacedProblem, ...]
    failing: tuple[FailingCase, ...]
    ageing: tuple[Ageing, ...]
    differences: Differences
    changed_cases: tuple[ChangedCase, ...]
    cases: int
    outcomes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class ReviewPage:
    """A draft before it is live. ``ready`` where nothing forbids publishing; the form is shown then."""

    bank: str
    name: str
    trail: tuple[Crumb, ...]
    is_draft: bool
    draft: str
    version: int
    owner: str
    blocking: tuple[ProblemRow, ...]
    warnings: tuple[ProblemRow, ...]
    cases: int
    failing: tuple[FailingRow, ...]
    ageing: tuple[AgeingRow, ...]
    amounts: tuple[AgeingRow, ...]
    impact: ImpactState
    shown: tuple[str, ...]
    groups: tuple[Group, ...]
    case_groups: tuple[Group, ...]
    only_comments: bool
    nothing: bool
    behind: bool
    changed_cases: tuple[ChangedRow, ...]
    ready: bool
    may_publish: bool
    may_accept: bool
    publishers: tuple[str, ...]
    reasons: Reasons
    merge: str
    source: str
    note: str = ""
    style: str = field(default_factory=lambda: asset_path("desk-pages.css"))
    script: str = field(default_factory=lambda: asset_path("review.js"))

    @property
    def changes(self) -> int:
        """How many differences are listed."""
        return sum(group.changes for group in (*self.groups, *self.case_groups))

    @property
    def case_changes(self) -> int:
        """How many of them are about cases."""
        return sum(group.changes for group in self.case_groups)

    @property
    def acceptable(self) -> int:
        """How many of the failing cases may take the new outcome."""
        return sum(bool(row.rows) for row in self.failing)

    @property
    def here(self) -> str:
        """This page once more, at its impact."""
        return f"/edit/{self.bank}/review{self.others}#takers"

    @property
    def others(self) -> str:
        """What is added to addresses of forms about somebody else's draft."""
        return f"?draft={self.draft}" if self.draft else ""


@dataclass(frozen=True)
class Looker:
    """Who looks: what they may do, and who may publish."""

    may_publish: bool
    may_accept: bool
    publishers: tuple[str, ...]
    owner: str


def review_page(
    hand: AtHand,
    found: Findings,
    impact: ImpactState,
    words: tuple[Words, Words],
    who: Looker,
    reasons: Reasons,
) -> ReviewPage:
    """The page of a draft; ``words`` say the states before and after."""
    before, after = words
    language = after.language
    rows = problem_rows(found.problems, hand, language)
    blocking = tuple(row for row in rows if not row.warning)
    told, same = found.differences, found.differences.same
    return ReviewPage(
        hand.bank,
        hand.name(language),
        trail(hand, language, language.say("Review and publish")),
        hand.draft is not None,
        hand.draft.id if hand.draft and not hand.mine else "",
        hand.version,
        "" if hand.mine else who.owner,
        blocking,
        tuple(row for row in rows if row.warning),
        found.cases,
        tuple(_failing(one, found.outcomes.get(one.id), hand, after) for one in found.failing),
        tuple(_ageing(one, hand, language) for one in found.ageing),
        tuple(_old_amount(one, hand, language) for one in old_amounts(told.bank, after.state.bank)),
        impact,
        shown_otherwise(told.bank, after),
        (
            *difference_groups(told.bank, before.state, after.state, language),
            *comment_group(told.comments, language),
        ),
        difference_groups(told.cases, before.state, after.state, language),
        told.readable and not same and not told.bank and not told.cases,
        same,
        hand.behind,
        tuple(_changed(one, hand, after) for one in found.changed_cases),
        hand.draft is not None and not (blocking or found.failing or same or hand.behind),
        who.may_publish,
        who.may_accept,
        who.publishers,
        reasons,
        f"/edit/{hand.bank}/merge",
        hand.link("source.show", sheet="bank"),
    )


def impact_state(
    address: str, count: Count | None, none: str, before: Words, after: Words, name: str = ""
) -> ImpactState:
    """How far the count is; ``count`` is None where there is nothing to count, and ``none`` says why."""
    if count is None:
        return ImpactState(address, 0, False, False, none, None)
    found = impact_part(count.found, before, after) if count.found else None
    percent, shown = round(count.share * 100), name if found else ""
    return ImpactState(address, percent, not count.ended, count.failed, none, found, shown)


def _failing(one: FailingCase, outcome: tuple[Any, Any] | None, hand: AtHand, after: Words) -> FailingRow:
    label = one.label.get(after.language.code) or one.id
    address = (*one.address, "expect")
    told = differences(*outcome) if outcome else ()
    placed = [replace(each, address=(*address, *each.address)) for each in told]
    rows = tuple(
        row
        for group in difference_groups(placed, after.state, after.state, after.language)
        for row in group.rows
    )
    failures = tuple(map(after.language.retold, one.failures))
    return FailingRow(one.id, label, failures, rows, one.failed_before, part_href(hand, one.address))


def _ageing(one: Ageing, hand: AtHand, language: Language) -> AgeingRow:
    day = language.day(one.since)
    if one.kind == "ends":
        words = language.say("holds until %(day)s", day=day)
    elif one.kind == "source":
        words = language.count(
            "last read on %(day)s; %(n)s fact rests on it",
            "last read on %(day)s; %(n)s facts rest on it",
            one.parts,
            day=day,
        )
    else:
        words = language.say("last checked on %(day)s", day=day)
    return AgeingRow(part_words(hand, one.address, language), words, part_href(hand, one.address))


def _old_amount(one: OldAmount, hand: AtHand, language: Language) -> AgeingRow:
    words = language.say(
        "still names %(before)s, where a price is %(now)s now",
        before=language.yen(one.amount),
        now=language.yen(one.now),
    )
    return AgeingRow(part_words(hand, one.address, language), words, part_href(hand, one.address))


def _changed(one: ChangedCase, hand: AtHand, after: Words) -> ChangedRow:
    say = after.language.say
    words = say("taken out") if one.how == "removed" else say("expects something else now")
    if not one.id:
        return ChangedRow(say("The file of cases"), words)
    address = ("cases", one.id)
    return ChangedRow(after.whole(address), words, "" if one.how == "removed" else part_href(hand, address))
