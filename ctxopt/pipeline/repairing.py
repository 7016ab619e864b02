"""What brings a kept-out source back: a line tried with the builders that read it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ctxopt.core.builders import Builder, builders_beside, find_builder
from ctxopt.core.ignorefile.repair import Reaches, Repair, repair
from ctxopt.core.model import BuilderName, SourceState
from ctxopt.core.paths import join
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.sources import wildcards
from ctxopt.core.sources.outcomes import Outcome
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.sources.wanted import CopySource, ResolvedSource
from ctxopt.pipeline.preparation.build import Build, Root


def repair_of(
    build: Build, root: Root, want: CopySource, outcome: Outcome, tree: Tree
) -> Repair | None:
    """The lines with which a source is found that the ignore file keeps out."""
    if outcome.state is not SourceState.IGNORED:
        return None
    path = outcome.subject
    instead: tuple[str, ...] = ()
    if outcome.base and want.glob is not None and path == want.path:
        # Of `web/*.js`, whose folder is kept out, no more than the wildcard means.
        first = next(wildcards.matches(tree, path, want.glob), None)
        if first is not None:
            path, instead = first, (join(want.path, want.glob),)
    return repair_path(build, root, path, tree, instead=instead)


def repair_path(
    build: Build, root: Root, path: str, tree: Tree, *, instead: tuple[str, ...] = ()
) -> Repair | None:
    """The lines with which a path is found that the ignore file keeps out.

    `instead` are patterns to be tried first.
    """
    return repair(
        root.matcher,
        path,
        walks=_walks(build, root),
        builder=build.builder.name,
        is_folder=tree.kind(path) is Found.DIRECTORY,
        instead=instead,
    )


def sweeping(
    traced: Sequence[ResolvedSource], want: CopySource, path: str
) -> CopySource | None:
    """Another COPY or ADD that takes a path as soon as the ignore file lets it in."""
    for one in traced:
        other = one.wanted
        is_same = other.source.location == want.source.location
        if not is_same and not other.source.mount and other.takes(path):
            return other
    return None


def _walks(build: Build, root: Root) -> dict[BuilderName, Reaches]:
    """Of each builder that reads this ignore file, whether it finds a path."""
    file = root.ignore_file
    builders = [build.builder]
    own = root.named or (file is not None and file.specific) or build.builder.in_place
    if not own:
        builders = [find_builder(one) for one in builders_beside(build.builder.name)]
    dockerfile = "" if root.named else build.dockerfile.relative
    return {one.name: partial(_finds, one, dockerfile) for one in builders}


def _finds(builder: Builder, dockerfile: str, matcher: Matcher, path: str) -> bool:
    return builder.finds(matcher, dockerfile, path)
