"""Signing in through an OpenID provider, and every forged answer that must not let anybody in."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.cookies import SimpleCookie
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from click.testing import CliRunner
from flask import Flask
from joserfc.jwk import OctKey

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.doctor.look import examine
from quizapp.editing import identity_setting
from quizapp.editing.identity_setting import identity_of
from quizapp.errors import Invalid
from tests.web.conftest import stop
from tests.web.edit import provider as forging
from tests.web.edit.conftest import TODAY, StartDesk
from tests.web.edit.provider import Claims, Provider, running
from tests.web.visitor import Visitor

HERE = "/edit/account"
SESSION, ATTEMPT = "quizapp-editor", "quizapp-oidc"


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with running() as found:
        yield found


@pytest.fixture
def provider(server: Provider) -> Provider:
    """An honest one, until a test says otherwise."""
    server.behave()
    return server


@pytest.fixture(scope="module")
def settled(ground: Path, server: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with that provider, whose user-1 is the editor aki."""
    folder = tmp_path_factory.mktemp("oidc") / "desk"
    shutil.copytree(ground, folder)
    settings = Settings(
        instance=folder / "instance",
        questions=folder / "questions",
        watch=0,
        oidc_issuer=server.issuer,
        oidc_client_id=server.client_id,
        oidc_client_secret=server.client_secret,
        oidc_label="Example",
    )
    app = create_app(settings, today=lambda: TODAY)
    app.extensions["quizapp"].accounts.add("aki", "editor", None, f"{server.issuer}|user-1")
    yield app
    stop(app)


@pytest.fixture
def app(settled: Flask, provider: Provider) -> Flask:
    """The same, as if it had asked the provider nothing yet."""
    services = settled.extensions["quizapp"]
    settled.extensions["quizapp"] = replace(services, identity=identity_of(services.settings))
    services.accounts.disable("aki", False)
    return settled


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return visitor


def leave(visitor: Visitor, next: str = HERE) -> str:
    """Where the link on the sign-in page leads."""
    response = visitor.client.get("/edit/oidc", query_string={"next": next})
    assert response.status_code == 303, response.get_data(as_text=True)
    return str(response.headers["Location"])


def come_back(visitor: Visitor, url: str) -> Visitor:
    parts = urlsplit(url)
    return visitor.get(f"{parts.path}?{parts.query}")


def sign_in(visitor: Visitor, provider: Provider) -> Visitor:
    return come_back(visitor, provider.authorize(leave(visitor)))


def is_out(visitor: Visitor) -> bool:
    return visitor.client.get_cookie(SESSION) is None and visitor.get(HERE).path == "/edit/sign-in"


def with_changes(url: str, **changes: str | None) -> str:
    """The address with parts of its query changed, or taken away."""
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query)), **changes}
    return f"{parts.path}?{urlencode({name: value for name, value in query.items() if value is not None})}"


def test_an_editor_whom_the_provider_knows_signs_in(visitor: Visitor, provider: Provider) -> None:
    visitor.get(HERE)
    assert "Sign in with Example" in visitor.words
    assert f'href="/edit/oidc?next={HERE}"' in visitor.page
    assert sign_in(visitor, provider).path == HERE
    assert "aki" in visitor.words and "New password" not in visitor.words


def test_the_session_is_like_any_other(app: Flask, visitor: Visitor, provider: Provider) -> None:
    sign_in(visitor, provider)
    secret = visitor.client.get_cookie(SESSION)
    assert secret
    app.extensions["quizapp"].accounts.disable("aki", True)
    assert visitor.get(HERE).path == "/edit/sign-in"
    assert sign_in(visitor, provider).status == 403
    assert visitor.get(HERE).path == "/edit/sign-in"


