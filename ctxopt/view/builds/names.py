"""Builds and places, named in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.model import Location
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import Page

FEW = 3  # names in a sentence; of more, a number
OPTION = "-v"  # tells everything


def some(names: Sequence[str], page: Page, *, most: int = FEW) -> str:
    """`web, api, cron and 3 more`; one more takes no more room than to say so."""
    shown = [*map(page.safe, names)]
    if len(names) > most + 1:
        shown = [*shown[:most], f"{len(names) - most:,} more"]
    *others, last = shown
    return f"{', '.join(others)} and {last}" if others else last


def every(names: Sequence[str], page: Page) -> str:
    """All of them, however many there are."""
    return some(names, page, most=len(names))


def place(location: Location, page: Page) -> str:
    """`compose.yaml:12`."""
    return page.safe(f"{location.file}:{location.line}")


def left_out(said: str) -> str:
    """A count of what is not shown, with the option that shows it."""
    return f"{said} ({OPTION})"


def more(number: int, noun: str, *, of_all: bool) -> str:
    """`3 more`, or `3 builds` where no other is shown."""
    return formatting.count(number, noun) if of_all else f"{number:,} more"
