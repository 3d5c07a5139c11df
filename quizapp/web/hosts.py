"""Where a name that is not set as one of the site's is answered all the same: its own machine's, about its health."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request

LOOKED_AT = ("/healthz", "/readyz", "/metrics")


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own.

    >>> is_loopback("::1"), is_loopback("192.0.2.7"), is_loopback("localhost")
    (True, False, False)
    """
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def names_this_machine(host: str) -> bool:
    """Whether a Host header names this machine; no page on the net can make such a name its own.

    >>> names_this_machine("localhost:8000"), names_this_machine("[::1]"), names_this_machine("quiz.example")
    (True, True, False)
    """
    try:
        named = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return named == "localhost" or is_loopback(named)


def asks_how_it_is(request: Request) -> bool:
    """Whether a request is one for health or figures by this machine's own name."""
    return request.path in LOOKED_AT and names_this_machine(request.headers.get("Host", ""))
