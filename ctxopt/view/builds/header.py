"""What was found and chosen, and why a context was taken that no file names."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.builds.records import FoundBuild, RepositoryReport
from ctxopt.view.builds.names import left_out, some
from ctxopt.view.report.screen import Section
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    TITLE,
    Line,
    Page,
    cells,
    hanging,
    paragraph,
    shorten_middle,
)


def header(report: RepositoryReport, page: Page, *, verbose: bool) -> list[Line]:
    """How many builds there are, where, and what was taken of what was found."""
    folder = report.folder if report.typed == "." else report.typed
    count = formatting.count(len(report.builds), "build")
    unmeasured = len(report.builds) - len(report.measured)
    builders = {one.found.request.builder for one in report.builds}
    said = [", ".join(formatting.BUILDERS[one] for one in sorted(builders))]
    if unmeasured:
        said.append(f"{unmeasured:,} not measured")
    behind = "   " + ", ".join(said) if builders else ""
    room = page.width - cells(f"{count} in ") - cells(behind)
    shown = shorten_middle(page.safe(folder), max(room, 12), page)
    first: Line = ((count, STRONG), (" in ", ""), (shown, STRONG))
    lines = [(*first, (behind, ""))] if room >= 12 else [first]
    if report.found.chosen:
        lines += paragraph(page.safe(report.found.chosen), page, QUIET)
    if verbose and report.found.files:
        files = ", ".join(map(page.safe, report.found.files))
        lines += hanging("read: ", files, page, QUIET)
    return lines


def contexts(report: RepositoryReport, page: Page, *, verbose: bool) -> Section:
    """The section that says of each context why it was taken, where no file says it."""
    alike: dict[str, list[FoundBuild]] = {}
    for one in report.builds:
        if one.found.reason:
            alike.setdefault(one.found.reason, []).append(one.found)
    if not alike:
        return Section()
    rows = [
        tuple(hanging("  ", _said(reason, found, page, verbose=verbose), page, QUIET))
        for reason, found in alike.items()
    ]

    def rest(hidden: Sequence[int]) -> list[Line]:
        if not hidden:
            return []
        count = f"{len(hidden)} more"
        if len(hidden) == len(rows):
            guessed = sum(map(len, alike.values()))
            count = formatting.count(guessed, "context") + " that no file names"
        return paragraph(left_out(count), page, QUIET, indent=2)

    title = "Contexts that no file names"
    return Section([((title, TITLE),)], rows, rest, giving=(1, 0))


def _said(
    reason: str, builds: Sequence[FoundBuild], page: Page, *, verbose: bool
) -> str:
    most = len(builds) if verbose else 3
    names = some([one.name for one in builds], page, most=most)
    folders = {one.context for one in builds}
    if len(folders) > 1:
        return f"{names}: {page.safe(reason)}"
    return f"{names}: {page.safe(folders.pop())} ({page.safe(reason)})"
