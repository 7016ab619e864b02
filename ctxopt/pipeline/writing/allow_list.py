"""An ignore file that lets through what the sources name, and nothing else.

For `COPY src /src` that is `*`, and `!src` below it. Both builders have to accept it,
so two things are said more fully than one build needs: what the stages name that
BuildKit leaves out, as the legacy builder executes them all, and folders behind
wildcards, as the legacy client looks into an ignored folder only for a line that begins
with its path (moby/moby, pkg/archive/archive.go, TarWithOptions).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.builders import SELECTIVE
from ctxopt.core.golang import filepath_match, paths
from ctxopt.core.ignorefile import block
from ctxopt.core.ignorefile.lines import IgnoreFile
from ctxopt.core.model import Request, Source, SourceKind
from ctxopt.core.paths import join
from ctxopt.core.patterns.escaping import escaped
from ctxopt.core.patterns.examples import example_of
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.sources.links import glob_matches
from ctxopt.core.sources.sweeps import source_sweeps, start_of
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.errors import WriteError
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.preparation.build import Build, IgnoreTarget
from ctxopt.pipeline.preparation.neighbours import stage_traces
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.proposing import served
from ctxopt.pipeline.simulation import NewIgnoreFile, simulate
from ctxopt.pipeline.writing.plan import Choice, WritePlan
from ctxopt.pipeline.writing.target import snapshot_of, target_of

MOST = 100  # folders behind one wildcard that are written out


def plan_allow_list(
    request: Request, choice: Choice, policy: Policy = NO_POLICY
) -> WritePlan:
    """Plan an ignore file that lets through what the sources name and nothing else.

    What the `policy` of the project never wants suggested goes, too, and is told of.
    Raises WriteError where a source takes the whole context, or the transfer would not
    be the same.
    """
    build = read_build(request)
    target = target_of(build, choice)
    snapshot = snapshot_of(target)
    # Only one builder asks for paths; what it asks for is what sources name.
    asked = request._replace(builder=SELECTIVE)
    traced = build if build.builder.name is asked.builder else read_build(asked)
    everything = _with_all_stages(traced)
    lines = allow_list(everything)
    news = _written_out_note(everything, lines)
    lines += _own_line(target, lines)
    idea = block.BlockEntry("allow-list", "what COPY, ADD and mounts name", lines)
    file = block.with_entries(target.file, (idea,), top=True, created=not target.exists)
    content = file.to_bytes()
    others = served(build, alone=target.file.specific)
    _check_sweeps([one for other in others.builds for one in other.sources], target)
    change = NewIgnoreFile(
        content=content,
        path=target.path,
        shown=target.shown,
        announced=None,
        same_transfer=True,
        specific=target.file.specific,
        elsewhere=others.sources,
    )
    try:
        notes = simulate(request, change)
    except WriteError as error:
        if error.hint and "--per-dockerfile" in error.hint:
            raise
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
        notes=(*notes, *news, *_kept_out_notes(file, policy)),
    )


def _kept_out_notes(file: IgnoreFile, policy: Policy) -> Iterator[str]:
    """What to say of a never-list that an allow-list does not let through."""
    matcher = Matcher(file.patterns)
    out = [
        f"{one.pattern} ({one.place})"
        for one in policy.never
        for pattern in compile_patterns((one.pattern,))
        if matcher.matches_or_parent_matches(example_of(pattern))
    ]
    if out:
        yield (
            "the list keeps out what no source names, also what the configuration "
            f"says never of: {', '.join(out)}"
        )


def _check_sweeps(others: Sequence[Source], target: IgnoreTarget) -> None:
    """Refuse a list that another Dockerfile, which takes everything, would get, too."""
    for source in others:
        path = paths.join("/", source.expanded)[1:]
        if not path or (source_sweeps(source) and not start_of(source)):
            raise WriteError(
                f"nothing was written: {source.instruction} takes the whole context, "
                f"and reads {target.shown}, too",
                file=source.location.file,
                line=source.location.line,
                text=source.line_text,
                hint="say --per-dockerfile, too",
            )


def _written_out_note(build: Build, lines: Sequence[str]) -> tuple[str, ...]:
    """What to say of wildcards that stand in the list for the folders of today."""
    paths = build.job(build.main).request or ()
    first = next((path for path in paths if f"!{path}" not in lines), None)
    if first is None:
        return ()
    said = (
        f'"{first}" is written out for the folders that are there now; once there '
        "are others, take the list out with --remove and write it again"
    )
    return (said,)


def _with_all_stages(build: Build) -> Build:
    """The build with what all its stages name, but for what takes everything."""
    sources = dict.fromkeys(build.main.sources)
    unknown = dict.fromkeys(build.main.unknown)
    dockerfile = build.dockerfile
    for one in stage_traces(dockerfile.content, dockerfile.shown, build):
        unknown.update(
            (source, None)
            for source in one.sources
            if source.kind is SourceKind.UNKNOWN and not source.origin
        )
        sources.update(
            (source, None)
            for source in one.sources
            if source.kind is SourceKind.CONTEXT and not build.builder.takes_all(source)
        )
    main = build.main._replace(sources=(*sources,), unknown=(*unknown,))
    return build._replace(main=main)


def _own_line(target: IgnoreTarget, lines: Sequence[str]) -> tuple[str, ...]:
    """A line for a new ignore file that would be let through itself."""
    if target.exists or not target.relative:
        return ()
    line = escaped(target.relative)
    kept = not Matcher(compile_patterns(lines)).verdict(target.relative).excluded
    return (line,) if kept and line is not None else ()


def allow_list(build: Build) -> tuple[str, ...]:
    """`*`, and a negated line for each path that the sources of a build ask for.

    Raises WriteError where they ask for everything, for what is in many folders, or
    for what is not known.
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
    tree = DiskTree(build.main.path)
    written = [line for path in paths for line in _written_out(path, tree, build)]
    return ("*", *(f"!{path}" for path in dict.fromkeys(written)))


def _written_out(path: str, tree: Tree, build: Build) -> list[str]:
    """A path that a source asks for, each folder behind a wildcard by its name.

    Raises WriteError where that would be too many.
    """
    *folders, last = path.split("/")
    if not any(map(filepath_match.has_wildcard, folders)):
        if path == "**":
            raise _too_many(path)
        return [path]
    found = []
    for folder in sorted(_folders(folders, tree, build.main.matcher)):
        start = escaped(folder) if folder else ""
        names = [name for name in tree.names(folder) if glob_matches(last, name)]
        if names and start is not None:
            found.append(join(start, last))
        if len(found) > MOST:
            raise _too_many(path)
    return found


def _folders(names: Sequence[str], tree: Tree, ignored: Matcher) -> Iterator[str]:
    """The folders that a row of names and wildcards leads to; `**` is any number."""
    waiting = [("", 0)]
    seen = set()
    while waiting:
        folder, at = place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        if at == len(names):
            yield folder
            continue
        anywhere = names[at] == "**"
        if anywhere:
            waiting.append((folder, at + 1))
        inside = [
            join(folder, name)
            for name in reversed(tree.names(folder))
            if anywhere or glob_matches(names[at], name)
        ]
        waiting += [
            (path, at if anywhere else at + 1)
            for path in inside
            if tree.kind(path) is Found.DIRECTORY and not ignored.verdict(path).excluded
        ]


def _too_many(path: str) -> WriteError:
    return WriteError(
        f'a source asks for "{path}", which is in too many folders for a list of '
        "what may pass",
        hint="name the folders, or use ctxopt write without --allow-list",
    )