@pytest.mark.parametrize("https", [False, True])
def test_the_cookie_of_the_attempt_is_short_lived_and_for_no_script(
    start_desk: StartDesk, provider: Provider, https: bool
) -> None:
    app = start_desk(https=https, oidc_issuer=provider.issuer, oidc_client_id="quizapp")
    response = app.test_client().get("/edit/oidc")
    lines = [line for line in response.headers.getlist("Set-Cookie") if ATTEMPT in line]
    name = f"__Host-{ATTEMPT}" if https else ATTEMPT
    found = SimpleCookie(lines[0])[name]
    assert (found["httponly"], found["samesite"], found["path"]) == (True, "Lax", "/")
    assert (bool(found["secure"]), int(found["max-age"])) == (https, 600)
    back = dict(parse_qsl(urlsplit(response.headers["Location"]).query))["redirect_uri"]
    assert back == f"{'https' if https else 'http'}://localhost/edit/oidc/back"


def test_the_cookie_is_taken_away_when_it_is_over(visitor: Visitor, provider: Provider) -> None:
    url = leave(visitor)
    assert visitor.client.get_cookie(ATTEMPT)
    come_back(visitor, provider.authorize(url))
    assert visitor.client.get_cookie(ATTEMPT) is None


def test_somebody_whom_no_editor_answers_to_is_told_what_to_ask_for(
    visitor: Visitor, provider: Provider
) -> None:
    provider.subject = "user-2's; rm -rf <b>"
    sign_in(visitor, provider)
    assert visitor.status == 403
    assert "nobody here goes by this account" in visitor.words
    assert f"{provider.issuer}|{provider.subject}" in visitor.words
    assert """--subject '""" in visitor.words and "'\"'\"'" in visitor.words
    assert "<b>" not in visitor.page
    assert is_out(visitor)


def test_nobody_else_is_let_in_by_a_like_subject(app: Flask, visitor: Visitor, provider: Provider) -> None:
    for subject in ("USER-1", "user-1 ", "user-10", "|user-1"):
        provider.subject = subject
        assert sign_in(visitor, provider).status in (400, 403), subject
        assert is_out(visitor)


def changed(**changes: Any) -> Callable[[Claims], Claims]:
    return lambda claims: {name: v for name, v in {**claims, **changes}.items() if v is not None}


PAST, FUTURE = int(time.time()) - 3_600, int(time.time()) + 3_600
FORGED_CLAIMS = {
    "wrong audience": changed(aud="somebody-else"),
    "audience among others, no party": changed(aud=["quizapp", "somebody-else"]),
    "another party": changed(aud=["quizapp"], azp="somebody-else"),
    "audiences of another kind": changed(aud={"quizapp": 1}),
    "no audience": changed(aud=None),
    "wrong issuer": changed(iss="http://127.0.0.1:1"),
    "issuer with a slash more": lambda claims: {**claims, "iss": claims["iss"] + "/"},
    "no issuer": changed(iss=None),
    "expired": changed(exp=PAST),
    "never expires": changed(exp=None),
    "expires in words": changed(exp="tomorrow"),
    "issued in the future": changed(iat=FUTURE, exp=FUTURE + 60),
    "not valid yet": changed(nbf=FUTURE),
    "wrong nonce": changed(nonce="another"),
    "no nonce": changed(nonce=None),
    "empty nonce": changed(nonce=""),
    "listed nonce": lambda claims: {**claims, "nonce": [claims["nonce"]]},
    "no subject": changed(sub=None),
    "empty subject": changed(sub=""),
    "subject of another kind": changed(sub=["user-1"]),
    "long subject": changed(sub="x" * 300),
    "subject with a line break": changed(sub="user-1\n"),
    "another access token": changed(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
}


@pytest.mark.parametrize("forged", FORGED_CLAIMS)
def test_a_token_that_claims_otherwise_lets_nobody_in(
    visitor: Visitor, provider: Provider, forged: str
) -> None:
    provider.claims = FORGED_CLAIMS[forged]
    sign_in(visitor, provider)
    assert visitor.status == 400
    assert "could not be used" in visitor.words
    assert is_out(visitor)
    provider.claims = lambda claims: claims
    assert sign_in(visitor, provider).path == HERE


FORGED_SIGNATURES: dict[str, Callable[[Provider, Claims], str]] = {
    "wrong key": lambda provider, claims: provider.signed(claims, forging.other_key()),
    "unknown key": lambda provider, claims: provider.signed(claims, forging.other_key("two"), kid="two"),
    "no algorithm": forging.unsigned,
    "public key as a secret": forging.confused,
    "shared secret": forging.by_shared_secret,
    "key in the header": forging.by_key_in_header,
    "key of another kind": forging.by_elliptic_key,
    "signature cut off": lambda provider, claims: provider.signed(claims).rpartition(".")[0] + ".",
    "claims changed": lambda provider, claims: swapped(provider, claims),
    "not a token": lambda provider, claims: "x.y.z",
    "empty": lambda provider, claims: "",
    "critical header": lambda provider, claims: provider.signed(claims) + ".x",
}


def swapped(provider: Provider, claims: Claims) -> str:
    """The signature of one token under the claims of another."""
    head, _, signature = provider.signed({**claims, "sub": "user-2"}).split(".")
    return ".".join((head, provider.signed(claims).split(".")[1], signature))


@pytest.mark.parametrize("forged", FORGED_SIGNATURES)
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    visitor: Visitor, provider: Provider, forged: str
) -> None:
    provider.sign = FORGED_SIGNATURES[forged]
    assert sign_in(visitor, provider).status == 400
    assert is_out(visitor)


