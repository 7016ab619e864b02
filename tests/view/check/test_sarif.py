"""SARIF: held against the official schema, and what readers rely on beyond it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ctxopt.core.checking.catalogue import RULES, diagnostic
from ctxopt.core.checking.records import CheckReport, FileText, Fix
from ctxopt.core.findings.codes import FINDINGS
from ctxopt.view.check.sarif import as_sarif
from tests.view.check.checks import CHECKS, IGNORE_FILE, problem, replaces, report

SCHEMA = Path(__file__).parents[3] / "fixtures/sarif/sarif-schema-2.1.0.json"


@cache
def validator() -> Any:
    """What holds a document against the official schema."""
    return jsonschema.Draft7Validator(json.loads(SCHEMA.read_bytes()))


def wrong(check: CheckReport) -> list[str]:
    """What the schema says against a check."""
    document = json.loads(json.dumps(as_sarif(check)))
    return [error.message for error in validator().iter_errors(document)]


def results(check: CheckReport) -> list[Any]:
    """The results of a check."""
    document: Any = as_sarif(check)
    found: list[Any] = document["runs"][0]["results"]
    return found


@pytest.mark.parametrize("name", CHECKS)
def test_it_keeps_to_the_schema(name: str) -> None:
    assert wrong(CHECKS[name]) == []


def test_so_does_every_rule() -> None:
    known = {rule.code for rule in RULES}
    found = [diagnostic(one.problem("said")) for one in FINDINGS if one.code in known]
    assert wrong(report(*found)) == []


def test_a_document_that_lacks_something_is_refused() -> None:
    document = json.loads(json.dumps(as_sarif(CHECKS["everything"])))
    del document["runs"][0]["tool"]
    assert [*validator().iter_errors(document)]


def test_paths_begin_at_the_top_of_the_repository() -> None:
    places = [
        one["locations"][0]["physicalLocation"]["artifactLocation"]
        for one in results(CHECKS["everything"])
    ]
    assert {one["uri"] for one in places} == {
        "app/Dockerfile",
        "app/.dockerignore",
        "app/deploy/id_%FF%2C1",
    }
    assert {one["uriBaseId"] for one in places} == {"%SRCROOT%"}


def test_a_file_outside_of_the_repository_has_its_whole_path() -> None:
    text = FileText("Dockerfile", "/elsewhere/Dockerfile", ("FROM a",))
    check = report(diagnostic(problem("gone")))._replace(texts=(text,))
    (one,) = results(check)
    place = one["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "file:///elsewhere/Dockerfile"}


def test_a_finding_that_moves_keeps_its_fingerprint() -> None:
    def prints(*lines: str) -> list[str]:
        text = FileText("Dockerfile", "/repo/app/Dockerfile", lines)
        at = lines.index("COPY requirments.txt /") + 1
        one = diagnostic(problem("gone")._replace(line=at))
        check = report(one)._replace(texts=(text,))
        return [one["partialFingerprints"]["ctxopt/v1"] for one in results(check)]

    before = prints("FROM a", "COPY requirments.txt /")
    assert prints("FROM a", "# a comment", "", "COPY requirments.txt /") == before


def test_two_of_one_kind_have_fingerprints_of_their_own() -> None:
    one = diagnostic(problem("gone"))
    found = [
        each["partialFingerprints"]["ctxopt/v1"] for each in results(report(one, one))
    ]
    assert len(set(found)) == 2


TEXT = "*.json\nnode_modules/  # installed\n"
FIXES = {
    "a line replaced by two": (
        replaces(1, 1, "a", "b"),
        "a\nb\nnode_modules/  # installed\n",
    ),
    "the last line replaced": (replaces(2, 2, "c"), "*.json\nc\n"),
    "a line taken out": (replaces(1, 1), "node_modules/  # installed\n"),
    "lines put in before the first": (replaces(1, 0, "a"), f"a\n{TEXT}"),
    "lines put in between": (
        replaces(2, 1, "a"),
        "*.json\na\nnode_modules/  # installed\n",
    ),
    "lines put in at the end": (replaces(3, 2, "a"), f"{TEXT}a\n"),
    "the last line taken out": (replaces(2, 2), "*.json\n"),
    "all of it replaced": (replaces(1, 2, "a", "b"), "a\nb\n"),
}


@pytest.mark.parametrize(("fix", "after"), FIXES.values(), ids=FIXES)
def test_a_fix_does_what_it_says(fix: Fix, after: str) -> None:
    """As a reader applies it: text of a region, by lines and columns, replaced."""
    (result,) = results(report(diagnostic(problem("said"), fix)))
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == f"app/{IGNORE_FILE.shown}"
    (replacement,) = change["replacements"]
    assert applied(TEXT, replacement) == after
    # A file may end without a newline, and stays so.
    if fix.first > 1:
        bare = TEXT.removesuffix("\n")
        assert applied(bare, replacement) == after.removesuffix("\n")


def applied(text: str, replacement: Any) -> str:
    """A text with a replacement of SARIF done."""
    region = replacement["deletedRegion"]
    lines = text.splitlines(keepends=True)

    def offset(line: int, column: int) -> int:
        return sum(map(len, lines[: line - 1])) + column - 1

    start = offset(region["startLine"], region["startColumn"])
    end = offset(region["endLine"], region["endColumn"])
    assert start <= end <= len(text)
    inserted: str = replacement["insertedContent"]["text"]
    return text[:start] + inserted + text[end:]
