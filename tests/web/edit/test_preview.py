"""A draft is taken as takers would take it: on any day, by a link, apart from everything that is real."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from ruamel.yaml import YAML

from quizapp.editing.review import problems_of
from quizapp.editing.workshop import Workshop, read
from quizapp.i18n import language
from quizapp.store.editing_records import MOST_OWN_PREVIEWS, MOST_SHARED_PREVIEWS, Draft
from quizapp.store.tokens import new_secret
from quizapp.web.edit.preview import MAKES
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
    app.extensions["quizapp"].store.offer_preview(draft.id, draft.version, secret, until, draft.editor)
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


def assert_ended(reader: Visitor, root: str) -> None:
    for path in (
        root,
        f"{root}/quiz/{BANK}",
        f"{root}/result",
        f"{root}/about/{BANK}",
        root.rpartition("/")[0],
    ):
        answer = reader.client.get(path)
        assert answer.status_code == 410, path
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        page = answer.get_data(as_text=True)
        assert "This preview has ended" in page or "このプレビューは終了しました" in page


def test_unknown_links_show_nothing_and_those_whose_time_has_run_out_say_so(app, draft, reader) -> None:
    known = root_of(app, draft())
    assert_ended(reader, root_of(app, draft(), seconds=-1))
    for root in (f"/preview/{new_secret()}/{DAY}", "/preview/x/2026-11-22"):
        for path in (root, f"{root}/quiz/{BANK}", f"{root}/result", root.rpartition("/")[0]):
            answer = reader.client.get(path)
            assert answer.status_code == 404
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert reader.get(known).status == 200
    assert reader.get(f"{known}/quiz/first_step").status == 404


@pytest.mark.parametrize("state", ["discarded", "published"])
def test_a_link_ends_at_once_with_its_draft(app, draft, reader, state) -> None:
    begun, store = draft(without_a1), app.extensions["quizapp"].store
    root = root_of(app, begun)
    assert reader.get(f"{root}/quiz/{BANK}").status == 200
    store.close_draft(begun.id, state)
    assert_ended(reader, root)
    store.reopen_draft(begun.id)
    assert_ended(reader, root)


def test_a_link_ends_at_once_when_its_maker_is_disabled(app, draft, reader) -> None:
    begun, store = draft(), app.extensions["quizapp"].store
    other = editor_called(app, "another", "editor")
    root = root_of(app, begun)
    secret = new_secret()
    until = datetime.now(UTC) + timedelta(days=14)
    store.offer_preview(begun.id, begun.version, secret, until, other.id)
    store.set_disabled(begun.editor, True)
    assert_ended(reader, root)
    assert reader.get(f"/preview/{secret}/{DAY}").status == 200
    store.set_disabled(begun.editor, False)
    assert_ended(reader, root)


def links_of(desk: Visitor) -> list[str]:
    return re.findall(r'name="link" value="([^"]+)"', desk.get(HERE).page)


def test_an_editor_sees_the_links_of_their_own_and_ends_them(app, draft, signed_in, reader) -> None:
    draft()
    desk, other = signed_in("editor"), signed_in("publisher")
    desk.get(HERE).post(f"{HERE}/link", "preview", {"on": DAY})
    root = re.findall(r'value="http://localhost([^"]+)"', desk.page)[0]
    [mine] = links_of(desk)
    assert mine not in root and root.split("/")[2] not in desk.page
    assert links_of(other) == []
    token = {"csrf_token": other.tokens()["sign-out"]}
    assert other.client.post(f"{HERE}/end", data={"link": mine, **token}).status_code == 404
    assert reader.get(root).status == 200
    desk.get(HERE).post(f"{HERE}/end", "links", {"link": mine})
    assert "The link has ended" in desk.words
    assert (desk.path, desk.status, links_of(desk)) == (HERE, 200, [])
    assert_ended(reader, root)
    assert app.extensions["quizapp"].store.entries(1)[0].did == "preview_ended"


def test_a_preview_for_oneself_is_no_link_to_be_listed_and_only_the_newest_few_go_on(
    app, draft, signed_in, reader
) -> None:
    draft()
    desk, roots = signed_in("editor"), []
    for _ in range(MOST_OWN_PREVIEWS + 2):
        desk.get(HERE).post(HERE, "preview", {"on": DAY})
        roots.append(desk.path)
    assert links_of(desk) == []
    for root in roots[:2]:
        assert_ended(reader, root)
    for root in roots[2:]:
        assert reader.get(root).status == 200


def test_of_links_for_others_there_are_so_many_and_none_ends_for_another(app, draft, signed_in) -> None:
    begun, store = draft(), app.extensions["quizapp"].store
    roots = [root_of(app, begun) for _ in range(MOST_SHARED_PREVIEWS)]
    desk = signed_in("editor")
    desk.get(HERE).post(f"{HERE}/link", "preview", {"on": DAY})
    assert desk.status == 409
    assert f"You have {MOST_SHARED_PREVIEWS} links open" in desk.words
    assert all(store.preview(root.split("/")[2]) for root in roots)
    assert desk.get(HERE).post(HERE, "preview", {"on": DAY}).path.startswith("/preview/")


def test_previews_are_begun_so_often_and_no_oftener(app, draft, signed_in) -> None:
    begun = draft()
    viewer, editor = signed_in("viewer"), signed_in("editor")
    sent = {"on": DAY, "draft": begun.id}
    token = {"csrf_token": viewer.get(f"{HERE}?draft={begun.id}").tokens()["preview"]}
    for _ in range(MAKES):
        assert viewer.client.post(HERE, data={**sent, **token}).status_code == 303
    answer = viewer.client.post(HERE, data={**sent, **token})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Many previews were begun" in answer.get_data(as_text=True)
    assert editor.get(HERE).post(HERE, "preview", {"on": DAY}).path.startswith("/preview/")


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


def without_any_summary(text: str) -> str:
    return re.sub(r"\nsummary:\n  ja: .*\n  en: .*", "", text, count=1)


def same_id_twice(text: str) -> str:
    return text.replace("  - id: a2\n", "  - id: a1\n", 1)


@pytest.mark.parametrize(
    "edit", [broken_yaml, broken_rule, without_any_summary, same_id_twice, lambda text: ""]
)
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


def test_a_draft_that_lacks_the_texts_of_one_language_is_shown_in_the_others_words(
    app, draft, signed_in, reader
) -> None:
    def japanese_only(text: str) -> str:
        start, _ = text_of_item(text, "a1")
        return without_summary(text[:start]) + re.sub(
            r"(name: \{ja: [^,}]+), en: [^}]*\}", r"\1}", text[start:], count=1
        )

    begun = draft(japanese_only)
    name = read(begun.text, "x.yaml").data["items"][0]["name"]
    assert list(name) == ["ja"]
    desk = signed_in("editor", language="en")
    desk.get(HERE)
    assert "To be mended before publishing" in desk.words and "there is no English text" in desk.words
    root = root_of(app, begun)
    take(reader, root)
    assert reader.status == 200 and "not translated" not in reader.page and "訳なし" not in reader.page
    reader.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert f"[not translated] {name['ja']}" in reader.get(f"{root}/result").words
    assert "[not translated] " in reader.get(f"{root}/quiz/{BANK}").words


def test_what_is_lent_to_a_preview_is_never_saved(app, draft, signed_in) -> None:
    begun = draft(without_summary)
    signed_in("editor").get(HERE).post(HERE, "preview", {"on": DAY})
    kept = app.extensions["quizapp"].store.draft(begun.id)
    assert kept.version == begun.version and kept.text == begun.text
    assert any(one.blocks for one in problems_of(kept, app.extensions["quizapp"].today()))


def test_whose_draft_it_is_is_said_and_the_way_back_leads_to_it(app, draft, signed_in) -> None:
    begun = draft(without_a1)
    other = signed_in("publisher", "aoi")
    other.get(f"{HERE}?draft={begun.id}").post(HERE, "preview", {"on": DAY, "draft": begun.id})
    assert "The draft of the-editor, version 2." in other.words and "not change it" in other.words
    back = f"{HERE}?draft={begun.id}"
    assert f'href="{back}"' in other.page
    own = signed_in("editor")
    own.get(HERE).post(HERE, "preview", {"on": DAY})
    assert "Your draft, version 2." in own.words and "not change it" not in own.words
    assert f'href="{HERE}"' in own.page
    path = own.path
    draft(closing_a1)
    assert "The newest is version 3." in own.get(path).words
    assert other.post(f"{other.path}/forget", "leave").path.startswith(HERE)
    assert f'value="{begun.id}"' in other.page and "The draft of the-editor" in other.words


def test_a_reviewer_without_an_account_is_told_nobodys_name(app, draft, reader) -> None:
    root = root_of(app, draft())
    reader.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert reader.get(root).status == 200
    assert "the-editor" not in reader.page and "Back to the desk" not in reader.page


def test_the_desk_says_whose_draft_is_looked_at_and_that_it_is_read_only(app, draft, signed_in) -> None:
    begun = draft(without_a1)
    other = signed_in("editor", "ren")
    for path in ("", "/part/items/a1", "/costs", "/texts"):
        other.get(f"/edit/{BANK}{path}?draft={begun.id}")
        assert "The draft of the-editor" in other.words and "You can read it, not change it." in other.words
        assert ">Save<" not in other.page
    own = signed_in("editor")
    assert "not change it" not in own.get(f"/edit/{BANK}?draft={begun.id}").words
