"""The page of some builds put together."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.view.page.content import Drawn, Failed, content_of, title_of
from ctxopt.view.page.sealed import Shell, sealed

ROOM = "ctxopt.view.page"
STYLES = ("base.css", "page.css")
SCRIPTS = (
    *("words.js", "elements.js", "squarify.js", "text.js", "sums.js", "treemap.js"),
    *("reading.js", "weighing.js"),
    *("picture.js", "table.js", "choosing.js", "facts.js", "page.js"),
)
SHELL = Shell(
    (ROOM, "page.html"),
    [(ROOM, name) for name in STYLES],
    [(ROOM, name) for name in SCRIPTS],
)


def page_of(
    drawn: Sequence[Drawn], version: str, failed: Sequence[Failed] = ()
) -> bytes:
    """The page of some builds, at least one, made by a version of ctxopt.

    `failed` are those that could not be measured.
    """
    content = content_of(drawn, failed)
    return sealed(SHELL, content, title=title_of(drawn[0]), version=version)
