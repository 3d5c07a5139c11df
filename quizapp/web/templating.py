"""The templates, once for each language; knows nothing of requests."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from quizapp.i18n import Language, language


@cache
def environment(code: str) -> Environment:
    """The templates as that language reads them. Every value is escaped, no bank text is a template."""
    made = Environment(
        loader=PackageLoader("quizapp.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    made.install_gettext_translations(language(code).translations, newstyle=True)  # type: ignore[attr-defined]
    return made


def template(name: str, spoken: Language) -> Template:
    """A template of that name, read and compiled once."""
    return environment(spoken.code).get_template(name)
