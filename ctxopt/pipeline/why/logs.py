"""From the log of a build that failed to what is told of each of its errors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

from ctxopt.core.buildlog.errors import BuildLog, LogCause, LogError, LogOutcome
from ctxopt.core.buildlog.reading import read_log
from ctxopt.core.dockerfile import parse
from ctxopt.core.findings import codes
from ctxopt.core.golang.filepath_match import has_wildcard
from ctxopt.core.model import Request
from ctxopt.core.nearest import closest, nearest_names
from ctxopt.core.why.answer import Explanation, PathAnswer
from ctxopt.core.why.logged import LogAnswer, LogExplanation, sources_asked
from ctxopt.errors import CtxoptError
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.why.asking import explain

# Whose subject is a path of the context.
_OF_A_PATH = frozenset(
    {
        LogCause.NOT_FOUND,
        LogCause.OUTSIDE,
        LogCause.LINK_LOOP,
        LogCause.NOT_A_FOLDER,
        LogCause.UNREADABLE,
    }
)
_WHOLE = "record the whole output: docker build --progress=plain . 2>&1 | tee build.log"


def explain_log(request: Request, text: str, file: str) -> LogExplanation:
    """What the log of a build tells, and what the files as they are now say to it.

    The builder that made the log is the one that is asked. Raises CtxoptError for a
    log that tells neither an error nor a good end.
    """
    log = read_log(text)
    if log.outcome is LogOutcome.UNTOLD:
        raise _untold(log, file)
    if log.builder is not None:
        request = request._replace(builder=log.builder)
    if not log.errors:
        return LogExplanation(file, log)
    named = bool(request.build_contexts)
    try:
        asked = any(_is_of_build(error, named=named) for error in log.errors)
        told = explain(request) if asked else None
    except CtxoptError as error:
        return LogExplanation(file, log, tuple(_without_build(log, str(error))))
    answers = tuple(_answer(error, request, told) for error in log.errors)
    return LogExplanation(file, log, answers, told)


def _untold(log: BuildLog, file: str) -> CtxoptError:
    if not log.lines:
        return CtxoptError("the log is empty", hint=_WHOLE, file=file)
    if log.builder is not None:
        said = "no error is in this log, and not the end of its build either"
        return CtxoptError(said, hint=_WHOLE, file=file)
    return CtxoptError(
        'no line of docker is in this log: "failed to solve", "COPY failed", '
        '"#4 ERROR" and the like were looked for',
        hint=_WHOLE,
        file=file,
    )


def _is_of_build(error: LogError, *, named: bool = False) -> bool:
    """Whether the files of the build have a say in what is told of an error.

    `named`: the build has named contexts, and --from may be one of them.
    """
    match error.cause:
        case LogCause.NO_CONTEXT:
            return False
        case LogCause.TARGET | LogCause.DOCKERFILE | LogCause.IMAGE:
            return True
        case LogCause.STAGE_FILE:
            return named
        case _:
            return error.cause.is_of_context


def _without_build(log: BuildLog, refusal: str) -> Iterator[LogAnswer]:
    """The answers where the builder would refuse the build as it is now."""
    for error in log.errors:
        concerned = _is_of_build(error) and error.cause is not LogCause.IMAGE
        yield LogAnswer(error, refusal=refusal if concerned else "")


def _answer(error: LogError, request: Request, told: Explanation | None) -> LogAnswer:
    if told is None:
        return LogAnswer(error)
    if error.cause in {LogCause.TARGET, LogCause.IMAGE}:
        return LogAnswer(error, meant=_stage_meant(request, error))
    if error.cause is LogCause.DOCKERFILE:
        return LogAnswer(error, refusal=_refused_now(told))
    if error.cause is LogCause.STAGE_FILE:
        return _of_named_context(error, told)
    if not error.cause.is_of_context:
        return LogAnswer(error)
    path = _path_of(error, told)
    error = error if path is None else replace(error, subject=path)
    answer = LogAnswer(error, sources_asked(error, told.sources))
    if path is None or (answer.sources and not answer.is_found_now):
        return answer
    return answer._replace(path=_path_answer(request, told, path))


def _path_of(error: LogError, told: Explanation) -> str | None:
    """The path in the context that an error is about; None where it is of none.

    The client tells an absolute one, which may be of another machine: the part of it
    that is in this context is meant.
    """
    if error.cause not in _OF_A_PATH or not error.subject:
        return None
    if not os.path.isabs(error.subject):
        return error.subject
    tree = DiskTree(told.context_path)
    names = error.subject.strip("/").split("/")
    ends = ("/".join(names[start:]) for start in range(len(names)))
    return next((end for end in ends if tree.kind(end) is not None), None)


def _path_answer(request: Request, told: Explanation, path: str) -> PathAnswer | None:
    """What `why` tells of one path; None for one that is read as a pattern."""
    if has_wildcard(path) or path.startswith("../"):
        return None
    whole = os.path.join(told.context_path, path)
    (answer,) = explain(request, (whole,)).answers
    return answer if isinstance(answer, PathAnswer) else None


def _refused_now(told: Explanation) -> str:
    """Why the Dockerfile is refused as it is now, after the context was sent."""
    refusals = {codes.DOCKERFILE_REFUSED.code, codes.NEEDS_BUILDKIT.code}
    for problem in told.problems:
        if problem.code in refusals:
            place = f"{problem.file}:{problem.line}" if problem.line else problem.file
            return f"{place}: {problem.message}"
    return ""


def _of_named_context(error: LogError, told: Explanation) -> LogAnswer:
    """The answer for --from, which names a stage, an image or a named context."""
    named = [one for one in told.sources if one.context]
    sources = sources_asked(error, named)
    if not sources:
        return LogAnswer(error)
    return LogAnswer(replace(error, cause=LogCause.NOT_FOUND), sources)


def _stage_meant(request: Request, error: LogError) -> str:
    """The stage whose name is near to a target, or to an image, that is not there.

    Who mistypes a stage in FROM or --from gets asked for an image of that name.
    """
    build = read_build(request)
    parsed = parse(build.dockerfile.content, build.dockerfile.shown)
    names = [stage.name for stage in parsed.stages if stage.name]
    if error.cause is LogCause.TARGET:
        return closest(error.subject, names)
    image = error.subject.removeprefix("docker.io/library/").partition(":")[0]
    near = nearest_names(image, names)
    return near[0].name if near else ""
