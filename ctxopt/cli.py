"""Options become a request, errors an exit status; nothing is decided in between.

Only click is imported up front: each command brings in what it runs.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from typing import IO, TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from ctxopt import __version__
from ctxopt.errors import CtxoptError

if TYPE_CHECKING:
    from ctxopt.core.model import Listed, Problem, Report, Request

FINDING, REFUSED, BUG, INTERRUPTED = 1, 2, 3, 130
# On a terminal, and only there, a name must not move the cursor or ring the bell.
CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
DEEPEST = 100  # levels of folders in a report; nobody reads more
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Refused(click.ClickException):
    """The input is wrong: said in one line, exit status 2."""

    exit_code = REFUSED

    def show(self, file: IO[str] | None = None) -> None:
        """Print the message as ctxopt prints its own, not as a usage error."""
        _complain(self.message, file)


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
        except (click.ClickException, click.Abort, click.exceptions.Exit):
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


def _complain(message: str, file: IO[str] | None = None) -> None:
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
    _complain(f"this is a bug in ctxopt: {what} (CTXOPT_TRACEBACK=1 shows where)")


# Options that every command shares: which build is meant.


def _complete_folder(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="dir")]


def _complete_file(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="file")]


def _build_args(
    _ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    """`K=V` as it is; `K` alone from the environment, or not at all if unset there."""
    arguments: dict[str, str] = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not name:
            raise click.BadParameter(f'"{word}" has no name; write NAME=VALUE')
        if equals:
            arguments[name] = value
        elif name in os.environ:
            arguments[name] = os.environ[name]
    return arguments


def _build_contexts(
    _ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    contexts: dict[str, str] = {}
    for word in given:
        name, _, value = word.partition("=")
        if not name or not value:
            raise click.BadParameter(f'"{word}" names no context; write NAME=VALUE')
        contexts[name] = value
    return contexts


_SHARED = (
    click.argument("context", default=".", shell_complete=_complete_folder),
    click.option(
        "-f",
        "--file",
        "dockerfile",
        metavar="PATH",
        shell_complete=_complete_file,
        help='Name of the Dockerfile; "-" reads it from standard input.'
        "  [default: CONTEXT/Dockerfile]",
    ),
    click.option("--target", metavar="STAGE", help="The build stage to build."),
    click.option(
        "--build-arg",
        "build_args",
        metavar="NAME[=VALUE]",
        multiple=True,
        callback=_build_args,
        help="Set a build-time variable; without a value, from the environment.",
    ),
    click.option(
        "--build-context",
        "build_contexts",
        metavar="NAME=VALUE",
        multiple=True,
        callback=_build_contexts,
        help="An additional build context.",
    ),
    click.option(
        "--builder",
        type=click.Choice(["buildkit", "legacy"]),
        default="buildkit",
        show_default=True,
        help="The builder that the context is for.",
    ),
)


def _which_build(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the shared options, handed to it as one `request`."""

    @wraps(command)
    def with_request(
        *,
        context: str,
        dockerfile: str | None,
        target: str | None,
        build_args: dict[str, str],
        build_contexts: dict[str, str],
        builder: str,
        **options: object,
    ) -> None:
        from ctxopt.core.model import BuilderName, Request

        if dockerfile == "-" and sys.stdin is None:
            raise Refused("cannot read the Dockerfile: standard input is closed")
        request = Request(
            context=context,
            dockerfile=dockerfile,
            target=target,
            build_args=build_args,
            build_contexts=build_contexts,
            builder=BuilderName(builder),
            dockerfile_bytes=sys.stdin.buffer.read() if dockerfile == "-" else None,
        )
        command(request, **options)

    decorated: Callable[..., None] = with_request
    for option in reversed(_SHARED):
        decorated = option(decorated)
    return decorated


# The commands.


def _examples(*lines: str) -> str:
    """The end of a help text; the mark keeps click from joining the lines."""
    return "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))


@click.group(
    cls=Program,
    no_args_is_help=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_examples(
        "ctxopt scan",
        "ctxopt scan -f docker/Dockerfile --target prod .",
        "ctxopt scan --format json . > context.json",
        "ctxopt ls --long | sort -rn | head",
    ),
)
@click.version_option(__version__, message="ctxopt %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Measure a Docker build context as the builder would receive it.

    No docker is needed: sizes are computed to the byte from the files, the
    ignore file and the Dockerfile.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@main.command(
    epilog=_examples(
        "ctxopt scan",
        "ctxopt scan --depth 3 --top 5 services/api",
        "ctxopt scan --builder legacy --build-arg MODE=prod .",
        "ctxopt scan --format json | jq .transfer.wire_bytes",
    ),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A report for people or for programs.",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="How many places to show of each folder.",
)
@click.option(
    "--depth",
    type=click.IntRange(min=1, max=DEEPEST, clamp=True),
    default=1,
    show_default=True,
    metavar="N",
    help="How many levels of folders to show.",
)
@click.option(
    "--excluded", is_flag=True, help="Also count what the ignore file keeps out."
)
@_which_build
def scan(request: Request, *, form: str, top: int, depth: int, excluded: bool) -> None:
    """Measure the build context and show where the bytes are.

    CONTEXT is the folder given to docker build, the current one by default.
    """
    from ctxopt import pipeline
    from ctxopt.view.progress import Progress

    with Progress(sys.stderr) as progress:
        report = pipeline.analyze(
            request,
            top=top,
            depth=depth,
            excluded=excluded,
            progress=progress,
            announce=_announce,
        )
    _show(report, form)


def _announce(problem: Problem) -> None:
    """Say before a long walk what the user would want to stop it for."""
    _complain(f"{problem.severity}: {problem.message}")


def _show(report: Report, form: str) -> None:
    if form == "json":
        from ctxopt.view import jsonview

        jsonview.show(report, sys.stdout)
    else:
        from ctxopt.view import text

        text.show(report, sys.stdout)


@main.command(
    epilog=_examples(
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
    "--long",
    "detailed",
    is_flag=True,
    help="With wire bytes, file bytes and the source that takes it.",
)
@_which_build
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
        announce=_announce,
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


@main.command(
    epilog=_examples(
        "ctxopt verify",
        "ctxopt verify --builder legacy .",
    ),
)
@click.option("--client", metavar="PATH", help="The docker to ask.  [default: docker]")
@_which_build
def verify(request: Request, *, client: str | None) -> None:
    """Hold the numbers against the docker installed here.

    Exit status 1 when docker would send anything else.
    """
    from ctxopt import pipeline
    from ctxopt.view.verification import describe

    verification = pipeline.verify(request, client=client)
    for line in describe(verification):
        click.echo(line)
    if not verification.comparison.same:
        click.get_current_context().exit(FINDING)
