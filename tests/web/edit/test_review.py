"""Review and publish: what blocks is told first, then what changes for takers; then it is live."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from flask import Flask

from quizapp.audit.impact_record import KINDS, Change, Impact, ItemShares, Share
from quizapp.i18n import language
from quizapp.web.edit.impacts import Count
from quizapp.web.edit.pages.difference_words import State, Words
from quizapp.web.edit.pages.impact import impact_part
from tests.web.edit.conftest import BANK, SignedIn, StartDesk, editor_called, let_in
from tests.web.edit.drafting import drafted, live_text, publish
from tests.web.edit.test_preview import text_of_item, without_a1
from tests.web.visitor import Visitor

HERE = f"/edit/{BANK}/review"


def first_weight(app: Flask) -> tuple[str, str]:
    """The first criterion's weight, and one that turns the order round."""
    found = re.search(r"weight: (\d+)", live_text(app))
    assert found
    return found[0], "weight: 100" if found[1] != "100" else "weight: 1"


def counted(visitor: Visitor, path: str = HERE) -> Visitor:
    """The page once its impact has been counted."""
    for _ in range(200):
        visitor.get(path)
        if "data-ask" not in visitor.page:
            return visitor
        time.sleep(0.1)
    raise AssertionError("it is still being counted")


def test_without_a_draft_there_is_nothing_to_publish(signed_in: SignedIn) -> None:
    assert "everything is as it is live" in signed_in("editor").get(HERE).words


def test_a_problem_blocks_and_leads_to_its_form_and_its_line(app: Flask, signed_in: SignedIn) -> None:
    drafted(app, "the-publisher", ("kind: yes_no", "kind: yesno"))
    visitor = signed_in("publisher").get(HERE)
    assert "has to be mended" in visitor.words and 'id="publish"' not in visitor.page
    assert f'href="/edit/{BANK}/part/questions/' in visitor.page
    assert re.search(rf'href="/edit/{BANK}/source\?sheet=bank#line-\d+"', visitor.page)


def test_it_shows_what_changes_for_takers_and_what_was_changed(app: Flask, signed_in: SignedIn) -> None:
    drafted(app, "the-editor", first_weight(app))
    visitor = counted(signed_in("editor"))
    assert "of takers" in visitor.words and "example taker" in visitor.words
    assert "How often each item comes first" in visitor.words
    assert "Weight Changed" in visitor.words and "→ becomes" in visitor.words


def test_the_impact_comes_as_a_piece_while_it_is_counted(app: Flask, signed_in: SignedIn) -> None:
    drafted(app, "the-editor", first_weight(app))
    visitor = signed_in("editor")
    counted(visitor)
    response = visitor.client.get(f"{HERE}/impact", headers={"X-Piece": "yes"})
    piece = response.get_data(as_text=True)
    assert piece.strip().startswith('<div id="impact"') and "data-brief=" in piece
    assert visitor.client.get(f"{HERE}/impact").status_code == 303


def test_other_words_change_nothing_for_takers(app: Flask, signed_in: SignedIn) -> None:
    drafted(app, "the-editor", ("en: ", "en: So "))
    words = counted(signed_in("editor")).words
    assert "Nothing changes for any taker." in words


def test_a_failing_case_can_be_given_the_new_outcome_and_then_wants_a_reason(
    app: Flask, signed_in: SignedIn
) -> None:
    drafted(app, "the-publisher", (live_text(app), without_a1(live_text(app))))
    visitor = signed_in("publisher").get(HERE)
    assert "First place: " in visitor.words
    for _ in range(30):
        found = re.search(r'name="case" value="([a-z_0-9]+)"', visitor.page)
        if not found:
            break
        assert 'id="publish"' not in visitor.page
        visitor.post(f"{HERE}/accept", "accept", {"case": found[1]})
    assert "come out as expected" in visitor.words and 'id="case_reason"' in visitor.page
    version = re.search(r'name="version" value="(\d+)"', visitor.page)
    assert version
    fields = {"why": "weights", "version": version[1], "unseen": "yes"}
    visitor.post(f"/edit/{BANK}/publish", "publish", fields)
    assert visitor.status == 422 and "say why the new outcome is right" in visitor.words
    visitor.post(f"/edit/{BANK}/publish", "publish", {**fields, "case_reason": "it is"})
    assert visitor.path == f"/edit/{BANK}/published" and "weights / it is" in visitor.words


