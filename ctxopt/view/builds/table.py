"""The table: a row a build, largest first, and the sums of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ctxopt.core.builds.records import BuildResult, FoundBuild, RepositoryReport
from ctxopt.core.builds.totals import projections, savings, waste
from ctxopt.core.model import Projection, Report, Severity
from ctxopt.view.builds.columns import GAP, NUMBERS, WORDS, Columns, fit
from ctxopt.view.builds.names import left_out, more, place
from ctxopt.view.report.problems import SEVERITY
from ctxopt.view.report.screen import Row, Section
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    TITLE,
    Line,
    Page,
    Span,
    cells,
    left,
    paragraph,
    right,
    shorten_end,
    shorten_middle,
)

_HEADS = {
    "name": "Builds",
    "dockerfile": "Dockerfile",
    "context": "context",
    **{name: name for name in NUMBERS},
}
_WASTE = "(waste: what ctxopt write --all --yes would keep from being sent)"
_STYLES = {
    "name": STRONG,
    "transfer": STRONG,
    "errors": SEVERITY[Severity.ERROR],
    "warnings": SEVERITY[Severity.WARNING],
}
_SHOWN = (12, 9, 6, 3)  # builds, where room is short, and shorter
_USUAL = "/Dockerfile"
_LEAST_REASON = 30  # cells beside the Dockerfile

_Cells = Mapping[str, str]


def table(report: RepositoryReport, page: Page, *, verbose: bool) -> Section:
    """The section: heads, builds, their sums, and what the heads mean."""
    if not report.builds:
        return Section()
    after = projections(report)
    rows = [_cells(one, after.get(one.name), page) for one in report.builds]
    total = _total(report) if len(report.measured) > 1 else {}
    columns = fit(_HEADS, [*rows, total], page)
    shown: list[Row] = [
        (
            *_build(one, row, columns, page),
            *(_places(one.found, columns, page) if verbose else ()),
        )
        for one, row in zip(report.builds, rows, strict=True)
    ]
    below = [_row(total, columns, page, STRONG)] if total else []
    if "waste" in columns.widths:
        below += paragraph(_WASTE, page, QUIET, indent=2)

    def rest(hidden: Sequence[int]) -> list[Line]:
        return [*_hidden([report.builds[at] for at in hidden], report, page), *below]

    return Section([_title(columns)], shown, rest, giving=_SHOWN)


def _cells(one: BuildResult, after: Projection | None, page: Page) -> _Cells:
    """What stands in the row of a build."""
    found = one.found
    words = {"name": page.safe(found.name), "dockerfile": _dockerfile(found, page)}
    if one.report is None:  # the reason stands in place of the rest
        return words
    context = page.safe(found.context)
    return {**words, "context": context, **_numbers(one.report, after)}


def _dockerfile(found: FoundBuild, page: Page) -> str:
    """The Dockerfile, or the place where its text stands."""
    if found.dockerfile or found.place is None:
        return page.safe(found.dockerfile)
    return place(found.place, page)


def _numbers(report: Report, after: Projection | None) -> _Cells:
    again = report.transfer.repeat_wire_bytes
    counts = Counter(one.severity for one in report.problems)
    return {
        "transfer": formatting.size(report.transfer.tally.wire_bytes),
        "again": "" if again is None else formatting.size(again),
        "waste": "" if after is None else formatting.size(waste(after)),
        "errors": formatting.number_or_blank(counts[Severity.ERROR]),
        "warnings": formatting.number_or_blank(counts[Severity.WARNING]),
    }


def _total(report: RepositoryReport) -> _Cells:
    """The sums over all builds that could be measured."""
    saved = savings(report)
    counts = Counter(one.severity for each in report.measured for one in each.problems)
    repeats = any(one.transfer.repeat_wire_bytes is not None for one in report.measured)
    wasted = sum(map(waste, projections(report).values()))
    return {
        "name": "together",
        "transfer": formatting.size(report.wire_bytes),
        "again": formatting.size(report.repeat_wire_bytes) if repeats else "",
        "waste": "" if saved is None else formatting.size(wasted),
        "errors": formatting.number_or_blank(counts[Severity.ERROR]),
        "warnings": formatting.number_or_blank(counts[Severity.WARNING]),
    }


def _title(columns: Columns) -> Line:
    spans: list[Span] = []
    for at, (column, head) in enumerate(columns.heads.items()):
        width = columns.widths[column]
        if at == 0:  # a heading stands at the margin, its rows two cells behind it
            spans.append((left(head, width + GAP), TITLE))
        else:
            spans.append((" " * GAP + _aligned(column, head, width), QUIET))
    return tuple(spans)


def _aligned(column: str, text: str, width: int) -> str:
    return left(text, width) if column in WORDS else right(text, width)


def _build(
    one: BuildResult, row: _Cells, columns: Columns, page: Page
) -> Iterator[Line]:
    """The row of a build, or why it could not be measured."""
    if one.report is not None:
        yield _row(row, columns, page)
        return
    said, style = _reason(one, page)
    shown = [column for column in ("name", "dockerfile") if column in columns.widths]
    for count in range(len(shown), 0, -1):
        spans = _spans(row, shown[:count], columns, page)
        taken = sum(GAP + columns.widths[column] for column in shown[:count]) + GAP
        room = page.width - taken
        if room >= min(_LEAST_REASON, len(said)):
            yield (*spans, (" " * GAP + shorten_end(said, room, page), style))
            return
    yield _spans(row, shown, columns, page)
    yield (("    " + shorten_end(said, page.width - 4, page), style),)


def _reason(one: BuildResult, page: Page) -> tuple[str, str]:
    """Why a build has no sizes: it would fail, or a part of it is elsewhere."""
    message = one.error.message if one.error is not None else ""
    refused = one.found.refusal is not None
    severity = Severity.NOTE if refused else Severity.ERROR
    return page.safe(f"not measured: {message}"), SEVERITY[severity]


def _row(row: _Cells, columns: Columns, page: Page, style: str = "") -> Line:
    return _spans(row, [*columns.widths], columns, page, style)


def _spans(
    row: _Cells, shown: Sequence[str], columns: Columns, page: Page, style: str = ""
) -> Line:
    spans: list[Span] = []
    for column in shown:
        width = columns.widths[column]
        text = _shortened(row.get(column, ""), width, page)
        tone = _STYLES.get(column, QUIET if column in WORDS else "")
        spans.append((" " * GAP + _aligned(column, text, width), tone or style))
    return tuple(spans)


def _shortened(text: str, width: int, page: Page) -> str:
    """A cell that fits: of `services/api/Dockerfile`, the folder tells more."""
    if cells(text) > width and text.endswith(_USUAL):
        text = text.removesuffix(_USUAL) + "/" + page.glyphs.ellipsis
    return shorten_middle(text, width, page)


def _places(found: FoundBuild, columns: Columns, page: Page) -> list[Line]:
    """Where a build is named, its target, and what had no column."""
    said = []
    if found.place is not None:
        said.append(f"named in {place(found.place, page)}")
    if found.also:
        said.append("also in " + ", ".join(place(one, page) for one in found.also))
    if found.request.target is not None:
        said.append(f"target {page.safe(found.request.target)}")
    if "context" not in columns.widths:
        said.append(f"context {page.safe(found.context)}")
    return paragraph(", ".join(said), page, QUIET, indent=4) if said else []


def _hidden(
    hidden: Sequence[BuildResult], report: RepositoryReport, page: Page
) -> list[Line]:
    """How many builds are not shown, and what they send."""
    if not hidden:
        return []
    of_all = len(hidden) == len(report.builds)
    said = more(len(hidden), "build", of_all=of_all)
    sizes = [one.report.transfer.tally.wire_bytes for one in hidden if one.report]
    if sizes:
        said += f", {formatting.size(sum(sizes))}"
    unmeasured = len(hidden) - len(sizes)
    if unmeasured:
        said += f", {unmeasured:,} not measured"
    return paragraph(left_out(said), page, QUIET, indent=2)
