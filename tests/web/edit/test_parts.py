"""Forms for everything, as an editor meets them: changed, added, moved, removed, renamed, undone."""

from __future__ import annotations

import html
import re
from typing import Any

import html5lib
import pytest
from flask import Flask

from quizapp.bank.shapes.references import uses
from quizapp.editing.review import problems_of
from quizapp.editing.workshop import read
from tests.web.edit.conftest import BANK, SignedIn
from tests.web.edit.test_forms import as_sent
from tests.web.visitor import Visitor

DESK = f"/edit/{BANK}"
PARTS = f"{DESK}/part"


@pytest.fixture
def ren(signed_in: SignedIn) -> Visitor:
    """An editor who reads English."""
    return signed_in("editor", "ren")


def fields(visitor: Visitor, form: str = "part") -> Any:
    """What the browser would send of the form on the page."""
    start = visitor.page.index(f'<form id="{form}"')
    return as_sent(visitor.page[start : visitor.page.index("</form>", start)])


def send(visitor: Visitor, form: str = "part", do: str = "save", **typed: str) -> Visitor:
    """Send the form on the page with some fields typed in; ``a__b`` is the input ``a.b``."""
    sent = fields(visitor, form)
    for name, value in typed.items():
        sent.setlist(name.replace("__", "."), [value])
    sent["do"], sent["csrf_token"] = do, visitor.tokens()[form]
    start = visitor.page.index(f'<form id="{form}"')
    action = re.search(r'action="([^"]+)"', visitor.page[start:])
    assert action
    return visitor._seen(visitor.client.post(action[1], data=sent, follow_redirects=True))


def draft(app: Flask, name: str = "ren") -> Any:
    services = app.extensions["quizapp"]
    return services.store.draft_of(BANK, services.accounts.named(name).id)


def data(app: Flask, name: str = "ren") -> Any:
    return read(draft(app, name).text, "x.yaml").data


def item(app: Flask, id: str, name: str = "ren") -> Any:
    return next(one for one in data(app, name)["items"] if one["id"] == id)


def test_looking_begins_no_draft(app: Flask, ren: Visitor) -> None:
    for path in (
        "/edit",
        DESK,
        f"{PARTS}/items",
        f"{PARTS}/items/a1",
        f"{DESK}/costs",
        f"{DESK}/texts",
        f"{DESK}/facts",
    ):
        assert ren.get(path).status == 200, path
    assert draft(app) is None


def test_a_change_begins_a_draft_and_touches_nothing_else(app: Flask, ren: Visitor) -> None:
    live = app.extensions["quizapp"].store
    before = live.revision(live.newest(BANK).revision).content
    send(ren.get(f"{PARTS}/items/a1"), name__ja="新しい名前")
    after = draft(app).text
    assert ren.status == 200 and "新しい名前" in ren.words
    changed = [
        (old, new) for old, new in zip(before.splitlines(), after.splitlines(), strict=True) if old != new
    ]
    assert len(changed) == 1 and "新しい名前" in changed[0][1]


def test_sending_a_form_untouched_makes_no_step(app: Flask, ren: Visitor) -> None:
    send(ren.get(f"{PARTS}/items/a1"))
    assert draft(app) is None or draft(app).version == 1


def test_every_mistake_is_told_and_what_was_typed_stays(app: Flask, ren: Visitor) -> None:
    ren.get(f"{PARTS}/items/a1/routes/a1")
    page = send(ren.get(f"{PARTS}/questions/improvement_tried"), effort="eleven", label__ja="残る入力")
    assert page.status == 422
    assert "Give a whole number, such as 12000." in page.words and "残る入力" in page.page
    assert draft(app) is None or draft(app).version == 1


def test_an_entry_is_added_with_an_id_made_from_its_english_name(app: Flask, ren: Visitor) -> None:
    ren.get(f"{PARTS}/items")
    ren.get(f"{DESK}/add/items")
    send(ren, "add", name__ja="朝の散歩", name__en="Morning Walk", kind="action")
    assert ren.path.endswith("/part/items/morning_walk") and "朝の散歩" in ren.page
    assert item(app, "morning_walk")["kind"] == "action"


