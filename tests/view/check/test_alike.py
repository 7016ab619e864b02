"""Many findings of one rule are counted, and no error is ever hidden by it."""

from __future__ import annotations

import io

from ctxopt.core.checking.catalogue import diagnostic
from ctxopt.core.checking.families import dockerfile
from ctxopt.core.checking.records import Diagnostic
from ctxopt.core.findings import codes
from ctxopt.core.findings.codes import Finding
from ctxopt.view.check.alike import ALIKE, few_of, lines_of
from ctxopt.view.check.text import show
from tests.view.check.checks import at, report


def found(finding: Finding, lines: range) -> list[Diagnostic]:
    problems = (finding.problem("said", place=at("Dockerfile", n)) for n in lines)
    return [*map(diagnostic, problems)]


def shown(*diagnostics: Diagnostic) -> str:
    out = io.StringIO()
    show(report(*diagnostics), out)
    return out.getvalue()


def test_many_notes_of_a_rule_are_a_few_and_a_line_with_the_others() -> None:
    text = shown(*found(dockerfile.ADD_COPIES, range(1, 10)))
    assert text.count("note    CTX712 said") == ALIKE
    assert "5 more of CTX712 add-copies in lines 5, 6, 7, 8 and 9" in text
    assert "9 notes" in text


def test_one_more_than_are_shown_is_shown() -> None:
    few = few_of(found(dockerfile.ADD_COPIES, range(ALIKE + 1)))
    assert len(few.shown) == ALIKE + 1
    assert few.more == {}


def test_each_rule_is_counted_for_itself() -> None:
    notes = (dockerfile.ADD_COPIES, dockerfile.MAINTAINER)
    few = few_of(one for note in notes for one in found(note, range(1, 5)))
    assert len(few.shown) == 8


def test_errors_are_all_shown_in_their_order() -> None:
    errors = found(codes.SOURCE_MISSING, range(1, 31))
    notes = found(dockerfile.ADD_COPIES, range(1, 31))
    few = few_of([*notes, *errors])
    assert [one for one in few.shown if one in errors] == errors
    assert few.shown[: ALIKE + 1] == [*notes[:ALIKE], errors[0]]


def test_of_many_lines_the_first_are_named() -> None:
    assert lines_of(found(dockerfile.MAINTAINER, range(1, 2))) == "line 1"
    said = lines_of(found(dockerfile.MAINTAINER, range(1, 31)))
    assert said == "lines 1, 2, 3, 4, 5, 6, 7, 8 and 22 more"


def test_what_has_no_line_is_only_counted() -> None:
    problem = codes.VAST_CONTEXT.problem("said")
    assert lines_of([diagnostic(problem)]) == ""


def test_a_line_is_shown_once_for_all_that_is_said_of_it() -> None:
    two = (dockerfile.ADD_COPIES, codes.SOURCE_MISSING)
    text = shown(*(one for finding in two for one in found(finding, range(2, 3))))
    assert text.count("COPY requirments.txt /") == 1
