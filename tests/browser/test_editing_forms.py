"""Editing in a real browser: saved as one pauses, rules and order by keyboard alone, everything within reach of axe."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from quizapp.app import create_app
from quizapp.config import Settings
from tests.browser.conftest import PHONE, QUESTIONS, Open, listen
from tests.browser.test_everyone import overflow, violations

pytestmark = pytest.mark.browser
BANK = "personal_trainer"
DESK = {"width": 1280, "height": 900}
SECONDS = 30_000


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Flask]]:
    """A server with one bank, in folders of its own."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "questions").mkdir()
    for name in (f"{BANK}.yaml", f"{BANK}.cases.yaml"):
        shutil.copy(QUESTIONS / name, folder / "questions" / name)
    app = create_app(Settings(instance=folder / "instance", questions=folder / "questions", watch=0))
    address, stop = listen(app)
    yield address, app
    stop()
    app.extensions["quizapp"].library.stop()
    app.extensions["quizapp"].store.close()


def enter(page: Page, desk: tuple[str, Flask], name: str) -> str:
    """Let an editor of that name in; the address of the bank's desk."""
    address, app = desk
    accounts = app.extensions["quizapp"].accounts
    known = {one.name: one for one in app.extensions["quizapp"].store.editors()}
    editor = known.get(name) or accounts.add(name, "editor", None)
    secret = accounts.begin(editor, "test browser")
    page.context.add_cookies([{"name": "quizapp-editor", "value": secret, "url": address}])
    page.set_default_timeout(SECONDS)
    return f"{address}/edit/{BANK}"


def saved(page: Page) -> None:
    """Wait until the page says that everything is kept."""
    expect(page.locator("#state")).to_contain_text("Saved", timeout=SECONDS)


def test_a_fee_is_saved_as_one_pauses_and_undone(desk, open_page: Open) -> None:
    page = open_page(locale="en-US", viewport=DESK)
    home = enter(page, desk, "fee")
    page.goto(f"{home}/costs")
    fee = page.locator("input[name='items/nesta_pft/routes/web/costs/course/yen']")
    fee.fill("１１万")
    saved(page)
    page.reload()
    assert fee.input_value() == "110,000"
    page.click("#undo button[value=undo]")
    assert fee.input_value() == "107,500"


def test_what_was_saved_by_its_button_is_not_offered_again(desk, open_page: Open) -> None:
    page = open_page(locale="en-US", viewport=DESK)
    home = enter(page, desk, "button")
    page.goto(f"{home}/costs")
    page.locator("input[name='items/nesta_pft/routes/web/costs/course/yen']").fill("9900")
    with page.expect_navigation():
        page.click(".draftbar .save")
    assert page.locator("main > .note").count() == 0
    page.reload()
    assert page.locator("main > .note").count() == 0
    ticked = page.locator(".of-costs input[type=checkbox]:checked")
    before, amount = ticked.count(), ticked.first.get_attribute("data-clears")
    page.locator(f"[id='{amount}']").fill("5000")
    assert ticked.count() == before - 1


def test_a_slow_answer_is_waited_for_once_and_says_so(desk, open_page: Open) -> None:
    page = open_page(locale="en-US", viewport=DESK)
    home = enter(page, desk, "slow")
    page.goto(f"{home}/part/items")
    sent: list[str] = []

    def stay(route: Route) -> None:
        """Answer nothing: the page stays as it is while it waits."""
        sent.append(route.request.method)
        route.fulfill(status=204)

    page.route("**/part/items", stay)
    copy = page.locator("button[value='copy:nesta_pft']")
    copy.click()
    expect(page.locator("#state")).to_contain_text("Saving")
    expect(copy).to_be_disabled()
    page.locator("button[value='copy:nsca_cpt']").click()
    page.wait_for_timeout(300)
    assert sent == ["POST"]


def test_a_rule_is_written_with_the_keyboard_alone(desk, open_page: Open) -> None:
    page = open_page(locale="en-US", viewport=DESK)
    home = enter(page, desk, "keys")
    page.goto(f"{home}/part/items/nesta_pft/requires/adult")
    page.locator("button[value='rule:if:group:0']").focus()
    page.keyboard.press("Enter")
    question = page.locator("select[name='if.0.1.0.q']")
    expect(question).to_be_focused()
    page.keyboard.type("Goal")
    expect(page.locator("select[name='if.0.1.0.c']")).to_be_visible()
    for key in ("Tab", "Tab", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("#if-said")).to_contain_text("goal is", ignore_case=True)
    saved(page)
    page.reload()
    assert page.locator(".condition").count() == 2


def test_a_broken_rule_says_how_to_mend_it(desk, open_page: Open) -> None:
    page = open_page(locale="en-US", viewport=DESK)
    home = enter(page, desk, "mender")
    page.goto(f"{home}/part/items/nesta_pft/requires/adult")
    page.click("button[value='rule:if:mode:text']")
    page.fill("textarea[name='if.text']", "agee >= 18")
    expect(page.locator("#if-said")).to_contain_text('did you mean "age"')
    saved(page)
    page.goto(home)
    expect(page.locator("aside.first")).to_contain_text("agee")


