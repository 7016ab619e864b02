"""What the program says of its commands, as records; for man pages and reference."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import NamedTuple

import click

from ctxopt.cli import main
from ctxopt.cli.fleet import FleetCommand
from ctxopt.cli.program import COMMANDS

NAME = "ctxopt"


class Option(NamedTuple):
    """An option, as help shows it."""

    names: str  # "-f, --file PATH"
    help: str


class Page(NamedTuple):
    """A command, or the program itself."""

    name: str  # "ctxopt scan"
    usage: str
    paragraphs: tuple[str, ...]  # the first is one sentence: what it does
    options: tuple[Option, ...]
    examples: tuple[str, ...]
    commands: tuple[tuple[str, str], ...] = ()  # of the program: name and what it does

    @property
    def summary(self) -> str:
        """What it does, as words behind a name: without the full stop."""
        return self.paragraphs[0].removesuffix(".")


def pages() -> Iterator[Page]:
    """The program, then its commands in the order of help."""
    whole = click.Context(main, info_name=NAME, **main.context_settings)
    commands = {name: main.get_command(whole, name) for name in COMMANDS}
    found = [
        page
        for name, command in commands.items()
        if command is not None
        for page in _pages(command, name, whole)
    ]
    own = [(one.name.removeprefix(f"{NAME} "), one.summary) for one in found]
    told = tuple(one for one in own if one[0] in COMMANDS)
    assert len(told) == len(COMMANDS)
    yield _page(main, whole)._replace(commands=told)
    yield from found


def _pages(command: click.Command, name: str, whole: click.Context) -> Iterator[Page]:
    """The page of a command, and of those that stand in it."""
    yield _page(command, click.Context(command, info_name=name, parent=whole))
    if isinstance(command, FleetCommand):
        for one in command.inner:
            yield from _pages(one, f"{name} {one.name}", whole)


def _page(command: click.Command, context: click.Context) -> Page:
    return Page(
        context.command_path,
        " ".join(command.collect_usage_pieces(context)),
        tuple(_paragraphs(command.help or "")),
        tuple(_options(command, context)),
        tuple(_examples(command.epilog or "")),
    )


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a help text, each on one line."""
    for one in re.split(r"\n{2,}", inspect.cleandoc(text)):
        yield " ".join(one.split())


def _options(command: click.Command, context: click.Context) -> Iterator[Option]:
    """The options in the order of help; arguments are told in the text."""
    for one in command.params:
        record = one.get_help_record(context)
        if record is not None and isinstance(one, click.Option):
            yield Option(*record)
    # click keeps this option as whoever asked first had it, with the names of then.
    asked = command.get_help_option(context)
    if asked is not None:
        yield Option(", ".join(context.help_option_names), asked.help or "")


def _examples(text: str) -> Iterator[str]:
    """The command lines of "Examples:", without their margin."""
    for line in text.splitlines():
        if line.startswith("  "):
            yield line.strip()
