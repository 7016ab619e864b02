"""`ctxopt ls`: what would be sent, an entry a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ctxopt.cli.listing import list_entries, stream
from ctxopt.cli.options import plain_options, which_build
from ctxopt.cli.plain import LS_OPTIONS
from ctxopt.cli.program import BuildCommand, examples
from ctxopt.cli.saying import complain

if TYPE_CHECKING:
    from ctxopt.core.model import Request


@click.command(
    cls=BuildCommand,
    epilog=examples(
        "ctxopt ls",
        "ctxopt ls --unused -0 | xargs -0 du -ch",
        "ctxopt ls --long | sort -rn | head",
        "ctxopt ls --gcloud --long",
    ),
)
@plain_options(LS_OPTIONS[:-1])
@click.option(
    "--from",
    "named",
    metavar="NAME",
    help="What is sent of this named context, instead of CONTEXT.",
)
@plain_options(LS_OPTIONS[-1:])
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
    if gcloud:
        if whole or excluded or unused or named is not None:
            raise click.UsageError(
                "--gcloud lists an upload, which has no sources: leave out --whole,"
                " --excluded, --unused and --from"
            )
        _list_upload(request.context, nul=nul, detailed=detailed)
        return
    list_entries(
        request,
        nul=nul,
        whole=whole,
        excluded=excluded,
        unused=unused,
        named=named,
        detailed=detailed,
    )


def _list_upload(context: str, *, nul: bool, detailed: bool) -> None:
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

    stream(lines(), nul=nul)
    by = {
        None: "there is no .gcloudignore and nothing of git",
        "": "by gcloud's default: without .git, .gitignore and what that says",
    }.get(found.chooser.source, f"by {found.chooser.source}")
    size = formatting.size(total)
    complain(
        f"note: {formatting.count(files, 'file')}, {size} before it is packed, {by}"
    )
