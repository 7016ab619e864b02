"""The words for sources of COPY, ADD and mounts: not found, or not what was meant.

`COPY uv.lock ./` of a file that line 3 of the ignore file keeps out is an error that
names the line; a wildcard without a hit is a note.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ctxopt.core.builders.base import Builder
from ctxopt.core.findings import codes
from ctxopt.core.findings.problems import line_words
from ctxopt.core.git.line import GitLine
from ctxopt.core.model import Problem, Severity, Source, SourceState
from ctxopt.core.sources.outcomes import Outcome
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.core.ignorefile.keeping import KeptOut
    from ctxopt.core.nearest import Near

# `yarn.lock*` or `go.su[m]`: a wildcard that asks for one file, if it is there.
_OPTIONAL = r"[^*?\[\\]*(?:[^*?\[\\/]\*|\[[^]^\\]\][^*?\[\\]*)"


def source_problem(
    want: CopySource,
    outcome: Outcome,
    builder: Builder,
    decided_by: KeptOut | None,
    *,
    accompanied: bool = False,
    kept: str = "",
    remedy: str = "",
) -> Problem | None:
    """A source that the builder will not find, or that matches nothing.

    `accompanied` says that another source of the instruction finds something,
    `kept` why the hits of a wildcard are not sent, `remedy` what to do here, where
    that is more than the usual.
    """
    refusal = builder.failure(want, outcome)
    source = want.source
    shown = source.text or source.expanded or "."
    if outcome.state is SourceState.FOUND:
        return None
    if refusal is None:
        problem = _matches_nothing(source, shown, kept, accompanied=accompanied)
        return problem._replace(hint=remedy or None)
    if outcome.excludes:
        return refused_exclude(source, refusal)
    if source.assumed:
        return _assumed(source, shown)
    why = _why(shown, outcome, decided_by, builder)
    if kept and outcome.state is SourceState.MISSING:
        why += f": {kept}"
    what = f"{why}; the build fails: {refusal}"
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


def _matches_nothing(
    source: Source, shown: str, kept: str, *, accompanied: bool
) -> Problem:
    """A wildcard without a match, which stops no build and is often meant so."""
    what = f'"{shown}" matches nothing; the build goes on without it'
    if kept:
        what = f'"{shown}" matches nothing: {kept}; the build goes on without it'
    elif not accompanied and not re.fullmatch(_OPTIONAL, source.expanded):
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


def did_you_mean(near: Near) -> str:
    """What to do about a source that is not there while something like it is."""
    from ctxopt.core.nearest import Difference  # start-up: most sources are found

    asked = f'did you mean "{near.name}"?'
    if near.difference is not Difference.UNICODE:
        return asked
    return (
        f"{asked} it looks the same, but its accents are stored in another way "
        "(Unicode NFC or NFD): copy the name from the disk into the Dockerfile"
    )


def made_before(line: GitLine) -> str:
    """What to do about a source that git ignores, and so is made on each machine."""
    return (
        f"make it before the build: git ignores it ({line.file}:{line.line}, "
        f'"{line.text}"), so that no checkout has it'
    )


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
        line = line_words(kept_out.line if kept_out else None)
        return f'"{path}" is there, but {line} keeps it out'
    return (
        f'"{path}" is there, but {line_words(kept_out.line)} keeps '
        f'"{kept_out.folder}" out, and {line_words(kept_out.bypassed)} does not help: '
        f"the {builder.label} looks into an ignored folder only for a line with ! that "
        "begins with its path, written out"
    )
