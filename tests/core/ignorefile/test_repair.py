from __future__ import annotations

from functools import partial

import pytest

from ctxopt.core.builders import DOCKER_BUILDERS, Builder, find_builder
from ctxopt.core.ignorefile.repair import Repair, repair
from ctxopt.core.model import BuilderName
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY


def finds(builder: Builder, matcher: Matcher, path: str) -> bool:
    return builder.finds(matcher, "Dockerfile", path)


WALKS = {name: partial(finds, find_builder(name)) for name in DOCKER_BUILDERS}


def repaired(
    lines: str,
    path: str,
    *,
    builder: BuilderName = BUILDKIT,
    is_folder: bool = False,
    instead: str = "",
) -> Repair | None:
    matcher = Matcher(compile_patterns(lines.split()))
    return repair(
        matcher,
        path,
        walks=WALKS,
        builder=builder,
        is_folder=is_folder,
        instead=instead.split(),
    )


@pytest.mark.parametrize(
    ("lines", "path", "line", "behind"),
    [
        pytest.param(
            "scripts",
            "scripts/x.sh",
            "!scripts/x.sh",
            "scripts",
            id="a file in an ignored folder, jamiepine/voicebox#915",
        ),
        pytest.param(
            "*.lock docs",
            "uv.lock",
            "!uv.lock",
            "*.lock",
            id="behind the line that decides, before what has no say, Octop#9",
        ),
        pytest.param(
            "* *.sh",
            "a.sh",
            "!a.sh",
            "*.sh",
            id="behind a later line, which would keep it out again",
        ),
        pytest.param(
            "* !*/target/*file1",
            "shop/target/xfile1",
            "!shop/target/*file1",
            "*/target/*file1",
            id="a wildcard that opens no folder, moby/moby#38645",
        ),
        pytest.param(
            "shop !**/relfile1",
            "shop/target/relfile1",
            "!shop/target/relfile1",
            "**/relfile1",
            id="stars that open no folder, docker/for-linux#692",
        ),
        pytest.param(
            "*", "a/b/c/d.txt", "!a/b/c/d.txt", "*", id="a file four folders deep"
        ),
        pytest.param(
            "Dockerfile",
            "Dockerfile",
            "!Dockerfile",
            "Dockerfile",
            id="what the legacy client sends and its daemon takes out again",
        ),
        pytest.param(
            "*.txt", "a[1].txt", r"!a\[1\]\.txt", "*.txt", id="a name with brackets"
        ),
        pytest.param(
            "* [[:alpha:]-z",
            "a",
            "!a",
            "[[:alpha:]-z",
            id="behind a pattern that would fail once the path is back",
        ),
    ],
)
def test_one_line_brings_a_file_back_for_both_builders(
    lines: str, path: str, line: str, behind: str
) -> None:
    for builder in DOCKER_BUILDERS:
        found = repaired(lines, path, builder=builder)
        # BuildKit walks for the sake of the wildcard, and nothing is kept out there.
        if found is None:
            pytest.fail(f"no line for {builder}")
        assert found.lines == (line,)
        assert found.behind.cleaned == behind
        assert found.builders == {*DOCKER_BUILDERS}


@pytest.mark.parametrize(
    ("lines", "path", "line", "behind"),
    [
        pytest.param("web", "web", "!web", "web", id="the folder itself is named"),
        pytest.param(
            "web *.log", "web", "!web", "web", id="other lines keep their say in it"
        ),
        pytest.param(
            "web web/*", "web", "!web", "web/*", id="not with nothing left in it"
        ),
        pytest.param("a", "a/web", "!a/web", "a", id="a folder in an ignored one"),
    ],
)
def test_a_folder_comes_back_with_what_is_in_it(
    lines: str, path: str, line: str, behind: str
) -> None:
    found = repaired(lines, path, is_folder=True)
    assert found is not None
    assert (found.lines, found.behind.cleaned) == ((line,), behind)
    assert found.builders == {*DOCKER_BUILDERS}


def test_what_is_asked_for_instead_comes_first() -> None:
    found = repaired("web", "web/a.js", instead="web/*.js")
    assert found is not None
    assert found.lines == ("!web/*.js",)


@pytest.mark.parametrize("builder", DOCKER_BUILDERS)
def test_the_legacy_client_opens_folders_by_the_text_of_a_line(
    builder: BuilderName,
) -> None:
    found = repaired("x*", "x[a]/b", builder=builder)
    assert found is not None
    # A literal first, then the pattern: the first one opens the folder.
    assert found.lines == ("!x[a]/b", r"!x\[a\]/b")
    assert found.builders == {*DOCKER_BUILDERS}


def test_without_a_line_for_both_the_builder_in_use_is_served() -> None:
    found = repaired("x*", "x[/b", builder=BUILDKIT)
    assert found is not None
    assert found.lines == (r"!x\[/b",)
    assert found.builders == {BUILDKIT}
    assert repaired("x*", "x[/b", builder=LEGACY) is None


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        pytest.param("other", "a", id="no line has a say"),
        pytest.param("*", "a\nb", id="no line can say the name"),
    ],
)
def test_nothing_is_said_where_no_line_helps(lines: str, path: str) -> None:
    assert repaired(lines, path) is None
