"""What a problem says beside its message: where exactly, and what to do."""

from __future__ import annotations

import pytest

from ctxopt.core.builders import find_builder
from ctxopt.core.dockerfile import BuildOptions, RefusalError, link, parse, trace
from ctxopt.core.findings import codes, copied, problems
from ctxopt.core.ignorefile.lines import parse as parse_ignore_file
from ctxopt.core.model import BuilderName, Problem, Severity, SourceState
from ctxopt.core.patterns.pattern import PatternError, compile_patterns
from ctxopt.core.sources.outcomes import Outcome
from ctxopt.errors import CtxoptError


def problem_of(line: str, state: SourceState = SourceState.MISSING) -> Problem | None:
    """What is said of the first source of an instruction."""
    content = f"FROM scratch\n{line}\n".encode()
    sources = trace(link(parse(content, "Dockerfile"), BuildOptions())).sources
    builder = find_builder(BuilderName.BUILDKIT)
    want = builder.wanted(sources)[0]
    outcome = Outcome(state, want.path, want.path)
    return copied.source_problem(want, outcome, builder, None)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        pytest.param("COPY gone /to/", 6, id="a word"),
        pytest.param("  COPY  gone /to/", 9, id="spaces before it count"),
        pytest.param("COPY --chown=1 gone gone", 16, id="the target has the same name"),
        pytest.param("COPY gone-too gone /", 6, id="part of another word"),
        pytest.param("COPY gone gone /", None, id="twice: which of them is not sure"),
        pytest.param('COPY "gone" gone', 6, id="where its quote opens"),
        pytest.param('COPY ["gone", "gone"]', None, id="in JSON"),
        pytest.param("COPY gone \\\n /", None, id="over several lines"),
        pytest.param(
            "RUN --mount=type=bind,source=gone,target=/a cat gone x",
            None,
            id="a mount, whose command has the same word",
        ),
    ],
)
def test_a_source_is_found_in_its_line_where_that_is_sure(
    line: str, column: int | None
) -> None:
    problem = problem_of(line)
    assert problem is not None
    assert problem.column == column


def test_a_source_over_several_lines_ends_on_the_last() -> None:
    problem = problem_of("COPY gone \\\n  /")
    assert problem is not None
    assert (problem.line, problem.end_line) == (2, 3)


def test_a_missing_source_comes_with_its_cure() -> None:
    problem = problem_of("COPY gone /")
    assert problem is not None
    assert problem.hint == codes.SOURCE_MISSING.cure


def test_a_pattern_without_a_match_stops_some_builds_and_not_others() -> None:
    problem = problem_of("COPY gone* /", SourceState.EMPTY)
    assert problem is not None
    assert (problem.code, problem.severity in codes.SOURCE_EMPTY.severities) == (
        "source-empty",
        True,
    )
    # Where the build goes on, nothing has to be done.
    assert (problem.hint is None) is (problem.severity is Severity.NOTE)


# --- errors ------------------------------------------------------------------------


def test_an_error_keeps_its_place_and_its_own_hint() -> None:
    error = CtxoptError("no", hint="say yes", file="f", line=2, text="x", end_line=3)
    assert problems.refused(error) == Problem(
        "refused", Severity.ERROR, "no", "f", 2, hint="say yes", end_line=3
    )


def test_a_refused_dockerfile_has_the_hint_and_the_lines_of_the_refusal() -> None:
    with pytest.raises(RefusalError) as refused:
        parse(b"FROM scratch\nCOPPY a \\\n  b\n", "Dockerfile")
    problem = problems.refused_dockerfile(refused.value)
    assert (problem.line, problem.end_line) == (2, 3)
    assert problem.hint == refused.value.hint
    assert problem.hint is not None
    assert problem.hint not in problem.message
    assert problem.subject == "COPPY a \\\n  b"


@pytest.mark.parametrize("made", [problems.cut_off, problems.context_unknown])
def test_a_hint_that_the_message_has_is_not_said_twice(made: object) -> None:
    (pattern,) = compile_patterns(["a"])
    problem = made(PatternError(pattern, "why it is so"))  # type: ignore[operator]
    assert "(why it is so)" in problem.message
    assert problem.hint == "correct the pattern or take the line out"


def test_a_pattern_is_on_one_line() -> None:
    (pattern,) = parse_ignore_file(b"# x\na\n", ".dockerignore").patterns
    problem = problems.cut_off(PatternError(pattern, "why"))
    assert (problem.file, problem.line, problem.end_line) == (".dockerignore", 2, 2)
