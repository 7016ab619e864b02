"""Savings beside the suggestions before, which add up."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from ctxopt.core.model import BuilderName, Confidence, Request, Suggestion
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.report import analyze
from tests.texttree import plant

TREE = """
    .git/HEAD:20 logs/a.log:3000 logs/b.log:10 __pycache__/x.pyc:500 web/.next/x.js:40
    web/node_modules/p/i.js:800 docs/a.md:90 data/x.csv:7000 src/app.py:60 README.md:11
"""


@pytest.mark.parametrize(
    ("builder", "wire", "files"),
    [
        pytest.param(BuilderName.BUILDKIT, 0, 0, id="buildkit"),
        pytest.param(
            BuilderName.LEGACY, 1536, 1, id="legacy, which sends the new file"
        ),
    ],
)
def test_the_savings_of_what_is_sure_add_up_to_the_projection(
    tmp_path: Path, builder: BuilderName, wire: int, files: int
) -> None:
    plant(tmp_path, " ".join(TREE.split()))
    (tmp_path / "data/y.csv").hardlink_to(tmp_path / "logs/a.log")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    report = analyze(Request(str(tmp_path), builder=builder), estimate=Estimate())
    projection = report.projection
    assert projection is not None
    sure = [one for one in report.suggestions if one.confidence is not Confidence.ASK]
    assert len(sure) > 3
    saved = projection.now.transfer_wire_bytes - projection.after.transfer_wire_bytes
    assert sum(one.wire_bytes for one in sure) == saved + wire
    gone = projection.now.transfer.files - projection.after.transfer.files
    assert sum(one.files for one in sure) == gone + files


def test_what_is_sure_comes_first_and_then_what_saves_most(tmp_path: Path) -> None:
    plant(tmp_path, " ".join(TREE.split()))
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    made = analyze(Request(str(tmp_path)), estimate=Estimate()).suggestions
    asked = [one.confidence is Confidence.ASK for one in made]
    assert asked == sorted(asked)
    for confident in (True, False):
        part = [one for one in made if (one.confidence is Confidence.ASK) != confident]
        assert all(_saves_more(one, other) for one, other in pairwise(part))


def _saves_more(one: Suggestion, other: Suggestion) -> bool:
    return one.wire_bytes >= other.wire_bytes
