"""The page of any part of a bank or its cases: its form, its lists, and every button on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote, urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from quizapp.bank.addresses import Address
from quizapp.bank.shapes.places import Place, entry_words, inlined, place_at
from quizapp.bank.shapes.references import uses
from quizapp.bank.yaml.caps import MAX_DEPTH
from quizapp.editing.workshop import Clashing
from quizapp.errors import Invalid, NotFound
from quizapp.store.editing_records import Draft
from quizapp.web.edit.bench import Bench, bench, draft_to_change, seen_data
from quizapp.web.edit.clashes import clash_reply
from quizapp.web.edit.edits import applied, copied, moved, moved_to, removed
from quizapp.web.edit.forms.fields import ShapeField
from quizapp.web.edit.forms.made import Form, Mistake
from quizapp.web.edit.forms.rating import FitField
from quizapp.web.edit.forms.rule import RuleField
from quizapp.web.edit.guard import needs
from quizapp.web.edit.names import sheet_word
from quizapp.web.edit.pages.frame import row_id
from quizapp.web.edit.pages.paging import Wanted, page_of
from quizapp.web.edit.pages.part import PartPage, cells_of, part_page
from quizapp.web.edit.pages.removal import removal_page
from quizapp.web.edit.replies import desk_reply
from quizapp.web.edit.saving import saved, step_at
from quizapp.web.edit.telling import in_background, told

bp = Blueprint("parts", __name__, url_prefix="/edit")

ORDERS = ("up", "down", "to", "remove", "remove!", "copy")


@bp.get("/<bank>/part/")
@bp.get("/<bank>/part/<path:address>")
@needs("viewer")
def show(bank: str, address: str = "") -> AnyResponse:
    """One part or list; the address of a field leads to the part that it belongs to."""
    here, wanted = bench(bank), words_of_path(address)
    if not here.sound:
        return redirect(here.hand.link("source.show"), 303)
    place = nearest_page(here, wanted)
    if place.address != wanted:
        field = ".".join(wanted[len(place.address) :])
        return redirect(f"{here.href(place.address)}#{field}", 303)
    form = Form(cells_of(place), here.around(place.address))
    for name in request.args.getlist("text"):
        _as_expression(form, name)
    return desk_reply("part.html", _page(here, place, form))


@bp.post("/<bank>/part/")
@bp.post("/<bank>/part/<path:address>")
@needs("editor")
def change(bank: str, address: str = "") -> AnyResponse:
    """Keep what the form says and do what its button says, as one step; nothing typed is lost."""
    at = words_of_path(address)
    verb, _, rest = request.form.get("do", "save").partition(":")
    if verb == "remove" and (asked := _asked_first(bank, at, rest)):
        return asked
    draft, version = draft_to_change(bank)
    place = place_at(seen_data(draft, version, at), at)
    here = bench(bank)
    form = Form(cells_of(place), here.around(at), request.form)
    if verb in ("rule", "more"):
        act(form, rest)
        return desk_reply("part.html", _page(here, place, form, here.language.say("Not saved yet.")))
    if not form.valid():
        if not in_background():
            return desk_reply("part.html", _page(here, place, form), status=422)
        keep(draft, version, place, form)
        return _told(bank, place, form)
    if verb == "place":
        order, wrong = _move(here, place)
        if wrong:
            return desk_reply("part.html", _unmoved(_page(here, place, form, mistakes=wrong)), status=422)
        verb, rest = "to", order
    try:
        return _done(here, draft, version, place, form, verb, rest)
    except Clashing as clashing:
        return clash_reply(here, clashing, at)
    except Invalid as refused:
        say = here.language.retold
        mistakes = tuple(Mistake("#main", say(one.what), say(one.fix)) for one in refused.problems)
        page = _page(here, place, form, mistakes=mistakes)
        return desk_reply("part.html", page, status=422)


@bp.post("/<bank>/rule")
@needs("viewer")
def rule(bank: str) -> AnyResponse | str:
    """The inputs of one rule after a button, as HTML; nothing is kept."""
    here, at = bench(bank), words_of_path(request.form.get("at", ""))
    form = Form(cells_of(place_at(here.data(at), at)), here.around(at), request.form)
    field = act(form, request.form.get("do", "").partition(":")[2])
    if field is None:
        raise NotFound
    return str(field.inside)


def act(form: Form, order: str) -> ShapeField | None:
    """Do in a form what a rule's button says; the rule, None where no rule was meant."""
    name, action, where = [*order.split(":"), "", "", ""][:3]
    holder = form.named(name.removesuffix(".rule"))
    if isinstance(holder, FitField):
        field = holder.rule
        changed = field.acted(action, where)
        kept = {ending: values for ending, values in holder.inputs.items() if not ending.startswith(".rule.")}
        holder.inputs = {**kept, **{f".rule{ending}": values for ending, values in changed.items()}}
        return holder.rule
    if isinstance(holder, RuleField):
        holder.inputs = holder.acted(action, where)
        return holder
    return None


