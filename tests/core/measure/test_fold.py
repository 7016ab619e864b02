"""Measuring in parts and joining them equals measuring the whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.measure.fold import Fold, FoldOptions
from ctxopt.core.measure.result import Measurement
from ctxopt.core.model import BuilderName, Request
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.survey.job import MeasureJob
from tests.facts import facts
from tests.trees import Case, LaidOut, load_cases

CASES = load_cases()[::4]


def scale(question: MeasureJob, *, depth: int, top: int) -> FoldOptions:
    return FoldOptions(
        question.builder.wire,
        filtered=question.request is not None,
        sources=len(question.targets.traced),
        depth=depth,
        top=top,
    )


def whole(batches: list[Batch], size: FoldOptions) -> Measurement:
    fold = Fold(size)
    for batch in batches:
        fold.add(batch)
    return fold.finish()


def in_parts(batches: list[Batch], size: FoldOptions, level: int) -> Measurement:
    """Every folder of that level is measured by a fold of its own."""
    fold, part = Fold(size), Fold(size)
    for batch in batches:
        top = ancestor(batch.folder, level)
        if top is None:
            fold.add(batch)
            continue
        part.add(batch)
        if batch.folder is top and batch.last:
            fold.join(top, part.part())
            part = Fold(size)
    return fold.finish()


def ancestor(folder: FolderRef, level: int) -> FolderRef | None:
    while folder.depth > level and folder.parent is not None:
        folder = folder.parent
    return folder if folder.depth == level else None


def batches_of(question: MeasureJob) -> list[Batch]:
    return [*question.walk(question.state(transfer_only=False)).batches()]


def joined(case: Case, builder: BuilderName, recorded: LaidOut) -> bool | None:
    """Whether the parts of a recorded context come to the whole.

    None where the builder refuses it, or where it cannot be laid out here.
    """
    try:
        context, dockerfile = recorded(case)
        asked = Request(context, dockerfile, case.get("target"), builder=builder)
        build = read_build(asked)
        question = build.job(build.main)
        batches = batches_of(question)
    except (CtxoptError, pytest.skip.Exception):
        return None
    size = scale(question, depth=2, top=3)
    expected = facts(whole(batches, size))
    return all(facts(in_parts(batches, size, level)) == expected for level in (1, 2, 3))


# Each context by one of the builders. Of all of them, and of parts that a walk makes,
# tests/test_conformance.py says the same.
@pytest.mark.deep
@pytest.mark.parametrize(("turn", "builder"), [*enumerate(BuilderName)])
def test_parts_joined_equal_the_whole(
    turn: int, builder: BuilderName, recorded: LaidOut
) -> None:
    cases = CASES[turn :: len(BuilderName)]
    found = {case["id"]: joined(case, builder, recorded) for case in cases}
    assert [name for name, equal in found.items() if equal is False] == []
    assert sum(equal is True for equal in found.values()) > len(cases) // 2


def test_ids_and_first_names_are_settled_across_parts(tmp_path: Path) -> None:
    """More than 128 entries, and names of one inode in several folders."""
    first = tmp_path / "a" / "first"
    first.parent.mkdir()
    first.write_bytes(b"x" * 40_000)
    for number in range(60):
        folder = tmp_path / f"d{number:02}" / "below"
        folder.mkdir(parents=True)
        (folder / "file").write_bytes(b"y" * number * 1000)
        os.link(first, folder / "again")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    build = read_build(Request(str(tmp_path)))
    question = build.job(build.main)
    batches = batches_of(question)
    size = scale(question, depth=1, top=5)
    measured = whole(batches, size)
    assert measured.context.entries == 243
    assert measured.context.file_bytes == 40_000 + sum(range(60)) * 1000 + 22
    assert measured.largest[0].path == "d59"
    for level in (1, 2):
        assert facts(in_parts(batches, size, level)) == facts(measured)
