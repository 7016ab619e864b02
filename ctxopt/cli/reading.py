"""The commands that look and change nothing: scan, ls, verify."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from ctxopt.cli.options import (
    Count,
    complete_file,
    which_build,
    which_form,
    which_seconds,
)
from ctxopt.cli.program import FINDING, BuildCommand, announce, examples, is_quiet

if TYPE_CHECKING:
    from ctxopt.core.model import Listed, Report, Request
    from ctxopt.pipeline.advice import Estimate

# On a terminal, and only there, a name must not move the cursor or ring the bell.
CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
DEEPEST = 100  # levels of folders in a report; nobody reads more


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt scan",
        "ctxopt scan --depth 3 --top 5 services/api",
        "ctxopt scan --builder legacy --build-arg MODE=prod .",
        "ctxopt scan -t app:dev --push .    # any docker build line",
        "ctxopt scan --json | jq .transfer.wire_bytes",
    ),
)
@which_form("A report for people or for programs.")
@click.option(
    "--top",
    type=Count(),
    default=10,
    show_default=True,
    metavar="N",
    help="How many places to show of each folder.",
)
@click.option(
    "--depth",
    type=Count(),
    default=1,
    show_default=True,
    metavar="N",
    help="How many levels of folders to show.",
)
@click.option(
    "--excluded", is_flag=True, help="Also count what the ignore file keeps out."
)
@which_build
@which_seconds
def scan(
    request: Request,
    *,
    estimate: Estimate,
    form: str,
    top: int,
    depth: int,
    excluded: bool,
) -> None:
    """Measure the build context, show where the bytes are and what to ignore.

    CONTEXT is the folder given to docker build, the current one by default.
    """
    from ctxopt import pipeline
    from ctxopt.view.terminal.progress import Progress

    with Progress(sys.stderr, silent=is_quiet()) as progress:
        report = pipeline.analyze(
            request,
            top=top,
            depth=min(depth, DEEPEST),
            excluded=excluded,
            estimate=estimate,
            progress=progress,
            announce=announce,
        )
    _show(report, form)


def _show(report: Report, form: str) -> None:
    if form == "json":
        from ctxopt.view.report import json

        json.show(report, sys.stdout)
    else:
        from ctxopt.view.report import text

        text.show(report, sys.stdout)


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt ls",
        "ctxopt ls --unused -0 | xargs -0 du -ch",
        "ctxopt ls --long | sort -rn | head",
    ),
)
@click.option("-0", "--null", "nul", is_flag=True, help="End entries with NUL.")
@click.option("--whole", is_flag=True, help="The whole context, not only the transfer.")
@click.option("--excluded", is_flag=True, help="What the ignore file keeps out.")
@click.option("--unused", is_flag=True, help="What no COPY, ADD or mount reaches.")
@click.option(
    "-l",
    "--long",
    "detailed",
    is_flag=True,
    help="With wire bytes, file bytes and the source that takes it.",
)
@which_build
def ls(
    request: Request,
    *,
    nul: bool,
    whole: bool,
    excluded: bool,
    unused: bool,
    detailed: bool,
) -> None:
    """List what a build would send, one entry a line.

    Entries come in the builder's order, relative to CONTEXT, folders with a
    trailing slash. Names are written byte for byte; -0 suits names with newlines.
    """
    from ctxopt import pipeline

    entries = pipeline.listing(
        request,
        whole=whole,
        excluded=excluded,
        unused=unused,
        announce=announce,
    )
    describe = _long_line if detailed else _line
    _stream((describe(entry) for entry in entries), b"\0" if nul else b"\n")


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


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt verify",
        "ctxopt verify --builder legacy .",
    ),
)
@click.option(
    "--client",
    metavar="PATH",
    shell_complete=complete_file,
    help="The docker to ask.  [default: docker]",
)
@which_build
def verify(request: Request, *, client: str | None) -> None:
    """Hold the numbers against the docker installed here.

    Exit status 1 when docker would send anything else.
    """
    from ctxopt import pipeline
    from ctxopt.view.verify import describe

    verification = pipeline.verify(request, client=client)
    with contextlib.suppress(BrokenPipeError):  # a difference stands, read or not
        for line in describe(verification):
            click.echo(line)
    if not verification.comparison.same:
        click.get_current_context().exit(FINDING)
