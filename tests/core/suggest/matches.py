"""What a walk would find, made by hand, for the tables of what is suggested."""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.git.line import GitLine
from ctxopt.core.measure.clutter_match import ClutterMatch, KeepReason, Span
from ctxopt.core.measure.stream import Sums
from ctxopt.core.model import Confidence, Location, Source, SourceKind
from ctxopt.core.patterns.pattern import Pattern, compile_patterns
from ctxopt.core.suggest.ids import Name
from ctxopt.core.suggest.proposals import Proposal


def span(start: int, end: int, file_bytes: int = 0, *, folders: int = 0) -> Span:
    """Entries of a stream with so many bytes, so many of them folders."""
    return Span(start, end, Sums(folders, file_bytes, 0, 0))


def match(
    path: str,
    *more: str,
    at: int = 0,
    files: int = 1,
    size: int = 10,
    kind: str = "",
    hits: int = 0,
    line: int = 0,
    tags: int = 0,
    hold: KeepReason | None = None,
    named: str = "",
    reincluded: str = "",
    mask: int = 1,
) -> ClutterMatch:
    """`a/` is a folder with `files` in it, `a` a file, with `more` a run of files."""
    folder = path.endswith("/")
    path = path.rstrip("/")
    names = () if folder else (path.rpartition("/")[2], *more)
    files = files if folder else len(names)
    place = span(at, at + files + folder, size, folders=int(folder))
    return ClutterMatch(
        path=path,
        names=names,
        kind=kind or ("directory" if folder else "file"),
        hits=hits,
        line=line,
        tags=tags,
        hold=hold,
        named=named,
        reincluded=reincluded,
        files=files,
        mask=mask,
        context=place,
        transfer=place,
    )


def proposal(*clutter: ClutterMatch, rule: str = "rule") -> Proposal:
    """One that takes these."""
    lines = tuple(one.path for one in clutter)
    return Proposal(
        rule, Name(rule), "label", "reason", Confidence.CERTAIN, "", lines, clutter
    )


def patterns(text: str) -> tuple[Pattern, ...]:
    """The lines of an ignore file, between commas."""
    lines = text.split(",") if text else []
    numbers = range(1, len(lines) + 1)
    return compile_patterns(
        lines, [Location(".dockerignore", number, number) for number in numbers]
    )


def copy(text: str, line: int = 2) -> Source:
    """The source of a COPY."""
    place = Location("Dockerfile", line, line)
    return Source("COPY", "0", place, text, text, SourceKind.CONTEXT)


def git_lines(*texts: str) -> Sequence[GitLine]:
    """Lines of the .gitignore at the root."""
    return [GitLine(".gitignore", number, text) for number, text in enumerate(texts, 1)]
