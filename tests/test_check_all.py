"""`ctxopt check` of many builds, as somebody types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_write import in_process
from tests.texttree import plant

COMPOSE = """\
services:
  api:
    build: ./api
  web:
    build:
      context: .
      dockerfile: web/Dockerfile
  gone:
    build: ./nowhere
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two builds that pass, and one whose folder is not there."""
    plant(tmp_path, "api/main.py:100 web/index.html:30")
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "api" / "Dockerfile").write_text("FROM scratch\nCOPY main.py /\n")
    (tmp_path / "web" / "Dockerfile").write_text(
        "FROM scratch\nCOPY web/index.html /\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def findings(*words: str | Path) -> list[tuple[str, list[str]]]:
    """The rules that find something, each with its builds."""
    status, out, _ = in_process("check", "--json", *words)
    assert status in {0, 1}
    return [(one["rule"], one.get("builds", [])) for one in json.loads(out)["findings"]]


@pytest.mark.usefixtures("project")
def test_all_builds_are_checked_and_the_worst_decides() -> None:
    status, out, said = in_process("check", "--all")
    assert (status, said) == (1, "")
    assert out.splitlines() == [
        "compose.yaml   gone",
        "   9      build: ./nowhere",
        '  error   CTX120 no such folder: "nowhere"',
        "          → check the path",
        "",
        "1 of 3 builds would fail: 1 error",
        "not looked at any further: gone",
    ]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--all", "--fail-on", "never"], 0),
        (["--all", "--ignore", "CTX120"], 0),
        (["--all", "--ignore", "build-unmeasured", "--max-transfer-size", "1"], 1),
        (["--compose", "compose.yaml", "api", "web"], 0),
        (["--compose", "compose.yaml", "api", "gone"], 1),
        (["--dockerfiles", "*/Dockerfile"], 0),
        (["-f", "compose.yaml"], 1),
    ],
)
@pytest.mark.usefixtures("project")
def test_the_status_is_what_was_asked_for(words: list[str], status: int) -> None:
    assert in_process("check", *words)[0] == status


def test_a_build_has_the_budget_of_its_table(project: Path) -> None:
    config = project / "ctxopt.toml"
    config.write_text("[builds.web]\nmax-transfer-size = 10\n")
    assert ("CTX303", ["web"]) in findings("--all")
    assert ("CTX303", ["api"]) not in findings("--all")
    config.write_text(
        "max-transfer-size = 10\n[builds.web]\nmax-transfer-size = '1MB'\n"
    )
    assert ("CTX303", ["web"]) not in findings("--all")
    assert ("CTX303", ["api"]) in findings("--all")
    assert ("CTX303", ["web"]) in findings("--all", "--max-transfer-size", "10")


def test_a_build_that_is_named_alone_has_its_budget_too(project: Path) -> None:
    (project / "ctxopt.toml").write_text("[builds.web]\nmax-transfer-size = 10\n")
    assert "CTX303" in dict(findings("--compose", "compose.yaml", "web"))
    assert "CTX303" not in dict(findings("--compose", "compose.yaml", "api"))


def test_the_usual_dockerfile_of_the_configuration_is_no_hindrance(
    project: Path,
) -> None:
    (project / "ctxopt.toml").write_text('file = "web/Dockerfile"\ntarget = "a"\n')
    assert ("CTX120", ["gone"]) in findings("--all")
    status, _, said = in_process("check", "--all", "-f", "web/Dockerfile")
    assert (status, "-f is for one build" in said) == (2, True)


def test_a_budget_for_no_build_is_refused_with_its_line(project: Path) -> None:
    (project / "ctxopt.toml").write_text("[builds.wbe]\nmax-files = 1\n")
    assert in_process("check", "--all") == (
        2,
        "",
        (
            'ctxopt: error: ctxopt.toml:2: builds.wbe: no build has the name "wbe";'
            " did you mean web?\n"
        ),
    )


def test_a_budget_of_a_build_that_is_not_asked_for_is_no_error(project: Path) -> None:
    (project / "ctxopt.toml").write_text("[builds.web]\nmax-files = 1\n")
    assert in_process("check", "--compose", "compose.yaml", "api", "gone")[0] == 1


def test_a_folder_that_builds_nothing_is_refused(tmp_path: Path) -> None:
    status, out, said = in_process("check", "--all", tmp_path)
    assert (status, out) == (2, "")
    assert f'nothing in "{tmp_path}" says what to build' in said


def test_what_can_be_mended_is_mended_once_for_all(project: Path) -> None:
    ignore_file = project / ".dockerignore"
    ignore_file.write_text("*.log # logs\n")
    (project / "api" / "Dockerfile").write_text("FROM scratch\nCOPY mian.py /\n")
    status, out, _ = in_process("check", "--all", "--diff")
    assert status == 1
    assert "+# logs" in out
    assert "+COPY main.py /" in out
    status, out, said = in_process("check", "--all", "--fix", "--ignore", "CTX120")
    assert (status, said) == (0, "")
    assert ignore_file.read_text() == "# logs\n*.log\n"
    assert (project / "api" / "Dockerfile").read_text().endswith("COPY main.py /\n")


def test_a_file_that_names_builds_is_told_with_its_line(project: Path) -> None:
    (project / "compose.yaml").write_text(
        "services:\n  api:\n    build: ./api\n  web:\n    build: [1]\n"
    )
    assert ("CTX119", []) in findings("--all")
    status, out, _ = in_process("check", "--all", "--format", "github")
    assert status == 0
    assert "file=compose.yaml,line=5" in out


@pytest.mark.usefixtures("project")
def test_a_baseline_has_all_builds() -> None:
    words = ("--all", "--baseline", "sizes.json", "--ignore", "CTX120")
    assert in_process("check", *words, "--update-baseline")[0] == 0
    assert len(json.loads(Path("sizes.json").read_text())["builds"]) == 2
    Path("web", "index.html").write_bytes(bytes(9000))
    found = findings(*words)
    assert ("CTX304", ["web"]) in found
    assert ("CTX304", ["api"]) not in found
