"""What the container files, the unit and the examples of deploy/ say; the proxies are run elsewhere."""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from quizapp.config import Settings, load, variable
from tests.proxies import DEPLOY, NAME, ROOT, needed, settings_told

pytestmark = pytest.mark.xdist_group("deploy")


# Container files


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0], " ".join(line.split()[1:])) for line in lines]


@pytest.fixture(scope="module")
def compose() -> Any:
    return YAML(typ="safe").load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def test_the_image_runs_as_nobody_special_and_stops_when_told(steps: list[tuple[str, str]]) -> None:
    last = dict(steps)
    assert last["USER"] == "10001:10001"
    assert last["STOPSIGNAL"] == "SIGTERM"
    assert json.loads(last["CMD"]) == ["quizapp", "serve"]
    assert json.loads(last["HEALTHCHECK"].partition("CMD ")[2]) == ["python", "/opt/quizapp/health.py"]
    assert last["VOLUME"] == "/data"
    assert "QUIZAPP_INSTANCE=/data" in last["ENV"]
    # Without watching, a worker would not see what the others publish.
    assert "QUIZAPP_WATCH" not in last["ENV"]
    known = {"ARG", "FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL"}
    assert {name for name, _ in steps} <= known | {"HEALTHCHECK", "CMD"}


def test_the_image_installs_only_what_is_pinned(steps: list[tuple[str, str]]) -> None:
    commands = [part for name, rest in steps if name == "RUN" for part in rest.split("&&")]
    installs = [command for command in commands if "pip install" in command]
    assert len(installs) == 3
    for command in installs:
        assert "--require-hashes" in command or "--no-index --no-deps" in command, command
    bases = [rest for name, rest in steps if name == "FROM"]
    assert [base.split()[0] for base in bases] == ["${BASE}", "${BASE}"]
    assert ("ARG", "BASE=python:3.11-slim") in steps


def test_what_the_image_copies_is_there_and_let_in(steps: list[tuple[str, str]]) -> None:
    rows = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [row[1:] for row in rows if row.startswith("!")]
    assert rows[1] == "*"
    assert [name for name in let_in if not (ROOT / name).exists()] == []
    copied = [
        source
        for name, rest in steps
        if name == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
        if source != "."
    ]
    assert [source for source in copied if source not in let_in] == []
    # What the wheel is built from.
    assert {"quizapp", "questions", "pyproject.toml", "README.md", "LICENSE"} <= set(let_in)


def test_every_service_is_fenced_in(compose: Any) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service and "cap_add" not in service, name
        # The quiz has both from its image.
        ours = service["image"] == "quizapp:local"
        assert ours or (service["user"] and service["healthcheck"]), name
    # Built once, and never looked for elsewhere.
    assert [name for name, service in compose["services"].items() if "build" in service] == ["web"]
    workers = [compose["services"][name] for name in ("web-1", "web-2")]
    assert all(worker["pull_policy"] == "never" for worker in workers)


def test_no_container_fills_its_memory_or_leaves_volumes_behind(compose: Any) -> None:
    for name, service in compose["services"].items():
        held = [volume.partition(":")[2].split(":")[0] for volume in service.get("volumes", [])]
        assert service["image"] != "quizapp:local" or "/data" in held, name
        assert service["image"] != "quizapp:local" or service["environment"]["QUIZAPP_PORT"] == "8000", name
    proxy = compose["services"]["proxy"]
    assert all("size=" in place for place in proxy["tmpfs"])
    script = proxy["command"][2]
    for log in re.findall(r"_log /var/log/nginx/(\S+)", (DEPLOY / "nginx.conf").read_text(encoding="utf-8")):
        assert re.search(rf"ln -sf /dev/std(out|err) {re.escape(log.rstrip(';'))}(\s|$)", script), log
    assert proxy["sysctls"]["net.ipv4.ip_unprivileged_port_start"] == "0"


