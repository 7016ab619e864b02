"""Options that several commands share, handed to them as one value."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import IO, TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ctxopt.cli.applying import estimate_of, request_of
from ctxopt.cli.configuring import configure, in_force
from ctxopt.cli.plain import PlainOption, form_options
from ctxopt.cli.program import options_of_all
from ctxopt.cli.saying import complain

if TYPE_CHECKING:
    from ctxopt.core.model import Request

# --- which build is meant --------------------------------------------------------


def complete_folder(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Leave folders to the shell."""
    return [CompletionItem(incomplete, type="dir")]


def complete_file(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Leave it to the shell, which knows its files."""
    return [CompletionItem(incomplete, type="file")]


def _complete_target(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    from ctxopt.cli.completing import stages

    return stages(ctx, incomplete)


def complete_suggestion(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the ids of what is suggested now."""
    from ctxopt.cli.completing import suggestions

    return suggestions(ctx, incomplete)


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


_CONTEXT = click.argument("context", default=".", shell_complete=complete_folder)
_CONTEXT_OPTION = click.option(
    "-C",
    "--context",
    "context",
    default=".",
    metavar="FOLDER",
    shell_complete=complete_folder,
    help="The context.  [default: the current folder]",
)
SHARED_OPTIONS = (
    click.option(
        "-f",
        "--file",
        "dockerfile",
        metavar="PATH",
        shell_complete=complete_file,
        help='Name of the Dockerfile; "-" reads it from standard input.'
        "  [default: CONTEXT/Dockerfile]",
    ),
    click.option(
        "--target",
        metavar="STAGE",
        shell_complete=_complete_target,
        help="The build stage to build.",
    ),
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
        "--platform",
        metavar="OS/ARCH",
        multiple=True,
        help="The platform to build for: the value of TARGETPLATFORM, TARGETARCH and"
        " the like.  [default: linux/amd64]",
    ),
    click.option(
        "--builder",
        type=click.Choice(["buildkit", "legacy", "podman"]),
        default="buildkit",
        show_default=True,
        help="The builder that the context is for.",
    ),
    options_of_all,
)
# The parameters that `configure` reads for all commands.
_BUILD = frozenset(
    {"dockerfile", "target", "build_args", "build_contexts", "platform", "builder"}
)


def which_build(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the shared options, handed to it as one `request`.

    What they do not say, the configuration does.
    """
    return _with_build(command, _CONTEXT)


def which_context(command: Callable[..., None]) -> Callable[..., None]:
    """The same for a command whose arguments are no contexts: `-C` names it."""
    return _with_build(command, _CONTEXT_OPTION)


def _with_build(
    command: Callable[..., None], context_param: Callable[..., Any]
) -> Callable[..., None]:
    @wraps(command)
    def with_request(*, context: str, **options: object) -> None:
        command(requested(context), **apart(options))

    decorated: Callable[..., None] = with_request
    for option in reversed((context_param, *SHARED_OPTIONS)):
        decorated = option(decorated)
    return decorated


def requested(context: str) -> Request:
    """The build that a context and what applies to the command name."""
    return request_of(context, configure(click.get_current_context(), context))


def apart(options: dict[str, object]) -> dict[str, object]:
    """The options of a command that do not name the build."""
    return {name: options[name] for name in options if name not in _BUILD}


# --- how it is shown -------------------------------------------------------------


def which_form(
    meaning: str, forms: Sequence[str] = ("text", "json")
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command `--format` and its short form, handed to it as one `form`."""

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def with_form(
            *args: object, form: str, as_json: bool, **options: object
        ) -> None:
            command(*args, form="json" if as_json else form, **options)

        return plain_options(form_options(meaning, forms))(with_form)

    return with_options


def plain_options(
    options: Sequence[PlainOption],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command options of a table that is read without click, too."""

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            command = _clicks(option)(command)
        return command

    return with_options


def _clicks(option: PlainOption) -> Callable[..., Any]:
    """A plain option, as click knows it."""
    if option.is_flag:
        return click.option(*option.names, option.field, is_flag=True, help=option.help)
    counts = option.counts
    return click.option(
        *option.names,
        option.field,
        type=Count() if counts else click.Choice(option.choices),
        default=option.default,
        show_default=option.default is not None,
        metavar="N" if counts else None,
        help=option.help,
    )


class Count(click.IntRange):
    """How many to show: a whole number from 1 on; nothing is shown of none."""

    def __init__(self) -> None:
        super().__init__(min=1)

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Read it; more than can exist is as good as all."""
        try:
            number = int(str(value))
        except ValueError:
            self.fail(f'"{value}" is no whole number; write 1 or more', param, ctx)
        if number < 1:
            self.fail(f'"{value}" is too small; write 1 or more', param, ctx)
        return min(number, sys.maxsize)


def size_in_bytes(
    _ctx: click.Context, _param: click.Parameter, given: str | None
) -> int | None:
    """Read a size as people write it, such as `50MB`; a callback of options."""
    if given is None:
        return None
    from ctxopt.core.configuration.values import parse_size

    size = parse_size(given)
    if size is None:
        raise click.BadParameter(f'"{given}" is no size; write 50MB, 1.5GiB or bytes')
    return size


# --- what seconds are for --------------------------------------------------------

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


def which_seconds(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options for estimates, handed to it as one `estimate`."""

    @wraps(command)
    def with_estimate(
        request: Request,
        *,
        profile: str,  # noqa: ARG001  # read with all that applies
        bandwidth: str | None,  # noqa: ARG001
        log: IO[str] | None,
        **options: object,
    ) -> None:
        if log is not None:
            _learn(request, log)
        command(request, estimate=estimate_of(in_force()), **options)

    decorated: Callable[..., None] = with_estimate
    for option in reversed(_TIMED):
        decorated = option(decorated)
    return decorated


def _learn(request: Request, log: IO[str]) -> None:
    from ctxopt.pipeline.calibration import learn

    complain(learn(request, log.read(), log.name))
