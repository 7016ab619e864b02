"""The words for everything that a report has to warn of.

Each says what happens to the build and what to do; `codes` has the kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ctxopt.core.dockerfile import Trace, UnknownUse
from ctxopt.core.findings import codes
from ctxopt.core.model import Location, Problem, Severity, Source
from ctxopt.core.patterns.pattern import Pattern, PatternError
from ctxopt.errors import CtxoptError


def of_error(
    finding: codes.Finding,
    error: CtxoptError,
    message: str | None = None,
    *,
    subject: str | None = None,
) -> Problem:
    """The problem that an error means while the work goes on.

    `message` stands in place of the error's own. Its hint is the problem's, unless
    the message already has it.
    """
    said = message or error.message
    problem = finding.problem(said, subject=subject)
    hint = error.hint if error.hint and error.hint not in said else problem.hint
    return problem._replace(
        file=error.file, line=error.line, hint=hint, end_line=error.end_line
    )


def line_words(pattern: Pattern | None) -> str:
    """A line of an ignore file, as messages name it."""
    if pattern is None or pattern.location is None:
        return "the ignore file"
    place = pattern.location
    return f'{place.file}:{place.line} ("{pattern.text.strip()}")'


def vast_context(path: str) -> Problem:
    """The context is the whole disk or a home folder."""
    return codes.VAST_CONTEXT.problem(
        f'the context is "{path}", which is most likely not meant: everything in it is '
        "read, keys and caches included; give the project's own folder",
        subject=path,
    )


def unread_ignore_file(path: str, target: str, why: str) -> Problem:
    """A linked ignore file that this builder takes for none."""
    problem = codes.IGNORE_FILE_UNREAD.problem(
        f'this is a link to "{target}", {why}, and counts as none; '
        "put the file itself in its place",
        subject=target,
    )
    return problem._replace(file=path)


def needs_buildkit(trace: Trace) -> Iterable[Problem]:
    """Features that the legacy builder refuses."""
    for location, feature in trace.needs_buildkit:
        yield codes.NEEDS_BUILDKIT.problem(
            f"{feature} needs BuildKit; the legacy builder fails here, after the "
            "context was sent",
            place=location,
            subject=feature,
        )


def unknown_variables(uses: Sequence[UnknownUse]) -> Iterable[Problem]:
    """What cannot be judged, as a base image may set a variable; told once."""
    if not uses:
        return
    first, *_ = sorted(uses, key=lambda use: use.location.line)
    names = _listed(f'"${name}"' for use in uses for name in use.names)
    images = _listed(f'"{use.image}"' for use in uses)
    lines = sorted({use.location.line for use in uses} - {first.location.line})
    word = "line" if len(lines) == 1 else "lines"
    also = f" (also {word} {_listed(map(str, lines))})" if lines else ""
    yield codes.UNKNOWN_VARIABLE.problem(
        f"a base image that is not read here ({images}) may set {names}: what depends "
        f"on that is neither counted nor judged{also}",
        place=first.location,
        subject=first.names[0],
    )


def _listed(words: Iterable[str]) -> str:
    """Words side by side, each once; of many the first ones."""
    found = list(dict.fromkeys(words))
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ", ".join(found[:3]) + more


def unknown_bases(bases: Sequence[tuple[Location, str]]) -> Iterable[Problem]:
    """Base images whose ONBUILD triggers and variables cannot be seen."""
    first: dict[str, Location] = {}
    for location, image in bases:
        first.setdefault(image, location)
    for image, location in first.items():
        yield codes.UNKNOWN_BASE.problem(
            f'the image "{image}" is not read here: a source that uses its ENV, or '
            "that its ONBUILD adds, is not seen",
            place=location,
            subject=image,
        )


def refused_dockerfile(error: CtxoptError) -> Problem:
    """A Dockerfile that is refused only after the context was sent."""
    return of_error(
        codes.DOCKERFILE_REFUSED,
        error,
        f"{error.message}; the context is sent, then the build fails",
        subject=error.text,
    )


def context_unknown(error: PatternError) -> Problem:
    """A pattern that would break a build of the whole context, but not this one."""
    return of_error(
        codes.BAD_PATTERN,
        error,
        f'{error.message}: "{error.text}" ({error.hint}); this build never meets it, '
        "but one that takes more of the context fails, so the size of the whole is "
        "unknown",
        subject=error.text,
    )


def cut_off(error: PatternError) -> Problem:
    """The legacy client stops its tar in the middle without saying so."""
    return of_error(
        codes.CUT_OFF,
        error,
        f'{error.message}: "{error.text}" ({error.hint}); the client ends the context '
        "there without a word, and everything after it is missing",
        subject=error.text,
    )


def unreadable_file(path: str, *, fails: bool) -> Problem:
    """A file that the user may not read."""
    if fails:
        what = "no permission to read it; the build fails"
    else:
        what = "no permission to read it; the build goes on and sends it empty"
    severity = Severity.ERROR if fails else Severity.WARNING
    return codes.UNREADABLE.problem(
        f'"{path}": {what}', severity=severity, subject=path
    )


def withheld(path: str) -> Problem:
    """A file that the walk keeps and the opening, asked alone, does not."""
    what = (
        "the ignore file keeps it in, but only through the order of its lines; "
        "BuildKit names it and then sends it empty"
    )
    return codes.ARRIVES_EMPTY.problem(f'"{path}": {what}', subject=path)


def not_utf8(path: str) -> Problem:
    """A name that protobuf cannot carry."""
    what = "this name, or the target of this link, is not UTF-8"
    return codes.NOT_UTF8.problem(
        f'"{path}": {what}; the build fails: grpc: error while marshaling: string '
        "field contains invalid UTF-8 (the BuildKit of Docker 20.10 still sent it)",
        subject=path,
    )


def path_too_long(path: str) -> Problem:
    """A path that no system call takes in one piece."""
    shown = f"{path[:40]}…{path[-20:]}"
    what = "with the context's folder this path has more than 4095 bytes"
    return codes.PATH_TOO_LONG.problem(
        f'"{shown}": {what}; the build fails unless it is ignored',
        subject=path,
    )


# Problems with which nothing is transferred, or not all of it.
STOPPING = frozenset({codes.UNREADABLE.code, codes.PATH_TOO_LONG.code})


def vanished(path: str) -> Problem:
    """A folder that was there a moment ago."""
    what = "this folder vanished while it was read; measure again"
    return codes.VANISHED.problem(f'"{path}": {what}', subject=path)


def not_sendable(path: str) -> Problem:
    """A socket: tar has no place for it."""
    what = "a socket cannot travel in a tar; the client leaves it out"
    return codes.NOT_SENT.problem(f'"{path}": {what}', subject=path)


def random_size(other: int, printed: str) -> Problem:
    """The client may make `other` bytes of the same context, `printed` in its words."""
    return codes.RANDOM_SIZE.problem(
        "the client adds the outside Dockerfile and an ignore file in random "
        f'order: about one build in eight sends {other} bytes ("{printed}") '
        "instead",
        subject=str(other),
    )


def never_cached(path: str, source: Source, *, named: bool) -> Problem:
    """A file that is sent with another content at each build, and that a source takes.

    `named`: the source asks for just this file, which no line may keep out then.
    """
    taker = " ".join(source.line_text.split())
    problem = codes.NEVER_CACHED.problem(
        f'"{taker}" takes "{path}", which never arrives twice the same: as the '
        "Dockerfile comes from outside, the client appends a random name to it at each "
        "build; this layer and all behind it are made anew every time",
        place=source.location,
        subject=path,
    )
    cure = f'add the line "{path}" to it: the daemon takes it out then, before any COPY'
    if named:
        cure = f'do not copy "{path}", or put the Dockerfile into the context'
    return problem._replace(hint=cure)


def refused(error: CtxoptError) -> Problem:
    """The build cannot be measured since a change; watching goes on."""
    return of_error(codes.REFUSED, error)


def not_written(error: CtxoptError) -> Problem:
    """Lines could not be written; watching goes on."""
    return of_error(codes.NOT_WRITTEN, error)


def watch_limit(message: str) -> Problem:
    """The system gives too few watches; `message` says what to do."""
    return codes.WATCH_LIMIT.problem(message)


def watch_polling(message: str) -> Problem:
    """The system keeps silent about some folders."""
    return codes.WATCH_POLLING.problem(message)
