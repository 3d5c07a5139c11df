"""A browser in which an editor has signed in is known by a signed cookie, which lets nobody in by itself."""

from __future__ import annotations

from contextlib import suppress

import pytest
from flask import Flask

from quizapp.editing.accounts import TRIES, TRIES_OF_NAME, Accounts, Refused, TooOften
from quizapp.editing.passwords import Passwords
from tests.web.edit.conftest import PASSWORD, SignedIn, StartDesk
from tests.web.edit.test_signing_in import HERE, crumb, secret_of, sign_in
from tests.web.visitor import Visitor

COOKIE = "quizapp-browser"


def shut_out(accounts: Accounts, name: str) -> None:
    """Use up the tries of a name from many networks; hashing would only take time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Passwords, "fits", lambda self, kept, password: False)
        for number in range(TRIES_OF_NAME + TRIES):
            with suppress(Refused, TooOften):
                accounts.sign_in(name, "", f"198.51.100.{number // TRIES}", "")


def test_an_editor_gets_in_while_strangers_use_up_the_tries(accounts: Accounts, signed_in: SignedIn) -> None:
    accounts.add("aki", "editor", PASSWORD)
    visitor = sign_in(signed_in(None))
    visitor.post("/edit/sign-out", "sign-out")
    assert secret_of(visitor, COOKIE)
    shut_out(accounts, "aki")
    assert sign_in(signed_in(None)).status == 429
    assert sign_in(visitor).path == HERE


def test_the_cookie_alone_lets_nobody_in_and_its_tries_end(accounts: Accounts, signed_in: SignedIn) -> None:
    accounts.add("aki", "editor", PASSWORD)
    visitor, other = sign_in(signed_in(None)), signed_in(None)
    other.client.set_cookie(COOKIE, secret_of(visitor, COOKIE) or "")
    assert other.get(HERE).path == "/edit/sign-in"
    statuses = [sign_in(other, password="wrong").status for _ in range(TRIES + 1)]
    assert statuses == [401] * TRIES + [429]


def test_one_that_was_not_signed_here_counts_for_nothing(accounts: Accounts, signed_in: SignedIn) -> None:
    accounts.add("aki", "editor", PASSWORD)
    shut_out(accounts, "aki")
    for forged in ("x", "", "é" * 300, '["a","b"].x.y', "." * 900):
        visitor = signed_in(None)
        visitor.client.set_cookie(COOKIE, forged)
        assert sign_in(visitor).status == 429


def test_it_is_for_this_host_and_no_script_and_names_nobody(start_desk: StartDesk) -> None:
    app: Flask = start_desk(https=True, proxy_hops=1)
    app.extensions["quizapp"].accounts.add("aki", "editor", PASSWORD)
    visitor = Visitor(app.test_client())
    visitor.client.environ_base["HTTP_X_FORWARDED_PROTO"] = "https"
    visitor.client.environ_base["wsgi.url_scheme"] = "https"
    found = crumb(visitor, f"__Host-{COOKIE}")
    assert (found["secure"], found["httponly"], found["samesite"], found["path"]) == (
        True,
        True,
        "Strict",
        "/",
    )
    assert found["domain"] == "" and "aki" not in found.value


def test_who_has_no_password_needs_none(signed_in: SignedIn) -> None:
    assert secret_of(signed_in("editor").get(HERE), COOKIE) is None
