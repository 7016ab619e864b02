"""What `why` asks back of a path that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.model import Request
from ctxopt.core.nearest import Difference, Near
from ctxopt.core.why.answer import PathAnswer
from ctxopt.pipeline.why.asking import explain
from ctxopt.view.why.verdict import verdict
from tests.texttree import plant


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("Config.yml", Near("config.yml", Difference.CASE)),
        ("config.yaml", Near("config.yml", Difference.EXTENSION)),
        ("app/config.yml", Near("config.yml", Difference.FOLDER)),
        ("gr\u00fcn", Near("gru\u0308n", Difference.UNICODE)),
        ("nothing", None),
    ],
)
def test_the_nearest_name_and_how_it_differs(
    tmp_path: Path, asked: str, near: Near | None
) -> None:
    plant(tmp_path, "config.yml gru\u0308n")
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    told = explain(Request(str(tmp_path)), [asked])
    (answer,) = told.answers
    assert isinstance(answer, PathAnswer)
    assert answer.near == near
    assert ("did you mean" in verdict(answer, told)) is (near is not None)
