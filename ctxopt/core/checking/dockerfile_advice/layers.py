"""RUNs in a row that do the same kind of work, and could be one layer.

Only work is spoken of that nobody wants cached apart: packages by one manager, and
small things done to files and users. `npm ci` and `npm run build` stay two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ctxopt.core.checking.dockerfile_advice.calls import calls
from ctxopt.core.checking.dockerfile_advice.reading import (
    ReadStage,
    ReadStep,
    listed,
    said_of,
)
from ctxopt.core.checking.families import dockerfile
from ctxopt.core.model import Problem

_SMALL = frozenset(
    (
        *("mkdir", "chmod", "chown", "chgrp", "ln", "touch", "mv", "cp", "echo"),
        *("printf", "useradd", "adduser", "groupadd", "addgroup", "usermod", "sed"),
        *("install", "rm", "rmdir", "true", "set", "test", "[", "cat", "tee"),
    )
)
_MANAGERS = {"apt": "apt", "apk": "apk", "dnf": "dnf", "yum": "yum"}
_FILES = "files and users"


def runs_apart(stages: Sequence[ReadStage]) -> Iterator[Problem]:
    """RUNs in a row, in the image, of one kind of work and with the same flags."""
    for stage in stages:
        if not stage.is_kept:
            continue
        for kind, steps in groupby(stage.steps, key=_kind):
            alike = [*steps]
            if kind is not None and len(alike) > 1:
                yield _apart(kind[0], alike)


def _kind(step: ReadStep) -> tuple[str, object] | None:
    """What a RUN does, with its flags; None for what is no RUN, or is worth a layer."""
    instruction = step.instruction
    if instruction.name != "RUN" or step.is_trigger or not step.commands:
        return None
    work = _work(step)
    return (work, instruction.flags) if work else None


def _work(step: ReadStep) -> str:
    programs = {one.program for one in step.commands if one.words}
    if programs <= _SMALL:
        return _FILES if programs else ""
    found = [*calls(step.commands)]
    managers = {_MANAGERS.get(one.manager, "") for one in found}
    others = len(step.commands) - len(found)
    small = sum(one.program in _SMALL for one in step.commands)
    is_one = len(managers) == 1 and others <= small
    return managers.pop() if is_one and any(one.installs for one in found) else ""


def _apart(work: str, alike: Sequence[ReadStep]) -> Problem:
    lines = [str(step.instruction.location.line) for step in alike]
    what = "work on files and users" if work == _FILES else f"install with {work}"
    return said_of(
        dockerfile.RUNS_APART,
        alike[0],
        f"the RUNs of lines {listed(lines)} all {what}:"
        " each of them is a layer of its own",
        subject="RUN",
    )
