"""What a command says beside its output, on standard error."""

from __future__ import annotations

import contextlib
import sys

from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import IO

    from ctxopt.core.model import Problem
    from ctxopt.errors import CtxoptError

QUIET = "ctxopt.quiet"  # in the context of a command: whether only errors are said


def complain(message: str, file: IO[str] | None = None) -> None:
    """Say something on standard error, harmless on any terminal.

    Where both go to one pipe, it stands behind what was printed before. Nothing but
    errors with --quiet. A listener who left is no reason to stop; raises OSError where
    it cannot be said, as on a full disk.
    """
    if message.startswith(("note: ", "warning: ")) and is_quiet():
        return
    import click  # start-up: most commands have nothing to complain of

    from ctxopt.view.terminal.formatting import printable

    if sys.stdout is not None:  # else closed by the caller
        with contextlib.suppress(OSError):  # who prints is told of it in the end
            sys.stdout.flush()
    with contextlib.suppress(BrokenPipeError):
        click.echo(f"ctxopt: {printable(message)}", file=file, err=True)


def is_quiet() -> bool:
    """Whether the user asked for results and errors only."""
    import click  # start-up: see above

    ctx = click.get_current_context(silent=True)
    return ctx is not None and bool(ctx.meta.get(QUIET))


def announce(problem: Problem) -> None:
    """Say before a long walk what the user would want to stop it for."""
    complain(f"{problem.severity}: {problem.message}")


def announce_error(error: CtxoptError) -> None:
    """Tell of something that is left aside, and go on."""
    complain(f"warning: {error}")