def test_a_shared_key_among_the_providers_own_signs_nothing(visitor: Visitor, provider: Provider) -> None:
    shared = OctKey.import_key("shared" * 8, {"kid": "two"}).as_dict(private=True)
    provider.keys = lambda keys: [*keys, {**shared, "kid": "two", "alg": "HS256"}]
    provider.sign = forging.by_shared_secret
    assert sign_in(visitor, provider).status == 400
    assert is_out(visitor)
    provider.sign = None
    assert sign_in(visitor, provider).path == HERE


def test_an_answer_that_is_brought_twice_lets_in_once(
    app: Flask, visitor: Visitor, provider: Provider
) -> None:
    url = leave(visitor)
    kept = visitor.client.get_cookie(ATTEMPT)
    assert kept
    back = provider.authorize(url)
    code = dict(parse_qsl(urlsplit(back).query))["code"]
    asked = dict(provider.codes[code])
    come_back(visitor, back)
    thief = Visitor(app.test_client())
    thief.client.set_cookie(ATTEMPT, kept.value)
    # Even where the provider would give a token for the code again.
    provider.codes[code] = asked
    assert come_back(thief, back).status == 400
    assert is_out(thief)


@pytest.mark.parametrize(
    "changes", [{"state": None}, {"state": ""}, {"state": "x"}, {"code": None}, {"code": ""}]
)
def test_an_answer_without_what_was_asked_lets_nobody_in(
    visitor: Visitor, provider: Provider, changes: dict[str, str | None]
) -> None:
    back = provider.authorize(leave(visitor))
    assert visitor.get(with_changes(back, **changes)).status == 400
    assert is_out(visitor)


def test_a_refusal_of_the_provider_is_told_and_its_words_are_not(
    visitor: Visitor, provider: Provider
) -> None:
    back = provider.authorize(leave(visitor))
    visitor.get(with_changes(back, code=None, error="access_denied", error_description="<b>Call 555"))
    assert visitor.status == 400 and "555" not in visitor.page
    assert is_out(visitor)


def test_an_answer_of_another_issuer_lets_nobody_in(visitor: Visitor, provider: Provider) -> None:
    back = provider.authorize(leave(visitor))
    assert visitor.get(with_changes(back, iss="https://evil.example")).status == 400
    assert is_out(visitor)


def test_an_answer_that_names_the_issuer_is_fine(visitor: Visitor, provider: Provider) -> None:
    back = provider.authorize(leave(visitor))
    assert visitor.get(with_changes(back, iss=provider.issuer)).path == HERE


def test_an_answer_to_what_another_browser_asked_lets_nobody_in(
    app: Flask, visitor: Visitor, provider: Provider
) -> None:
    thief = Visitor(app.test_client())
    mine, theirs = provider.authorize(leave(visitor)), provider.authorize(leave(thief))
    assert come_back(visitor, theirs).status == 400
    assert come_back(Visitor(app.test_client()), mine).status == 400
    assert is_out(visitor)


