"""The group of commands, and the one place where errors become an exit status."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import IO, Any

import click

from ctxopt import __version__
from ctxopt.cli.saying import QUIET, complain
from ctxopt.errors import CtxoptError

FINDING, REFUSED, BUG, INTERRUPTED = 1, 2, 3, 130
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# Each in the module of its name. Help lists them in this order: the main job first.
COMMANDS = (
    *("scan", "ls", "why", "write", "check", "watch", "verify", "explain"),
    *("fleet", "install-plugin", "help"),
)
AS_PLUGIN = "docker ctxopt"  # what the program is called as a plugin of docker
COLOURS = ("NO_COLOR", "FORCE_COLOR")


class Refused(click.ClickException):
    """The input or the usage is wrong: said in one line, exit status 2.

    `hint` is a second line that says where to read on.
    """

    exit_code = REFUSED

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint

    def show(self, file: IO[str] | None = None) -> None:
        """Print the message as ctxopt prints its own, if that can be done at all."""
        with contextlib.suppress(OSError):
            complain(f"error: {self.message}", file)
            if self.hint:
                complain(f"hint: {self.hint}", file)


class WithExamples(click.Command):
    """A command whose examples name the program as it is called."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, if there are any."""
        if self.epilog:
            called = how_called(ctx)
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(
                    self.epilog.replace("\n  ctxopt ", f"\n  {called} ")
                )


class Program(WithExamples, click.Group):
    """The group of commands, and the one place where errors become exit status."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Name the commands in their order here: the main job first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command; its module is imported when it is first asked for."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            name = cmd_name.replace("-", "_")
            module = import_module(f"ctxopt.cli.{name}")
            self.add_command(getattr(module, name))
        return super().get_command(ctx, cmd_name)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the options; some of them print, which may fail as a command may."""
        with _mapped():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; map what it raises."""
        with _mapped(), _written():
            result: object = super().invoke(ctx)
            return result

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options; what only `scan` understands is meant for it."""
        at = self._first_other(ctx, args)
        if at < len(args) and self._is_for_scan(ctx, args[at]):
            args = [*args[:at], "scan", *args[at:]]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; point to the right one where there is none."""
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            from ctxopt.cli.hints import unknown_command

            raise unknown_command(args[0], COMMANDS)
        return super().resolve_command(ctx, args)

    def _first_other(self, ctx: click.Context, args: list[str]) -> int:
        """Where the options of the program itself end."""
        takes_value = {"--help": False, "-h": False, **option_names(self, ctx)}
        at = 0
        while at < len(args) and args[at].partition("=")[0] in takes_value:
            at += 2 if takes_value.get(args[at]) else 1
        return at

    def _is_for_scan(self, ctx: click.Context, word: str) -> bool:
        if word in COMMANDS:
            return False
        if word.startswith("-"):
            scan = self.get_command(ctx, "scan")
            return isinstance(scan, BuildCommand) and scan.understands(ctx, word)
        return word in ("", ".", "..") or "/" in word or os.path.lexists(word)


class BuildCommand(WithExamples):
    """A command about a build: what is pasted from a docker line does no harm."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options; leave docker's aside, and say so once."""
        own = self.own_options(ctx, args)
        ignored: list[str] = []
        if any(word.startswith("-") and word not in own for word in args):
            from ctxopt.cli.pasted import without_docker_flags

            args, ignored = without_docker_flags(args, own)
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # click leaves it out of some
            raise
        if ignored and not ctx.resilient_parsing:
            from ctxopt.cli.pasted import note

            complain(note(ignored))
        return rest

    def own_options(
        self,
        ctx: click.Context,
        args: list[str],  # noqa: ARG002  # for those whose options depend on others
    ) -> dict[str, bool]:
        """The options of this command in a line, and whether they take a value."""
        return option_names(self, ctx)

    def understands(self, ctx: click.Context, word: str) -> bool:
        """Whether a word is an option of this command or one of docker's."""
        from ctxopt.cli.pasted import is_docker_flag

        own = option_names(self, ctx)
        name = word.partition("=")[0]
        return name in own or is_docker_flag(word) or word[:2] in own


def option_names(command: click.Command, ctx: click.Context) -> dict[str, bool]:
    """Each name of the options of a command, and whether it takes a value."""
    names = dict.fromkeys(ctx.help_option_names, False)
    for param in command.params:
        if isinstance(param, click.Option):
            names |= dict.fromkeys(param.opts, not param.is_flag)
    return names


def status_of(error: BaseException) -> int:
    """Say of an error what this group says of it; the exit status it leaves with.

    For a command that was not run by click; see `plain`.
    """
    try:
        with _mapped():
            raise error
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.ClickException as refusal:
        refusal.show()
        return refusal.exit_code


