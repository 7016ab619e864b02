"""Command lines as most people type them, read in no time: `scan`, `ls`, a few options.

    run(["scan", "--json", "."])    # an exit status, as click would have left with
    run(["scan", "-f", "x"])        # None: that is for click to read

click, with all that it imports, costs more CPU than everything else before the walk of
a small folder. What it reads here is a command, options of the tables below, each in
its usual form, and at most one folder; anything else, right or wrong, is for click,
which has the words for it. The options of the tables are click's too (`options`), so
each is written once; a test draws command lines and holds the two readers equal.
"""

from __future__ import annotations

import os
import sys

from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from ctxopt.core.configuration.layers import Configuration

# Set by a shell that asks click what could be typed next.
COMPLETING = "_CTXOPT_COMPLETE"


class PlainOption(NamedTuple):
    """An option whose value is in the next word, or that is a flag."""

    names: tuple[str, ...]
    field: str  # the parameter that it is
    help: str
    default: Any = False
    choices: tuple[str, ...] = ()  # of a word
    counts: bool = False  # a number from 1 on

    @property
    def is_flag(self) -> bool:
        """Whether no value follows."""
        return not (self.choices or self.counts)


def form_options(
    meaning: str, forms: Sequence[str] = ("text", "json")
) -> tuple[PlainOption, PlainOption]:
    """`--format` and its short form."""
    return (
        PlainOption(("--format",), "form", meaning, "text", choices=(*forms,)),
        PlainOption(("--json",), "as_json", "The same as --format json."),
    )


SCAN_FORM = (
    "A report for people, for programs, or for a pull request; a page for a browser; or"
    " all that is sent, as ncdu -f- reads it."
)
SCAN_FORMS = ("text", "json", "markdown", "html", "ncdu")
_WHOLE = {"top": None, "depth": 1, "excluded": False}  # all that an export can say
SCAN_OPTIONS = (
    PlainOption(
        ("--top",),
        "top",
        "How many places of each folder, suggestions and sources to show.  "
        "[default: 10 places, and one screen of all]",
        None,
        counts=True,
    ),
    PlainOption(
        ("--depth",), "depth", "How many levels of folders to show.", 1, counts=True
    ),
    PlainOption(
        ("--excluded",), "excluded", "Also count what the ignore file keeps out."
    ),
    PlainOption(
        ("-v", "--verbose"), "verbose", "All there is to tell, beyond a screen."
    ),
)
LS_OPTIONS = (
    PlainOption(("-0", "--null"), "nul", "End entries with NUL."),
    PlainOption(("--whole",), "whole", "The whole context, not only the transfer."),
    PlainOption(("--excluded",), "excluded", "What the ignore file keeps out."),
    PlainOption(("--unused",), "unused", "What no COPY, ADD or mount reaches."),
    PlainOption(
        ("-l", "--long"),
        "detailed",
        "With wire bytes, file bytes and the source that takes it.",
    ),
)


class Typed(NamedTuple):
    """A command line that was read."""

    command: str
    folder: str | None  # None: not said
    options: dict[str, Any]  # the value of each parameter of the command's table


def read(words: Sequence[str]) -> Typed | None:
    """What a command line says; None where it is not a plain one."""
    if not words or words[0] not in _COMMANDS:
        return None
    table = _COMMANDS[words[0]][0]
    named = {name: option for option in table for name in option.names}
    options = {option.field: option.default for option in table}
    folders = []
    rest = iter(words[1:])
    for word in rest:
        option = named.get(word)
        if option is not None:
            value = _value(option, rest)
            if value is None:
                return None
            options[option.field] = value
        elif word.startswith("-"):
            return None
        else:
            folders.append(word)
    if len(folders) > 1:
        return None
    return Typed(words[0], folders[0] if folders else None, options)


def _value(option: PlainOption, rest: Iterator[str]) -> Any:
    """The value of an option that was typed; None where click has to look at it."""
    if option.is_flag:
        return True
    word = next(rest, "")
    if option.choices:
        return word if word in option.choices else None
    is_number = word.isascii() and word.isdigit() and len(word) < 10
    return (int(word) or None) if is_number else None


def run(words: Sequence[str]) -> int | None:
    """Do what a plain command line says; the exit status, None where it is none."""
    typed = read(words)
    if typed is None or sys.stdout is None or COMPLETING in os.environ:
        return None
    try:
        act = _COMMANDS[typed.command][1](typed)
    except Exception:  # noqa: BLE001 - nothing was said: click meets it again
        return None
    if act is None:
        return None
    try:
        act()
        sys.stdout.flush()  # a full disk or a closed pipe is met here
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - each is told
        from ctxopt.cli.program import status_of

        return status_of(error)
    return 0


def _scan(typed: Typed) -> Callable[[], None] | None:
    """The scan of the one build that is meant; None where builds are looked for."""
    from ctxopt.cli.applying import estimate_of, request_of
    from ctxopt.cli.scanning import Shown, scan_one
    from ctxopt.core.builders import find_builder
    from ctxopt.core.model import BuilderName
    from ctxopt.host.disk.inputs import asks_for_a_look, is_a_folder

    folder = "." if typed.folder is None else typed.folder
    if not is_a_folder(folder):
        return None
    configured = _configured(folder)
    files = find_builder(BuilderName(configured.builder)).files
    if configured.file is None and asks_for_a_look(folder, files):
        return None
    options = typed.options
    form = "json" if options["as_json"] else options["form"]
    if form == "ncdu" and not _WHOLE.items() <= options.items():
        return None
    shown = Shown(form, options["top"], options["depth"], verbose=options["verbose"])
    return lambda: scan_one(
        request_of(folder, configured),
        shown,
        configured=configured,
        estimate=estimate_of(configured),
        excluded=options["excluded"],
        quiet=False,
        typed=[],
    )


def _ls(typed: Typed) -> Callable[[], None]:
    """The list of one build."""
    from ctxopt.cli.applying import request_of
    from ctxopt.cli.listing import list_entries

    folder = "." if typed.folder is None else typed.folder
    configured = _configured(folder)
    return lambda: list_entries(
        request_of(folder, configured), named=None, **typed.options
    )


def _configured(folder: str) -> Configuration:
    """What applies where no word says anything of it.

    Raises ConfigurationError, as `configured_for`.
    """
    from ctxopt.cli.applying import configured_for
    from ctxopt.core.configuration.layers import NO_SETTINGS

    return configured_for(folder, NO_SETTINGS)


# The options of each command that is read here, and what makes the act of it.
_COMMANDS: dict[
    str,
    tuple[tuple[PlainOption, ...], Callable[[Typed], Callable[[], None] | None]],
] = {
    "scan": ((*form_options(SCAN_FORM, SCAN_FORMS), *SCAN_OPTIONS), _scan),
    "ls": (LS_OPTIONS, _ls),
}
