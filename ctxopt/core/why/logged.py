"""The errors of a build's log, each with the sources of the Dockerfile it is about.

A log knows a source by the lines that BuildKit shows (`Dockerfile:4`), by the text of
its step (`COPY config.yml /app/`) or by nothing but the path that was missed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ctxopt.core.buildlog.errors import BuildLog, LogCause, LogError
from ctxopt.core.golang.paths import clean
from ctxopt.core.model import Severity, Source, SourceState
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.why.answer import Explanation, PathAnswer, SourceAnswer


class LogAnswer(NamedTuple):
    """What is told of one error of a log."""

    error: LogError
    sources: tuple[SourceAnswer, ...] = ()  # that it is about
    path: PathAnswer | None = None  # where no source fails as the files are now
    refusal: str = ""  # why the build, as it is now, cannot be looked at
    meant: str = ""  # the stage that was likely meant as --target

    @property
    def is_found_now(self) -> bool:
        """Whether its sources are found with the files as they are now."""
        states = {one.use.state for one in self.sources}
        return states == {SourceState.FOUND} and not any(map(fails, self.sources))


class LogExplanation(NamedTuple):
    """What `why --build-log` tells: of each error of a log."""

    file: str  # as messages name the log
    log: BuildLog
    answers: tuple[LogAnswer, ...] = ()
    told: Explanation | None = None  # of the build as it is now, if it can be read

    @property
    def is_of_context(self) -> bool:
        """Whether an error of the log is about the context."""
        return any(one.error.cause.is_of_context for one in self.answers)


# About an instruction as a whole, so that the path says nothing of its sources.
_OF_ALL_SOURCES = frozenset(
    {
        LogCause.NO_SOURCE,
        LogCause.DESTINATION,
        LogCause.COLLISION,
        LogCause.BAD_PATTERN,
        LogCause.WORDLESS,
    }
)


def fails(answer: SourceAnswer) -> bool:
    """Whether the build fails at a source."""
    return answer.problem is not None and answer.problem.severity is Severity.ERROR


def sources_asked(
    error: LogError, answers: Sequence[SourceAnswer]
) -> tuple[SourceAnswer, ...]:
    """The sources of the Dockerfile that an error of a log is about; may be none.

    Of several, those that fail now are meant; what is wrong with all of them is told
    at the first.
    """
    located = _first_of(
        answers, (lambda one: _is_at(one, error), lambda one: _is_step(one, error))
    )
    if error.subject and error.cause not in _OF_ALL_SOURCES:
        found = [one for one in located or answers if _asks_for(one, error.subject)]
    else:
        found = located
    failing = {one.problem: one for one in reversed(found) if fails(one)}
    return tuple(reversed(failing.values())) or tuple(found)


def _first_of(
    answers: Sequence[SourceAnswer], tests: Sequence[Callable[[Source], bool]]
) -> list[SourceAnswer]:
    """What the first test picks that picks anything."""
    for test in tests:
        picked = [one for one in answers if test(one.use.source)]
        if picked:
            return picked
    return []


def _is_at(source: Source, error: LogError) -> bool:
    """Whether a source stands in the lines that the log shows."""
    place, here = error.place, source.location
    if place is None:
        return False
    if place.file and file_name(place.file) != file_name(here.file):
        return False
    return place.line <= here.line <= place.end_line


def _is_step(source: Source, error: LogError) -> bool:
    """Whether a source stands in the instruction that the log names."""
    return bool(error.instruction) and _words(source.line_text) == _words(
        error.instruction
    )


def _words(instruction: str) -> list[str]:
    words = instruction.replace("\\", " ").split()
    return words[1:] if words[:1] == ["ONBUILD"] else words


def _asks_for(answer: SourceAnswer, path: str) -> bool:
    """Whether a source names a path, or begins in the folder that was missed."""
    expanded = answer.use.source.expanded
    wanted = _from_root(path)
    named = _from_root(expanded)
    return path == expanded or named == wanted or named.startswith(f"{wanted}/")


def _from_root(path: str) -> str:
    """A path as BuildKit reads it: nothing is above the root of the context.

    Source: moby/buildkit, frontend/dockerfile/dockerfile2llb/convert_copy.go.
    """
    return clean(f"/{path}").lstrip("/")


def file_name(path: str) -> str:
    """The last name of a path, of Windows or of others."""
    return path.replace("\\", "/").rpartition("/")[2]
