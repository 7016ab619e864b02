"""What applies to a command: the words typed, over variables, over a file.

    configured = configure(ctx, context)    # once a command, by `which_build`
    in_force().policy                       # by whoever needs it later

The options of a click command are read here; those of the short road, by `plain`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from ctxopt.cli.applying import configured_for

if TYPE_CHECKING:
    from ctxopt.core.configuration.keys import Key
    from ctxopt.core.configuration.layers import Configuration, Settings

_IN_FORCE = "ctxopt.configuration"  # in the context of a command
# Options whose name is not that of their key, and a parameter that means another.
_OPTIONS = {"build-args": "--build-arg", "build-contexts": "--build-context"}
_PARAMETERS = {"budget": "max-transfer-size"}
_OF_BUILD = frozenset(
    {"file", "target", "builder", "platform", "build-args", "build-contexts"}
)


def configure(ctx: click.Context, context: str) -> Configuration:
    """What applies to a command about a build, remembered for `in_force`.

    Raises ConfigurationError for a file or a variable that says what cannot be.
    """
    configured = configured_for(context, _typed(ctx))
    ctx.meta[_IN_FORCE] = configured
    return configured


def in_force() -> Configuration:
    """What applies to the command that runs; the defaults where it reads none."""
    from ctxopt.core.configuration.layers import Configuration

    found = click.get_current_context().meta.get(_IN_FORCE)
    return found if isinstance(found, Configuration) else Configuration()


def in_force_of(name: str) -> Configuration:
    """What applies to one of several builds: its own budgets before those for all."""
    from ctxopt.core.configuration.builds import of_build

    return of_build(in_force(), name)


def apply_to_build(name: str) -> None:
    """Let what applies to one of several builds be what applies."""
    if budgeted_builds():
        click.get_current_context().meta[_IN_FORCE] = in_force_of(name)


def budgeted_builds() -> frozenset[str]:
    """The names of the builds that have budgets of their own."""
    return frozenset(entry.rpartition(".")[0] for entry in in_force().builds)


def typed_options() -> list[str]:
    """The options that name this build beside what variables and a file say of it.

    For example, `["--target", "prod"]`: what else a command like this one needs.
    """
    from ctxopt.core.configuration.layers import Layer

    words = []
    for (key, entry), setting in in_force().settings.items():
        if setting.origin.layer is Layer.COMMAND_LINE and key in _OF_BUILD:
            value = f"{entry}={setting.value}" if entry else setting.value
            words += ["-f" if key == "file" else setting.origin.name, value]
    return words


def which_config(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--show-config`, which shows what applies, and does no more.

    It stands below `which_build`, which finds the configuration. The form is that of
    the command's `--format`, if it has one.
    """

    @wraps(command)
    def with_config(*args: object, show_config: bool, **options: object) -> None:
        if not show_config:
            command(*args, **options)
            return
        from ctxopt.view import configuration as view

        params = click.get_current_context().params
        as_json = params.get("form") == "json" or bool(params.get("as_json"))
        show = view.show_json if as_json else view.show_text
        show(in_force(), sys.stdout)

    return click.option(
        "--show-config",
        is_flag=True,
        help="Show what applies and from where, and do no more.",
    )(with_config)


def _typed(ctx: click.Context) -> Settings:
    """What the command line says itself: no default of an option is among it."""
    from ctxopt.core.configuration.keys import TABLES
    from ctxopt.core.configuration.layers import Layer, Origin, Setting

    found: dict[tuple[str, str], Setting] = {}
    for param in ctx.command.params:
        key = _key(param)
        if key is None or param.name is None:
            continue
        if ctx.get_parameter_source(param.name) is not ParameterSource.COMMANDLINE:
            continue
        origin = Origin(Layer.COMMAND_LINE, max(param.opts, key=len))
        value = ctx.params.get(param.name)
        if value is None:  # a word that is not typed to its end
            continue
        if key.kind in TABLES:
            for entry, one in value.items():
                found[key.name, entry] = Setting(one, origin)
            continue
        if key.name == "platform":
            value = ",".join(value)  # the first counts, and `which_build` says so
        found[key.name, ""] = Setting(value, origin)
    return found


def _key(param: click.Parameter) -> Key | None:
    """The key that an option says on the command line."""
    if not isinstance(param, click.Option):
        return None
    from ctxopt.core.configuration.keys import KEYS

    own = _PARAMETERS.get(param.name or "")
    for key in KEYS:
        if own and key.name == own:
            return key
        if not own and _OPTIONS.get(key.name, f"--{key.name}") in param.opts:
            return key
    return None
