"""`ctxopt ls`: what would be sent, an entry a line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from ctxopt.cli.options import (
    which_build,
)
from ctxopt.cli.program import BuildCommand, announce, complain, examples

if TYPE_CHECKING:
    from ctxopt.core.model import Listed, Request


# On a terminal, and only there, a name must not move the cursor or ring the bell.
CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt ls",
        "ctxopt ls --unused -0 | xargs -0 du -ch",
        "ctxopt ls --long | sort -rn | head",
        "ctxopt ls --gcloud --long",
    ),
)
@click.option("-0", "--null", "nul", is_flag=True, help="End entries with NUL.")
@click.option("--whole", is_flag=True, help="The whole context, not only the transfer.")
@click.option("--excluded", is_flag=True, help="What the ignore file keeps out.")
@click.option("--unused", is_flag=True, help="What no COPY, ADD or mount reaches.")
@click.option(
    "--from",
    "named",
    metavar="NAME",
    help="What is sent of this named context, instead of CONTEXT.",
)
@click.option(
    "-l",
    "--long",
    "detailed",
    is_flag=True,
    help="With wire bytes, file bytes and the source that takes it.",
)
@click.option(
    "--gcloud",
    is_flag=True,
    help="What gcloud builds submit uploads of CONTEXT, by .gcloudignore.",
)
@which_build
def ls(
    request: Request,
    *,
    gcloud: bool,
    nul: bool,
    whole: bool,
    excluded: bool,
    unused: bool,
    named: str | None,
    detailed: bool,
) -> None:
    """List what a build would send, one entry a line.

    Entries come in the builder's order, relative to CONTEXT (or to the folder of
    --from), folders with a trailing slash. Names are written byte for byte; -0
    suits names with newlines.
    """
    end = b"\0" if nul else b"\n"
    if gcloud:
        if whole or excluded or unused or named is not None:
            raise click.UsageError(
                "--gcloud lists an upload, which has no sources: leave out --whole,"
                " --excluded, --unused and --from"
            )
        _list_upload(request.context, end, detailed=detailed)
        return
    from ctxopt import pipeline

    entries = pipeline.listing(
        request,
        whole=whole,
        excluded=excluded,
        unused=unused,
        named=named,
        announce=announce,
    )
    describe = _long_line if detailed else _line
    _stream((describe(entry) for entry in entries), end)


def _list_upload(context: str, end: bytes, *, detailed: bool) -> None:
    """List what gcloud uploads, and say at the end how much it is, and why."""
    from ctxopt.pipeline.uploading import upload
    from ctxopt.view.terminal import formatting

    found = upload(context)
    files = total = 0

    def lines() -> Iterator[str]:
        nonlocal files, total
        for entry in found.entries:
            files += not entry.is_folder
            total += entry.file_bytes
            name = f"{entry.path}/" if entry.is_folder else entry.path
            yield f"{entry.file_bytes:>12}  {name}" if detailed else name

    _stream(lines(), end)
    by = {
        None: "there is no .gcloudignore and nothing of git",
        "": "by gcloud's default: without .git, .gitignore and what that says",
    }.get(found.chooser.source, f"by {found.chooser.source}")
    size = formatting.size(total)
    complain(
        f"note: {formatting.count(files, 'file')}, {size} before it is packed, {by}"
    )


def _line(entry: Listed) -> str:
    return f"{entry.path}/" if entry.directory else entry.path


def _long_line(entry: Listed) -> str:
    """Wire bytes, file bytes, who takes it (`COPY:7`, `-` for nobody), the path."""
    places = [f"{take.instruction}:{take.location.line}" for take in entry.sources]
    takers = ",".join(dict.fromkeys(places)) or "-"
    sizes = f"{entry.wire_bytes:>12} {entry.file_bytes:>12}"
    return f"{sizes}  {takers:<10}  {_line(entry)}"


def _stream(lines: Iterable[str], end: bytes) -> None:
    """Write names as the bytes they are; the first at once, later ones in batches."""
    out = sys.stdout.buffer
    harmless = CONTROLS if sys.stdout.isatty() else {}
    for number, line in enumerate(lines, 1):
        out.write(os.fsencode(line.translate(harmless)) + end)
        if number & (number - 1) == 0 or number % 1024 == 0:
            out.flush()
    out.flush()
