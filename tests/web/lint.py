"""What must hold of every page that is fetched: valid, one heading, nothing inline, every form guarded."""

from __future__ import annotations

import html
import re
from collections import Counter

import html5lib
from html5lib.constants import namespaces

XHTML = "{" + namespaces["html"] + "}"


def faults(page: str) -> list[str]:
    """What is wrong with a page; empty where nothing is."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    tree = parser.parse(page)
    found = [f"not valid HTML: {code} at {place}" for place, code, _ in parser.errors]
    elements = list(tree.iter())
    found += _headings(tree)
    found += [
        f"id {id} is used {n} times"
        for id, n in Counter(one.get("id") for one in elements).items()
        if id and n > 1
    ]
    found += _references(elements)
    found += _inline(elements)
    found += _forms(elements)
    if tree.get("lang") not in ("ja", "en"):
        found.append("the language of the page is not marked")
    return found


def _text(element) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def _headings(tree) -> list[str]:
    headings = list(tree.iter(f"{XHTML}h1"))
    if len(headings) != 1:
        return [f"{len(headings)} h1 instead of one"]
    title = _text(next(tree.iter(f"{XHTML}title")))
    heading = _text(headings[0])
    return (
        []
        if heading and title.startswith(heading)
        else [f"the title {title!r} does not begin with {heading!r}"]
    )


def _references(elements) -> list[str]:
    ids = {one.get("id") for one in elements}
    found = []
    for one in elements:
        for name in ("for", "aria-labelledby", "aria-describedby", "form"):
            found += [f"{name}={id} points nowhere" for id in (one.get(name) or "").split() if id not in ids]
        href = one.get("href") or ""
        if href.startswith("#") and href[1:] not in ids:
            found.append(f"{href} points nowhere")
        if href.startswith("http") and "noreferrer" not in (one.get("rel") or ""):
            found.append(f"{href} would tell where the reader came from")
    return found


def _inline(elements) -> list[str]:
    found = []
    for one in elements:
        found += [
            f"inline {name} on {one.tag}" for name in one.attrib if name == "style" or name.startswith("on")
        ]
        if one.tag in (f"{XHTML}script", f"{XHTML}style") and _text(one):
            found.append(f"inline {one.tag}")
        source = one.get("src") or ""
        if source and not source.startswith("/"):
            found.append(f"{source} is asked of somebody else")
    return found


def _forms(elements) -> list[str]:
    tokens = {one.get("form") for one in elements if one.get("name") == "csrf_token"}
    forms = [one for one in elements if one.tag == f"{XHTML}form"]
    return [
        f"form {one.get('id')} has no CSRF token"
        for one in forms
        if (one.get("method") or "").lower() == "post" and one.get("id") not in tokens
    ]


def visible(page: str) -> str:
    """The words of the page's main part, for assertions about what a reader is told."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main))).strip()
