"""By which names the site answers: its own, and this machine's where its health is asked."""

from __future__ import annotations

import json
import logging

import pytest

from tests.web.conftest import Start

HERE = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.mark.parametrize("hops", [0, 1])
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_health_and_figures_are_read_by_this_machines_name_whatever_names_are_set(
    start: Start, host: str, hops: int
) -> None:
    client = start(trusted_hosts=("quiz.example",), metrics="local", proxy_hops=hops).test_client()
    for path in ("/healthz", "/readyz", "/metrics"):
        assert client.get(path, headers={"Host": host}, environ_base=HERE).status_code == 200, path
    assert client.get("/", headers={"Host": host}, environ_base=HERE).status_code == 400
    for path in ("/healthz", "/readyz", "/metrics"):
        assert client.get(path, headers={"Host": "evil.example"}, environ_base=HERE).status_code == 400
    # Somebody else's machine that calls itself so.
    assert client.get("/metrics", headers={"Host": host}).status_code == 200
    away = client.get("/metrics", headers={"Host": host}, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert away.status_code == 404


def test_a_strange_name_is_told_as_that_and_noted_in_the_log(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    client = start(trusted_hosts=("quiz.example",)).test_client()
    with caplog.at_level(logging.INFO, "quizapp.web"):
        answer = client.get("/about", headers={"Host": "evil.example"})
    text = answer.get_data(as_text=True)
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert "not served under this name" in text and "QUIZAPP_TRUSTED_HOSTS" in text
    assert "cookies" not in text and "クッキー" not in text
    assert "Set-Cookie" not in answer.headers
    [line] = [json.loads(str(record.msg)) for record in caplog.records if isinstance(record.msg, dict)]
    assert "trusted_hosts" in line["refused"]
    assert "evil" not in str(line)
    told = client.get("/api/v1/banks", headers={"Host": "evil.example"}).get_json()
    assert [problem["code"] for problem in told["problems"]] == ["strange_host"]
