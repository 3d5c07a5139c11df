"""Puts load on one address: with wrk where it is installed, else with threads of Python."""

from __future__ import annotations

import http.client
import re
import shutil
import statistics
import subprocess
import threading
import time
import urllib.parse
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Load:
    """What came of one round: requests per second, and percentiles of the time of one in ms."""

    rate: float
    p50: float
    p99: float

    CONNECTIONS: ClassVar[int] = 8
    SECONDS: ClassVar[int] = 3


def run_load(url: str, cookie: str) -> Load:
    """One round against one address. Raises RuntimeError where an answer is not 200."""
    wrk = shutil.which("wrk")
    return _with_wrk(wrk, url, cookie) if wrk else _with_threads(url, cookie)


def _with_wrk(wrk: str, url: str, cookie: str) -> Load:
    command = [
        wrk,
        "-t1",
        f"-c{Load.CONNECTIONS}",
        f"-d{Load.SECONDS}s",
        "--latency",
        "-H",
        f"Cookie: {cookie}",
        url,
    ]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told:
        raise RuntimeError(f"{url} did not answer with 200:\n{told}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert rate, told
    return Load(float(rate[1]), _percentile(told, 50), _percentile(told, 99))


def _percentile(told: str, which: int) -> float:
    found = re.search(rf"^\s+{which}%\s+([\d.]+)(us|ms|s)\s*$", told, re.MULTILINE)
    assert found, told
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]]


def _with_threads(url: str, cookie: str) -> Load:
    times: list[float] = []
    faults: list[str] = []
    end = time.perf_counter() + Load.SECONDS
    threads = [
        threading.Thread(target=_ask, args=(url, cookie, end, times, faults)) for _ in range(Load.CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])
    cuts = statistics.quantiles(times, n=100)
    return Load(len(times) / Load.SECONDS, cuts[49] * 1000, cuts[98] * 1000)


def _ask(url: str, cookie: str, end: float, times: list[float], faults: list[str]) -> None:
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    while (begun := time.perf_counter()) < end and not faults:
        connection.request("GET", parts.path, headers={"Cookie": cookie})
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            faults.append(f"{url} answered {response.status}")
        times.append(time.perf_counter() - begun)
    connection.close()