def test_an_entry_without_a_name_is_asked_for_one(app: Flask, ren: Visitor) -> None:
    send(ren.get(f"{DESK}/add/items"), "add")
    assert ren.status == 422 and "Give this" in ren.words
    send(ren, "add", name__en="x", kind="action", id="Not An Id")
    assert ren.status == 422 and "Use small letters" in ren.words
    send(ren, "add", id="a1")
    assert ren.status == 422 and "Another one has this id already." in ren.words


def test_entries_move_by_buttons_and_by_places(app: Flask, ren: Visitor) -> None:
    send(ren.get(f"{PARTS}/items"), do="down:a1")
    assert [one["id"] for one in data(app)["items"]][:2] == ["a2", "a1"]
    send(ren, do="to:a1:0")
    assert [one["id"] for one in data(app)["items"]][:2] == ["a1", "a2"]


def test_what_others_name_is_removed_only_after_a_look(app: Flask, ren: Visitor) -> None:
    send(ren.get(f"{PARTS}/questions"), do="remove:burden")
    assert "Remove" in ren.words and draft(app) is None, "asking alone begins no draft"
    named = re.findall(r"<li><a [^>]*>([^<]+)</a></li>", ren.page[ren.page.index('class="users"') :])
    assert named and len(named) == len(set(named))
    send(ren, "removal", do="remove!:burden")
    assert not any(one["id"] == "burden" for one in data(app)["questions"])
    send(ren, "undo", do="undo")
    assert any(one["id"] == "burden" for one in data(app)["questions"])
    send(ren, "undo", do="redo")
    assert not any(one["id"] == "burden" for one in data(app)["questions"])


def test_a_copy_gets_an_id_of_its_own(app: Flask, ren: Visitor) -> None:
    send(ren.get(f"{PARTS}/items"), do="copy:a1")
    assert ren.path.endswith("/part/items/a1_2")
    first, second = data(app)["items"][:2]
    assert (first["id"], second["id"]) == ("a1", "a1_2")
    assert second["name"] == {"ja": f"{first['name']['ja']}(コピー)", "en": f"{first['name']['en']} (copy)"}


def test_an_id_that_was_made_up_is_shown_before_it_is_kept(app: Flask, ren: Visitor) -> None:
    send(ren.get(f"{DESK}/add/items"), "add", name__ja="新しい道", kind="action")
    assert ren.status == 422 and 'name="id" value="item"' in ren.page
    send(ren, "add", id="new_way")
    assert item(app, "new_way")["name"] == {"ja": "新しい道"}


def test_a_new_price_names_its_source(app: Flask, ren: Visitor) -> None:
    send(ren.get(f"{DESK}/add/items/a1/costs"), "add", label__ja="料金", label__en="Fee", yen="300")
    proposed = item(app, "a1").get("source")
    assert item(app, "a1")["costs"][0].get("source") == proposed
    sources = list(data(app)["sources"])
    send(ren.get(f"{DESK}/add/items/a1/costs"), "add", label__en="More", yen="5", source=sources[0])
    assert item(app, "a1")["costs"][1]["source"] == sources[0]
    assert f'<option value="{sources[0]}" selected' in ren.get(f"{DESK}/add/items/a1/costs").page


def test_what_counts_where_a_price_has_no_source_of_its_own_is_said(app: Flask, ren: Visitor) -> None:
    send(ren.get(f"{DESK}/add/items/a1/costs"), "add", label__ja="料金", label__en="Fee", yen="300")
    sources = data(app)["sources"]
    entry = item(app, "a1")["costs"][0]["id"]
    send(ren.get(f"{PARTS}/items/a1"), source=next(iter(sources)))
    send(ren.get(f"{PARTS}/items/a1/costs/{entry}"), source="")
    name = next(iter(sources.values()))["title"]["en"]
    assert f"None of its own ({name} counts)" in html.unescape(ren.page)
    assert f"None of its own ({name} counts)" in html.unescape(ren.get(f"{DESK}/costs").page)


def test_a_source_that_is_wanted_is_open_and_required_beforehand(app: Flask, ren: Visitor) -> None:
    send(ren.get(f"{PARTS}/items/a1"), source="")
    send(
        ren.get(f"{DESK}/add/items/a1/costs"), "add", label__ja="料金", label__en="Fee", yen="300", source=""
    )
    entry = item(app, "a1")["costs"][0]["id"]
    page = ren.get(f"{PARTS}/items/a1/costs/{entry}").page
    opened = page[page.index('<details class="more-fields" open>') :]
    opened = opened[: opened.index("</details>")]
    assert re.search(r'<label for="source">Source <em class="must">required</em>', opened)


