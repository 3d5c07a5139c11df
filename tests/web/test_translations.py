"""Every word on a page has its Japanese, none is left over, and numbers and days are the language's own."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask

from tests.web.conftest import BEGINNER
from tests.web.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def messages():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_japanese_words_are_in_step_with_the_code(messages) -> None:
    with messages.path_of("ja").open("rb") as file:
        kept = read_po(file, locale="ja")
    said = {message.id for message in messages.collected() if message.id}
    assert {message.id for message in kept if message.id} == said
    assert messages.untranslated(kept) == []


def test_translations_fill_in_the_same_values(messages) -> None:
    with messages.path_of("ja").open("rb") as file:
        kept = read_po(file, locale="ja")
    for message in kept:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        names = set(re.findall(r"%\((\w+)\)s|(\{item\})", ids[-1])) if message.id else set()
        assert all(
            set(re.findall(r"%\((\w+)\)s|(\{item\})", string)) <= names for string in strings if message.id
        )


def test_a_language_is_chosen_by_hand_then_by_the_browser_then_by_default(visitor: Visitor) -> None:
    assert '<html lang="ja">' in visitor.get("/").page
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en-GB,en;q=0.9"
    assert '<html lang="en">' in visitor.get("/").page
    visitor.post("/language", "language", {"language": "ja", "here": "/about"})
    assert visitor.path == "/about"
    assert '<html lang="ja">' in visitor.page


def test_an_unknown_language_of_the_browser_falls_back_to_the_default(visitor: Visitor) -> None:
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fr"
    assert '<html lang="ja">' in visitor.get("/").page


def test_no_japanese_is_left_on_an_english_page(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    visitor.finish("personal_trainer", BEGINNER)
    assert re.findall(r"[ぁ-んァ-ヶ一-龠]+", visitor.words) == []
