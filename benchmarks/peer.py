"""The peer of the web benchmark: bare Flask and Jinja, sending the same bytes under the same server."""

from __future__ import annotations

import sys
from pathlib import Path

from flask import Flask, render_template
from jinja2 import DictLoader

from quizapp.config import Settings
from quizapp.server.serve import serve


def create_peer(settings: Settings) -> Flask:
    """One route per file of the ``questions`` folder, which here holds finished pages."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"page.html": "{{ page|safe }}"})
    pages = {path.stem: path.read_text(encoding="utf-8") for path in settings.questions.glob("*.html")}

    @app.get("/<name>")
    def page(name: str) -> str:
        return render_template("page.html", page=pages[name])

    return app


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    serve(
        Settings(instance=folder, questions=folder, port=0),
        lambda address: print(address, flush=True),
        create_peer,
    )