def _as_expression(form: Form, name: str) -> None:
    """Show a rule as the expression that it was just typed as."""
    holder = form.named(name)
    if isinstance(holder, RuleField | FitField):
        holder.inputs = holder.as_expression()


def _expressions(form: Form) -> str:
    """What keeps the rules that were typed as expressions so on the next page."""
    typed = [
        field.name
        for field in form.fields
        if (isinstance(field, RuleField) and field.mode == "text")
        or (isinstance(field, FitField) and field.mode == "rule" and field.rule.mode == "text")
    ]
    return "?" + urlencode({"text": typed}, doseq=True) if typed else ""


def words_of_path(path: str) -> Address:
    """The address in a path. Raises NotFound for one that leads deeper than any bank."""
    words = tuple(word for word in path.split("/") if word)
    if len(words) > MAX_DEPTH:
        raise NotFound
    return words


def nearest_page(here: Bench, address: Address) -> Place:
    """The place at an address, or around it, that has a page of its own."""
    for length in range(len(address), -1, -1):
        try:
            place = place_at(here.data(address[:length]), address[:length])
        except NotFound:
            continue
        if not place.address or place.entry or place.is_list or (place.model and not inlined(place.model)):
            return place
    raise NotFound


def _page(
    here: Bench, place: Place, form: Form | None = None, note: str = "", mistakes: tuple[Mistake, ...] = ()
) -> PartPage:
    made = form or Form(cells_of(place), here.around(place.address))
    return part_page(here, place, made, note, mistakes, _wanted())


def _wanted() -> Wanted:
    """The page of a long list that the address asks for."""
    given = request.args.get("page", "")
    page = int(given) if given.isdecimal() and len(given) < 6 else 1
    return Wanted(request.args.get("q", "").strip()[:100], page)


def _asked_first(bank: str, at: Address, rest: str) -> AnyResponse | None:
    """The question before an entry goes that others name, where nothing was changed yet: asking begins no draft."""
    here = bench(bank)
    if here.hand.draft or not here.sound:
        return None
    entry = entry_of(at, rest)
    place = nearest_page(here, at)
    form = Form(cells_of(place), here.around(at), request.form)
    if place.address != at or not form.valid() or form.changes() or not uses(here.bank, here.cases, entry):
        return None
    return desk_reply("removal.html", removal_page(here, entry, at))


def entry_of(at: Address, rest: str) -> Address:
    """The address of the entry that a button of the page at ``at`` means."""
    return (*at, *(unquote(word) for word in rest.split(":")[0].split("/") if word))


def _move(here: Bench, place: Place) -> tuple[str, tuple[Mistake, ...]]:
    """The order to move the entry with a number to a position, both as typed, or what is wrong with them."""
    words, say = entry_words(place.value), here.language.say
    labels = {"number": say("Move number"), "place": say("to position")}
    typed = {name: _whole(request.form.get(name, "")) for name in labels}
    if wrong := tuple(
        Mistake(f"#{name}", labels[name], say("Give a whole number from 1 to %(last)s.", last=len(words)))
        for name, given in typed.items()
        if not 1 <= given <= len(words)
    ):
        return "", wrong
    return f"{quote(words[typed['number'] - 1], safe='')}:{typed['place'] - 1}", ()


