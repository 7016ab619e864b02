"""Where to read on: what is said of a command line that makes no sense.

Imported only then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from ctxopt.cli.program import Refused, how_called
from ctxopt.core.nearest import closest

# What people type, and the command that does it.
_MEANT = {
    "scan": "analyse analyze audit build docker measure report size stats suggest",
    "ls": "context du files list show tree",
    "write": "add apply clean edit fix init optimise optimize save update",
    "write --remove": "remove reset restore revert rm undo",
    "write --dry-run": "diff dry-run preview",
    "check": "ci gate lint rules",
    "watch": "follow live monitor",
    "verify": "compare test validate",
    "why": "reason trace which who",
    "install-plugin": "install plugin",
    "--version": "version",
}
_COMMANDS = {word: meant for meant, words in _MEANT.items() for word in words.split()}

# What is often meant by a value that an option does not take, by the option's name.
_OFTEN_MEANT = {
    "builder": "the name of a buildx builder does not change what is sent: leave it out"
}


def unknown_command(word: str, commands: Sequence[str]) -> Refused:
    """The refusal of a word that is no command, with the one that is likely meant."""
    close = closest(word, [*commands, *_COMMANDS])
    meant = _COMMANDS.get(close, close)
    hint = f"did you mean {how_called()} {meant}? " if meant else ""
    return Refused(
        f'no such command and no such folder: "{word}"',
        hint=f"{hint}{how_called()} --help lists the commands",
    )


def wrong_usage(error: click.UsageError) -> Refused:
    """A usage error of click in the words and the form of all others."""
    where = _called(error.ctx)
    if isinstance(error, click.NoSuchOption):
        message = f'no such option: "{error.option_name}"'
        close = closest(error.option_name, _options(error.ctx))
        hint = f"did you mean {close}? " if close else ""
    else:
        message, hint = _message(error), _hint(error)
    return Refused(message, hint=f"{hint}{where} --help lists the options")


def _called(ctx: click.Context | None) -> str:
    """How the command is called: `ctxopt scan`, `docker ctxopt scan`."""
    if ctx is None:
        return "ctxopt"
    # The name of the whole is that of whoever called it: python, a test.
    root = ctx.find_root().info_name or ""
    command = ctx.command_path.removeprefix(root).strip()
    return f"{how_called(ctx)} {command}".rstrip()


def _message(error: click.UsageError) -> str:
    param = error.param if isinstance(error, click.BadParameter) else None
    if param is None:
        said = error.format_message().removesuffix(".")
        return _quoted(said[:1].lower() + said[1:])
    name = max(param.opts, key=len) if isinstance(param, click.Option) else ""
    name = name or param.human_readable_name
    if isinstance(error, click.MissingParameter):  # which has no message of its own
        return f"{name} is missing"
    return f"{name}: {_quoted(error.message.removesuffix('.'))}"


def _hint(error: click.UsageError) -> str:
    param = error.param if isinstance(error, click.BadParameter) else None
    often = _OFTEN_MEANT.get(param.name or "", "") if param is not None else ""
    return f"{often}; " if often else ""


def _quoted(said: str) -> str:
    return re.sub(r"'([^']*)'", r'"\1"', said)


def _options(ctx: click.Context | None) -> list[str]:
    if ctx is None:
        return []
    return [
        name
        for param in ctx.command.get_params(ctx)
        if isinstance(param, click.Option) and not param.hidden
        for name in param.opts
        if name.startswith("--")
    ]
