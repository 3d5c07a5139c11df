"""What every store promises of results."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from quizapp.errors import NotFound, Unavailable
from quizapp.store.addresses import open_store


def test_it_gives_back_what_was_saved(store, answered, clock):
    draft = answered(
        answers={"age": 25, "held": ["cpr"], "car": True, "名前": "値"}, shown=("age",), recommended="{}"
    )
    result = store.result(store.save_result(draft, "key"))
    assert (result.bank, result.revision, result.on, result.language) == ("trainer", "r1", draft.on, "ja")
    assert result.answers == {"age": 25, "held": ["cpr"], "car": True, "名前": "値"}
    assert list(result.answers) == ["age", "held", "car", "名前"]
    assert result.shown == ("age",)
    assert result.recommended == "{}"
    assert result.created == clock.now
    assert result.expires == clock.now + timedelta(days=365)


def test_it_still_has_the_result_after_closing_and_opening_again(engine, store, answered, clock):
    token = store.save_result(answered(), "key")
    before = store.result(token)
    store.close()
    again = open_store(engine.address, clock)
    assert again.result(token) == before
    again.close()


def test_it_makes_tokens_nobody_can_guess_and_any_address_can_carry(store, answered):
    tokens = {store.save_result(answered(), str(number)) for number in range(50)}
    assert len(tokens) == 50
    assert all(len(token) >= 24 and token.isascii() and token.isalnum() for token in tokens)


def test_it_keeps_tokens_and_answers_out_of_what_logs_may_print(store, answered):
    token = store.save_result(answered(answers={"secret": "diagnosis"}), "key")
    printed = repr(store.result(token)) + repr(answered())
    assert token not in printed
    assert "diagnosis" not in printed
    assert "anna's browser" not in printed


def test_it_gives_the_same_token_for_the_same_key_and_keeps_what_came_first(store, answered):
    token = store.save_result(answered(answers={"age": 25}), "key")
    assert store.save_result(answered(answers={"age": 60}), "key") == token
    assert store.result(token).answers == {"age": 25}


def test_it_never_gives_one_owner_the_token_of_another_for_the_same_key(store, answered):
    anna = store.save_result(answered(owner_key="anna"), "key")
    assert store.save_result(answered(owner_key="ben"), "key") != anna


def test_it_gives_one_token_to_a_double_click_from_many_threads(store, answered):
    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(lambda _: store.save_result(answered(), "key"), range(40)))
    assert len(tokens) == 1


def test_it_refuses_to_pin_a_revision_that_was_never_published(store, answered):
    with pytest.raises(NotFound):
        store.save_result(answered(revision="r9"), "key")


def test_it_tells_unknown_expired_and_deleted_results_in_the_same_words(store, answered, clock):
    deleted = store.save_result(answered(), "one")
    store.delete_result(deleted, "anna's browser")
    expired = store.save_result(answered(keep=timedelta(days=1)), "two")
    clock.advance(days=1)
    words = set()
    for token in ("never-was", "", deleted, expired):
        with pytest.raises(NotFound) as refused:
            store.result(token)
        words.add(str(refused.value))
    assert len(words) == 1


def test_it_removes_what_has_expired_and_nothing_else(store, answered, clock):
    short = [store.save_result(answered(keep=timedelta(days=1)), str(number)) for number in range(3)]
    long = store.save_result(answered(keep=timedelta(days=3)), "long")
    assert store.expire(clock.now) == 0
    clock.advance(days=1)
    assert store.expire(clock.now) == 3
    assert store.expire(clock.now) == 0
    assert store.result(long)
    with pytest.raises(NotFound):
        store.result(short[0])


def test_it_expires_more_than_fits_one_transaction(store, answered, clock):
    for number in range(1_050):
        store.save_result(answered(keep=timedelta(hours=1)), str(number))
    clock.advance(hours=2)
    assert store.expire(clock.now) == 1_050


def test_it_starts_afresh_when_the_key_of_an_expired_result_comes_again(store, answered, clock):
    old = store.save_result(answered(keep=timedelta(days=1)), "key")
    clock.advance(days=2)
    new = store.save_result(answered(), "key")
    assert new != old
    assert store.result(new)


def test_it_lets_only_the_owner_delete(store, answered):
    token = store.save_result(answered(), "key")
    with pytest.raises(NotFound):
        store.delete_result(token, "ben's browser")
    assert store.result(token)
    store.delete_result(token, "anna's browser")
    with pytest.raises(NotFound):
        store.result(token)
    with pytest.raises(NotFound):
        store.delete_result(token, "anna's browser")


def test_it_lets_only_the_owner_choose_which_answers_the_link_shows(store, answered):
    token = store.save_result(answered(), "key")
    assert store.result(token).shown_answers() == {"age": 25, "held": ["cpr", "aed"]}
    store.show_answers(token, "anna's browser", ("held",))
    assert store.result(token).shown_answers() == {"held": ["cpr", "aed"]}
    with pytest.raises(NotFound):
        store.show_answers(token, "ben's browser", None)
    store.show_answers(token, "anna's browser", ())
    assert store.result(token).shown_answers() == {}
    store.show_answers(token, "anna's browser", None)
    assert store.result(token).shown is None


def test_it_knows_whose_a_result_is(store, answered, clock):
    token = store.save_result(answered(keep=timedelta(days=1)), "key")
    assert store.owns_result(token, "anna's browser")
    assert not store.owns_result(token, "ben's browser")
    assert not store.owns_result("never-was", "anna's browser")
    clock.advance(days=2)
    assert not store.owns_result(token, "anna's browser")


def test_it_treats_hostile_words_as_words(store, answered):
    words = "'; DROP TABLE results; -- \x00 <script> 😀 \u202e"
    token = store.save_result(answered(answers={words: words}, language="ja"), words)
    assert store.result(token).answers == {words: words}
    with pytest.raises(NotFound):
        store.result(words)


def test_it_counts_per_bank_what_was_saved_since_a_moment(store, revised, answered, clock):
    store.publish(revised("m1", None, bank="medical"))
    store.save_result(answered(), "early")
    clock.advance(minutes=1)
    moment = clock.now
    store.save_result(answered(), "one")
    clock.advance(days=1)
    gone = store.save_result(answered(), "two")
    store.save_result(answered(bank="medical", revision="m1"), "three")
    store.save_result(answered(keep=timedelta(days=2)), "short")
    assert store.saved_since(moment) == {"trainer": 3, "medical": 1}
    store.delete_result(gone, "anna's browser")
    clock.advance(days=2)
    assert store.saved_since(moment) == {"trainer": 1, "medical": 1}
    assert store.saved_since(clock.now) == {}


def test_it_says_unavailable_once_it_is_closed(store, answered):
    store.close()
    for ask in (
        store.ping,
        store.heads,
        lambda: store.result("t"),
        lambda: store.save_result(answered(), "k"),
    ):
        with pytest.raises(Unavailable):
            ask()


def test_it_answers_a_ping_and_knows_its_schema(store):
    store.ping()
    assert store.schema_version() >= 2


def test_it_writes_nothing_when_a_draft_cannot_be_written(store, answered):
    with pytest.raises(TypeError):
        store.save_result(answered(answers={"age": object()}), "key")
    token = store.save_result(replace(answered(), answers={"age": 30}), "key")
    assert store.result(token).answers == {"age": 30}


def test_it_counts_what_it_would_remove(store, answered, clock):
    for number in range(3):
        store.save_result(answered(keep=timedelta(days=number + 1)), str(number))
    assert store.expired(clock.now) == 0
    clock.advance(days=2)
    assert store.expired(clock.now) == store.expire(clock.now) == 2
    assert store.expired(clock.now) == 0


@pytest.mark.parametrize("how", ["result", "publication", "draft", "log"])
def test_it_knows_when_something_was_written(store, answered, revised, clock, how):
    begun = clock.now
    clock.advance(days=10)
    match how:
        case "result":
            store.save_result(answered(), "key")
        case "publication":
            store.publish(revised("r2", "r1"))
        case "draft":
            # Whoever opens it is added with it, and neither stands in the log.
            store.open_draft("trainer", store.add_editor("aki", "editor", None, None).id, "r1", "text", None)
        case "log":
            store.record("aki", "signed_in", None, {})
    then, second = clock.now, timedelta(seconds=1)
    clock.advance(days=10)
    assert store.wrote_between(then, then + second) and store.wrote_between(begun + second, clock.now)
    assert not store.wrote_between(begun + second, then) and not store.wrote_between(then + second, clock.now)
