"""The audit log: who did what, by bank, page by page, and as a file."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.audit_export import all_entries, audit_csv
from quizapp.web.edit.exchange import download
from quizapp.web.edit.guard import needs
from quizapp.web.edit.pages.history import editions_of
from quizapp.web.edit.pages.log import PAGE, log_page
from quizapp.web.edit.replies import desk_reply
from quizapp.web.replies import spoken
from quizapp.web.services import services

bp = Blueprint("log", __name__, url_prefix="/edit")


@bp.get("/log")
@needs("viewer")
def show() -> AnyResponse:
    """One page of the log, newest first."""
    bank, before = _bank(), request.args.get("before", "")
    until = int(before) if before.isdecimal() and len(before) < 16 else None
    entries = services().store.entries(PAGE + 1, until, bank or None)
    editions = {
        number: edition
        for slug in {one.bank for one in entries if one.bank}
        for number, edition in _editions(slug)
    }
    return desk_reply("log.html", log_page(entries, _names(), editions, bank, until is None, spoken()))


@bp.get("/log.csv")
@needs("viewer")
def export() -> AnyResponse:
    """The whole log as CSV, of one bank if named; no cell is taken for a formula."""
    bank = _bank()
    text = audit_csv(all_entries(services().store, bank or None))
    name = f"log-{bank}.csv" if bank else "log.csv"
    # Spreadsheets take a file without this mark for one in their own old encoding.
    return download(b"\xef\xbb\xbf" + text.encode(), name, "text/csv; charset=utf-8")


def _editions(bank: str) -> Iterable[tuple[int, int]]:
    return editions_of(services().store.history(bank)).items()


def _bank() -> str:
    """The bank that the log is narrowed down to; none for a name that no bank has."""
    named = request.args.get("bank", "")
    return named if named in _names() else ""


def _names() -> dict[str, str]:
    lang, kept = spoken(), services()
    drafts = {head.bank: head.bank for head in kept.store.open_drafts()}
    heads = {slug: slug for slug in kept.store.heads()}
    return {**drafts, **heads, **{one.slug: lang.text(one.bank.title) for one in kept.library.published()}}
