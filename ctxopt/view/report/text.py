"""The report for people: sizes first, then where the bytes are, who takes them, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TextIO

from ctxopt.core.findings.codes import UNKNOWN_BASE
from ctxopt.core.model import (
    IgnoreSummary,
    NamedReport,
    Problem,
    Report,
    Severity,
    SourceKind,
    SourceState,
    SourceUse,
    Usage,
)
from ctxopt.view.report.advice import outcome, suggestions
from ctxopt.view.report.size_bars import where
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
    wrap,
)
from ctxopt.view.terminal.output import page_of, write_lines

SEVERITY = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "magenta",
    Severity.NOTE: "cyan",
}
# Every other state but `found` is red.
STATE = {SourceState.EMPTY: "magenta", SourceState.UNKNOWN: "cyan"}

ALIKE = 8  # problems of one code that are shown; a thousand would hide the others
NARROWEST, WIDEST = 40, 120


def show(report: Report, out: TextIO, *, verbose: bool = False) -> None:
    """Write the report to `out`: styled on a terminal, else as plain text."""
    write_lines(render(report, page_of(out), verbose=verbose), out)


def render(report: Report, page: Page, *, verbose: bool = False) -> Iterator[Line]:
    """All lines of the report, laid out for `page`; `verbose`: every single problem."""
    page = Page(min(max(page.width, NARROWEST), WIDEST), page.encoding)
    sections = (
        _header(report, page),
        _sizes(report, page),
        _verdict(report),
        where(report, page),
        _sources(report.sources, page),
        _named(report, page),
        _problems(report, page, verbose=verbose),
        suggestions(report, page),
        outcome(report, page),
    )
    first = True
    for lines in sections:
        if lines and not first:
            yield ()
        yield from lines
        first = first and not lines


# The header: which build this is.


def _header(report: Report, page: Page) -> list[Line]:
    """Which Dockerfile, context, builder and ignore file; one line if they fit."""
    request = report.request
    arrow = f" {page.glyphs.arrow} "
    builder = f"{formatting.BUILDERS[request.builder]}, {stage_name(report, page)}"
    ignore = _patterns(report.ignore_file, report.context_path, page)
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


def _patterns(ignore_file: IgnoreSummary | None, folder: str, page: Page) -> str:
    if ignore_file is None:
        return "no .dockerignore"
    name = shorten_middle(page.safe(_below(ignore_file.path, folder)), 40, page)
    return f"{name}: {formatting.count(ignore_file.patterns, 'pattern')}"


def _below(path: str, folder: str) -> str:
    """`path` as seen from `folder`, or its last component when it lies elsewhere."""
    prefix = folder.rstrip("/") + "/"
    return path[len(prefix) :] if path.startswith(prefix) else path.rsplit("/", 1)[-1]


# The sizes.


class _Row(NamedTuple):
    """One size: what it is of, how much, how many files, and a word about it."""

    label: str
    size: str
    files: str
    said: str
    style: str = QUIET


def _sizes(report: Report, page: Page) -> list[Line]:
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


def _transfer_rows(report: Report) -> Iterator[_Row]:
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
        return
    part = formatting.share(used.file_bytes, used.file_bytes + unused.file_bytes)
    yield _usage_row("Used", used, f"file bytes that COPY and ADD take: {part} of all")
    if unused.files and formatting.sends_whole(report):
        said = "file bytes sent that no COPY or ADD takes"
        yield _usage_row("Unused", unused, said)


def _usage_row(label: str, usage: Usage, said: str) -> _Row:
    files = formatting.count(usage.files, "file")
    return _Row(label, formatting.size(usage.file_bytes), files, said)


def _verdict(report: Report) -> list[Line]:
    """One loud line when the build would fail; the problems follow at the end."""
    errors = sum(p.severity is Severity.ERROR for p in report.problems)
    if not errors:
        return []
    loud = SEVERITY[Severity.ERROR]
    return [
        (
            ("This build would fail", loud),
            (f": {formatting.count(errors, 'error')} below", ""),
        )
    ]


# The sources: line, text, entries, bytes or what went wrong.


def _sources(uses: Sequence[SourceUse], page: Page) -> list[Line]:
    if not uses:
        return []
    numbers = max(len(str(use.source.location.line)) for use in uses)
    entries = max(7, *(len(f"{use.entries:,}") for use in uses))
    sizes = max(10, *(len(formatting.size(use.file_bytes)) for use in uses))
    outcome = entries + 2 + sizes
    room = page.width - 2 - numbers - 2 - 2 - outcome
    stages = _stage_column(uses, room, page)
    texts = [_source_text(use, page) for use in uses]
    room = min(room - stages, max(16, *(cells(text) for text in texts)))
    head = left("Sources", 2 + numbers + 2 + stages + room + 2)
    columns = right("entries", entries) + "  " + right("file bytes", sizes)
    lines: list[Line] = [((head, TITLE), (columns, QUIET))]
    for use, text in zip(uses, texts, strict=True):
        stage = shorten_end(page.safe(use.source.stage), stages - 2, page)
        lines.append(
            (
                ("  " + right(str(use.source.location.line), numbers) + "  ", QUIET),
                (left(stage, stages) if stages else "", QUIET),
                (left(shorten_end(text, room, page), room) + "  ", ""),
                _outcome(use, entries, sizes),
            )
        )
    return lines


def _stage_column(uses: Sequence[SourceUse], room: int, page: Page) -> int:
    """Cells for the stage, none where all are the same or the room is short."""
    stages = {use.source.stage for use in uses}
    if len(stages) < 2 or room < 36:
        return 0
    return min(max(cells(page.safe(stage)) for stage in stages), 12) + 2


def _source_text(use: SourceUse, page: Page) -> str:
    """The instruction if this is its only source, else the one word it is about."""
    source = use.source
    command = "RUN --mount" if source.mount else source.instruction
    text = source.line_text if source.alone else f"{command} {source.text}"
    shown = page.safe(formatting.one_line(text))
    is_known = source.kind is not SourceKind.UNKNOWN
    if is_known and "$" in source.text and source.expanded != source.text:
        shown += f"  (= {page.safe(source.expanded)})"
    return shown


def _outcome(use: SourceUse, entries: int, sizes: int) -> Span:
    if use.state is SourceState.FOUND:
        number = right(f"{use.entries:,}", entries)
        return f"{number}  {right(formatting.size(use.file_bytes), sizes)}", ""
    word = formatting.STATES[use.state]
    return right(word, entries + 2 + sizes), STATE.get(
        use.state, SEVERITY[Severity.ERROR]
    )


# The named contexts and the problems.


def _named(report: Report, page: Page) -> list[Line]:
    if not report.named:
        return []
    lines: list[Line] = [(("Named contexts", TITLE),)]
    for named in report.named:
        lines += _named_context(report, named, page)
    return lines


def _named_context(report: Report, named: NamedReport, page: Page) -> Iterator[Line]:
    name = page.safe(named.name)
    room = max(page.width - 2 - cells(name) - 2, 12)
    path = shorten_middle(page.safe(named.path), room, page)
    yield (("  " + name, STRONG), ("  " + path, QUIET))
    if named.transfer.printed is None:
        yield (("    nothing is taken from it", ""),)
        return
    sent = formatting.size(named.transfer.tally.wire_bytes)
    if named.context is not None:
        sent += f" of {formatting.size(named.context.wire_bytes)}"
    files = formatting.count(named.transfer.tally.files, "file")
    printed = named.transfer.printed
    said = formatting.docker_prints(report.request.builder, printed, name)
    parts = [f"{sent}, {files}", f'docker prints "{said}"']
    if cells(", ".join(parts)) <= page.width - 4:
        parts = [", ".join(parts)]
    for part in parts:
        yield from paragraph(part, page, indent=4)
    yield from paragraph(_patterns(named.ignore_file, named.path, page), page, indent=4)
    for line in _sources(named.sources, page._replace(width=page.width - 4)):
        yield (("    ", ""), *line)


def _problems(report: Report, page: Page, *, verbose: bool) -> list[Line]:
    problems = report.problems if verbose else tuple(_worth_telling(report))
    if not problems:
        return []
    order = {severity: rank for rank, severity in enumerate(formatting.SEVERITIES)}
    lines: list[Line] = [(("Problems", TITLE),)]
    shown = Counter[str]()
    for problem in sorted(problems, key=lambda found: order[found.severity]):
        shown[problem.code] += 1
        if verbose or shown[problem.code] <= ALIKE:
            lines += _problem(problem, page)
    for code, number in shown.items():
        if number > ALIKE and not verbose:
            more = f'{number - ALIKE:,} more "{code}" (--format json lists them)'
            lines += paragraph(more, page, QUIET, indent=2)
    return lines


def _worth_telling(report: Report) -> Iterator[Problem]:
    """The problems, without base images of which nothing depends on being read.

    A variable that is asked for in vain is a problem of its own. What is left is what
    an image's ONBUILD copies: news only where no line of the Dockerfile copies at all,
    told once for all images.
    """
    unread = []
    for problem in report.problems:
        if problem.code == UNKNOWN_BASE.code:
            unread.append(problem)
        else:
            yield problem
    if unread and not report.sources and not report.named:
        names = ", ".join(f'"{problem.subject}"' for problem in unread)
        yield unread[0]._replace(
            message=f"not read here: {names}; a source that ONBUILD adds is not seen",
        )


def _problem(problem: Problem, page: Page) -> Iterator[Line]:
    """Severity, place and message; below it what to do."""
    indent = 11 if page.width >= 60 else 4
    message = page.safe(problem.message)
    place = page.safe(_place(problem))
    severity: Span = ("  " + left(problem.severity, 9), SEVERITY[problem.severity])
    parts = wrap(f"{place}{message}", page.width - indent)
    if indent == 4:
        yield (severity,)
    else:
        yield (severity, (parts.pop(0), ""))
    for part in parts:
        yield ((" " * indent + part, ""),)
    advice = formatting.advice(problem)
    if advice:
        yield from _advice(advice, indent, page)


def _advice(advice: str, indent: int, page: Page) -> Iterator[Line]:
    arrow = f"{page.glyphs.arrow} "
    hanging = indent + len(arrow)
    first, *others = wrap(advice, page.width - hanging)
    yield ((" " * indent + arrow + first, QUIET),)
    for part in others:
        yield ((" " * hanging + part, QUIET),)


def _place(problem: Problem) -> str:
    if problem.file is None:
        return ""
    line = "" if problem.line is None else f":{problem.line}"
    return f"{problem.file}{line}: "
