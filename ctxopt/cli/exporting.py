"""What `ctxopt scan --format ncdu` does: the transfer as a tree, for other programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ctxopt import __version__
from ctxopt.cli.saying import announce, complain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxopt.core.model import Listed, Request


def export(request: Request) -> None:
    """Write what a build would send, as it is found; nothing is kept."""
    from ctxopt import pipeline
    from ctxopt.view.report import ncdu

    found = pipeline.exported(request, announce=announce)
    count = 0

    def counted() -> Iterator[Listed]:
        nonlocal count
        for entry in found.entries:
            count += 1
            yield entry

    out = sys.stdout.buffer
    version = __version__
    for piece in ncdu.pieces(
        found.folder, found.frame_bytes, counted(), version=version
    ):
        out.write(piece)
    out.flush()
    if not count:
        complain("note: this build sends nothing, and ncdu opens no empty folder")
