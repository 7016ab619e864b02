"""`ctxopt fleet`: thousands of repositories, one answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING, Any, TextIO

import click

from ctxopt import __version__
from ctxopt.cli.fleet_diff import diff
from ctxopt.cli.fleet_running import go_through
from ctxopt.cli.options import Count, complete_file, complete_folder, size_in_bytes
from ctxopt.cli.program import (
    FINDING,
    WithExamples,
    examples,
    options_of_all,
)
from ctxopt.cli.saying import complain

if TYPE_CHECKING:
    from ctxopt.core.fleet.records import FleetReport, Source
    from ctxopt.host.fleet.store import Store
    from ctxopt.pipeline.fleet.task import Asked

LIMITS = ("error", "warning", "note", "never")
_STATION = (sys.executable, "-m", "ctxopt.cli.fleet_repository")


class FleetCommand(WithExamples):
    """`fleet SOURCES...`, and `fleet diff`: a folder of that name is `./diff`."""

    inner = (diff,)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the options of the one that is meant."""
        for one in self.inner:
            if args[:1] == [one.name]:
                name = f"{info_name} {one.name}"
                return one.make_context(name, args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(
    cls=FleetCommand,
    epilog=examples(
        "ctxopt fleet ~/src -o report",
        "ctxopt fleet repositories.txt -o report    # a folder or git URL a line",
        "ctxopt fleet https://git.example.com/shop/web.git#main -o report",
        "ctxopt fleet repositories.txt -o report --scheduler tcp://10.0.0.5:8786",
        "ctxopt fleet ~/src -o report --fail-on error    # in CI",
        "ctxopt fleet diff report.old report",
    ),
)
@click.argument(
    "words",
    metavar="SOURCE...",
    nargs=-1,
    required=True,
    shell_complete=complete_file,
)
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    required=True,
    shell_complete=complete_folder,
    help="The report; what is there already is not asked again.",
)
@click.option(
    "--refresh",
    is_flag=True,
    help="Ask again what is known: of the same commits, of folders without git.",
)
@click.option(
    "--builder",
    type=click.Choice(["buildkit", "legacy", "podman"]),
    help="The builder of all.  [default: as each is configured, or buildkit]",
)
@click.option(
    "--scheduler",
    metavar="URL",
    help="A dask scheduler whose workers do it, as tcp://HOST:8786.",
)
@click.option(
    "--workers",
    type=Count(),
    metavar="N",
    help="How many processes of this machine do it.  [default: one a CPU]",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="The most that one repository may take, its clone among it.",
)
@click.option(
    "--max-clone",
    callback=size_in_bytes,
    default="2GB",
    show_default=True,
    metavar="SIZE",
    help="The most that the files of a clone may be.",
)
@click.option(
    "--max-memory",
    callback=size_in_bytes,
    default="2GB",
    show_default=True,
    metavar="SIZE",
    help="The most memory that one repository may take.",
)
@click.option(
    "--retries",
    type=click.IntRange(min=0, max=10),
    default=1,
    show_default=True,
    metavar="N",
    help="How often it is tried again where git fails or a process crashes.",
)
@click.option("--no-pages", is_flag=True, help="Make no page for each repository.")
@click.option(
    "--builds-per-week",
    type=Count(),
    default=50,
    show_default=True,
    metavar="N",
    help="How often each image is built, for what a week saves.",
)
@click.option(
    "--fail-on",
    type=click.Choice(LIMITS),
    default="never",
    show_default=True,
    help="The least severity of a finding for exit status 1; a repository that failed"
    " is as bad as an error.",
)
@options_of_all
def fleet(
    *,
    words: tuple[str, ...],
    output: str,
    refresh: bool,
    builder: str | None,
    scheduler: str | None,
    workers: int | None,
    timeout: float,
    max_clone: int,
    max_memory: int,
    retries: int,
    no_pages: bool,
    builds_per_week: int,
    fail_on: str,
) -> None:
    """Measure and check all builds of many repositories, for one report.

    SOURCE is a folder, a folder of checkouts, a git URL (URL#BRANCH), or a file with
    a folder or git URL on each line; "-" reads such lines from standard input. What is
    known of a commit stays: started again, the same command goes on where it stopped.
    """
    from ctxopt.core.fleet.records import FleetSettings
    from ctxopt.host.fleet.store import Store
    from ctxopt.pipeline.fleet.joining import joined
    from ctxopt.pipeline.fleet.running import Fleet
    from ctxopt.pipeline.fleet.sources import sources_of
    from ctxopt.pipeline.fleet.task import Limits

    if scheduler is not None and workers is not None:
        raise click.UsageError("--workers is for this machine: leave --scheduler out")
    sources = sources_of(words, read_stdin=_read_stdin, announce=complain)
    store = Store(output)
    asked = Fleet(
        sources=sources,
        asked=_asked(builder, pages=not no_pages),
        limits=Limits(timeout, max_clone, max_memory, 1 + retries),
        station=_STATION,
        refresh=refresh,
    )
    with store:
        go_through(asked, store, scheduler, workers)
        settings = FleetSettings(builds_per_week, __version__)
        report = joined(output, [one.name for one in sources], settings)
        _write(report, store)
    _tell(report, sources, store)
    if _fails(report, fail_on):
        click.get_current_context().exit(FINDING)