def test_entries_are_reordered_by_keyboard_and_by_drag(desk, open_page: Open) -> None:
    page = open_page(locale="en-US", viewport=DESK)
    home = enter(page, desk, "mover")
    page.goto(f"{home}/part/items")
    names = page.locator(".entries > li")
    page.locator("button[value='up:nsca_cpt']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("button[value='down:nsca_cpt']")).to_be_focused()
    assert names.first.get_attribute("data-key") == "nsca_cpt"
    page.locator("#row-jati_ati .grip").drag_to(
        page.locator("#row-nsca_cpt"), target_position={"x": 200, "y": 4}
    )
    page.wait_for_url("**#row-jati_ati")
    assert names.first.get_attribute("data-key") == "jati_ati"


def test_what_was_typed_comes_back_after_the_page_was_lost(desk, open_page: Open) -> None:
    page = open_page(locale="en-US", viewport=DESK)
    home = enter(page, desk, "lost")
    page.goto(f"{home}/part/items/nesta_pft")
    page.route(
        "**/part/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.locator("textarea[name='name.en']").fill("Typed and not lost")
    expect(page.locator("#state")).to_contain_text("Not saved", timeout=SECONDS)
    page.wait_for_timeout(1500)
    page.unroute("**/part/**")
    page.reload()
    page.click("text=Bring it back")
    assert page.locator("textarea[name='name.en']").input_value() == "Typed and not lost"


PAGES = (
    "",
    "/part/",
    "/part/items",
    "/part/items/nesta_pft",
    "/part/items/nesta_pft/fit/goal",
    "/part/values/nesta_direct_open",
    "/part/questions/schooling_status",
    "/part/cases/beginner_25_online",
    "/part/cases/beginner_25_online/expect",
    "/add/items",
    "/rename/questions/age",
    "/costs",
    "/facts",
    "/texts",
    "/find?q=nesta",
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "dark", "viewport"), [("ja-JP", False, DESK), ("en-US", True, PHONE)], ids=["desk", "phone"]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    desk, open_page: Open, locale: str, dark: bool, viewport: dict[str, int]
) -> None:
    page = open_page(locale=locale, dark=dark, viewport=viewport)
    home = enter(page, desk, "looker")
    found = []
    for path in ("..", *PAGES):
        page.goto(home.rpartition("/")[0] if path == ".." else home + path)
        found += violations(page)
        found += [f"{page.url} is {overflow(page)} pixels too wide"] if overflow(page) else []
    assert found == []


def test_problems_and_marks_follow_what_is_typed(desk, open_page: Open) -> None:
    page = open_page(locale="en-US", viewport=DESK)
    home = enter(page, desk, "fresh")
    page.goto(f"{home}/part/items/nesta_pft")
    field = page.locator("textarea[name='name.en']")
    before = field.input_value()
    badge, panel = page.locator(".draftbar .badge"), page.locator("[data-fresh='at-fields'] section")
    expect(badge).to_have_count(0)
    field.fill("")
    expect(badge).to_be_visible()
    expect(panel).to_be_visible()
    expect(page.locator(".told .bad")).not_to_have_count(0)
    expect(page.locator("[data-fresh='lack:name.en'] .lack")).to_be_visible()
    expect(field).to_be_focused()
    field.press_sequentially(before)
    expect(badge).to_have_count(0)
    expect(panel).to_have_count(0)
    expect(page.locator(".told, [data-fresh='lack:name.en'] .lack")).to_have_count(0)
    expect(field).to_be_focused()
    assert field.input_value() == before


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "you are signed out"),
        (409, "changed elsewhere"),
        (503, "failed at the server"),
        (0, "cannot be reached"),
    ],
)
def test_a_save_that_failed_says_why_and_what_to_do(desk, open_page: Open, status: int, words: str) -> None:
    for path, box in (("part/items/nesta_pft", "textarea[name='name.en']"), ("source", "#text")):
        page = open_page(locale="en-US", viewport=DESK)
        home = enter(page, desk, f"failing-{status}")
        page.goto(f"{home}/{path}")
        failing = f"{home}/{path}**"
        page.route(failing, lambda way: way.fulfill(status=status, body="") if status else way.abort())
        typed = page.locator(box).input_value() + " "
        page.locator(box).fill(typed + "x")
        expect(page.locator("#state.bad")).to_contain_text(words)
        assert page.locator(box).input_value() == typed + "x"


def test_a_removal_that_is_asked_for_and_a_search_leave_no_trace(desk, open_page: Open) -> None:
    page = open_page(locale="en-US", viewport=DESK)
    home = enter(page, desk, "searching")
    page.goto(f"{home}/costs")
    page.locator("#q").fill("web")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/costs?q=web")
    page.goto(f"{home}/part/items")
    page.locator("button[value='remove:nesta_pft']").click()
    expect(page.locator("h1")).to_contain_text("Remove")
    assert page.locator(".tool.go").is_hidden()
