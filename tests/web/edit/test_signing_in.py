"""Signing in and out: sessions, their cookie, their limits, and who is refused (trust.md 13, 14, 17, 19)."""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie

import pytest
from flask import Flask

from quizapp.editing.accounts import Accounts
from quizapp.errors import NotFound
from tests.web.edit.conftest import PASSWORD, Clock, SignedIn, StartDesk, let_in
from tests.web.visitor import Visitor

HERE = "/edit/account"
COOKIE = "quizapp-editor"


@pytest.fixture
def aki(accounts: Accounts) -> str:
    """An editor with a password."""
    return accounts.add("aki", "editor", PASSWORD).name


@pytest.fixture
def clock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The store's clock, which stands still."""
    clock = Clock()
    monkeypatch.setattr(app.extensions["quizapp"].store, "_clock", clock)
    return clock


def sign_in(visitor: Visitor, name: str = "aki", password: str = PASSWORD, next: str = HERE) -> Visitor:
    """Open the sign-in page and send it."""
    visitor.get("/edit/sign-in")
    return visitor.post("/edit/sign-in", "sign-in", {"name": name, "password": password, "next": next})


def secret_of(visitor: Visitor, name: str = COOKIE) -> str | None:
    cookie = visitor.client.get_cookie(name)
    return cookie.value if cookie else None


def test_whoever_signs_in_is_led_back_to_where_they_came_from(signed_in: SignedIn, aki: str) -> None:
    visitor = signed_in(None).get(HERE)
    assert (visitor.path, visitor.status) == ("/edit/sign-in", 200)
    assert f'name="next" value="{HERE}"' in visitor.page
    assert sign_in(visitor).path == HERE
    assert aki in visitor.words
    assert visitor.get("/edit/sign-in?next=/edit/account").path == HERE


@pytest.mark.parametrize("typed", ["AKI", " aki ", "Ａｋｉ", "ａｋｉ"])
def test_a_name_is_the_same_in_any_case_and_width(signed_in: SignedIn, aki: str, typed: str) -> None:
    assert sign_in(signed_in(None), typed).path == HERE


@pytest.mark.parametrize(
    ("name", "password"), [("aki", "wrong"), ("nobody", PASSWORD), ("", ""), ("aki", "")]
)
def test_what_does_not_go_together_is_refused_in_the_same_words(
    signed_in: SignedIn, aki: str, name: str, password: str
) -> None:
    visitor = sign_in(signed_in(None), name, password)
    assert visitor.status == 401
    assert "Name and password do not go together." in visitor.words
    assert secret_of(visitor) is None
    assert f'name="name" value="{name}"' in visitor.page
    assert password == "" or password not in visitor.page


def test_a_refusal_tells_no_name_that_was_typed_in_the_log_of_deeds(
    app: Flask, signed_in: SignedIn, aki: str
) -> None:
    sign_in(signed_in(None), "my secret password", "x")
    assert "my secret password" not in str(app.extensions["quizapp"].store.entries())


def test_the_secret_changes_whenever_somebody_signs_in(signed_in: SignedIn, aki: str) -> None:
    visitor = signed_in(None)
    visitor.client.set_cookie(COOKIE, "chosen by somebody else")
    first = secret_of(sign_in(visitor))
    assert first not in (None, "chosen by somebody else")
    second = signed_in(None)
    assert secret_of(sign_in(second)) != first


def test_the_session_before_ends_on_the_server(accounts: Accounts, signed_in: SignedIn, aki: str) -> None:
    visitor = signed_in("viewer")
    before = secret_of(visitor)
    assert before
    # The page was open in another tab before.
    visitor.get(HERE)
    token = visitor.tokens()["sign-out"]
    data = {"csrf_token": token, "name": "aki", "password": PASSWORD, "next": HERE}
    assert visitor.client.post("/edit/sign-in", data=data).status_code == 303
    assert "aki" in visitor.get(HERE).words
    with pytest.raises(NotFound):
        accounts.signed_in(before)


def test_the_token_of_the_forms_changes_too(signed_in: SignedIn, aki: str) -> None:
    visitor = signed_in(None).get("/edit/sign-in")
    known_before = visitor.tokens()["sign-in"]
    sign_in(visitor)
    stale = {"csrf_token": known_before}
    assert visitor.client.post("/edit/sign-out", data=stale).status_code == 400
    assert visitor.get(HERE).status == 200


def test_signing_out_ends_the_session_on_the_server(
    accounts: Accounts, signed_in: SignedIn, aki: str
) -> None:
    visitor = sign_in(signed_in(None))
    secret = secret_of(visitor)
    assert secret
    visitor.post("/edit/sign-out", "sign-out")
    assert visitor.path == "/edit/sign-in"
    assert secret_of(visitor) is None
    with pytest.raises(NotFound):
        accounts.signed_in(secret)
    visitor.client.set_cookie(COOKIE, secret)
    assert visitor.get(HERE).path == "/edit/sign-in"


