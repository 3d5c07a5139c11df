"""The file itself: what is typed is kept, sound or not; problems stand beside their lines."""

from __future__ import annotations

import pytest
from flask import Flask

from quizapp.i18n import language
from quizapp.web.allowance import Allowance
from quizapp.web.edit.completing import completion, spot_at
from quizapp.web.edit.source import Pace
from tests.web.edit.conftest import BANK, SignedIn, editor_called
from tests.web.edit.drafting import drafted, live_text, publish
from tests.web.hostile import PAYLOAD
from tests.web.visitor import Visitor

HERE = f"/edit/{BANK}/source"
SAVING = {"X-Autosave": "yes"}


def token(visitor: Visitor) -> str:
    visitor.get(HERE)
    return visitor.tokens()["source"]


def send(visitor: Visitor, text: str, version: int = 0, sheet: str = "bank", **more: str):
    data = {"csrf_token": token(visitor), "text": text, "version": str(version), "sheet": sheet, **more}
    return visitor.client.post(
        f"{HERE}?sheet={sheet}", data=data, headers=SAVING, content_type="multipart/form-data"
    )


def test_it_shows_the_whole_text_as_it_is_written(app: Flask, signed_in: SignedIn) -> None:
    page = signed_in("editor").get(HERE).page
    assert live_text(app).split("\n")[0] in page and "</textarea>" in page


def test_it_saves_a_broken_text_with_its_comments_and_says_where_it_is_broken(
    app: Flask, signed_in: SignedIn
) -> None:
    visitor = signed_in("editor")
    text = live_text(app).replace("criteria:", "criteria: [  # half", 1)
    visitor.get(HERE).post(
        HERE, "source", {"text": text.replace("\n", "\r\n"), "version": "0", "sheet": "bank"}
    )
    draft = app.extensions["quizapp"].store.draft_of(BANK, editor_called(app, "the-editor", "editor").id)
    assert draft is not None and draft.text == text
    assert "Line " in visitor.words and "No problems." in visitor.page
    assert visitor.get(HERE).status == 200


def test_saving_in_the_background_tells_the_version_and_the_problems(app: Flask, signed_in: SignedIn) -> None:
    said = send(signed_in("editor"), live_text(app).replace("kind: yes_no", "kind: yesno", 1)).get_json()
    assert said["version"] == 2 and "Saved" in said["said"]
    (problem, *_) = said["problems"]
    assert problem["line"] > 1 and "yesno" in problem["what"] and problem["fix"]


def test_the_source_has_the_bar_of_the_draft(app: Flask, signed_in: SignedIn) -> None:
    visitor = signed_in("editor")
    assert 'id="draftbar"' in visitor.get(HERE).page and 'value="undo" hidden' in visitor.page
    said = send(visitor, live_text(app).replace("kind: yes_no", "kind: yesno", 1)).get_json()
    assert said["undo"] and '<span data-fresh="badge"> <b class="badge">' in said["fresh"]
    assert 'value="undo" hidden' not in visitor.get(HERE).page and "Review and publish" in visitor.words


def test_a_stale_text_is_kept_beside_what_was_saved_elsewhere(app: Flask, signed_in: SignedIn) -> None:
    visitor = signed_in("editor")
    text = live_text(app)
    assert send(visitor, text + "# first\n").get_json()["version"] == 2
    assert send(visitor, text + "# third\n", version=1).status_code == 409
    visitor.get(HERE)
    data = {"text": text + "# second\n", "version": "1", "sheet": "bank"}
    visitor.post(HERE, "source", data)
    assert visitor.status == 409
    assert "# second" in visitor.page and "# first" in visitor.page
    visitor.post(HERE, "source", {**data, "version": "2"})
    assert visitor.status == 200
    assert "# second" in visitor.page and "# first" not in visitor.page


def test_what_is_sent_twice_is_saved_once(app: Flask, signed_in: SignedIn) -> None:
    visitor, text = signed_in("editor"), live_text(app) + "# once\n"
    assert [send(visitor, text).get_json()["version"], send(visitor, text).get_json()["version"]] == [2, 2]
    assert send(visitor, text, version=1).get_json()["version"] == 2


def test_a_text_that_is_too_large_comes_back(app: Flask, signed_in: SignedIn) -> None:
    visitor, text = signed_in("editor"), "# x\n" * 70_000
    assert send(visitor, text).status_code == 413
    fields = {"csrf_token": visitor.get(HERE).tokens()["source"], "text": text, "sheet": "bank"}
    answer = visitor.client.post(HERE, data={**fields, "version": "0"}, content_type="multipart/form-data")
    assert answer.status_code == 413 and answer.get_data(as_text=True).count("# x\n") == 70_000


def test_a_viewer_reads_and_cannot_save(app: Flask, signed_in: SignedIn) -> None:
    visitor = signed_in("viewer")
    assert " readonly>" in visitor.get(HERE).page
    assert send(visitor, "x").status_code == 403


def test_checking_keeps_nothing(app: Flask, signed_in: SignedIn) -> None:
    visitor = signed_in("viewer")
    data = {"csrf_token": token(visitor), "text": "bank: [\n", "sheet": "bank"}
    said = visitor.client.post(f"/edit/{BANK}/check", data=data).get_json()
    assert said["problems"][0]["line"] in (1, 2)
    assert app.extensions["quizapp"].store.open_drafts() == ()


