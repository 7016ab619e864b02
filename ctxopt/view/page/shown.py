"""What of names and words can be shown on a page."""

from __future__ import annotations

from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import Page

WIDE = Page(width=10_000)  # where words are made for a terminal: one without an edge
LONGEST = 400  # characters of a word that is shown


def safe(text: str) -> str:
    """A text on one line, of no more length than anybody reads."""
    shown = formatting.printable(text)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
