"""What all stages of a Dockerfile read, also those that one build does not execute."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ctxopt.core.dockerfile.records import BuildOptions, Dockerfile, Scoping, Trace
from ctxopt.core.dockerfile.syntax.parse import begins, parse
from ctxopt.core.dockerfile.tracing.stages import link
from ctxopt.core.dockerfile.tracing.trace import trace
from ctxopt.errors import DockerfileError

NO_OPTIONS = BuildOptions()
MOST_STAGES = 200  # of one Dockerfile that are asked what they read
MOST_FAULTY = 30  # stages that are linked one by one where the whole is refused


def traces_of_stages(
    content: bytes, shown: str, options: BuildOptions = NO_OPTIONS
) -> Iterator[Trace]:
    """What each stage of a Dockerfile reads when it is built, the last one first.

    A stage that a later one stands on or copies from is told of there. What the
    builder would refuse is left out.
    """
    parsed = parsed_or_none(content, shown)
    if parsed is not None:
        yield from traces_of_parsed(parsed, options)


def parsed_or_none(content: bytes, shown: str) -> Dockerfile | None:
    """A Dockerfile; None where the builder would refuse its syntax."""
    try:
        return parse(content, shown) if begins(content, shown) else None
    except DockerfileError:
        return None


def traces_of_parsed(parsed: Dockerfile, options: BuildOptions) -> Iterator[Trace]:
    """The same of one that was parsed; all are linked once, as the builder does.

    Source: moby/buildkit, dockerfile2llb/convert.go, toDispatchState.
    """
    options = options._replace(scoping=Scoping.BUILDKIT, target=None)
    try:
        plan = link(parsed, options)
    except DockerfileError:
        yield from _one_by_one(parsed, options)
        return
    executed: set[str] = set()
    for stage in islice(reversed(parsed.stages), MOST_STAGES):
        if (stage.name or str(stage.index)) in executed:
            continue
        try:
            one = trace(plan._replace(target=stage.index))
        except DockerfileError:
            continue
        executed |= {run.label for run in one.runs}
        yield one


def _one_by_one(parsed: Dockerfile, options: BuildOptions) -> Iterator[Trace]:
    """The same where the whole is refused: stages above the fault may be built."""
    executed: set[str] = set()
    for stage in islice(reversed(parsed.stages), MOST_FAULTY):
        if (stage.name or str(stage.index)) in executed:
            continue
        # Not every stage has a name to ask for; the last one is built without.
        up_to_here = parsed._replace(stages=parsed.stages[: stage.index + 1])
        try:
            one = trace(link(up_to_here, options))
        except DockerfileError:
            continue
        executed |= {run.label for run in one.runs}
        yield one
