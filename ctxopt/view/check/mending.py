"""What `--fix` writes, as a diff of each file, and what it leaves to a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from ctxopt.core.checking.records import MendedText, Unmended
from ctxopt.view.terminal.layout import hanging
from ctxopt.view.terminal.output import page_of, write_lines
from ctxopt.view.write.dialogue import show_diff


def show(texts: Sequence[MendedText], out: TextIO) -> None:
    """Write the diff of each file, and what was done in it."""
    page = page_of(out)
    for text in texts:
        show_diff(text.before, text.after, text.shown, out)
        for fix in text.fixes:
            place = page.safe(f"{text.shown}:{fix.first}: ")
            write_lines(hanging(place, page.safe(fix.title), page), out)
        write_lines([()], out)
    out.flush()  # nothing is written that could not be shown first


def show_nothing(out: TextIO) -> None:
    """Write that there is nothing to mend."""
    write_lines([(("Nothing to mend.", ""),)], out)


def why_left(one: Unmended) -> str:
    """Why a fix was not made, in a line."""
    return f"{one.shown}:{one.fix.first}: not mended ({one.fix.title}): {one.why}"
