"""Who may do what, from where, and what every response says about itself (trust.md 12–15, 18–20)."""

from __future__ import annotations

import json
from functools import reduce

import pytest
from flask import Flask, request

from quizapp.config import Settings
from tests.web.conftest import BEGINNER
from tests.web.visitor import Visitor

BANK = "personal_trainer"
API = "/api/"


def posts(app: Flask) -> list[str]:
    """Every address that changes something, with made-up values in it."""
    found = []
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()) and not rule.rule.startswith(API):
            made_up = {"<bank>": BANK, "<screen>": "age", "<token>": "x" * 24, "<int:number>": "1"}
            found.append(reduce(lambda path, pair: path.replace(*pair), made_up.items(), rule.rule))
    return found


def test_every_route_that_changes_something_refuses_a_missing_token(app: Flask) -> None:
    client = app.test_client()
    assert len(posts(app)) >= 7
    assert {path: client.post(path, data={}).status_code for path in posts(app)} == dict.fromkeys(
        posts(app), 400
    )


def test_a_token_of_somebody_else_is_refused(visitor: Visitor, another: Visitor) -> None:
    visitor.get("/")
    another.get("/")
    data = {"csrf_token": visitor.tokens()["language"], "language": "en"}
    assert another.client.post("/language", data=data).status_code == 400


def test_a_form_sent_by_another_site_is_refused(visitor: Visitor) -> None:
    visitor.get("/")
    data = {"csrf_token": visitor.tokens()["language"], "language": "en"}
    refused = visitor.client.post("/language", data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 400


def test_opening_any_page_changes_nothing(app: Flask, visitor: Visitor) -> None:
    token = visitor.finish(BANK, BEGINNER)
    with visitor.client.session_transaction() as session:
        before = dict(session)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()):
            path = rule.rule.replace("<bank>", BANK).replace("<screen>", "age").replace("<token>", token)
            response = visitor.client.get(path.replace("<item>", "nesta_pft").replace("<name>", "look.css"))
            assert "Set-Cookie" not in response.headers, path
    with visitor.client.session_transaction() as session:
        assert dict(session) == before
    assert visitor.get(f"/r/{token}").status == 200


@pytest.mark.parametrize("path", ["/", "/about", f"/quiz/{BANK}", "/nowhere", "/api/v1/banks", "/healthz"])
def test_every_response_carries_the_headers_that_keep_it_safe(app: Flask, path: str) -> None:
    headers = app.test_client().get(path).headers
    policy = headers["Content-Security-Policy"]
    for directive in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_over_https_cookies_are_bound_to_the_host_and_https_is_remembered(start) -> None:
    app = start(https=True, proxy_hops=1)
    response = app.test_client().get("/", headers={"X-Forwarded-Proto": "https"})
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-quizapp=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie
    assert response.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_over_https_forms_work_although_no_referrer_is_sent(start) -> None:
    app = start(https=True)
    visitor = Visitor(app.test_client())
    visitor.client.environ_base["wsgi.url_scheme"] = "https"
    assert visitor.begin(BANK).status == 200


def test_without_proxy_hops_a_forwarded_host_is_not_believed(app: Flask) -> None:
    page = app.test_client().get("/", headers={"X-Forwarded-Host": "evil.example"}).get_data(as_text=True)
    assert "evil.example" not in page


def test_a_host_that_is_not_trusted_is_refused(start) -> None:
    client = start(trusted_hosts=("quiz.example",)).test_client()
    assert client.get("/", headers={"Host": "quiz.example"}).status_code == 200
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "here",
    [
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/r",
        "",
        "/language",
        "/../..//evil.example",
        "/%2F%2Fevil.example",
        "///evil.example/quiz",
    ],
)
def test_the_language_form_never_leads_elsewhere(visitor: Visitor, here: str) -> None:
    visitor.get("/")
    data = {"csrf_token": visitor.tokens()["language"], "language": "en", "here": here}
    response = visitor.client.post("/language", data=data)
    assert response.status_code == 303
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize(
    "here", ["/about", f"/quiz/{BANK}", f"/quiz/{BANK}/age?from=check", f"/about/{BANK}/nesta_pft"]
)
def test_the_language_form_comes_back_to_the_page_one_was_on(visitor: Visitor, here: str) -> None:
    visitor.get("/")
    data = {"csrf_token": visitor.tokens()["language"], "language": "en", "here": here}
    assert visitor.client.post("/language", data=data).headers["Location"] == here


def test_a_body_that_is_too_large_is_refused_whatever_its_kind(start) -> None:
    client = start(max_body_bytes=10_000).test_client()
    large = "a" * 20_000
    assert client.post("/language", data={"language": large}).status_code == 413
    assert (
        client.post(
            f"/api/v1/banks/{BANK}/recommend", data=large, content_type="application/json"
        ).status_code
        == 413
    )


def multipart(head: str, times: int = 1) -> bytes:
    """That many parts with that head, and the end."""
    return f"--x\r\n{head}\r\n\r\n1\r\n".encode() * times + b"--x--\r\n"


