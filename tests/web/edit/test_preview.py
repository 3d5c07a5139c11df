"""A draft is taken as takers would take it: on any day, by a link, apart from everything that is real."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from ruamel.yaml import YAML

from quizapp.editing.workshop import Workshop
from quizapp.i18n import language
from quizapp.store.editing_records import Draft
from quizapp.store.tokens import new_secret
from quizapp.web.edit.preview_memory import PREVIEWS, ROOM, PreviewCookie
from tests.web.conftest import CASES
from tests.web.edit.conftest import BANK, editor_called
from tests.web.hostile import PAYLOAD
from tests.web.visitor import Visitor

PRESSED = next(answers for bank, case, answers in CASES if (bank, case) == (BANK, "member_pressed"))
FIRST_LIVE, FIRST_DRAFT = "クッション言葉", "事前"
HERE = f"/edit/{BANK}/preview"
DAY = "2026-11-22"
LATER = "2027-02-01"
CLOSING = "    closing: {after: 2026-12-31, text: {ja: 年末で終わりました, en: It ended with the year}}\n"


def text_of_item(text: str, item: str) -> tuple[int, int]:
    start = text.index(f"  - id: {item}\n")
    return start, text.index("\n  - id: ", start + 1)


def without_a1(text: str) -> str:
    """The bank in which the action that comes first is no longer quick, nor fits."""
    start, end = text_of_item(text, "a1")
    part = re.sub(r"problem: .*", "problem: 0", text[start:end]).replace("quick: 90", "quick: 0")
    return text[:start] + part + text[end:]


def closing_a1(text: str) -> str:
    """The bank in which that action ends with the year."""
    start, _ = text_of_item(text, "a1")
    at = text.index("\n", text.index("summary:", start)) + 1
    return text[:at] + CLOSING + text[at:]


@pytest.fixture
def draft(app: Flask):
    """``draft(edit)``: the draft of the editor "the-editor", its text changed so."""

    def begin(edit: Any = lambda text: text, name: str = "the-editor") -> Draft:
        store = app.extensions["quizapp"].store
        found = Workshop(store).open(BANK, editor_called(app, name, "editor").id)
        return store.save_draft(found.id, found.version, edit(found.text), found.cases, "edited")

    return begin


@pytest.fixture
def reader(app: Flask) -> Visitor:
    """Somebody without an account, who reads Japanese."""
    return Visitor(app.test_client())


def root_of(app: Flask, draft: Draft, day: str = DAY, **holds: float) -> str:
    """A link to the draft as it is."""
    secret = new_secret()
    until = datetime.now(UTC) + timedelta(**(holds or {"days": 14}))
    app.extensions["quizapp"].store.offer_preview(draft.id, draft.version, secret, until)
    return f"/preview/{secret}/{day}"


def take(visitor: Visitor, root: str, answers: dict[str, Any] = PRESSED) -> Visitor:
    """Go through the whole preview, up to its result."""
    visitor.get(f"{root}/quiz/{BANK}").post(f"{root}/quiz/{BANK}", "begin")
    for _ in range(40):
        assert visitor.path.startswith(root), visitor.path
        assert "下書きのプレビュー" in visitor.page or "Preview of a draft" in visitor.page
        if visitor.path.endswith("/check"):
            return visitor.post(f"{root}/quiz/{BANK}/result", "result")
        visitor.answer(answers)
    raise AssertionError(f"still at {visitor.path}")


def headline(page: str) -> str:
    return re.sub("<[^>]+>", "", page[page.index("<h1>") : page.index("</h1>")])


def test_an_editor_takes_the_quiz_on_a_draft_that_changes_what_comes_first(
    app, draft, signed_in, reader
) -> None:
    reader.finish(BANK, PRESSED)
    assert FIRST_LIVE in headline(reader.page)
    draft(without_a1)
    desk = signed_in("editor", language="ja")
    desk.get(HERE).post(HERE, "preview", {"on": DAY})
    root = desk.path
    assert re.fullmatch(rf"/preview/\w{{24}}/{DAY}", root)
    take(desk, root)
    assert (desk.path, desk.status) == (f"{root}/result", 200)
    assert FIRST_LIVE not in headline(desk.page)
    assert 'id="item-a1"' in desk.page


def test_nothing_of_a_preview_is_kept_or_shared(app, draft, reader) -> None:
    store = app.extensions["quizapp"].store
    root = root_of(app, draft())
    take(reader, root)
    assert "/r/" not in reader.page
    assert 'id="keep"' not in reader.page
    assert "#keep" not in reader.page
    promise = "The result is kept under a link that only you get. You can delete it at any time."
    assert language("ja").say(promise) in reader.get(f"/quiz/{BANK}/check").page
    assert language("ja").say(promise) not in reader.get(f"{root}/quiz/{BANK}/check").page
    assert store.saved_since(datetime.now(UTC) - timedelta(days=1)) == {}


def test_every_address_of_its_own_stays_in_the_preview(app, draft, reader) -> None:
    root = root_of(app, draft())
    take(reader, root)
    pages = [f"{root}/result", f"{root}/quiz/{BANK}", f"{root}/quiz/{BANK}/check", f"{root}/about/{BANK}"]
    for path in (*pages, f"{root}/about/{BANK}/a1"):
        assert reader.get(path).status == 200, path
        assert re.findall(rf'="/(?:quiz|about|r)/{BANK}[^"]*"|="/forget"', reader.page) == []
        links = set(re.findall(rf'href="({root}[^"#]*)', reader.page))
        assert links
        for link in sorted(links)[:6]:
            assert reader.get(link).status == 200, link
            reader.get(path)


def test_on_another_day_the_same_answers_have_another_standing(app, draft, reader) -> None:
    link = root_of(app, draft(closing_a1))
    take(reader, link)
    assert FIRST_LIVE in headline(reader.page)
    reader.get(link).post(link, "day", {"on": LATER})
    later = link.replace(DAY, LATER)
    assert reader.path == later
    assert "2027年2月1日" in reader.page
    reader.get(f"{later}/result")
    assert FIRST_LIVE not in headline(reader.page)
    assert "年末で終わりました" in reader.page


def test_a_day_that_is_none_is_asked_for_again(app, draft, signed_in, reader) -> None:
    link = root_of(app, draft())
    reader.get(link).post(link, "day", {"on": "2026-02-30"})
    assert reader.status == 422
    for day in ("2026-02-30", "today", "1999-01-01", "26-1-1"):
        assert reader.get(link.replace(DAY, day)).status == 404
    desk = signed_in("editor")
    assert desk.get(HERE).post(HERE, "preview", {"on": "soon"}).status == 422


def test_the_first_and_the_last_day_can_be_chosen(app, draft, reader) -> None:
    root = root_of(app, draft())
    take(reader, root)
    for day in ("2000-01-01", "2099-12-31"):
        assert reader.get(root.replace(DAY, day) + "/result").status == 200


def test_a_reviewer_needs_the_link_only_and_sees_that_version_for_a_fortnight(
    app, draft, signed_in, reader
) -> None:
    begun = draft(without_a1)
    desk = signed_in("editor")
    desk.get(HERE).post(f"{HERE}/link", "preview", {"on": LATER})
    address = re.findall(r'value="(http[^"]+)"', desk.page)[0]
    assert desk.get(HERE).page.count(address) == 0
    store = app.extensions["quizapp"].store
    store.save_draft(begun.id, begun.version, begun.text + "\n# more\nbroken: [", None, "broken")
    root = address.removeprefix("http://localhost")
    assert root.endswith(LATER)
    take(reader, root)
    assert FIRST_LIVE not in headline(reader.page)
    secret = root.split("/")[2]
    assert store.preview(secret) == (begun.id, begun.version)
    line = store.entries(1)[0]
    assert (line.who, line.did, line.bank) == ("the-editor", "preview_offered", BANK)
    assert secret not in str(line.about)


@pytest.mark.parametrize("state", ["discarded", "published"])
def test_a_link_goes_on_when_the_draft_is_put_away(app, draft, reader, state) -> None:
    begun = draft(without_a1)
    root = root_of(app, begun)
    app.extensions["quizapp"].store.close_draft(begun.id, state)
    take(reader, root)
    assert FIRST_LIVE not in headline(reader.page)


def test_unknown_and_expired_links_look_the_same(app, draft, reader) -> None:
    known = root_of(app, draft())
    expired = root_of(app, draft(), seconds=-1)
    pages = []
    for root in (expired, f"/preview/{new_secret()}/{DAY}", "/preview/x/2026-11-22"):
        for path in (root, f"{root}/quiz/{BANK}", f"{root}/result", root.rpartition("/")[0]):
            answer = reader.client.get(path)
            assert answer.status_code == 404
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
            pages.append(answer.get_data(as_text=True).replace(path, ""))
    assert len(set(pages)) == 1
    assert reader.get(known).status == 200
    assert reader.get(f"{known}/quiz/first_step").status == 404


def test_its_pages_are_for_no_cache_no_search_engine_and_no_referrer(app, draft, reader) -> None:
    root = root_of(app, draft())
    take(reader, root)
    for path in (
        root,
        f"{root}/quiz/{BANK}",
        f"{root}/quiz/{BANK}/check",
        f"{root}/result",
        f"{root}/about/{BANK}",
    ):
        headers = reader.client.get(path).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_without_a_day_it_is_today(app, draft, reader) -> None:
    root = root_of(app, draft(), "2030-01-01")
    assert reader.get(root.rpartition("/")[0]).path == root.replace("2030-01-01", DAY)


def test_two_browsers_know_nothing_of_each_other(app, draft, reader) -> None:
    root, other = root_of(app, draft(without_a1)), Visitor(app.test_client())
    take(reader, root)
    assert "続きから" not in other.get(f"{root}/quiz/{BANK}").page
    mine = reader.get(f"{root}/quiz/{BANK}/check").words
    assert other.get(f"{root}/quiz/{BANK}/check").words != mine


def test_answers_stay_apart_from_the_real_ones_and_go_when_the_preview_is_left(app, draft, reader) -> None:
    root = root_of(app, draft())
    reader.begin(BANK).answer({**PRESSED, "one_on_one_role": "manager"})
    real = reader.client.get_cookie("quizapp")
    take(reader, root)
    kept = reader.client.get_cookie("quizapp")
    assert real and kept and real.decoded_value == kept.decoded_value
    cookie = reader.client.get_cookie("quizapp-preview")
    assert cookie and cookie.http_only and cookie.same_site == "Lax" and cookie.expires is None
    reader.get(f"{root}/quiz/{BANK}/check").post(f"{root}/forget", "forget")
    assert reader.client.get_cookie("quizapp-preview") is None
    assert reader.client.get_cookie("quizapp").decoded_value == real.decoded_value
    reader.get(f"/quiz/{BANK}/check")
    assert "上司" in reader.words


def test_the_cookie_of_answers_is_bound_to_the_host_over_https(start_desk, draft) -> None:
    app = start_desk(https=True)
    store = app.extensions["quizapp"].store
    begun = Workshop(store).open(BANK, editor_called(app, "the-editor", "editor").id)
    root = root_of(app, begun)
    client = app.test_client()
    base = "https://localhost"
    page = client.get(f"{root}/quiz/{BANK}", base_url=base).get_data(as_text=True)
    token = re.findall(r'form="begin" value="([^"]+)"', page)[0]
    answer = client.post(f"{root}/quiz/{BANK}", data={"csrf_token": token}, base_url=base)
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if "preview" in one)
    assert cookie.startswith("__Host-quizapp-preview=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Max-Age" not in cookie


def test_many_previews_fit_one_cookie(app, draft, reader) -> None:
    begun = draft()
    roots = [root_of(app, begun) for _ in range(PREVIEWS + 1)]
    for root in roots:
        reader.get(f"{root}/quiz/{BANK}").post(f"{root}/quiz/{BANK}", "begin")
        while not reader.path.endswith("/check"):
            reader.answer(PRESSED)
        cookie = reader.client.get_cookie("quizapp-preview")
        assert cookie and len(cookie.value) <= ROOM
    assert "続き" in reader.get(f"{roots[-1]}/quiz/{BANK}").page
    assert "続き" not in reader.get(f"{roots[0]}/quiz/{BANK}").page


def test_what_does_not_fit_a_cookie_is_dropped_the_oldest_first(app) -> None:
    old, new = ({"answers": {f"q{n}": new_secret() for n in range(70)}} for _ in range(2))
    with app.test_request_context():
        cookie = PreviewCookie()
        kept = cookie.packed({"old": old, "new": new})
        assert len(kept) <= ROOM
        with app.test_request_context(headers={"Cookie": f"quizapp-preview={kept}"}):
            assert cookie.opened() == {"new": new}


@pytest.mark.parametrize("held", ["rubbish", "W10.x.y", ""])
def test_a_cookie_that_cannot_be_read_is_an_empty_one(app, draft, reader, held) -> None:
    root = root_of(app, draft())
    reader.client.set_cookie("quizapp-preview", held)
    assert take(reader, root).status == 200


def test_a_takers_cookie_is_none_of_a_previews(app, draft, reader) -> None:
    reader.begin(BANK).answer(PRESSED)
    real = reader.client.get_cookie("quizapp")
    assert real
    reader.client.set_cookie("quizapp-preview", real.value)
    root = root_of(app, draft())
    assert "続き" not in reader.get(f"{root}/quiz/{BANK}").page


def test_looking_changes_nothing(app, draft, signed_in, reader) -> None:
    begun, desk = draft(), signed_in("editor")
    root = root_of(app, begun)
    take(reader, root)
    held, store = reader.client.get_cookie("quizapp-preview"), app.extensions["quizapp"].store
    before = (store.draft(begun.id), store.entries(5))
    screens = re.findall(
        rf'href="({root}/quiz/{BANK}/[a-z_0-9]+)', reader.get(f"{root}/quiz/{BANK}/check").page
    )
    assert screens
    for path in (root, f"{root}/result", f"{root}/quiz/{BANK}", f"{root}/about/{BANK}", *screens):
        reader.get(path)
    desk.get(HERE)
    assert reader.client.get_cookie("quizapp-preview") == held
    assert (store.draft(begun.id), store.entries(5)) == before


def test_nothing_is_sent_without_the_forms_token(app, draft, signed_in, reader) -> None:
    root = root_of(app, draft())
    paths = (root, f"{root}/forget", f"{root}/quiz/{BANK}", f"{root}/quiz/{BANK}/result")
    for path in (*paths, f"{root}/quiz/{BANK}/one_on_one_role"):
        assert reader.client.post(path, data={"on": LATER}).status_code == 400
    desk = signed_in("publisher")
    for path in (HERE, f"{HERE}/link"):
        assert desk.client.post(path, data={"on": LATER}).status_code == 400


def test_who_may(app, draft, signed_in) -> None:
    begun = draft(without_a1)
    for role, may_start, may_offer in (("viewer", 200, 403), ("editor", 200, 200), ("publisher", 200, 200)):
        desk = signed_in(role)
        sent = {"on": DAY, "draft": begun.id}
        desk.get(f"{HERE}?draft={begun.id}")
        assert desk.status == 200
        assert (f"{HERE}/link" in desk.page) is (may_offer == 200)
        tokens = {"csrf_token": desk.tokens()["preview"]}
        assert desk.client.post(f"{HERE}/link", data={**sent, **tokens}).status_code == may_offer
        assert desk.post(HERE, "preview", sent).status == may_start
        assert desk.path.startswith("/preview/")
    assert "/edit/sign-in" in signed_in(None).get(HERE).path


def test_a_viewer_without_a_draft_is_shown_those_of_others(app, draft, signed_in) -> None:
    begun = draft()
    desk = signed_in("viewer")
    desk.get(HERE)
    assert f"{HERE}?draft={begun.id}" in desk.page
    assert desk.tokens().get("preview") is None


def test_what_is_live_can_be_tried_on_another_day(app, signed_in) -> None:
    desk = signed_in("editor", language="ja")
    desk.get(HERE).post(HERE, "preview", {"on": LATER})
    take(desk, desk.path)
    assert FIRST_LIVE in headline(desk.page)


def broken_yaml(text: str) -> str:
    return text + "\nitems: [\n"


def broken_rule(text: str) -> str:
    return text.replace(
        "problem: 75 if stuck else 90 if words_fit", "problem: 75 if stukc else 90 if words_fit", 1
    )


def without_summary(text: str) -> str:
    return re.sub(r"\n  en: For 1-on-1s.*", "", text, count=1)


def same_id_twice(text: str) -> str:
    return text.replace("  - id: a2\n", "  - id: a1\n", 1)


@pytest.mark.parametrize("edit", [broken_yaml, broken_rule, without_summary, same_id_twice, lambda text: ""])
def test_a_draft_that_cannot_be_taken_says_why(app, draft, signed_in, reader, edit) -> None:
    begun = draft(edit)
    desk = signed_in("editor")
    assert desk.get(HERE).status == 200
    assert "It cannot be taken yet" in desk.words
    assert desk.tokens().get("preview") is None
    token = {"csrf_token": desk.tokens()["sign-out"], "on": DAY}
    for path in (HERE, f"{HERE}/link"):
        assert desk.client.post(path, data=token).status_code == 422
    root = root_of(app, begun)
    for path in (root, f"{root}/quiz/{BANK}", f"{root}/result"):
        assert reader.get(path).status == 422


def test_what_only_forbids_publishing_is_told_and_borne(app, draft, signed_in, reader) -> None:
    def unsourced(text: str) -> str:
        return re.sub(r", source: one_on_one_article, line: \"141-144\"", "", text, count=1)

    begun = draft(unsourced)
    desk = signed_in("editor")
    desk.get(HERE)
    assert "To be mended before publishing" in desk.words
    assert take(reader, root_of(app, begun)).status == 200


def hostile(text: str) -> str:
    """The bank with an attack in every text that pages show."""
    yaml, written = YAML(), StringIO()
    bank = yaml.load(text)
    poison(bank)
    yaml.dump(bank, written)
    return written.getvalue()


def poison(node: Any) -> None:
    if isinstance(node, dict) and set(node) == {"ja", "en"}:
        node["ja"] = node["en"] = PAYLOAD
    elif isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            poison(value)


def test_every_word_of_a_draft_is_words_only(app, draft, signed_in, reader) -> None:
    begun = draft(hostile)
    desk = signed_in("editor")
    desk.get(HERE)
    assert "window.pwned=1</scri" in desk.words
    root = root_of(app, begun)
    pages = [take(reader, root).page]
    paths = (root, f"{root}/quiz/{BANK}", f"{root}/quiz/{BANK}/check", f"{root}/about/{BANK}")
    for path in (*paths, f"{root}/about/{BANK}/a1"):
        assert reader.get(path).status == 200, path
        pages.append(reader.page)
    for page in (desk.page, *pages):
        assert "&lt;script&gt;" in page
        assert re.findall(r"<script>|<img|<svg onload|<textarea|</title></", page) == []
    assert all("{{ 7*7 }}" in page for page in pages)


def test_the_words_of_a_bank_cannot_pass_for_addresses(app, draft, reader) -> None:
    said = f'x href="/quiz/{BANK}/check" action="/forget" <section id="keep">'

    def sly(text: str) -> str:
        return text.replace("title: {ja: 1on1をよくする次の一歩", f"title: {{ja: '{said}'", 1)

    root = root_of(app, draft(sly))
    reader.get(f"{root}/quiz/{BANK}")
    shown = f"<h1>x href=&#34;/quiz/{BANK}/check&#34; action=&#34;/forget&#34; &lt;section id=&#34;keep&#34;&gt;</h1>"
    assert shown in reader.page
    take(reader, root)
    assert reader.status == 200


def test_the_language_can_be_changed_on_the_way(app, draft, reader) -> None:
    root = root_of(app, draft())
    reader.get(f"{root}/quiz/{BANK}").post(f"{root}/quiz/{BANK}", "begin")
    here = reader.path
    reader.post("/language", "language", {"language": "en", "here": here})
    assert reader.path == here
    assert "Preview of a draft (as of" in reader.page
    assert '<html lang="en">' in reader.page
