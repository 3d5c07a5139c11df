"""Nothing typed is lost when a session or a form's token has ended; nothing foreign comes back (trust.md 9, 14)."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from quizapp.editing.accounts import Accounts
from quizapp.web.edit.typed import unpacked
from tests.web.edit.conftest import BANK, PASSWORD, SignedIn, let_in
from tests.web.visitor import Visitor

SOURCE = f"/edit/{BANK}/source?sheet=bank"
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def aki(app: Flask, accounts: Accounts) -> Visitor:
    """An editor who may sign in again."""
    return let_in(app, accounts.add("aki", "editor", PASSWORD))


@pytest.fixture
def changed(questions: Path) -> str:
    """The bank's text with a remark, an awkward one."""
    text = (questions / f"{BANK}.yaml").read_text(encoding="utf-8")
    return text + "# \"quoted\" 'twice' <b>&amp; 資格\t\\n\r\n"


def typed(visitor: Visitor, text: str) -> dict[str, str]:
    """What the form of the source view holds."""
    visitor.get(SOURCE)
    token = next(iter(visitor.tokens().values()))
    return {"csrf_token": token, "sheet": "bank", "version": "0", "text": text}


def hidden(page: str, form: str) -> dict[str, str]:
    """The hidden fields of a form as a browser sends them."""
    start = page.index(f'<form id="{form}"')
    inside = page[start : page.index("</form>", start)]
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', inside)
    return {html.unescape(name): html.unescape(value) for name, value in fields}


def send_again(visitor: Visitor) -> int:
    """Press the button of the page that holds what was typed."""
    action = html.unescape(re.search(r'<form id="resume" method="post" action="([^"]*)"', visitor.page)[1])
    data = {**hidden(visitor.page, "resume"), "csrf_token": visitor.tokens()["resume"]}
    return visitor.client.post(action, data=data).status_code


def draft_text(app: Flask, name: str) -> str | None:
    services = app.extensions["quizapp"]
    draft = services.store.draft_of(BANK, services.accounts.named(name).id)
    return draft.text if draft else None


def end_every_session(app: Flask, name: str) -> None:
    services = app.extensions["quizapp"]
    services.store.end_sessions(services.accounts.named(name).id)


def test_what_was_typed_is_sent_after_signing_in_again(app: Flask, aki: Visitor, changed: str) -> None:
    data = typed(aki, changed)
    end_every_session(app, "aki")
    aki._seen(aki.client.post(SOURCE, data=data, headers=OURS))
    assert aki.status == 401
    assert "What you typed is kept" in aki.words
    form = {**hidden(aki.page, "sign-in"), "name": "aki", "password": "mistyped"}
    aki.post("/edit/sign-in", "sign-in", form)
    assert aki.status == 401
    form = {**hidden(aki.page, "sign-in"), "name": "aki", "password": PASSWORD}
    aki.post("/edit/sign-in", "sign-in", form)
    assert aki.status == 200 and "You are signed in again" in aki.words
    assert "mistyped" not in aki.page and PASSWORD not in aki.page
    assert draft_text(app, "aki") is None, "nothing is saved before somebody says so"
    assert send_again(aki) == 303
    assert draft_text(app, "aki") == changed.replace("\r\n", "\n")


def test_the_address_it_is_sent_to_keeps_its_query(app: Flask, aki: Visitor, changed: str) -> None:
    data = typed(aki, changed)
    end_every_session(app, "aki")
    aki._seen(aki.client.post(SOURCE, data=data, headers=OURS))
    assert json.loads(hidden(aki.page, "sign-in")["kept"])[0] == SOURCE


def test_a_page_that_was_open_too_long_is_sent_once_more(app: Flask, aki: Visitor, changed: str) -> None:
    data = typed(aki, changed) | {"csrf_token": "stale"}
    aki._seen(aki.client.post(SOURCE, data=data, headers=OURS))
    assert aki.status == 400
    assert "What you had typed is still here." in aki.words
    assert send_again(aki) == 303
    assert draft_text(app, "aki") == changed.replace("\r\n", "\n")


def test_it_is_so_after_a_restart_that_lost_every_cookie_too(app: Flask, aki: Visitor, changed: str) -> None:
    data = typed(aki, changed)
    fresh = Visitor(app.test_client())
    fresh.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    fresh._seen(fresh.client.post(SOURCE, data=data, headers=OURS))
    assert fresh.status == 400
    form = {**hidden(fresh.page, "sign-in"), "name": "aki", "password": PASSWORD}
    fresh.post("/edit/sign-in", "sign-in", form)
    assert send_again(fresh) == 303
    assert draft_text(app, "aki") == changed.replace("\r\n", "\n")


def test_a_sign_in_page_that_was_open_too_long_loses_nothing_either(
    app: Flask, aki: Visitor, changed: str
) -> None:
    data = typed(aki, changed)
    end_every_session(app, "aki")
    aki._seen(aki.client.post(SOURCE, data=data, headers=OURS))
    form = {**hidden(aki.page, "sign-in"), "name": "aki", "password": PASSWORD, "csrf_token": "stale"}
    kept = form["kept"]
    aki._seen(aki.client.post("/edit/sign-in", data=form, headers=OURS))
    assert aki.status == 400
    assert hidden(aki.page, "sign-in")["kept"] == kept
    assert PASSWORD not in aki.page


