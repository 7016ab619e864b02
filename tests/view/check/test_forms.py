"""Every form of a check, beside what it has always looked like."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from importlib import import_module
from typing import TextIO
from xml.etree import ElementTree as ET

import pytest

from ctxopt.core.checking.catalogue import diagnostic
from ctxopt.core.checking.records import CheckReport, Fix
from ctxopt.view.check import explaining, text
from ctxopt.view.terminal.layout import Page
from ctxopt.view.terminal.output import plain
from tests.view.check.checks import CHECKS, problem, report
from tests.view.expected import assert_golden

ENDINGS = {
    "json": "json",
    "sarif": "sarif",
    "gitlab": "json",
    "github": "txt",
    "markdown": "md",
    "checkstyle": "xml",
    "junit": "xml",
    "statistics": "txt",
}


def shown(form: str, check: CheckReport) -> str:
    """What a form makes of a check."""
    out = io.StringIO()
    show: Callable[[CheckReport, TextIO], None]
    show = import_module(f"ctxopt.view.check.{form}").show
    show(check, out)
    return out.getvalue()


@pytest.mark.parametrize("form", ENDINGS)
@pytest.mark.parametrize("name", CHECKS)
def test_a_form_is_what_it_was(
    name: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert_golden(f"check-{name}-{form}.{ENDINGS[form]}", shown(form, CHECKS[name]))


@pytest.mark.parametrize("width", [44, 80, 120])
@pytest.mark.parametrize("name", CHECKS)
def test_the_text_fits_its_page(name: str, width: int) -> None:
    lines = [plain(line) for line in text.render(CHECKS[name], Page(width))]
    assert all(len(line) <= width for line in lines)
    assert_golden(f"check-{name}-{width}.txt", "".join(f"{line}\n" for line in lines))


def test_an_annotation_stays_one_line_whatever_it_quotes() -> None:
    odd = report(diagnostic(problem("a\n::error::b\r%0A,:")))
    (line,) = shown("github", odd).splitlines()
    assert line.startswith("::error file=app/Dockerfile,line=2,endLine=2,title=")
    assert line.endswith("the instruction")
    assert line.count("::") == 4  # its own two, and what is quoted


def test_a_cell_of_markdown_cannot_be_left() -> None:
    odd = report(diagnostic(problem("a | <b> `c`\n| d")))
    row = shown("markdown", odd).splitlines()[-2]
    assert row.count("|") - row.count("\\|") == 5
    assert "\\<b\\>" in row


@pytest.mark.parametrize("form", ["checkstyle", "junit"])
def test_xml_can_be_read_whatever_it_quotes(form: str) -> None:
    odd = report(diagnostic(problem("\x00 & <a> \"b\" 'c' \udcff ]]>")))
    root = ET.fromstring(shown(form, odd))  # noqa: S314  # our own
    assert "& <a>" in "".join([*root.itertext(), *map(str, _values(root))])


def _values(root: ET.Element) -> list[str]:
    return [value for one in root.iter() for value in one.attrib.values()]


@pytest.mark.parametrize("form", ["json", "sarif", "gitlab"])
def test_json_is_ascii_and_one_value(form: str) -> None:
    said = shown(form, CHECKS["everything"])
    assert said.isascii()
    assert json.loads(said)


def test_a_rule_is_explained_within_the_page() -> None:
    rule = CHECKS["everything"].diagnostics[0].rule
    for width in (44, 80, 100):
        lines = [plain(line) for line in explaining.explanation(rule, Page(width))]
        assert all(len(line) <= width for line in lines if not line.startswith("    "))


def test_a_cure_that_a_fix_does_is_said_once() -> None:
    one = problem("gone")._replace(hint="write a")
    same = Fix("/repo/app/Dockerfile", 2, 2, ("a",), "write a")
    told = [
        plain(line) for line in text.render(report(diagnostic(one, same)), Page(80))
    ]
    assert "          → write a (--fix does it)" in told
    assert sum("write a" in line for line in told) == 1
