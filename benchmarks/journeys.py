"""Whole journeys: begin, answer every question, check, save, read the result, and open its link as somebody else."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ruamel.yaml import YAML

from benchmarks.asking import Answer, Asking
from benchmarks.ready import FORM, Ready, some_address

QUESTIONS = Path(__file__).resolve().parent.parent / "questions"
MOST_SCREENS = 40
LOOKS = 12  # How often a taker looks at a page, about.
_TOKEN = re.compile(r'name="csrf_token" form="([a-z-]+)" value="([^"]+)"')
_INPUT = re.compile(r'<input type="(radio|checkbox|text)"[^>]*? name="([a-z_0-9]+)" value="([^"]*)"')
_SELECT = re.compile(r'<select[^>]* name="([a-z_0-9]+)".*?</select>', re.DOTALL)
_OPTION = re.compile(r'<option value="([^"]+)"')
LEFT_OPEN = "-"


class Failed(Exception):
    """A journey that did not come to its end: what was answered instead."""


@dataclass
class Figures:
    """What a round came to: milliseconds by kind of request, journeys done, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=dict)
    done: int = 0
    seconds: float = 0.0
    wrong: Counter[str] = field(default_factory=Counter)
    noting: bool = True

    @property
    def requests(self) -> int:
        """How many were answered."""
        return sum(map(len, self.times.values()))

    def note(self, kind: str, begun: float) -> None:
        """Keep the time that one request has taken, while times are noted."""
        if self.noting:
            self.times.setdefault(kind, []).append((time.perf_counter() - begun) * 1_000)

    def percentile(self, percent: float, kind: str | None = None) -> float:
        """Milliseconds within which that share of the requests was answered."""
        found = self.times.get(kind, []) if kind else itertools.chain.from_iterable(self.times.values())
        times = sorted(found)
        return times[min(int(len(times) * percent / 100), len(times) - 1)] if times else 0.0


def written_takers(bank: str) -> list[dict[str, Any]]:
    """The answers of the cases that the bank's author wrote."""
    path = QUESTIONS / f"{bank}.cases.yaml"
    cases = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["cases"]
    return [dict(case["answers"]) for case in cases]


def numbers_written(bank: str) -> dict[str, list[int]]:
    """The numbers among those answers, by question: all of them are on their grid."""
    found: dict[str, list[int]] = {}
    for answers in written_takers(bank):
        for id, value in answers.items():
            if isinstance(value, int) and not isinstance(value, bool):
                found.setdefault(id, []).append(value)
    return found


class Browser:
    """One taker's cookies and address, over connections that outlive it; each request goes to the next worker."""

    def __init__(self, lines: Iterator[Asking], figures: Figures) -> None:
        self._lines, self._figures = lines, figures
        self._cookies: dict[str, str] = {}
        self._address = some_address()
        self.page = ""

    async def get(self, path: str, kind: str) -> None:
        """Open a page."""
        answer = await self._ask("GET", path, kind)
        if answer.status != 200:
            raise Failed(f"{kind}: {answer.status}")
        self.page = answer.body.decode()

    async def post(self, path: str, form: str, kind: str, fields: Sequence[tuple[str, str]] = ()) -> str:
        """Send the form of that id; where it leads."""
        token = dict(_TOKEN.findall(self.page)).get(form, "")
        body = urlencode([("csrf_token", token), *fields]).encode()
        answer = await self._ask("POST", path, kind, body)
        if answer.status != 303:
            raise Failed(f"{kind}: {answer.status}")
        return answer.location

    def fields(self, numbers: Mapping[str, list[int]]) -> list[tuple[str, str]]:
        """The form of the page filled in at random: one of what is offered, or a number that was written."""
        start = self.page.index('<form id="answers"')
        form = self.page[start : self.page.index("</form>", start)]
        offered: dict[str, list[str]] = {}
        for kind, name, value in _INPUT.findall(form):
            if kind == "text":
                offered[name] = [str(number) for number in numbers.get(name, [])]
            else:
                offered.setdefault(name, []).append(value)
        for select in _SELECT.finditer(form):
            offered[select[1]] = _OPTION.findall(select[0])
        # Who leaves a question open is rarer than chance would have it, and left out here.
        given = {name: [value for value in values if value != LEFT_OPEN] for name, values in offered.items()}
        return [(name, random.choice(values or [LEFT_OPEN])) for name, values in given.items()]

    async def _ask(self, method: str, path: str, kind: str, body: bytes = b"") -> Answer:
        headers = {"X-Forwarded-For": self._address}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if body:
            headers["Content-Type"] = FORM
        begun = time.perf_counter()
        answer = await next(self._lines).ask(method, path, headers, body)
        self._figures.note(kind, begun)
        self._cookies |= answer.cookies
        return answer


