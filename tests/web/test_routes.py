"""No address vanishes or appears unnoticed: the routes are written down in tests/routes.txt."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

WRITTEN = Path(__file__).resolve().parents[1] / "routes.txt"


def test_the_routes_are_those_that_are_written_down(app: Flask) -> None:
    found = sorted(
        f"{rule.rule} {' '.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))}"
        for rule in app.url_map.iter_rules()
    )
    assert "\n".join(found) + "\n" == WRITTEN.read_text(encoding="utf-8")


def test_every_page_can_be_opened_in_both_languages(visitor, app: Flask) -> None:
    banks = [bank.slug for bank in app.extensions["quizapp"].library.published()]
    paths = [
        "/",
        "/about",
        "/deleted",
        *(f"{start}/{bank}" for bank in banks for start in ("/quiz", "/about")),
    ]
    paths += [
        f"/about/{bank.slug}/{item.id}"
        for bank in app.extensions["quizapp"].library.published()
        for item in bank.bank.items
    ]
    for language in ("ja", "en"):
        visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        for path in paths:
            assert visitor.get(path).status == 200, path
