"""Options that several commands share, handed to them as one value."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import IO, TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ctxopt.cli.configuring import configure, in_force
from ctxopt.cli.program import Refused, complain, options_of_all
from ctxopt.errors import CtxoptError

if TYPE_CHECKING:
    from ctxopt.core.configuration.layers import Configuration
    from ctxopt.core.model import BuilderName, Request
    from ctxopt.pipeline.advice import Estimate

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


def _platform(given: str | None) -> str | None:
    """The platform that is measured: the first, of which the user is told."""
    first, *others = (given or "").split(",")
    if others:
        complain(
            f"note: --platform: measured for {first}, the first of {len(others) + 1};"
            " name one at a time to see the others"
        )
    return first or None


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
    from ctxopt.core.model import BuilderName, Request

    configured = configure(click.get_current_context(), context)
    builder = BuilderName(configured.builder)
    dockerfile, content = _dockerfile_content(context, configured.file, builder)
    return Request(
        context=context,
        dockerfile=dockerfile,
        target=configured.target,
        build_args=configured.build_args,
        build_contexts=configured.build_contexts,
        builder=builder,
        dockerfile_bytes=content,
        platform=_platform(configured.platform),
    )


def apart(options: dict[str, object]) -> dict[str, object]:
    """The options of a command that do not name the build."""
    return {name: options[name] for name in options if name not in _BUILD}


def _dockerfile_content(
    context: str, dockerfile: str | None, builder: BuilderName
) -> tuple[str | None, bytes | None]:
    """The value of `-f`, and what can be read only once: standard input or a pipe."""
    if dockerfile is None:
        return None, None
    from ctxopt.host.disk import inputs
    from ctxopt.host.disk.bounded import (
        LIMIT_BYTES,  # start-up: most builds have a file
    )

    if dockerfile != inputs.STDIN:
        from ctxopt.core.builders import find_builder

        piped = None
        if find_builder(builder).reads_pipes:
            piped = inputs.piped_dockerfile(context, dockerfile)
        return (dockerfile, None) if piped is None else (inputs.STDIN, piped)
    if sys.stdin is None:
        raise Refused("cannot read the Dockerfile: standard input is closed")
    return dockerfile, sys.stdin.buffer.read(LIMIT_BYTES + 1)


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

        choice = click.Choice(forms)
        decorated: Callable[..., None] = with_form
        decorated = click.option(
            "--json", "as_json", is_flag=True, help="The same as --format json."
        )(decorated)
        return click.option(
            "--format",
            "form",
            type=choice,
            default="text",
            show_default=True,
            help=meaning,
        )(decorated)

    return with_options


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
        command(request, estimate=_estimate(in_force()), **options)

    decorated: Callable[..., None] = with_estimate
    for option in reversed(_TIMED):
        decorated = option(decorated)
    return decorated


def _estimate(configured: Configuration) -> Estimate:
    """What seconds are for: a bandwidth means a remote engine.

    Not where somebody says "local" in a higher place than the bandwidth stands.
    """
    from ctxopt.core.timing.bandwidth import parse_bandwidth
    from ctxopt.core.timing.models import ProfileName
    from ctxopt.pipeline.advice import Estimate

    text, name = configured.bandwidth, ProfileName(configured.profile)
    if name is ProfileName.LOCAL:
        if configured.layer("profile") > configured.layer("bandwidth"):
            text = None
        name = ProfileName.REMOTE if text else name
    rate = parse_bandwidth(text) if text else None
    return Estimate(name, rate, report=announce_error)


def announce_error(error: CtxoptError) -> None:
    """Tell of something that is left aside, and go on."""
    complain(f"warning: {error}")


def _learn(request: Request, log: IO[str]) -> None:
    from ctxopt.pipeline.calibration import learn

    complain(learn(request, log.read(), log.name))
