"""What each source of the build takes, and what comes of named contexts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.model import (
    NamedReport,
    Report,
    Severity,
    SourceKind,
    SourceState,
    SourceUse,
)
from ctxopt.view.report.header import ignore_file_words
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

# Every other state but `found` is red.
STATE = {SourceState.EMPTY: "magenta", SourceState.UNKNOWN: "cyan"}


def sources(uses: Sequence[SourceUse], page: Page) -> Section:
    """The section "Sources": line, text, entries, bytes or what went wrong.

    Those that find nothing matter most, then those that take most.
    """
    if not uses:
        return Section()
    numbers = max(len(str(use.source.location.line)) for use in uses)
    entries = max(7, *(len(f"{use.entries:,}") for use in uses))
    sizes = max(10, *(len(formatting.size(use.file_bytes)) for use in uses))
    outcome = entries + 2 + sizes
    room = page.width - 2 - numbers - 2 - 2 - outcome
    stages = _stage_column(uses, room, page)
    texts = [source_text(use, page) for use in uses]
    room = min(room - stages, max(16, *(cells(text) for text in texts)))
    head = left("Sources", 2 + numbers + 2 + stages + room + 2)
    columns = right("entries", entries) + "  " + right("file bytes", sizes)
    rows: list[Row] = []
    for use, text in zip(uses, texts, strict=True):
        stage = shorten_end(page.safe(use.source.stage), stages - 2, page)
        line: Line = (
            ("  " + right(str(use.source.location.line), numbers) + "  ", QUIET),
            (left(stage, stages) if stages else "", QUIET),
            (left(shorten_end(text, room, page), room) + "  ", ""),
            _outcome(use, entries, sizes),
        )
        rows.append((line,))

    def rest(left_out: Sequence[int]) -> list[Line]:
        if not left_out:
            return []
        count = f"{len(left_out)} more"
        if len(left_out) == len(uses):  # without the head
            count = formatting.count(len(uses), "source")
        said = f"{count}, {_taken(uses, left_out)} (-v)"
        return paragraph(said, page, QUIET, indent=2)

    order = sorted(range(len(uses)), key=lambda at: _weight(uses[at]))
    bare = int(any(use.state is not SourceState.FOUND for use in uses))
    title = ((head, TITLE), (columns, QUIET))
    return Section([title], rows, rest, order, (3, bare))


def _weight(use: SourceUse) -> tuple[bool, int]:
    return use.state is SourceState.FOUND, -use.file_bytes


def _taken(uses: Sequence[SourceUse], left_out: Sequence[int]) -> str:
    return formatting.size(sum(uses[at].file_bytes for at in left_out))


def _stage_column(uses: Sequence[SourceUse], room: int, page: Page) -> int:
    """Cells for the stage, none where all are the same or the room is short."""
    stages = {use.source.stage for use in uses}
    if len(stages) < 2 or room < 36:
        return 0
    return min(max(cells(page.safe(stage)) for stage in stages), 12) + 2


def source_text(use: SourceUse, page: Page) -> str:
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


def named_contexts(report: Report, page: Page) -> Section:
    """The section "Named contexts": what is sent of each."""
    if not report.named:
        return Section()
    rows = [tuple(_named_context(report, one, page)) for one in report.named]

    def rest(left_out: Sequence[int]) -> list[Line]:
        said = f"{len(left_out)} more (-v)"
        return paragraph(said, page, QUIET, indent=2) if left_out else []

    return Section([(("Named contexts", TITLE),)], rows, rest)


def _named_context(report: Report, named: NamedReport, page: Page) -> Iterator[Line]:
    name = page.safe(named.name)
    room = max(page.width - 2 - cells(name) - 2, 12)
    path = shorten_middle(page.safe(named.path), room, page)
    yield (("  " + name, STRONG), ("  " + path, QUIET))
    in_place = formatting.reads_in_place(report)
    if named.transfer.printed is None and not (
        in_place and named.transfer.tally.entries
    ):
        yield (("    nothing is taken from it", ""),)
        return
    sent = formatting.size(named.transfer.tally.wire_bytes)
    if named.context is not None:
        sent += f" of {formatting.size(named.context.wire_bytes)}"
    files = formatting.count(named.transfer.tally.files, "file")
    said = "read in place"
    if named.transfer.printed is not None:
        printed = named.transfer.printed
        said = formatting.docker_prints(report.request.builder, printed, name)
        said = f'docker prints "{said}"'
    parts = [f"{sent}, {files}", said]
    if cells(", ".join(parts)) <= page.width - 4:
        parts = [", ".join(parts)]
    for part in parts:
        yield from paragraph(part, page, indent=4)
    yield from paragraph(
        ignore_file_words(named.ignore_file, named.path, page, in_place=in_place),
        page,
        indent=4,
    )
    below = sources(named.sources, page._replace(width=page.width - 4))
    for line in below.lines(len(below.rows)):
        yield (("    ", ""), *line)
