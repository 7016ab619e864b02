"""The shortest lines for some finds: what they say, and what they hit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from ctxopt.core.measure.clutter_match import ClutterMatch, Span
from ctxopt.core.measure.stream import NO_SUMS
from ctxopt.core.suggest.lines import FEW, is_literal, of_paths, of_pattern

Unsafe = Callable[[str, Sequence[ClutterMatch]], bool]


def find(path: str, *more: str) -> ClutterMatch:
    """A folder, or with `more` names a run of files."""
    names = (path.rpartition("/")[2], *more) if more else ()
    kind = "file" if more else "directory"
    nothing = Span(0, 0, NO_SUMS)
    return ClutterMatch(
        path, names, kind, 1, 0, 0, None, "", "", 1, 0, nothing, nothing
    )


def safe(_: str, __: Sequence[ClutterMatch]) -> bool:
    return False


def sparing(*paths: str) -> Unsafe:
    """These have to stay."""
    return lambda _, hit: any(path in paths for one in hit for path in one.paths)


# Pattern, what it hits, what of that has to stay, `anywhere`; lines and what they hit.
SHAPES = [
    pytest.param(
        "**/logs", ["logs"], [], False, ["logs"], ["logs"], id="one at the root"
    ),
    pytest.param(
        "**/logs",
        ["a/logs"],
        [],
        False,
        ["**/logs"],
        ["a/logs"],
        id="one that is nested",
    ),
    pytest.param(
        "**/__pycache__",
        ["__pycache__"],
        [],
        True,
        ["**/__pycache__"],
        ["__pycache__"],
        id="one that comes back elsewhere",
    ),
    pytest.param(
        "**/logs",
        ["a/logs", "logs"],
        [],
        False,
        ["**/logs"],
        ["a/logs", "logs"],
        id="at the root and nested",
    ),
    pytest.param(
        "**/*.log",
        ["a.log", "b.log"],
        [],
        False,
        ["*.log"],
        ["a.log", "b.log"],
        id="files",
    ),
    pytest.param(
        "**/.next/cache",
        [".next/cache"],
        [],
        False,
        [".next/cache"],
        [".next/cache"],
        id="two components, at the root",
    ),
    pytest.param(
        "tmp/*",
        ["tmp/a", "tmp/b"],
        [],
        False,
        ["tmp/*"],
        ["tmp/a", "tmp/b"],
        id="anchored",
    ),
    pytest.param(
        "**/logs",
        ["a/logs", "b/logs"],
        ["b/logs"],
        False,
        ["a/logs"],
        ["a/logs"],
        id="each path, where the pattern would hit what stays",
    ),
    pytest.param(
        "**/*.log",
        ["a/x.log", "a/y.log", "b/x.log"],
        ["b/x.log"],
        False,
        ["a/*.log"],
        ["a/x.log", "a/y.log"],
        id="each folder, where another one has to keep its files",
    ),
    pytest.param(
        "**/*.log",
        ["a*/x.log", "a*/y.log", "b/x.log"],
        ["b/x.log"],
        False,
        [r"a\*/*.log"],
        ["a*/x.log", "a*/y.log"],
        id="a folder that needs escapes",
    ),
    pytest.param(
        "**/*.log",
        ["a/x.log", "a/y.log"],
        ["a/y.log"],
        False,
        ["a/x.log"],
        ["a/x.log"],
        id="each path, where its folder has to keep one",
    ),
    pytest.param(
        "**/#*#", ["#a#"], [], False, [r"\#*#"], ["#a#"], id="no comment at the root"
    ),
    pytest.param(
        "**/#*#",
        ["#a#", "b/#c#"],
        ["b/#c#"],
        True,
        [r"\#*#"],
        ["#a#"],
        id="no comment in the folder of the root",
    ),
]


@pytest.mark.parametrize(
    ("pattern", "paths", "stays", "anywhere", "lines", "hit"), SHAPES
)
def test_lines_of_a_pattern(
    *,
    pattern: str,
    paths: list[str],
    stays: list[str],
    anywhere: bool,
    lines: list[str],
    hit: list[str],
) -> None:
    clutter = [find(path) for path in paths]
    wanted = [one for one in clutter if one.path not in stays]
    shape = of_pattern(
        pattern, wanted, clutter, anywhere=anywhere, unsafe=sparing(*stays)
    )
    assert shape is not None
    assert (list(shape.lines), [one.path for one in shape.hit]) == (lines, hit)


def test_a_line_at_the_root_leaves_out_what_is_nested() -> None:
    """Nobody wants what is nested, but it need not stay either."""
    root, nested = find("logs"), find("a/logs")
    shape = of_pattern("**/logs", [root], [nested, root], anywhere=False, unsafe=safe)
    assert shape is not None
    assert (shape.lines, shape.hit) == (("logs",), (root,))


def test_no_line_where_all_are_unsafe() -> None:
    one = find("logs")
    never: Unsafe = lambda _, __: True  # noqa: E731  # a table of one
    assert of_pattern("**/logs", [one], [one], anywhere=False, unsafe=never) is None


@pytest.mark.parametrize(("count", "written"), [(FEW, True), (FEW + 1, False)])
def test_paths_are_written_out_when_they_are_few(count: int, *, written: bool) -> None:
    names = [f"x{number}" for number in range(count)]
    shape = of_paths([find(f"a/{names[0]}", *names[1:])], safe)
    assert (shape is not None) is written
    if shape is not None:
        assert shape.lines == tuple(f"a/{name}" for name in names)


def test_a_path_that_no_line_can_say_is_not_written() -> None:
    assert of_paths([find("ok"), find("a\nb")], safe) is None
    assert of_paths([find("a/*")], sparing("a/*")) is None


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [("a/b", True), ("a.b+", True), ("a*", False), ("?", False), (r"\#", False)],
)
def test_a_literal_has_no_wildcards(pattern: str, *, literal: bool) -> None:
    assert is_literal(pattern) is literal
