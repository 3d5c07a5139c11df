"""The real server on a loopback port: half-sent bodies, serving processes that are killed, a parent that is."""

from __future__ import annotations

import http.client
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent
QUIZ = ("-m", "quizapp", "serve", "--port", "0")
ECHO = """
import time
from flask import Flask, request
from quizapp.config import load
from quizapp.server.serve import serve

def create(settings):
    if (settings.instance / "broken").exists():
        raise RuntimeError("broken")
    app = Flask("echo")
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    @app.post("/echo")
    @app.post("/edit/echo")
    def echo():
        return request.get_data()
    @app.get("/slow")
    def slow():
        (load().instance / "begun").touch()
        time.sleep(1.5)
        return "done"
    @app.get("/query")
    def query():
        return dict(request.args, path=request.path, cookies=dict(request.cookies), at=request.remote_addr,
                    for_=request.headers.get("X-Forwarded-For"))
    return app

if __name__ == "__main__":
    serve(load(port=0, threads=2, max_body_bytes=1000), lambda address: print(address, flush=True), create)
"""

# With little room, so that a test fills it with little.
TIGHT = (
    ECHO.replace("max_body_bytes=1000", "max_body_bytes=200_000")
    .replace("def create", "bodies.BYTES_AT_ONCE, bodies.MOST_WAITING = 100_000, 2\n\ndef create")
    .replace("from quizapp.config", "from quizapp.server import bodies\nfrom quizapp.config")
)


@dataclass
class Served:
    """A running server: its process and where it listens."""

    process: subprocess.Popen[str]
    host: str
    port: int

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=15)
        try:
            connection.request(method, path, body, headers)  # type: ignore[arg-type]
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def said(self, words: bytes = b"") -> socket.socket:
        """A connection on which these words were said."""
        opened = socket.create_connection((self.host, self.port), timeout=30)
        opened.sendall(words)
        return opened

    def half_a_body(self, path: str = "/echo", sent: int = 1, promised: int = 500) -> socket.socket:
        """A connection that promises 500 bytes and sends one."""
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {promised}\r\n\r\n"
        return self.said(head.encode() + b"{" * sent)

    def workers(self) -> list[int]:
        """The serving processes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        if not children.exists():
            pytest.skip("this system has no /proc to find the serving process")
        return [int(child) for child in children.read_text().split()]


@contextmanager
def served(tmp_path: Path, *arguments: str) -> Iterator[Served]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    environ |= {"QUIZAPP_INSTANCE": str(tmp_path / "instance"), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=tmp_path, env=environ, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        place = urlsplit(process.stdout.readline().split()[-1])
        yield Served(process, place.hostname or "", place.port or 0)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "echo.py").write_text(ECHO)
    with served(tmp_path, "echo.py") as server:
        yield server


def within(seconds: float, done: Callable[[], bool]) -> bool:
    """Whether it came true in time; no answer counts as not yet."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if done():
                return True
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_half_sent_bodies_hold_up_nobody_and_are_refused(tmp_path: Path) -> None:
    with served(tmp_path, *QUIZ) as server, ExitStack() as stack:
        halves = [stack.enter_context(server.half_a_body()) for _ in range(6)]
        time.sleep(0.3)
        begun = time.monotonic()
        assert server.ask("GET", "/healthz")[0] == 200
        # Behind the halves it would wait until they are refused.
        assert time.monotonic() - begun < 6
        answers = [b"".join(iter(lambda half=half: half.recv(4096), b"")) for half in halves]  # type: ignore[misc]
        assert all(answer.startswith(b"HTTP/1.1 408") for answer in answers)
        assert time.monotonic() - begun < 40
        assert server.ask("GET", "/healthz")[0] == 200
    # Said by the server itself, and as safely as any page.
    head, _, body = answers[0].partition(b"\r\n\r\n")
    for part in (b"default-src 'none'", b"nosniff", b"no-store", b"no-referrer"):
        assert part in head
    assert "もう一度お試しください。\n" in body.decode() and b"Please send it again.\n" in body


