"""``python3 run.py screenshots [FOLDER]``: pictures of the main pages, from the real server and browser."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState, sync_playwright
from ruamel.yaml import YAML

from benchmarks.serving import serving
from tests.browser.conftest import ARGUMENTS
from tests.browser.journey import begin, take
from tests.conftest import find_chromium

ROOT = Path(__file__).resolve().parent.parent
BANK = "personal_trainer"
# Name, width, theme and language of each picture of the result; 390 is a phone, 1100 a desk.
RESULTS = (
    ("result-phone", 390, "light", "ja"),
    ("result-phone-dark", 390, "dark", "ja"),
    ("result-desk", 1100, "light", "ja"),
    ("result-phone-en", 390, "light", "en"),
)
# What is pictured of the editing desk, below a bank's own address.
EDITING = (
    ("edit-bank", ""),
    ("edit-item", "/part/items/nesta_pft"),
    ("edit-rule", "/part/items/nesta_pft/requires/adult"),
    ("edit-fees", "/costs"),
    ("edit-file", "/source"),
)
FEE = "items/nesta_pft/routes/web/costs/course/yen"


def main() -> int:
    """Writes the pictures into docs/images, or the folder that is named; tells each."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    chromium = find_chromium()
    if chromium is None:
        sys.stderr.write("screenshots need Chromium (Debian: apt-get install chromium)\n")
        return 1
    command = [sys.executable, "-m", "quizapp", "serve", "--port", "0"]
    with (
        tempfile.TemporaryDirectory() as instance,
        serving(command, Path(instance)) as server,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        _picture_all(browser, server.url, folder)
        _picture_editing(browser, server.url, Path(instance), folder)
        browser.close()
    return 0


def _picture_all(browser: Browser, site: str, folder: Path) -> None:
    page = _page(browser, 390, "light", "ja")
    page.goto(site)
    _keep(page, folder / "start.png")
    begin(page, site, BANK)
    _keep(page, folder / "question.png")
    take(page, site, BANK, _answers())
    result, mine = page.url, page.context.storage_state()
    page.context.close()
    for name, width, theme, language in RESULTS:
        page = _page(browser, width, theme, language, mine)
        page.goto(result)
        _keep(page, folder / f"{name}.png")
        page.context.close()


def _picture_editing(browser: Browser, site: str, instance: Path, folder: Path) -> None:
    """The editing desk: banks, one bank, its fees, a condition, and what a dearer course would change."""
    password = "four words for pictures"
    add = ["editor", "add", "hana", "--role", "publisher", "--password-stdin"]
    subprocess.run(
        [sys.executable, "-m", "quizapp", *add],
        input=password,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "QUIZAPP_INSTANCE": str(instance)},
    )
    desk = _page(browser, 1280, "light", "ja")
    desk.goto(f"{site}/edit/sign-in")
    desk.fill("#name", "hana")
    desk.fill("#password", password)
    desk.click("#sign-in .button")
    _keep(desk, folder / "edit-banks.png")
    for name, place in EDITING:
        desk.goto(f"{site}/edit/{BANK}{place}")
        _keep(desk, folder / f"{name}.png")
    desk.goto(f"{site}/edit/{BANK}/costs")
    desk.fill(f'[name="{FEE}"]', "118000")
    desk.press(f'[name="{FEE}"]', "Enter")
    desk.wait_for_load_state()
    desk.goto(f"{site}/edit/{BANK}/review")
    desk.locator("#takers-brief").filter(has_not_text="…").wait_for(timeout=60_000)
    desk.screenshot(path=folder / "edit-review.png", full_page=True)
    print(folder / "edit-review.png")
    phone = _page(browser, 390, "dark", "ja", desk.context.storage_state())
    phone.goto(f"{site}/edit/{BANK}/costs")
    _keep(phone, folder / "edit-fees-phone-dark.png")


def _page(browser: Browser, width: int, theme: str, language: str, state: StorageState | None = None) -> Page:
    return browser.new_context(
        storage_state=state,
        viewport={"width": width, "height": 844 if width < 500 else 900},
        color_scheme="dark" if theme == "dark" else "light",
        locale="ja-JP" if language == "ja" else "en-GB",
        reduced_motion="reduce",
    ).new_page()


def _keep(page: Page, path: Path) -> None:
    page.screenshot(path=path)
    print(path)


def _answers() -> dict[str, object]:
    """The answers of the bank's first case: a beginner of 25 who can study online."""
    text = (ROOT / "questions" / f"{BANK}.cases.yaml").read_text(encoding="utf-8")
    answers: dict[str, object] = YAML(typ="safe").load(text)["cases"][0]["answers"]
    return answers


if __name__ == "__main__":
    sys.exit(main())
