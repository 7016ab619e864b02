"""Which file configures a context."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ctxopt.errors import ConfigurationError
from ctxopt.host.disk.configuration import candidates

TABLE = "[tool.ctxopt]\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a context two folders down, seen from its top."""
    (tmp_path / "repo/services/api").mkdir(parents=True)
    (tmp_path / "repo/.git").mkdir()
    monkeypatch.chdir(tmp_path / "repo")
    return tmp_path / "repo"


def put(root: Path, *names: str, text: str = TABLE) -> None:
    for name in names:
        (root / name).write_text(text)


def found(context: str) -> list[str]:
    return [file.shown for file in candidates(context)]


def test_the_nearest_comes_first_and_in_a_folder_those_of_ctxopt(project: Path) -> None:
    put(project, "pyproject.toml", "ctxopt.toml", ".ctxopt.toml")
    put(project / "services", "ctxopt.toml")
    put(project / "services/api", "pyproject.toml")
    assert found("services/api") == [
        "services/api/pyproject.toml",
        "services/ctxopt.toml",
        ".ctxopt.toml",
        "ctxopt.toml",
        "pyproject.toml",
    ]


def test_what_is_above_the_repository_is_not_of_the_project(project: Path) -> None:
    put(project.parent, "ctxopt.toml")
    assert found("services/api") == []


def test_without_a_repository_the_search_goes_on(project: Path) -> None:
    put(project.parent, "ctxopt.toml")
    (project / ".git").rmdir()
    assert found("services/api") == ["../ctxopt.toml"]


def test_a_work_tree_whose_git_is_a_file_is_a_top_too(project: Path) -> None:
    put(project.parent, "ctxopt.toml")
    (project / ".git").rmdir()
    put(project, ".git", text="gitdir: elsewhere\n")
    assert found(".") == []


@pytest.mark.parametrize(
    ("text", "files"),
    [
        pytest.param("[tool.ctxopt]", ["pyproject.toml"], id="the table"),
        pytest.param(
            "[tool.ctxopt.build-args]", ["pyproject.toml"], id="a table in it"
        ),
        pytest.param("[[tool.ctxopt.rule]]", ["pyproject.toml"], id="a rule"),
        pytest.param(
            '[ "tool" . "ctxopt" ]', ["pyproject.toml"], id="quotes and blanks"
        ),
        pytest.param(
            "[tool]\nctxopt.target = 'a'", ["pyproject.toml"], id="the table above it"
        ),
        pytest.param("tool = { ctxopt = {} }", ["pyproject.toml"], id="braces"),
        pytest.param("tool.ctxopt.target = 'a'", ["pyproject.toml"], id="dots"),
        pytest.param("[tool.ruff]\nx = 1", [], id="that of another tool"),
        pytest.param("dependencies = ['ctxopt']", [], id="a dependency"),
        pytest.param("[tool.uv.sources]\nctxopt = 1", [], id="its name elsewhere"),
    ],
)
def test_a_pyproject_is_looked_into_where_it_may_have_the_table(
    text: str, files: list[str], project: Path
) -> None:
    put(project, "pyproject.toml", text=text)
    assert found(".") == files


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[project]\n" + "\n" * 60_000, id="empty lines"),
        pytest.param("[project]\n" + "[ \n" * 60_000, id="brackets that stay open"),
        pytest.param("tool '\n" * 60_000, id="its name and a quote"),
    ],
)
def test_a_long_pyproject_of_others_is_read_once(text: str, project: Path) -> None:
    """A pattern that goes back over its blanks would take minutes for these."""
    put(project, "pyproject.toml", text=text)
    assert found(".") == []


@pytest.mark.parametrize("context", ["", "-", "nowhere", "https://example.com/a.git"])
def test_what_is_no_folder_has_no_configuration(context: str, project: Path) -> None:
    put(project, "ctxopt.toml")
    assert found(context) == []


def test_paths_relate_to_the_folder_of_the_file(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(project, "ctxopt.toml")
    monkeypatch.chdir(project / "services/api")
    (file,) = candidates(".")
    assert (file.shown, file.folder) == ("../../ctxopt.toml", "../..")


def test_what_is_called_so_and_is_no_file_is_passed_by(project: Path) -> None:
    (project / "ctxopt.toml").mkdir()
    os.mkfifo(project / "pyproject.toml")
    assert found(".") == []


def test_a_link_that_leads_nowhere_is_passed_by(project: Path) -> None:
    (project / "ctxopt.toml").symlink_to("gone.toml")
    assert found(".") == []


def test_a_file_that_is_not_utf8_is_refused_with_its_line(project: Path) -> None:
    (project / "ctxopt.toml").write_bytes(b"# fine\n# \xff\n")
    with pytest.raises(ConfigurationError) as caught:
        found(".")
    assert str(caught.value) == "ctxopt.toml:2: this is not UTF-8"


def test_a_file_that_cannot_be_read_is_refused(project: Path) -> None:
    (project / "ctxopt.toml").symlink_to("ctxopt.toml")
    with pytest.raises(ConfigurationError) as caught:
        found(".")
    assert str(caught.value).startswith("ctxopt.toml: cannot be read: ")


def test_a_byte_order_mark_is_no_part_of_the_text(project: Path) -> None:
    (project / "ctxopt.toml").write_bytes(b"\xef\xbb\xbftarget = 'a'\r\n")
    (file,) = candidates(".")
    assert file.text == "target = 'a'\n"
