"""Ends with 0 where the quiz in this container answers: asks /healthz on its port."""

import http.client
import os
import sys
import tomllib
from pathlib import Path


def port() -> int:
    """Where it listens: by the environment, else by its file of settings."""
    if given := os.environ.get("QUIZAPP_PORT", "").strip():
        return int(given)
    try:
        file = Path(os.environ.get("QUIZAPP_INSTANCE", "/data")) / "quizapp.toml"
        return int(tomllib.loads(file.read_text(encoding="utf-8")).get("port", 8000))
    except FileNotFoundError:
        return 8000


def main() -> int:
    """The exit code for the container engine."""
    try:
        # By this name it answers whatever names are set.
        connection = http.client.HTTPConnection("127.0.0.1", port(), timeout=4)
        connection.request("GET", "/healthz")
        return int(connection.getresponse().status != 200)
    except (OSError, ValueError, http.client.HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
