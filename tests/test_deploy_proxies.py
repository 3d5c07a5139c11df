"""nginx and Caddy as deploy/ sets them up, run before the real server."""

from __future__ import annotations

import http.client
import http.server
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from quizapp.config import Settings
from tests.proxies import DEPLOY, NAME, ROOT, TOKEN, WORKER, Front, caddy, free_ports, nginx, settings_told

FORGED = {
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Port": "99",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=6.6.6.6",
    "X-Forwarded_For": "6.6.6.6",
}
pytestmark = pytest.mark.xdist_group("proxies")

TRIES = 10


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder set up as docs/operations.md tells, with one bank."""
    folder = tmp_path_factory.mktemp("worker")
    (folder / "questions").mkdir()
    for path in (ROOT / "questions").glob("first_step*.yaml"):
        shutil.copy(path, folder / "questions")
    (folder / "worker.py").write_text(WORKER)
    (folder / "instance").mkdir()
    (folder / "instance" / "quizapp.toml").write_text(settings_told(), encoding="utf-8")
    return folder


def start_worker(place: Path, port: int = 0) -> tuple[subprocess.Popen[str], int]:
    """A real server over the place's store, once it answers, and its port."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    environ |= {
        "PYTHONPATH": str(ROOT),
        "QUIZAPP_INSTANCE": str(place / "instance"),
        "QUIZAPP_QUESTIONS": str(place / "questions"),
    }
    command = [sys.executable, "worker.py", str(port)]
    # While nobody listens there, somebody's connection may leave from that very port: it is one of those that
    # the system gives to whoever connects.
    for _ in range(TRIES):
        with (place / "log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=place, env=environ, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert process.stdout
        if told := re.findall(r":(\d+)/", process.stdout.readline()):
            return process, int(told[0])
        end_worker(process)
        time.sleep(1)
    raise AssertionError((place / "log").read_text(encoding="utf-8")[-2_000:])


def end_worker(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(40)
    assert process.stdout
    process.stdout.close()


@pytest.fixture(scope="module")
def worker(place: Path) -> Iterator[int]:
    """The port of a real server behind one proxy."""
    process, port = start_worker(place)
    yield port
    end_worker(process)


@pytest.fixture(scope="module")
def front(worker: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with nginx(tmp_path_factory.mktemp("front"), worker) as running:
        yield running


@pytest.mark.slow
def test_the_client_and_the_scheme_arrive_and_nobody_can_forge_them(front: Front) -> None:
    status, _, body = front.ask("/whoami", source="127.0.0.2")
    assert status == 200
    expected = {"address": "127.0.0.2", "root": f"https://{NAME}/", "secure": True}
    assert json.loads(body) == expected
    _, _, body = front.ask("/whoami", source="127.0.0.2", **FORGED)
    assert json.loads(body) == expected


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", "/about", "/nowhere"])
def test_headers_come_once_and_from_the_quiz(front: Front, path: str) -> None:
    _, headers, _ = front.ask(path)
    names = [name.lower() for name, _ in headers if name.lower() != "set-cookie"]
    assert sorted(names) == sorted(set(names))
    held = {name.lower(): value for name, value in headers}
    assert held["strict-transport-security"].startswith("max-age=")
    assert held["content-security-policy"].startswith("default-src 'none'")
    assert held["x-content-type-options"] == "nosniff"
    assert held["cache-control"] == "private, no-store"
    assert held["server"] == "nginx"


@pytest.mark.slow
def test_a_body_too_large_is_refused_by_nginx_and_below_its_limit_by_the_quiz(front: Front) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert front.ask("/language", "POST", b"a=" + b"b" * 1_048_600, **form)[0] == 413
    status, headers, _ = front.ask("/language", "POST", b"a=" + b"b" * 1_010_000, **form)
    assert status == 413
    assert "content-security-policy" in {name.lower() for name, _ in headers}


def static_paths(front: Front) -> list[str]:
    page = front.ask("/")[2].decode()
    found = re.findall(r"/static/[\w.\-]+", page)
    assert found
    return found


@pytest.mark.slow
def test_static_files_are_kept_by_nginx_and_pages_are_not(front: Front) -> None:
    path = static_paths(front)[0]
    for _ in range(2):
        status, headers, body = front.ask(path, **{"Accept-Encoding": "gzip"})
        held = {name.lower(): value for name, value in headers}
        assert status == 200 and body
        assert held["cache-control"] == "public, max-age=31536000, immutable"
        assert held["content-encoding"] == "gzip"
    assert "content-encoding" not in {name.lower() for name, _ in front.ask(path)[1]}
    front.ask("/")
    asked = [bool(line["upstream"]) for line in front.log() if line["path"] == path]
    assert asked == [True, False, True]
    assert all(line["upstream"] for line in front.log() if line["path"] == "/")


@pytest.mark.slow
def test_no_log_holds_a_token_or_a_query(front: Front, app_rules: list[str]) -> None:
    tokens = [rule.replace("<token>", TOKEN) for rule in app_rules if "<token>" in rule]
    assert len(tokens) > 5
    for path in [*tokens, f"//r/{TOKEN}", f"/%72/{TOKEN}", f"/about?answers={TOKEN}"]:
        front.ask(re.sub(r"<(\w+:)?\w+>", "x", path), Referer=f"https://{NAME}/r/{TOKEN}")
    assert TOKEN not in front.everything_logged()
    assert front.log()[-1]["request"]


@pytest.mark.slow
@pytest.mark.parametrize("sent", [{}, {"X-Request-ID": "forged-by-a-client"}])
def test_a_request_has_one_id_in_the_answer_and_in_both_logs(
    front: Front, place: Path, sent: dict[str, str]
) -> None:
    _, headers, _ = front.ask("/nowhere/at/all", **sent)
    (told,) = [value for name, value in headers if name.lower() == "x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{32}", told)
    assert front.log()[-1]["request"] == told
    lines = [json.loads(line) for line in (place / "log").read_text(encoding="utf-8").splitlines()]
    (line,) = [line for line in lines if line.get("request") == told]
    assert line["status"] == 404
    assert "forged-by-a-client" not in front.everything_logged()


@pytest.fixture(scope="module")
def app_rules(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Every address of the application."""
    from quizapp.app import create_app

    folder = tmp_path_factory.mktemp("rules")
    (folder / "questions").mkdir()
    app = create_app(Settings(instance=folder / "instance", questions=folder / "questions", watch=0))
    services = app.extensions["quizapp"]
    services.library.stop()
    services.store.close()
    return [rule.rule for rule in app.url_map.iter_rules()]


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_what_is_for_those_who_look_after_it_is_shut(front: Front, path: str) -> None:
    status, headers, _ = front.ask(path)
    assert status == 404
    assert "content-security-policy" not in {name.lower() for name, _ in headers}


@pytest.mark.slow
def test_plain_http_leads_to_https_and_other_names_get_nothing(front: Front) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", front.http, timeout=15)
    for host in (NAME, "evil.example"):
        connection.request("GET", "/about", headers={"Host": host})
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Location")) == (301, f"https://{NAME}/about")
        answer.read()
    connection.close()
    context = ssl.create_default_context()
    with (
        socket.create_connection(("127.0.0.1", front.https), timeout=15) as plain,
        pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"),
    ):
        context.wrap_socket(plain, server_hostname="other.example")


@pytest.mark.slow
def test_one_address_cannot_take_up_every_connection(front: Front) -> None:
    most = int(re.findall(r"limit_conn quizapp_addresses (\d+);", (DEPLOY / "nginx.conf").read_text())[0])
    half = f"POST /language HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 50\r\n\r\n{{".encode()
    with ExitStack() as held:
        for _ in range(most):
            held.enter_context(front.connected("127.0.0.3")).sendall(half)
        status, headers, body = front.ask("/", source="127.0.0.3")
        assert (status, dict(headers)["Retry-After"]) == (503, "5")
        assert "もう一度お試しください" in body.decode()
        assert front.ask("/", source="127.0.0.2")[0] == 200
    front.asked += most


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A worker of another version: it knows none of the names."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.slow
def test_while_a_fleet_is_half_updated_every_page_has_its_style(
    front: Front, worker: int, tmp_path: Path
) -> None:
    other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    try:
        with nginx(tmp_path / "half", other.server_address[1], worker) as half:
            paths = static_paths(front)
            statuses = {half.ask(f"{path}?{turn}")[0] for turn in range(4) for path in paths}
    finally:
        other.shutdown()
        other.server_close()
    assert statuses == {200}


@pytest.mark.slow
def test_where_no_worker_answers_it_says_so_plainly_and_logs_no_token(tmp_path: Path) -> None:
    with nginx(tmp_path / "alone", *free_ports(1)) as alone:
        status, headers, body = alone.ask(f"/r/{TOKEN}")
        assert TOKEN not in alone.everything_logged()
    held = {name.lower(): value for name, value in headers}
    assert (status, held["retry-after"], held["cache-control"]) == (503, "5", "private, no-store")
    assert held["content-type"] == "text/plain; charset=utf-8"
    assert "もう一度お試しください" in body.decode() and "try again" in body.decode()


@pytest.mark.slow
def test_the_health_check_knows_a_worker_that_answers(worker: int, tmp_path: Path) -> None:
    def check(port: int) -> int:
        environ = {**os.environ, "QUIZAPP_PORT": str(port)}
        return subprocess.run([sys.executable, str(DEPLOY / "health.py")], env=environ, timeout=30).returncode

    assert check(worker) == 0
    assert check(free_ports(1)[0]) == 1
    (tmp_path / "quizapp.toml").write_text(f"port = {worker}\n", encoding="utf-8")
    by_file = {name: value for name, value in os.environ.items() if name != "QUIZAPP_PORT"}
    by_file["QUIZAPP_INSTANCE"] = str(tmp_path)
    command = [sys.executable, str(DEPLOY / "health.py")]
    assert subprocess.run(command, env=by_file, timeout=30).returncode == 0


@pytest.mark.slow
def test_restarting_one_worker_after_the_other_fails_no_form(place: Path, tmp_path: Path) -> None:
    running = [start_worker(place) for _ in range(2)]
    statuses: Counter[int] = Counter()
    done = threading.Event()

    def keep_sending(front: Front) -> None:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        while not done.is_set():
            statuses[front.ask("/language", "POST", b"language=en", **form)[0]] += 1

    with nginx(tmp_path / "two", *(port for _, port in running)) as front, ThreadPoolExecutor(4) as pool:
        senders = [pool.submit(keep_sending, front) for _ in range(4)]
        try:
            for turn, (process, port) in enumerate(running):
                time.sleep(1)
                end_worker(process)
                running[turn] = start_worker(place, port)
            time.sleep(1)
        finally:
            done.set()
        for sender in senders:
            sender.result(30)
    for process, _ in running:
        end_worker(process)
    # Without a token the quiz answers 400: every form has reached it, and none was lost on the way.
    assert set(statuses) == {400}
    assert statuses[400] > 50


# Caddy


@pytest.fixture(scope="module")
def caddy_program() -> str:
    """Caddy, where it is installed; it is the other example, and no part of what CI installs."""
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("caddy is not here, its file is unproven")
    return program


def version_of(program: str) -> tuple[int, ...]:
    told = subprocess.run([program, "version"], capture_output=True, text=True, timeout=60).stdout
    return tuple(int(part) for part in re.findall(r"\d+", told)[:2])


def test_caddy_finds_no_fault_with_its_file(caddy_program: str) -> None:
    command = [caddy_program, "validate", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"]
    subprocess.run(command, check=True, timeout=60, capture_output=True)


@pytest.mark.slow
def test_behind_caddy_it_is_the_same(caddy_program: str, worker: int, tmp_path: Path) -> None:
    with caddy(tmp_path / "caddy", caddy_program, worker) as proxy:
        _, _, body = proxy.ask("/whoami", source="127.0.0.2", **FORGED)
        assert json.loads(body) == {"address": "127.0.0.2", "root": f"https://{NAME}/", "secure": True}
        _, headers, _ = proxy.ask("/")
        names = [name.lower() for name, _ in headers if name.lower() != "set-cookie"]
        assert sorted(names) == sorted(set(names))
        assert {proxy.ask(path)[0] for path in ("/healthz", "/readyz", "/metrics")} == {404}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert proxy.ask("/language", "POST", b"a=" + b"b" * 1_010_000, **form)[0] == 413
        for path in (f"/r/{TOKEN}", f"/api/v1/results/{TOKEN}", f"/about?answers={TOKEN}"):
            proxy.ask(path, Referer=f"https://{NAME}/r/{TOKEN}")
        assert TOKEN not in proxy.everything_logged()
        assert "handled request" in proxy.everything_logged()
        answered = proxy.ask("/nowhere/at/all", **{"X-Request-ID": "forged-by-a-client"})
        told = {name.lower(): value for name, value in answered[1]}["x-request-id"]
        assert re.fullmatch(r"[0-9a-f-]{36}", told)
        # Older ones pass the id on, but do not log it.
        if version_of(caddy_program) >= (2, 7):
            assert f'"uuid":"{told}"' in proxy.everything_logged()
    with caddy(tmp_path / "alone", caddy_program, *free_ports(1)) as alone:
        assert alone.ask(f"/r/{TOKEN}")[0] in (502, 503)
        assert TOKEN not in alone.everything_logged()
