"""The check as SARIF 2.1.0, which code scanning of GitHub, editors and others read.

Rule: OASIS, Static Analysis Results Interchange Format 2.1.0; the schema is in
`fixtures/sarif`, and a test holds this to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TextIO
from urllib.parse import quote

from ctxopt.core.checking.catalogue import FAMILIES, RULES
from ctxopt.core.checking.places import Place, Placed, placed, relative
from ctxopt.core.checking.records import CheckReport, CheckRule, FileText, Fix
from ctxopt.core.model import Severity
from ctxopt.view.check.builds import message
from ctxopt.view.terminal import formatting

Json = Mapping[str, object]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"  # the top of the repository, as GitHub has it
HEAD: Json = {"$schema": SCHEMA, "version": "2.1.0"}
RUN: Json = {
    "invocations": [{"executionSuccessful": True}],
    "columnKind": "unicodeCodePoints",
}
SECRETS = "4"
# Of 10, as GitHub sorts security alerts: a secret that anybody can read is high.
_SECURITY = {Severity.ERROR: "9.0", Severity.WARNING: "8.0", Severity.NOTE: "4.0"}


def show(report: CheckReport, out: TextIO) -> None:
    """Write one SARIF log with one run."""
    out.write(json.dumps(as_sarif(report), indent=2) + "\n")


def as_sarif(report: CheckReport) -> Json:
    """The log: the rules that found something, and what they found."""
    found = findings_of(report)
    return {
        **HEAD,
        "runs": [
            {
                "tool": {"driver": {**driver(report.made_by), "rules": found["rules"]}},
                **RUN,
                "results": found["results"],
            }
        ],
    }


def findings_of(report: CheckReport) -> Json:
    """What a check adds to a run: `rules` that found something, and `results`."""
    found = tuple(placed(report))
    used = {one.diagnostic.rule for one in found}
    rules = [rule for rule in RULES if rule in used]
    return {
        "rules": [_rule(rule) for rule in rules],
        "results": [_result(one, rules, report) for one in found],
    }


def driver(version: str) -> Json:
    """The program that looked, without its rules."""
    return {"name": "ctxopt", **({"semanticVersion": version} if version else {})}


# --- the rules -------------------------------------------------------------------


def _rule(rule: CheckRule) -> Json:
    tags = [FAMILIES[rule.family]]
    properties: dict[str, object] = {"tags": tags, "precision": "high"}
    if rule.family == SECRETS:
        tags.append("security")
        properties["security-severity"] = _SECURITY[rule.finding.severity]
    return {
        "id": rule.number,
        "name": "".join(part.capitalize() for part in rule.code.split("-")),
        "shortDescription": {"text": _sentence(rule.finding.title)},
        "fullDescription": {"text": rule.why},
        "help": {"text": _help(rule), "markdown": _help_markdown(rule)},
        "defaultConfiguration": {"level": rule.finding.severity.value},
        "properties": properties,
    }


def _help(rule: CheckRule) -> str:
    return (
        f"{rule.why}\n\nWhat it catches:\n{rule.example}\n\n"
        f"As it should be:\n{rule.better}\n\nWhat to do: {rule.finding.cure}."
    )


def _help_markdown(rule: CheckRule) -> str:
    return (
        f"{rule.why}\n\nWhat it catches:\n\n```\n{rule.example}\n```\n\n"
        f"As it should be:\n\n```\n{rule.better}\n```\n\n"
        f"What to do: {rule.finding.cure}.\n"
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


# --- the results -----------------------------------------------------------------


def _result(one: Placed, rules: list[CheckRule], report: CheckReport) -> Json:
    problem, rule = one.diagnostic.problem, one.diagnostic.rule
    cure = formatting.advice(problem)
    what = message(one.diagnostic)
    said = what if cure is None else f"{what}. To do: {cure}."
    fix, builds = one.diagnostic.fix, one.diagnostic.builds
    return {
        "ruleId": rule.number,
        "ruleIndex": rules.index(rule),
        "level": problem.severity.value,
        "message": {"text": formatting.printable(said)},
        "locations": [{"physicalLocation": _location(one.place)}],
        "partialFingerprints": {"ctxopt/v1": one.fingerprint},
        **({"properties": {"builds": list(builds)}} if builds else {}),
        **({} if fix is None else {"fixes": [_fix(fix, one.place, report)]}),
    }


def _location(place: Place) -> Json:
    region: dict[str, object] = {"startLine": place.line, "endLine": place.end_line}
    if place.column is not None:
        region["startColumn"] = place.column
    return {"artifactLocation": _artifact(place.path), "region": region}


def _artifact(path: str) -> Json:
    uri = quote(path.encode("utf-8", "surrogateescape"))
    if path.startswith("/"):
        return {"uri": f"file://{uri}"}
    return {"uri": uri, "uriBaseId": ROOT}


def _fix(fix: Fix, place: Place, report: CheckReport) -> Json:
    """A change of whole lines; in the file that the result is about, or another."""
    text = next((one for one in report.texts if one.path == fix.path), None)
    path = _path(text, report, place)
    change = {
        "artifactLocation": _artifact(path),
        "replacements": [_replacement(fix, text)],
    }
    return {
        "description": {"text": formatting.printable(fix.title)},
        "artifactChanges": [change],
    }


def _path(text: FileText | None, report: CheckReport, place: Place) -> str:
    return relative(report, text.shown) if text is not None else place.path


def _replacement(fix: Fix, text: FileText | None) -> Json:
    """Lines are put in before one, taken out with their ends, or put in their place."""
    if text is None or fix.last < len(text.lines):
        start, end = (fix.first, 1), (fix.last + 1, 1)
        inserted = "".join(f"{line}\n" for line in fix.lines)
    else:  # with the ends of the lines before: the last one may have none
        start, end = _end_of(text, fix.first - 1), _end_of(text, fix.last)
        inserted = "\n".join(["", *fix.lines] if fix.first > 1 else fix.lines)
    region = {
        "startLine": start[0],
        "startColumn": start[1],
        "endLine": end[0],
        "endColumn": end[1],
    }
    return {"deletedRegion": region, "insertedContent": {"text": inserted}}


def _end_of(text: FileText, line: int) -> tuple[int, int]:
    """The line and the column behind a line; behind line 0 the file begins."""
    return (line, len(text.line(line) or "") + 1) if line else (1, 1)