@pytest.mark.parametrize(
    "spoil", [lambda text: text[:-1], lambda text: "x" + text, lambda text: "", lambda text: "e30.a.b"]
)
def test_a_cookie_that_we_did_not_sign_lets_nobody_in(
    visitor: Visitor, provider: Provider, spoil: Callable[[str], str]
) -> None:
    back = provider.authorize(leave(visitor))
    kept = visitor.client.get_cookie(ATTEMPT)
    assert kept
    visitor.client.set_cookie(ATTEMPT, spoil(kept.value))
    assert come_back(visitor, back).status == 400
    assert is_out(visitor)


def test_the_cookie_of_takers_is_none_of_an_attempt(app: Flask, visitor: Visitor, provider: Provider) -> None:
    back = provider.authorize(leave(visitor))
    signer = app.session_interface.get_signing_serializer(app)
    visitor.client.set_cookie(ATTEMPT, str(signer.dumps([{"state": "x"}, ""])))
    assert come_back(visitor, back).status == 400


def test_an_attempt_runs_out(visitor: Visitor, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    back = provider.authorize(leave(visitor))
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)
    assert come_back(visitor, back).status == 400


@pytest.mark.parametrize(
    "next", ["//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example"]
)
def test_nobody_is_led_elsewhere_afterwards(visitor: Visitor, provider: Provider, next: str) -> None:
    parts = urlsplit(provider.authorize(leave(visitor, next)))
    response = visitor.client.get(f"{parts.path}?{parts.query}")
    assert response.status_code == 303
    assert "evil" not in response.headers["Location"]