URLENCODED, IN_PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
NAMED = 'Content-Disposition: form-data; name="kept"'
# What costs seconds to read where it has a megabyte; each a little above what is allowed.
HOSTILE = {
    "fields": (URLENCODED, b"a&" * 2_000, 413),
    "escapes": (URLENCODED, b"a=" + b"%41" * 60_001, 413),
    "bare percents": (URLENCODED, b"a=%%%", 400),
    "no UTF-8": (URLENCODED, b"a=%ff%ff", 400),
    "parts": (IN_PARTS, multipart(NAMED, 401), 413),
    "a long head": (IN_PARTS, multipart(NAMED + "; a=b" * 500), 413),
    "many heads": (IN_PARTS, multipart(NAMED + "\r\nX: y" * 500), 413),
    "an endless head": (IN_PARTS, b"--x\r\n" + b"X: y\r\n" * 500, 413),
    "a long boundary": (IN_PARTS + "x" * 100, b"1", 400),
    "a part without a name": (IN_PARTS, multipart("Content-Disposition: form-data"), 400),
    "a file without a name": (IN_PARTS, multipart("Content-Disposition: form-data; filename=x"), 400),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_form_that_is_dear_to_read_is_refused_before_it_is_read(visitor: Visitor, kind: str) -> None:
    type, body, status = HOSTILE[kind]
    token = {"X-CSRFToken": visitor.get("/").tokens()["language"]}
    sent = visitor.client.post("/edit/resume", data=body, content_type=type, headers=token)
    assert sent.status_code == status


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/language", 32_768),
        (f"/quiz/{BANK}/age", 32_768),
        ("/edit/setup/made-up", 32_768),
        (f"/api/v1/banks/{BANK}/recommend", 65_536),
        ("/edit/resume", 1_000_000),
    ],
)
def test_an_address_takes_no_larger_body_than_it_has_use_for(visitor: Visitor, path: str, most: int) -> None:
    token = {"X-CSRFToken": visitor.get("/").tokens()["language"]}

    def status(size: int) -> int:
        body = b"kept=" + b"+" * (size - 5)
        return visitor.client.post(path, data=body, content_type=URLENCODED, headers=token).status_code

    assert status(most) != 413
    assert status(most + 1) == 413


@pytest.mark.parametrize("type", [URLENCODED, IN_PARTS])
def test_who_has_to_sign_in_again_loses_nothing_of_the_longest_bank(visitor: Visitor, type: str) -> None:
    # A text of 256 KB in parts; in fields, twice the largest table of a shipped bank.
    lines = 20_000 if type == IN_PARTS else 4_000
    token = visitor.get("/").tokens()["language"]
    kept = json.dumps([f"/edit/{BANK}/source", [["text", "しるべ。\n" * lines]]], ensure_ascii=False)
    data = {"kept": kept, "csrf_token": token}
    sent = visitor.client.post("/edit/resume", data=data, content_type=type.partition(";")[0])
    assert sent.status_code == 401
    assert sent.get_data(as_text=True).count("しるべ。") == lines


@pytest.mark.parametrize("path", ["/quiz//x", "/edit/x/part", "/about//\\evil", "/edit//sign-in?next=//a"])
def test_another_spelling_of_an_address_leads_to_the_same_host_and_scheme(start, path: str) -> None:
    forged = {"Host": "evil.example", "X-Forwarded-Proto": "javascript", "X-Forwarded-Host": "evil.example"}
    response = start(proxy_hops=1).test_client().get(path, headers=forged)
    assert response.status_code == 308
    assert response.headers["Location"][0] == "/" and response.headers["Location"][1] not in "/\\"


@pytest.mark.parametrize(("https", "scheme"), [(False, "http"), (True, "https")])
@pytest.mark.parametrize("forged", ["javascript", "http://evil.example/?", "ftp"])
def test_no_scheme_but_http_and_https_is_believed(start, forged: str, https: bool, scheme: str) -> None:
    app = start(proxy_hops=1, https=https)
    app.add_url_rule("/where", "where", lambda: request.url_root)
    said = app.test_client().get("/where", headers={"X-Forwarded-Proto": forged}).get_data(as_text=True)
    assert said == f"{scheme}://localhost/"


def test_a_form_of_very_many_parts_is_refused(visitor: Visitor) -> None:
    visitor.get("/")
    parts = {f"p{n}": "1" for n in range(2_000)}
    sent = visitor.client.post("/language", data=parts, content_type="multipart/form-data")
    assert sent.status_code == 413


def test_an_earlier_secret_still_opens_cookies(start, tmp_path) -> None:
    old, new = "an earlier secret of ours", "the secret that we use now"
    visitor = Visitor(start(secret_key=old).test_client()).take(BANK, BEGINNER)
    cookie = visitor.client.get_cookie("quizapp")
    assert cookie
    later = start(secret_key=new, secret_key_fallbacks=(old,)).test_client()
    later.set_cookie("quizapp", cookie.value)
    assert "25歳" in Visitor(later).get(f"/quiz/{BANK}/check").words


def test_the_answers_are_in_no_address(app: Flask, visitor: Visitor) -> None:
    visitor.begin(BANK)
    seen = []
    while not visitor.path.endswith("/check"):
        seen.append(visitor.path)
        visitor.answer(BEGINNER)
    assert not [path for path in seen for word in ("gym_job", "kagawa", "110000", "25") if word in path]


def test_production_without_a_secret_does_not_start(tmp_path) -> None:
    from quizapp.app import create_app
    from quizapp.errors import Invalid

    with pytest.raises(Invalid):
        create_app(Settings(instance=tmp_path, mode="production"))


@pytest.mark.parametrize("length", [1, 70, 74, 100])
def test_a_form_is_read_whatever_marks_its_parts(visitor: Visitor, length: int) -> None:
    fields = {"csrf_token": visitor.get("/").tokens()["language"], "language": "en"}
    between = "b" * length
    parts = [
        f'--{between}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    body = "".join([*parts, f"--{between}--\r\n"]).encode()
    kind = f"multipart/form-data; boundary={between}"
    assert visitor.client.post("/language", data=body, content_type=kind).status_code == 303
