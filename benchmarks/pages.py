"""Sizes and speed of the main pages in Chromium, on a slow line (400 kbit/s, 300 ms) and a slow phone."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.report import Report, Row
from benchmarks.serving import quizapp, serving
from benchmarks.taker import Taker

BANK = "personal_trainer"
BUDGETS = {"Document": 15_000, "Stylesheet": 10_000, "Script": 10_000}
WORDS = {"Document": "HTML", "Stylesheet": "CSS", "Script": "JavaScript"}
LINE = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWER_CPU = 4
ROUNDS = 3
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
OBSERVE = """
window.seen = {lcp: 0, cls: 0, inp: 0};
const watch = (type, take, more) => new PerformanceObserver(
  (list) => list.getEntries().forEach(take)).observe({type, buffered: true, ...more});
watch("largest-contentful-paint", (entry) => { seen.lcp = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.cls += entry.value; });
watch("event", (entry) => { if (entry.interactionId) seen.inp = Math.max(seen.inp, entry.duration); },
  {durationThreshold: 16});
"""


def measure() -> Report:
    """Bytes over the wire by kind, largest contentful paint, layout shift and response to input, by page."""
    with tempfile.TemporaryDirectory() as scratch, serving(quizapp(), Path(scratch)) as server:
        seen = Taker(server.url).take(BANK)
        pages = {"home": server.url + "/", "start": seen[0], "question": seen[1], "result": seen[-1]}
        with _chromium() as browser:
            rows = [
                row
                for name, address in pages.items()
                for row in _page_rows(browser, server.url, name, address)
            ]
    return Report(
        "pages",
        tuple(rows),
        f"Chromium at 390 px, 400 kbit/s, 300 ms, CPU ÷ 4, nothing cached, median of {ROUNDS}",
    )


@contextmanager
def _chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def _page_rows(browser: Browser, server: str, name: str, address: str) -> list[Row]:
    rounds = [_round(browser, server, name, address) for _ in range(ROUNDS)]
    seen = {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}
    weights = [
        Row(f"{name}: {WORDS[kind]}", seen[kind] / 1000, "kB", most / 1000) for kind, most in BUDGETS.items()
    ]
    return [
        *weights,
        Row(f"{name}: requests to others", seen["elsewhere"], "", 0),
        Row(f"{name}: largest contentful paint", seen["lcp"] / 1000, "s", 1.5),
        Row(f"{name}: layout shift", seen["cls"], "", 0.02),
        Row(f"{name}: slowest response to input", seen["inp"], "ms", 100),
    ]


def _round(browser: Browser, server: str, name: str, address: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP", has_touch=True)
    context.add_init_script(OBSERVE)
    page = context.new_page()
    if name == "question":
        # A question is only asked of somebody who has begun; begin at full speed.
        page.goto(f"{server}/quiz/{BANK}")
        page.locator("main form button").first.click()
        page.wait_for_load_state()
        address = page.url
    sizes = _slowed(context.new_cdp_session(page))
    page.goto(address, wait_until="networkidle")
    _interact(page)
    vitals: dict[str, float] = page.evaluate("seen")
    context.close()
    return {**sizes, **vitals}


def _slowed(session: CDPSession) -> dict[str, float]:
    """Slows the page down and counts the bytes of its answers by kind from now on."""
    sizes: dict[str, float] = {**dict.fromkeys(BUDGETS, 0.0), "elsewhere": 0.0}
    kinds: dict[str, str] = {}

    def begun(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event.get("type", "")
        url = event["request"]["url"]
        sizes["elsewhere"] += not url.startswith(("http://127.0.0.1", "data:", "blob:"))

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "")
        if kind in sizes:
            sizes[kind] += event["encodedDataLength"]

    session.on("Network.requestWillBeSent", begun)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
    return sizes


def _interact(page: Page) -> None:
    """Touches what can be touched without leaving the page: choices, disclosures, then the keyboard."""
    for selector in ("main input[type=radio] + label, main label:has(input)", "main summary"):
        for place in page.locator(selector).all()[:3]:
            if place.is_visible():
                place.click()
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
