"""How an editing page is sent: in the frame that all of them share, never kept by anybody."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, g

from quizapp.store.editing_records import Editor
from quizapp.web.assets import asset_path
from quizapp.web.replies import frame_of, send, spoken, this_page
from quizapp.web.security import POLICY
from quizapp.web.sheet import sheet
from quizapp.web.templating import template


@dataclass(frozen=True)
class Desk:
    """What surrounds an editing page beside the frame of all pages."""

    style: str
    script: str
    editor: Editor | None


def desk_reply(name: str, page: object, status: int = 200) -> Response:
    """The page in its template of ``templates/edit``."""
    lang = spoken()
    who = g.get("signed")
    desk = Desk(asset_path("edit.css"), asset_path("edit.js"), who.editor if who else None)
    made = template(f"edit/{name}", lang).render(page=page, frame=frame_of(lang, this_page()), desk=desk)
    response = send(sheet(made), status)
    # Editing pages save, check and ask in the background; no other page does.
    response.headers["Content-Security-Policy"] = f"{POLICY}; connect-src 'self'"
    return response
