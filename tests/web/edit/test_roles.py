"""Every route of the desk against every role, and what belongs to one editor tried by another (trust.md 14, 16)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from quizapp.editing.accounts import ROLES, Accounts, allows
from quizapp.store.editing_records import Draft, Role
from quizapp.web.edit.guard import NEEDED
from tests.web.edit.conftest import BANK, SignedIn, editor_called, let_in
from tests.web.visitor import Visitor

# Where people come in, and nobody need be signed in.
OPEN = {
    "signing_in.sign_in",
    "signing_in.begin",
    "signing_in.resume",
    "signing_in.set_up",
    "signing_in.take_set_up",
    "oidc.leave",
    "oidc.come_back",
}
# What a viewer may send: what is one's own (session, password), and questions that keep nothing.
VIEWERS_MAY_SEND = {
    "signing_in.end",
    "account.change_password",
    "account.end_others",
    "account.end_session",
    "source.check",
    "source.complete",
    "preview.start",
    "preview.end",
    "parts.rule",
}
# What a form of the desk may hold; each view takes what it knows.
FIELDS = {
    "sheet": "bank",
    "text": "# taken over\n",
    "why": "tried",
    "do": "save",
    "name": "tried",
    "number": "1",
    "to": "1",
}


def desk_rules(app: Flask) -> list[Rule]:
    """Every route of the desk."""
    return [
        rule for rule in app.url_map.iter_rules() if rule.rule == "/edit" or rule.rule.startswith("/edit/")
    ]


def guarded(app: Flask) -> list[tuple[Rule, str, Role]]:
    """Every route that needs a role, with each of its methods and the role that it needs."""
    return [
        (rule, method, needed_by(app, rule.endpoint))
        for rule in desk_rules(app)
        if rule.endpoint not in OPEN
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def needed_by(app: Flask, endpoint: str) -> Role:
    view = app.view_functions[endpoint]
    return NEEDED[f"{view.__module__}.{view.__qualname__}"]


@pytest.fixture
def values(app: Flask, draft: Draft) -> dict[str, Any]:
    """What stands for each part of an address that differs."""
    item = app.extensions["quizapp"].library.live(BANK).bank.items[0].id
    return {
        "bank": BANK,
        "address": f"items/{item}",
        "item": item,
        "draft": draft.id,
        "id": draft.id,
        "version": 1,
        "number": 1,
        "token": "x" * 24,
        "secret": "x" * 24,
        "sheet": "bank",
        "name": "look.css",
        "day": "2026-11-22",
        "which": "then",
    }


@pytest.fixture
def draft(app: Flask, signed_in: SignedIn) -> Draft:
    """Aki's open draft, two steps old."""
    editor = editor_called(app, "aki", "editor")
    services = app.extensions["quizapp"]
    opened: Draft = services.workshop.open(BANK, editor.id)
    text = opened.text + "# aki was here\n"
    services.store.save_draft(opened.id, opened.version, text, opened.cases, "file")
    found: Draft = services.store.draft(opened.id)
    return found


def address(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    values = {**values, **(rule.defaults or {})}
    unknown = rule.arguments - values.keys()
    assert not unknown, f"say in this test what stands for {unknown} in {rule.rule}"
    with app.test_request_context():
        built = rule.build({name: values[name] for name in rule.arguments}, append_unknown=False)
    assert built, rule.rule
    return built[1]


def answer(visitor: Visitor, method: str, path: str, fields: dict[str, Any] | None = None) -> int:
    """The status; 0 for being sent to the sign-in page."""
    if method == "GET":
        response = visitor.client.get(path)
    else:
        visitor.get("/edit/sign-in")
        data = {**(fields or {}), "csrf_token": next(iter(visitor.tokens().values()))}
        response = visitor.client.open(path, method=method, data=data)
    sent_away = response.headers.get("Location", "").startswith("/edit/sign-in")
    return (
        0
        if response.status_code == 401 or (sent_away and response.status_code == 303)
        else response.status_code
    )


def test_every_view_says_what_it_needs(app: Flask) -> None:
    silent = []
    for rule in desk_rules(app):
        view = app.view_functions[rule.endpoint]
        if rule.endpoint not in OPEN and f"{view.__module__}.{view.__qualname__}" not in NEEDED:
            silent.append(rule.endpoint)
    assert silent == [], "put @needs(…) below the route"
    assert {rule.endpoint for rule in desk_rules(app)} >= OPEN


def test_what_a_viewer_may_send_is_written_down(app: Flask) -> None:
    found = {rule.endpoint for rule, method, role in guarded(app) if method == "POST" and role == "viewer"}
    assert found - VIEWERS_MAY_SEND == set()


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_route_lets_in_who_may_and_nobody_else(
    app: Flask, signed_in: SignedIn, values: dict[str, Any], role: Role | None
) -> None:
    wrong = {}
    # Nothing is put live or thrown away before the others have been tried.
    for rule, method, needed in sorted(guarded(app), key=lambda one: (one[1], one[0].rule)):
        visitor, path = signed_in(role), address(app, rule, values)
        status = answer(visitor, method, path, FIELDS)
        # Whoever signs out is shown the sign-in page, too.
        leaves = rule.endpoint == "signing_in.end"
        right = (
            status == 0
            if role is None
            else status == 403
            if not allows(role, needed)
            else status < 500 and status != 403 and (status != 0 or leaves)
        )
        if not right:
            wrong[f"{method} {path}"] = status
    assert wrong == {}


def test_whoever_is_shut_out_is_nobody(
    app: Flask, accounts: Accounts, signed_in: SignedIn, values: dict[str, Any]
) -> None:
    visitor = signed_in("publisher", "gone")
    secret = visitor.client.get_cookie("quizapp-editor")
    assert secret
    accounts.disable("gone", True)
    statuses = {}
    for rule, method, _ in guarded(app):
        visitor.client.set_cookie("quizapp-editor", secret.value)
        statuses[f"{method} {rule.rule}"] = answer(visitor, method, address(app, rule, values), FIELDS)
    assert {path: status for path, status in statuses.items() if status} == {}


def test_every_route_that_changes_something_refuses_a_missing_token(
    app: Flask, signed_in: SignedIn, values: dict[str, Any]
) -> None:
    visitor, before = signed_in("publisher"), kept(app)
    statuses = {
        path: visitor.client.post(path, data=FIELDS).status_code
        for rule in desk_rules(app)
        if "POST" in (rule.methods or set())
        for path in [address(app, rule, values)]
    }
    assert statuses == dict.fromkeys(statuses, 400)
    assert kept(app) == before


def test_no_route_takes_another_method(app: Flask) -> None:
    odd = {
        rule.rule: rule.methods
        for rule in desk_rules(app)
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS", "POST"}
    }
    assert odd == {}


def kept(app: Flask) -> dict[str, list[Any]]:
    """All that the store keeps, but for when sessions were seen."""
    path = app.extensions["quizapp"].settings.database
    with closing(sqlite3.connect(path)) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: sorted(map(repr, database.execute(f'SELECT * FROM "{table}"')))
            for table in tables
            if table != "editor_sessions"
        }


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_opening_any_page_changes_nothing(
    app: Flask, questions: Path, signed_in: SignedIn, values: dict[str, Any]
) -> None:
    visitor = signed_in("publisher")
    before = kept(app), files(questions)
    for rule in desk_rules(app):
        if "GET" in (rule.methods or set()):
            visitor.client.get(address(app, rule, values))
            assert (kept(app), files(questions)) == before, rule.rule


