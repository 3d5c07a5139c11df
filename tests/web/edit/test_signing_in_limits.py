"""How often signing in may be tried, counted over every process on the store (trust.md 17)."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from quizapp.editing.accounts import (
    TRIES,
    TRIES_OF_ADDRESS,
    TRIES_OF_NAME,
    Accounts,
    KnownBrowser,
    Refused,
    TooOften,
)
from quizapp.editing.passwords import Passwords
from quizapp.networks import network_of
from tests.web.edit.conftest import PASSWORD, Clock, SignedIn, StartDesk
from tests.web.visitor import Visitor


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is timed elsewhere; here it would only take time."""
    monkeypatch.setattr(Passwords, "fits", lambda self, kept, password: False)


def tries_until_held_back(
    accounts: Accounts, name: str, address: str, most: int = 100, browser: KnownBrowser | None = None
) -> int:
    for number in range(most):
        try:
            accounts.sign_in(name, "wrong", address, "", browser)
        except TooOften:
            return number
        except Refused:
            continue
    return most


def test_one_address_has_so_many_tries_for_a_name(accounts: Accounts) -> None:
    assert tries_until_held_back(accounts, "aki", "192.0.2.1") == TRIES
    assert tries_until_held_back(accounts, "aki", "192.0.2.2") == TRIES


@pytest.mark.parametrize("other", ["AKI", "Ａｋｉ", " aki", "ａｋｉ "])
def test_writing_the_name_otherwise_gives_no_more_tries(accounts: Accounts, other: str) -> None:
    assert tries_until_held_back(accounts, "aki", "192.0.2.1") == TRIES
    assert tries_until_held_back(accounts, other, "192.0.2.1") == 0


def test_one_address_has_so_many_tries_for_all_names(accounts: Accounts) -> None:
    tried = sum(tries_until_held_back(accounts, f"name{n}", "192.0.2.1", TRIES - 1) for n in range(9))
    assert tried == TRIES_OF_ADDRESS


def test_a_name_has_so_many_tries_from_everywhere(accounts: Accounts) -> None:
    tried = sum(tries_until_held_back(accounts, "aki", f"192.0.2.{n}", TRIES) for n in range(12))
    assert tried == TRIES_OF_NAME


def test_one_address_alone_shuts_nobody_out(accounts: Accounts) -> None:
    for name in ("aki", "ben", "aki"):
        tries_until_held_back(accounts, name, "192.0.2.1")
    assert tries_until_held_back(accounts, "aki", "192.0.2.99", 1) == 1


def test_all_addresses_of_one_network_are_one(accounts: Accounts) -> None:
    assert tries_until_held_back(accounts, "aki", "2001:db8:1:2::1") == TRIES
    assert tries_until_held_back(accounts, "aki", "2001:db8:1:2:ffff::9") == 0
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("203.0.113.9:5001", "203.0.113.9:5002"),
        ("[2001:db8::1]:443", "2001:db8::2"),
        ("not an address", "1.2.3.4.5"),
        ("", "unknown"),
        ("64:ff9b::cb00:7109", "203.0.113.9"),
    ],
)
def test_writing_an_address_otherwise_gives_no_more_tries(accounts: Accounts, one: str, other: str) -> None:
    assert tries_until_held_back(accounts, "aki", one) == TRIES
    assert tries_until_held_back(accounts, "aki", other) == 0


def test_people_with_ipv6_alone_are_told_apart_where_they_reach_us_by_ipv4() -> None:
    assert network_of("64:ff9b::cb00:7109") != network_of("64:ff9b::cb00:7108")


