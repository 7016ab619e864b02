"""The page of some builds put together."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.view.page.build import Drawn, title_of
from ctxopt.view.page.content import Failed, content_of
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
MOST_BYTES = 1_000_000  # of a page of its own


def page_of(
    drawn: Sequence[Drawn],
    version: str,
    failed: Sequence[Failed] = (),
    *,
    most_bytes: int = MOST_BYTES,
) -> bytes:
    """The page of some builds, at least one, made by a version of ctxopt.

    `failed` are those that could not be measured.
    """
    title = title_of(drawn[0])
    empty = sealed(SHELL, "", title=title, version=version)
    content = content_of(drawn, failed, room=most_bytes - len(empty))
    return sealed(SHELL, content, title=title, version=version)
