"""The group of commands, and the one place where errors become an exit status."""

from __future__ import annotations

import errno
import os
import sys
from typing import IO, TYPE_CHECKING

import click

from ctxopt import __version__
from ctxopt.errors import CtxoptError

if TYPE_CHECKING:
    from ctxopt.core.model import Problem

FINDING, REFUSED, BUG, INTERRUPTED = 1, 2, 3, 130
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Refused(click.ClickException):
    """The input is wrong: said in one line, exit status 2."""

    exit_code = REFUSED

    def show(self, file: IO[str] | None = None) -> None:
        """Print the message as ctxopt prints its own, not as a usage error."""
        complain(self.message, file)


class Program(click.Group):
    """The group of commands, and the one place where errors become exit status."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Name the commands in their order here: the main job first."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; map what it raises."""
        if sys.stdout is None:  # closed by the caller
            raise Refused("cannot write the output: standard output is closed")
        try:
            result: object = super().invoke(ctx)
            sys.stdout.flush()  # so that a full disk or a closed pipe is met here
        except click.Abort:  # Ctrl-C or Ctrl-D at a question
            click.echo(err=True)
            complain("interrupted, nothing was written")
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except CtxoptError as error:
            raise Refused(str(error)) from error
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            _leave_output()
            ctx.exit(0)
        except Exception as error:
            if isinstance(error, OSError) and error.errno in FULL:
                _leave_output()
                raise Refused(f"cannot write the output: {error.strerror}") from error
            _report_bug(error)
            ctx.exit(BUG)
        return result


def complain(message: str, file: IO[str] | None = None) -> None:
    """Say something on standard error, harmless on any terminal."""
    from ctxopt.view.words import printable

    click.echo(f"ctxopt: {printable(message)}", file=file, err=True)


def _leave_output() -> None:
    """Send what is still buffered nowhere, or Python would try again at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # a stream without a descriptor, as in tests
        return


def _report_bug(error: Exception) -> None:
    import traceback

    if os.environ.get("CTXOPT_TRACEBACK"):
        traceback.print_exception(error)
    what = traceback.format_exception_only(error)[-1].strip()
    complain(f"this is a bug in ctxopt: {what} (CTXOPT_TRACEBACK=1 shows where)")


def announce(problem: Problem) -> None:
    """Say before a long walk what the user would want to stop it for."""
    complain(f"{problem.severity}: {problem.message}")


def examples(*lines: str) -> str:
    """The end of a help text; the mark keeps click from joining the lines."""
    return "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))


@click.group(
    cls=Program,
    no_args_is_help=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "ctxopt scan",
        "ctxopt scan -f docker/Dockerfile --target prod .",
        "ctxopt ls --long | sort -rn | head",
        "ctxopt watch",
        "ctxopt write",
        "ctxopt write --check        # in CI: exit status 1 if there is something",
    ),
)
@click.version_option(__version__, message="ctxopt %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Measure a Docker build context, and keep out of it what no build needs.

    No docker is needed: what the builder would receive is computed to the byte
    from the files, the ignore file and the Dockerfile. From that come suggestions
    for .dockerignore with what each saves, and ctxopt writes them on request.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
