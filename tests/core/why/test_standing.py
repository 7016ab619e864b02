"""Whether a builder lets a path through, and what its lines did on the way."""

from __future__ import annotations

import pytest

from ctxopt.core.builders import find_builder
from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.model import BuilderName
from ctxopt.core.why.answer import PathState, Standing
from ctxopt.core.why.standing import stand

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY


def standing(
    lines: str,
    path: str,
    builder: BuilderName = BUILDKIT,
    *,
    is_folder: bool = False,
) -> Standing:
    matcher = parse(lines.encode(), ".dockerignore").matcher
    return stand(
        find_builder(builder), matcher, "Dockerfile", path, is_folder=is_folder
    )


def texts(found: tuple[object, ...]) -> list[str]:
    return [one.text for one in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("lines", "path", "state"),
    [
        pytest.param("", "a", PathState.CONTEXT, id="no line"),
        pytest.param("b", "a", PathState.CONTEXT, id="a line about something else"),
        pytest.param("a", "a", PathState.IGNORED, id="its own name"),
        pytest.param("a", "a/b", PathState.IGNORED, id="the folder above"),
        pytest.param("a\n!a/b", "a/b", PathState.CONTEXT, id="brought back"),
        pytest.param("!a/b\na", "a/b", PathState.IGNORED, id="brought back too early"),
        pytest.param("[z-a]", "a", PathState.BROKEN, id="a pattern that fails"),
        pytest.param("a\n[z-a]", "a", PathState.IGNORED, id="one that is not asked"),
    ],
)
def test_a_path_stands_as_its_lines_say(
    lines: str, path: str, state: PathState
) -> None:
    assert standing(lines, path).state is state


def test_the_steps_are_the_lines_that_changed_something() -> None:
    found = standing("logs\n!logs/*.txt\nlogs/a.txt\n!*.md", "logs/a.txt")
    steps = [(one.pattern.text, one.prefix) for one in found.steps]
    assert steps == [
        ("logs", "logs"),
        ("!logs/*.txt", "logs/a.txt"),
        ("logs/a.txt", "logs/a.txt"),
    ]
    assert texts(found.too_early) == ["!logs/*.txt"]


def test_the_legacy_client_never_comes_to_what_a_wildcard_brings_back() -> None:
    lines, path = "*\n!*/target/*file1", "shop/target/relfile1"
    assert standing(lines, path).state is PathState.CONTEXT
    kept = standing(lines, path, LEGACY).kept_out
    assert kept is not None
    assert kept.bypassed is not None
    assert (kept.folder, kept.bypassed.text) == ("shop", "!*/target/*file1")


def test_the_legacy_client_sends_the_dockerfile_and_no_copy_finds_it() -> None:
    found = standing("Dockerfile", "Dockerfile", LEGACY)
    assert (found.state, found.forced, found.withdrawn) == (
        PathState.CONTEXT,
        True,
        True,
    )
    assert standing("Dockerfile", "Dockerfile").state is PathState.IGNORED


def test_a_file_that_only_the_order_of_lines_keeps_in_arrives_empty() -> None:
    found = standing("a/b\n!a\na/b", "a/b")
    assert found.state is PathState.IGNORED
    assert standing("!x\na/b\n!a", "a/b").empty is False


@pytest.mark.parametrize(
    ("lines", "inside"),
    [
        pytest.param("src\n!src/keep", ["!src/keep"], id="a path brought back"),
        pytest.param("src\n!**/*.md", ["!**/*.md"], id="a name at any depth"),
        pytest.param("src\n!s*/keep", ["!s*/keep"], id="a wildcard for the folder"),
        pytest.param("src\n!*.md", [], id="a name in the root alone"),
        pytest.param("!src/keep\nsrc", [], id="a line that comes too early"),
        pytest.param("src/gen", ["src/gen"], id="a path kept out"),
        pytest.param("**/*.pyc", ["**/*.pyc"], id="a name kept out at any depth"),
        pytest.param("src/gen\n!src/**", [], id="a line that is overruled"),
        pytest.param("other/gen", [], id="another folder"),
    ],
)
def test_lines_about_what_is_in_a_folder_are_told(
    lines: str, inside: list[str]
) -> None:
    found = standing(lines, "src", is_folder=True)
    assert texts(found.inside) == inside
