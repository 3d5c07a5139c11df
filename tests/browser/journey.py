"""How a person goes through a quiz in a browser: by pointer, or by keyboard alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page


def begin(page: Page, site: str, bank: str) -> None:
    """Open a bank and begin it."""
    page.goto(f"{site}/quiz/{bank}")
    press(page, "#begin button")


def press(page: Page, button: str) -> None:
    """Press what leads to another page, and wait until that is there: a click does not wait for it."""
    with page.expect_navigation():
        page.click(button)


def fill(page: Page, answers: Mapping[str, Any]) -> None:
    """Answer the screen that is shown by pointer."""
    for group in page.locator("fieldset").all():
        control = group.locator("input, select").first
        name = control.get_attribute("name") or ""
        _answer(group, control, answers.get(name))


def _answer(group: Locator, control: Locator, value: object) -> None:
    if control.evaluate("one => one.tagName") == "SELECT":
        control.select_option("-" if value is None else str(value))
    elif value is None:
        group.locator("label.later").click()
    elif isinstance(value, bool):
        group.locator(f"label:has([value={'yes' if value else 'no'}])").click()
    elif isinstance(value, int):
        control.fill(str(value))
    else:
        for one in value if isinstance(value, list) and value else [value or "--"]:
            group.locator(f"label:has([value='{one}'])").click()


def take(page: Page, site: str, bank: str, answers: Mapping[str, Any]) -> None:
    """Take the bank up to its result."""
    begin(page, site, bank)
    for _ in range(40):
        if page.url.endswith("/check"):
            break
        fill(page, answers)
        press(page, "#answers button")
    press(page, "#result button")


def focused(page: Page) -> dict[str, Any]:
    """What has the focus: its tag, type, name, value, and whether it is marked visibly."""
    found: dict[str, Any] = page.evaluate(
        """() => {
          const one = document.activeElement;
          const seen = (node) => node && getComputedStyle(node).outlineStyle !== "none";
          return {tag: one.tagName, type: one.type || "", name: one.name || "", value: one.value || "",
                  form: one.form ? one.form.id : "", href: one.getAttribute("href") || "",
                  marked: Boolean(seen(one) || seen(one.closest("label")))};
        }"""
    )
    return found


def tab_to(page: Page, wanted: Mapping[str, str], most: int = 60) -> dict[str, Any]:
    """Press Tab until something like that has the focus; every stop on the way must be visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found = focused(page)
        if found["tag"] != "BODY":
            assert found["marked"], f"the focus cannot be seen on {found}"
        if all(found[key] == value for key, value in wanted.items()):
            return found
    raise AssertionError(f"{wanted} cannot be reached by Tab at {page.url}")


def unfold(page: Page) -> None:
    """Open everything that can be opened, and lay out what waits below the screen."""
    page.evaluate(
        """() => {
          document.querySelectorAll("details").forEach((one) => (one.open = true));
          const late = document.querySelectorAll("main > section, .rank");
          late.forEach((one) => (one.style.contentVisibility = "visible"));
        }"""
    )
