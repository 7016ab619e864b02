"""What the expressions of a workflow come to, and the rows of its matrix."""

from __future__ import annotations

import pytest

from ctxopt.core.builds.expressions import put_in
from ctxopt.core.builds.matrix import rows
from ctxopt.core.compose.loading import load_documents

KNOWN = {"matrix.app": "web", "matrix.none": "", "env.DIR": "a/b", "matrix.n": "0"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("${{ matrix.app }}/x", "web/x"),
        ("${{matrix.app}}-${{ env.DIR }}", "web-a/b"),
        ("${{ matrix.none || 'Dockerfile' }}", "Dockerfile"),
        ("${{ matrix.app || 'Dockerfile' }}", "web"),
        ("${{ matrix.app == 'WEB' && 'W' || 'D' }}", "W"),
        ("${{ (matrix.app != 'web') && 'W' || 'D' }}", "D"),
        ("${{ !matrix.none && 'it''s' }}", "it's"),
        ("${{ matrix.n == 0 && 'x' || 'y' }}", "y"),
        ("${{ false || true }}", "true"),
        ("${{ github.sha }}", None),
        ("${{ matrix.other }}", None),
        ("${{ matrix.app == github.ref && 'a' || 'b' }}", None),
        ("${{ format('{0}', 'x') }}", None),
        ("${{ fromJson(env.DIR).x }}", None),
        ("${{ }}", None),
        ("${{ 'open }}", None),
        ("${{ ( matrix.app }}", None),
        ("${{ matrix.app matrix.app }}", None),
        (f"${{{{ {'(' * 5_000} }}}}", None),
        (f"${{{{ {'!' * 59}matrix.app }}}}", ""),
    ],
)
def test_an_expression_has_a_value_or_none(text: str, value: str | None) -> None:
    assert put_in(text, KNOWN) == value


def test_what_a_whole_matrix_has_not_is_empty() -> None:
    (document,) = load_documents(b"a: [x]\n", "f")
    (row,) = rows(document)
    assert put_in("${{ matrix.b || matrix.a }}", row) == "x"
    (document,) = load_documents(b"a: [x]\nb: ['${{ inputs.b }}']\n", "f")
    (row,) = rows(document)
    assert put_in("${{ matrix.b || matrix.a }}", row) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1, 2]", ["a=1", "a=2"]),
        ("a: [1, 2]\nb: [x]", ["a=1 b=x", "a=2 b=x"]),
        ("a: [1, 2]\nexclude:\n- a: 2", ["a=1"]),
        ("a: [1, 2]\ninclude:\n- a: 2\n  b: x", ["a=1", "a=2 b=x"]),
        ("a: [1]\ninclude:\n- b: x", ["a=1 b=x"]),
        ("a: [1]\ninclude:\n- a: 3\n  b: x", ["a=1", "a=3 b=x"]),
        ("include:\n- a: 1\n- a: 2", ["a=1", "a=2"]),
        ("a:\n- {n: x, f: y}", ["a.n=x a.f=y"]),
        ("a: ${{ fromJson(inputs.a) }}", [""]),
    ],
)
def test_a_matrix_is_rows(text: str, told: list[str]) -> None:
    """GitHub's docs, "Running variations of jobs in a workflow"."""
    (document,) = load_documents(text.encode(), "f")
    found = [
        " ".join(f"{key[7:]}={value}" for key, value in one.items() if value)
        for one in rows(document)
    ]
    assert found == told
