"""Which rules count, and as how bad."""

from __future__ import annotations

import pytest

from ctxopt.core.checking.catalogue import RULES, diagnostic, named
from ctxopt.core.checking.selecting import counting, is_as_bad, is_selected
from ctxopt.core.checking.settings import CheckSettings
from ctxopt.core.findings import codes
from ctxopt.core.model import Location, Severity
from ctxopt.errors import CtxoptError
from tests.rows import answers

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
MISSING = diagnostic(
    codes.SOURCE_MISSING.problem("gone", place=Location("app/Dockerfile", 3, 3))
)

SELECTED = [
    # select, ignore, is CTX102 heard of
    ("", "", True),
    ("CTX1", "", True),
    ("ctx102", "", True),
    ("source-missing", "", True),
    ("CTX2", "", False),
    ("", "CTX1", False),
    ("", "source-missing", False),
    ("CTX1", "CTX102", False),
    ("CTX102", "CTX1", True),
    ("CTX102", "CTX102", False),
    ("CTX1 CTX2", "CTX2", True),
]


@pytest.mark.parametrize(("select", "ignore", "heard"), SELECTED)
def test_the_longer_word_decides(select: str, ignore: str, *, heard: bool) -> None:
    settings = CheckSettings(tuple(select.split()), tuple(ignore.split()))
    assert is_selected(MISSING.rule, settings) is heard


def severity(**settings: object) -> Severity | None:
    """As how bad the missing source counts; None: not at all."""
    found = [*counting([MISSING], CheckSettings(**settings))]  # type: ignore[arg-type]
    return found[0].severity if found else None


def test_a_severity_is_what_the_nearest_word_says() -> None:
    assert severity() is ERROR
    assert severity(severities={"CTX1": NOTE}) is NOTE
    assert severity(severities={"CTX1": NOTE, "CTX102": WARNING}) is WARNING
    assert severity(severities={"source-missing": None}) is None


PER_PATH = {
    "of a folder around": ({"app": NOTE}, NOTE),
    "of its file": ({"**/Dockerfile": None}, None),
    "of another path": ({"src/**": None}, ERROR),
    "the last that fits": ({"**": None, "app": NOTE}, NOTE),
    "a wide one that comes last": ({"app": NOTE, "**": None}, None),
}


@pytest.mark.parametrize(("said", "is_now"), PER_PATH.values(), ids=PER_PATH)
def test_what_is_said_of_a_path_holds(
    said: dict[str, Severity | None], is_now: Severity | None
) -> None:
    assert severity(per_path=tuple(said.items())) is is_now


def test_a_path_goes_before_a_rule() -> None:
    said = (("app/**", WARNING),)
    assert severity(per_path=said, severities={"CTX102": None}) is WARNING


def test_worse_is_as_bad() -> None:
    assert is_as_bad(ERROR, WARNING)
    assert is_as_bad(NOTE, NOTE)
    assert not is_as_bad(NOTE, WARNING)


def test_a_word_that_names_no_rule_is_an_error_with_the_nearest() -> None:
    with pytest.raises(CtxoptError, match="did you mean source-missing"):
        named("source-mising")


def test_a_rule_is_named_by_number_and_word() -> None:
    words = {word: (rule,) for rule in RULES for word in (rule.number, rule.code)}
    assert answers(words, named) == words