def test_turns_come_back_with_time(app: Flask, accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(app.extensions["quizapp"].store, "_clock", clock)
    assert tries_until_held_back(accounts, "aki", "192.0.2.1") == TRIES
    clock.advance(minutes=15)
    assert tries_until_held_back(accounts, "aki", "192.0.2.1") == TRIES


def test_two_processes_on_one_store_count_together(start_desk: StartDesk, tmp_path: Path) -> None:
    one = start_desk()
    other = start_desk(within=Path(one.extensions["quizapp"].settings.instance).parent)
    one.extensions["quizapp"].accounts.add("aki", "editor", None)
    statuses = []
    for number in range(TRIES + 2):
        visitor = Visitor((one, other)[number % 2].test_client())
        visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        visitor.get("/edit/sign-in")
        visitor.post("/edit/sign-in", "sign-in", {"name": "aki", "password": "wrong"})
        statuses.append(visitor.status)
    assert statuses == [401] * TRIES + [429] * 2
    assert "There were too many tries. Wait 2 minutes." in visitor.words


def test_it_says_when_to_come_again_and_keeps_the_name(signed_in: SignedIn) -> None:
    visitor = signed_in(None).get("/edit/sign-in")
    data = {"csrf_token": visitor.tokens()["sign-in"], "name": "aki", "password": "wrong"}
    responses = [visitor.client.post("/edit/sign-in", data=data) for _ in range(TRIES + 1)]
    assert responses[-1].status_code == 429
    assert 1 <= int(responses[-1].headers["Retry-After"]) <= 90
    assert 'value="aki"' in responses[-1].get_data(as_text=True)


def test_a_name_that_nobody_has_is_held_back_alike(accounts: Accounts) -> None:
    accounts.add("aki", "editor", None)
    found = {name: tries_until_held_back(accounts, name, "192.0.2.1") for name in ("aki", "nobody")}
    assert found == {"aki": TRIES, "nobody": TRIES}


def test_strangers_shut_nobody_out_of_a_browser_that_signed_in_before(accounts: Accounts) -> None:
    editor, known = accounts.add("aki", "editor", None), "192.0.2.200"
    sum(tries_until_held_back(accounts, "aki", f"192.0.2.{n}", TRIES) for n in range(7))
    assert tries_until_held_back(accounts, "aki", known) == 0
    browser = KnownBrowser(editor.id, "one")
    assert tries_until_held_back(accounts, "aki", known, browser=browser) == TRIES
    assert tries_until_held_back(accounts, "aki", known, browser=browser) == 0
    assert tries_until_held_back(accounts, "aki", known, browser=KnownBrowser(editor.id, "two"), most=1) == 1


def test_a_browser_is_known_for_one_name_only(accounts: Accounts) -> None:
    editor = accounts.add("aki", "editor", None)
    accounts.add("ben", "editor", None)
    browser = KnownBrowser(editor.id, "one")
    for name in ("ben", "nobody"):
        tries_until_held_back(accounts, name, "192.0.2.1")
        assert tries_until_held_back(accounts, name, "192.0.2.1", browser=browser) == 0


def test_refusals_are_told_once_in_a_while(
    app: Flask, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines of the log are never removed: whoever tries names all day long must not fill the disk."""
    store, clock = app.extensions["quizapp"].store, Clock()
    monkeypatch.setattr(store, "_clock", clock)
    accounts.add("aki", "editor", None)
    for _ in range(2):
        for name in ("aki", "nobody", "no one"):
            tries_until_held_back(accounts, name, "192.0.2.1", 3)
        clock.advance(minutes=15)
    told = [entry.who for entry in store.entries() if entry.did == "sign_in_refused"]
    assert sorted(told) == ["?", "?", "aki", "aki"]


def test_strangers_use_up_no_turn_of_changing_ones_password(accounts: Accounts) -> None:
    editor = accounts.add("aki", "editor", None)
    tries_until_held_back(accounts, "aki", "192.0.2.1")
    for _ in range(TRIES):
        with pytest.raises(Exception, match="old password"):
            accounts.change_password(editor, "wrong", PASSWORD, "")
    with pytest.raises(TooOften):
        accounts.change_password(editor, "wrong", PASSWORD, "")
