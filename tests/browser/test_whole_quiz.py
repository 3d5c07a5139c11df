"""A whole quiz in Japanese on a phone: by pointer, by keyboard alone, without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.journey import begin, fill, focused, press, tab_to, take
from tests.web.conftest import BEGINNER

pytestmark = pytest.mark.browser
BANK = "personal_trainer"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_stranger_gets_from_the_first_page_to_a_result(open_page, site: str, javascript: bool) -> None:
    page = open_page(javascript=javascript)
    page.goto(site)
    page.get_by_role("link", name="パーソナルトレーナーの資格えらび").click()
    press(page, "#begin button")
    while not page.url.endswith("/check"):
        fill(page, BEGINNER)
        press(page, "#answers button")
    press(page, "#result button")
    assert page.locator("h1").inner_text() == "まずはNESTA-PFT。"
    assert "107,500円" in page.locator(".keys").inner_text()


def test_the_keyboard_alone_takes_the_whole_quiz_and_the_focus_is_always_seen(open_page, site: str) -> None:
    page = open_page()
    page.goto(f"{site}/quiz/{BANK}")
    tab_to(page, {"tag": "BUTTON", "form": "begin"})
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{BANK}/trainer_goal")
    for _ in range(20):
        if page.url.endswith("/check"):
            break
        before = page.url
        _answer_by_keyboard(page)
        page.wait_for_url(lambda url, before=before: url != before)
    tab_to(page, {"tag": "BUTTON", "form": "result"})
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/*")
    tab_to(page, {"tag": "SUMMARY"})
    page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "まずはNESTA-PFT。"


def _answer_by_keyboard(page: Page) -> None:
    """Tab through the screen, answer what has the focus, and press Enter on the button."""
    for _ in range(60):
        page.keyboard.press("Tab")
        found = focused(page)
        value = BEGINNER.get(found["name"])
        if found["tag"] == "BUTTON" and found["form"] == "answers":
            page.keyboard.press("Enter")
            return
        if found["type"] == "radio":
            _choose_by_arrows(page, {True: "yes", False: "no"}.get(value, value))
        elif found["type"] == "checkbox" and found["value"] in (
            value or ["--"] if isinstance(value, list) else ()
        ):
            page.keyboard.press("Space")
        elif found["type"] == "text":
            page.keyboard.press("Control+A")
            page.keyboard.type(str(value))
        elif found["tag"] == "SELECT":
            _choose_in_list(page, value)
    raise AssertionError(f"no button reached at {page.url}")


def _choose_by_arrows(page: Page, value: object) -> None:
    page.keyboard.press("Space")
    for _ in range(30):
        if focused(page)["value"] == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} cannot be reached by arrow keys")


def _choose_in_list(page: Page, value: object) -> None:
    for _ in range(80):
        if focused(page)["value"] == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} cannot be reached in the list")


def test_choosing_an_answer_never_moves_on_by_itself(open_page, site: str) -> None:
    page = open_page()
    begin(page, site, BANK)
    before = page.url
    page.locator("label").first.click()
    page.wait_for_timeout(300)
    assert page.url == before


def test_back_and_reload_keep_what_was_answered(open_page, site: str) -> None:
    page = open_page()
    begin(page, site, BANK)
    fill(page, BEGINNER)
    press(page, "#answers button")
    press(page, ".back")
    assert page.locator("[value=gym_job]").is_checked()
    page.reload()
    assert page.locator("[value=gym_job]").is_checked()
    page.go_back()
    page.go_forward()
    assert page.locator("[value=gym_job]").is_checked()


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(open_page, site: str) -> None:
    page = open_page()
    begin(page, site, BANK)
    press(page, "#answers button")
    assert page.evaluate("document.activeElement.className") == "problems"
    page.click(".problems a")
    assert page.evaluate("document.activeElement.id") == "q-trainer_goal-0"


def test_none_of_these_and_not_sure_stand_alone(open_page, site: str) -> None:
    page = open_page()
    take_to(page, site, "fieldset[data-choices]")
    group = page.locator("fieldset[data-choices]").first
    group.locator("label").first.click()
    group.locator("label.none").click()
    assert group.locator(":checked").count() == 1
    group.locator("label").first.click()
    assert not group.locator("label.none input").is_checked()


def take_to(page: Page, site: str, selector: str) -> None:
    """Go on until a screen shows that."""
    begin(page, site, BANK)
    while not page.locator(selector).count():
        fill(page, BEGINNER)
        press(page, "#answers button")


def test_pressing_the_button_twice_makes_one_result(open_page, site: str, served_app) -> None:
    page = open_page()
    take(page, site, BANK, BEGINNER)
    first = page.url
    page.go_back()
    page.dblclick("#result button")
    page.wait_for_url("**/r/*")
    assert page.url == first


def test_the_link_can_be_copied_and_opened_by_somebody_else(open_page, site: str) -> None:
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    take(page, site, BANK, BEGINNER)
    page.click("[data-copy]")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    friend = open_page(locale="en-US")
    friend.goto(link)
    assert "somebody else's result" in friend.locator(".shared").inner_text()
    friend.get_by_role("button", name="Start from these answers").click()
    friend.wait_for_url("**/check")
