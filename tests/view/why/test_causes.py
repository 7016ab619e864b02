"""The words for what an error of a build's log is about."""

from __future__ import annotations

import pytest

from ctxopt.core.buildlog.errors import (
    BuildLog,
    LogCause,
    LogError,
    LogOutcome,
    LogPlace,
)
from ctxopt.core.model import BuilderName
from ctxopt.core.why.logged import LogAnswer, LogExplanation
from ctxopt.view.why.causes import cause_words, summary


def answer(cause: LogCause, subject: str = "x", refusal: str = "") -> LogAnswer:
    error = LogError(cause, "docker's words", 1, subject=subject)
    return LogAnswer(error, refusal=refusal)


def explanation(*answers: LogAnswer, builder: BuilderName | None) -> LogExplanation:
    errors = tuple(one.error for one in answers)
    outcome = LogOutcome.FAILED if errors else LogOutcome.SUCCEEDED
    return LogExplanation("a.log", BuildLog(builder, outcome, errors, 9), answers)


def words(one: LogAnswer) -> list[str]:
    return [*cause_words(one, explanation(one, builder=None))]


@pytest.mark.parametrize("cause", LogCause)
def test_every_cause_has_a_sentence_that_says_whether_it_is_the_context(
    cause: LogCause,
) -> None:
    (sentence,) = words(answer(cause))
    elsewhere = sentence.startswith("Not about the context: ")
    assert elsewhere is (not cause.is_of_context and cause is not LogCause.OTHER)
    assert sentence.endswith((".", "?"))
    assert "{" not in sentence


@pytest.mark.parametrize("cause", LogCause)
def test_braces_in_what_docker_names_stay(cause: LogCause) -> None:
    assert all("{" not in one or "{a}" in one for one in words(answer(cause, "{a}")))


def test_a_build_that_is_refused_now_says_so_beside_the_error() -> None:
    assert words(answer(LogCause.NOT_FOUND, refusal="Dockerfile:2: no")) == [
        "As the files are now: Dockerfile:2: no."
    ]


def test_the_place_of_a_refusal_is_told() -> None:
    error = LogError(LogCause.DOCKERFILE, "m", 1, place=LogPlace("Dockerfile", 7, 7))
    (sentence,) = words(LogAnswer(error))
    assert "refuses the Dockerfile at line 7;" in sentence


@pytest.mark.parametrize(
    ("causes", "builder", "said"),
    [
        (
            [],
            BuilderName.LEGACY,
            " by the legacy builder in a.log succeeded: it has no",
        ),
        ([], None, "The build in a.log succeeded: it has no error."),
        ([LogCause.NOT_FOUND], None, "failed: 1 error, about the context."),
        ([LogCause.IMAGE], BuilderName.BUILDKIT, "1 error, not about the context."),
        ([LogCause.IMAGE, LogCause.OUTSIDE], None, "2 errors, 1 of them about the"),
    ],
)
def test_the_first_sentence_tells_how_many_are_about_the_context(
    causes: list[LogCause], builder: BuilderName | None, said: str
) -> None:
    assert said in summary(explanation(*map(answer, causes), builder=builder))
