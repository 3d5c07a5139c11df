"""Looking after it: the commands for backup, restore, expiry and schema, and servers that come and go under load."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from quizapp.app import create_app
from quizapp.config import Settings, load
from quizapp.errors import Invalid
from quizapp.networks import network_of
from quizapp.store.addresses import open_store
from quizapp.store.postgres.server import CONNECTIONS
from quizapp.store.postgres.store import PostgresStore
from quizapp.store.records import Rate
from quizapp.store.sqlite import migrations
from quizapp.web.allowance import SharedAllowance, limit, shared_limits
from tests.postgres import FAST, running
from tests.redis_server import PASSWORD, RedisServer, redis_running

ROOT = Path(__file__).resolve().parent.parent
BANK = "one_on_one"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one bank, published in its instance."""
    folder = tmp_path_factory.mktemp("operating")
    (folder / "questions").mkdir()
    for name in (f"{BANK}.yaml", f"{BANK}.cases.yaml"):
        shutil.copy(ROOT / "questions" / name, folder / "questions" / name)
    app = create_app(Settings(instance=folder / "instance", questions=folder / "questions", watch=0))
    app.extensions["quizapp"].library.stop()
    app.extensions["quizapp"].store.close()
    return folder


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """A copy of it for this test."""
    return shutil.copytree(published, tmp_path / "site")


