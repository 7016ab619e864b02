"""What to give to docker build for a path outside of its context."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.model import BuilderName, Request
from ctxopt.core.why.answer import PathAnswer
from ctxopt.pipeline.why.asking import explain
from tests.texttree import plant


def ways(root: Path, asked: str, builder: BuilderName) -> list[str]:
    """The ways in for a path beside the context `app`."""
    request = Request(str(root / "app"), builder=builder)
    (answer,) = explain(request, (str(root / asked),)).answers
    assert isinstance(answer, PathAnswer)
    return [one.replace(f"{root}/", "") for one in answer.instead]


@pytest.mark.parametrize(
    ("asked", "build", "source"),
    [
        ("lib", "--build-context lib=lib", "COPY --from=lib . DEST"),
        ("lib/a", "--build-context lib=lib", "COPY --from=lib a DEST"),
        ("web/a", "--build-context web-files=web", "COPY --from=web-files a DEST"),
        ("nginx", "--build-context nginx-files=nginx", "--from=nginx-files . DEST"),
    ],
    ids=[
        "a folder comes as a whole",
        "a file from its folder",
        "a stage keeps its name",
        "a base image keeps its name",
    ],
)
def test_a_folder_gets_a_name_and_its_source_is_written_out(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    build: str,
    source: str,
) -> None:
    plant(tmp_path, "lib/a web/a nginx/a app/b")
    (tmp_path / "app/Dockerfile").write_text("FROM nginx:1 AS web\nCOPY b /\n")
    monkeypatch.chdir(tmp_path)
    higher, named = ways(tmp_path, asked, BuilderName.BUILDKIT)
    assert "docker build -f app/Dockerfile ., and" in higher
    assert higher.endswith(f"this one as COPY {asked} DEST")
    assert build in named
    assert named.endswith(source)
    assert ways(tmp_path, asked, BuilderName.LEGACY) == [higher]


def test_folders_with_blanks_are_quoted_for_the_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "app/b")
    (tmp_path / "my lib").mkdir()
    (tmp_path / "my lib/a b").write_text("1")
    (tmp_path / "app/Dockerfile").write_text("FROM scratch\nCOPY b /\n")
    monkeypatch.chdir(tmp_path)
    higher, named = ways(tmp_path, "my lib/a b", BuilderName.BUILDKIT)
    assert higher.endswith('as COPY ["my lib/a b", "DEST"]')
    assert "--build-context my-lib='my lib', and" in named
    assert named.endswith('COPY --from=my-lib ["a b", "DEST"]')


def test_the_whole_disk_is_no_way_in(tmp_path: Path) -> None:
    plant(tmp_path, "app/b")
    (tmp_path / "app/Dockerfile").write_text("FROM scratch\nCOPY b /\n")
    (answer,) = explain(Request(str(tmp_path / "app")), ("/",)).answers
    assert isinstance(answer, PathAnswer)
    assert not answer.instead
