"""An OpenID provider on this machine: a real server that signs with a real key, and forges when told to."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from joserfc.jws import JWSRegistry

Claims = dict[str, Any]


@dataclass
class Provider:
    """What it answers; tests change ``forge`` and the like before somebody comes."""

    issuer: str = ""
    client_id: str = "quizapp"
    client_secret: str = "shared"
    subject: str = "user-1"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    claims: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Provider, Claims], str] | None = None
    metadata: Callable[[Claims], Claims] = lambda says: says
    keys: Callable[[list[Claims]], list[Claims]] = lambda keys: keys
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0

    def behave(self) -> None:
        """Be an honest provider again, with the key and address that it has."""
        fresh = Provider(key=self.key)
        for name, value in vars(fresh).items():
            if name not in ("issuer", "key"):
                setattr(self, name, value)

    def authorize(self, url: str) -> str:
        """What a person does there: says yes; the address that their browser is sent back to."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert url.startswith(f"{self.issuer}/authorize?")
        assert (asked["client_id"], asked["response_type"]) == (self.client_id, "code")
        assert asked["scope"] == "openid" and asked["code_challenge_method"] == "S256"
        code = secrets.token_hex()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def signed(self, claims: Claims, key: Any = None, **header: Any) -> str:
        """A token; ``alg`` and the like change its header."""
        key = key or self.key
        head = {"alg": "RS256", "kid": "one", **header}
        registry = JWSRegistry(algorithms=["RS256", "ES256", "HS256", "none", "PS256"])
        return str(jwt.encode(head, claims, key, registry=registry))

    def token(self, asked: dict[str, str]) -> str:
        """The id token for what was asked."""
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": self.client_id, "nonce": asked["nonce"]}
        claims = self.claims(claims | {"iat": now, "exp": now + 300})
        return self.sign(self, claims) if self.sign else self.signed(claims)

    def exchange(self, body: str, authorization: str) -> tuple[int, Claims]:
        """The token endpoint: code, client and PKCE are checked as a provider checks them."""
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.codes.pop(sent.get("code", ""), None)
        client = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if authorization != f"Basic {client}":
            return 401, {"error": "invalid_client"}
        if not asked or asked["redirect_uri"] != sent["redirect_uri"] or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": self.token(asked)}

    def answer(self, path: str) -> Any:
        """What it says of itself, or its keys."""
        if path == "/.well-known/openid-configuration":
            names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            says = {name: f"{self.issuer}/{below}" for name, below in names.items()}
            return self.metadata({"issuer": self.issuer, **says})
        return {"keys": self.keys([self.key.as_dict(private=False)])} if path == "/keys" else None


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        self._answer(200, self.provider.answer(self.path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer(*self.provider.exchange(body, self.headers.get("Authorization", "")))

    def _answer(self, status: int, what: Any) -> None:
        self.provider.asked.append(self.path)
        time.sleep(self.provider.delay)
        if self.path in self.provider.redirects:
            self.send_response(302)
            self.send_header("Location", self.provider.redirects[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = self.provider.raw.get(self.path, json.dumps(what).encode())
        self.send_response(status if what is not None else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asks may hang up."""


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that listens on this machine."""
    provider = Provider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = _Server(("127.0.0.1", 0), handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def other_key(kid: str = "one") -> RSAKey:
    """A key that the provider does not have."""
    return RSAKey.generate_key(2048, {"kid": kid})


def unsigned(provider: Provider, claims: Claims) -> str:
    """A token that says it needs no signature."""
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts)
        + "."
    )


def confused(provider: Provider, claims: Claims) -> str:
    """Signed by HS256 with the text of the public key, which everybody can read, as the secret."""
    import hmac

    pem = provider.key.as_pem(private=False)
    parts = [{"alg": "HS256", "typ": "JWT", "kid": "one"}, claims]
    text = ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts)
    made = hmac.new(pem, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


def by_shared_secret(provider: Provider, claims: Claims) -> str:
    """Signed by HS256 with a key that the provider itself lists, or the client's own secret."""
    return provider.signed(claims, OctKey.import_key("shared" * 8, {"kid": "two"}), alg="HS256", kid="two")


def by_key_in_header(provider: Provider, claims: Claims) -> str:
    """Signed by a key that the token brings along."""
    mine = other_key()
    return provider.signed(claims, mine, jwk=mine.as_dict(private=False))


def by_elliptic_key(provider: Provider, claims: Claims) -> str:
    """Signed by a key of another kind under the provider's key's name."""
    return provider.signed(claims, ECKey.generate_key("P-256", {"kid": "one"}), alg="ES256")
