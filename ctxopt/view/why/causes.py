"""What an error of a build's log is about, and what to do, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from ctxopt.core.buildlog.errors import LogCause, LogError
from ctxopt.core.model import GitState
from ctxopt.core.why.logged import LogAnswer, LogExplanation, fails, file_name
from ctxopt.view.terminal.formatting import count

_BUILDERS = {"buildkit": "BuildKit", "legacy": "the legacy builder"}


def summary(told: LogExplanation) -> str:
    """How the builds of a log ended, in one sentence."""
    log = told.log
    by = f" by {_BUILDERS[log.builder]}" if log.builder is not None else ""
    build = f"The build{by} in {told.file}"
    if not log.errors:
        return f"{build} succeeded: it has no error."
    about = sum(one.error.cause.is_of_context for one in told.answers)
    errors = count(len(log.errors), "error")
    if about == len(log.errors):
        return f"{build} failed: {errors}, about the context."
    of_them = f"{about} of them" if about else "not"
    return f"{build} failed: {errors}, {of_them} about the context."


def cause_words(answer: LogAnswer, told: LogExplanation) -> Iterator[str]:
    """What is told of an error besides its sources and its path, a sentence each."""
    cause = answer.error.cause
    if not cause.is_of_context:
        yield _elsewhere(answer)
    elif cause in _OF_CONTEXT and not any(map(fails, answer.sources)):
        if cause is not LogCause.BAD_PATTERN or not answer.refusal:
            yield _OF_CONTEXT[cause].format(subject=answer.error.subject)
    elif cause is LogCause.NO_CONTEXT:
        yield _no_folder(answer.error)
    elif not answer.refusal:
        yield from _sources_now(answer, told)
    if cause is LogCause.DOCKERFILE and not answer.refusal and told.told is not None:
        yield (
            "As the file is now, a builder of today takes it: the one that made the log"
            " may be older, or the file was another one."
        )
    if answer.refusal:
        yield f"As the files are now: {answer.refusal}."


# --- about the context -----------------------------------------------------------

# Where no source that fails says more.
_OF_CONTEXT = {
    LogCause.UNREADABLE: '"{subject}" may not be read by whoever starts the build; make'
    " it readable, or keep it out with a line in the ignore file.",
    LogCause.BAD_PATTERN: "A pattern of the ignore file or of an --exclude could not be"
    " used; all of them can be read now.",
    LogCause.DESTINATION: "Several files went to a destination that does not end with a"
    " slash; as the Dockerfile is now, none do.",
    LogCause.NO_DOCKERFILE: '"{subject}" was looked for as the Dockerfile and was not'
    " there; give its path, from the current folder, with -f.",
    LogCause.CLIENT: "The client could not read the context; its words say why.",
    LogCause.COLLISION: 'A file and a folder meet at "{subject}" in the image; copy'
    " them to different places.",
}


def _no_folder(error: LogError) -> str:
    if not error.subject:
        return (
            'No context was given; end the command with its folder: "docker build .".'
        )
    return (
        f'The folder "{error.subject}" was given as context and was not there; correct'
        " the path."
    )


def _sources_now(answer: LogAnswer, told: LogExplanation) -> Iterator[str]:
    """What the Dockerfile as it is now has to do with an error."""
    other = _other_dockerfile(answer.error, told)
    if other:
        yield other
    elif answer.is_found_now:
        had = "the build had other files, or another context (-C)"
        yield f"It is found now: {had}{_git(answer)}."
    elif not answer.sources:
        yield _no_source(answer.error, told)


def _git(answer: LogAnswer) -> str:
    """Why another copy of the repository may lack it."""
    git = answer.path.git if answer.path is not None else None
    state = git.state if git is not None else None
    if state not in {GitState.IGNORED, GitState.UNTRACKED}:
        return ""
    verb = "ignores it" if state is GitState.IGNORED else "does not track it"
    return f"; git {verb}, so that a fresh checkout, as in CI, has none"


def _other_dockerfile(error: LogError, told: LogExplanation) -> str:
    """That the log shows lines of another Dockerfile; "" where it does not."""
    shown = error.place.file if error.place is not None else ""
    read = _dockerfile(told)
    if not shown or file_name(shown) == file_name(read):
        return ""
    return f"The log is of {shown}, and {read} was read here: give it with -f."


def _no_source(error: LogError, told: LogExplanation) -> str:
    """That the Dockerfile has no source of this error."""
    asked = f'"{error.subject}"' if error.subject else "this"
    return (
        f"No source of {_dockerfile(told)} asks for {asked} now: the log is of another"
        " Dockerfile (-f) or target, or of another state of it."
    )


def _dockerfile(told: LogExplanation) -> str:
    return told.told.dockerfile if told.told is not None else "the Dockerfile"


# --- not about the context -------------------------------------------------------


def _elsewhere(answer: LogAnswer) -> str:
    """What an error is about that is not about the context, and what to do."""
    cause = answer.error.cause
    if cause is LogCause.OTHER:
        return "ctxopt does not know this error; docker's words are all there is."
    said = _TOLD[cause](answer) if cause in _TOLD else _ELSEWHERE[cause]
    return f"Not about the context: {said}"


_ELSEWHERE = {
    LogCause.COMMAND: "a command of the build failed, and the log says above why; if a"
    " file is missing there, ctxopt why FILE tells whether it was sent.",
    LogCause.SECRET: "a secret or a key was not given; say docker build --secret"
    " id=NAME,src=FILE, or --ssh default.",
    LogCause.DISK: "the disk of the builder is full; docker builder prune makes room.",
    LogCause.DAEMON: "docker was not reached; start it, and check DOCKER_HOST and"
    " whether you may use it.",
    LogCause.EXPORT: "the image was built, and could not be written or pushed; check"
    " the disk and docker login.",
    LogCause.CANCELLED: "the build was stopped from outside; start it again.",
}


def _refused(answer: LogAnswer) -> str:
    place = answer.error.place
    at = f" at line {place.line}" if place is not None else ""
    return f"the builder refuses the Dockerfile{at}; correct what it names there."


def _no_stage(answer: LogAnswer) -> str:
    meant = f'did you mean "{answer.meant}"?' if answer.meant else "correct --target."
    return f'no stage is called "{answer.error.subject}"; {meant}'


def _needs_buildkit(answer: LogAnswer) -> str:
    return (
        f"{answer.error.subject} needs BuildKit, and the legacy builder was asked;"
        " build without DOCKER_BUILDKIT=0 and with buildx, or leave it out."
    )


def _no_stage_file(answer: LogAnswer) -> str:
    error = answer.error
    named = re.search(r"\bfrom=([^\s,]+)", error.instruction)
    kinds = "a stage, an image or a named context"
    origin = f'"{named[1]}" ({kinds})' if named else kinds
    return (
        f'"{error.subject}" is looked for in {origin}; make it there, or correct the'
        " path."
    )


def _no_image(answer: LogAnswer) -> str:
    """An image; who mistypes a stage gets asked for an image of that name."""
    image = (
        f'the image "{answer.error.subject}"' if answer.error.subject else "an image"
    )
    check = "check its name, its tag, its platform and docker login."
    if answer.meant:
        check = f'did you mean the stage "{answer.meant}"?'
    return f"{image} was not had from its registry; {check}"


_TOLD: Mapping[LogCause, Callable[[LogAnswer], str]] = {
    LogCause.DOCKERFILE: _refused,
    LogCause.TARGET: _no_stage,
    LogCause.NEEDS_BUILDKIT: _needs_buildkit,
    LogCause.STAGE_FILE: _no_stage_file,
    LogCause.IMAGE: _no_image,
}