def test_publishing_makes_it_live_and_writes_the_file(
    app: Flask, signed_in: SignedIn, questions: Path
) -> None:
    draft = drafted(app, "aki", ("en: ", "en: So "))
    visitor = publish(signed_in("publisher"), draft, "Plainer")
    assert visitor.path == f"/edit/{BANK}/published"
    assert "is live" in visitor.words and "file was brought up to it" in visitor.words
    assert (questions / f"{BANK}.yaml").read_text() == draft.text
    assert app.extensions["quizapp"].store.newest(BANK).why == "Plainer"


def test_what_it_changes_for_takers_is_looked_at_before_it_is_live(app: Flask, signed_in: SignedIn) -> None:
    draft = drafted(app, "the-publisher", first_weight(app))
    visitor = counted(signed_in("publisher"))
    assert 'name="unseen"' not in visitor.page
    name = re.search(r'name="seen" value="([0-9a-f]+)"', visitor.page)
    assert name and f'data-name="{name[1]}"' in visitor.page
    fields = {"why": "typed", "version": str(draft.version)}
    for wrong in ("", "0123456789abcdef"):
        visitor.post(f"/edit/{BANK}/publish", "publish", {**fields, "seen": wrong})
        assert visitor.status == 422 and "Look at what changes for takers first" in visitor.words
        assert "typed" in visitor.page and live_text(app) != draft.text
    visitor.post(f"/edit/{BANK}/publish", "publish", {**fields, "seen": name[1]})
    assert visitor.path == f"/edit/{BANK}/published"
    assert "unseen" not in app.extensions["quizapp"].store.entries(1, None, None)[0].about