def test_silent_connections_shut_nobody_out_and_are_cut(echo: Served) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] != resource.RLIM_INFINITY and before[1] < 2_000:
        pytest.skip("this machine allows too few open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], 2_000), before[1]))
    try:
        with ExitStack() as stack:
            silent = [stack.enter_context(echo.said()) for _ in range(1_100)]
            half = stack.enter_context(echo.said(b"GET /query HTTP/1.1\r\nHost:"))
            begun = time.monotonic()
            assert echo.ask("GET", "/query")[0] == 200
            assert silent[-1].recv(1) == half.recv(1) == b""
            # Left to itself the server would wait for 30 seconds.
            assert time.monotonic() - begun < 20
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture
def tight(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "tight.py").write_text(TIGHT)
    with served(tmp_path, "tight.py") as server:
        yield server


def refused(answer: bytes) -> bool:
    """Whether it says, plainly and to everybody, to come again."""
    return (
        answer.startswith(b"HTTP/1.1 503")
        and b"retry-after: 5\r\n" in answer.lower()
        and "もう一度お試しください。\n" in answer.decode()
        and answer.endswith(b"Please try again in a while.\n")
    )


def test_large_bodies_that_come_half_fill_no_memory_and_hold_up_no_taker(tight: Served) -> None:
    with ExitStack() as stack:
        halves = [stack.enter_context(tight.half_a_body("/edit/echo", 90_000, 100_000)) for _ in range(4)]
        assert within(8, lambda: len(select.select(halves, [], [], 0)[0]) == 3)
        ready = select.select(halves, [], [], 0)[0]
        assert all(refused(half.recv(4096)) for half in ready)
        assert tight.ask("POST", "/echo", b"a" * 30_000)[0] == 200
    large = b"a" * 120_000
    assert within(20, lambda: tight.ask("POST", "/edit/echo", large) == (200, large))


def test_of_very_many_requests_at_once_some_are_told_to_come_again(tight: Served) -> None:
    asked = b"GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with ExitStack() as stack:
        opened = [stack.enter_context(tight.said(asked)) for _ in range(10)]
        answers = [b"".join(iter(lambda one=one: one.recv(4096), b"")) for one in opened]  # type: ignore[misc]
    assert sum(answer.endswith(b"done") for answer in answers) >= 2
    assert any(refused(answer) for answer in answers)
    assert all(refused(answer) or answer.endswith(b"done") for answer in answers)
    assert tight.ask("GET", "/query")[0] == 200


def test_a_client_that_leaves_in_the_midst_of_its_body_does_no_harm(echo: Served) -> None:
    for _ in range(6):
        echo.half_a_body().close()
    assert echo.ask("POST", "/echo", b"whole") == (200, b"whole")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_up_to_the_limit_arrives_and_a_larger_one_is_refused(echo: Served, chunked: bool) -> None:
    def parts(size: int) -> object:
        return iter([b"a" * (size // 2), b"a" * (size - size // 2)]) if chunked else b"a" * size

    assert echo.ask("POST", "/echo", parts(1000)) == (200, b"a" * 1000)
    assert echo.ask("POST", "/echo", parts(1001))[0] == 413
    assert echo.ask("POST", "/echo", b"")[1] == b""


@pytest.mark.parametrize(("path", "most"), [("/query", 1_065), ("/edit/echo", 1_400)])
def test_a_body_in_crumbs_is_refused_and_one_in_the_pieces_of_a_slow_network_arrives(
    tight: Served, path: str, most: int
) -> None:
    method = b"GET" if path == "/query" else b"POST"
    head = b"%s %s HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" % (
        method,
        path.encode(),
    )

    def answer(pieces: int) -> bytes:
        with tight.said(head + b"1\r\na\r\n" * pieces) as opened, suppress(ConnectionError):
            opened.sendall(b"0\r\n\r\n")
            return opened.recv(65_536)
        return b""

    assert answer(most).startswith(b"HTTP/1.1 200")
    told = answer(most + 1)
    assert told.startswith(b"HTTP/1.1 413") and told.endswith(b"Please send it again.\n")
    assert "もう一度お試しください。\n" in told.decode()
    # As many more as anybody likes are not waited for.
    begun = time.monotonic()
    answer(300_000)
    assert tight.ask("GET", "/query")[0] == 200 and time.monotonic() - begun < 5


def test_a_large_body_that_comes_slowly_in_small_pieces_arrives(tight: Served) -> None:
    head = (
        b"POST /edit/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 90000\r\n\r\n"
    )
    with tight.said(head) as opened:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(180):
            opened.sendall(b"a" * 500)
            time.sleep(0.001)
        assert b"".join(iter(lambda: opened.recv(65_536), b"")).endswith(b"a" * 90_000)


def test_path_query_headers_and_address_arrive_as_sent(echo: Served) -> None:
    status, body = echo.ask("GET", "/query?q=%E3%81%82&r=a+b", Cookie="a=1; b=2", X_Forwarded_For="9.9.9.9")
    assert status == 200
    for part in (b'"q":"\\u3042"', b'"r":"a b"', b'"a":"1","b":"2"', b'"at":"127.0.0.1"', b'"for_":null'):
        assert part in body
    assert echo.ask("GET", "/%E3%81%82")[0] == 404


def test_a_request_at_hand_is_finished_before_the_server_ends(echo: Served, tmp_path: Path) -> None:
    with socket.create_connection((echo.host, echo.port), timeout=15) as opened:
        opened.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert within(60, (tmp_path / "instance" / "begun").exists)
        echo.process.send_signal(signal.SIGTERM)
        answer = b"".join(iter(lambda: opened.recv(4096), b""))
    assert re.match(rb"HTTP/1.1 200 .*done$", answer, re.DOTALL)
    assert echo.process.wait(15) == 0


@pytest.mark.parametrize("came_up", [True, False])
def test_a_serving_process_killed_twice_in_a_row_is_started_again(tmp_path: Path, came_up: bool) -> None:
    with served(tmp_path, *QUIZ) as server:
        for _ in range(2):
            before = server.workers()
            os.kill(before[0], signal.SIGKILL)
            assert within(40, lambda before=before: server.workers() not in ([], before))  # type: ignore[misc]
            # Time to come up again, or only to begin loading.
            assert not came_up or within(60, lambda: server.ask("GET", "/healthz")[0] == 200)
            time.sleep(0.5)
        assert within(60, lambda: server.ask("GET", "/healthz")[0] == 200)
        assert server.process.poll() is None


def test_a_serving_process_that_does_not_come_up_again_ends_the_server(echo: Served, tmp_path: Path) -> None:
    (tmp_path / "instance" / "broken").touch()
    os.kill(echo.workers()[0], signal.SIGKILL)
    assert echo.process.wait(30) != 0


def test_the_serving_process_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    with served(tmp_path, *QUIZ) as server:
        (worker,) = server.workers()
        server.process.kill()
        server.process.wait(10)
        assert within(5, lambda: not alive(worker))
        with pytest.raises(ConnectionRefusedError):
            server.ask("GET", "/healthz")