def test_neither_upstream_ever_thinks_a_worker_dead() -> None:
    for name in ("nginx-upstream.conf", "nginx-upstream-compose.conf"):
        lines = re.findall(r"^ *server .*$", (DEPLOY / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert lines and all(line.endswith(" max_fails=0;") for line in lines), name


def test_every_name_in_the_composition_leads_somewhere(compose: Any) -> None:
    services = compose["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert set(service.get("networks", [])) <= set(compose["networks"]), name
        for secret in service.get("secrets", []):
            assert (secret if isinstance(secret, str) else secret["source"]) in compose["secrets"], name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).is_file() if source.startswith(".") else source in compose["volumes"], name
    assert [name for name, service in services.items() if "profiles" not in service] == ["web"]
    upstream = (DEPLOY / "nginx-upstream-compose.conf").read_text(encoding="utf-8")
    for worker in re.findall(r"server ([\w-]+):8000", upstream):
        assert services[worker]["stop_grace_period"] == "30s"


def test_secrets_come_from_files_that_git_never_keeps(compose: Any) -> None:
    for secret in compose["secrets"].values():
        assert set(secret) == {"file"}
        assert secret["file"].startswith("./secrets/")
    assert "/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    for service in compose["services"].values():
        said = {key for key in service.get("environment", {}) if "SECRET" in key or "PASSWORD" in key}
        assert all(key.endswith("_FILE") for key in said)


DESCRIBED = [
    "Dockerfile",
    "compose.yaml",
    "docs/operations.md",
    *sorted(f"deploy/{p.name}" for p in DEPLOY.iterdir() if p.is_file()),
]


@pytest.mark.parametrize("path", DESCRIBED)
def test_every_setting_named_here_exists(path: str) -> None:
    known = {variable(row.name) for row in fields(Settings)}
    named = set(re.findall(r"\bQUIZAPP_[A-Z_]+\b", (ROOT / path).read_text(encoding="utf-8")))
    assert named - known == set()


# systemd


def test_the_unit_starts_again_for_ever_but_not_with_wrong_settings() -> None:
    unit = (DEPLOY / "quizapp.service").read_text(encoding="utf-8").splitlines()
    told = {"StartLimitIntervalSec=0", "Restart=always", "RestartSec=5", "RestartPreventExitStatus=2"}
    assert told <= set(unit)
    assert "postgresql.service" in next(line for line in unit if line.startswith("After="))


def test_the_template_differs_from_the_unit_by_its_port_alone() -> None:
    one, many = (
        (DEPLOY / name).read_text(encoding="utf-8") for name in ("quizapp.service", "quizapp@.service")
    )
    one, many = one[one.index("[Unit]") :], many[many.index("[Unit]") :]
    assert many.count("%i") == 2
    named = (
        many.replace(" on port %i", "").replace(" QUIZAPP_PORT=%i", "").replace("quizapp@PORT`", "quizapp`")
    )
    assert named == one


@pytest.mark.parametrize("name", ["quizapp.service", "quizapp@8000.service"])
def test_systemd_finds_no_fault_with_the_unit(tmp_path: Path, name: str) -> None:
    program = needed("systemd-analyze", "systemd")
    unit = (DEPLOY / name.replace("8000", "")).read_text(encoding="utf-8")
    assert "/opt/quizapp/bin/quizapp serve" in unit
    # Verified where the program is; here another one stands for it.
    path = tmp_path / name
    path.write_text(unit.replace("/opt/quizapp/bin/quizapp serve", "/bin/true"), encoding="utf-8")
    told = subprocess.run([program, "verify", str(path)], capture_output=True, text=True, timeout=60)
    assert [line for line in told.stderr.splitlines() if name in line] == []
    rated = [program, "security", "--offline=true", "--threshold=20", "--no-pager", str(path)]
    told = subprocess.run(rated, capture_output=True, text=True, timeout=60)
    assert told.returncode == 0, told.stdout[-400:]


# Settings


def test_the_settings_that_are_told_are_accepted(tmp_path: Path) -> None:
    # With what is commented out, too.
    text = re.sub(r"^# (?=\w+ = )", "", settings_told(), flags=re.MULTILINE)
    (tmp_path / "quizapp.toml").write_text(text, encoding="utf-8")
    told = load({"QUIZAPP_INSTANCE": str(tmp_path)})
    assert (told.mode, told.https, told.proxy_hops, told.trusted_hosts) == ("production", True, 1, (NAME,))
    assert told.database.startswith("postgresql://quizapp:")


def test_the_examples_agree_on_name_and_port() -> None:
    for name in ("nginx.conf", "Caddyfile"):
        assert NAME in (DEPLOY / name).read_text(encoding="utf-8")
    for name in ("nginx-upstream.conf", "Caddyfile"):
        assert "127.0.0.1:8000" in (DEPLOY / name).read_text(encoding="utf-8")
    assert Settings().port == 8000
    units = fnmatch.filter([path.name for path in DEPLOY.iterdir()], "*.service")
    assert sorted(units) == ["quizapp.service", "quizapp@.service"]
