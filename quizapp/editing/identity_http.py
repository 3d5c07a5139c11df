"""Requests to an OpenID provider: short, small and never led elsewhere."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

SECONDS = 5.0
MOST_BYTES = 262_144
_CHUNK = 16_384


class _Bounded(HTTPAdapter):
    """Reads an answer whole, at most ``MOST_BYTES`` and ``SECONDS`` of it."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """The answer, read. Raises ``requests.RequestException``."""
        ends = time.monotonic() + SECONDS
        response = super().send(request, True, SECONDS, verify, cert, proxies)
        parts: list[bytes] = []
        # One look at the line at a time: whoever sends a byte now and then is too slow as well.
        while part := _next_part(response):
            parts.append(part)
            if sum(map(len, parts)) > MOST_BYTES or time.monotonic() > ends:
                response.close()
                raise requests.exceptions.ConnectionError("the answer is too long or too slow")
        response._content = b"".join(parts)
        response._content_consumed = True
        return response


def _next_part(response: requests.Response) -> bytes:
    try:
        return bytes(response.raw.read1(_CHUNK))
    except HTTPError as error:
        raise requests.exceptions.ConnectionError("the answer breaks off") from error


def open_session(issuer: str, client_id: str, secret: str, in_body: bool = False) -> Any:
    """A session of Authlib's over ``requests`` for that client.

    ``in_body`` sends the client's secret in the body instead of the header, for providers that say so.
    """
    method = ("client_secret_post" if in_body else "client_secret_basic") if secret else "none"
    session = OAuth2Session(
        client_id,
        secret or None,
        scope="openid",
        token_endpoint_auth_method=method,
        code_challenge_method="S256",
    )
    # No packed answers, which may be far larger than they look.
    session.headers.update({"Accept": "application/json", "Accept-Encoding": "identity"})
    session.trust_env = urlsplit(issuer).scheme == "https"
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Bounded())
    return session


def fetch_object(session: Any, url: str) -> dict[str, Any]:
    """The JSON object at an address. Raises ``requests.RequestException``, ValueError for anything else."""
    response = session.get(url, withhold_token=True, allow_redirects=False)
    if response.status_code != requests.codes.ok:
        raise requests.exceptions.ConnectionError(f"status {response.status_code}")
    found = response.json()
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found
