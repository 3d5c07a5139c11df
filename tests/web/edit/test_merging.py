"""Two people on one bank: the second merges by field, and loses nothing."""

from __future__ import annotations

import html
import re

from flask import Flask

from tests.web.edit.conftest import BANK, SignedIn
from tests.web.edit.drafting import drafted, live_text, publish

HERE = f"/edit/{BANK}/merge"


def choices(page: str) -> list[str]:
    return [html.unescape(name) for name in dict.fromkeys(re.findall(r'name="(clash:[^"]+)"', page))]


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(live|version)" value="(\d+)">', page))


def two_changes(app: Flask, signed_in: SignedIn, theirs: tuple[str, str], mine: tuple[str, str]):
    drafted(app, "aki", mine)
    publish(signed_in("publisher"), drafted(app, "ben", theirs), "Theirs")
    return signed_in("editor", "aki").get(HERE)


def text_now(app: Flask) -> str:
    store = app.extensions["quizapp"].store
    (draft,) = store.open_drafts(BANK)
    found: str = store.draft(draft.id).text
    return found


def test_with_nothing_published_there_is_nothing_to_merge(app: Flask, signed_in: SignedIn) -> None:
    drafted(app, "aki", ("en: ", "en: So "))
    assert "nothing to bring together" in signed_in("editor", "aki").get(HERE).words


def test_changes_of_different_fields_come_together(app: Flask, signed_in: SignedIn) -> None:
    visitor = two_changes(app, signed_in, ("minutes: ", "minutes: 1"), ("en: ", "en: So "))
    assert "both changes fit together" in visitor.words and "Theirs" in visitor.words
    visitor.post(HERE, "merge", fields(visitor.page))
    assert visitor.path == f"/edit/{BANK}/review"
    assert "en: So " in text_now(app) and "minutes: 1" in text_now(app)


def test_a_field_that_both_changed_is_chosen(app: Flask, signed_in: SignedIn) -> None:
    visitor = two_changes(app, signed_in, ("en: ", "en: Theirs "), ("en: ", "en: Mine "))
    (name,) = choices(visitor.page)
    assert "Theirs " in visitor.words and "Mine " in visitor.words and "It was:" in visitor.words
    visitor.post(HERE, "merge", fields(visitor.page))
    assert visitor.status == 422 and "Choose one" in visitor.words and "en: Mine " in text_now(app)
    visitor.post(HERE, "merge", {**fields(visitor.page), name: "theirs"})
    assert "en: Theirs " in text_now(app) and "en: Mine " not in text_now(app)


def test_comments_alone_come_together(app: Flask, signed_in: SignedIn) -> None:
    above = ("criteria:", "# the weights were asked of five readers\ncriteria:")
    visitor = two_changes(app, signed_in, above, ("items:", "# by name\nitems:"))
    assert "both changes fit together" in visitor.words
    visitor.post(HERE, "merge", fields(visitor.page))
    assert visitor.path == f"/edit/{BANK}/review"
    assert "# by name\nitems:" in text_now(app) and above[1] in text_now(app)


def test_a_comment_that_both_changed_is_chosen(app: Flask, signed_in: SignedIn) -> None:
    first = live_text(app).split("\n")[0]
    assert first.startswith("#")
    visitor = two_changes(app, signed_in, (first, "# Theirs <b>"), (first, "# Mine"))
    (name,) = choices(visitor.page)
    assert "Comments and layout" in visitor.words and "# Theirs <b>" in visitor.words
    assert first in visitor.words
    visitor.post(HERE, "merge", fields(visitor.page))
    assert visitor.status == 422 and "Choose one" in visitor.words and choices(visitor.page) == [name]
    visitor.post(HERE, "merge", {**fields(visitor.page), name: "theirs"})
    assert visitor.path == f"/edit/{BANK}/review" and text_now(app).startswith("# Theirs <b>\n")


def test_comments_are_asked_about_once_the_fields_are_chosen(app: Flask, signed_in: SignedIn) -> None:
    first = live_text(app).split("\n")[0]
    drafted(app, "aki", (first, "# Mine"), ("en: ", "en: Mine "))
    publish(signed_in("publisher"), drafted(app, "ben", (first, "# Theirs"), ("en: ", "en: Theirs ")))
    visitor = signed_in("editor", "aki").get(HERE)
    (of_field,) = choices(visitor.page)
    visitor.post(HERE, "merge", {**fields(visitor.page), of_field: "mine"})
    of_field, of_comment = choices(visitor.page)
    assert visitor.status == 422
    visitor.post(HERE, "merge", {**fields(visitor.page), of_field: "mine", of_comment: "theirs"})
    assert text_now(app).startswith("# Theirs\n") and "en: Mine " in text_now(app)


def test_what_moved_on_meanwhile_is_looked_at_again(app: Flask, signed_in: SignedIn) -> None:
    visitor = two_changes(app, signed_in, ("en: ", "en: Theirs "), ("en: ", "en: Mine "))
    (name,) = choices(visitor.page)
    sent = {**fields(visitor.page), name: "mine"}
    publish(signed_in("publisher"), drafted(app, "cho", ("minutes: ", "minutes: 1")))
    visitor.post(HERE, "merge", sent)
    assert visitor.status == 409 and "published once more" in visitor.words


def test_a_broken_draft_is_mended_first(app: Flask, signed_in: SignedIn) -> None:
    visitor = two_changes(app, signed_in, ("minutes: ", "minutes: 1"), ("criteria:", "criteria: [["))
    assert visitor.status == 200 and "Mend the file first" in visitor.words
