"""The section "Secrets": what they are and how far they go, never what they say."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.findings.codes import SECRETS_UNREAD
from ctxopt.core.model import GitState, Reach, Report, SecretFile, Severity
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    TITLE,
    Line,
    Page,
    cells,
    left,
    paragraph,
    shorten_end,
    shorten_middle,
)

SHOWN = 5  # with the lines around them less than a quarter of a screen
STYLES = {Reach.IMAGE: "bold red", Reach.STAGE: "magenta", Reach.MOUNT: "magenta"}
BETTER = (
    "Lend them to one command: RUN --mount=type=secret,id=NAME; or mount them when the "
    "container starts."
)
_GIT = {GitState.TRACKED: ", git tracks it", GitState.IGNORED: ", git ignores it"}
_REACHED = {
    Reach.IMAGE: "in the image",
    Reach.STAGE: "in a stage",
    Reach.MOUNT: "lent to a RUN",
}
LEAST_TEXT = 10  # cells of a COPY that are worth showing
CODES = (
    "secret-",
    SECRETS_UNREAD.code,
)  # how the codes of problems begin that this section tells of


def secrets(report: Report, page: Page, *, verbose: bool) -> list[Line]:
    """The section, empty where there is nothing to warn of."""
    found = report.secrets
    unread = [one for one in report.problems if one.code == SECRETS_UNREAD.code]
    if not (found or unread):
        return []
    lines: list[Line] = []
    if found:
        shown = found if verbose else found[:SHOWN]
        lines = [(("Secrets", TITLE),), *_rows(shown, page)]
        if len(found) > len(shown):
            lines += paragraph(_rest(found[len(shown) :]), page, QUIET, indent=2)
        if any(one.severity is Severity.WARNING for one in found):
            lines += paragraph(BETTER, page, QUIET, indent=2)
    for one in unread:
        lines += paragraph(page.safe(one.message), page, QUIET, indent=2)
    return lines


def _rows(shown: Sequence[SecretFile], page: Page) -> list[Line]:
    """A line for each: path, what it is, how far it goes."""
    room = page.width - 2
    paths = min(max(cells(page.safe(one.path)) for one in shown), room * 2 // 5)
    whats = min(max(cells(one.what) for one in shown), max(room // 4, 12))
    rest = room - paths - whats - 4
    ways = [_way(one, rest, page) for one in shown]
    return [
        (
            (
                "  " + left(shorten_middle(page.safe(one.path), paths, page), paths),
                STRONG,
            ),
            ("  " + left(shorten_end(one.what, whats, page), whats), ""),
            ("  " + shorten_end(way, rest, page), STYLES.get(one.reach, QUIET)),
        )
        for one, way in zip(shown, ways, strict=True)
    ]


def _way(one: SecretFile, room: int, page: Page) -> str:
    """How far it goes, with as much of the COPY as there is room for."""
    git = _GIT.get(one.git, "")
    if one.reach is Reach.NOWHERE:
        return f"not sent by this build{git}"
    if one.source is None:
        return f"sent, no COPY takes it{git}"
    text = page.safe(formatting.one_line(one.source.line_text))
    place = f"(line {one.source.location.line}){git}"
    start = _REACHED[one.reach]
    room -= cells(f"{start}:  {place}")
    if room < min(LEAST_TEXT, cells(text)):
        return f"{start} {place}"
    return f"{start}: {shorten_end(text, room, page)} {place}"


def _rest(left_out: Sequence[SecretFile]) -> str:
    images = sum(one.reach is Reach.IMAGE for one in left_out)
    said = f"{len(left_out):,} more"
    if images:
        said += f", {formatting.count(images, 'file')} of them in the image"
    return f"{said} (--all)"
