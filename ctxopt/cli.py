"""Options become a request, errors an exit status; nothing is decided in between.

Only click is imported up front: each command brings in what it runs.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import IO, TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from ctxopt import __version__
from ctxopt.errors import CtxoptError, WriteError

if TYPE_CHECKING:
    from ctxopt.core.model import Listed, Problem, Report, Request
    from ctxopt.pipeline.advice import Estimate
    from ctxopt.pipeline.writing import Choice, Plan

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
        except click.Abort:  # Ctrl-C or Ctrl-D at a question
            click.echo(err=True)
            _complain("interrupted, nothing was written")
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


# Options of the commands that tell seconds.

_TIMED = (
    click.option(
        "--profile",
        type=click.Choice(["local", "desktop", "remote"]),
        default="local",
        show_default=True,
        help="Where the engine is: estimated seconds depend on it.",
    ),
    click.option(
        "--bandwidth",
        metavar="RATE",
        help="Of the way to a remote engine, such as 20Mbit.",
    ),
    click.option(
        "--calibrate",
        "log",
        type=click.File("r", encoding="utf-8", errors="replace"),
        metavar="LOG",
        help="Learn from the progress of your own builds (plain or rawjson).",
    ),
)


def _which_seconds(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options for estimates, handed to it as one `estimate`."""

    @wraps(command)
    def with_estimate(
        request: Request,
        *,
        profile: str,
        bandwidth: str | None,
        log: IO[str] | None,
        **options: object,
    ) -> None:
        from ctxopt.core.timing import ProfileName, parse_bandwidth
        from ctxopt.pipeline.advice import Estimate

        rate = parse_bandwidth(bandwidth) if bandwidth else None
        name = ProfileName.REMOTE if rate and profile == "local" else profile
        if log is not None:
            _learn(request, log)
        estimate = Estimate(ProfileName(name), rate, report=_announce_error)
        command(request, estimate=estimate, **options)

    decorated: Callable[..., None] = with_estimate
    for option in reversed(_TIMED):
        decorated = option(decorated)
    return decorated


def _announce_error(error: CtxoptError) -> None:
    """Tell of something that is left aside, and go on."""
    _complain(f"warning: {error}")


def _learn(request: Request, log: IO[str]) -> None:
    from ctxopt.pipeline.calibration import learn

    _complain(learn(request, log.read(), log.name))


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
        "ctxopt ls --long | sort -rn | head",
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
@_which_seconds
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
    from ctxopt.view.progress import Progress

    with Progress(sys.stderr) as progress:
        report = pipeline.analyze(
            request,
            top=top,
            depth=depth,
            excluded=excluded,
            estimate=estimate,
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
        "ctxopt write",
        "ctxopt write --yes --skip vcs-git",
        "ctxopt write --check        # in CI: exit status 1 if there is something",
        "ctxopt write --remove",
    ),
)
@click.option(
    "-y", "--yes", is_flag=True, help="Write what is certain and likely, ask nothing."
)
@click.option(
    "--only",
    multiple=True,
    metavar="ID",
    help="Just this suggestion, unasked; may be repeated.",
)
@click.option(
    "--skip", multiple=True, metavar="ID", help="Not this one; may be repeated."
)
@click.option(
    "--include-ask", is_flag=True, help="Also what depends on the project, unasked."
)
@click.option("--dry-run", is_flag=True, help="Show the diff and write nothing.")
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; exit status 1 if there is something certain or likely.",
)
@click.option(
    "--per-dockerfile",
    is_flag=True,
    help="Write NAME.dockerignore beside the Dockerfile, with the lines in effect.",
)
@click.option("--remove", is_flag=True, help="Take the lines of ctxopt out again.")
@click.option(
    "--allow-list",
    is_flag=True,
    help="Let through what the sources name and nothing else.",
)
@_which_build
@_which_seconds
def write(
    request: Request,
    *,
    estimate: Estimate,
    yes: bool,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    include_ask: bool,
    dry_run: bool,
    check: bool,
    per_dockerfile: bool,
    remove: bool,
    allow_list: bool,
) -> None:
    """Put the suggestions into the ignore file, safely.

    Shows what changes and asks. The lines go into one marked block; yours are
    never touched. Nothing is written before both builders were simulated with it.
    """
    from ctxopt import pipeline
    from ctxopt.pipeline.writing import Choice

    _check_usage(
        whole={"--remove": remove, "--allow-list": allow_list},
        partial={"--only": only, "--skip": skip, "--include-ask": include_ask},
    )
    choice = Choice(only, skip, include_ask, per_dockerfile)
    quiet = yes or dry_run or check
    if remove:
        plan = pipeline.plan_removal(request, choice)
    elif allow_list:
        plan = pipeline.plan_allow_list(request, choice)
    else:
        found = _planned(request, choice, estimate, asks=not quiet)
        if found is None:
            return
        plan = found
    _carry_out(plan, estimate.profile, yes=yes, dry_run=dry_run, check=check)


