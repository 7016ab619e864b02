"""What is copied, and deleted in the next step: the source could be narrower.

It is sent, the cache breaks when it changes, and the layer of the COPY keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.checking.cache_advice.broad import Brought, Context
from ctxopt.core.checking.dockerfile_advice.reading import (
    ReadStage,
    ReadStep,
    in_one_line,
    listed,
    said_of,
)
from ctxopt.core.checking.families import cache
from ctxopt.core.golang import filepath_match
from ctxopt.core.model import Problem
from ctxopt.core.running.whereabouts import placed

# Commands that use nothing of what was copied.
_IDLE = frozenset({"set", "true", ":", "cd", "rm", "rmdir", "unlink", "echo"})


def copied_in_vain(stages: Sequence[ReadStage], context: Context) -> Iterator[Problem]:
    """A RUN that deletes what was copied, where no command ran between the two."""
    for number, stage in enumerate(stages):
        ran = -1  # the last step that ran something else
        for step in stage.steps:
            if step.instruction.name != "RUN":
                continue
            places, is_all = _deleted(step)
            found = [
                brought
                for place in places
                for brought in _in_vain(number, step, place, ran=ran, context=context)
            ]
            if found:
                yield _problem(step, found, context)
            ran = ran if is_all else step.number


def _deleted(step: ReadStep) -> tuple[list[str], bool]:
    """The places that a RUN deletes before it does anything else.

    With them comes whether it does nothing else.
    """
    deleted: list[str] = []
    for command in step.commands:
        if command.program not in _IDLE:
            return deleted, False
        if command.program in ("rm", "unlink"):
            words = filter(_is_plain, command.words[1:])
            deleted += (placed(command.folder, one) for one in words)
    return deleted, bool(step.commands)


def _is_plain(word: str) -> bool:
    """Whether a word of rm is the name of one thing."""
    is_pattern = filepath_match.has_wildcard(word) or any(one in word for one in "${")
    return bool(word.strip("./")) and not (is_pattern or word.startswith("-"))


def _in_vain(
    stage: int, step: ReadStep, place: str, *, ran: int, context: Context
) -> Iterator[Brought]:
    """What lies at a place by a broad COPY of the same stage, behind all that ran."""
    for one in context.brought(stage, place, step.number):
        is_fresh = one.stage == stage and one.step > ran
        if one.is_broad and is_fresh and one.path and context.has(one.path):
            yield one
            return


def _problem(step: ReadStep, found: Sequence[Brought], context: Context) -> Problem:
    copy = context.instruction(found[0])
    paths = listed([f'"{one.path}"' for one in found])
    return said_of(
        cache.COPIED_IN_VAIN,
        step,
        f'this deletes {paths}, which "{in_one_line(copy)}" (line '
        f"{copy.location.line}) has just copied: that was sent, and stays in the layer",
        subject="rm",
        cure=f"keep {paths} out with the ignore file, or say --exclude there",
    )