def _whole(typed: str) -> int:
    """A number as it was typed, 0 for anything else."""
    plain = typed.strip()
    return int(plain) if plain.isdecimal() and len(plain) < 7 else 0


def _unmoved(page: PartPage) -> PartPage:
    """The page with what was typed to move an entry."""
    first = page.lists[0] if page.lists else None
    if first is None or first.pager is None:
        return page
    typed = {name: request.form.get(name, "")[:20] for name in ("number", "place")}
    shown = replace(first, pager=replace(first.pager, **typed))
    return replace(page, lists=(shown, *page.lists[1:]))


def _back_to(now: Bench, at: Address, entry: Address, verb: str, rest: str) -> Wanted:
    """The page of a list on which an entry stands after it was moved; else the page that was shown."""
    if entry[:-1] != at or verb not in ("up", "down", "to"):
        return _wanted()
    if entry[-1].isdecimal():
        # Entries without an id go by their number, and it has just changed.
        goal = rest.rpartition(":")[2]
        number = (
            int(goal) if verb == "to" and goal.isdecimal() else int(entry[-1]) + (1 if verb == "down" else -1)
        )
        return Wanted(page=page_of(max(0, number)))
    words = entry_words(place_at(now.data(at), at).value)
    return Wanted(page=page_of(words.index(entry[-1]) if entry[-1] in words else 0))


def _done(
    here: Bench, draft: Draft, version: int, place: Place, form: Form, verb: str, rest: str
) -> AnyResponse:
    """The form's changes and the button's, kept; then where the button leads."""
    at = place.address
    entry = entry_of(at, rest)
    if verb == "remove" and uses(here.bank, here.cases, entry):
        keep(draft, version, place, form)
        return desk_reply("removal.html", removal_page(bench(here.hand.bank), entry, at))
    keep(draft, version, place, form, (verb, entry, rest))
    if in_background():
        return _told(here.hand.bank, place, form)
    now = bench(here.hand.bank)
    if verb == "add":
        return redirect(now.href(entry, "add"), 303)
    if verb == "copy":
        return redirect(now.href(copied(here.data(entry), entry)[1]), 303)
    anchor = f"#{row_id('.'.join(entry[len(at) :]))}" if verb in ("up", "down", "to") else ""
    return redirect(
        _back_to(now, at, entry, verb, rest).added_to(now.href(at) + _expressions(form)) + anchor, 303
    )


def keep(
    draft: Draft, version: int, place: Place, form: Form, order: tuple[str, Address, str] = ("", (), "")
) -> None:
    """Save the changes of a form, and an order to one of its lists, as one step."""
    verb, entry, rest = order
    changes = form.changes()
    if verb not in ORDERS:
        if changes:
            saved(
                draft,
                version,
                sheet_word(place.address),
                step_at("changed", draft, place.address, changes),
                lambda data: applied(data, changes),
            )
        return
    word = {"remove": "removed", "remove!": "removed", "copy": "copied"}.get(verb, "moved")
    what = step_at(word, draft, entry)
    saved(
        draft,
        version,
        sheet_word(place.address),
        what,
        lambda data: _ordered(applied(data, changes), verb, entry, rest),
    )


def _ordered(data: Any, verb: str, entry: Address, rest: str) -> Any:
    match verb:
        case "up":
            return moved(data, entry, -1)
        case "down":
            return moved(data, entry, 1)
        case "to":
            place = rest.rpartition(":")[2]
            return moved_to(data, entry, int(place) if place.isdecimal() else 0)
        case "copy":
            return copied(data, entry)[0]
    return removed(data, entry)


def _told(bank: str, shown: Place, form: Form) -> AnyResponse:
    """What a script is told after it saved: how the page of that part is now."""
    now = bench(bank)
    place = place_at(now.data(shown.address), shown.address)
    page = _page(now, place)
    return told(now, form, [field for group in page.groups for field in group.fields], page)
