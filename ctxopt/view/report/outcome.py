"""From what to what, how much faster, and how to get there."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.findings.codes import IGNORE_FILE_UNREAD
from ctxopt.core.model import DEFAULT_BUILDER, Confidence, Projection, Report, SourceUse
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

TOLD_SECONDS = 0.01  # what saves less is told without its seconds
NONE = "Nothing to suggest: no clutter in what the ignore file lets through."
ALL_HELD = "Nothing to suggest: what looks like clutter has to stay: see Held back."
AHEAD = "for what git ignores and is not there yet"
LINKED = "ctxopt write can write it once the ignore file is no link: see Problems."
UNSENT = (
    "This build sends none of it, no source takes it: the lines help the legacy "
    "builder, other Dockerfiles, and a COPY . . to come."
)
CACHED = (
    "The lines save no bytes: they let a layer be cached that is made anew at each "
    "build. Nothing writes them unasked."
)
HEAVY = (
    "The lines would weigh more than they keep out, as the ignore file itself is "
    "sent: nothing writes them unasked."
)


def outcome(
    report: Report, page: Page, build: Sequence[str] | None = None
) -> list[Line]:
    """From what to what, how much faster, and how to get there.

    `build` are the options that name this build in a command; None: all of them.
    """
    build = build_options(report) if build is None else build
    projection = report.projection
    if projection is None:
        return []
    if not report.suggestions:
        none = ALL_HELD if report.held_back else NONE
        return [*paragraph(none, page, QUIET), *_only_ahead(report, page, build)]
    now, after = projection.now, projection.after
    if now == after:
        return _left_to_people(report, page, build)
    lines: list[Line] = [_sizes(projection, page, formatting.sent_label(report))]
    said = _seconds(projection)
    if said:
        lines += paragraph(said, page, QUIET)
    lines += _layers(report, page)
    lines += _ahead(report, page)
    return lines + _next("Write it: ", report, page, options=build)


def _left_to_people(report: Report, page: Page, build: Sequence[str]) -> list[Line]:
    """What `write --yes` would leave as it is, and why."""
    made = report.suggestions
    sure = [one for one in made if one.confidence is not Confidence.ASK]
    asked = len(made) - len(sure)
    lines: list[Line] = []
    if any(one.sent for one in sure):
        lines += paragraph(HEAVY, page, QUIET)
    elif sure:
        cached = all(one.for_cache for one in sure)
        lines += paragraph(CACHED if cached else UNSENT, page, QUIET)
    lines += _ahead(report, page)
    if asked:
        said = f"{formatting.count(asked, 'question')} left, ask yourself: "
    else:
        said = "Write it all the same: "
    return lines + _next(said, report, page, options=build)


def _only_ahead(report: Report, page: Page, build: Sequence[str]) -> list[Line]:
    """The lines for what may come, where there are no others."""
    if not report.preventive:
        return []
    option = [] if report.ignore_file is None else ["--preventive"]
    said = f"{_lines_ahead(report)} {AHEAD}: "
    return _next(said, report, page, options=[*option, *build])


def _ahead(report: Report, page: Page) -> list[Line]:
    """That a first ignore file has them as well."""
    if not report.preventive or report.ignore_file is not None:
        return []
    said = f"With it come {_lines_ahead(report)} {AHEAD}."
    return paragraph(said, page, QUIET)


def _lines_ahead(report: Report) -> str:
    count = sum(len(one.patterns) for one in report.preventive)
    return formatting.count(count, "line")


def _sizes(projection: Projection, page: Page, sent: str) -> Line:
    label, now, after = _weights(projection, sent)
    sizes = f"{formatting.size(now)} {page.glyphs.arrow} {formatting.size(after)}"
    said = f"{sizes}  ({formatting.change(now, after)})"
    head = f"{label} " if cells(f"{label} {said}") <= page.width else ""
    return ((head, ""), (said, STRONG))


def _weights(projection: Projection, sent: str) -> tuple[str, int, int]:
    """The sizes to compare: of the transfer, or of the context if that stays."""
    now, after = projection.now, projection.after
    if now.transfer_wire_bytes != after.transfer_wire_bytes:
        return sent, now.transfer_wire_bytes, after.transfer_wire_bytes
    return "Context", now.context_wire_bytes, after.context_wire_bytes


def _seconds(projection: Projection) -> str:
    now, after = projection.now, projection.after
    first = now.first_build_seconds - after.first_build_seconds
    again = now.repeat_build_seconds - after.repeat_build_seconds
    if first < TOLD_SECONDS:
        return ""
    said = f"About {formatting.seconds(first)} less at first"
    if again >= TOLD_SECONDS:
        said += f", {formatting.seconds(again)} less each time"
    return f"{said} (estimate, profile {projection.profile})."


def _layers(report: Report, page: Page) -> list[Line]:
    """Which layers the clutter unsettles."""
    taking: dict[int, SourceUse] = {}
    for one in report.suggestions:
        if one.confidence is Confidence.ASK:
            continue
        for index in one.sources:
            taking.setdefault(index, report.sources[index])
    if not taking:
        return []
    named = dict.fromkeys(
        f"{page.safe(formatting.one_line(use.source.line_text))} "
        f"(line {use.source.location.line})"
        for _, use in sorted(taking.items())
    )
    shown = ", ".join([*named][:3]) + (" and others" if len(named) > 3 else "")
    said = f"The cache of {shown} no longer breaks when these change."
    return paragraph(said, page, QUIET)


def write_command(report: Report, build: Sequence[str] | None = None) -> str | None:
    """What writes the lines, for the very build; None where there is nothing to write.

    `build` as for `outcome`.
    """
    if not report.suggestions or _is_linked(report):
        return None
    return command(report, build_options(report) if build is None else build)


def _is_linked(report: Report) -> bool:
    return any(one.code == IGNORE_FILE_UNREAD.code for one in report.problems)


def _next(
    said: str, report: Report, page: Page, *, options: Sequence[str]
) -> list[Line]:
    """The command to go on with, for the very build that was measured."""
    if _is_linked(report):
        return paragraph(LINKED, page, QUIET)
    typed = page.safe(command(report, options))
    if cells(said) + cells(typed) <= page.width:
        return [((said, ""), (typed, STRONG))]
    parts = wrap(typed, page.width - 2)
    return [((said.rstrip(), ""),), *((("  " + part, STRONG),) for part in parts)]


def build_options(report: Report) -> list[str]:
    """The options that name the build of a report."""
    request = report.request
    options: list[str] = []
    options += ["-f", request.dockerfile] if request.dockerfile is not None else []
    options += ["--target", request.target] if request.target is not None else []
    options += ["--platform", request.platform] if request.platform else []
    for option, pairs in (
        ("--build-arg", request.build_args),
        ("--build-context", request.build_contexts),
    ):
        for name, value in pairs.items():
            options += [option, f"{name}={value}"]
    if request.builder is not DEFAULT_BUILDER:
        options += ["--builder", request.builder]
    return options


_PLAIN = str.maketrans("", "", "-_./")  # what a shell leaves alone, beside letters


def command(report: Report, options: Sequence[str]) -> str:
    """What to type to write suggestions for the very build that was measured."""
    context = report.request.context
    folder = [context] if context != "." else []
    words = ["ctxopt", "write", *options, *folder]
    if all(word.isascii() and word.translate(_PLAIN).isalnum() for word in words):
        return " ".join(words)
    import shlex  # start-up: most words mean themselves

    return shlex.join(words)