@dataclass(frozen=True)
class Way:
    """What a taker goes through: the bank, numbers to fill in, and seconds to look at questions and answers."""

    bank: str
    numbers: Mapping[str, list[int]]
    pause: float = 0.0

    async def look(self) -> None:
        """Look at a page for about so long."""
        if self.pause:
            await asyncio.sleep(self.pause * random.uniform(0.5, 1.5))


async def journey(lines: Iterator[Asking], way: Way, figures: Figures) -> None:
    """One taker from the bank's first page to the result, whose link somebody else opens. Raises Failed."""
    taker = Browser(lines, figures)
    await taker.get(f"/quiz/{way.bank}", "bank")
    place = await taker.post(f"/quiz/{way.bank}", "begin", "begin")
    for _ in range(MOST_SCREENS):
        if place.endswith("/check"):
            break
        await taker.get(place, "question")
        await way.look()
        place = await taker.post(place, "answers", "answer", taker.fields(way.numbers))
    await taker.get(place, "check")
    await way.look()
    place = await taker.post(f"/quiz/{way.bank}/result", "result", "save")
    await taker.get(place, "result")
    await Browser(lines, figures).get(place, "link")
    figures.done += 1


async def take(
    urls: Sequence[str], bank: str, together: int, seconds: float = 0.0, count: int = 0, pause: float = 0.0
) -> Figures:
    """Journeys of so many takers at once, begun for so long or until there were so many of them.

    Takers who look at pages come one after the other, so that each is somewhere else, and times are noted for
    so long from when all are there.
    """
    figures, way = Figures(), Way(bank, numbers_written(bank), pause)
    coming = pause * LOOKS
    begun = time.perf_counter() + coming
    numbers = itertools.count()

    async def keep_taking(place: int) -> None:
        await asyncio.sleep(coming * place / together)
        lines = [Asking(url) for url in urls]
        turns = itertools.cycle(lines[place % len(lines) :] + lines[: place % len(lines)])
        while (next(numbers) < count) if count else (time.perf_counter() - begun < seconds):
            try:
                await journey(turns, way, figures)
            except (OSError, EOFError, Failed) as error:
                figures.wrong[str(error) or type(error).__name__] += 1
        for line in lines:
            line.close()

    async def note() -> None:
        if coming:
            figures.noting = False
            await asyncio.sleep(coming)
            figures.noting = True
            await asyncio.sleep(seconds)
            figures.noting = False

    await asyncio.gather(note(), *(keep_taking(place) for place in range(together)))
    figures.seconds = time.perf_counter() - begun
    return figures


async def send(
    urls: Sequence[str], path: str, sent: Iterator[Ready], together: int, seconds: float
) -> Figures:
    """The same request from always somebody else, for so long."""
    figures, begun = Figures(), time.perf_counter()

    async def keep_sending(place: int) -> None:
        line = Asking(urls[place % len(urls)])
        while time.perf_counter() - begun < seconds:
            one = next(sent)
            asked = time.perf_counter()
            try:
                answer = await line.ask("POST", path, one.headers, one.body)
            except (OSError, EOFError) as error:
                figures.wrong[type(error).__name__] += 1
                continue
            figures.note("save", asked)
            figures.done += answer.status == 303
            if answer.status != 303:
                figures.wrong[f"{path}: {answer.status}"] += 1
        line.close()

    await asyncio.gather(*(keep_sending(place) for place in range(together)))
    figures.seconds = time.perf_counter() - begun
    return figures
