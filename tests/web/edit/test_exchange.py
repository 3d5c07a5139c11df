"""Banks in and out: what comes in is a draft, what goes out is what came in; and new ones."""

from __future__ import annotations

import io
import re
import zipfile

from flask import Flask

from quizapp.bank.checks.ids import TAKEN_NAMES
from tests.web.edit.conftest import BANK, SignedIn, editor_called
from tests.web.edit.drafting import drafted, live_text
from tests.web.visitor import Visitor


def sent(visitor: Visitor, name: str, content: bytes) -> Visitor:
    return visitor.get("/edit/import").post("/edit/import", "import", {"file": (io.BytesIO(content), name)})


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return packed.getvalue()


def test_what_was_exported_comes_in_as_a_draft(app: Flask, signed_in: SignedIn) -> None:
    draft = drafted(app, "aki", ("en: ", "en: So "))
    aki = signed_in("editor", "aki")
    response = aki.client.get(f"/edit/{BANK}/export.zip")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{BANK}.zip"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    before = live_text(app)
    ben = sent(signed_in("editor", "ben"), "a.zip", response.data)
    assert ben.path == f"/edit/{BANK}/review" and ben.status == 200
    made = app.extensions["quizapp"].store.draft_of(BANK, editor_called(app, "ben", "editor").id)
    assert (made.text, made.cases) == (draft.text, draft.cases) and live_text(app) == before


def test_a_file_goes_out_as_it_is_written(app: Flask, signed_in: SignedIn) -> None:
    visitor = signed_in("viewer")
    response = visitor.client.get(f"/edit/{BANK}/export.yaml")
    assert response.data.decode() == live_text(app) and response.mimetype == "application/yaml"
    cases = visitor.client.get(f"/edit/{BANK}/export.yaml?sheet=cases")
    assert cases.headers["Content-Disposition"] == f'attachment; filename="{BANK}.cases.yaml"'


def test_everything_wrong_with_a_file_is_told_and_nothing_kept(app: Flask, signed_in: SignedIn) -> None:
    visitor = sent(signed_in("editor"), "bad.zip", zipped(**{"../x__yaml": "bank: x", "<b>y__sh": "x"}))
    assert visitor.status == 422 and "../x.yaml" in visitor.words and "<b>y" not in visitor.page
    assert sent(visitor, "Ü.yaml", b"").status == 422
    visitor.get("/edit/import").post("/edit/import", "import")
    assert visitor.status == 422 and "no file was chosen" in visitor.words
    assert app.extensions["quizapp"].store.open_drafts() == ()


def test_a_broken_bank_comes_in_to_be_mended(app: Flask, signed_in: SignedIn) -> None:
    visitor = sent(signed_in("editor"), "fresh.yaml", b"bank: fresh\nquestions: [\n")
    assert visitor.path == "/edit/fresh/review" and "has to be mended" in visitor.words


def test_a_new_bank_begins_from_a_template_that_works(app: Flask, signed_in: SignedIn) -> None:
    visitor = signed_in("editor").get("/edit/new")
    given = {"slug": "care_work", "title_ja": "介護", "title_en": "Care work"}
    visitor.client.post("/edit/new", data={"csrf_token": visitor.tokens()["new"], **given})
    visitor.get("/edit/care_work/review")
    assert "Nothing keeps the bank from working." in visitor.words
    assert "nobody has taken it yet" in visitor.words


def test_no_page_of_the_desk_lies_where_a_bank_may(app: Flask) -> None:
    paths = [rule.rule.split("/") for rule in app.url_map.iter_rules()]
    # Wherever an address has a bank in it, whatever else may stand in that place hides a bank.
    fronts = {tuple(path[: path.index("<bank>")]) for path in paths if "<bank>" in path}
    beside = {
        path[len(front)]
        for front in fronts
        for path in paths
        if tuple(path[: len(front)]) == front and len(path) > len(front)
    }
    assert {name for name in beside if re.fullmatch(r"[a-z][a-z0-9_]*", name)} == TAKEN_NAMES


def test_a_bank_named_like_a_page_of_the_desk_does_not_come_in(app: Flask, signed_in: SignedIn) -> None:
    visitor = sent(signed_in("editor"), "any.yaml", b"bank: account\n")
    assert (
        visitor.status == 422
        and "is an address of the desk" in visitor.words
        and "account_quiz" in visitor.words
    )
    assert app.extensions["quizapp"].store.open_drafts() == ()


def test_a_name_that_cannot_be_or_is_taken_is_refused_with_what_was_typed(signed_in: SignedIn) -> None:
    visitor = signed_in("editor").get("/edit/new")
    visitor.post("/edit/new", "new", {"slug": "Über", "title_ja": "題", "title_en": "T"})
    assert visitor.status == 422 and 'value="題"' in visitor.page
    visitor.post("/edit/new", "new", {"slug": "log", "title_ja": "題", "title_en": "T"})
    assert visitor.status == 422 and "address of the desk" in visitor.words
    visitor.post("/edit/new", "new", {"slug": BANK, "title_ja": "題", "title_en": "T"})
    assert visitor.status == 409 and "already" in visitor.words


def test_a_bank_comes_in_under_another_id(app: Flask, signed_in: SignedIn) -> None:
    visitor = signed_in("editor", "aki")
    zipped = visitor.client.get(f"/edit/{BANK}/export.zip").data
    before = live_text(app)
    fields = {"file": (io.BytesIO(zipped), "a.zip"), "as": "Bad Id"}
    visitor.get("/edit/import").post("/edit/import", "import", fields)
    assert visitor.status == 422 and 'value="Bad Id"' in visitor.page
    visitor.post("/edit/import", "import", {"file": (io.BytesIO(zipped), "a.zip"), "as": "a_copy"})
    assert visitor.path == "/edit/a_copy/review"
    made = app.extensions["quizapp"].store.draft_of("a_copy", editor_called(app, "aki", "editor").id)
    assert made.text == before.replace(f"bank: {BANK}", "bank: a_copy", 1) and made.cases
    overview = visitor.get("/edit").page
    assert f'<small class="quiet">{BANK}</small>' in overview and ">a_copy</small>" in overview
    # What is broken can be renamed too, what does not say which bank it is cannot.
    for text, path in ((b"bank: x # y\nquestions: [\n", "/edit/b_copy/review"), (b"a: 1\n", "/edit/import")):
        visitor.get("/edit/import")
        visitor.post("/edit/import", "import", {"file": (io.BytesIO(text), "x.yaml"), "as": "b_copy"})
        assert visitor.path == path
