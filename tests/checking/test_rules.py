"""The rules of a check are whole: each found, left alone, explained and documented.

`UPDATE_README=1 pytest tests/checking` writes the table of `docs/checks.md` anew.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from itertools import groupby
from pathlib import Path

import pytest
from click.testing import CliRunner

from ctxopt.cli import main
from ctxopt.core.checking.catalogue import FAMILIES, RULES
from ctxopt.core.checking.records import CheckRule
from ctxopt.core.findings.codes import FINDINGS
from tests.checking.cases import Check, numbers_of
from tests.parsed import PACKAGE, module, nodes_of

FAMILY_FILES = PACKAGE / "core" / "checking" / "families"
DOCUMENT = PACKAGE.parent / "docs" / "checks.md"
HEAD = "<!-- table: rules of a check -->\n"
TABLES = sorted(Path(__file__).parent.glob("test_*.py"))

# Not of a check: four are of `watch`, and odd lines have a rule for each kind there.
NOT_OF_CHECK = {"refused", "not-written", "watch-limit", "watch-polling", "idle-line"}


def test_every_problem_of_a_scan_has_a_rule() -> None:
    codes = {one.code for one in FINDINGS}
    assert codes - {rule.code for rule in RULES} == NOT_OF_CHECK


def test_numbers_are_unique_and_in_order() -> None:
    numbers = [rule.number for rule in RULES]
    assert numbers == sorted(set(numbers))
    assert len({rule.code for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.number)
def test_a_rule_says_what_it_is_about(rule: CheckRule) -> None:
    assert re.fullmatch(r"CTX[0-7]\d\d", rule.number)
    assert rule.why.endswith(".")
    assert rule.example.strip()
    assert rule.better.strip()
    assert rule.example != rule.better
    assert re.fullmatch(r"(DL\d{4})?", rule.hadolint)


@cache
def tables() -> Mapping[str, Mapping[str, Check]]:
    """`CATCHES` and `LEAVES_ALONE` of all families, joined."""
    found: dict[str, dict[str, Check]] = {"CATCHES": {}, "LEAVES_ALONE": {}}
    for path in TABLES:
        module = import_module(f"tests.checking.{path.stem}")
        for name, rows in found.items():
            cases = getattr(module, name, {})
            rows |= {f"{path.stem}: {case}": cases[case] for case in cases}
    return found


@cache
def caught_below() -> frozenset[str]:
    """Those that the tests below the tables catch: `CAUGHT_BELOW` of a module."""
    modules = [import_module(f"tests.checking.{path.stem}") for path in TABLES]
    return frozenset().union(*(getattr(one, "CAUGHT_BELOW", ()) for one in modules))


# No build of these is made in a moment; the finding has a test of its own.
ELSEWHERE = {
    "CTX105": "rights: tests/test_pipeline.py",
    "CTX114": "4096 bytes: tests/test_pipeline.py",
    "CTX118": "a race: tests/test_pipeline.py",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.number)
def test_each_has_a_case_that_it_catches_and_one_that_it_leaves_alone(
    rule: CheckRule,
) -> None:
    caught, alone = (numbers_of(rows) for rows in tables().values())
    assert rule.number in alone
    assert (
        rule.number in caught
        or rule.number in ELSEWHERE
        or rule.number in caught_below()
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.number)
def test_explain_tells_all_of_it(rule: CheckRule) -> None:
    said = CliRunner().invoke(main, ["explain", rule.number]).output
    words = " ".join(said.split())
    for part in (rule.code, rule.why, rule.hadolint):
        assert " ".join(part.split()) in words


def test_findings_of_the_families_are_rules_and_are_made() -> None:
    """So that none is written down and never found."""
    named = {
        (path.stem, target.id)
        for path in FAMILY_FILES.glob("*.py")
        for node in module(path).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and _calls_finding(node.value)
    }
    names = {name for _, name in named}
    used = {
        node.attr
        for path, node in nodes_of(ast.Attribute, saying=names)
        if path.parent != FAMILY_FILES
    }
    assert names - used == set()
    assert {name.lower().replace("_", "-") for name in names} <= {
        rule.code for rule in RULES
    }


def _calls_finding(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "Finding"


# --- docs/checks.md --------------------------------------------------------------


def document_table() -> str:
    """The rules as the document lists them."""
    parts = [HEAD]
    for family, rules in groupby(RULES, key=lambda rule: rule.family):
        parts.append(f"\n### CTX{family}xx: {FAMILIES[family]}\n\n")
        parts.append("| rule | severity | what it means | what to do |\n")
        parts.append("|---|---|---|---|\n")
        parts.extend(map(_row, rules))
    return "".join(parts)


def _row(rule: CheckRule) -> str:
    finding = rule.finding
    also = f" ({rule.hadolint})" if rule.hadolint else ""
    name = f'<a id="{rule.number.lower()}"></a>{rule.number} `{rule.code}`{also}'
    severities = ", ".join(finding.severities)
    return f"| {name} | {severities} | {finding.title} | {finding.cure} |\n"


def test_the_document_lists_every_rule() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, found, rest = text.partition(HEAD)
    assert found, "docs/checks.md has lost its table"
    if os.environ.get("UPDATE_README") == "1":
        DOCUMENT.write_text(before + document_table(), encoding="utf-8")
        return
    assert found + rest == document_table(), "UPDATE_README=1 pytest tests/checking"
