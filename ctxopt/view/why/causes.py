"""What an error of a build's log is about, and what to do, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxopt.core.buildlog.errors import LogCause, LogError
from ctxopt.core.model import GitState
from ctxopt.core.why.logged import LogAnswer, LogExplanation
from ctxopt.view.terminal.formatting import count

# One sentence of what it is, and what to do. None of these is about the context.
_ELSEWHERE = {
    LogCause.DOCKERFILE: "the builder refuses the Dockerfile{at}; correct what it"
    " names there",
    LogCause.TARGET: 'no stage is called "{subject}"; {meant}',
    LogCause.NEEDS_BUILDKIT: "{subject} needs BuildKit, and the legacy builder was"
    " asked; build without DOCKER_BUILDKIT=0 and with buildx, or leave it out",
    LogCause.STAGE_FILE: '"{subject}" is looked for in {origin}; make it there, or'
    " correct the path",
    LogCause.IMAGE: "the image {image}was not had from its registry; {stage}",
    LogCause.COMMAND: "a command of the build failed, and the log says above why; if a"
    " file is missing there, ctxopt why FILE tells whether it was sent",
    LogCause.SECRET: "a secret or a key was not given; say docker build --secret"
    " id=NAME,src=FILE, or --ssh default",
    LogCause.DISK: "the disk of the builder is full; docker builder prune makes room",
    LogCause.DAEMON: "docker was not reached; start it, and check DOCKER_HOST and"
    " whether you may use it",
    LogCause.EXPORT: "the image was built, and could not be written or pushed; check"
    " the disk and docker login",
    LogCause.CANCELLED: "the build was stopped from outside; start it again",
}
# About the context, where no source and no path says more.
_OF_CONTEXT = {
    LogCause.UNREADABLE: '"{subject}" may not be read by whoever starts the build;'
    " make it readable, or keep it out with a line in the ignore file",
    LogCause.BAD_PATTERN: "a pattern of the ignore file or of an --exclude could not be"
    " used; all of them can be read now",
    LogCause.NO_CONTEXT: "{folder}",
    LogCause.NO_DOCKERFILE: '"{subject}" was looked for as the Dockerfile and was not'
    " there; give its path, from the current folder, with -f",
    LogCause.CLIENT: "the client could not read the context; its words say what to do",
    LogCause.COLLISION: 'a file and a folder meet at "{subject}" in the image; copy'
    " them to different places",
}


def summary(told: LogExplanation) -> str:
    """How the builds of a log ended, in one sentence."""
    log = told.log
    builder = {"buildkit": "BuildKit", "legacy": "the legacy builder"}
    by = f" by {builder[log.builder]}" if log.builder is not None else ""
    if not log.errors:
        return f"The build{by} in {told.file} succeeded: it has no error."
    about = sum(one.error.cause.is_of_context for one in told.answers)
    errors = count(len(log.errors), "error")
    if about == len(log.errors):
        return f"The build{by} in {told.file} failed: {errors}, about the context."
    of_them = f"{about} of them" if about else "not"
    return (
        f"The build{by} in {told.file} failed: {errors}, {of_them} about the context."
    )


def cause_words(answer: LogAnswer, told: LogExplanation) -> Iterator[str]:
    """What is told of an error besides its sources and its path, a sentence each."""
    error = answer.error
    if error.cause in _ELSEWHERE:
        yield f"Not about the context: {_filled(_ELSEWHERE[error.cause], answer)}"
    elif not error.cause.is_of_context:
        yield (
            "This is no error that ctxopt knows; nothing in it speaks of the context."
        )
    elif answer.refusal and error.cause is LogCause.BAD_PATTERN:
        pass  # the refusal has the line
    elif error.cause in _OF_CONTEXT and not _failing(answer):
        words = _filled(_OF_CONTEXT[error.cause], answer)
        yield f"{words[:1].upper()}{words[1:]}"
    elif not answer.refusal:
        yield from _sources_words(answer, told)
    if answer.refusal:
        yield f"As the files are now: {answer.refusal}."


def _failing(answer: LogAnswer) -> bool:
    return bool(answer.sources) and not answer.is_found_now


def _filled(words: str, answer: LogAnswer) -> str:
    error = answer.error
    place = error.place
    meant = f'did you mean "{answer.meant}"?' if answer.meant else "correct --target"
    stage = "check its name, its tag, its platform and docker login"
    if answer.meant:
        stage = f'did you mean the stage "{answer.meant}"?'
    filled = words.format(
        subject=error.subject,
        image=f'"{error.subject}" ' if error.subject else "",
        at=f" at line {place.line}" if place else "",
        meant=meant,
        stage=stage,
        origin=_origin(error),
        folder=_no_folder(error),
    )
    return filled if filled.endswith("?") else f"{filled}."


def _no_folder(error: LogError) -> str:
    if not error.subject:
        return 'no context was given; end the command with its folder: "docker build ."'
    return (
        f'the folder "{error.subject}" was given as context and was not there; correct'
        " the path"
    )


def _origin(error: LogError) -> str:
    """What an instruction reads in place of the context."""
    named = re.search(r"\bfrom=([^\s,]+)", error.instruction)
    kinds = "a stage, an image or a named context"
    return f'"{named[1]}" ({kinds})' if named else kinds


def _sources_words(answer: LogAnswer, told: LogExplanation) -> Iterator[str]:
    """What the Dockerfile as it is now has to do with an error."""
    if answer.is_found_now:
        yield (
            "It is found now: the build had other files than there are here"
            f"{_git(answer)}."
        )
    elif not answer.sources:
        yield _no_source(answer.error, told)


def _git(answer: LogAnswer) -> str:
    """Why another copy of the repository may lack it."""
    git = answer.path.git if answer.path is not None else None
    if git is None:
        return ""
    if git.state is GitState.IGNORED:
        return "; git ignores it, so that a fresh checkout, as in CI, has none"
    if git.state is GitState.UNTRACKED:
        return "; git does not track it, so that a fresh checkout, as in CI, has none"
    return ""


def _no_source(error: LogError, told: LogExplanation) -> str:
    """That the Dockerfile has no source of this error."""
    dockerfile = told.told.dockerfile if told.told is not None else "the Dockerfile"
    shown = error.place.file if error.place is not None else ""
    if shown and shown.rpartition("/")[2] != dockerfile.rpartition("/")[2]:
        return (
            f"The log is of {shown}, and {dockerfile} was read here: give it with -f."
        )
    asked = f'"{error.subject}"' if error.subject else "this"
    return (
        f"No source of {dockerfile} asks for {asked} now: the log is of another"
        " Dockerfile (-f) or target, or of another state of it."
    )
