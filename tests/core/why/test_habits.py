"""Lines that look as if they kept a path out are told where they do not."""

from __future__ import annotations

import pytest

from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.why.answer import HabitKind
from ctxopt.core.why.habits import habits


@pytest.mark.parametrize(
    ("lines", "path", "kind", "better"),
    [
        pytest.param(
            "node_modules",
            "web/node_modules/i.js",
            HabitKind.ROOT_ONLY,
            ("**/node_modules",),
            id="a name that speaks of the root",
        ),
        pytest.param(
            "*.log",
            "web/a.log",
            HabitKind.ROOT_ONLY,
            ("**/*.log",),
            id="a wildcard that speaks of the root",
        ),
        pytest.param(
            "logs # of the last run",
            "logs/a",
            HabitKind.ODD,
            ("logs",),
            id="a comment behind the pattern",
        ),
        pytest.param(
            "**/*.{css,map}",
            "a/b.map",
            HabitKind.ODD,
            ("**/*.css", "**/*.map"),
            id="braces",
        ),
        pytest.param(
            "web\\dist", "web/dist/a", HabitKind.ODD, ("web/dist",), id="backslashes"
        ),
        pytest.param(
            "Build/Out", "build/out/a", HabitKind.SPELLING, ("build/out",), id="case"
        ),
        pytest.param(
            "a-b/c", "a_b/c", HabitKind.SPELLING, ("a_b/c",), id="a dash for another"
        ),
    ],
)
def test_a_line_that_looks_as_if_it_did_is_told(
    lines: str, path: str, kind: HabitKind, better: tuple[str, ...]
) -> None:
    matcher = parse(lines.encode(), ".dockerignore").matcher
    found = [*habits(matcher, path, lambda _: False)]
    assert [(one.kind, one.better) for one in found] == [(kind, better)]


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        pytest.param("/node_modules", "web/node_modules/a", id="a root that is meant"),
        pytest.param("dist", "web/src/a", id="another name"),
        pytest.param("!node_modules", "web/node_modules/a", id="a line with !"),
        pytest.param(
            "node_modules\n!web/node_modules",
            "web/node_modules/a",
            id="what a later line brings back all the same",
        ),
        pytest.param(".", "web/a", id="a line that matches nothing"),
        pytest.param("**/[z-a]", "a", id="a pattern that fails"),
    ],
)
def test_a_line_that_says_what_it_means_is_left_alone(lines: str, path: str) -> None:
    matcher = parse(lines.encode(), ".dockerignore").matcher
    assert [*habits(matcher, path, lambda _: False)] == []
