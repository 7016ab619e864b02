"""The block of ctxopt taken out of the ignore file again.

A file that ctxopt made, and that holds nothing else, goes as a whole.
"""

from __future__ import annotations

from ctxopt.core.ignorefile import block
from ctxopt.core.model import Location, Request
from ctxopt.pipeline.preparation.build import IgnoreTarget
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.writing.plan import Choice, WritePlan
from ctxopt.pipeline.writing.target import snapshot_of, target_of


def plan_removal(request: Request, choice: Choice) -> WritePlan:
    """WritePlan to take the block out of the ignore file again.

    `WritePlan.edited` tells where lines of a person would go with it.
    Raises WriteError where the block is damaged or the file cannot be read.
    """
    build = read_build(request)
    target = target_of(build, choice)
    snapshot = snapshot_of(target)
    file = block.without_block(target.file)
    edited = None
    if file is target.file or not target.exists:
        after = snapshot.content
    else:
        after = None if block.created_file(target.file) else file.to_bytes()
        edited = _edited_block(target)
    return WritePlan(
        target=target,
        snapshot=snapshot,
        after=after,
        suggestions=(),
        now=None,
        then=None,
        notes=(),
        removes=True,
        edited=edited,
    )


def _edited_block(target: IgnoreTarget) -> Location | None:
    span = block.block_span(target.file)
    if span is None or not block.is_edited(target.file):
        return None
    return Location(target.shown, span[0] + 1, span[1] + 1)