def test_another_site_cannot_begin_it(visitor: Visitor) -> None:
    response = visitor.client.get("/edit/oidc", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.headers["Location"] == "/edit/sign-in"
    assert visitor.client.get_cookie(ATTEMPT) is None


def test_what_it_says_of_itself_is_asked_once(visitor: Visitor, provider: Provider) -> None:
    for _ in range(3):
        sign_in(visitor, provider)
        visitor.client.delete_cookie(SESSION)
    assert provider.asked.count("/keys") == 1
    assert provider.asked.count("/.well-known/openid-configuration") == 1


def test_a_new_key_is_fetched_but_not_for_everybody_who_makes_one_up(
    app: Flask, visitor: Visitor, provider: Provider
) -> None:
    sign_in(visitor, provider)
    visitor.client.delete_cookie(SESSION)
    provider.sign = FORGED_SIGNATURES["unknown key"]
    for _ in range(3):
        assert sign_in(visitor, provider).status == 400
    assert provider.asked.count("/keys") == 1
    fresh = forging.other_key("new")
    provider.keys = lambda keys: [fresh.as_dict(private=False)]
    provider.sign = lambda provider, claims: provider.signed(claims, fresh, kid="new")
    found = app.extensions["quizapp"].identity
    began = found._seconds()
    found._seconds = lambda: began + 31
    assert sign_in(visitor, provider).path == HERE
    assert provider.asked.count("/keys") == 2


BROKEN: dict[str, Callable[[Provider], None]] = {
    "another name": lambda one: setattr(
        one, "metadata", lambda says: {**says, "issuer": "https://evil.example"}
    ),
    "no addresses": lambda one: setattr(one, "metadata", lambda says: {"issuer": says["issuer"]}),
    "an address of a file": lambda one: setattr(
        one, "metadata", lambda says: {**says, "jwks_uri": "file:///etc/passwd"}
    ),
    "a list": lambda one: setattr(one, "metadata", lambda says: [says]),  # type: ignore[list-item]
    "not JSON": lambda one: one.raw.update({"/keys": b"<html>"}),
    "too long": lambda one: one.raw.update({"/keys": json.dumps({"keys": ["x" * 300_000]}).encode()}),
    "very deep": lambda one: one.raw.update({"/keys": b"[" * 200_000}),
    "keys of no kind": lambda one: setattr(one, "keys", lambda keys: [3, None]),
    "led elsewhere": lambda one: one.redirects.update({"/keys": f"{one.issuer}/elsewhere"}),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_provider_that_is_none_is_told_and_costs_nothing_else(
    visitor: Visitor, provider: Provider, broken: str
) -> None:
    BROKEN[broken](provider)
    response = visitor.get("/edit/oidc")
    assert response.status == 503
    assert "does not answer just now" in visitor.words
    assert visitor.client.get_cookie(ATTEMPT) is None
    assert "/elsewhere" not in provider.asked


def test_a_provider_that_is_slow_or_gone_is_told(
    visitor: Visitor, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quizapp.editing import identity_http

    monkeypatch.setattr(identity_http, "SECONDS", 0.2)
    provider.delay = 5.0
    began = time.monotonic()
    assert visitor.get("/edit/oidc").status == 503
    assert time.monotonic() - began < 4.5
    provider.delay = 0.0
    back = provider.authorize(leave(visitor))
    provider.redirects["/token"] = f"{provider.issuer}/elsewhere"
    assert come_back(visitor, back).status in (400, 503)
    assert "/elsewhere" not in provider.asked
    assert is_out(visitor)


def test_a_client_with_a_wrong_secret_is_refused(start_desk: StartDesk, provider: Provider) -> None:
    app = start_desk(oidc_issuer=provider.issuer, oidc_client_id="quizapp", oidc_client_secret="wrong")
    visitor = Visitor(app.test_client())
    assert come_back(visitor, provider.authorize(leave(visitor))).status == 400


def test_tokens_and_codes_stand_in_no_log(
    visitor: Visitor, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="quizapp")
    provider.claims = FORGED_CLAIMS["wrong nonce"]
    back = provider.authorize(leave(visitor))
    come_back(visitor, back)
    sent = dict(parse_qsl(urlsplit(back).query))
    assert "signing in through the provider failed" in caplog.text
    assert sent["code"] not in caplog.text and sent["state"] not in caplog.text


def test_without_a_provider_there_is_no_link_and_no_page(start_desk: StartDesk) -> None:
    visitor = Visitor(start_desk().test_client())
    assert "/edit/oidc" not in visitor.get("/edit/sign-in").page
    assert visitor.get("/edit/oidc").status == visitor.get("/edit/oidc/back").status == 404


def without_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> ModuleSpec | None:
        return None if name == "authlib" else sys.modules[__name__].__spec__

    monkeypatch.setattr(identity_setting, "find_spec", find)


def test_what_to_install_is_said_where_the_extra_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_libraries(monkeypatch)
    settings = Settings(instance=tmp_path, oidc_issuer="https://id.example", oidc_client_id="x")
    with pytest.raises(Invalid, match=r"authlib is not installed.*pip install 'quizapp\[oidc\]'"):
        identity_of(settings)
    found = next(one for one in examine(settings, TODAY) if one.of == "editors' sign-in")
    assert found.verdict == "bad" and "quizapp[oidc]" in found.says


def test_serve_says_so_too_before_it_begins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, runner: CliRunner
) -> None:
    from quizapp.cli.main import commands

    without_libraries(monkeypatch)
    environ = {
        "QUIZAPP_INSTANCE": str(tmp_path),
        "QUIZAPP_OIDC_ISSUER": "https://id.example",
        "QUIZAPP_OIDC_CLIENT_ID": "x",
    }
    told = runner.invoke(commands, ["serve", "--port", "0"], env=environ)
    assert isinstance(told.exception, Invalid)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"oidc_issuer": "https://id.example"}, "QUIZAPP_OIDC_CLIENT_ID"),
        ({"oidc_client_id": "x"}, "QUIZAPP_OIDC_ISSUER"),
        ({"oidc_client_secret": "y"}, "QUIZAPP_OIDC_ISSUER"),
    ],
)
def test_half_a_provider_is_refused(given: dict[str, str], says: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=says):
        identity_of(Settings(instance=tmp_path, **given))


@pytest.mark.parametrize(
    "issuer",
    [
        "http://id.example",
        "id.example",
        "https://",
        "https://u:p@id.example",
        "https://id.example?x",
        "ftp://id.example",
    ],
)
def test_an_issuer_that_is_not_safe_is_refused(issuer: str, tmp_path: Path) -> None:
    from quizapp.config import load

    environ = {"QUIZAPP_INSTANCE": str(tmp_path), "QUIZAPP_OIDC_ISSUER": issuer}
    with pytest.raises(Invalid, match="OIDC_ISSUER"):
        load(environ)
