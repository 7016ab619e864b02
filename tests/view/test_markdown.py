"""Names in Markdown are data: whatever they look like, they stay where they are put."""

from __future__ import annotations

import io

import pytest

from ctxopt.view.markdown import code, plain, table, write


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("logs/a.log", "`logs/a.log`", id="a usual name"),
        pytest.param("a|b", r"`a\|b`", id="a pipe"),
        pytest.param(r"a\|b", r"`a\\|b`", id="a backslash before a pipe"),
        pytest.param("a`b", "``a`b``", id="a backtick"),
        pytest.param("``a`", "``` ``a` ```", id="backticks at the ends"),
        pytest.param(" a ", "`  a  `", id="blanks that would be taken off"),
        pytest.param("  ", '`"  "`', id="nothing but blanks"),
        pytest.param("", '`""`', id="nothing"),
        pytest.param("a\nb\x1b", r"`a\nb\x1b`", id="control characters"),
        pytest.param("caf\udce9", r"`caf\xe9`", id="bytes that are no UTF-8"),
        pytest.param("</td><b>@all", "`</td><b>@all`", id="HTML and people"),
    ],
)
def test_a_name_is_a_code_span(text: str, shown: str) -> None:
    assert code(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("nothing odd, really", "nothing odd, really", id="prose"),
        pytest.param("a | *b* [c](d)", r"a \| \*b\* \[c\](d)", id="marks"),
        pytest.param("<img src=x>", r"\<img src=x\>", id="HTML"),
        pytest.param("a&lt;b", r"a\&lt;b", id="an entity"),
        pytest.param("a\n| b", r"a\\n\| b", id="a new line"),
        pytest.param("ask @octocat", "ask @<!-- -->octocat", id="people"),
        pytest.param("see #12, GH-3", r"see \#<!-- -->12, GH<!-- -->-3", id="issues"),
        pytest.param("http://x", "http:<!-- -->//x", id="an address"),
        pytest.param("www.x", "www<!-- -->.x", id="an address without a scheme"),
    ],
)
def test_prose_calls_nobody_and_draws_nothing(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_table_aligns_numbers_to_the_right() -> None:
    assert [*table(("name", "size:"), [("a", "1 B")])] == [
        "| name | size |",
        "|---|---:|",
        "| a | 1 B |",
        "",
    ]


def test_what_the_output_cannot_hold_is_a_number_for_html() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii", newline="\n")
    write(["a → ❌"], out)
    out.flush()
    assert raw.getvalue() == b"a &#8594; &#10060;\n"