def test_publishing_without_looking_takes_a_tick_and_is_noted(
    app: Flask, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafted(app, "the-publisher", first_weight(app))
    monkeypatch.setattr(app.extensions["quizapp"].impacts, "ask", lambda key, work: Count(0.4))
    visitor = signed_in("publisher").get(HERE)
    box = re.search(r'<input type="checkbox" id="unseen"[^>]*>', visitor.page)
    assert box and "required" in box[0] and "checked" not in box[0]
    assert 'name="seen" value=""' in visitor.page
    fields = {"why": "now", "version": str(draft.version), "unseen": "yes"}
    visitor.post(f"/edit/{BANK}/publish", "publish", fields)
    assert visitor.path == f"/edit/{BANK}/published"
    assert "without a look at what changes for takers" in visitor.get(f"/edit/log?bank={BANK}").words


def test_another_worker_knows_what_was_seen_without_counting_it(
    app: Flask, signed_in: SignedIn, start_desk: StartDesk, questions: Path
) -> None:
    draft = drafted(app, "the-publisher", first_weight(app))
    visitor = counted(signed_in("publisher"))
    name = re.search(r'name="seen" value="([0-9a-f]+)"', visitor.page)
    assert name
    second = start_desk(within=questions.parent)
    there = let_in(second, editor_called(second, "the-publisher", "publisher")).get(HERE)
    fields = {"why": "now", "version": str(draft.version), "seen": name[1]}
    there.post(f"/edit/{BANK}/publish", "publish", fields)
    assert there.path == f"/edit/{BANK}/published"


def test_it_wants_a_reason_and_keeps_nothing_without(app: Flask, signed_in: SignedIn) -> None:
    draft = drafted(app, "aki", ("en: ", "en: So "))
    visitor = publish(signed_in("publisher"), draft, " ")
    assert visitor.status == 422 and "Say in a sentence why" in visitor.words
    assert live_text(app) != draft.text


def test_an_editor_is_told_who_can_publish(app: Flask, signed_in: SignedIn) -> None:
    signed_in("publisher", "mika")
    drafted(app, "the-editor", ("en: ", "en: So "))
    visitor = signed_in("editor").get(HERE)
    assert "role of a publisher: mika" in visitor.words and 'id="publish"' not in visitor.page


def test_what_was_changed_after_the_review_is_not_published(app: Flask, signed_in: SignedIn) -> None:
    draft = drafted(app, "aki", ("en: ", "en: So "))
    visitor = signed_in("publisher").get(f"{HERE}?draft={draft.id}")
    drafted(app, "aki", ("en: So ", "en: Thus "))
    data = {"why": "typed", "version": str(draft.version), "unseen": "yes"}
    visitor.post(f"/edit/{BANK}/publish?draft={draft.id}", "publish", data)
    assert visitor.status == 409 and "Look at it once more" in visitor.words and "typed" in visitor.page


def test_two_publishers_at_once_lose_nothing(app: Flask, signed_in: SignedIn) -> None:
    mine, theirs = (drafted(app, name, ("en: ", f"en: {name} ")) for name in ("aki", "ben"))
    visitor = signed_in("publisher")
    publish(visitor, theirs)
    visitor.get(f"{HERE}?draft={mine.id}")
    assert "Somebody has published this bank since" in visitor.words and 'id="publish"' not in visitor.page
    assert app.extensions["quizapp"].store.draft(mine.id).text == mine.text


def test_every_new_outcome_can_be_accepted_at_once(app: Flask, signed_in: SignedIn) -> None:
    drafted(app, "the-publisher", (live_text(app), without_a1(live_text(app))))
    visitor = signed_in("publisher").get(HERE)
    failing = len(re.findall(r'name="case" value="', visitor.page))
    assert (failing > 1) == ('name="all"' in visitor.page)
    visitor.post(f"{HERE}/accept", "accept", {"all": "yes"})
    assert 'name="case" value="' not in visitor.get(HERE).page


ROUTE = """    routes:
      - id: talk
        name: {ja: 話す, en: Talk}
        costs:
          - {id: tea, label: {ja: お茶, en: Tea}, yen: 450, source: one_on_one_article}
        requires:
          - {id: grown, label: {ja: 二十歳, en: Of age}, if: is_member, fixed: true}
"""


def added(text: str, name: str) -> str:
    """The bank with one action more, a copy with a route of its own."""
    start, end = text_of_item(text, "a1")
    copy = text[start:end].replace("id: a1\n", f"id: {name}\n", 1)
    return text[:end] + re.sub(r"    routes:\n.*\n", ROUTE, copy, count=1) + text[end:]


def test_an_added_item_is_told_with_its_routes_fees_and_conditions(app: Flask, signed_in: SignedIn) -> None:
    old = live_text(app)
    drafted(app, "aki", (old, added(old, "a_new_one")))
    visitor = signed_in("editor", "aki").get(HERE)
    assert "Talk › Tea Added Amount: ¥450" in visitor.words
    assert "Talk › Of age Added Met if: " in visitor.words
    assert "Changes 2 " in visitor.words, "the item, however many rows tell it, and a comment in it"


def test_a_comment_changed_beside_a_field_is_told(app: Flask, signed_in: SignedIn) -> None:
    first = live_text(app).split("\n")[0]
    drafted(app, "aki", ("en: ", "en: So "), (first, f"{first}\n# By telephone in May"))
    visitor = signed_in("editor", "aki").get(HERE)
    assert "Comments in the file" in visitor.words and "By telephone in May" in visitor.words
    assert f'href="/edit/{BANK}/part/"' not in visitor.page


def test_a_text_of_the_bank_itself_is_told_by_its_field_and_language(app: Flask, signed_in: SignedIn) -> None:
    found = re.search(r"summary:\n\s+ja: (.*)", live_text(app))
    assert found
    drafted(app, "aki", (found[1], "ほかの文"))
    words = signed_in("editor", "aki").get(HERE).words
    assert re.search(r"Japanese Changed .* becomes ほかの文", words) and " ja Changed" not in words


def test_the_shares_of_first_places_make_a_whole_and_differences_fit_what_is_shown() -> None:
    items = (
        ItemShares("a", Share(0.00116), Share(0.00093), None, None),
        ItemShares("b", Share(0.9), Share(0.80107), None, None),
    )
    nothing = (Share(0.09884), Share(0.198))
    changes = tuple(Change(kind, Share(0.1)) for kind in KINDS)
    found = Impact(False, True, 9, 9, Share(0.9), changes, items, nothing_first=nothing)
    words = Words(State({}, {}), language("en"))
    shown = impact_part(found, words, words).bars
    assert {bar.name: (bar.before, bar.after, bar.delta) for bar in shown} == {
        "Nothing is ranked": ("9.9%", "19.8%", "+9.9"),
        "b": ("90.0%", "80.1%", "−9.9"),
        "a": ("0.12%", "0.09%", "−0.03"),
    }


def test_by_how_much_a_limit_is_exceeded_is_told_in_its_unit() -> None:
    bank = {"limits": [{"id": "budget", "of": "cost"}, {"id": "by_when", "of": "months"}]}
    words = Words(State(bank, {}), language("en"))
    at = ("cases", "c", "expect", "beyond", "a")
    assert words.value((*at, "budget"), 1400) == "¥1,400"
    assert words.value((*at, "by_when"), 2) == "2 months"