def _read_stdin() -> bytes:
    from ctxopt.core.fleet.lists import MOST_BYTES

    return b"" if sys.stdin is None else sys.stdin.buffer.read(MOST_BYTES)


def _asked(builder: str | None, *, pages: bool) -> Asked:
    from ctxopt.core.fleet.rows import mark_of
    from ctxopt.pipeline.fleet.task import Asked

    mark = mark_of({"builder": builder, "pages": pages})
    return Asked(made_by=__version__, mark=mark, builder=builder, pages=pages)


def _write(report: FleetReport, store: Store) -> None:
    """Write what is made of all rows; raises WriteError."""
    from ctxopt.pipeline.fleet.joining import LINES, found_in
    from ctxopt.view.fleet import jsonl, markdown, page, sarif

    def show_sarif(_report: FleetReport, out: TextIO) -> None:
        sarif.show(found_in(store.folder, report), out, made_by=__version__)

    store.write("report.sarif", _as_text(show_sarif, report))
    store.write("summary.md", _as_text(markdown.show, report))
    store.write("index.html", lambda out: out.write(page.page_of(report)))
    store.write(LINES, _as_text(jsonl.show, report))


def _as_text(
    show: Callable[[FleetReport, TextIO], None], report: FleetReport
) -> Callable[[IO[bytes]], None]:
    """Fills a file with text."""

    def fill(out: IO[bytes]) -> None:
        text = TextIOWrapper(out, "utf-8", newline="\n", write_through=True)
        show(report, text)
        text.detach()

    return fill


def _tell(report: FleetReport, sources: tuple[Source, ...], store: Store) -> None:
    from ctxopt.view.fleet import text

    where = f"{store.folder.rstrip(os.sep)}/index.html"
    text.show(report, sys.stdout, where=where)
    others = store.others(one.name for one in sources)
    if others:
        are = "repository is" if others == 1 else "repositories are"
        complain(
            f'note: {others:,} more {are} kept in "{store.folder}" and not part of'
            " this report: nobody named them"
        )


def _fails(report: FleetReport, limit: str) -> bool:
    """Whether something is as bad as was said."""
    from ctxopt.core.checking.selecting import is_as_bad
    from ctxopt.core.model import Severity

    if limit == "never":
        return False
    least = Severity(limit)
    return bool(report.totals.failed) or any(
        count and is_as_bad(Severity(severity), least)
        for severity, count in report.totals.severities.items()
    )
