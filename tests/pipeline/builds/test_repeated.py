"""Which builds of one compose or bake file send the same folder again."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.builds.records import BuildKind, FoundBuild, FoundBuilds, SentTwice
from ctxopt.core.model import Location, Request
from ctxopt.pipeline.builds.report import analyze_all
from tests.texttree import plant

BAKE = Location("docker-bake.hcl", 1, 1)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    plant(tmp_path, "api/main.py:70 web/index.html:300 big.bin:5000")
    (tmp_path / "all.Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (tmp_path / "api.Dockerfile").write_text("FROM scratch\nCOPY ./api/ /\n")
    (tmp_path / "also.Dockerfile").write_text("FROM scratch\nCOPY api /x\n")
    (tmp_path / "own.Dockerfile").write_text("FROM scratch\nCOPY api /\n")
    (tmp_path / "own.Dockerfile.dockerignore").write_text("*.bin\n")
    (tmp_path / "none.Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "broken.Dockerfile").write_text("COP\n")
    return tmp_path


def twice(
    root: Path,
    *names: str,
    kind: BuildKind = BuildKind.BAKE,
    place: Location | None = BAKE,
    builder: str = "buildkit",
) -> tuple[SentTwice, ...]:
    builds = tuple(
        FoundBuild(
            name=name,
            kind=kind,
            request=Request(root, root / f"{name}.Dockerfile", builder=builder),
            dockerfile=f"{name}.Dockerfile",
            context=".",
            place=place,
        )
        for name in names
    )
    return analyze_all(str(root), FoundBuilds(builds)).sent_twice


def test_the_same_path_is_asked_for_however_it_is_written(repository: Path) -> None:
    (one,) = twice(repository, "api", "also")
    assert (one.builds, one.alike, one.context_name) == (("api", "also"), True, "src")
    assert one.again_wire_bytes == one.wire_bytes > 70


def test_a_part_of_all_is_sent_again(repository: Path) -> None:
    (one,) = twice(repository, "api", "all")
    assert (one.builds, one.alike) == (("all", "api"), False)
    assert one.wire_bytes > 5_000 > one.again_wire_bytes > 70


def test_an_ignore_file_of_its_own_makes_another_transfer(repository: Path) -> None:
    assert twice(repository, "api", "own") == ()


def test_services_of_compose_have_no_target_to_share(repository: Path) -> None:
    place = Location("compose.yaml", 2, 2)
    (one,) = twice(repository, "api", "also", kind=BuildKind.COMPOSE, place=place)
    assert one.context_name == ""


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"kind": BuildKind.DOCKERFILE}, id="each is started by hand"),
        pytest.param({"place": None}, id="nothing names them"),
        pytest.param({"builder": "legacy"}, id="the legacy builder knows no bake"),
    ],
)
def test_builds_that_no_call_starts_share_nothing(
    repository: Path, changes: dict[str, object]
) -> None:
    assert twice(repository, "api", "also", **changes) == ()  # type: ignore[arg-type]


def test_what_sends_nothing_or_is_refused_is_left_out(repository: Path) -> None:
    assert twice(repository, "none", "broken", "api") == ()
