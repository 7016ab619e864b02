"""Which sources of a Dockerfile an error of a log is about."""

from __future__ import annotations

import pytest

from ctxopt.core.buildlog.errors import LogCause, LogError, LogPlace
from ctxopt.core.findings import codes
from ctxopt.core.model import Location, Severity, Source, SourceState, SourceUse
from ctxopt.core.why.answer import SourceAnswer
from ctxopt.core.why.logged import LogAnswer, file_name, sources_asked

NOT_FOUND, NO_SOURCE = LogCause.NOT_FOUND, LogCause.NO_SOURCE
BROKEN = codes.SOURCE_MISSING.problem("gone", severity=Severity.ERROR)
ODD = codes.SOURCE_EMPTY.problem("matches nothing", severity=Severity.NOTE)


def answer(line: int, text: str, *, instruction: str = "") -> SourceAnswer:
    """A source that is found, of an instruction of one line."""
    where = Location("Dockerfile", line, line)
    whole = instruction or f"COPY {text} /x/"
    source = Source("COPY", "0", where, text, text, line_text=whole)
    return SourceAnswer(SourceUse(source, 1, 1, SourceState.FOUND))


def failing(one: SourceAnswer) -> SourceAnswer:
    use = one.use._replace(state=SourceState.MISSING)
    return one._replace(use=use, problem=BROKEN)


def error(
    path: str, *, cause: LogCause = NOT_FOUND, step: str = "", at: str = ""
) -> LogError:
    file, _, line = at.rpartition(":")
    place = LogPlace(file, int(line), int(line) + 1) if at else None
    return LogError(cause, "m", 1, subject=path, instruction=step, place=place)


SOURCES = [
    answer(2, "a"),
    answer(4, "a"),
    answer(4, "b"),
    answer(6, "../up"),
    answer(8, "lib/*.txt"),
    answer(9, "my file", instruction='ONBUILD COPY ["my file", "/x/"]'),
]


@pytest.mark.parametrize(
    ("of", "lines"),
    [
        pytest.param(error("a"), [2, 4], id="the path alone is of all that ask for it"),
        pytest.param(error("a", at="Dockerfile:4"), [4], id="the lines that are shown"),
        pytest.param(error("a", at="x/Dockerfile:4"), [4], id="its folder is another"),
        pytest.param(
            error("a", at="api.Dockerfile:4"), [2, 4], id="another Dockerfile"
        ),
        pytest.param(error("a", at=":4"), [4], id="a line of no file in particular"),
        pytest.param(error("a", step="COPY a /x/"), [2, 4], id="the text of the step"),
        pytest.param(error("b", step="COPY b  /x/"), [4], id="blanks say nothing"),
        pytest.param(error("b", at="Dockerfile:2"), [], id="not of these lines"),
        pytest.param(error("up"), [6], id="nothing is above the root"),
        pytest.param(error("../up"), [6], id="as it is written"),
        pytest.param(error("lib"), [8], id="the folder before a wildcard"),
        pytest.param(error("li"), [], id="not the beginning of a name"),
        pytest.param(
            error("my file", step='COPY ["my file", "/x/"]'), [9], id="a trigger"
        ),
        pytest.param(error("nosuch"), [], id="what nobody asks for"),
        pytest.param(
            error("", cause=NO_SOURCE, at="Dockerfile:4"), [4, 4], id="all of a step"
        ),
        pytest.param(error("", cause=NO_SOURCE), [], id="no step and no path"),
    ],
)
def test_the_sources_of_an_error(of: LogError, lines: list[int]) -> None:
    found = sources_asked(of, SOURCES)
    assert [one.use.source.location.line for one in found] == lines


def test_of_several_those_that_fail_are_meant() -> None:
    sources = [answer(2, "a"), failing(answer(4, "a"))]
    assert sources_asked(error("a"), sources) == (sources[1],)


def test_what_is_wrong_with_all_of_them_is_told_once() -> None:
    sources = [failing(answer(4, "a")), failing(answer(4, "b"))]
    found = sources_asked(error("", cause=NO_SOURCE, at="Dockerfile:4"), sources)
    assert found == (sources[0],)


def test_a_wildcard_that_matches_nothing_is_not_found_now() -> None:
    empty = answer(8, "lib/*.txt")
    use = empty.use._replace(state=SourceState.EMPTY)
    empty = empty._replace(use=use, problem=ODD)
    assert not LogAnswer(error("lib"), (empty,)).is_found_now
    assert not LogAnswer(error("lib"), (failing(empty),)).is_found_now
    assert not LogAnswer(error("lib")).is_found_now
    assert LogAnswer(error("a"), (answer(2, "a"),)).is_found_now


def test_the_name_of_a_file_is_read_on_any_system() -> None:
    assert {file_name(one) for one in ("a/b", "C:\\a\\b", "b")} == {"b"}
