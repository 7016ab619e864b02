"""The words for mounts of a RUN that make everything travel.

A mount without `from=` asks for its source in the context, and for all of it where it
names none. A tmpfs takes nothing, and asks all the same; so does a stage that only a
tmpfs or ssh mount names, which is read and never built.
Rule: moby/buildkit, dockerfile2llb/convert_runmount.go, dispatchRunMounts (ctxPaths).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ctxopt.core.builders.base import Builder
from ctxopt.core.findings import codes
from ctxopt.core.model import Problem, Source, SourceKind


def asking_for_all(builder: Builder, sources: Sequence[Source]) -> Iterable[Problem]:
    """What is said of the mounts for which the whole of a root is sent.

    `sources` are those of one root; nothing is said where a COPY or ADD takes all.
    """
    if builder.sends_all:
        return
    asking = [source for source in sources if builder.takes_all(source)]
    if any(source.claims and not source.mount for source in asking):
        return
    told = set()
    for source in asking:
        problem = _asks_for_all(source)
        if problem not in told:
            told.add(problem)
            yield problem


def _asks_for_all(source: Source) -> Problem:
    whole = "the whole context"
    if source.kind is SourceKind.NAMED:
        whole = f'the whole named context "{source.origin}"'
    if not source.mount:
        what = f"this stage is not built, and yet BuildKit sends {whole} for it"
        hint = "take from= out of the mount (tmpfs, ssh) that names the stage"
    elif source.claims or source.kind is SourceKind.NAMED:
        what = f"this mount names no folder, so BuildKit sends {whole}"
        hint = "name what the RUN needs: source=FOLDER"
    else:
        what = f"for this mount BuildKit sends {whole}, and nothing of it gets there"
        hint = "write from=scratch in it if it is a tmpfs"
    problem = codes.MOUNT_SENDS_ALL.problem(
        what, place=source.location, subject=source.expanded
    )
    return problem._replace(hint=hint)