def test_nothing_of_the_desk_is_kept_by_a_cache_or_found_by_a_search(
    app: Flask, signed_in: SignedIn, values: dict[str, Any]
) -> None:
    visitor = signed_in("publisher")
    for rule in desk_rules(app):
        if "GET" in (rule.methods or set()):
            response = visitor.client.get(address(app, rule, values))
            assert response.headers["Cache-Control"] == "private, no-store", rule.rule
            assert "unsafe" not in response.headers["Content-Security-Policy"], rule.rule
            if response.mimetype == "text/html" and response.status_code == 200:
                assert "noindex" in response.get_data(as_text=True), rule.rule


def states(app: Flask, draft: Draft) -> tuple[Any, ...]:
    """What of a draft only its author may change."""
    store = app.extensions["quizapp"].store
    found = store.draft(draft.id)
    return found.editor, found.version, found.text, found.cases, found.state, found.base


def tries(app: Flask, values: dict[str, Any], draft: Draft) -> Iterator[tuple[str, dict[str, str]]]:
    """Every form of the desk, made out as if the draft were one's own."""
    for version in ("1", str(draft.version)):
        fields = {
            **FIELDS,
            "draft": draft.id,
            "version": version,
            "id": draft.id,
            "step": "1",
            "restore": "1",
        }
        for rule, method, _ in guarded(app):
            if method == "POST" and rule.endpoint != "signing_in.end":
                path = address(app, rule, values)
                for action in ("save", "undo", "redo", "restore:1", "discard", "remove:0", "up:0"):
                    yield f"{path}?draft={draft.id}&sheet=bank", {**fields, "do": action}


@pytest.mark.parametrize("role", ["viewer", "editor", "publisher"])
def test_nobody_changes_the_draft_of_another(
    app: Flask, signed_in: SignedIn, values: dict[str, Any], draft: Draft, role: Role
) -> None:
    ben = signed_in(role, "ben")
    ben.get("/edit/sign-in")
    before, wrong = states(app, draft), []
    ben.get("/edit/account")
    token = ben.tokens()["sign-out"]
    for path, fields in tries(app, values, draft):
        # Putting live what an editor has made, as it stands, is what publishers are for.
        if role == "publisher" and "/publish?" in path:
            continue
        status = ben.client.post(path, data={**fields, "csrf_token": token}).status_code
        if states(app, draft) != before or status >= 500:
            wrong.append((path, fields["do"], status))
            break
    assert wrong == []


def test_what_one_editor_begins_is_no_draft_of_another(app: Flask, signed_in: SignedIn, draft: Draft) -> None:
    services = app.extensions["quizapp"]
    ben = editor_called(app, "ben", "editor")
    opened = services.workshop.open(BANK, ben.id)
    assert opened.id != draft.id and "aki was here" not in opened.text


def test_sessions_and_passwords_are_ones_own(app: Flask, accounts: Accounts, signed_in: SignedIn) -> None:
    aki, ben = accounts.add("aki", "publisher", None), accounts.add("ben", "publisher", None)
    of_aki, of_ben = let_in(app, aki), let_in(app, ben)
    (session,) = accounts.sessions(aki)
    of_ben.get("/edit/account")
    assert session.id not in of_ben.page and "aki" not in of_ben.words
    token = {"csrf_token": of_ben.tokens()["sign-out"]}
    assert of_ben.client.post(f"/edit/account/sessions/{session.id}", data=token).status_code == 404
    of_ben.client.post("/edit/account/sessions", data=token)
    of_ben.client.post("/edit/sign-out", data=token)
    assert of_aki.get("/edit/account").status == 200
    assert [one.id for one in accounts.sessions(aki)] == [session.id]
