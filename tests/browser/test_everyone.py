"""Everyone can use it: axe finds nothing, small screens and large text fit, nothing jumps (trust.md 28)."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.journey import begin, fill, press, take, unfold
from tests.web.conftest import BEGINNER, CASES

pytestmark = pytest.mark.browser
BANK = "personal_trainer"
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list[str]:
    """What axe finds, each with the elements."""
    # Only axe itself is exempt from the page's policy; it is injected through the debugger.
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url} {one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]


def every_page(page: Page, site: str) -> list[str]:
    """Go through every kind of page; the faults on the way."""
    found = []
    for path in (
        "/",
        "/about",
        f"/quiz/{BANK}",
        f"/about/{BANK}",
        f"/about/{BANK}/nesta_pft",
        "/deleted",
        "/nowhere",
    ):
        page.goto(site + path)
        found += violations(page)
    begin(page, site, BANK)
    press(page, "#answers button")
    found += violations(page)
    while not page.url.endswith("/check"):
        fill(page, BEGINNER)
        found += violations(page)
        press(page, "#answers button")
    found += violations(page)
    press(page, "#result button")
    result = page.url
    unfold(page)
    found += violations(page)
    for page_of_owner in ("share", "delete"):
        page.goto(f"{result}/{page_of_owner}")
        found += violations(page)
    page.context.clear_cookies()
    page.goto(result)
    unfold(page)
    return found + violations(page)


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
def test_axe_finds_nothing_on_any_page(open_page, site: str, locale: str, dark: bool) -> None:
    assert every_page(open_page(locale=locale, dark=dark), site) == []


@pytest.mark.slow
@pytest.mark.parametrize("bank", sorted({bank for bank, _, _ in CASES} - {BANK}))
def test_axe_finds_nothing_on_the_results_of_the_other_banks(open_page, site: str, bank: str) -> None:
    page = open_page()
    take(page, site, bank, next(answers for slug, _, answers in CASES if slug == bank))
    unfold(page)
    assert violations(page) == []


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
def test_pages_fit_320_pixels(open_page, site: str, locale: str) -> None:
    page = open_page(locale=locale, viewport={"width": 320, "height": 640})
    for path in ("/", "/about", f"/quiz/{BANK}", f"/about/{BANK}", f"/about/{BANK}/nesta_pft"):
        page.goto(site + path)
        unfold(page)
        assert overflow(page) == 0, path
    begin(page, site, BANK)
    while not page.url.endswith("/check"):
        fill(page, BEGINNER)
        assert overflow(page) == 0, page.url
        press(page, "#answers button")
    assert overflow(page) == 0
    press(page, "#result button")
    unfold(page)
    assert overflow(page) == 0


def test_text_of_double_size_is_neither_cut_nor_too_wide(open_page, site: str) -> None:
    page = open_page()
    take(page, site, BANK, BEGINNER)
    for path in ("/", f"/quiz/{BANK}/age", page.url.removeprefix(site)):
        page.goto(site + path)
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        assert overflow(page) == 0, path
        cut = page.evaluate(
            """() => [...document.querySelectorAll("main *")].filter((one) => {
                 const look = getComputedStyle(one);
                 return look.overflow === "hidden" && !one.classList.contains("out") && one.tagName !== "svg"
                   && one.scrollHeight > one.clientHeight + 1;
               }).map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert cut == [], path


def test_what_can_be_pressed_is_44_pixels_high(open_page, site: str) -> None:
    page = open_page()
    take(page, site, BANK, BEGINNER)
    for path in (
        "/",
        f"/quiz/{BANK}",
        f"/quiz/{BANK}/trainer_goal",
        f"/quiz/{BANK}/check",
        page.url.removeprefix(site),
    ):
        page.goto(site + path)
        unfold(page)
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, summary, .choices label, .button, .back, nav a, .brand")]
                 .filter((one) => one.checkVisibility())
                 .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])
                 .filter(([, height]) => height < 43.5)"""
        )
        assert small == [], path


def test_nothing_moves_while_a_page_loads(open_page, site: str) -> None:
    page = open_page()
    take(page, site, BANK, BEGINNER)
    for path in ("/", f"/quiz/{BANK}/trainer_goal", page.url.removeprefix(site)):
        page.goto(site + path, wait_until="networkidle")
        shift = page.evaluate(
            """() => new Promise((done) => {
                 let sum = 0;
                 new PerformanceObserver((list) => list.getEntries().forEach((one) => (sum += one.value)))
                   .observe({type: "layout-shift", buffered: true});
                 setTimeout(() => done(sum), 200);
               })"""
        )
        assert shift <= 0.02, path


def test_on_paper_the_ledger_is_open_and_the_buttons_are_gone(open_page, site: str) -> None:
    page = open_page()
    take(page, site, BANK, BEGINNER)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not page.locator("[data-copy]").is_visible()
    assert page.locator("details.ledger[open]").count() == page.locator("details.ledger").count()
