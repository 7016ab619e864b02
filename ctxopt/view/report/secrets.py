"""The section "Secrets": what they are and how far they go, never what they say."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.findings.codes import SECRETS_UNREAD, VAST_CONTEXT
from ctxopt.core.model import GitState, Reach, Report, SecretFile, Severity
from ctxopt.view.report.screen import Section, whole
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

GIVING = (4, 2, 2, 1)  # rows that are shown where room is short, and shorter
HOME = "Give the folder of the project: ctxopt scan PROJECT, docker build PROJECT."
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
# How the codes of problems begin that this section tells of.
CODES = ("secret-", SECRETS_UNREAD.code)


def secrets(report: Report, page: Page, *, whole_list: bool) -> Section:
    """The section, empty where there is nothing to warn of.

    Of a home folder there is a list only where all is asked for: `whole_list`.
    """
    found = report.secrets
    vast = any(one.code == VAST_CONTEXT.code for one in report.problems)
    if vast and not whole_list:
        return whole(_of_home(found, page))
    unread = [one for one in report.problems if one.code == SECRETS_UNREAD.code]
    below: list[Line] = []
    if any(one.severity is Severity.WARNING for one in found):
        below += paragraph(BETTER, page, QUIET, indent=2)
    for one in unread:
        below += paragraph(page.safe(one.message), page, QUIET, indent=2)
    if not found:
        return whole(below)

    def rest(left_out: Sequence[int]) -> list[Line]:
        if not left_out:
            return below
        said = _rest([found[index] for index in left_out])
        return [*paragraph(said, page, QUIET, indent=2), *below]

    rows = [(row,) for row in _rows(found, page)]
    return Section([(("Secrets", TITLE),)], rows, rest, giving=GIVING)


def _of_home(found: Sequence[SecretFile], page: Page) -> list[Line]:
    """One loud line: to list what a person's own folder holds would help nobody."""
    said = "A home folder, or a whole disk, is no build context"
    if found:
        files = formatting.count(len(found), "file")
        said += f": {files} in it {'holds' if len(found) == 1 else 'hold'} secrets"
    lines = paragraph(f"{said}.", page, STYLES[Reach.IMAGE])
    return lines + paragraph(HOME, page, indent=2)


def _rows(shown: Sequence[SecretFile], page: Page) -> list[Line]:
    """A line for each: path, what it is, how far it goes."""
    room = page.width - 2
    paths = min(max(cells(page.safe(one.path)) for one in shown), room * 2 // 5)
    whats = min(max(cells(one.what) for one in shown), max(room // 4, 12))
    rest = room - paths - whats - 4
    ways = [way(one, rest, page) for one in shown]
    return [
        (
            (
                "  " + left(shorten_middle(page.safe(one.path), paths, page), paths),
                STRONG,
            ),
            ("  " + left(shorten_end(one.what, whats, page), whats), ""),
            ("  " + shorten_end(said, rest, page), STYLES.get(one.reach, QUIET)),
        )
        for one, said in zip(shown, ways, strict=True)
    ]


def way(one: SecretFile, room: int, page: Page) -> str:
    """How far it goes, with as much of the COPY as there is room for."""
    if one.reach is Reach.NOWHERE or one.source is None:
        return how_far(one)
    git = _GIT.get(one.git, "")
    text = page.safe(formatting.one_line(one.source.line_text))
    place = f"(line {one.source.location.line}){git}"
    start = _REACHED[one.reach]
    room -= cells(f"{start}:  {place}")
    if room < min(LEAST_TEXT, cells(text)):
        return how_far(one)
    return f"{start}: {shorten_end(text, room, page)} {place}"


def how_far(one: SecretFile) -> str:
    """How far it goes, in a few words: `in the image (line 7), git ignores it`."""
    git = _GIT.get(one.git, "")
    if one.reach is Reach.NOWHERE:
        return f"not sent by this build{git}"
    if one.source is None:
        return f"sent, no COPY takes it{git}"
    return f"{_REACHED[one.reach]} (line {one.source.location.line}){git}"


def _rest(left_out: Sequence[SecretFile]) -> str:
    images = sum(one.reach is Reach.IMAGE for one in left_out)
    said = f"{len(left_out):,} more"
    if images:
        said += f", {formatting.count(images, 'file')} of them in the image"
    return f"{said} (-v)"