def _check_usage(*, whole: Mapping[str, object], partial: Mapping[str, object]) -> None:
    """Refuse options that say two things at once."""
    given = [name for name, value in whole.items() if value]
    given += [name for name, value in partial.items() if value and given]
    if len(given) > 1:
        raise click.UsageError(f"{given[0]} and {given[1]} exclude each other")


def _planned(
    request: Request, choice: Choice, estimate: Estimate, *, asks: bool
) -> Plan | None:
    """What to write, the questions answered; None when the user left."""
    from ctxopt import pipeline
    from ctxopt.view import writing
    from ctxopt.view.progress import Progress
    from ctxopt.view.words import count

    with Progress(sys.stderr) as progress:
        draft = pipeline.plan(
            request,
            choice,
            estimate=estimate,
            progress=progress,
            announce=_announce,
        )
    accepted: set[str] = set()
    if asks and _can_ask():
        answers = writing.ask(draft.questions, _prompt, sys.stdout)
        if answers is None:
            _say("Nothing was written.")
            return None
        accepted = answers
    plan = draft.plan(accepted)
    writing.show_held(draft.held, sys.stdout)
    for name in draft.absent:
        _complain(f'note: "{name}" is not suggested now')
    if draft.questions and not asks:
        left = count(len(draft.questions), "question")
        _complain(
            f"note: {left} left that only you can answer: run ctxopt write on a "
            "terminal, or say --only ID"
        )
    return plan


def _can_ask() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def _prompt(words: str) -> str:
    answer: str = click.prompt(words, default="", show_default=False, prompt_suffix="")
    return answer


def _carry_out(
    plan: Plan, profile: str, *, yes: bool, dry_run: bool, check: bool
) -> None:
    """Show a plan and, where that is wanted, write it."""
    if not plan.changes:
        _say(_nothing_to_do(plan))
        return
    asks = not (yes or dry_run or check)
    if plan.edited and yes and not (dry_run or check):
        raise WriteError(
            "this block was edited by hand, and the lines of a person would be lost",
            file=plan.edited.file,
            line=plan.edited.line,
            hint="run it on a terminal, or move your lines out of the block first",
        )
    _show_plan(plan, profile)
    if check:
        click.get_current_context().exit(FINDING)
    if dry_run:
        return
    if asks and not _confirmed(plan):
        _say("Nothing was written.")
        return
    plan.apply()
    _say(_done(plan))


def _show_plan(plan: Plan, profile: str) -> None:
    from ctxopt.view import writing

    writing.show_diff(plan.before, plan.after or b"", plan.target.shown, sys.stdout)
    if plan.now is not None and plan.then is not None:
        click.echo()
        writing.show_outcome(plan.now, plan.then, profile, sys.stdout)
    for note in plan.notes:
        _complain(f"note: {note}")


def _confirmed(plan: Plan) -> bool:
    from ctxopt.view.words import printable

    if not _can_ask():
        raise Refused(
            "nothing was written: there is no terminal to ask on; "
            "say --yes to write it, or --dry-run to see it"
        )
    click.echo()
    if plan.edited:
        place = f"{plan.edited.file}:{plan.edited.line}"
        _say(f"{place}: this block was edited by hand since ctxopt wrote it.")
        return click.confirm("Take it out, those lines too?", default=False)
    return click.confirm(f"Write {printable(plan.target.shown)}?", default=True)


def _nothing_to_do(plan: Plan) -> str:
    shown = plan.target.shown
    if plan.removes:
        return f"Nothing to remove: no lines of ctxopt in {shown}."
    if plan.snapshot.content is None:
        return "Nothing to write."
    return f"Nothing to write: {shown} is as it should be."


def _done(plan: Plan) -> str:
    shown = plan.target.shown
    if plan.after is None:
        return f"{shown}: removed, nothing but the lines of ctxopt was in it."
    if plan.removes:
        return f"{shown}: the lines of ctxopt are out."
    return f"{shown}: written. Take it back with: ctxopt write --remove"


def _say(words: str) -> None:
    """Write a line to standard output, whatever names are in it."""
    from ctxopt.view.words import printable

    click.echo(printable(words, sys.stdout.encoding or "utf-8"))


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
