"""The context sources of a build: what to look out for, and what became of it.

Before the walk each source is turned into *targets*: paths or patterns of components
that, when the walk meets them, belong to the source (see `claims.py`). Links are
followed here, once, so that the walk itself never has to look anywhere but down.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ctxopt.core.golang import filepath_match
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import BAD_PATTERN, compile_patterns
from ctxopt.core.patterns.plans import (
    CompiledPattern,
    Component,
    ComponentKind,
    NameTest,
    WholePath,
)
from ctxopt.core.sources import excluding, wildcards
from ctxopt.core.sources.claims import ClaimState, Excluding, Target, start
from ctxopt.core.sources.excluding import fails_late, refused_at_once
from ctxopt.core.sources.links import Resolved, resolve
from ctxopt.core.sources.sweeps import sweeps
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.sources.wanted import CopySource, Requirement, ResolvedSource
from ctxopt.core.tuples import NamedTuple


class SourceTargets(NamedTuple):
    """All sources of one root."""

    traced: tuple[ResolvedSource, ...]
    targets: tuple[Target, ...]
    whole: int = 0  # bits of the sources that take everything, unfiltered

    def root(self) -> ClaimState:
        """The state of the root folder."""
        return start(self.targets, self.whole)


def trace_targets(wanted: Sequence[CopySource], tree: Tree) -> SourceTargets:
    """Find on disk what each source leads to."""
    builder = _TargetCollector(tree)
    traced = tuple(builder.trace(index, want) for index, want in enumerate(wanted))
    return SourceTargets(traced, tuple(builder.targets), builder.whole)


class _TargetCollector:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.targets: list[Target] = []
        self.whole = 0

    def trace(self, index: int, want: CopySource) -> ResolvedSource:
        if want.outside or not want.source.claims:
            return ResolvedSource(want)
        below = (want.below,) if want.below is not None else ()
        refusal = refused_at_once("include", below) or _late_include(below)
        flag = refused_at_once("exclude", want.exclude)
        if refusal or flag:
            wrong = Requirement((), refusal=refusal or flag, excludes=not refusal)
            return ResolvedSource(want, (wrong,))
        exclude: Excluding | None = _matcher(want.exclude) if want.exclude else None
        if want.on_disk and want.exclude and want.glob is None:
            found = excluding.from_root(want)
            if found.hit:
                none = Requirement((), refusal=found.refusal, excludes=True)
                return ResolvedSource(want, (none,))
            exclude = found
        include = _matcher(below) if below else None
        if want.glob is not None:
            requirements = self._glob(index, want, exclude)
        elif include is not None:
            requirements = self._parents(index, want, include, exclude)
        else:
            requirements = self._literal(index, want, exclude)
        if want.on_disk:
            if want.source.mount:  # it shows the folder as it is, ignored or not
                requirements = tuple(one._replace(paths=()) for one in requirements)
            requirements = tuple(map(self._asked_by_text, requirements))
        return ResolvedSource(want, requirements)

    def _asked_by_text(self, required: Requirement) -> Requirement:
        """The same where a path is looked up on the disk, links and all.

        What a link leads to is asked for only if it is a file: a folder that is
        ignored is found, and nothing in it.
        Rule: containers/buildah, copier/copier.go, copierHandlerGet.
        """
        if required.base or required.refusal or not required.paths:
            return required._replace(paths=())
        end = required.paths[-1:] if required.last_link else ()
        files = [one for one in end if self.tree.kind(one) is Found.FILE]
        return required._replace(paths=(required.names, *files))

    def _literal(
        self, index: int, want: CopySource, exclude: Excluding | None
    ) -> tuple[Requirement, ...]:
        if not want.path:
            if exclude is None:
                self.whole |= 1 << index
                return ()
            self._add_path(index, "", exclude=exclude)
            return self._root_links(index, Matcher(()), exclude)
        found = want.led_to(self.tree, want.path)
        return (self._lead_to(index, found, want.path, exclude=exclude),)

    def _lead_to(
        self,
        index: int,
        found: Resolved,
        names: str,
        *,
        include: Matcher | None = None,
        exclude: Excluding | None = None,
        takes: bool = True,
        when: str | None = None,
        base: bool = False,
        swept: bool = False,
    ) -> Requirement:
        """Targets for a resolved path and the links on the way to it.

        With `swept`, a link that is the path itself is there without being named.
        """
        paths = found.links if found.path is None else (*found.links, found.path)
        for path in found.links:
            swept_in = swept and path == names
            self._add_path(index, path, takes=takes, sweeps=swept_in)
        if found.path is not None:
            self._add_path(
                index, found.path, takes=takes, include=include, exclude=exclude
            )
        if found.blocked_by:
            self._add_path(index, found.blocked_by, takes=False)  # is it sent?
        broken = found if found.path is None else None
        return Requirement(
            paths=tuple(paths),
            when=when,
            broken=broken,
            names=names,
            base=base,
            last_link=found.last_link,
        )

    def _add_path(
        self,
        index: int,
        path: str,
        *,
        takes: bool = True,
        exclude: Excluding | None = None,
        include: Matcher | None = None,
        sweeps: bool = False,
    ) -> None:
        self.targets.append(
            Target(
                source=index,
                plan=CompiledPattern(_literals(path)),
                path=path,
                takes=takes,
                include=include,
                exclude=exclude,
                sweeps=sweeps,
            )
        )

    def _glob(
        self, index: int, want: CopySource, exclude: Excluding | None
    ) -> tuple[Requirement, ...]:
        assert want.glob is not None
        requirements = []
        base = Resolved(want.path)
        if want.path:
            base = want.led_to(self.tree, want.path) if want.follow_base else base
            requirements.append(
                self._lead_to(index, base, want.path, takes=False, base=True)
            )
        if base.path is None:
            return tuple(requirements)
        requirements += self._matches(
            index, want, base.path, want.glob, exclude=exclude
        )
        return tuple(requirements)

    def _matches(
        self,
        index: int,
        want: CopySource,
        base: str,
        glob: str,
        *,
        include: Matcher | None = None,
        exclude: Excluding | None = None,
    ) -> list[Requirement]:
        """Targets for all that a pattern matches, and for where matching links lead."""
        plan = _glob_plan(base, glob)
        if plan is None:
            # The legacy daemon, which follows no base, lets it match nothing.
            refused = want.follow_base and not want.on_disk
            return [Requirement((), refusal=BAD_PATTERN)] if refused else []
        swept = sweeps(want)
        self.targets.append(
            Target(
                source=index,
                plan=plan,
                path=None,
                include=include,
                exclude=exclude,
                sweeps=swept,
            )
        )
        return [
            self._lead_to(
                index,
                want.led_to(self.tree, link),
                link,
                when=link,
                include=include,
                exclude=exclude,
                swept=swept,
            )
            for link in _matching_links(self.tree, base, glob)
        ]

    def _parents(
        self, index: int, want: CopySource, include: Matcher, exclude: Excluding | None
    ) -> tuple[Requirement, ...]:
        if want.required is not None:
            return self._required(index, want, include, exclude)
        if filepath_match.has_wildcard(want.path):
            return self._wild_pivot(index, want, include, exclude)
        base = want.led_to(self.tree, want.path) if want.path else Resolved("")
        requirements = []
        if want.path:
            requirements.append(
                self._lead_to(index, base, want.path, takes=False, base=True)
            )
        if base.path is not None:
            self._add_path(
                index,
                base.path,
                include=include,
                exclude=exclude,
                sweeps=sweeps(want),
            )
        if not want.path:
            requirements += self._root_links(index, include, exclude)
        return tuple(requirements)

    def _wild_pivot(
        self, index: int, want: CopySource, include: Matcher, exclude: Excluding | None
    ) -> tuple[Requirement, ...]:
        """`--parents` with wildcards before its pivot: each match is a start."""
        literal, glob = wildcards.split(want.path)
        base = want.led_to(self.tree, literal)
        requirements = []
        if literal:
            requirements.append(
                self._lead_to(index, base, literal, takes=False, base=True)
            )
        if base.path is not None:
            requirements += self._matches(
                index, want, base.path, glob, include=include, exclude=exclude
            )
        return tuple(requirements)

    def _required(
        self, index: int, want: CopySource, include: Matcher, exclude: Excluding | None
    ) -> tuple[Requirement, ...]:
        """`--parents` without wildcards: the path itself must be there.

        Links on the way to it are not followed, although they were sent.
        """
        assert want.required is not None
        found = resolve(self.tree, want.required, follow_last=False)
        if want.below in ("", ".") or found.links:
            broken = Resolved(None, missing=want.required)
            return (Requirement((), broken=broken, names=want.required),)
        requirements = [self._lead_to(index, found, want.required, takes=False)]
        self._add_path(index, want.path, include=include, exclude=exclude)
        if not want.path:
            requirements += self._root_links(index, include, exclude)
        return tuple(requirements)

    def _root_links(
        self, index: int, include: Matcher, exclude: Excluding | None
    ) -> tuple[Requirement, ...]:
        """Links in the root that a filtered copy of the root selects.

        BuildKit follows these, and only these, when it hashes the copied files.
        Rule: moby/buildkit, cache/contenthash/checksum.go, includedPaths.
        """
        requirements = []
        for name in self.tree.names(""):
            if self.tree.kind(name) is not Found.LINK:
                continue
            selected = not include.patterns or include.verdict(name).excluded
            if exclude is not None and exclude.root.judge(name).hit:
                selected = False
            if selected:
                found = resolve(self.tree, name)
                requirement = self._lead_to(index, found, name, takes=False, when=name)
                requirements.append(requirement)
        return tuple(requirements)


def _matcher(patterns: Sequence[str]) -> Matcher:
    """A matcher of a copy's own patterns.

    Those that fail late are left out: where one is asked, the build fails, see
    `excluding`.
    """
    compiled = compile_patterns(patterns)
    return Matcher([pattern for pattern in compiled if not pattern.fails])


def _late_include(below: Sequence[str]) -> str:
    """The words in which `--parents` fails for a pattern that is always asked."""
    failing = fails_late(below)
    return f"failed to match includepatterns: {BAD_PATTERN}" if failing else ""


def _literals(path: str) -> tuple[Component, ...]:
    """Steps that lead to one path."""
    return (
        tuple(NameTest(ComponentKind.LITERAL, name) for name in path.split("/"))
        if path
        else ()
    )


def _glob_plan(base: str, glob: str) -> CompiledPattern | None:
    """A pattern below a folder; None when it is malformed and so matches nothing."""
    from ctxopt.core.patterns import globs  # start-up: few have wildcards

    try:
        plan = globs.plan(glob)
    except filepath_match.MalformedPatternError:
        return None
    if plan.cursor is None:
        return CompiledPattern((*_literals(base), *plan.steps))
    prefix = base + "/" if base else ""
    below = partial(wildcards.matches_below, prefix, glob)
    return CompiledPattern(cursor=WholePath(below))


def matching(tree: Tree, base: str, glob: str) -> list[str]:
    """All that a pattern matches below a folder; see `wildcards.matches`."""
    return [*wildcards.matches(tree, base, glob)]


def _matching_links(tree: Tree, base: str, glob: str) -> list[str]:
    paths = matching(tree, base, glob)
    return [path for path in paths if tree.kind(path) is Found.LINK]


# --- afterwards ------------------------------------------------------------------
