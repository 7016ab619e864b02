"""All builds of a repository told together say what each alone says."""

from __future__ import annotations

from pathlib import Path

import pytest

import ctxopt
from ctxopt.core.builds.records import BuildKind, FoundBuild, FoundBuilds
from ctxopt.core.model import Request
from ctxopt.host.walk.disk import RootOnDisk
from ctxopt.host.walk.processors import VARIABLE
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


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that any walk of this process opens, from its root."""
    paths: list[str] = []
    real = RootOnDisk.open

    def noting(disk: RootOnDisk, path: str) -> int:
        paths.append(path)
        return real(disk, path)

    monkeypatch.setattr(RootOnDisk, "open", noting)
    monkeypatch.setenv(VARIABLE, "1")
    return paths


BESIDE = {
    "Dockerfile.dockerignore": "node_modules\n",
    "api.Dockerfile.dockerignore": "web\n",
}


@pytest.mark.parametrize(
    ("builder", "lines", "differing"),
    [
        pytest.param("buildkit", {}, 0, id="no ignore file in the root"),
        pytest.param("buildkit", {".dockerignore": "web\n"}, 1, id="one for all"),
        pytest.param(
            "buildkit", {**BESIDE, ".dockerignore": "api\n"}, 3, id="one beside each"
        ),
        pytest.param(
            "legacy", {**BESIDE, ".dockerignore": "api\n"}, 3, id="that nobody reads"
        ),
        pytest.param(
            "legacy", {".dockerignore": "*\n!**/*.js\n"}, 3, id="a wildcard with !"
        ),
    ],
)
def test_what_the_other_builder_sends_needs_no_walk_of_its_own(
    repository: Path,
    opened: list[str],
    builder: str,
    lines: dict[str, str],
    differing: int,
) -> None:
    for name, text in lines.items():
        (repository / name).write_text(text)
    names = ("Dockerfile", "api.Dockerfile", "web.Dockerfile")
    builds = found(repository, *names, builder=builder)
    told = analyze_all(str(repository), builds, estimate=ctxopt.Estimate())
    each_is_opened_once(opened)
    assert "web" in opened
    codes = [{problem.code for problem in one.problems} for one in told.measured]
    assert sum("builders-differ" in one for one in codes) == differing
    for row in told.builds:
        opened.clear()
        request = row.found.request
        assert row.report == ctxopt.analyze(request, estimate=ctxopt.Estimate())
        each_is_opened_once(opened)


def each_is_opened_once(opened: list[str]) -> None:
    """But the root, for the Dockerfile as well, which travels by itself."""
    folders = [path for path in opened if path]
    assert folders == [*dict.fromkeys(folders)]


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
