"""One ignore file for several stages and Dockerfiles: none of them is to break.

nerdctl's `--target build-base`, buildx's lint.Dockerfile against its Dockerfile, and
opentelemetry-demo, where one Dockerfile copies the jar that another one sends unused.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import ctxopt
from ctxopt.host.disk.dockerfiles import dockerfiles, is_dockerfile_name
from tests.test_write import in_process, patterns
from tests.texttree import plant

CLUTTER = (
    "node_modules/i.js:900 logs/a.log:900 .vscode/settings.json:90 a.py:1 "
    ".git/HEAD:20 .git/objects/a:900 .git/refs/heads/main:40 .git/config:20"
)
ALL = "FROM scratch\nCOPY . /x/\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Clutter that another build may want, in a build that takes everything."""
    plant(tmp_path, CLUTTER)
    (tmp_path / "Dockerfile").write_text(ALL)
    return tmp_path


def held(root: Path, *, builder: str = "buildkit") -> dict[str, str]:
    """What is held back, by the id of the rule, with the reason."""
    report = ctxopt.analyze(root, builder=builder, estimate=ctxopt.Estimate())
    return {one.rule: one.why for one in report.held_back}


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
@pytest.mark.parametrize(
    ("instruction", "word"),
    [
        pytest.param("COPY logs/a.log /y", "COPY", id="a copy"),
        pytest.param("COPY logs /y", "COPY", id="a copy of the folder"),
        pytest.param("COPY [l]ogs/* /y", "COPY", id="wildcards that hit it"),
        pytest.param("COPY logs/* /y", "COPY", id="what is in it"),
        pytest.param("ADD logs/a.log /y", "ADD", id="an add"),
        pytest.param("RUN --mount=source=logs,target=/l ls", "RUN", id="a mount"),
    ],
)
@pytest.mark.parametrize(
    "place", ["Dockerfile", "Dockerfile.prod", "docker/a.Dockerfile"]
)
def test_what_another_one_names_is_held_back_with_its_line(
    project: Path, instruction: str, word: str, place: str, builder: str
) -> None:
    path = project / place
    path.parent.mkdir(exist_ok=True)
    if place == "Dockerfile":
        path.write_text(f"FROM scratch AS other\n{instruction}\n{ALL}")
    else:
        path.write_text(f"FROM scratch\n{instruction}\n")
    if builder == "legacy" and word == "RUN" and place == "Dockerfile":
        pytest.skip("the legacy builder refuses the mount, and so its own build")
    why = held(project, builder=builder)["logs-dirs"]
    if builder == "legacy" and place == "Dockerfile":
        assert "names it (line 2)" in why  # it executes all stages
    else:
        assert f"{place}:2 names it ({word})" in why


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
def test_only_that_is_left_out(project: Path, builder: str) -> None:
    (project / "Dockerfile.prod").write_text(
        "FROM scratch\nCOPY .vscode/settings.json /x\n"
    )
    done = in_process("write", "--yes", "--builder", builder, project)
    assert done[0] == 0
    written = patterns(project)
    assert {"logs", "**/node_modules"} <= written
    assert not any("vscode" in line for line in written)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        pytest.param("Dockerfile.prod", "COPY other /y", id="another name"),
        pytest.param("Dockerfile.prod", "COPY . /y", id="everything"),
        pytest.param("Dockerfile.prod", "COPY * /y", id="wildcards alone"),
        pytest.param("Dockerfile.prod", "COPY --from=x logs /y", id="an image"),
        pytest.param("Dockerfile.prod", "NOTHING logs", id="no Dockerfile at all"),
        pytest.param("Dockerfile.md", "COPY logs /y", id="a text about one"),
        pytest.param("node_modules/x/Dockerfile", "COPY logs /y", id="a package's"),
        pytest.param("api/Dockerfile", "COPY logs main.py /y", id="of its own folder"),
        pytest.param("a/b/c/d/Dockerfile", "COPY logs /y", id="far down"),
    ],
)
def test_what_no_other_build_names_may_go(project: Path, place: str, text: str) -> None:
    plant(project, "api/logs/a:1 api/main.py:1")
    path = project / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"FROM scratch\n{text}\n")
    assert "logs-dirs" not in held(project)


def test_a_dockerfile_with_an_ignore_file_of_its_own_is_not_served(
    project: Path,
) -> None:
    (project / "Dockerfile.prod").write_text("FROM scratch\nCOPY logs /x\n")
    assert "logs-dirs" in held(project)
    (project / "Dockerfile.prod.dockerignore").write_text("")
    assert "logs-dirs" not in held(project)


def test_an_ignore_file_of_this_dockerfile_alone_serves_no_other(
    project: Path,
) -> None:
    (project / "Dockerfile.prod").write_text("FROM scratch\nCOPY logs /x\n")
    done = in_process("write", "--yes", "--per-dockerfile", project)
    assert done[0] == 0
    assert "logs" in patterns(project, "Dockerfile.dockerignore")
    assert "logs-dirs" not in held(project)


@pytest.mark.parametrize(
    ("place", "text", "kept"),
    [
        ("Dockerfile", f"FROM x AS v\nCOPY . .\nRUN git describe\n{ALL}", True),
        ("Dockerfile.prod", "FROM x\nCOPY . .\nRUN git describe\n", True),
        ("lint.Dockerfile", "FROM x\nCOPY . .\nRUN git describe\n", True),
        ("Dockerfile.prod", "FROM x\nCOPY a.py .\nRUN git describe\n", False),
        ("Dockerfile.prod", "FROM x\nCOPY . .\nRUN git clone y\n", False),
    ],
)
def test_a_repository_that_another_one_reads_is_held_back(
    project: Path, place: str, text: str, *, kept: bool
) -> None:
    (project / place).write_text(text)
    found = held(project)
    assert ("vcs-git" in found) is kept
    if kept:
        assert found["vcs-git"].endswith(f'{place}:3 has "git describe"')


@pytest.mark.parametrize(
    "name",
    [
        *("Dockerfile", "dockerfile", "Dockerfile.prod", "Dockerfile-dev"),
        *("web.Dockerfile", "Containerfile", "Dockerfile_ci", "a.b.dockerfile"),
    ],
)
def test_names_of_dockerfiles(name: str) -> None:
    assert is_dockerfile_name(name)


@pytest.mark.parametrize(
    "name",
    ["Dockerfile.dockerignore", "Dockerfile.md", "Dockerfiles", "mydockerfile", "file"],
)
def test_other_names(name: str) -> None:
    assert not is_dockerfile_name(name)


def test_the_look_has_an_end(tmp_path: Path) -> None:
    plant(tmp_path, " ".join(f"d{n}/Dockerfile:1" for n in range(100)))
    assert len(dockerfiles(str(tmp_path))) == 64
