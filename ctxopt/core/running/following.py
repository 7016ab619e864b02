"""All commands of a build, with what they call.

running(trace, tree, text).commands     # those of the build, and all that they call
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ctxopt.core.dockerfile.records import Trace
from ctxopt.core.running.commands import STARTED, Command, Running
from ctxopt.core.running.places import Places, places
from ctxopt.core.sources.tree import Tree


def running(trace: Trace, tree: Tree, text: Callable[[str], str]) -> Running:
    """Read the commands of a build; `text` gives a file of the context."""
    laid = places(trace, tree)
    if not _runs_any(trace):
        return Running(places=laid)
    from ctxopt.core.running.calls import Calls  # start-up: much is read for any

    calls = Calls(trace, laid, tree, text)
    for number, run in enumerate(trace.runs):
        calls.read(number, run)
    return Running(
        commands=tuple(_run_in_the_end(calls.commands, laid)),
        places=laid,
        unread=tuple(calls.unread),
        started=tuple(calls.started),
        variables=tuple(calls.variables),
    )


def _runs_any(trace: Trace) -> bool:
    return any(
        step.instruction.name == "RUN" or step.instruction.name in STARTED
        for run in trace.runs
        for step in run.steps
    )


def _run_in_the_end(commands: list[Command], laid: Places) -> Iterator[Command]:
    """The commands but those that start no container: of other stages, overruled."""
    line_of_image = {*laid.lineage(laid.final)} if laid.stages else set()
    last: dict[str, tuple[int, int]] = {}
    for one in commands:
        if one.instruction in STARTED and one.stage in line_of_image:
            last[one.instruction] = max(
                last.get(one.instruction, (-1, -1)), (one.stage, one.step)
            )
    for one in commands:
        if one.instruction not in STARTED or (
            last.get(one.instruction) == (one.stage, one.step)
        ):
            yield one
