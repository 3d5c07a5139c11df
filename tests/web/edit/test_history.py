"""History: every publication with what it changed, rolling back, drafts put away, steps of a draft."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from quizapp.editing.publishing import discard
from tests.web.edit.conftest import BANK, SignedIn, editor_called
from tests.web.edit.drafting import drafted, live_text, publish
from tests.web.edit.test_review import counted

HERE = f"/edit/{BANK}/history"


def numbers(page: str) -> list[str]:
    return re.findall(rf'href="{HERE}/(\d+)"', page)


def test_it_tells_who_published_when_and_why(app: Flask, signed_in: SignedIn) -> None:
    publish(signed_in("publisher", "mika"), drafted(app, "aki", ("en: ", "en: So ")), "Plainer words")
    visitor = signed_in("viewer").get(HERE)
    assert "Plainer words" in visitor.words and "mika" in visitor.words and len(numbers(visitor.page)) == 2


def test_a_publication_tells_what_it_changed_and_on_demand_for_whom(app: Flask, signed_in: SignedIn) -> None:
    publish(signed_in("publisher"), drafted(app, "aki", ("en: ", "en: So ")))
    visitor = signed_in("viewer").get(HERE)
    newest = numbers(visitor.page)[0]
    visitor.get(f"{HERE}/{newest}")
    assert "becomes So " in visitor.words and "of takers" not in visitor.words
    assert "Nothing changes for any taker" in counted(visitor, f"{HERE}/{newest}?impact=then").words


def test_rolling_back_is_a_new_publication_with_a_reason(app: Flask, signed_in: SignedIn) -> None:
    before = live_text(app)
    visitor = publish(signed_in("publisher"), drafted(app, "aki", ("en: ", "en: So ")))
    oldest = numbers(visitor.get(HERE).page)[-1]
    visitor.get(f"{HERE}/{oldest}")
    assert "So " in visitor.words
    visitor.post(f"{HERE}/{oldest}/roll-back", "roll-back", {"why": ""})
    assert visitor.status == 422 and live_text(app) != before
    visitor.post(f"{HERE}/{oldest}/roll-back", "roll-back", {"why": "It was better"})
    assert "It was better" in visitor.words and live_text(app) == before
    assert len(numbers(visitor.get(HERE).page)) == 3


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Only comments, order of keys or line breaks differ.", "Nothing: the same is live now."]),
        ("ja", ["コメント・項目の並び・改行だけの違いです。", ""]),
    ],
)
def test_a_publication_of_comments_alone_says_so_and_can_be_undone(
    app: Flask, signed_in: SignedIn, language: str, words: list[str]
) -> None:
    before, after = live_text(app), "# Asked by telephone\n" + live_text(app)
    first = live_text(app).split("\n")[0]
    publish(signed_in("publisher"), drafted(app, "aki", (first, f"# Asked by telephone\n{first}")), "a note")
    assert live_text(app) == after
    visitor = signed_in("publisher", None, language).get(HERE)
    newest, oldest = numbers(visitor.page)
    assert words[0] in visitor.get(f"{HERE}/{newest}").words
    assert words[0] in visitor.get(f"{HERE}/{oldest}").words
    visitor.post(f"{HERE}/{oldest}/roll-back", "roll-back", {"why": "not needed"})
    assert live_text(app) == before and len(numbers(visitor.get(HERE).page)) == 3
    assert words[1] in visitor.get(f"{HERE}/{oldest}").words


def test_only_a_publisher_rolls_back(app: Flask, signed_in: SignedIn) -> None:
    publish(signed_in("publisher"), drafted(app, "aki", ("en: ", "en: So ")))
    visitor = signed_in("editor")
    oldest = numbers(visitor.get(HERE).page)[-1]
    assert 'id="roll-back"' not in visitor.get(f"{HERE}/{oldest}").page


def test_a_publication_of_another_bank_is_not_there(signed_in: SignedIn) -> None:
    assert signed_in("viewer").get(f"{HERE}/9999").status == 404


def test_a_discarded_draft_is_taken_up_again_by_its_editor(app: Flask, signed_in: SignedIn) -> None:
    draft = drafted(app, "aki", ("en: ", "en: So "))
    discard(app.extensions["quizapp"].store, draft, editor_called(app, "aki", "editor"))
    assert draft.id not in signed_in("editor", "ben").get(HERE).page
    visitor = signed_in("editor", "aki").get(HERE)
    visitor.post(f"{HERE}/reopen", "reopen", {"which": draft.id})
    assert app.extensions["quizapp"].store.draft(draft.id).state == "open"
    other = signed_in("editor", "ben").get("/edit/account")
    data = {"csrf_token": other.tokens()["sign-out"], "which": draft.id}
    assert other.client.post(f"{HERE}/reopen", data=data).status_code == 404


def test_a_second_open_draft_is_refused_in_words(app: Flask, signed_in: SignedIn) -> None:
    draft = drafted(app, "aki", ("en: ", "en: So "))
    discard(app.extensions["quizapp"].store, draft, editor_called(app, "aki", "editor"))
    visitor = signed_in("editor", "aki").get(HERE)
    drafted(app, "aki", ("en: ", "en: Thus "))
    visitor.post(f"{HERE}/reopen", "reopen", {"which": draft.id})
    assert visitor.status == 409 and "another draft of this bank open" in visitor.words


def test_any_step_of_a_draft_can_be_brought_back(app: Flask, signed_in: SignedIn) -> None:
    first = drafted(app, "aki", ("en: ", "en: So "))
    drafted(app, "aki", ("en: So ", "en: Thus "))
    visitor = signed_in("editor", "aki").get(f"/edit/{BANK}/steps")
    assert visitor.words.count("Bring back") == 2
    visitor.post(f"/edit/{BANK}/steps", "steps", {"version": str(first.version)})
    now = app.extensions["quizapp"].store.draft(first.id)
    assert now.text == first.text and "Undone" in visitor.words


def test_discarding_is_asked_about_first_and_tells_how_to_go_on(app: Flask, signed_in: SignedIn) -> None:
    draft = drafted(app, "aki", ("en: ", "en: So "))
    visitor = signed_in("editor", "aki").get(f"/edit/{BANK}")
    assert f'href="/edit/{BANK}/discard"' in visitor.page
    visitor.get(f"/edit/{BANK}/discard")
    token = visitor.tokens()["discard"]
    visitor.client.post(f"/edit/{BANK}/discard", data={"csrf_token": token})
    assert app.extensions["quizapp"].store.draft(draft.id).state == "open"
    visitor.post(f"/edit/{BANK}/discard", "discard", {"sure": "yes"})
    assert app.extensions["quizapp"].store.draft(draft.id).state == "discarded"
    assert visitor.path == HERE and "Your draft was discarded." in visitor.words
    visitor.post(f"{HERE}/reopen", "reopen", {"which": draft.id})
    assert app.extensions["quizapp"].store.draft(draft.id).state == "open"


def test_a_new_bank_that_was_discarded_can_be_brought_back(app: Flask, signed_in: SignedIn) -> None:
    visitor = signed_in("editor", "aki").get("/edit/new")
    visitor.post("/edit/new", "new", {"slug": "", "title_ja": "介護", "title_en": "Care work"})
    assert visitor.path == "/edit/care_work", "the id is made from the English title"
    visitor.get("/edit/care_work/discard").post("/edit/care_work/discard", "discard", {"sure": "yes"})
    assert visitor.path == "/edit/care_work/history" and "Go on with it" in visitor.words


def test_a_roll_back_names_the_edition_in_history_and_log(app: Flask, signed_in: SignedIn) -> None:
    visitor = publish(signed_in("publisher"), drafted(app, "aki", ("en: ", "en: So ")))
    oldest = numbers(visitor.get(HERE).page)[-1]
    visitor.get(f"{HERE}/{oldest}").post(f"{HERE}/{oldest}/roll-back", "roll-back", {"why": "Better"})
    assert "Edition 3 · back to edition 1" in visitor.get(HERE).words
    newest = numbers(visitor.page)[0]
    assert "back to edition 1" in visitor.get(f"{HERE}/{newest}").words
    words = visitor.get(f"/edit/log?bank={BANK}").words
    assert "back to edition 1 · Edition 3" in words and "no. " not in words
