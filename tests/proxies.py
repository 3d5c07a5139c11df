"""Proxies as deploy/ sets them up, before a real server: started, asked over https, and what they log."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
NAME = "shirube.example"
TOKEN = "kept-between-us-0123456789"
WORKER = """
import sys
from flask import request
from quizapp.app import create_app
from quizapp.config import load
from quizapp.server.serve import serve

def create(settings):
    app = create_app(settings)
    @app.get("/whoami")
    def whoami():
        return {"address": request.remote_addr, "root": request.url_root, "secure": request.is_secure}
    return app

if __name__ == "__main__":
    serve(load(port=int(sys.argv[1]), threads=2), lambda address: print(address, flush=True), create)
"""


def needed(program: str, package: str) -> str:
    """The program's path; without it the test is skipped, or fails where CI=true."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        words = f"needs {program} (Debian: apt-get install {package})"
        if os.environ.get("CI") == "true":
            pytest.fail(words, pytrace=False)
        pytest.skip(words)
    return found


def settings_told() -> str:
    """The settings that docs/operations.md tells to write."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    block = re.search(r"```toml\n(.+?)```", text, re.DOTALL)
    assert block
    return replaced(block[1], {'"SECRET"': f'"{TOKEN}"'})


@dataclass
class Front:
    """A running proxy: where it listens, its certificate and what it has logged."""

    https: int
    http: int
    folder: Path
    asked: int = 0

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        source: str = "127.0.0.1",
        **headers: str,
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers as they came, and body."""
        connection = http.client.HTTPSConnection(NAME, self.https, timeout=15)
        connection.sock = self.connected(source)
        try:
            connection.request(method, path, body, {"Host": NAME, **headers})
            answer = connection.getresponse()
            answered = answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()
        self.asked += 1
        return answered

    def connected(self, source: str = "127.0.0.1") -> ssl.SSLSocket:
        """A connection to it from that address, on which nothing has been said."""
        context = ssl.create_default_context(cafile=str(self.folder / "tls" / "fullchain.pem"))
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=15, source_address=(source, 0))
        return context.wrap_socket(plain, server_hostname=NAME)

    def log(self) -> list[dict[str, Any]]:
        """The lines of nginx's access log, once it has written what was asked so far."""
        end = time.monotonic() + 15
        while True:
            lines = (self.folder / "log" / "quizapp.log").read_text(encoding="utf-8").splitlines()
            if len(lines) >= self.asked:
                return [json.loads(line) for line in lines]
            # It answers first and writes then.
            assert time.monotonic() < end, f"{len(lines)} lines for {self.asked} requests"
            time.sleep(0.02)

    def everything_logged(self) -> str:
        """What stands in any log of it."""
        if (self.folder / "log" / "quizapp.log").exists():
            self.log()
        return "".join(path.read_text(encoding="utf-8") for path in (self.folder / "log").iterdir())


def free_ports(count: int) -> list[int]:
    with_sockets = [socket.socket() for _ in range(count)]
    for one in with_sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in with_sockets]
    for one in with_sockets:
        one.close()
    return ports


def replaced(text: str, pairs: dict[str, str]) -> str:
    """The text with every one of the pairs replaced; each has to be there."""
    for old, new in pairs.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(folder: Path, *workers: int) -> Iterator[Front]:
    """The shipped configuration, but for places and ports, before these workers."""
    program = needed("nginx", "nginx")
    https, plain = free_ports(2)
    for name in ("tls", "log", "cache", "temporary"):
        (folder / name).mkdir(parents=True)
    make_certificate(folder / "tls")
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = re.sub(r"^ +listen \[::\].*\n", "", site, flags=re.MULTILINE)
    places = {
        "listen 80 ": f"listen 127.0.0.1:{plain} ",
        "listen 443 ": f"listen 127.0.0.1:{https} ",
        "/etc/ssl/quizapp/": f"{folder}/tls/",
        "/var/log/nginx/": f"{folder}/log/",
        "/var/cache/nginx/": f"{folder}/cache/",
    }
    upstream = (DEPLOY / "nginx-upstream.conf").read_text(encoding="utf-8")
    line = "    server 127.0.0.1:8000 max_fails=0;\n"
    lines = "".join(line.replace("8000", str(port)) for port in workers)
    (folder / "site.conf").write_text(replaced(site, places), encoding="utf-8")
    (folder / "upstream.conf").write_text(replaced(upstream, {line: lines}), encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    kept = "".join(f"{kind}_temp_path {folder}/temporary/{kind};\n" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/log/main.log notice;\n"
        f"events {{}}\nhttp {{\n{kept}access_log off;\n"
        f"include {folder}/site.conf;\ninclude {folder}/upstream.conf;\n}}\n"
    )
    command = [
        program,
        "-p",
        str(folder),
        "-c",
        str(folder / "nginx.conf"),
        "-e",
        str(folder / "log" / "main.log"),
    ]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=30)
    assert tried.returncode == 0, tried.stderr
    assert "[warn]" not in tried.stderr
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(https)
        yield Front(https, plain, folder)
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def caddy(folder: Path, program: str, worker: int) -> Iterator[Front]:
    """The shipped Caddyfile before a worker, with a certificate of ours instead of one from outside."""
    (port,) = free_ports(1)
    for name in ("tls", "log"):
        (folder / name).mkdir(parents=True)
    make_certificate(folder / "tls")
    own = f"tls {folder}/tls/fullchain.pem {folder}/tls/privkey.pem"
    places = {
        f"{NAME} {{": f"https://{NAME}:{port} {{\n\tbind 127.0.0.1\n\t{own}",
        "127.0.0.1:8000": f"127.0.0.1:{worker}",
    }
    text = replaced((DEPLOY / "Caddyfile").read_text(encoding="utf-8"), places)
    # The first block holds what is set for all of Caddy.
    text = text.replace("\n{\n", "\n{\n\tadmin off\n\tauto_https disable_redirects\n", 1)
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    command = [program, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    environ = {**os.environ, "HOME": str(folder)}
    with (folder / "log" / "caddy.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=log, stderr=log)
        try:
            wait_for(port)
            yield Front(port, 0, folder)
        finally:
            process.terminate()
            process.wait(30)


def make_certificate(folder: Path) -> None:
    command = [
        needed("openssl", "openssl"),
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
    ]
    command += ["-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    command += ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(command, check=True, capture_output=True, timeout=30)


def wait_for(port: int) -> None:
    end = time.monotonic() + 15
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.05)
        else:
            return
