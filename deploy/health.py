"""Ends with 0 where the quiz in this container answers: asks /healthz under the first trusted name."""

import http.client
import os
import sys


def main() -> int:
    """The exit code for the container engine."""
    names = os.environ.get("QUIZAPP_TRUSTED_HOSTS", "").split(",")
    host = names[0].strip().lstrip(".") or "127.0.0.1"
    port = int(os.environ.get("QUIZAPP_PORT", "8000"))
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
        connection.request("GET", "/healthz", headers={"Host": host})
        return int(connection.getresponse().status != 200)
    except (OSError, http.client.HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