def test_a_rule_that_was_typed_as_an_expression_stays_one_after_saving(ren: Visitor) -> None:
    send(ren.get(f"{PARTS}/items/a1"), do="rule:relevant_if:mode:text")
    send(ren, relevant_if__mode="text", relevant_if__text="burden == high")
    assert 'name="relevant_if.text"' in ren.page
    assert 'name="relevant_if.text"' not in ren.get(f"{PARTS}/items/a1").page


def test_a_rating_that_was_typed_as_an_expression_stays_one_after_saving(app: Flask, ren: Visitor) -> None:
    rated = next(iter(item_rated(app)))
    page = f"{PARTS}/items/{rated}/fit/{item_rated(app)[rated]}"
    send(ren.get(page), do="rule:value.rule:mode:text", value__mode="rule")
    send(ren, value__mode="rule", value__rule__mode="text", value__rule__text="70")
    assert 'name="value.rule.text"' in ren.page and ren.path.split("?")[0].endswith(
        "/fit/" + item_rated(app)[rated]
    )
    assert 'name="value.rule.text"' not in ren.get(page).page


def item_rated(app: Flask) -> dict[str, str]:
    """One criterion by which each item of the live bank is rated."""
    store = app.extensions["quizapp"].store
    items = read(store.revision(store.newest(BANK).revision).content, "x.yaml").data["items"]
    return {one["id"]: next(iter(one["fit"])) for one in items if one.get("fit")}


def test_that_nobody_knows_a_rating_can_be_chosen_and_passes_the_check(app: Flask, ren: Visitor) -> None:
    rated = next(iter(item_rated(app)))
    page = f"{PARTS}/items/{rated}/fit/{item_rated(app)[rated]}"
    send(ren.get(page), do="rule:value.rule:mode:untold", value__mode="rule")
    send(ren)
    assert item(app, rated)["fit"][item_rated(app)[rated]] == "unknown"
    assert "Nobody knows" in ren.get(page).words
    assert not [one for one in problems_of(draft(app), app.extensions["quizapp"].today()) if one.blocks]


def test_an_id_is_changed_everywhere(app: Flask, ren: Visitor) -> None:
    send(ren.get(f"{DESK}/rename/questions/burden"), "rename", id="load")
    assert ren.path.endswith("/part/questions/load")
    cases = read(draft(app).cases, "x.cases.yaml").data
    assert uses(data(app), cases, ("questions", "burden")) == ()
    assert uses(data(app), cases, ("questions", "load")) != ()
    assert not [one for one in problems_of(draft(app), app.extensions["quizapp"].today()) if one.blocks]


def test_buttons_of_a_rule_show_it_anew_and_keep_nothing(app: Flask, ren: Visitor) -> None:
    send(ren.get(f"{PARTS}/items/a1"), do="rule:relevant_if:group:0")
    assert ren.status == 200 and "Not saved yet." in ren.words
    assert 'name="relevant_if.0.' in ren.page and (draft(app) is None or draft(app).version == 1)


def test_a_row_without_its_comparison_is_told_not_saved_as_yes(app: Flask, ren: Visitor) -> None:
    send(ren.get(f"{PARTS}/items/a1"), name__en="Begin")
    before = item(app, "a1")
    send(ren, do="rule:relevant_if:group:0")
    row = re.search(r'name="(relevant_if\.0\.\d+\.\d+)\.q"', ren.page)
    assert row
    # Without a script the menu of comparisons is not there yet.
    asked = {f"{row[1]}.q": "feels_pressed"}
    send(ren, **asked)
    assert ren.status == 422 and "choose how it is compared" in ren.words
    assert item(app, "a1") == before
    assert f'name="{row[1]}.c"' in ren.page
    send(ren)
    assert ren.status == 200 and "feels_pressed" in str(item(app, "a1")["relevant_if"])


def test_a_script_gets_one_rule_back(ren: Visitor) -> None:
    sent = fields(ren.get(f"{PARTS}/items/a1"))
    sent |= {"do": "rule:relevant_if:group:0", "at": "items/a1", "csrf_token": ren.tokens()["part"]}
    answer = ren.client.post(f"{DESK}/rule", data=sent)
    assert answer.status_code == 200 and "<form" not in answer.text and "rulebox" in answer.text
    html5lib.parseFragment(answer.text)


