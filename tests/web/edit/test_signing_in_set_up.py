"""The first editor is made by a link that works once (trust.md 16)."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from quizapp.editing.accounts import SETUP_HOURS, TRIES, Accounts
from quizapp.errors import NotFound
from tests.web.edit.conftest import PASSWORD, Clock, SignedIn
from tests.web.visitor import Visitor

ROOT = Path(__file__).resolve().parents[3]


def set_up(visitor: Visitor, secret: str, name: str = "aki", password: str = PASSWORD) -> Visitor:
    path = f"/edit/setup/{secret}"
    visitor.get(path)
    return visitor.post(path, "set-up", {"name": name, "password": password})


def test_the_first_editor_is_a_publisher_and_signed_in(accounts: Accounts, signed_in: SignedIn) -> None:
    secret = accounts.offer_setup()
    visitor = set_up(signed_in(None), secret or "")
    made = accounts.named("aki")
    assert (made.role, made.has_password) == ("publisher", True)
    assert visitor.get("/edit/account").path == "/edit/account"


def test_the_link_works_once_and_for_nobody_once_there_is_an_editor(
    accounts: Accounts, signed_in: SignedIn
) -> None:
    secret = accounts.offer_setup()
    visitor = signed_in(None).get(f"/edit/setup/{secret}")
    second = signed_in(None).get(f"/edit/setup/{secret}")
    visitor.post(f"/edit/setup/{secret}", "set-up", {"name": "aki", "password": PASSWORD})
    second.post(f"/edit/setup/{secret}", "set-up", {"name": "ben", "password": PASSWORD})
    assert second.status == 404
    assert second.get(f"/edit/setup/{secret}").status == 404
    assert accounts.offer_setup() is None
    assert [one.name for one in accounts._store.editors()] == ["aki"]


def test_of_many_who_take_it_at_once_one_succeeds(app: Flask, accounts: Accounts) -> None:
    secret = accounts.offer_setup() or ""

    def take(number: int) -> bool:
        try:
            accounts.take_setup(secret, f"name{number}", PASSWORD, f"192.0.2.{number}", "")
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, range(4))) == 1


def test_a_link_runs_out(
    app: Flask, accounts: Accounts, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, clock = accounts.offer_setup(), Clock()
    clock.now = accounts._clock()
    monkeypatch.setattr(app.extensions["quizapp"].store, "_clock", clock)
    clock.advance(hours=SETUP_HOURS, minutes=1)
    visitor = set_up(signed_in(None), secret or "")
    assert visitor.status == 404
    assert "This link no longer holds." in visitor.words
    assert 'value="aki"' in visitor.page and PASSWORD not in visitor.page


def test_each_worker_prints_a_link_and_each_holds_until_one_is_used(
    accounts: Accounts, signed_in: SignedIn
) -> None:
    first, second = accounts.offer_setup() or "", accounts.offer_setup() or ""
    assert set_up(signed_in(None), first).status != 404
    assert accounts.named("aki")
    assert signed_in(None).get(f"/edit/setup/{second}").status == 404


def test_a_link_that_does_not_hold_says_so_before_anything_is_typed(
    accounts: Accounts, signed_in: SignedIn
) -> None:
    accounts.offer_setup()
    visitor = signed_in(None).get("/edit/setup/" + "x" * 24)
    assert visitor.status == 404 and "This link no longer holds." in visitor.words


def test_without_a_link_nobody_has_a_name_or_password_read(accounts: Accounts) -> None:
    accounts.offer_setup()
    with pytest.raises(NotFound):
        accounts.take_setup("x" * 24, "no name at all", "short", "192.0.2.1", "")


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("a b", PASSWORD, "Take 2 to 64 small letters"),
        ("<script>", PASSWORD, "Take 2 to 64 small letters"),
        ("aki", "short", "Take a password of 12 characters or more"),
    ],
)
def test_a_mistake_does_not_use_up_the_link(
    accounts: Accounts, signed_in: SignedIn, name: str, password: str, says: str
) -> None:
    secret = accounts.offer_setup() or ""
    visitor = set_up(signed_in(None), secret, name, password)
    assert visitor.status == 422 and says in visitor.words
    assert password not in visitor.page
    assert set_up(visitor, secret).status != 422
    assert accounts.named("aki")


def test_opening_the_link_uses_nothing_up(accounts: Accounts, signed_in: SignedIn) -> None:
    secret = accounts.offer_setup() or ""
    for _ in range(3):
        assert signed_in(None).get(f"/edit/setup/{secret}").status == 200
    assert not accounts.is_set_up()


def test_links_cannot_be_tried_by_the_dozen(accounts: Accounts, signed_in: SignedIn) -> None:
    visitor = signed_in(None)
    statuses = [set_up(visitor, "x" * 24).status for _ in range(TRIES + 1)]
    assert statuses == [404] * TRIES + [429]


@pytest.mark.slow
def test_serve_prints_the_link_while_there_is_no_editor_and_no_longer(ground: Path, tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    environ |= {
        "QUIZAPP_INSTANCE": str(tmp_path / "instance"),
        "QUIZAPP_QUESTIONS": str(ground / "questions"),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "quizapp"]

    def told() -> tuple[str, str]:
        serving = subprocess.Popen(
            [*command, "serve", "--port", "0"],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert serving.stdout
        first = serving.stdout.readline()
        serving.terminate()
        rest, errors = serving.communicate(timeout=60)
        return first + rest, errors

    out, errors = told()
    address = out.split()[-1]
    assert f"{address}edit/setup/" in errors and "setup" not in out
    add = [*command, "editor", "add", "aki", "--password-stdin"]
    subprocess.run(add, env=environ, input=PASSWORD, text=True, check=True, capture_output=True)
    assert "setup" not in "".join(told())


def test_what_is_wrong_with_name_and_password_is_told_at_once(
    accounts: Accounts, signed_in: SignedIn
) -> None:
    visitor = set_up(signed_in(None), accounts.offer_setup() or "", "Ü", "short")
    assert "for the name." in visitor.words and "characters or more, such as four words." in visitor.words
    assert visitor.page.count("<li>") >= 2 and visitor.status == 422