def test_a_session_ends_when_it_is_not_used(app: Flask, clock: Clock, signed_in: SignedIn) -> None:
    visitor = signed_in("editor")
    hours = app.extensions["quizapp"].settings.editor_idle_hours
    clock.advance(hours=hours - 1)
    assert visitor.get(HERE).path == HERE
    clock.advance(hours=hours - 1)
    assert visitor.get(HERE).path == HERE
    clock.advance(hours=hours, seconds=1)
    assert visitor.get(HERE).path == "/edit/sign-in"


def test_a_session_ends_however_much_it_is_used(app: Flask, clock: Clock, signed_in: SignedIn) -> None:
    visitor = signed_in("editor")
    settings = app.extensions["quizapp"].settings
    step = settings.editor_idle_hours - 1
    for _ in range(settings.editor_session_days * 24 // step):
        assert visitor.get(HERE).path == HERE
        clock.advance(hours=step)
    clock.advance(hours=step)
    assert visitor.get(HERE).path == "/edit/sign-in"


def test_whoever_is_disabled_is_out_at_once_and_cannot_come_back(
    accounts: Accounts, signed_in: SignedIn, aki: str
) -> None:
    visitor = sign_in(signed_in(None))
    accounts.disable("aki", True)
    assert visitor.get(HERE).path == "/edit/sign-in"
    again = sign_in(visitor)
    assert again.status == 401 and "do not go together" in again.words
    accounts.disable("aki", False)
    assert sign_in(visitor).path == HERE


def test_a_new_role_counts_from_the_next_click(accounts: Accounts, signed_in: SignedIn) -> None:
    visitor = signed_in("viewer")
    accounts.give_role("the-viewer", "publisher")
    assert "put them live" in visitor.get(HERE).words


def crumb(visitor: Visitor, name: str, **headers: str) -> Morsel[str]:
    """The cookie of that name as the response to signing in sets it."""
    visitor.get("/edit/sign-in")
    data = {"csrf_token": visitor.tokens()["sign-in"], "name": "aki", "password": PASSWORD, "next": HERE}
    response = visitor.client.post("/edit/sign-in", data=data, headers=headers)
    assert response.status_code == 303
    for line in response.headers.getlist("Set-Cookie"):
        if line.startswith(f"{name}="):
            return SimpleCookie(line)[name]
    raise AssertionError(response.headers)


def test_over_http_the_cookie_is_for_this_host_and_no_script(signed_in: SignedIn, aki: str) -> None:
    found = crumb(signed_in(None), COOKIE)
    assert (found["httponly"], found["samesite"], found["path"], found["domain"]) == (True, "Lax", "/", "")
    assert not found["secure"]


def test_over_https_the_cookie_is_bound_to_host_and_scheme(start_desk: StartDesk) -> None:
    app = start_desk(https=True, proxy_hops=1)
    app.extensions["quizapp"].accounts.add("aki", "editor", PASSWORD)
    visitor = Visitor(app.test_client())
    visitor.client.environ_base["HTTP_X_FORWARDED_PROTO"] = "https"
    visitor.client.environ_base["wsgi.url_scheme"] = "https"
    found = crumb(visitor, f"__Host-{COOKIE}")
    assert (found["secure"], found["httponly"], found["samesite"], found["path"]) == (True, True, "Lax", "/")
    assert found["domain"] == ""
    assert int(found["max-age"]) == app.extensions["quizapp"].settings.editor_session_days * 86_400
    assert visitor.get(HERE).path == HERE
    gone = visitor.client.post("/edit/sign-out", data={"csrf_token": visitor.tokens()["sign-out"]})
    line = next(one for one in gone.headers.getlist("Set-Cookie") if one.startswith(f"__Host-{COOKIE}="))
    assert "Secure" in line and "Path=/" in line and "Max-Age=0" in line


@pytest.mark.parametrize(
    "next",
    [
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "https://evil.example/edit/account",
        "javascript:alert(1)",
        "/%2F%2Fevil.example",
        "/%5Cevil.example",
        "/edit/../..//evil.example",
        "//evil.example/edit/account?x",
        "?//evil.example",
    ],
)
def test_nobody_is_led_elsewhere(signed_in: SignedIn, aki: str, next: str) -> None:
    visitor = signed_in(None).get("/edit/sign-in")
    home = home_of(signed_in)
    data = {"csrf_token": visitor.tokens()["sign-in"], "name": "aki", "password": PASSWORD, "next": next}
    assert visitor.client.post("/edit/sign-in", data=data).headers["Location"] == home
    assert visitor.client.get("/edit/sign-in", query_string={"next": next}).headers["Location"] == home


def home_of(signed_in: SignedIn) -> str:
    return signed_in("viewer").client.get("/edit/sign-in").headers["Location"]


def test_the_query_of_the_page_one_came_from_is_kept(signed_in: SignedIn, aki: str) -> None:
    visitor = signed_in(None)
    asked = visitor.client.get("/edit/account?page=2&q=%E8%B3%87%E6%A0%BC")
    visitor.get(asked.headers["Location"])
    visitor.post(
        "/edit/sign-in",
        "sign-in",
        {"name": "aki", "password": PASSWORD, "next": "/edit/account?page=2&q=%E8%B3%87%E6%A0%BC"},
    )
    assert (
        visitor.client.get(asked.headers["Location"])
        .headers["Location"]
        .endswith("/edit/account?page=2&q=%E8%B3%87%E6%A0%BC")
    )


def test_a_line_break_in_the_address_splits_no_header(signed_in: SignedIn, aki: str) -> None:
    visitor = signed_in("viewer")
    response = visitor.client.get(
        "/edit/sign-in", query_string={"next": "/edit/account?x=1\r\nSet-Cookie: evil=1"}
    )
    assert "evil" not in str(response.headers.getlist("Set-Cookie"))
    assert "\n" not in response.headers["Location"]


def test_the_sessions_are_listed_and_can_be_ended(app: Flask, accounts: Accounts, aki: str) -> None:
    editor = accounts.named(aki)
    here, there, third = (let_in(app, editor) for _ in range(3))
    here.get(HERE)
    assert here.words.count("Signed in ") == 3 and here.words.count("This browser") == 1
    ids = {one.id for one in accounts.sessions(editor)}
    mine = accounts.signed_in(secret_of(here) or "")[1].id
    theirs = accounts.signed_in(secret_of(there) or "")[1].id
    assert not any((secret_of(one) or "?") in here.page for one in (here, there, third))
    form = next(form for form in here.tokens() if form.startswith("end-") and form != "end-others")
    here.post(f"/edit/account/sessions/{theirs}", form)
    assert (here.path, there.get(HERE).path) == (HERE, "/edit/sign-in")
    assert {one.id for one in accounts.sessions(editor)} == ids - {theirs}
    assert mine in {one.id for one in accounts.sessions(editor)}


def test_all_other_sessions_can_be_ended_at_once(app: Flask, accounts: Accounts, aki: str) -> None:
    here, there, third = (let_in(app, accounts.named(aki)) for _ in range(3))
    here.get(HERE).post("/edit/account/sessions", "end-others")
    assert [one.get(HERE).path for one in (here, there, third)] == [HERE, "/edit/sign-in", "/edit/sign-in"]


def test_nobody_ends_the_session_of_another(app: Flask, accounts: Accounts, signed_in: SignedIn) -> None:
    other, me = signed_in("publisher"), signed_in("editor").get(HERE)
    theirs = accounts.signed_in(secret_of(other) or "")[1].id
    data = {"csrf_token": me.tokens()["sign-out"]}
    assert me.client.post(f"/edit/account/sessions/{theirs}", data=data).status_code == 404
    assert other.get(HERE).path == HERE


def test_a_new_password_ends_every_other_session(app: Flask, accounts: Accounts, aki: str) -> None:
    here, there = (let_in(app, accounts.named(aki)) for _ in range(2))
    before = secret_of(here)
    here.get(HERE).post(
        "/edit/account/password", "password", {"old": PASSWORD, "new": "five other quiet words"}
    )
    assert here.path == HERE and here.status == 200
    assert secret_of(here) != before
    assert there.get(HERE).path == "/edit/sign-in"
    assert sign_in(there).status == 401
    assert sign_in(there, password="five other quiet words").path == HERE


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("wrong", "five other quiet words", "The present password does not fit."),
        (PASSWORD, "short", "Take a password of 12 characters or more"),
        (PASSWORD, "password1234", "among those that are tried first"),
    ],
)
def test_a_password_is_not_changed_without_the_old_one_or_to_a_weak_one(
    app: Flask, accounts: Accounts, aki: str, old: str, new: str, says: str
) -> None:
    here, there = (let_in(app, accounts.named(aki)) for _ in range(2))
    here.get(HERE).post("/edit/account/password", "password", {"old": old, "new": new})
    assert here.status == 422 and says in here.words
    assert old not in here.page and new not in here.page
    assert there.get(HERE).path == HERE
    assert sign_in(Visitor(app.test_client())).path == HERE
