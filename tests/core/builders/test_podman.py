"""Podman's rules where no vector shows them: single paths, without a walk."""

from __future__ import annotations

import pytest

from ctxopt.core.builders import builders_beside, find_builder, other_name
from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.model import BuilderName, Dialect
from ctxopt.core.patterns.matcher import Matcher

PODMAN = find_builder(BuilderName.PODMAN)


def matcher(lines: str) -> Matcher:
    return parse(lines.encode(), "x", dialect=Dialect.STORAGE).matcher


# Rule: containers/buildah, add.go, Add: what a source names is asked alone.
@pytest.mark.parametrize(
    ("lines", "path", "found"),
    [
        pytest.param("*\n!**/*.md", "docs/a.md", True, id="a wildcard brings it back"),
        pytest.param("*\n!**/*.md", "docs", False, id="its folder is not brought back"),
        pytest.param("docs\n", "docs/a.md", False, id="a line about its folder counts"),
        pytest.param("!docs/a.md\ndocs", "docs/a.md", False, id="the last line wins"),
        pytest.param("a|b", "about", False, id="the first of two branches has no end"),
        pytest.param(" /docs", "docs", True, id="a slash behind a blank stays"),
        pytest.param("c++", "x", False, id="with a line that fails nothing is found"),
    ],
)
def test_a_path_is_asked_for_by_itself(lines: str, path: str, *, found: bool) -> None:
    assert PODMAN.finds(matcher(lines), "", path) is found


def test_a_walk_ends_at_the_folder_and_a_name_at_itself() -> None:
    lines = matcher("*\n!**/*.md")
    assert PODMAN.left_out(lines, "", "docs/a.md") == "docs"
    assert PODMAN.left_out(lines, "", "docs/a.txt") == "docs/a.txt"


def test_the_line_that_opens_a_folder_begins_with_its_path() -> None:
    lines = matcher("*\n!**/*.md\n!foobar/x")
    opener = PODMAN.opener(lines, "foo")
    assert opener is not None
    assert opener.text == "!foobar/x"
    assert PODMAN.opener(lines, "docs") is None


# Rule: containers/storage, pkg/fileutils/fileutils.go, Matches: each line is tried.
def test_lines_that_change_nothing_are_no_steps_of_a_trace() -> None:
    steps = matcher("a\nb/../a\n!a/x\na/x").trace("a/x")
    assert [step.pattern.text for step in steps] == ["a", "!a/x", "a/x"]


def test_a_change_has_to_suit_docker_and_the_builder_in_use() -> None:
    docker = (BuilderName.BUILDKIT, BuilderName.LEGACY)
    assert builders_beside(BuilderName.BUILDKIT) == docker
    assert builders_beside(BuilderName.PODMAN) == (*docker, BuilderName.PODMAN)


def test_podman_is_compared_with_buildkit_and_never_asked_for_comparison() -> None:
    assert [other_name(one) for one in BuilderName] == [
        BuilderName.LEGACY,
        BuilderName.BUILDKIT,
        BuilderName.BUILDKIT,
    ]
