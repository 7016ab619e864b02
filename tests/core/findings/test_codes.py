"""The table of problems is whole: nothing is reported beside it, nothing in it idle.

`UPDATE_README=1 pytest tests/core/findings` writes `docs/reference/problems.md` anew.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxopt.core.findings import codes
from ctxopt.core.findings.codes import FINDINGS, Finding
from tests.parsed import PACKAGE, Node, nodes_of

DOCUMENT = PACKAGE.parent / "docs" / "reference" / "problems.md"
TABLE = PACKAGE / "core" / "findings" / "codes.py"
CAUSES = PACKAGE / "core" / "buildlog" / "errors.py"  # what a log tells of is like it
RULES = PACKAGE / "core" / "checking" / "families"  # name the rows, and report none
NAMES = {
    name: value for name, value in vars(codes).items() if isinstance(value, Finding)
}
HEAD = "<!-- table: problem codes -->\n"


def sources(kind: type[Node], *saying: str) -> Iterator[tuple[Path, Node]]:
    """The nodes of a kind in every module that says a word, but the table."""
    for path, node in nodes_of(kind, saying=saying):
        if path != TABLE and path.parent != RULES:
            yield path, node


def test_every_row_that_has_a_name_is_in_the_table_once() -> None:
    assert list(NAMES.values()) == list(FINDINGS)
    assert len({one.code for one in FINDINGS}) == len(FINDINGS)


def test_a_row_is_named_after_its_code() -> None:
    assert {
        name: one.code.upper().replace("-", "_") for name, one in NAMES.items()
    } == {name: name for name in NAMES}


def test_every_row_is_reported_somewhere() -> None:
    used = {
        node.attr
        for _, node in sources(ast.Attribute, "codes")
        if isinstance(node.value, ast.Name) and node.value.id == "codes"
    }
    assert NAMES.keys() - used == set()


def test_problems_are_made_from_rows_only() -> None:
    """So that none has a code that the table does not know."""
    wrong = [
        f"{path}:{node.lineno}"
        for path, node in sources(ast.Call, "Problem")
        if "Problem"
        in (getattr(node.func, "id", None), getattr(node.func, "attr", None))
    ]
    assert wrong == []


def test_no_code_is_spelt_out_beside_the_table() -> None:
    known = {one.code for one in FINDINGS} - {"refused", "vanished", "unreadable"}
    wrong = [
        f"{path}:{node.lineno} {node.value}"
        for path, node in sources(ast.Constant, *known)
        if path != CAUSES and node.value in known
    ]
    assert wrong == []


@pytest.mark.parametrize("one", FINDINGS, ids=lambda one: one.code)
def test_a_row_says_what_it_means_and_what_to_do(one: Finding) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one.code)
    assert one.severities
    for words in (one.title, one.cure):
        assert words.strip() == words != ""
        assert not words.endswith((".", ";"))
        assert "|" not in words  # it would end a cell of the table


def test_a_problem_has_the_usual_severity_and_cure_of_its_kind() -> None:
    problem = codes.SOURCE_MISSING.problem("gone")
    assert (problem.code, problem.severity, problem.hint) == (
        "source-missing",
        codes.SOURCE_MISSING.severity,
        codes.SOURCE_MISSING.cure,
    )


def test_a_message_that_tells_the_cure_is_not_followed_by_it() -> None:
    assert codes.VANISHED.problem("gone; measure again").hint is None


def row_of(one: Finding) -> str:
    severities = ", ".join(one.severities)
    code = f'<a id="{one.anchor}"></a>`{one.code}`'
    return f"| {code} | {severities} | {one.title} | {one.cure} |\n"


def document_table() -> str:
    head = "| code | severity | what it means | what to do |\n|---|---|---|---|\n"
    return HEAD + head + "".join(map(row_of, FINDINGS))


def test_the_document_explains_every_code() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, found, rest = text.partition(HEAD)
    assert found, "the document has lost its table"
    present = found + rest.partition("\n\n")[0].rstrip("\n") + "\n"
    if os.environ.get("UPDATE_README") == "1":
        text = before + text[len(before) :].replace(present, document_table(), 1)
        DOCUMENT.write_text(text, encoding="utf-8", newline="\n")
        return
    assert present == document_table(), "UPDATE_README=1 pytest tests/core/findings"