@contextlib.contextmanager
def _mapped() -> Iterator[None]:
    """Maps whatever may end a command to words and an exit status."""
    if sys.stdout is None:  # closed by the caller
        raise Refused("cannot write the output: standard output is closed")
    try:
        yield
    except click.UsageError as error:
        from ctxopt.cli.hints import wrong_usage

        raise wrong_usage(error) from error
    except click.Abort:  # Ctrl-C or Ctrl-D at a question
        with contextlib.suppress(OSError):
            click.echo(err=True)
            complain("interrupted, nothing was written")
        raise click.exceptions.Exit(INTERRUPTED) from None
    except (click.ClickException, click.exceptions.Exit):
        raise
    except CtxoptError as error:
        raise Refused(str(error)) from error
    except KeyboardInterrupt:
        raise click.exceptions.Exit(INTERRUPTED) from None
    except BrokenPipeError:  # the reader has left, and that is its right
        raise click.exceptions.Exit(0) from None
    except Exception as error:
        if isinstance(error, OSError) and _is_about_output(error):
            raise Refused(f"cannot write the output: {error.strerror}") from error
        with contextlib.suppress(OSError):
            _report_bug(error)
        raise click.exceptions.Exit(BUG) from error


@contextlib.contextmanager
def _written() -> Iterator[None]:
    """Writes out what is printed, so that a full disk or a closed pipe is met here."""
    try:
        yield
    except click.exceptions.Exit as left:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            raise left from None  # its status stands, read or not
        raise
    sys.stdout.flush()


def _is_about_output(error: OSError) -> bool:
    """Whether it is a stream that could not be written, not a file of ours."""
    if error.errno in FULL:
        return True
    try:  # a stream for reading, or a terminal that is gone, refuses even nothing
        for stream in (sys.stdout, sys.stderr):
            os.write(stream.fileno(), b"")
    except OSError as refusal:
        return refusal.errno == error.errno
    return False


def _report_bug(error: Exception) -> None:
    import traceback

    if os.environ.get("CTXOPT_TRACEBACK"):
        traceback.print_exception(error)
    what = traceback.format_exception_only(error)[-1].strip()
    complain(f"this is a bug in ctxopt: {what} (CTXOPT_TRACEBACK=1 shows where)")


def how_called(ctx: click.Context | None = None) -> str:
    """What one types for the program: `ctxopt`, or `docker ctxopt` for the plugin."""
    ctx = ctx or click.get_current_context(silent=True)
    name = ctx.find_root().info_name if ctx is not None else ""
    return name if name == AS_PLUGIN else "ctxopt"


def examples(*lines: str) -> str:
    """The end of a help text; the mark keeps click from joining the lines."""
    return "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))


def _be_quiet(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click calls it
    if wanted:
        ctx.meta[QUIET] = True


def _set_colour(ctx: click.Context, _param: click.Parameter, when: str | None) -> None:
    """Say it the way every program is told, for as long as the command lasts."""
    if when not in ("always", "never"):
        return
    before = {name: os.environ.pop(name, None) for name in COLOURS}
    os.environ["FORCE_COLOR" if when == "always" else "NO_COLOR"] = "1"

    def restore() -> None:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value

    ctx.call_on_close(restore)


def options_of_all(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that the program has, too."""
    for option in (
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            expose_value=False,
            callback=_set_colour,
            help="When to colour; auto: on a terminal, as NO_COLOR, FORCE_COLOR say.",
        ),
        click.option(
            "-q",
            "--quiet",
            is_flag=True,
            is_eager=True,  # before anything that has a note to give
            expose_value=False,
            callback=_be_quiet,
            help="Results and errors only: no notes, warnings or progress.",
        ),
    ):
        command = option(command)
    return command


@click.group(
    cls=Program,
    no_args_is_help=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "ctxopt scan",
        "ctxopt scan -f docker/Dockerfile --target prod .",
        "ctxopt ls --long | sort -rn | head",
        "ctxopt why logs/app.log",
        "ctxopt watch",
        "ctxopt write",
        "ctxopt write --check        # in CI: exit status 1 if there is something",
    ),
)
@options_of_all
@click.version_option(__version__, "-V", "--version", message="ctxopt %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Measure a Docker build context, and keep out of it what no build needs.

    No docker is needed: what the builder would receive is computed to the byte
    from the files, the ignore file and the Dockerfile. From that come suggestions
    for .dockerignore with what each saves, and ctxopt writes them on request.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@click.command("help")
@click.argument(
    "name",
    metavar="[COMMAND]",
    default="",
    shell_complete=lambda _ctx, _param, word: [
        name for name in COMMANDS if name.startswith(word)
    ],
)
@click.pass_context
def show_help(ctx: click.Context, name: str) -> None:
    """Show what ctxopt does, or one of its commands."""
    whole = ctx.find_root()
    if not name:
        click.echo(whole.get_help())
        return
    command = main.get_command(ctx, name)
    if command is None:
        from ctxopt.cli.hints import unknown_command

        raise unknown_command(name, COMMANDS)
    with click.Context(command, info_name=name, parent=whole) as shown:
        click.echo(shown.get_help())


main.add_command(show_help)