def test_autosave_keeps_what_can_be_read_and_tells_the_rest(app: Flask, ren: Visitor) -> None:
    sent = fields(ren.get(f"{PARTS}/questions/improvement_tried"))
    sent.setlist("label.en", ["Kept at once"])
    sent.setlist("effort", ["many"])
    sent["csrf_token"] = ren.tokens()["part"]
    answer = ren.client.post(f"{PARTS}/questions/improvement_tried", data=sent, headers={"X-Autosave": "yes"})
    assert answer.json["mistakes"] == [{"id": "effort", "words": "Give a whole number, such as 12000."}]
    question = next(one for one in data(app)["questions"] if one["id"] == "improvement_tried")
    assert question["label"]["en"] == "Kept at once" and answer.json["version"] == draft(app).version


def autosaved(visitor: Visitor, path: str, form: str = "part", **typed: str) -> Any:
    """The answer to a script that saves the form on the page with some fields typed in."""
    sent = fields(visitor.get(path), form)
    for name, value in typed.items():
        sent.setlist(name.replace("__", "."), [value])
    sent["csrf_token"] = visitor.tokens()[form]
    return visitor.client.post(path, data=sent, headers={"X-Autosave": "yes"})


@pytest.mark.parametrize(("path", "form", "name"), [
    (f"{PARTS}/items/a1", "part", "name__en"), (f"{DESK}/texts", "table", "title__en"),
])  # fmt: skip
def test_autosave_brings_problems_and_marks_up_to_date(ren: Visitor, path: str, form: str, name: str) -> None:
    field = name.replace("__en", "")
    broken = autosaved(ren, path, form, **{name: ""}).json["fresh"]
    assert '<span data-fresh="badge"> <b class="badge">' in broken
    assert f'<span data-fresh="lack:{field}.en"> <em class="lack">' in broken
    assert (f'<div data-fresh="told:{field}"><div class="told"' in broken) == (form == "part")
    mended = autosaved(ren, path, form, **{name: "There again"}).json["fresh"]
    assert '<span data-fresh="badge"></span>' in mended
    assert f'<span data-fresh="lack:{field}.en"></span>' in mended
    assert f'<div data-fresh="told:{field}"></div>' in mended
    if form == "part":
        assert '<div data-fresh="at-fields"></div><div data-fresh="in-parts"></div>' in mended


def test_every_piece_that_autosave_renews_is_on_the_page(ren: Visitor) -> None:
    send(ren.get(f"{PARTS}/items/a1"), name__en="")
    fresh = autosaved(ren, f"{PARTS}/items/a1", summary__en="").json["fresh"]
    pieces = re.findall(r'data-fresh="([^"]+)"', fresh)
    shown = re.findall(r'data-fresh="([^"]+)"', ren.get(f"{PARTS}/items/a1").page)
    assert pieces and set(pieces) == set(shown)


def test_what_is_looked_for_is_sent_without_a_token(ren: Visitor) -> None:
    for path in (DESK, f"{DESK}/costs", f"{DESK}/find?q=a", "/edit/log"):
        tokens = set(ren.get(path).tokens())
        searches = re.findall(r'<form id="([a-z-]+)" method="get"', ren.page)
        assert searches and not tokens & set(searches)
        assert tokens == set(re.findall(r'<form id="([a-z-]+)" method="post"', ren.page))


def test_two_windows_bring_their_fields_together(app: Flask, ren: Visitor, signed_in: SignedIn) -> None:
    other = signed_in("editor", "ren")
    send(ren.get(f"{PARTS}/items/a1"), name__ja="起点")
    other.get(f"{PARTS}/items/a1")
    send(ren.get(f"{PARTS}/items/a1"), name__ja="こちら")
    send(other, name__en="There")
    assert item(app, "a1")["name"] == {"ja": "こちら", "en": "There"}


def test_the_same_field_twice_is_decided_by_a_person(app: Flask, ren: Visitor, signed_in: SignedIn) -> None:
    other = signed_in("editor", "ren")
    send(ren.get(f"{PARTS}/items/a1"), name__ja="起点")
    other.get(f"{PARTS}/items/a1")
    send(ren.get(f"{PARTS}/items/a1"), name__ja="こちら")
    send(other, name__ja="あちら", name__en="There")
    assert other.status == 409 and all(words in other.words for words in ("起点", "こちら", "あちら"))
    assert item(app, "a1")["name"]["ja"] == "こちら"
    send(other, "clash")
    assert item(app, "a1")["name"] == {"ja": "あちら", "en": "There"}


