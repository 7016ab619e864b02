"""Which build it is, and what is in its context and in its transfer."""

from __future__ import annotations

from collections.abc import Iterator

from ctxopt.core.model import IgnoreSummary, Report, Usage
from ctxopt.core.tuples import NamedTuple
from ctxopt.view.terminal import formatting
from ctxopt.view.terminal.layout import (
    QUIET,
    STRONG,
    Line,
    Page,
    cells,
    left,
    paragraph,
    right,
    shorten_middle,
)


def header(report: Report, page: Page) -> list[Line]:
    """Which Dockerfile, context, builder and ignore file; one line if they fit."""
    request = report.request
    arrow = f" {page.glyphs.arrow} "
    builder = f"{formatting.BUILDERS[request.builder]}, {stage_name(report, page)}"
    ignore = ignore_file_words(
        report.ignore_file,
        report.context_path,
        page,
        in_place=formatting.reads_in_place(report),
    )
    taken = cells(arrow)
    dockerfile, context = page.safe(dockerfile_name(report)), page.safe(request.context)
    room = page.width - taken
    half = max(room // 2, room - cells(context))
    dockerfile = shorten_middle(dockerfile, half, page)
    context = shorten_middle(context, room - cells(dockerfile), page)
    build: Line = ((dockerfile, STRONG), (arrow, QUIET), (context, STRONG))
    used = cells(dockerfile) + taken + cells(context)
    gap = page.width - used - 3 - cells(builder) - cells(ignore)
    if gap >= 2:
        return [(*build, ("   " + builder + " " * gap, ""), (ignore, QUIET))]
    below = f"{builder}   {ignore}"
    if cells(below) <= page.width:
        return [build, ((builder, ""), ("   " + ignore, QUIET))]
    return [build, *paragraph(builder, page), *paragraph(ignore, page, QUIET)]


def stage_name(report: Report, page: Page) -> str:
    """The stage that is built, in words."""
    if report.request.target is None and report.stage.isdecimal():
        return "last stage"
    return f"stage {page.safe(report.stage)}"


def dockerfile_name(report: Report) -> str:
    """The Dockerfile, as near to what the user typed as possible."""
    if report.dockerfile_path == "-":
        return "standard input"
    if report.request.dockerfile is not None:
        return report.request.dockerfile
    return _below(report.dockerfile_path, report.context_path)


def ignore_file_words(
    ignore_file: IgnoreSummary | None, folder: str, page: Page, *, in_place: bool
) -> str:
    """The name of the ignore file, and how many patterns it has."""
    if ignore_file is None:
        return "no ignore file" if in_place else "no .dockerignore"
    name = shorten_middle(page.safe(_below(ignore_file.path, folder)), 40, page)
    return f"{name}: {formatting.count(ignore_file.patterns, 'pattern')}"


def _below(path: str, folder: str) -> str:
    """`path` as seen from `folder`, or its last component when it lies elsewhere."""
    prefix = folder.rstrip("/") + "/"
    return path[len(prefix) :] if path.startswith(prefix) else path.rsplit("/", 1)[-1]


class _Row(NamedTuple):
    """One size: what it is of, how much, how many files, and a word about it."""

    label: str
    size: str
    files: str
    said: str
    style: str = QUIET


def sizes(report: Report, page: Page) -> list[Line]:
    """What is in the context and what travels, with the words that docker prints."""
    rows = [*size_rows(report)]
    labels = max(cells(row.label) for row in rows) + 2
    sizes = max(cells(row.size) for row in rows)
    files = max(cells(row.files) for row in rows)
    lines: list[Line] = []
    for row in rows:
        start: Line = (
            (left(row.label, labels), ""),
            (right(row.size, sizes), STRONG),
            ("  " + right(row.files, files), ""),
        )
        taken = labels + sizes + 2 + files + 2
        # Whole beside the size, or whole below: docker's words stay together.
        if taken + cells(row.said) <= page.width:
            lines.append((*start, ("  " + row.said, row.style)))
        else:
            lines += [start, *paragraph(row.said, page, row.style, indent=labels)]
    return lines


def size_rows(report: Report) -> Iterator[_Row]:
    """What is in the context and what travels, a row each."""
    if report.context is None:
        said = "cannot be told, see the problem below"
        yield _Row("Context", "unknown", "", said, "")
    elif formatting.sends_whole(report):
        yield _sent_row("Context", report)
    else:
        said = "what the ignore file lets through"
        if report.ignore_file is None:
            said = "everything below the folder"
        size = formatting.size(report.context.wire_bytes)
        yield _Row(
            "Context", size, formatting.count(report.context.files, "file"), said
        )
    if not formatting.sends_whole(report):
        yield from _transfer_rows(report)
    yield from _usage_rows(report)
    if report.excluded is not None:
        patterns = report.ignore_file.patterns if report.ignore_file else 0
        said = f"file bytes, by {formatting.count(patterns, 'pattern')}"
        yield _usage_row("Kept out", report.excluded, said)


def _sent_row(label: str, report: Report) -> _Row:
    """What is sent, with the words that docker prints."""
    transfer = report.transfer
    size = formatting.size(transfer.tally.wire_bytes)
    files = formatting.count(transfer.tally.files, "file")
    if transfer.printed is None:
        return _Row(label, size, files, "nothing is sent")
    said = formatting.docker_prints(report.request.builder, transfer.printed)
    return _Row(label, size, files, f'docker prints "{said}"', "")


def _read_row(report: Report) -> _Row:
    """What is read where it lies, by a builder that sends nothing."""
    transfer = report.transfer
    if not transfer.tally.entries:
        return _Row("Read", "nothing", "", "no COPY or ADD takes anything", "")
    size = formatting.size(transfer.tally.wire_bytes)
    files = formatting.count(transfer.tally.files, "file")
    builder = formatting.BUILDERS[report.request.builder]
    said = f"in place, by each build: {builder} sends nothing"
    return _Row("Read", size, files, said, "")


def _transfer_rows(report: Report) -> Iterator[_Row]:
    if formatting.reads_in_place(report):
        yield _read_row(report)
        return
    if report.transfer.printed is None:
        said = "no COPY, ADD or mount reads the context"
        if report.sources:
            said = "what COPY, ADD or a mount names is not known"
        yield _Row("Transfer", "nothing", "", said, "")
        return
    yield _sent_row("Transfer", report)
    if report.transfer.repeat_wire_bytes is not None:
        size = formatting.size(report.transfer.repeat_wire_bytes)
        yield _Row("Again", size, "", "the same build with nothing changed")


def _usage_rows(report: Report) -> Iterator[_Row]:
    used, unused = report.used, report.unused
    if not used.files and report.transfer.printed is None:
        return  # it is said already that nothing is taken
    part = formatting.share(used.file_bytes, used.file_bytes + unused.file_bytes)
    yield _usage_row("Used", used, f"file bytes that COPY and ADD take: {part} of all")
    if unused.files and formatting.sends_whole(report):
        said = "file bytes sent that no COPY or ADD takes"
        yield _usage_row("Unused", unused, said)


def _usage_row(label: str, usage: Usage, said: str) -> _Row:
    files = formatting.count(usage.files, "file")
    return _Row(label, formatting.size(usage.file_bytes), files, said)
