"""The card that other sites may frame: only those that are set, without a cookie, without a form."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.web.conftest import Start
from tests.web.hostile import PAYLOAD, hostile_bank
from tests.web.visitor import Visitor

BANK = "personal_trainer"
ORIGINS = ("https://school.example", "https://town.example:8443")


@pytest.fixture
def app(start: Start) -> Flask:
    return start(embed_origins=ORIGINS)


def test_without_a_site_that_may_frame_it_there_is_no_card(start: Start) -> None:
    assert start().test_client().get(f"/embed/{BANK}").status_code == 404


def test_the_sites_that_are_set_may_frame_the_card_and_nothing_else(app: Flask) -> None:
    client = app.test_client()
    card = client.get(f"/embed/{BANK}")
    policy = card.headers["Content-Security-Policy"].split("; ")
    assert card.status_code == 200
    assert "frame-ancestors https://school.example https://town.example:8443" in policy
    assert {"default-src 'none'", "script-src 'self'", "form-action 'self'", "base-uri 'none'"} <= set(policy)
    assert card.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    for path in ("/", f"/quiz/{BANK}", f"/about/{BANK}", "/embed/nowhere", "/edit/sign-in"):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"], path


@pytest.mark.parametrize(("language", "words"), [("ja", "パーソナルトレーナー"), ("en", "trainer")])
def test_the_card_leads_out_of_the_frame_and_keeps_nothing(app: Flask, language: str, words: str) -> None:
    visitor = Visitor(app.test_client())
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    card = visitor.client.get(f"/embed/{BANK}")
    page = card.get_data(as_text=True)
    assert visitor.get(f"/embed/{BANK}").status == 200
    assert "Set-Cookie" not in card.headers
    assert f'href="/quiz/{BANK}" target="_blank" rel="noopener"' in page and words in page
    assert "<form" not in page and "<script" not in page


def test_a_hostile_bank_stays_text_on_its_card(start: Start, tmp_path: Path) -> None:
    app = start(questions=hostile_bank(tmp_path / "hostile"), embed_origins=ORIGINS)
    visitor = Visitor(app.test_client())
    (bank,) = app.extensions["quizapp"].library.published()
    assert visitor.get(f"/embed/{bank.slug}").status == 200
    assert PAYLOAD not in visitor.page