def test_a_price_is_changed_in_the_table(app: Flask, ren: Visitor) -> None:
    ren.get(f"{DESK}/texts?q=burden")
    send(ren.get(f"{DESK}/texts"), "table", **{"title.en": "Better one-on-ones"})
    assert data(app)["title"]["en"] == "Better one-on-ones"


def test_missing_translations_are_listed(ren: Visitor) -> None:
    send(ren.get(f"{PARTS}/items/a1"), name__en="")
    ren.get(f"{DESK}/texts?only=missing")
    assert ren.page.count('class="field text') == 1 and "missing" in ren.words
    send(ren, "table", **{"items/a1/name.en": "There again"})
    assert "Missing 1" in ren.words or "Missing 0" in ren.words
    assert '<p class="good">No text lacks a language any more.' in ren.page


def test_a_viewer_reads_everything_and_finds_nothing_to_send(signed_in: SignedIn) -> None:
    viewer = signed_in("viewer")
    for path in (
        "/edit",
        DESK,
        f"{PARTS}/",
        f"{PARTS}/items",
        f"{PARTS}/items/a1",
        f"{PARTS}/cases",
        f"{DESK}/facts",
    ):
        viewer.get(path)
        forms = set(re.findall(r'<form id="([a-z-]+)" method="post"', viewer.page))
        assert forms <= {"sign-out", "language"}, (path, forms)
        assert "disabled" not in viewer.page


def test_the_address_of_a_field_leads_to_its_part(ren: Visitor) -> None:
    answer = ren.client.get(f"{PARTS}/questions/burden/kind")
    assert answer.headers["Location"].endswith("/part/questions/burden#kind")
    assert ren.get(f"{PARTS}/items/nobody").path.endswith("/part/items")


def test_a_part_is_found_by_its_words(ren: Visitor) -> None:
    assert "/part/questions/burden" in ren.get(f"{DESK}/find?q=burden").page


def test_a_problem_is_told_at_its_field_and_on_the_desk(ren: Visitor) -> None:
    send(ren.get(f"{PARTS}/items/a1"), do="rule:relevant_if:mode:text")
    send(ren, relevant_if__mode="text", relevant_if__text="no_such_name")
    assert "no_such_name" in ren.get(f"{PARTS}/items/a1").words
    assert "no_such_name" in ren.get(DESK).words


def test_a_broken_rule_is_told_once_beside_it_and_above_only_as_a_link(ren: Visitor) -> None:
    send(ren.get(f"{PARTS}/items/a1"), do="rule:relevant_if:mode:text")
    send(ren, relevant_if__mode="text", relevant_if__text="no_such_name")
    page = ren.get(f"{PARTS}/items/a1").page
    found = re.search(r'<a href="#relevant_if">[^<]*: ([^<]+)</a>', page)
    assert found, page
    what = found[1]
    assert page.count(what) == 2, "the link above, and the sentence beside the rule"
    assert 'id="relevant_if-told"' not in page and "Problems in its parts" not in page


def test_who_only_reads_is_told_a_problem_too(ren: Visitor, signed_in: SignedIn, app: Flask) -> None:
    send(ren.get(f"{PARTS}/items/a1"), do="rule:relevant_if:mode:text")
    send(ren, relevant_if__mode="text", relevant_if__text="no_such_name")
    reader = signed_in("viewer", "kei")
    assert "no_such_name" in reader.get(f"{PARTS}/items/a1?draft={draft(app).id}").words


def test_a_form_that_showed_what_was_live_begins_its_draft_from_that(app: Flask, ren: Visitor) -> None:
    services = app.extensions["quizapp"]
    ren.get(f"{PARTS}/items/a1")
    head = services.store.newest(BANK)
    text = services.store.revision(head.revision).content.replace("minutes: ", "minutes: 1", 1)
    cases = services.store.cases_of(head.number) or ""
    services.library.publish(BANK, text, cases, head.number, "aoi", "longer")
    send(ren, name__ja="古い画面から")
    assert draft(app).base == str(head.number) and item(app, "a1")["name"]["ja"] == "古い画面から"
    assert "Somebody has published since" in ren.words
