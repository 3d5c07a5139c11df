"""A real Chromium before a real server; what a page breaks on the way is kept and must be nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.web.allowance import Allowance

QUESTIONS = Path(__file__).resolve().parents[2] / "questions"
PHONE = {"width": 390, "height": 844}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Milliseconds; what does not come at all is waited for so long.
PATIENCE = 45_000
expect.set_options(timeout=PATIENCE)
Open = Callable[..., Page]


class Silent(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log(self, *_: object) -> None:
        pass


def listen(app: Flask) -> tuple[str, Callable[[], None]]:
    """Serve on a free port of this machine; the address, and how to stop."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        thread.join()
        server.server_close()

    return f"http://127.0.0.1:{server.port}", stop


@pytest.fixture(scope="session")
def served_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application that the browser visits."""
    instance = tmp_path_factory.mktemp("browser") / "instance"
    app = create_app(Settings(instance=instance, questions=QUESTIONS, watch=0))
    app.extensions["quizapp"] = replace(app.extensions["quizapp"], saves=Allowance(100_000, 1.0))
    yield app
    app.extensions["quizapp"].library.stop()
    app.extensions["quizapp"].store.close()


@pytest.fixture(scope="session")
def site(served_app: Flask) -> Iterator[str]:
    """Its address."""
    address, stop = listen(served_app)
    yield address
    stop()


@pytest.fixture(scope="session")
def chromium(require: Callable[[str], str]) -> Iterator[Browser]:
    """The browser, started once."""
    path = require("browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """``open_page(locale="en-US", javascript=False, …)``: a page with cookies of its own.

    At the end no page may have raised an error, broken the content security policy, or asked another
    host for anything.
    """
    contexts: list[BrowserContext] = []
    broken: list[str] = []

    def begin(
        locale: str = "ja-JP", javascript: bool = True, dark: bool = False, viewport: dict[str, int] = PHONE
    ) -> Page:
        context = chromium.new_context(
            locale=locale,
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            viewport=viewport,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: broken.append(f"error: {error}"))
        page.on("console", lambda said: _security(said.text, broken))
        page.on("request", lambda asked: _elsewhere(asked.url, broken))
        return page

    yield begin
    for context in contexts:
        context.close()
    assert broken == []


def _security(said: str, broken: list[str]) -> None:
    if "Content Security Policy" in said or "Content-Security-Policy" in said:
        broken.append(said)


def _elsewhere(url: str, broken: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "http://localhost:", "blob:", "data:")):
        broken.append(f"asked elsewhere: {url}")
