"""What the suggestions come to over all builds, and what to type next."""

from __future__ import annotations

from ctxopt.core.builds.records import RepositoryReport
from ctxopt.core.builds.totals import Savings, kept_out, savings
from ctxopt.core.model import Confidence
from ctxopt.view.builds.names import some
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    Line,
    Page,
    cells,
    paragraph,
    wrap,
)

_ROOMY = 60  # cells of a page that takes long labels
_TOLD_SECONDS = 0.01  # what saves less is told without its seconds
NONE = "Nothing to suggest: no clutter in what the ignore files let through."
UNSENT = (
    "No build sends less; what is sure keeps {} out of the contexts, for other builds "
    "and the legacy builder."
)
LEFT = "Nothing is written unasked: what is left is questions, or saves no bytes."


def outcome(report: RepositoryReport, page: Page) -> list[Line]:
    """From what to what, how much faster, and whose caches hold then."""
    saved = savings(report)
    if saved is None:
        return []
    if not any(one.suggestions for one in report.ignore_files):
        return paragraph(NONE, page, QUIET)
    if not saved.wire_bytes and not saved.repeat_wire_bytes:
        kept = kept_out(report)
        said = UNSENT.format(formatting.size(kept)) if kept else LEFT
        return paragraph(said, page, QUIET)
    lines = _sizes(report, saved, page)
    said = _seconds(saved)
    lines += paragraph(said, page, QUIET) if said else []
    return lines + _caches(report, page)


def _sizes(report: RepositoryReport, saved: Savings, page: Page) -> list[Line]:
    """All first builds, and all repeats where they change."""
    first, again = ("All first builds  ", "All again         ")
    if page.width < _ROOMY:
        first, again = ("First  ", "Again  ")
    pairs = [(first, report.wire_bytes, saved.wire_bytes)]
    if saved.repeat_wire_bytes:
        pairs.append((again, report.repeat_wire_bytes, saved.repeat_wire_bytes))
    lines: list[Line] = []
    for label, now, less in pairs:
        then = now - less
        arrow = page.glyphs.arrow
        sizes = f"{formatting.size(now)} {arrow} {formatting.size(then)}"
        said = f"{sizes}  ({formatting.change(now, then)})"
        lines.append(((label, ""), (said, STRONG)))
    return lines


def _seconds(saved: Savings) -> str:
    if saved.seconds < _TOLD_SECONDS:
        return ""
    said = f"About {formatting.seconds(saved.seconds)} less at first"
    if saved.repeat_seconds >= _TOLD_SECONDS:
        said += f", {formatting.seconds(saved.repeat_seconds)} less each time"
    return f"{said} (estimate, profile {saved.profile})."


def _caches(report: RepositoryReport, page: Page) -> list[Line]:
    """Whose layers the clutter unsettles, in the order of the table."""
    unsettled = {
        saving.build
        for advice in report.ignore_files
        for one in advice.suggestions
        if one.shown.confidence is not Confidence.ASK
        for saving in one.savings
        if saving.unsettles
    }
    names = [one.name for one in report.builds if one.name in unsettled]
    if not names:
        return []
    cache, breaks = ("cache", "breaks") if len(names) == 1 else ("caches", "break")
    said = f"The {cache} of {some(names, page)} no longer {breaks} when these change."
    return paragraph(said, page, QUIET)


def next_steps(report: RepositoryReport, page: Page) -> list[Line]:
    """The commands to go on with: one build in full, and what writes the lines."""
    options = report.found.choice.options
    # A name may be that of a folder as well, which is a context where it comes first.
    folder = () if options else (report.typed,)
    first = next((one.name for one in report.builds if one.report is not None), None)
    steps = []
    if first is not None:
        steps.append(("One in full: ", _command("scan", *options, *folder, first)))
    if any(one.suggestions for one in report.ignore_files):
        steps.append(("Write it:    ", write_all_command(report)))
    return [line for said, command in steps for line in _step(said, command, page)]


def write_all_command(report: RepositoryReport) -> str:
    """What writes the lines for all these builds."""
    return _command("write", *report.found.choice.all_words(report.typed))


def _command(*words: str) -> str:
    import shlex

    return shlex.join(["ctxopt", *words])


def _step(said: str, command: str, page: Page) -> list[Line]:
    shown = page.safe(command)
    if cells(said) + cells(shown) <= page.width:
        return [((said, ""), (shown, STRONG))]
    parts = wrap(shown, page.width - 2)
    return [((said.rstrip(), ""),), *((("  " + part, STRONG),) for part in parts)]
