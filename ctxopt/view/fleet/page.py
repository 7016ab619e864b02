"""index.html: the table of a fleet, to be sorted and filtered, as one sealed file.

Names are made safe to show here, and the page puts them on itself as text alone. The
only links are those to the pages of the report, made of nothing but their names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from ctxopt.core.fleet.records import FleetLine, FleetReport
from ctxopt.core.model import Severity
from ctxopt.view.fleet import words
from ctxopt.view.page.html import ROOM
from ctxopt.view.page.sealed import Shell, sealed
from ctxopt.view.page.shown import safe
from ctxopt.view.report.json import Json, time_json

OWN = "ctxopt.view.fleet"
STYLES = ("fleet.css",)
SCRIPTS = ("rows.js", "table.js", "fleet.js")
SHELL = Shell(
    (OWN, "fleet.html"),
    [(ROOM, "base.css"), *((OWN, name) for name in STYLES)],
    [
        *((ROOM, name) for name in ("words.js", "elements.js")),
        *((OWN, name) for name in SCRIPTS),
    ],
)
_PAGES = "pages/"


def page_of(report: FleetReport) -> bytes:
    """The page of a fleet."""
    version = report.settings.made_by
    return sealed(SHELL, content_of(report), title=title_of(report), version=version)


def title_of(report: FleetReport) -> str:
    """What the page is called."""
    return f"{words.repositories(report.totals.repositories)}: what their builds send"


def content_of(report: FleetReport) -> Json:
    """What the page shows, as the JSON that its script reads: a column for each field.

    Null is what nobody knows: sizes where it failed, all of it where nothing was read.
    """
    lines = report.lines
    codes = {code: at for at, code in enumerate(report.totals.codes)}
    sized = [None if line.has_failed else line for line in lines]
    checked = [line if line.is_checked else None for line in lines]

    def sizes(value: Callable[[FleetLine], float]) -> list[float | None]:
        return [line and value(line) for line in sized]

    def numbers(value: Callable[[FleetLine], float]) -> list[float | None]:
        return [line and value(line) for line in checked]

    return {
        "title": title_of(report),
        "outcome": words.outcome(report.totals),
        "builds": report.settings.builds_per_week,
        "fresh": words.FRESH,
        "kept": words.KEPT,
        "write": words.WRITES,
        "codes": [[safe(code), words.title_of(code)] for code in codes],
        "names": [safe(line.called) for line in lines],
        "places": [safe(line.place) for line in lines],
        "commits": [safe(line.commit or "") for line in lines],
        "states": [line.state for line in lines],
        "failures": [_failure(line) for line in lines],
        "pages": [href_of(line.page) for line in lines],
        "counts": numbers(lambda line: len(line.builds)),
        "unmeasured": numbers(lambda line: line.unmeasured_builds),
        "sends": sizes(lambda line: line.wire_bytes),
        "again": sizes(lambda line: line.repeat_wire_bytes),
        "saves": sizes(lambda line: line.saved_wire_bytes),
        "savesAgain": sizes(lambda line: line.saved_repeat_wire_bytes),
        "seconds": sizes(lambda line: time_json(line.saved_seconds)),
        "secondsAgain": sizes(lambda line: time_json(line.saved_repeat_seconds)),
        "errors": numbers(lambda line: line.severities.get(Severity.ERROR, 0)),
        "warnings": numbers(lambda line: line.severities.get(Severity.WARNING, 0)),
        "breaks": numbers(lambda line: int(line.breaks_cache)),
        "lacks": sizes(lambda line: int(line.lacks_ignore_file)),
        "secrets": [[*map(safe, line.secrets)] if line else [] for line in checked],
        "found": [_found(line, codes) if line else [] for line in checked],
    }


def _found(line: FleetLine, codes: Mapping[str, int]) -> list[tuple[int, int]]:
    """Each code, by its place among all, and how often it was found."""
    return [(codes[code], count) for code, count in line.codes.items() if count]


def _failure(line: FleetLine) -> Json | None:
    """Kind and reason, in words."""
    if line.failure is None:
        return None
    kind = words.failure(line.failure.kind)
    return {"kind": kind, "message": safe(line.failure.message)}


def href_of(page: str | None) -> str | None:
    """A page of the report as a link from its folder; None for what is none."""
    if page is None or not page.startswith(_PAGES) or not page.endswith(".html"):
        return None
    parts = page.split("/")
    if any(part in {"", ".", ".."} for part in parts):
        return None
    return "/".join(
        quote(part.encode("utf-8", "surrogateescape"), "") for part in parts
    )
