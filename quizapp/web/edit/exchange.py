"""Banks in and out: a file or zip becomes a draft, a bank becomes a file or zip; new ones begin from a template."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from quizapp.editing.bundle import MOST_BYTES, Bundle, export_bank, import_bundle, read_bundle
from quizapp.editing.bundle_renamed import renamed
from quizapp.editing.new_bank import begin_new
from quizapp.editing.workshop import SHEETS, text_of
from quizapp.errors import Conflict, Invalid, Problem, Where, told
from quizapp.web.edit.at_hand import at_hand
from quizapp.web.edit.edits import proposed_id
from quizapp.web.edit.guard import editor, needs
from quizapp.web.edit.pages.exchange import import_page, new_page
from quizapp.web.edit.replies import desk_reply
from quizapp.web.replies import spoken
from quizapp.web.services import services

bp = Blueprint("exchange", __name__, url_prefix="/edit")


@bp.get("/import")
@needs("editor")
def ask_file() -> AnyResponse:
    """Ask for a file."""
    return desk_reply("import.html", import_page((), spoken()))


@bp.post("/import")
@needs("editor")
def take_file() -> AnyResponse:
    """A draft from the file; nothing goes live. Every problem is told at once."""
    other = request.form.get("as", "").strip()
    try:
        bundle = renamed(_sent(), other) if other else _sent()
    except Invalid as error:
        page = import_page(tuple(error.problems), spoken(), other)
        return desk_reply("import.html", page, status=422)
    kept = services()
    draft = import_bundle(kept.store, kept.workshop, bundle, editor())
    live = kept.workshop.base_of(draft)
    texts = [kept.workshop.published(live, sheet) for sheet in SHEETS] if live else []
    same = "?imported=same" if texts == [text_of(draft, sheet) for sheet in SHEETS] else ""
    return redirect(f"/edit/{bundle.slug}/review{same}", 303)


@bp.get("/new")
@needs("editor")
def ask_name() -> AnyResponse:
    """Ask how a new bank is called."""
    return desk_reply("new.html", new_page(("", "", ""), (), spoken()))


@bp.post("/new")
@needs("editor")
def begin() -> AnyResponse:
    """A draft of a new bank, from the template."""
    kept, lang = services(), spoken()
    slug, title_ja, title_en = given = _given()
    try:
        begin_new(kept.store, kept.workshop, editor(), slug, title_ja, title_en, kept.today())
    except Invalid as error:
        mistakes = tuple(
            lang.say(MISTAKES[one.code]) if one.code in MISTAKES else lang.retold(one.what)
            for one in error.problems
        )
        return desk_reply("new.html", new_page(given, mistakes, lang), status=422)
    except Conflict:
        said = lang.say("There is a bank of that id already. Take another id.")
        return desk_reply("new.html", new_page(given, (said,), lang), status=409)
    return redirect(f"/edit/{slug}", 303)


@bp.get("/<bank>/export.zip")
@needs("viewer")
def export_zip(bank: str) -> AnyResponse:
    """The bank and its cases, as they are at hand, in one file."""
    hand = at_hand(bank)
    return download(export_bank(bank, hand.text, hand.cases), f"{bank}.zip", "application/zip")


@bp.get("/<bank>/export.yaml")
@needs("viewer")
def export_yaml(bank: str) -> AnyResponse:
    """The bank's file; that of its cases with ``?sheet=cases``."""
    hand = at_hand(bank)
    cases = request.args.get("sheet") == "cases"
    name = f"{bank}.cases.yaml" if cases else f"{bank}.yaml"
    return download(
        hand.sheet("cases" if cases else "bank").encode(), name, "application/yaml; charset=utf-8"
    )


def download(content: bytes, name: str, type: str) -> Response:
    """A file to keep, never shown as a page. ``name`` holds nothing but letters, digits, dots and _."""
    response = Response(content, content_type=type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _sent() -> Bundle:
    """The bank in the file that was sent. Raises Invalid."""
    file = request.files.get("file")
    if file is None or not file.filename:
        what, why, fix = (
            told("no file was chosen"),
            told("there is nothing to import"),
            told("choose a .yaml or a .zip"),
        )
        raise Invalid([Problem(Where("file"), "no_file", what, why, fix)])
    return read_bundle(file.stream.read(MOST_BYTES + 1), file.filename)


def _given() -> tuple[str, str, str]:
    """The id, made from the English title where none was typed, and the titles."""
    slug, title_ja, title_en = (
        request.form.get(name, "").strip() for name in ("slug", "title_ja", "title_en")
    )
    return slug or (proposed_id(title_en, "") if title_en else ""), title_ja, title_en


def _m_(message: str) -> str:
    return message


MISTAKES = {
    "bad_name": _m_("The id begins with a small letter; then small letters, digits and _, 64 at most."),
    "taken_address": _m_("That id is an address of the desk. Take another id."),
    "bad_title": _m_("A title is one line of at most 200 characters."),
}
