"""What every store promises of sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quizapp.errors import NotFound

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)


@pytest.fixture
def begun(store, mika):
    return store.begin_session(mika.id, "a secret", IDLE, ABSOLUTE, "Firefox on Linux")


def is_in(store, secret):
    try:
        return bool(store.session(secret))
    except NotFound:
        return False


def test_it_knows_who_carries_a_secret(store, clock, mika, begun):
    assert store.session("a secret") == (mika, begun)
    assert (begun.editor, begun.agent) == (mika.id, "Firefox on Linux")
    assert (begun.begun, begun.seen, begun.expires) == (clock.now, clock.now, clock.now + ABSOLUTE)
    assert store.sessions(mika.id) == (begun,)
    assert begun.id != "a secret"


def test_it_tells_the_role_that_holds_now(store, mika, begun):
    store.set_role(mika.id, "viewer")
    assert store.session("a secret")[0].role == "viewer"


def test_it_ends_a_session_that_lies_idle(store, clock, mika, begun):
    clock.advance(minutes=30)
    assert not is_in(store, "a secret")
    assert store.sessions(mika.id) == ()


def test_it_keeps_a_session_that_is_used_up_to_its_absolute_limit(store, clock, begun):
    for _ in range(24 * 12 - 1):
        clock.advance(minutes=2.5)
        assert is_in(store, "a secret")
    clock.advance(minutes=2.5)
    assert clock.now == begun.expires
    assert not is_in(store, "a secret")


def test_it_moves_seen_at_most_once_a_minute(store, clock, mika, begun):
    clock.advance(seconds=59)
    assert store.session("a secret")[1].seen == begun.seen
    assert store.sessions(mika.id) == (begun,)
    clock.advance(seconds=1)
    assert store.session("a secret")[1].seen == clock.now
    assert store.sessions(mika.id)[0].seen == clock.now


def test_it_keeps_a_session_with_a_short_idle_limit_while_it_is_used(store, clock, mika):
    store.begin_session(mika.id, "short", timedelta(seconds=20), ABSOLUTE, "")
    for _ in range(10):
        clock.advance(seconds=14)
        assert is_in(store, "short")
    clock.advance(seconds=20)
    assert not is_in(store, "short")


def test_it_looks_the_same_whether_a_session_ended_or_never_was(store, clock, mika, begun):
    store.end_session(mika.id, begun.id)
    told = set()
    for secret in ("a secret", "never", begun.id, ""):
        with pytest.raises(NotFound) as refusal:
            store.session(secret)
        told.add(str(refusal.value))
    assert len(told) == 1


def test_it_ends_one_session_of_its_editor_only(store, mika, begun):
    ken = store.add_editor("ken", "publisher", None)
    with pytest.raises(NotFound):
        store.end_session(ken.id, begun.id)
    store.begin_session(mika.id, "another", IDLE, ABSOLUTE, "")
    store.end_session(mika.id, begun.id)
    assert not is_in(store, "a secret")
    assert is_in(store, "another")
    with pytest.raises(NotFound):
        store.end_session(mika.id, begun.id)


def test_it_ends_all_sessions_of_an_editor_but_one(store, mika, begun):
    ken = store.add_editor("ken", "publisher", None)
    store.begin_session(ken.id, "ken's", IDLE, ABSOLUTE, "")
    kept = store.begin_session(mika.id, "another", IDLE, ABSOLUTE, "")
    store.end_sessions(mika.id, but=kept.id)
    assert store.sessions(mika.id) == (kept,)
    store.end_sessions(mika.id)
    assert store.sessions(mika.id) == ()
    assert is_in(store, "ken's")


def test_it_ends_every_session_when_the_password_changes(store, mika, begun):
    store.set_password(mika.id, "another hash")
    assert not is_in(store, "a secret")


def test_it_ends_every_session_when_the_editor_is_disabled_and_gives_none_back(store, mika, begun):
    store.set_disabled(mika.id, True)
    assert not is_in(store, "a secret")
    with pytest.raises(NotFound):
        store.begin_session(mika.id, "new", IDLE, ABSOLUTE, "")
    store.set_disabled(mika.id, False)
    assert not is_in(store, "a secret")
    assert store.begin_session(mika.id, "new", IDLE, ABSOLUTE, "")


def test_it_begins_no_session_for_nobody(store):
    with pytest.raises(NotFound):
        store.begin_session("nobody", "new", IDLE, ABSOLUTE, "")


def test_it_lists_the_last_begun_first(store, clock, mika, begun):
    clock.advance(minutes=1)
    later = store.begin_session(mika.id, "later", IDLE, ABSOLUTE, "Safari")
    assert store.sessions(mika.id) == (later, begun)
    assert store.sessions("nobody") == ()
