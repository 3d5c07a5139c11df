"""Review and publish: what blocks is told first, then what changes for takers; then it is live."""

from __future__ import annotations

import re
import time
from pathlib import Path

from flask import Flask

from tests.web.edit.conftest import BANK, SignedIn
from tests.web.edit.drafting import drafted, live_text, publish
from tests.web.edit.test_preview import without_a1
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
    fields = {"why": "weights", "version": version[1]}
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
    data = {"why": "typed", "version": str(draft.version)}
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
