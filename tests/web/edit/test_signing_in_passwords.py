"""How passwords are kept, which are refused, and how many are worked on at once (trust.md 17)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from quizapp.editing import passwords
from quizapp.editing.passwords import AT_ONCE, Passwords, check_password
from quizapp.errors import Invalid, Unavailable

GOOD = "four quiet words here"


def codes(password: str, name: str = "aki") -> list[str]:
    try:
        check_password(password, name)
    except Invalid as error:
        return [problem.code for problem in error.problems]
    return []


def test_it_is_argon2id_with_what_owasp_asks_for() -> None:
    found = extract_parameters(Passwords().hashed(GOOD))
    assert found.type is Type.ID
    assert found.memory_cost >= 19 * 1024 and found.time_cost >= 2
    assert found.salt_len >= 16 and found.hash_len >= 32


def test_the_same_password_is_kept_otherwise_each_time() -> None:
    kept = Passwords()
    assert kept.hashed(GOOD) != kept.hashed(GOOD)


def test_a_password_fits_however_the_keyboard_composes_it() -> None:
    kept = Passwords()
    assert kept.fits(kept.hashed("がぎぐげござじずぜぞだぢ"), "がぎぐげござじずぜぞだぢ")
    assert kept.fits(kept.hashed("abcd efgh ijkl"), "ａｂｃｄ　ｅｆｇｈ　ｉｊｋｌ")


@pytest.mark.parametrize("typed", ["", "x", GOOD + " ", GOOD.upper(), "\udcff" * 12, "\0" * 12])
def test_nothing_else_fits(typed: str) -> None:
    kept = Passwords()
    assert not kept.fits(kept.hashed(GOOD), typed)


def test_what_is_longer_than_any_password_neither_fits_nor_takes_longer() -> None:
    kept = Passwords()
    mine = kept.hashed(GOOD)
    assert not kept.fits(mine, GOOD + "x" * 1_000_000)
    assert seconds(lambda: kept.fits(mine, "ﷺ" * 1_000_000)) < 10 * seconds(lambda: kept.fits(mine, "x"))


@pytest.mark.parametrize("kept", [None, "", "not a hash", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"])
def test_where_nothing_was_kept_nothing_fits(kept: str | None) -> None:
    for typed in (GOOD, "", "nobody signs in with this"):
        assert not Passwords().fits(kept, typed)


def test_a_name_that_nobody_has_takes_as_long_as_one_that_somebody_has() -> None:
    kept = Passwords()
    mine = kept.hashed(GOOD)
    kept.fits(None, "warm")
    # In turns, so that what else the machine does weighs on both.
    took = [
        (seconds(lambda: kept.fits(mine, "wrong")), seconds(lambda: kept.fits(None, "wrong")))
        for _ in range(9)
    ]
    known, unknown = (min(times) for times in zip(*took, strict=True))
    assert 0.6 < unknown / known < 1.7


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_short"),
        ("eleven char", "password_short"),
        ("x" * 201, "password_long"),
        ("aaaaaaaaaaaa", "password_same"),
        ("abababababab", "password_same"),
        ("aki-the-great", "password_name"),
        ("password1234", "password_common"),
        ("Passw0rd!!!!", "password_common"),
        ("123456789012", "password_common"),
        ("qwertyuiop12", "password_common"),
        ("987654321098", "password_common"),
        ("2026-11-22-2026", "password_common"),
    ],
)
def test_a_password_that_is_guessed_is_refused(password: str, code: str) -> None:
    name = "aki-the-great-one" if code == "password_name" else "aki"
    assert code in codes(password, name[: len(password)])


@pytest.mark.parametrize(
    "password",
    [GOOD, "Xk2!fp09-qTz", "いろはにほへとちりぬるを", "aki likes long walks", "x" * 20 + "abcdef"],
)
def test_any_other_is_taken_whatever_it_is_made_of(password: str) -> None:
    assert codes(password) == []


def test_only_so_many_are_worked_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Passwords(patience=30)
    mine = kept.hashed(GOOD)
    at_work, most, lock = 0, 0, threading.Lock()
    normal = passwords._normal

    def noted(password: str) -> bytes:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.02)
        with lock:
            at_work -= 1
        return normal(password)

    monkeypatch.setattr(passwords, "_normal", noted)
    threads = [threading.Thread(target=kept.fits, args=(mine, "wrong")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == AT_ONCE


def test_who_would_wait_too_long_is_told_to_come_again() -> None:
    kept = Passwords(patience=0.01)
    for _ in range(AT_ONCE):
        assert kept._room.acquire(timeout=1)
    with pytest.raises(Unavailable):
        kept.fits(None, GOOD)
