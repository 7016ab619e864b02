"""The line of a key, found by text."""

from __future__ import annotations

import pytest

from ctxopt.core.configuration.places import Step, line_of

TEXT = """\
# a comment: x = 1
x = 1
"quoted key" = 2
a.b = 3

[table]          # with a comment
x = 4
list = [
  "one",
  'two',
]
braces = { in = 1, "out" = 2 }

[[row]]
x = 5

[[row]]
x = 6

[row.inner]
x = 7

[deep."with.dot".'q']
x = 8
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        pytest.param(("x",), 2, id="a key at the top, not a comment"),
        pytest.param(("quoted key",), 3, id="a key in quotes"),
        pytest.param(("a", "b"), 4, id="a key with a dot"),
        pytest.param(("table",), 6, id="a table"),
        pytest.param(("table", "x"), 7, id="a key of a table"),
        pytest.param(("table", "list", "two"), 10, id="an entry of a list"),
        pytest.param(("table", "braces", "out"), 12, id="an entry in braces"),
        pytest.param(("row",), 14, id="the first of several tables"),
        pytest.param((Step("row", 1), "x"), 18, id="a key of the second of them"),
        pytest.param((Step("row", 1), "inner", "x"), 21, id="a table inside that"),
        pytest.param(("deep", "with.dot", "q", "x"), 24, id="dots inside quotes"),
        pytest.param((Step("row", 1), "missing"), 17, id="what holds a missing key"),
        pytest.param(("nowhere",), None, id="nothing"),
    ],
)
def test_a_key_is_found(path: tuple[str | Step, ...], line: int | None) -> None:
    steps = [one if isinstance(one, Step) else Step(one) for one in path]
    assert line_of(TEXT, steps) == line
