"""Every price, every fact and every text of a bank in one form each; and a search through all of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from quizapp.bank.addresses import Address
from quizapp.editing.workshop import Clashing
from quizapp.web.edit.bench import Bench, bench, draft_to_change, seen_data
from quizapp.web.edit.clashes import clash_reply
from quizapp.web.edit.edits import applied
from quizapp.web.edit.forms.made import Form
from quizapp.web.edit.guard import needs
from quizapp.web.edit.names import sheet_word
from quizapp.web.edit.pages.finding import find_page
from quizapp.web.edit.pages.tables import (
    A_PAGE,
    Filter,
    Part,
    TablePage,
    facts,
    grouped,
    holds,
    missing,
    out_of_date,
    prices,
    table_page,
    texts,
)
from quizapp.web.edit.replies import desk_reply
from quizapp.web.edit.saving import saved
from quizapp.web.edit.steps import Step
from quizapp.web.edit.telling import in_background, told
from quizapp.web.services import services

bp = Blueprint("tables", __name__, url_prefix="/edit")
KINDS = {"costs": prices, "facts": facts, "texts": texts}


@bp.get("/<bank>/costs", endpoint="costs", defaults={"kind": "costs"})
@bp.get("/<bank>/facts", endpoint="facts", defaults={"kind": "facts"})
@bp.get("/<bank>/texts", endpoint="texts", defaults={"kind": "texts"})
@needs("viewer")
def show(bank: str, kind: str) -> AnyResponse:
    """One table."""
    here = bench(bank)
    if not here.sound:
        return redirect(here.hand.link("source.show"), 303)
    parts = _shown(here, kind)
    return desk_reply("table.html", _page(here, kind, parts, _form(here, parts[0])))


@bp.post("/<bank>/costs", endpoint="save_costs", defaults={"kind": "costs"})
@bp.post("/<bank>/facts", endpoint="save_facts", defaults={"kind": "facts"})
@bp.post("/<bank>/texts", endpoint="save_texts", defaults={"kind": "texts"})
@needs("editor")
def save(bank: str, kind: str) -> AnyResponse:
    """Keep every field that was changed, in one step for each text."""
    draft, version = draft_to_change(bank)
    seen_data(draft, version, ())
    here = bench(bank)
    parts = _sent_parts(here, kind)
    form = _form(here, parts, request.form)
    valid = form.valid()
    if not valid and not in_background():
        shown = (parts, "", "", len(parts))
        return desk_reply("table.html", _page(here, kind, shown, form), status=422)
    changes = form.changes()
    try:
        for sheet in ("bank", "cases"):
            mine = {at: value for at, value in changes.items() if sheet_word(at) == sheet}
            if mine:
                draft = saved(draft, version, sheet, Step(kind), partial(_applied, mine))
    except Clashing as clashing:
        return clash_reply(here, clashing, ())
    if in_background():
        now = bench(bank)
        return told(now, form, _form(now, _sent_parts(now, kind)).fields)
    query = request.query_string.decode("ascii", "ignore")
    return redirect(f"/edit/{bank}/{kind}" + (f"?{query}" if query else ""), 303)


@bp.get("/<bank>/find")
@needs("viewer")
def find(bank: str) -> AnyResponse:
    """Where in the bank some words stand."""
    return desk_reply("find.html", find_page(bench(bank), request.args.get("q", "").strip()[:100]))


def _applied(changes: dict[Address, Any], data: Any) -> Any:
    return applied(data, changes)


def _shown(here: Bench, kind: str) -> tuple[list[Part], str, str, int]:
    """The rows that are asked for, with the addresses of the pages around them and how many there are."""
    parts, wanted = KINDS[kind](here), request.args.get("only", "")
    query = request.args.get("q", "").strip()[:100]
    if _only(kind) == wanted != "":
        parts = [part for part in parts if _left(here, kind, part)]
    if query:
        parts = [part for part in parts if holds(here, part, query)]
    if kind == "costs":
        return parts, "", "", len(parts)
    given = request.args.get("page", "")
    last = max(1, -(-len(parts) // A_PAGE))
    page = min(last, max(1, int(given))) if given.isdecimal() and len(given) < 5 else 1
    before = _link(here, kind, wanted, query, page - 1) if page > 1 else ""
    after = _link(here, kind, wanted, query, page + 1) if len(parts) > page * A_PAGE else ""
    return parts[(page - 1) * A_PAGE : page * A_PAGE], before, after, len(parts)


def _sent_parts(here: Bench, kind: str) -> list[Part]:
    """The rows whose fields were sent, whatever page or filter they were on."""
    sent = set(request.form.getlist("row"))
    return [part for part in KINDS[kind](here) if "/".join(part.place.address) in sent]


def _form(here: Bench, parts: list[Part], sent: Any = None) -> Form:
    return Form([cell for part in parts for cell in part.cells], here.around(), sent)


def _page(here: Bench, kind: str, shown: tuple[list[Part], str, str, int], form: Form) -> TablePage:
    say = here.language.say
    parts, before, after, count = shown
    words = {
        "costs": (
            say("All prices"),
            say("Change what has changed, then save; the check tells what it does."),
        ),
        "facts": (
            say("All facts"),
            say("Numbers and dates can be changed here, the rest on each fact’s own page."),
        ),
        "texts": (say("All texts"), say("Japanese on the left, English on the right.")),
    }
    query, wanted = request.args.get("q", "").strip()[:100], request.args.get("only", "")
    all_done = {
        ("texts", "missing"): say("No text lacks a language any more."),
        ("facts", "old"): say("No fact goes out of date soon."),
    }
    done = "" if query else all_done.get((kind, wanted), "")
    notes = {}
    if kind == "facts":
        notes = {part.place.address: out_of_date(here, part, services().today()) for part in parts}
    given = request.args.get("page", "")
    number = int(given) if given.isdecimal() and len(given) < 5 else 1
    return table_page(
        here,
        kind,
        *words[kind],
        grouped(here, parts, form, notes),
        form,
        filters=_filters(here, kind, wanted),
        query=query,
        count=count,
        before=before,
        after=after,
        here=_link(here, kind, wanted, query, number),
        nothing=done or say("Nothing here."),
        done=bool(done),
    )


def _filters(here: Bench, kind: str, wanted: str) -> tuple[Filter, ...]:
    say = here.language.say
    if not (only := _only(kind)):
        return ()
    parts, chosen = KINDS[kind](here), wanted == only
    left = sum(_left(here, kind, part) for part in parts)
    words = say("Out of date soon") if kind == "facts" else say("Missing")
    return (
        Filter(say("All"), _link(here, kind), not chosen, len(parts)),
        Filter(words, _link(here, kind, only), chosen, left),
    )


def _only(kind: str) -> str:
    """What a table can be narrowed to; empty for one that cannot."""
    return {"facts": "old", "texts": "missing"}.get(kind, "")


def _left(here: Bench, kind: str, part: Part) -> bool:
    """Whether a row is one of those that there is something left to do about."""
    return bool(out_of_date(here, part, services().today())) if kind == "facts" else missing(part)


def _link(here: Bench, kind: str, only: str = "", query: str = "", page: int = 1) -> str:
    given = {"only": only, "q": query, "page": str(page) if page > 1 else ""}
    return here.hand.link(f"tables.{kind}", **{name: value for name, value in given.items() if value})
