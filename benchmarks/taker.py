"""A taker without JavaScript: reads forms and sends them, from the start page to the result."""

from __future__ import annotations

import http.cookiejar
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser

MOST_PAGES = 60


@dataclass
class Form:
    """A form as found on a page. ``groups`` are the choices, each with the values on offer."""

    action: str
    method: str
    fixed: list[tuple[str, str]] = field(default_factory=list)
    groups: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self) -> list[tuple[str, str]]:
        """Every field with its first choice, and the first button pressed."""
        chosen = [(name, values[0]) for name, values in self.groups.items()]
        return [*self.fixed, *chosen, *self.numbers.items(), *self.buttons[:1]]


class Forms(HTMLParser):
    """Collects the forms of a page, with the fields that name their form from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.named: dict[str, Form] = {}
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes in one tag."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(form)
            self.named[given.get("id", "")] = form
        elif self.forms and tag in ("input", "button", "select", "option"):
            self._take_field(self.named.get(given.get("form", ""), self.forms[-1]), tag, given)

    def _take_field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        kind, name, value = given.get("type", "text"), given.get("name", ""), given.get("value", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and value:
            form.groups.setdefault(self.select, []).append(value)
        elif tag == "button" or kind == "submit":
            form.buttons.append((name, value))
        elif kind == "hidden":
            form.fixed.append((name, value))
        elif kind in ("radio", "checkbox"):
            form.groups.setdefault(name, []).append(value)
        elif kind == "number" or given.get("inputmode") == "numeric":
            form.numbers[name] = value or given.get("min", "")


class Taker:
    """One browser's worth of cookies, at one server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def cookie_header(self) -> str:
        """The Cookie header that this taker sends."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)

    def get(self, path: str) -> tuple[str, str]:
        """The address that a path leads to in the end, and its page."""
        with self.opener.open(urllib.parse.urljoin(self.url + "/", path)) as response:
            return response.geturl(), response.read().decode()

    def take(self, bank: str) -> list[str]:
        """The addresses of every page of one quiz, the result's last."""
        address, page = self.get(f"/quiz/{bank}")
        seen = [address]
        for _ in range(MOST_PAGES):
            if "/r/" in address:
                return seen
            address, page = self._send(address, self._form(page, bank))
            seen.append(address)
        raise RuntimeError(f"no result after {MOST_PAGES} pages, last {address}")

    def _form(self, page: str, bank: str) -> Form:
        reader = Forms()
        reader.feed(page)
        found = [form for form in reader.forms if form.method == "post" and form.action != "/language"]
        if not found:
            raise RuntimeError(f"a page of {bank} has no form")
        return max(found, key=lambda form: len(form.groups) + len(form.numbers))

    def _send(self, address: str, form: Form) -> tuple[str, str]:
        pairs = [(name, value) for name, value in form.filled() if name]
        target = urllib.parse.urljoin(address, form.action or address)
        request = urllib.request.Request(target, urllib.parse.urlencode(pairs).encode(), {"Referer": address})
        with self.opener.open(request) as response:
            return response.geturl(), response.read().decode()