def environment(**more: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    return {**own, "PYTHONPATH": str(ROOT), **more}


@pytest.fixture
def quizapp(folder: Path) -> Any:
    """Runs a command there; the exit code must be what is expected."""

    def run(*arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "quizapp", *arguments]
        done = subprocess.run(
            command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=60
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return run


def test_a_backup_goes_out_and_comes_back_by_command(quizapp: Any, folder: Path) -> None:
    told = json.loads(quizapp("backup", "night.db", "--json").stdout)
    assert (told["schema"], told["tables"]["publications"]) == (migrations.NEWEST, 1)
    assert "holds something" not in quizapp("backup", "night.db").stderr
    refused = quizapp("restore", "night.db", code=1)
    assert "--replace" in refused.stderr
    back = json.loads(quizapp("restore", "night.db", "--replace", "--json").stdout)
    assert back["tables"] == told["tables"]
    assert Path(back["kept"]).exists()
    shutil.rmtree(folder / "instance")
    assert "publications" in quizapp("restore", "night.db").stdout
    assert json.loads(quizapp("bank", "history", BANK, "--json").stdout)
    (folder / "night.db").write_text("no database")
    assert "night.db: " in quizapp("restore", "night.db", code=2).stderr


def test_a_backup_that_this_version_could_not_restore_says_so(quizapp: Any, folder: Path) -> None:
    with closing(sqlite3.connect(folder / "instance" / "quizapp.sqlite3")) as db:
        row = ("quizapp", "0999_future", "")
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", row)
        db.commit()
    done = quizapp("backup", "night.db")
    assert done.returncode == 0
    assert f"a newer quizapp wrote schema {migrations.NEWEST + 1}" in done.stderr
    assert "could not restore it" in done.stderr


def test_it_says_what_the_schema_is_and_whether_it_must_change(quizapp: Any, folder: Path) -> None:
    assert quizapp("migrate", "--check").stdout == f"schema {migrations.NEWEST} is the newest\n"
    database = folder / "instance" / "quizapp.sqlite3"
    database.unlink()
    assert json.loads(quizapp("migrate", "--check", "--json", code=1).stdout)["from"] == 0
    assert not database.exists()
    assert quizapp("migrate").stdout == f"schema 0 → {migrations.NEWEST}\n"
    quizapp("migrate", "--check")
    with closing(sqlite3.connect(database)) as db:
        row = ("quizapp", "0999_future", "")
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", row)
        db.commit()
    for command in (["migrate"], ["migrate", "--check"]):
        assert "newer" in quizapp(*command, code=1).stderr


def test_results_whose_time_has_passed_go_when_it_is_said(quizapp: Any, folder: Path) -> None:
    database = folder / "instance" / "quizapp.sqlite3"
    with closing(sqlite3.connect(database)) as db:
        (revision,) = db.execute("SELECT revision FROM revisions").fetchone()
        for token, year in (("old", 2020), ("new", 2999)):
            row = (token, BANK, revision, "2020-01-01", "{}", "ja", "o", token, "2020", f"{year}-01-01")
            db.execute(
                "INSERT INTO results (token, bank, revision, on_day, answers, language, owner, submission, "
                "created, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        db.commit()
    # By its dates nobody was here for years before today, as by a clock that is fast.
    refused = quizapp("expire", code=1).stderr
    assert "1 results would be removed for good" in refused and "--yes" in refused
    assert json.loads(quizapp("expire", "--yes", "--json").stdout) == {"removed": 1}
    assert quizapp("expire").stdout == "0 results removed\n"


def test_doctor_looks_at_the_schema_and_never_shows_a_secret(quizapp: Any, folder: Path) -> None:
    (folder / "instance" / "quizapp.toml").write_text(
        'metrics = "token"\nmetrics_token = "very secret metrics"\n'
    )
    told = json.loads(quizapp("doctor", "--json").stdout)["findings"]
    schema = next(one for one in told if one["of"] == "schema")
    assert schema["verdict"] == "ok" and str(migrations.NEWEST) in schema["says"]
    assert "metrics_token = (set)" in quizapp("settings").stdout
    assert "very secret" not in quizapp("settings").stdout + json.dumps(told)


def test_doctor_warns_of_settings_that_others_can_read(quizapp: Any, folder: Path) -> None:
    file = folder / "instance" / "quizapp.toml"

    def found(text: str, mode: int) -> tuple[str, str]:
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
        told = json.loads(quizapp("doctor", "--json").stdout)["findings"]
        return next((one["verdict"], one["says"]) for one in told if one["of"] == "settings file")

    verdict, says = found('secret_key = "a long one, never shown"\n', 0o644)
    assert verdict == "warning" and "secret_key" in says and "chmod 600" in says and "a long one" not in says
    assert found('secret_key_fallbacks = ["a long one, never shown"]\n', 0o640)[0] == "warning"
    assert found('secret_key = "a long one, never shown"\n', 0o600)[0] == "ok"
    assert found("https = false\n", 0o644)[0] == "ok"


@pytest.mark.postgres
def test_doctor_says_whether_a_server_keeps_what_it_acknowledges(
    quizapp: Any, folder: Path, require: Callable[[str], str]
) -> None:
    from quizapp.doctor.store import store_findings

    def told(address: str) -> dict[str, tuple[str, str]]:
        settings = Settings(instance=folder, database=address, rate_limits="process")
        return {one.of: (one.verdict, one.says) for one in store_findings(settings)}

    with running(require("postgres"), fsync="off") as server:
        address = server.address("postgres")
        found = told(address)
        assert found["postgresql"][0] == "ok" and found["schema"] == ("ok", "made at the first start")
        assert found["durability"][0] == "bad" and "fsync" in found["durability"][1]
        assert found["rate limits"][0] == "warning"
        open_store(address).close()
        assert told(address)["schema"] == ("ok", f"{migrations.NEWEST}, the newest")
    assert told(address)["postgresql"][0] == told(address)["schema"][0] == "bad"


# --- limits that several workers share


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_two_workers_count_one_visitor_together(
    engine: str, tmp_path: Path, require: Callable[[str], str], request: pytest.FixtureRequest
) -> None:
    if engine == "postgres":
        server = running(require("postgres"), **FAST)
        address = server.__enter__().address("postgres")
        request.addfinalizer(lambda: server.__exit__(None, None, None))
    else:
        address = str(tmp_path / "shared.db")
    settings = Settings(instance=tmp_path, database=address, rate_limits="store")
    assert Settings(database=address).rate_limits == ("store" if engine == "postgres" else "process")
    stores = [open_store(address) for _ in range(2)]
    workers = [limit(shared_limits(settings, store), Rate("results saved", 10, 3_600.0)) for store in stores]
    assert all(isinstance(worker, SharedAllowance) for worker in workers)
    waits = [workers[number % 2].wait(network_of("2001:db8:1:2::1")) for number in range(14)]
    assert [bool(wait) for wait in waits] == [False] * 10 + [True] * 4
    assert 300 < waits[-1] <= 360
    # The next address of the same customer has no turns of its own; another customer has.
    assert workers[0].wait(network_of("2001:db8:1:2::2")) > 0
    assert workers[0].wait("192.0.2.1") == 0
    stores[0].close()
    # While the store is away each counts for itself.
    assert [bool(workers[0].wait(network_of("2001:db8:1:2::1"))) for _ in range(11)] == [False] * 10 + [True]
    stores[1].close()


@pytest.fixture
def redis_server(require: Callable[[str], str]) -> Iterator[RedisServer]:
    with redis_running(require("redis program")) as server:
        yield server


def test_two_workers_count_together_in_redis_and_each_alone_while_it_is_away(
    tmp_path: Path, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(
        instance=tmp_path, rate_limits=redis_server.address, metrics="token", metrics_token="x" * 20
    )
    apps = [create_app(replace(settings, questions=tmp_path / "none", watch=0)) for _ in range(2)]
    shared = [app.extensions["quizapp_limits"] for app in apps]
    workers = [limit(counted, Rate("results saved", 10, 3_600.0)) for counted in shared]
    told = [app.test_client().get("/readyz").get_json()["checks"]["limits"] for app in apps]
    assert told == [{"ok": True, "counted": "by Redis", "says": "answers"}] * 2
    waits = [workers[number % 2].wait("192.0.2.7") for number in range(14)]
    assert [bool(wait) for wait in waits] == [False] * 10 + [True] * 4
    redis_server.kill()
    # Nobody is let through uncounted, and nobody is turned away because of it.
    for worker in workers:
        assert [bool(worker.wait("192.0.2.7")) for _ in range(12)] == [False] * 10 + [True] * 2
    client = apps[0].test_client()
    check = client.get("/readyz").get_json()["checks"]["limits"]
    assert check["ok"] and check["counted"] == "by each process" and "does not answer" in check["says"]
    assert [one.missed for one in shared] == [12, 12]
    figures = client.get("/metrics", headers={"Authorization": f"Bearer {'x' * 20}"}).get_data(as_text=True)
    assert "\nquizapp_limits_missed_total 12.0\n" in figures and "quizapp_pool" not in figures
    said = [record.getMessage() for record in caplog.records if "Redis" in record.getMessage()]
    # Once a minute from each.
    assert len(said) == 2
    for told in (*said, check["says"]):
        assert PASSWORD not in told and str(redis_server.port) not in told and "127.0.0.1" not in told
    redis_server.start()
    end = time.monotonic() + 30
    while (before := shared[0].missed) is not None and workers[0].wait("192.0.2.8") == 0:
        if shared[0].missed == before:
            break
        assert time.monotonic() < end
        time.sleep(0.1)
    assert shared[0].missed == before
    for app, counted in zip(apps, shared, strict=True):
        app.extensions["quizapp"].library.stop()
        app.extensions["quizapp"].store.close()
        counted.close()


def test_a_redis_that_is_silent_holds_up_one_request_in_a_second(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        shared = shared_limits(Settings(instance=tmp_path, rate_limits=address), None)  # type: ignore[arg-type]
        waited = limit(shared, Rate("results saved", 100, 3_600.0))
        begun = time.monotonic()
        assert [waited.wait("192.0.2.7") for _ in range(50)] == [0.0] * 50
        # Fifty waits of a quarter of a second would be twelve.
        assert time.monotonic() - begun < 6
        shared.close()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "address", ["redis://", "redis://h:port", "mysql://h", "http://h", "Redis", "redis:x"]
)
def test_a_bad_address_of_redis_is_refused_without_its_words(address: str) -> None:
    with pytest.raises(Invalid) as refused:
        load({"QUIZAPP_RATE_LIMITS": address})
    assert refused.value.problems[0].fix == "allowed: `process` or `store` or `redis://…`"


def test_an_option_that_redis_does_not_know_is_told_at_the_start(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, rate_limits=f"redis://:{PASSWORD}@localhost/0?nonsense=1")
    with pytest.raises(Invalid) as refused:
        shared_limits(settings, None)  # type: ignore[arg-type]
    assert PASSWORD not in str(refused.value) and "QUIZAPP_RATE_LIMITS" in str(refused.value)


def test_settings_and_doctor_look_at_redis_and_show_no_password(
    quizapp: Any, folder: Path, redis_server: RedisServer
) -> None:
    (folder / "instance" / "quizapp.toml").write_text(f'rate_limits = "{redis_server.address}"\n')
    shown = quizapp("settings").stdout
    assert f"rate_limits = redis://:…@127.0.0.1:{redis_server.port}/0" in shown and PASSWORD not in shown
    told = {one["of"]: one for one in json.loads(quizapp("doctor", "--json").stdout)["findings"]}
    assert told["rate limits"] == {"of": "rate limits", "verdict": "ok", "says": "Redis answers"}
    redis_server.kill()
    told = quizapp("doctor", "--json", code=1).stdout
    found = {one["of"]: one for one in json.loads(told)["findings"]}["rate limits"]
    assert found["verdict"] == "bad" and "does not answer" in found["says"]
    assert PASSWORD not in told and str(redis_server.port) not in found["says"]


# --- what is asked of the connections


@pytest.mark.postgres
def test_the_figures_tell_who_works_on_a_connection_and_who_waits_for_one(
    tmp_path: Path, require: Callable[[str], str]
) -> None:
    with running(require("postgres programs"), **FAST) as server:
        settings = Settings(
            instance=tmp_path,
            questions=tmp_path / "none",
            database=server.address("postgres"),
            metrics="token",
            metrics_token="x" * 20,
            watch=0,
        )
        app = create_app(settings)
        kept = app.extensions["quizapp"]
        # One whose requests wait until they were seen waiting.
        store = PostgresStore(settings.database, wait_seconds=60)
        app.extensions["quizapp"] = replace(kept, store=store)

        def told() -> dict[str, float]:
            sent = {"Authorization": f"Bearer {settings.metrics_token}"}
            text = app.test_client().get("/metrics", headers=sent).get_data(as_text=True)
            return {
                name: float(value) for name, value in re.findall(r"^quizapp_(pool_\w+) (\S+)$", text, re.M)
            }

        def within(seconds: float, holds: Callable[[dict[str, float]], bool]) -> dict[str, float]:
            end = time.monotonic() + seconds
            while not holds(found := told()):
                assert time.monotonic() < end, found
                time.sleep(0.05)
            return found

        calm = within(30, lambda found: found["pool_in_use"] == 0)
        assert calm["pool_connections_max"] == CONNECTIONS and calm["pool_waiting"] == 0
        with ExitStack() as held, ThreadPoolExecutor(3) as takers:
            for _ in range(CONNECTIONS):
                held.enter_context(store.transactions.read())
            asking = [takers.submit(store.ping) for _ in range(3)]
            busy = within(30, lambda found: found["pool_waiting"] == 3)
            assert busy["pool_in_use"] == busy["pool_connections"] == CONNECTIONS
            held.close()
            for one in asking:
                one.result(30)
        after = within(30, lambda found: found["pool_in_use"] == found["pool_waiting"] == 0)
        assert after["pool_waits_total"] >= calm["pool_waits_total"] + 3
        assert after["pool_wait_seconds_total"] > calm["pool_wait_seconds_total"]
        kept.library.stop()
        kept.store.close()
        store.close()


# --- servers that come and go


@dataclass
class Worker:
    """A server of the fleet, on a port that it keeps."""

    folder: Path
    port: int = 0
    more: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        environ = environment(
            QUIZAPP_PROXY_HOPS="1",
            QUIZAPP_WATCH="0",
            QUIZAPP_METRICS="token",
            QUIZAPP_METRICS_TOKEN="x" * 20,
            **self.more,
        )
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "quizapp", "serve", "--port", str(self.port)],
                cwd=self.folder,
                env=environ,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout
        self.port = urlsplit(self.process.stdout.readline().split()[-1]).port or 0

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it and wait for it; its exit code."""
        assert self.process and self.process.stdout
        self.process.send_signal(how)
        self.process.stdout.close()
        return self.process.wait(30)

    def ready(self) -> int:
        """The status of /readyz; 0 where nobody listens."""
        try:
            return ask(self.port, "GET", "/readyz")[0]
        except (OSError, http.client.HTTPException):
            return 0


def ask(
    port: int, method: str, path: str, data: dict[str, str] | None = None, **headers: str
) -> tuple[int, dict[str, str], str]:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if data is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(data) if data is not None else None, sent)
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, names, answer.read().decode()
    finally:
        connection.close()


@pytest.fixture
def fleet(folder: Path) -> Iterator[list[Worker]]:
    workers = [Worker(folder, more={"QUIZAPP_DRAIN_SECONDS": "3"}) for _ in range(2)]
    for worker in workers:
        worker.start()
    yield workers
    for worker in workers:
        if worker.process and worker.process.poll() is None:
            worker.end(signal.SIGKILL)


class Balancer:
    """Sends whoever comes to a worker that says it is ready, as a load balancer does."""

    def __init__(self, workers: list[Worker]) -> None:
        self._workers = workers
        self._turn = itertools.count()
        self._over = threading.Event()
        self.up = [worker for worker in workers if worker.ready() == 200]
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def port(self) -> int:
        up = self.up
        return up[next(self._turn) % len(up)].port

    def end(self) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            found = [worker for worker in self._workers if worker.ready() == 200]
            self.up = found or self.up


def save_once(balancer: Balancer, number: int) -> str:
    """Somebody new begins, and keeps a result; its token. Each step may be another worker's."""
    me = f"198.18.{number // 250 % 250}.{number % 250}"
    status, headers, page = ask(balancer.port(), "GET", f"/quiz/{BANK}", X_Forwarded_For=me)
    assert status == 200, status
    cookie = headers["set-cookie"].split(";")[0]
    found = re.search(r'name="csrf_token" form="begin" value="([^"]+)"', page)
    assert found
    path, data = f"/quiz/{BANK}/result", {"csrf_token": found[1]}
    status, headers, _ = ask(balancer.port(), "POST", path, data, X_Forwarded_For=me, Cookie=cookie)
    assert status == 303, status
    return headers["location"].removeprefix("/r/")


@pytest.mark.slow
def test_a_rolling_restart_under_posts_fails_none_and_loses_none(fleet: list[Worker], folder: Path) -> None:
    balancer = Balancer(fleet)
    numbers, over = itertools.count(), threading.Event()
    tokens: list[str] = []
    failed: list[BaseException] = []

    def keep_saving() -> None:
        while not over.is_set():
            try:
                tokens.append(save_once(balancer, next(numbers)))
            except BaseException as error:
                failed.append(error)

    takers = [threading.Thread(target=keep_saving) for _ in range(6)]
    for taker in takers:
        taker.start()
    codes, went_out = [], []
    for worker in fleet:
        time.sleep(1)
        before = len(tokens)
        ending = threading.Thread(target=lambda worker=worker: codes.append(worker.end()))  # type: ignore[misc]
        ending.start()
        # It says so first, while it still answers.
        deadline = time.monotonic() + 2.9
        while (said := worker.ready()) == 200 and time.monotonic() < deadline:
            time.sleep(0.02)
        went_out.append(said)
        ending.join()
        worker.start()
        while worker not in balancer.up:
            time.sleep(0.05)
        assert len(tokens) > before
    time.sleep(1)
    over.set()
    for taker in takers:
        taker.join()
    balancer.end()
    assert (went_out, codes) == ([503, 503], [0, 0])
    assert failed == []
    assert len(tokens) == len(set(tokens)) > 20
    for worker in fleet:
        assert worker.end() == 0
    with closing(sqlite3.connect(folder / "instance" / "quizapp.sqlite3")) as db:
        kept = {token for (token,) in db.execute("SELECT token FROM results")}
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert set(tokens) <= kept
    assert not [token for token in tokens if token in (folder / "log").read_text()]


@pytest.mark.slow
def test_without_a_time_to_drain_it_ends_at_once_and_finishes_what_it_had_begun(folder: Path) -> None:
    worker = Worker(folder)
    worker.start()
    balancer = Balancer([worker])
    tokens, failed = [], []

    def keep_saving(first: int) -> None:
        try:
            for number in itertools.count(first):
                tokens.append(save_once(balancer, number))
        except (ConnectionRefusedError, ConnectionResetError, http.client.HTTPException):
            return
        except BaseException as error:
            failed.append(error)

    takers = [threading.Thread(target=keep_saving, args=(first,)) for first in range(0, 40_000, 10_000)]
    for taker in takers:
        taker.start()
    end = time.monotonic() + 60
    while len(tokens) < 10 and time.monotonic() < end:
        time.sleep(0.05)
    begun = time.monotonic()
    assert worker.end() == 0
    # What is at hand has up to fifteen seconds; takers who only just began need none of them.
    assert time.monotonic() - begun < 12
    for taker in takers:
        taker.join()
    balancer.end()
    assert failed == []
    with closing(sqlite3.connect(folder / "instance" / "quizapp.sqlite3")) as db:
        kept = {token for (token,) in db.execute("SELECT token FROM results")}
    assert set(tokens) <= kept and len(tokens) > 5


@pytest.mark.slow
def test_a_second_sigterm_does_not_wait(folder: Path) -> None:
    worker = Worker(folder, more={"QUIZAPP_DRAIN_SECONDS": "60"})
    worker.start()
    assert worker.process
    worker.process.send_signal(signal.SIGTERM)
    while worker.ready() == 200:
        time.sleep(0.02)
    status, headers, _ = ask(worker.port, "GET", "/about")
    assert (status, headers["connection"]) == (200, "close")
    begun = time.monotonic()
    assert worker.end() == 0
    assert time.monotonic() - begun < 20


@pytest.mark.slow
def test_a_server_tells_how_busy_its_threads_are(folder: Path) -> None:
    worker = Worker(folder, more={"QUIZAPP_THREADS": "3"})
    worker.start()
    _, _, told = ask(worker.port, "GET", "/metrics", Authorization=f"Bearer {'x' * 20}")
    assert re.search(r"^quizapp_threads 3\.0$", told, re.MULTILINE)
    # The one that asks.
    assert re.search(r"^quizapp_threads_busy 1\.0$", told, re.MULTILINE)
    assert re.search(r"^quizapp_requests_waiting 0\.0$", told, re.MULTILINE)
    assert worker.end() == 0
