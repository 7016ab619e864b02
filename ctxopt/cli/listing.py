"""What `ctxopt ls` does with the entries of one build, once its options are read."""

from __future__ import annotations

import os
import sys

from ctxopt.cli.saying import announce
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ctxopt.core.model import Listed, Request

# On a terminal, and only there, a name must not move the cursor or ring the bell.
CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


def list_entries(
    request: Request,
    *,
    nul: bool,
    whole: bool,
    excluded: bool,
    unused: bool,
    named: str | None,
    detailed: bool,
) -> None:
    """Write what a build would send, an entry a line."""
    from ctxopt import pipeline

    if not (detailed or excluded):
        paths = pipeline.listed_paths(
            request, whole=whole, unused=unused, named=named, announce=announce
        )
        _stream_pieces(paths, nul=nul)
        return
    entries = pipeline.listing(
        request,
        whole=whole,
        excluded=excluded,
        unused=unused,
        named=named,
        announce=announce,
    )
    describe = _long_line if detailed else _line
    stream((describe(entry) for entry in entries), nul=nul)


def _line(entry: Listed) -> str:
    return f"{entry.path}/" if entry.directory else entry.path


def _long_line(entry: Listed) -> str:
    """Wire bytes, file bytes, who takes it (`COPY:7`, `-` for nobody), the path."""
    places = [f"{take.instruction}:{take.location.line}" for take in entry.sources]
    takers = ",".join(dict.fromkeys(places)) or "-"
    sizes = f"{entry.wire_bytes:>12} {entry.file_bytes:>12}"
    return f"{sizes}  {takers:<10}  {_line(entry)}"


def stream(lines: Iterable[str], *, nul: bool) -> None:
    """Write names as the bytes they are; the first at once, later ones in batches."""
    out = sys.stdout.buffer
    end = b"\0" if nul else b"\n"
    harmless = CONTROLS if sys.stdout.isatty() else {}
    for number, line in enumerate(lines, 1):
        out.write(os.fsencode(line.translate(harmless)) + end)
        if number & (number - 1) == 0 or number % 1024 == 0:
            out.flush()
    out.flush()


def _stream_pieces(pieces: Iterable[bytes], *, nul: bool) -> None:
    """Write paths that come many at a time, with a NUL behind each, as they are."""
    out = sys.stdout.buffer
    end = b"\0" if nul else b"\n"
    harmless = {code: shown for code, shown in CONTROLS.items() if code}
    on_terminal = sys.stdout.isatty()
    for number, piece in enumerate(filter(None, pieces), 1):
        lines = piece
        if on_terminal:
            lines = os.fsencode(os.fsdecode(piece).translate(harmless))
        out.write(lines.replace(b"\0", end))
        if number & (number - 1) == 0 or number % 64 == 0:
            out.flush()
    out.flush()