@pytest.mark.parametrize("path", ["check", "complete"])
def test_it_is_asked_so_often_of_one_session_and_then_later(
    app: Flask, signed_in: SignedIn, path: str
) -> None:
    app.extensions["quizapp_typing"] = Pace(Allowance(2, 60.0), Allowance(2, 60.0))
    mine, other = signed_in("editor", "ren"), signed_in("editor", "mio")
    asked = [
        visitor.client.post(
            f"/edit/{BANK}/{path}", data={"csrf_token": token(visitor), "text": "items:\n", "sheet": "bank"}
        )
        for visitor in (mine, mine, mine, other)
    ]
    assert [answer.status_code for answer in asked] == [200, 200, 429, 200]
    assert int(asked[2].headers["Retry-After"]) == asked[2].get_json()["wait"] == 30


def test_the_cases_are_checked_against_the_bank_of_the_draft(app: Flask, signed_in: SignedIn) -> None:
    visitor = signed_in("editor")
    draft = drafted(app, "the-editor")
    text = (draft.cases or "").replace("first: ", "first: no_such_", 1)
    said = send(visitor, text, version=draft.version, sheet="cases").get_json()
    assert any("no_such_" in one["what"] for one in said["problems"])


def test_a_payload_stays_text(app: Flask, signed_in: SignedIn) -> None:
    visitor = signed_in("editor")
    send(visitor, f"bank: {PAYLOAD}\n</textarea><script>x</script>")
    page = visitor.get(HERE).page
    assert "<script>x" not in page and "&lt;script&gt;x" in page


def test_completing_knows_the_ids_of_a_text_that_is_broken(app: Flask, signed_in: SignedIn) -> None:
    visitor = signed_in("editor")
    text = live_text(app) + "items:\n  - id: new_one\n    held_if: ("
    data = {"csrf_token": token(visitor), "text": text, "sheet": "bank", "before": "    held_if: (",
            "at": str(text.count("\n"))}  # fmt: skip
    said = visitor.client.post(f"/edit/{BANK}/complete", data=data).get_json()
    assert said["typed"] == 0 and any(f"  - id: {one['word']}\n" in text for one in said["offers"])


@pytest.mark.parametrize(
    ("above", "before", "path", "key"),
    [
        ("", "it", (), None),
        ("items:\n  - id: a", "    ro", ("items", 0), None),
        ("items:\n- id: a\n  routes:\n  - id: b", "    ti", ("items", 0, "routes", 0), None),
        ("items:\n  - id: a\n    fit:\n      # a comment\n      goal: 1", "      ea", ("items", 0, "fit"), None),
        ("items:\n  - id: a", "    kind: ca", ("items", 0), "kind"),
        ("items:", "  - {id: a, requires: [{id: b, if: ag", ("items", 0, "requires", 0), "if"),
        ("items:", "  - {id: a, name: {ja: あ, en: A}, ki", ("items", 0), None),
        ("values:", "  old: age >= ", ("values",), "old"),
    ],
)  # fmt: skip
def test_the_place_of_the_cursor_is_found(
    above: str, before: str, path: tuple[object, ...], key: str | None
) -> None:
    spot = spot_at(above.split("\n") if above else [], before)
    assert (spot.path, spot.key) == (path, key)


def test_completing_leaves_out_what_is_there_and_offers_options() -> None:
    bank = "questions:\n  - {id: sex, kind: choice, options: [{id: f}, {id: m}]}\n"
    text = bank + "items:\n  - id: a\n    kind: career\n    \n"
    offered = [one.word for one in completion(text, 4, "    ", "bank", bank, language("en")).offers]
    assert "name" in offered and "kind" not in offered and "id" not in offered
    offered = [
        one.word for one in completion(text, 4, "    held_if: sex == ", "bank", bank, language("en")).offers
    ]
    assert offered == ["f", "m"]
    kinds = [one.word for one in completion(text, 4, "    kind: c", "bank", bank, language("ja")).offers]
    assert kinds[:2] == ["certification", "career"]


def test_a_comment_typed_and_published_is_there_for_the_next_who_writes(
    app: Flask, signed_in: SignedIn
) -> None:
    visitor = signed_in("publisher")
    text = "# Asked by telephone on 2026-11-20\n" + live_text(app)
    assert send(visitor, text).get_json()["version"] == 2
    visitor.get(f"/edit/{BANK}/review")
    assert "Only comments, order of keys or line breaks differ." in visitor.words
    visitor.post(
        f"/edit/{BANK}/publish", "publish", {"why": "where the fee is from", "version": "2", "unseen": "yes"}
    )
    assert visitor.path.startswith(f"/edit/{BANK}/published") and live_text(app) == text
    assert "# Asked by telephone on 2026-11-20" in signed_in("editor").get(HERE).page
    assert text in visitor.client.get(f"/edit/{BANK}/export.yaml").text
    # A page that shows the newest text begins a draft of just that.
    assert send(signed_in("editor", "ben"), text + "# more\n").get_json()["version"] == 2


def test_the_second_who_publishes_comments_on_an_old_text_is_told(app: Flask, signed_in: SignedIn) -> None:
    first = live_text(app).split("\n")[0]
    mine = drafted(app, "aki", (first, f"# mine\n{first}"))
    visitor = signed_in("publisher", "chie").get(f"/edit/{BANK}/review?draft={mine.id}")
    publish(signed_in("publisher"), drafted(app, "ben", (first, f"# theirs\n{first}")))
    sent = {"why": "because", "version": str(mine.version), "unseen": "yes"}
    visitor.post(f"/edit/{BANK}/publish?draft={mine.id}", "publish", sent)
    assert visitor.status == 409 and "Bring both together first." in visitor.words
    assert live_text(app).startswith("# theirs\n")
