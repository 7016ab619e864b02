"""What a check found, in the forms that were asked for, each where it is to go."""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from io import StringIO
from typing import TYPE_CHECKING, TextIO

import click

from ctxopt.cli.program import Refused
from ctxopt.core.tuples import NamedTuple

if TYPE_CHECKING:
    from ctxopt.core.checking.records import CheckReport

FORMS = ("text", "json", "sarif", "github", "markdown", "gitlab", "checkstyle", "junit")
_OF_DOCKER = ("type=", "dest=")  # how a line pasted from docker build goes on


class Output(NamedTuple):
    """A form, and the file that it goes to."""

    form: str
    path: str | None = None  # None: standard output

    def show(self, report: CheckReport) -> None:
        """Write what was found; all of it is made before a file is touched."""
        show = _view(self.form)
        if self.path is None:
            show(report, sys.stdout)
            return
        from pathlib import Path  # start-up: most checks write no file

        text = StringIO()
        show(report, text)
        try:
            Path(self.path).write_text(text.getvalue(), encoding="utf-8")
        except OSError as error:
            raise Refused(f'cannot write "{self.path}": {error.strerror}') from None


def _view(form: str) -> Callable[[CheckReport, TextIO], None]:
    """What shows a form; its module is imported when it is asked for."""
    show: Callable[[CheckReport, TextIO], None]
    show = import_module(f"ctxopt.view.check.{form}").show
    return show


def check_apart(outputs: Iterable[Output]) -> None:
    """Refuse two forms for one file, of which only the last would be left."""
    forms: dict[str, str] = {}
    for one in outputs:
        path = posixpath.normpath(one.path or "")
        if one.path is None or path.startswith("/dev/"):
            continue
        if path in forms:
            raise click.UsageError(
                f'"{one.path}" is given for {forms[path]} and for {one.form}:'
                " name a file for each"
            )
        forms[path] = one.form


def own_file(
    _ctx: click.Context, _param: click.Parameter, given: str | None
) -> str | None:
    """Refuse what `docker build --output` takes; a callback of options."""
    if given is not None and given.startswith(_OF_DOCKER):
        raise click.BadParameter(
            f'"{given}" is for docker build; here it is the file for what is found'
        )
    return given


def other_forms(
    _ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]
) -> tuple[Output, ...]:
    """Read `FORM=FILE`; a callback of options."""
    made = []
    for word in given:
        form, _, path = word.partition("=")
        if form not in FORMS or not path:
            raise click.BadParameter(
                f'"{word}" names no form and file; write FORM=FILE, such as'
                f" sarif=check.sarif; the forms are {', '.join(FORMS)}"
            )
        made.append(Output(form, path))
    return tuple(made)