def test_signing_in_in_another_tab_will_do(app: Flask, aki: Visitor, changed: str) -> None:
    data = typed(aki, changed)
    end_every_session(app, "aki")
    aki._seen(aki.client.post(SOURCE, data=data, headers=OURS))
    kept, token = hidden(aki.page, "sign-in")["kept"], aki.tokens()["sign-in"]
    still_out = aki.client.post("/edit/resume", data={"kept": kept, "csrf_token": token})
    assert still_out.status_code == 401
    secret = app.extensions["quizapp"].accounts.begin(app.extensions["quizapp"].accounts.named("aki"), "")
    aki.client.set_cookie("quizapp-editor", secret)
    aki._seen(aki.client.post("/edit/resume", data={"kept": kept, "csrf_token": token}))
    assert send_again(aki) == 303
    assert draft_text(app, "aki") == changed.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "none"}],
    ids=["neither", "origin", "null", "none"],
)
def test_what_another_site_may_have_sent_never_comes_back(
    aki: Visitor, changed: str, headers: dict[str, str]
) -> None:
    data = typed(aki, "planted by another site") | {"csrf_token": ""}
    response = aki.client.post(SOURCE, data=data, headers=headers)
    assert response.status_code == 400
    assert "planted" not in response.get_data(as_text=True)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_is_refused_even_with_a_token(app: Flask, aki: Visitor, changed: str, site: str) -> None:
    response = aki.client.post(SOURCE, data=typed(aki, changed), headers={"Sec-Fetch-Site": site})
    assert response.status_code == 400
    assert "quoted" not in response.get_data(as_text=True)
    assert draft_text(app, "aki") is None


def test_a_browser_without_fetch_metadata_is_known_by_its_origin(aki: Visitor, changed: str) -> None:
    data = typed(aki, changed) | {"csrf_token": ""}
    response = aki.client.post(SOURCE, data=data, headers={"Origin": "http://localhost"})
    assert response.status_code == 400
    assert "&#34;quoted&#34;" in response.get_data(as_text=True)


PASSWORD_FORMS = [
    ("/edit/sign-in", {"name": "aki", "password": "four-secret-words"}),
    ("/edit/setup/x", {"name": "aki", "password": "four-secret-words"}),
    ("/edit/account/password", {"old": "four-secret-words", "new": "four-secret-words"}),
]


@pytest.mark.parametrize(("path", "fields"), PASSWORD_FORMS)
def test_a_password_never_comes_back_when_the_token_is_lost(
    aki: Visitor, path: str, fields: dict[str, str]
) -> None:
    response = aki.client.post(path, data=fields, headers=OURS)
    assert response.status_code == 400
    assert "four-secret-words" not in response.get_data(as_text=True)


def test_a_password_never_comes_back_when_the_session_has_ended(app: Flask, aki: Visitor) -> None:
    aki.get("/edit/account")
    data = {**PASSWORD_FORMS[2][1], "csrf_token": aki.tokens()["password"]}
    end_every_session(app, "aki")
    response = aki.client.post("/edit/account/password", data=data, headers=OURS)
    assert response.status_code == 401
    assert "four-secret-words" not in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/edit/x",
        "https://evil.example/",
        "/edit/sign-out",
        "/edit/sign-in",
        "/edit/account/password",
        "/edit/../forget",
        "/edit/%2e%2e/forget",
        "/edit//evil.example",
        "/forget",
        "/edit/nowhere",
        "javascript:alert(1)",
        "/edit/one_on_one/source\n",
        3,
        None,
    ],
)
def test_only_a_form_of_the_desk_is_sent_again(app: Flask, path: object) -> None:
    with app.test_request_context("/edit/sign-in"):
        assert unpacked(json.dumps([path, [["text", "x"]]])) is None


@pytest.mark.parametrize(
    "packed", ["", "3", "[]", "{}", '["/edit/x"]', '["/edit/x", 3]', "[" * 100_000, "\ud800"]
)
def test_what_was_never_packed_is_nothing(app: Flask, packed: str) -> None:
    with app.test_request_context("/edit/sign-in"):
        assert unpacked(packed) is None


def test_what_is_planted_in_the_form_is_shown_as_text(signed_in: SignedIn, aki: Visitor) -> None:
    payload = '"><script>alert(1)</script>'
    kept = json.dumps([SOURCE, [[payload, payload]]])
    visitor = signed_in(None).get("/edit/sign-in")
    data = {"name": "aki", "password": PASSWORD, "kept": kept, "csrf_token": visitor.tokens()["sign-in"]}
    visitor._seen(visitor.client.post("/edit/sign-in", data=data))
    assert "<script>alert" not in visitor.page
    assert urlsplit(visitor.path).path == "/edit/sign-in"


def test_the_largest_bank_survives_the_way_through(app: Flask, aki: Visitor) -> None:
    text = "# 資格\n" * 24_000
    assert 200_000 < len(text.encode()) < 262_144
    data = typed(aki, text)
    end_every_session(app, "aki")
    aki._seen(aki.client.post(SOURCE, data=data, headers=OURS, content_type="multipart/form-data"))
    assert 'enctype="multipart/form-data"' in aki.page
    form = {**hidden(aki.page, "sign-in"), "name": "aki", "password": PASSWORD}
    form["csrf_token"] = aki.tokens()["sign-in"]
    aki._seen(aki.client.post("/edit/sign-in", data=form, content_type="multipart/form-data"))
    assert hidden(aki.page, "resume")["text"] == text
