"""How pages are sent: packed, small, kept ready, and with a gap for what must not be kept."""

from __future__ import annotations

import gzip
import json
import logging

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from quizapp.web.sheet import GAP, sheet
from quizapp.web.shelf import Shelf
from tests.web.conftest import BEGINNER, CASES
from tests.web.visitor import Visitor

PACKED = {"Accept-Encoding": "gzip"}
HTML_BYTES, CSS_BYTES, SCRIPT_BYTES = 15_000, 10_000, 10_000


@given(st.text(), st.text(), st.binary(max_size=65_535))
def test_a_packed_page_is_the_plain_one(before: str, after: str, filling: bytes) -> None:
    html = (before + GAP + after).encode("utf-8", "replace").decode()
    made = sheet(html)
    assert gzip.decompress(made.packed(filling)) == made.plain(filling)


def test_what_fills_the_gap_is_not_compressed_with_the_page() -> None:
    secret = b"secret" * 20
    assert secret in sheet("secret" * 500 + GAP).packed(secret)


def test_a_shelf_keeps_what_was_asked_for_last() -> None:
    shelf: Shelf[int] = Shelf(2)
    made = [shelf.get(key, lambda key=key: key) for key in (1, 2, 1, 3)]
    assert made == [1, 2, 1, 3]
    assert shelf.get(1, lambda: -1) == 1
    assert shelf.get(2, lambda: -2) == -2


def size(app_client, path: str) -> int:
    response = app_client.get(path, headers=PACKED)
    assert response.headers["Content-Encoding"] == "gzip"
    return len(response.data)


@pytest.mark.parametrize(("bank", "case", "answers"), CASES[::7], ids=[case for _, case, _ in CASES[::7]])
def test_a_result_is_within_its_budget(app: Flask, bank: str, case: str, answers: dict) -> None:
    visitor = Visitor(app.test_client())
    assert size(visitor.client, f"/r/{visitor.finish(bank, answers)}") <= HTML_BYTES


def test_every_other_page_is_within_its_budget(app: Flask) -> None:
    client = app.test_client()
    for bank in app.extensions["quizapp"].library.published():
        paths = [f"/quiz/{bank.slug}", f"/about/{bank.slug}"]
        paths += [f"/about/{bank.slug}/{item.id}" for item in bank.bank.items]
        paths += [
            f"/quiz/{bank.slug}/{question.screen or question.id}" for question in bank.bank.questions[:3]
        ]
        for path in ["/", "/about", *paths]:
            assert size(client, path) <= HTML_BYTES, path


def test_style_and_script_are_small_named_by_their_content_and_kept_for_ever(visitor: Visitor) -> None:
    import re

    page = visitor.get("/").page
    for pattern, budget in ((r"/static/look\.\w+\.css", CSS_BYTES), (r"/static/quiz\.\w+\.js", SCRIPT_BYTES)):
        found = re.search(pattern, page)
        assert found
        response = visitor.client.get(found[0], headers=PACKED)
        assert len(response.data) <= budget
        assert "immutable" in response.headers["Cache-Control"]
        assert gzip.decompress(response.data) == visitor.client.get(found[0]).data
    assert visitor.client.get("/static/look.0000000000.css").status_code == 404
    assert visitor.client.get("/static/../app.py").status_code == 404


def test_neither_answers_nor_tokens_are_logged(app: Flask, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = Visitor(app.test_client())
    token = visitor.finish("personal_trainer", BEGINNER)
    visitor.get(f"/r/{token}/share")
    visitor.post("/quiz/personal_trainer/age", "language", {"age": "9999"})
    for secret in (token, "kagawa", "110000", "gym_job", "9999"):
        assert secret not in caplog.text


def test_a_request_is_one_line_of_log_with_the_id_that_the_response_names(app: Flask, caplog) -> None:
    caplog.set_level(logging.DEBUG, logger="quizapp.web")
    response = app.test_client().get("/about/personal_trainer")
    line = json.loads(caplog.records[-1].getMessage())
    assert line["request"] == response.headers["X-Request-ID"]
    assert (line["rule"], line["status"], line["method"]) == ("/about/<bank>", 200, "GET")
