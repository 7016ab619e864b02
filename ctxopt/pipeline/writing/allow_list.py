"""An ignore file that lets through what the sources name, and nothing else.

For `COPY src /src` that is `*`, and `!src` below it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.builders import SELECTIVE
from ctxopt.core.ignorefile import block
from ctxopt.core.model import Request
from ctxopt.core.patterns.escaping import escaped
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.errors import WriteError
from ctxopt.pipeline.build.build import Build, IgnoreTarget
from ctxopt.pipeline.build.reading import read_build
from ctxopt.pipeline.simulation import NewIgnoreFile, simulate
from ctxopt.pipeline.writing.plan import Choice, WritePlan
from ctxopt.pipeline.writing.target import snapshot_of, target_of


def plan_allow_list(request: Request, choice: Choice) -> WritePlan:
    """Plan an ignore file that lets through what the sources name and nothing else.

    Raises WriteError where a source takes the whole context, or the transfer would not
    be the same.
    """
    build = read_build(request)
    target = target_of(build, choice)
    snapshot = snapshot_of(target)
    # Only one builder asks for paths; what it asks for is what sources name.
    asked = request._replace(builder=SELECTIVE)
    traced = build if build.builder.name is asked.builder else read_build(asked)
    lines = allow_list(traced)
    lines += _own_line(target, lines)
    idea = block.BlockEntry("allow-list", "what COPY, ADD and mounts name", lines)
    file = block.with_entries(target.file, (idea,), top=True, created=not target.exists)
    content = file.to_bytes()
    change = NewIgnoreFile(
        content=content,
        path=target.path,
        shown=target.shown,
        announced=None,
        same_transfer=True,
        specific=target.file.specific,
    )
    try:
        notes = simulate(request, change)
    except WriteError as error:
        # An older list is in the way of a new one: the block only ever grows.
        error.hint = (
            "use ctxopt write without --allow-list"
            if block.block_span(target.file) is None
            else "take the block out first: ctxopt write --remove"
        )
        raise
    return WritePlan(
        target=target,
        snapshot=snapshot,
        after=content,
        suggestions=(),
        now=None,
        then=None,
        notes=notes,
    )


def _own_line(target: IgnoreTarget, lines: Sequence[str]) -> tuple[str, ...]:
    """A line for a new ignore file that would be let through itself."""
    if target.exists or not target.relative:
        return ()
    line = escaped(target.relative)
    kept = not Matcher(compile_patterns(lines)).verdict(target.relative).excluded
    return (line,) if kept and line is not None else ()


def allow_list(build: Build) -> tuple[str, ...]:
    """`*`, and a negated line for each path that the sources of a build ask for.

    Raises WriteError where they ask for everything, for a name anywhere, or for what
    is not known.
    """
    for source in build.main.unknown:
        names = ", ".join(f"${name}" for name in source.assumed)
        raise WriteError(
            f'what "{source.text}" names depends on {names}, which the base image may '
            "set, so a list of what may pass cannot be told",
            file=source.location.file,
            line=source.location.line,
            hint="set it there with ENV or ARG, or use ctxopt write without "
            "--allow-list",
        )
    paths = build.job(build.main).request
    if paths is None:
        sources = build.main.sources
        whole = next((one for one in sources if build.builder.takes_all(one)), None)
        text = f'"{whole.line_text or whole.text}"' if whole else "a link to the root"
        raise WriteError(
            f"{text} takes the whole context, "
            "so a list of what may pass would have to name everything",
            file=whole.location.file if whole else build.dockerfile.shown,
            line=whole.location.line if whole else None,
            hint="name what it needs, or use ctxopt write without --allow-list",
        )
    for path in paths:
        if path.startswith("**"):
            raise WriteError(
                f'a source asks for "{path}": the line "!{path}" would make BuildKit '
                "walk through all that is ignored",
                hint="name the folders, or use ctxopt write without --allow-list",
            )
    return ("*", *(f"!{path}" for path in paths))
