from __future__ import annotations

import pytest

from ctxopt.core.compose.loading import load_documents
from ctxopt.core.compose.nodes import Fields, Node, Scalar, YamlPlace
from ctxopt.errors import ComposeFileError


def plain(node: Node) -> object:
    if isinstance(node, Fields):
        return {key: plain(one) for key, one in node.entries.items()}
    return node.value if isinstance(node, Scalar) else node


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param(
            "a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}, id="aliases"
        ),
        pytest.param(
            "a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}",
            {"a": {"b": 1, "c": 2}, "d": {"c": 3, "b": 1}},
            id="a key of its own goes before a merged one",
        ),
        pytest.param(
            "a: {<<: [{b: 1}, {b: 2, c: 2}]}",
            {"a": {"b": 1, "c": 2}},
            id="the first of several merged counts",
        ),
        pytest.param(
            "a: &x 1\nb: &x 2\nc: *x", {"a": 1, "b": 2, "c": 2}, id="an anchor again"
        ),
        pytest.param('{"a": "\\u00e9"}', {"a": "é"}, id="json is yaml"),
        pytest.param("\ufeffa: 1", {"a": 1}, id="a byte order mark is passed over"),
        pytest.param("a: !!str 010", {"a": "010"}, id="a tag makes text of a number"),
        pytest.param("a: '010'", {"a": "010"}, id="quotes make text of a number"),
        pytest.param("a: !mine x", {"a": "x"}, id="an unknown tag leaves text"),
    ],
)
def test_a_document_is_read(text: str, value: object) -> None:
    assert [plain(one) for one in load_documents(text.encode(), "f")] == [value]


def test_a_value_is_in_the_line_of_its_key() -> None:
    (document,) = load_documents(b"a:\n  b:\n    - 1\n", "f")
    assert isinstance(document, Fields)
    assert document.entries["a"].place == YamlPlace("f", 1)


def test_documents_are_told_apart() -> None:
    assert len(load_documents(b"a: 1\n---\nb: 2\n", "f")) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "a:\n\tb: 1\n",
            'f:2: a tab indents this line in "b: 1"; YAML is indented with spaces',
            id="a tab",
        ),
        pytest.param("a: 1\nb: 2\na: 3", 'f:3: key "a" is in line 1', id="a key again"),
        pytest.param("a:\n  b: *x\n", "f:2: *x names no anchor", id="no anchor"),
        pytest.param(
            "a: &x\n  b: *x\n", "f:2: *x stands in what", id="an anchor in it"
        ),
        pytest.param("a: 1\n5: x\n", "f:2: a key has to be text", id="a number as key"),
        pytest.param(
            "a: {<<: 1}\n", "f:1: << takes a mapping", id="no mapping to merge"
        ),
        pytest.param("a: [1\nb: 2\n", "f:", id="a list that is not closed"),
        pytest.param("a: 'x\n", "f:", id="a quote that is not closed"),
        pytest.param("a: \x01\n", "f:1: a character", id="a character of no text"),
        pytest.param("a: " + "[" * 200, "f:1: nested more than", id="nested too deep"),
        pytest.param("a: !!int x\n", "f:1: this is no !!int", id="a tag that is wrong"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ComposeFileError) as caught:
        load_documents(text.encode(), "f")
    assert str(caught.value).startswith(said)


def test_aliases_that_multiply_without_end_are_refused() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    with pytest.raises(ComposeFileError, match=r"^f:7: aliases make more than"):
        load_documents("\n".join(lines).encode(), "f")


def test_what_is_no_utf8_is_told_with_its_line() -> None:
    with pytest.raises(ComposeFileError, match=r"^f:2: this is no UTF-8; save"):
        load_documents(b"a: 1\nb: \xe9\n", "f")
