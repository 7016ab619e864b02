"""All builds of a repository told together say what each alone says."""

from __future__ import annotations

from pathlib import Path

import pytest

import ctxopt
from ctxopt.core.builds.records import BuildKind, FoundBuild, FoundBuilds
from ctxopt.core.model import Request
from ctxopt.pipeline.builds.report import analyze_all
from tests.texttree import plant

CLUTTER = "node_modules/i.js:9000 api/main.py:70 web/index.html:300 web/big.bin:5000"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A root with a folder for each of two images, and one for both."""
    plant(tmp_path, CLUTTER)
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (tmp_path / "api.Dockerfile").write_text("FROM scratch\nCOPY api /\n")
    (tmp_path / "web.Dockerfile").write_text("FROM scratch\nCOPY web /\n")
    (tmp_path / "web.Dockerfile.dockerignore").write_text("*.bin\n")
    (tmp_path / "broken.Dockerfile").write_text("FROM scratch\nCOP . /\n")
    return tmp_path


def found(root: Path, *names: str, builder: str = "buildkit") -> FoundBuilds:
    """Builds of the root by the names of their Dockerfiles."""
    builds = (
        FoundBuild(
            name=name,
            kind=BuildKind.DOCKERFILE,
            request=Request(root, root / name, builder=builder),
            dockerfile=name,
            context=".",
        )
        for name in names
    )
    return FoundBuilds((*builds,))


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
def test_each_build_is_told_as_it_is_told_alone(repository: Path, builder: str) -> None:
    names = ("Dockerfile", "api.Dockerfile", "web.Dockerfile")
    estimate = ctxopt.Estimate()
    told = analyze_all(
        str(repository),
        found(repository, *names, builder=builder),
        estimate=estimate,
    )
    alone = {
        name: ctxopt.analyze(
            Request(repository, repository / name, builder=builder), estimate=estimate
        )
        for name in names
    }
    assert {one.name: one.report for one in told.builds} == alone


def test_the_largest_comes_first_and_what_is_refused_last(repository: Path) -> None:
    names = ("broken.Dockerfile", "api.Dockerfile", "Dockerfile", "web.Dockerfile")
    told = analyze_all(str(repository), found(repository, *names))
    assert [one.name for one in told.builds] == [
        *("Dockerfile", "web.Dockerfile", "api.Dockerfile", "broken.Dockerfile")
    ]
    assert "broken.Dockerfile" in str(told.builds[-1].error)
    assert told.wire_bytes == sum(
        one.transfer.tally.wire_bytes for one in told.measured
    )


def test_a_build_that_is_elsewhere_stands_with_the_reason(repository: Path) -> None:
    refusal = ctxopt.CtxoptError("its context is elsewhere")
    (one,) = found(repository, "Dockerfile").builds
    told = analyze_all(str(repository), FoundBuilds((one._replace(refusal=refusal),)))
    assert [row.error for row in told.builds] == [refusal]
