"""The characters and the tones of this screen, beyond those of a report.

The selected suggestion has `▸` before it, and `>` where only ASCII can be written.
"""

from __future__ import annotations

from ctxopt.core.model import Severity
from ctxopt.core.tuples import NamedTuple
from ctxopt.view.report.problems import SEVERITY
from ctxopt.view.terminal.layout import QUIET, UNICODE, Line, Page, cells

AGAIN, LESS = "magenta", "green"
LOUD = SEVERITY[Severity.ERROR]
CHOSEN = "+"  # as in a diff


class Symbols(NamedTuple):
    """The characters of this screen beyond those of a report."""

    sparks: str  # lowest to highest
    selected: str
    arrows: str


_UNICODE = Symbols("▁▂▃▄▅▆▇█", "▸", "↑↓")
_ASCII = Symbols("_.:-=+*#", ">", "up/down")


def symbols(page: Page) -> Symbols:
    """Those that the page can show."""
    if page.glyphs is not UNICODE:
        return _ASCII
    try:
        "".join(_UNICODE).encode(page.encoding)
    except UnicodeEncodeError:
        return _ASCII
    return _UNICODE


def if_fits(before: str, note: str, page: Page) -> Line:
    """`note` in quiet letters, or nothing where it does not fit behind `before`."""
    return ((note, QUIET),) if cells(before + note) <= page.width else ()
