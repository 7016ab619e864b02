"""Instructions that count for nothing: overruled by a later one, or out of use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.checking.dockerfile_advice.reading import ReadStage, ReadStep, said_of
from ctxopt.core.checking.families import dockerfile
from ctxopt.core.model import Problem

_LAST_COUNTS = {
    "CMD": dockerfile.CMD_OVERRULED,
    "ENTRYPOINT": dockerfile.ENTRYPOINT_OVERRULED,
    "HEALTHCHECK": dockerfile.HEALTHCHECK_OVERRULED,
}


def overruled(stages: Sequence[ReadStage]) -> Iterator[Problem]:
    """A CMD, ENTRYPOINT or HEALTHCHECK with another one behind it in its stage.

    That a stage overrules the one that it stands on is meant.
    Source: Dockerfile reference, CMD: only the last one takes effect.
    """
    for stage in stages:
        last: dict[str, ReadStep] = {}
        for step in stage.steps:
            name = step.instruction.name
            if name not in _LAST_COUNTS or step.is_trigger:
                continue
            if name in last:
                yield _overruled(last[name], step)
            last[name] = step


def _overruled(step: ReadStep, later: ReadStep) -> Problem:
    name = step.instruction.name
    line = later.instruction.location.line
    return said_of(
        _LAST_COUNTS[name],
        step,
        f"this {name} counts for nothing: the one of line {line} takes its place",
        subject=name,
    )


def maintainers(stages: Sequence[ReadStage]) -> Iterator[Problem]:
    """MAINTAINER, of which the reference says since 2017 that it is out of use."""
    for stage in stages:
        for step in stage.steps:
            if step.instruction.name == "MAINTAINER":
                yield said_of(
                    dockerfile.MAINTAINER,
                    step,
                    "MAINTAINER is deprecated: other tools read the label",
                    subject="MAINTAINER",
                )
