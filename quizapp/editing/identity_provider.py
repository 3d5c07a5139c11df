"""An OpenID provider, asked by authorization code with PKCE who somebody is; knows no editor and no Flask."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from quizapp.editing.identity import Attempt, Unreachable, Untrusted
from quizapp.editing.identity_http import fetch_object, open_session
from quizapp.store.tokens import new_secret

# Signed by a key of which we know the public half only. HS256 would let whoever reads that half sign.
ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
KEEP_SECONDS = 3_600.0
# A key that is not known is looked for again, but not for everybody who makes one up.
RETRY_SECONDS = 30.0
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255
_WELL_KNOWN = "/.well-known/openid-configuration"
_KEY_TYPES = ("RSA", "EC", "OKP")


@dataclass(frozen=True)
class _Known:
    """What the provider says of itself, and when it was asked."""

    says: dict[str, Any]
    keys: KeySet
    at: float


class Provider:
    """One provider; what it says of itself and its keys are kept for an hour."""

    def __init__(
        self, issuer: str, client_id: str, secret: str = "", seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._secret = secret
        self._seconds = seconds
        self._lock = threading.Lock()
        self._known: _Known | None = None

    def begin(self, redirect: str) -> tuple[str, Attempt]:
        """Where to send a browser, and what it must bring back to ``redirect``. Raises ``Unreachable``."""
        known = self._ask(KEEP_SECONDS)
        # 43 characters are the least that PKCE allows.
        attempt = Attempt(new_secret(), new_secret(), new_secret() + new_secret(), redirect)
        with self._session(known) as session:
            url, _ = session.create_authorization_url(
                known.says["authorization_endpoint"],
                state=attempt.state,
                code_verifier=attempt.verifier,
                nonce=attempt.nonce,
                redirect_uri=redirect,
            )
        return str(url), attempt

    def subject(self, attempt: Attempt, code: str, said_issuer: str | None = None) -> str:
        """Who it is, as "issuer|sub". Raises ``Untrusted`` and ``Unreachable``.

        The token's signature, issuer, audience, nonce and times are checked, and the issuer that the
        answer names, if it names one (RFC 9207).
        """
        if said_issuer is not None and said_issuer != self._issuer:
            raise Untrusted("the answer names another issuer")
        known = self._ask(KEEP_SECONDS)
        try:
            answer = self._exchange(known, attempt, code)
            claims = self._claims(
                str(answer["id_token"]), str(answer.get("access_token") or ""), attempt.nonce
            )
        except requests.RequestException as error:
            raise Unreachable(f"the provider does not answer: {type(error).__name__}") from error
        except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise Untrusted(f"the provider's answer cannot be believed: {type(error).__name__}") from error
        sub = claims["sub"]
        if not 0 < len(sub) <= LONGEST_SUBJECT or not sub.isprintable():
            raise Untrusted("the provider names nobody")
        return f"{self._issuer}|{sub}"

    def _exchange(self, known: _Known, attempt: Attempt, code: str) -> Any:
        with self._session(known) as session:
            return session.fetch_token(
                known.says["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                redirect_uri=attempt.redirect,
                code_verifier=attempt.verifier,
                allow_redirects=False,
            )

    def _claims(self, token: str, access_token: str, nonce: str) -> CodeIDToken:
        decoded = self._decoded(token)
        options = {
            "iss": {"essential": True, "value": self._issuer},
            "aud": {"essential": True, "value": self._client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        params = {"nonce": nonce, "client_id": self._client_id, "access_token": access_token}
        claims = CodeIDToken(decoded.claims, decoded.header, options, params)
        claims.validate(leeway=LEEWAY_SECONDS)
        return claims

    def _decoded(self, token: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        try:
            return jwt.decode(token, self._ask(KEEP_SECONDS).keys, registry=registry)
        except InvalidKeyIdError:
            # Providers change their keys from time to time.
            return jwt.decode(token, self._ask(RETRY_SECONDS).keys, registry=registry)

    def _ask(self, keep: float) -> _Known:
        """What the provider says of itself, at most ``keep`` seconds old."""
        with self._lock:
            now = self._seconds()
            if self._known is None or now - self._known.at > keep:
                self._known = self._asked(now)
            return self._known

    def _asked(self, now: float) -> _Known:
        try:
            with open_session(self._issuer, self._client_id, "") as session:
                says = fetch_object(session, self._issuer.rstrip("/") + _WELL_KNOWN)
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    self._check_address(says[name])
                if says["issuer"] != self._issuer:
                    raise ValueError("it calls itself otherwise")
                keys = fetch_object(session, says["jwks_uri"])["keys"]
            return _Known(says, _signing_keys(keys), now)
        except (
            requests.RequestException,
            JoseError,
            KeyError,
            TypeError,
            ValueError,
            RecursionError,
        ) as error:
            raise Unreachable(f"{self._issuer} does not answer as a provider: {error}") from error

    def _check_address(self, url: str) -> None:
        parts = urlsplit(url)
        # The provider on this machine may go without; any other may not name what is not safe.
        allowed = ("https",) if self._issuer.startswith("https:") else ("https", "http")
        if parts.scheme not in allowed or not parts.hostname or parts.username:
            raise ValueError(f"{url!r} is no safe address")

    def _session(self, known: _Known) -> Any:
        methods = known.says.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        in_body = "client_secret_basic" not in methods and "client_secret_post" in methods
        return open_session(self._issuer, self._client_id, self._secret, in_body)


def _signing_keys(keys: Any) -> KeySet:
    """The public keys for signatures: a key that both sides share would let a forger sign with it."""
    if not isinstance(keys, list):
        raise ValueError("the keys are no list")
    known = [key for key in keys if isinstance(key, dict) and key.get("kty") in _KEY_TYPES]
    fit = [key for key in known if key.get("use", "sig") == "sig"]
    public = [{name: value for name, value in key.items() if name != "d"} for key in fit]
    return KeySet.import_key_set({"keys": public})
