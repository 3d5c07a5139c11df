"""Who did what, in words: one line for each entry of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quizapp.i18n import Language
from quizapp.store.editing_records import AuditEntry
from quizapp.web.assets import asset_path
from quizapp.web.edit.pages.trail import Crumb

PAGE = 50


@dataclass(frozen=True)
class LogRow:
    """One line: what was done by whom and when, with what there is to say about it."""

    when: str
    who: str
    words: str
    bank: str
    bank_name: str
    about: str


@dataclass(frozen=True)
class BankChoice:
    """One bank by which the log can be narrowed down."""

    slug: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class LogPage:
    """A page of the log, newest first; ``older`` is the address of the next one, if there is any."""

    trail: tuple[Crumb, ...]
    rows: tuple[LogRow, ...]
    banks: tuple[BankChoice, ...]
    bank: str
    older: str
    newest: str
    csv: str
    style: str = field(default_factory=lambda: asset_path("desk-pages.css"))


def log_page(
    entries: tuple[AuditEntry, ...],
    names: Mapping[str, str],
    editions: Mapping[int, int],
    bank: str,
    first: bool,
    language: Language,
) -> LogPage:
    """The page; ``entries`` are up to one more than it shows. ``names`` are the titles of banks by slug.

    ``editions`` says which edition of its bank a publication is, by its number.
    """
    shown = entries[:PAGE]
    narrowed = f"&bank={bank}" if bank else ""
    here = f"/edit/log?bank={bank}" if bank else "/edit/log"
    return LogPage(
        (Crumb(language.say("Banks"), "/edit"), Crumb(language.say("Log"))),
        tuple(log_row(entry, names, editions, language) for entry in shown),
        tuple(BankChoice(slug, name, slug == bank) for slug, name in sorted(names.items())),
        bank,
        f"/edit/log?before={shown[-1].number}{narrowed}" if len(entries) > PAGE else "",
        "" if first else here,
        f"/edit/log.csv?bank={bank}" if bank else "/edit/log.csv",
    )


def log_row(
    entry: AuditEntry, names: Mapping[str, str], editions: Mapping[int, int], language: Language
) -> LogRow:
    """An entry in words; one of a kind that is not known here is told by its own name."""
    about = {name: value for name, value in entry.about.items() if isinstance(value, str | int | float)}
    words = language.say(DONE[entry.did]) if entry.did in DONE else entry.did
    return LogRow(
        language.moment(entry.at),
        entry.who,
        words,
        entry.bank or "",
        names.get(entry.bank or "", entry.bank or ""),
        " · ".join(_told(entry.did, about, editions, language)),
    )


def _told(
    did: str, about: Mapping[str, str | int | float], editions: Mapping[int, int], language: Language
) -> list[str]:
    """What is worth telling of an entry, the most telling first."""
    say, found = language.say, []
    if about.get("why"):
        found.append(say("“%(why)s”", why=about["why"]))
    if did in ("published", "rolled_back"):
        first = about.get("first_changed")
        if isinstance(first, int | float):
            found.append(say("first place changed for %(share)s", share=f"{first:.1%}"))
        if to := _edition(about.get("to"), editions):
            found.append(say("back to edition %(n)s", n=to))
        if now := _edition(about.get("number"), editions):
            found.append(say("Edition %(n)s", n=now))
        if about.get("written_back") is False:
            found.append(say("the file was not written"))
        if about.get("unseen"):
            found.append(say("without a look at what changes for takers"))
    if about.get("editor"):
        found.append(str(about["editor"]))
    if about.get("role"):
        found.append(str(about["role"]))
    return found


def _edition(number: str | int | float | None, editions: Mapping[int, int]) -> int | None:
    return editions.get(number) if isinstance(number, int) else None


def _m_(message: str) -> str:
    """Marks words for the translators."""
    return message


DONE = {
    "signed_in": _m_("Signed in"),
    "signed_out": _m_("Signed out"),
    "sign_in_refused": _m_("Sign-in refused"),
    "session_ended": _m_("Session ended"),
    "sessions_ended": _m_("Other sessions ended"),
    "set_up": _m_("First editor set up"),
    "editor_added": _m_("Editor added"),
    "editor_disabled": _m_("Editor disabled"),
    "editor_enabled": _m_("Editor enabled"),
    "role_given": _m_("Role given"),
    "password_set": _m_("Password set"),
    "published": _m_("Published"),
    "rolled_back": _m_("Rolled back"),
    "settled": _m_("File and live bank settled"),
    "draft_discarded": _m_("Draft discarded"),
    "draft_reopened": _m_("Draft taken up again"),
    "imported": _m_("Imported into a draft"),
    "bank_begun": _m_("New bank begun"),
    "preview_offered": _m_("Preview link made"),
    "preview_ended": _m_("Preview link ended"),
    "expiry_put_off": _m_("Old results kept: the clock may be fast"),
}
