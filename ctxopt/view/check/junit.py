"""The check as a JUnit report: a test for each finding, that fails.

A note is a test that passes, with its words beside it.
"""

from __future__ import annotations

from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from ctxopt.core.checking.places import Placed, placed
from ctxopt.core.checking.records import CheckReport
from ctxopt.core.model import Severity
from ctxopt.view.check.builds import message
from ctxopt.view.terminal import formatting


def show(report: CheckReport, out: TextIO) -> None:
    """Write one XML document; where nothing is found, one test that passes."""
    found = tuple(placed(report))
    failures = sum(_fails(one) for one in found)
    tests = max(len(found), 1)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f'<testsuites><testsuite name="ctxopt check" tests="{tests}"')
    out.write(f' failures="{failures}" errors="0">\n')
    if not found:
        out.write('  <testcase classname="ctxopt" name="nothing is found"/>\n')
    out.writelines(f"  {_case(one)}\n" for one in found)
    out.write("</testsuite></testsuites>\n")


def _fails(one: Placed) -> bool:
    return one.diagnostic.severity is not Severity.NOTE


def _case(one: Placed) -> str:
    problem, rule, place = one.diagnostic.problem, one.diagnostic.rule, one.place
    name = f"{rule.number} {rule.code} {place.path}:{place.line}"
    cure = formatting.advice(problem)
    said = escape(formatting.printable(cure or rule.why))
    what = formatting.printable(message(one.diagnostic))
    inner = f"<system-out>{escape(what)}</system-out>"
    if _fails(one):
        told = f'type="{problem.severity}" message={quoteattr(what)}'
        inner = f"<failure {told}>{said}</failure>"
    head = quoteattr(formatting.printable(name))
    return f'<testcase classname="ctxopt.{rule.code}" name={head}>{inner}</testcase>'
