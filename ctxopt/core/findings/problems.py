"""The words for everything that a report has to warn of.

Each says what happens to the build and what to do; `codes` has the kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ctxopt.core.builders.base import Builder
from ctxopt.core.dockerfile import Trace, UnknownUse
from ctxopt.core.findings import codes
from ctxopt.core.ignorefile.keeping import KeptOut
from ctxopt.core.model import Location, Problem, Severity, Source, SourceState
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern, PatternError
from ctxopt.core.sources.outcomes import Outcome
from ctxopt.core.sources.wanted import CopySource
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


# `yarn.lock*` or `go.su[m]`: a wildcard that asks for one file, if it is there.
_OPTIONAL = re.compile(r"[^*?\[\\]*(?:[^*?\[\\/]\*|\[[^]^\\]\][^*?\[\\]*)")


def source_problem(
    want: CopySource,
    outcome: Outcome,
    builder: Builder,
    decided_by: KeptOut | None,
    *,
    accompanied: bool = False,
    remedy: str = "",
) -> Problem | None:
    """A source that the builder will not find, or that matches nothing.

    `accompanied` says that another source of the instruction finds something,
    `remedy` what to do here, where that is more than the usual.
    """
    refusal = builder.failure(want, outcome)
    source = want.source
    shown = source.text or source.expanded or "."
    if outcome.state is SourceState.FOUND:
        return None
    if refusal is None:
        problem = _matches_nothing(source, shown, accompanied=accompanied)
        return problem._replace(hint=remedy or None)
    if outcome.excludes:
        return refused_exclude(source, refusal)
    if source.assumed:
        return _assumed(source, shown)
    what = f"{_why(shown, outcome, decided_by, builder)}; the build fails: {refusal}"
    problem = _OF_STATE[outcome.state].problem(
        what, severity=Severity.ERROR, place=source.location, subject=source.expanded
    )
    return problem._replace(column=column_of(source), hint=remedy or problem.hint)


def refused_exclude(source: Source, refusal: str) -> Problem:
    """A `--exclude` that BuildKit refuses, in its words."""
    flags = " ".join(f"--exclude={pattern}" for pattern in source.exclude)
    return codes.EXCLUDE_REFUSED.problem(
        f'"{flags}" cannot be used; the build fails: {refusal}',
        place=source.location,
        subject=flags,
    )


_OF_STATE = {
    SourceState.EMPTY: codes.SOURCE_EMPTY,
    SourceState.MISSING: codes.SOURCE_MISSING,
    SourceState.IGNORED: codes.SOURCE_IGNORED,
    SourceState.OUTSIDE: codes.SOURCE_OUTSIDE,
}


def _matches_nothing(source: Source, shown: str, *, accompanied: bool) -> Problem:
    """A wildcard without a match, which stops no build and is often meant so."""
    what = f'"{shown}" matches nothing; the build goes on without it'
    if not accompanied and not _OPTIONAL.fullmatch(source.expanded):
        what += ": correct the pattern if it should match"
    problem = codes.SOURCE_EMPTY.problem(
        what, severity=Severity.NOTE, place=source.location, subject=source.expanded
    )
    return problem._replace(hint=None, column=column_of(source))


def _assumed(source: Source, shown: str) -> Problem:
    """A source that is there or not, as an image that is not read has it."""
    names = ", ".join(f'"${name}"' for name in source.assumed)
    return codes.UNKNOWN_VARIABLE.problem(
        f'"{shown}" is "{source.expanded}" unless the base image sets {names}, and '
        "that is not in the context; then the build fails",
        place=source.location,
        subject=source.assumed[0],
    )


def cut_at_root(source: Source, shown: str, read: str) -> Problem:
    """A path, or a link on it, that leads above the context and is cut off there."""
    problem = codes.CUT_AT_ROOT.problem(
        f'"{shown}" leads above the context, which no builder sees: '
        f'what is taken is "{read or "."}" in the context',
        place=source.location,
        subject=source.expanded,
    )
    return problem._replace(column=column_of(source))


def dangling_link(path: str, target: str, why: str) -> Problem:
    """A link in a copied folder that leads nowhere in the image."""
    return codes.DANGLING_LINK.problem(
        f'"{path}" is copied as a link to "{target}", {why}', subject=path
    )


def idle_exclude(source: Source, pattern: str, why: str, meant: str) -> Problem:
    """An `--exclude` that takes nothing away; without a reason it may be precaution."""
    reason = f": {why}" if why else " of what is there now"
    problem = codes.IDLE_EXCLUDE.problem(
        f"--exclude={pattern} takes nothing away{reason}",
        severity=Severity.WARNING if why else Severity.NOTE,
        place=source.location,
        subject=pattern,
    )
    return problem._replace(hint=f"write --exclude={meant}") if meant else problem


def shallow_exclude(source: Source, pattern: str, left: str, *, takes: bool) -> Problem:
    """An `--exclude` whose names stand deeper, too, where it does not reach."""
    what = "leaves" if takes else "takes nothing away, and leaves"
    problem = codes.SHALLOW_EXCLUDE.problem(
        f'--exclude={pattern} {what} "{left}": it reaches no deeper than right below '
        "each source",
        severity=Severity.NOTE if takes else Severity.WARNING,
        place=source.location,
        subject=pattern,
    )
    return problem._replace(hint=f"write --exclude=**/{pattern} if that is meant, too")


def named_context(path: str, target: str, folder: str, name: str) -> str:
    """What to do about a link out of the context, for the sake of what it leads to."""
    return (
        f'"{path}" is a link to "{target}", out of the context: give its folder with '
        f"--build-context {name}={folder} (BuildKit) and write COPY --from={name}, or "
        "give a higher folder as CONTEXT"
    )


def did_you_mean(path: str) -> str:
    """What to do about a source that is not there while something like it is."""
    return f'did you mean "{path}"?'


def flattened(source: Source, folder: str, inside: Sequence[str]) -> Problem:
    """A source like `*` that loses the names of the folders `inside` another one.

    Source: moby/buildkit, solver/llbsolver/file/backend.go, docopy, and moby/moby,
    daemon/builder/dockerfile/copy.go, performCopyForInfo: of a folder the content is
    copied.
    """
    named = ", ".join(f'"{one}"' for one in inside[:_NAMED_FOLDERS])
    more = len(inside) - _NAMED_FOLDERS
    others = f" and {more} more" if more > 0 else ""
    it = "its name" if len(inside) == 1 else "their names"
    what = (
        f'"{source.text}" leaves the content of {named}{others} in the destination, '
        f"without {it}; {source.instruction} {folder or '.'} keeps {it}"
    )
    problem = codes.FOLDERS_FLATTENED.problem(
        what, place=source.location, subject=source.expanded
    )
    return problem._replace(column=column_of(source))


_NAMED_FOLDERS = 3


def column_of(source: Source) -> int | None:
    """Where a plain word stands in its line; None where that is not sure.

    The last word is the target. What stands in JSON is not found, and so not told.
    """
    place = source.location
    if source.mount or not source.text or place.line != place.end_line:
        return None
    word = rf"(?<!\S){re.escape(source.text)}(?=\s+\S)"
    found = [match.start() for match in re.finditer(word, source.line_text)]
    return found[0] + 1 if len(found) == 1 else None


def _why(
    shown: str, outcome: Outcome, decided_by: KeptOut | None, builder: Builder
) -> str:
    subject = outcome.subject
    match outcome.state:
        case _ if outcome.refusal:
            return f'"{shown}" cannot be copied'
        case SourceState.OUTSIDE:
            return f'"{shown}" lies outside the context'
        case SourceState.IGNORED:
            return why_ignored(subject, decided_by, builder)
        case SourceState.EMPTY:
            return f'"{shown}" matches nothing'
        case _ if outcome.loop:
            return f'the link "{shown}" leads in circles'
        case _ if outcome.base:
            return f'nothing of "{subject}" is sent for "{shown}"'
        case _ if subject != outcome.named:
            return (
                f'"{outcome.named}" leads to "{subject}", which is not in the context'
            )
        case _:
            return f'"{subject}" is not in the context'


def why_ignored(path: str, kept_out: KeptOut | None, builder: Builder) -> str:
    """Which line keeps out what is there, and why another does not bring it back.

    Rule: moby/go-archive, archive.go, Tarballer.Do, for the folders that are left out.
    """
    if kept_out is None or kept_out.bypassed is None:
        line = _line(kept_out.line if kept_out else None)
        return f'"{path}" is there, but {line} keeps it out'
    return (
        f'"{path}" is there, but {_line(kept_out.line)} keeps "{kept_out.folder}" out, '
        f"and {_line(kept_out.bypassed)} does not help: the {builder.label} looks into "
        "an ignored folder only for a line with ! that begins with its path, written "
        "out"
    )


def _line(pattern: Pattern | None) -> str:
    if pattern is None or pattern.location is None:
        return "the ignore file"
    place = pattern.location
    return f'{place.file}:{place.line} ("{pattern.text.strip()}")'


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


def closed_to_validation(root: str, path: str, line: Pattern | None) -> Problem:
    """A folder that the legacy client reads and cannot.

    `line` decides on it, and may ignore it all the same, or bring it back.
    """
    ignored = ""
    if line is not None and line.negated:
        ignored = f", and {_line(line)} lets it in"
    elif line is not None:
        ignored = (
            f", and that {_line(line)} ignores it does not help: the legacy client "
            "reads every folder that lies in no ignored one"
        )
    above = path.rpartition("/")[0]
    cure = f'or ignore "{above}"' if above else "or move it out of the context"
    problem = codes.UNREADABLE.problem(
        f'"{path}": this folder cannot be read{ignored}; the build fails: error '
        f"checking context: can't stat '{root}/{path}'",
        severity=Severity.ERROR,
        subject=path,
    )
    return problem._replace(hint=f"make it readable, {cure}")


def validation_opens(matcher: Matcher, folder: str) -> bool:
    """Whether the legacy client's first walk reads a folder.

    It does so before it asks whether the folder is ignored, and is done with one only
    where a folder above it is. Rule: docker/cli, build/context.go,
    ValidateContextDirectory; golang/go, path/filepath/path.go, walk.
    """
    above = folder.rpartition("/")[0]
    return not above or validation_reaches(matcher, above)


def validation_skips(matcher: Matcher, path: str) -> bool:
    """Whether a path is ignored in that walk, which judges each path alone."""
    return matcher.matches_or_parent_matches(path)


def validation_reaches(matcher: Matcher, path: str) -> bool:
    """Whether the legacy client's first walk comes to this path.

    Rule: docker/cli, build/context.go, ValidateContextDirectory.
    """
    parts = path.split("/")
    prefixes = ("/".join(parts[: end + 1]) for end in range(len(parts)))
    return not any(validation_skips(matcher, prefix) for prefix in prefixes)
