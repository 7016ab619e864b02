"""The sources that take a path, each asked on its own, and where it goes with them.

Whether the path is sent is not asked here: of one that the ignore file keeps out, these
are the sources that take it as soon as it comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ctxopt.core.dockerfile import Trace
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError, compile_patterns
from ctxopt.core.sources.reach import journey_of
from ctxopt.core.sources.sweeps import sweeps
from ctxopt.core.sources.targets import trace_targets
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.why.answer import Manner, Taker
from ctxopt.errors import IgnoreFileError


class Asked(NamedTuple):
    """A path that sources are asked about."""

    path: str  # "" is the whole context
    kind: Found | None

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.kind is Found.DIRECTORY or not self.path


def takers(
    wanted: Sequence[CopySource], asked: Asked, tree: Tree, trace: Trace | None
) -> Iterator[tuple[CopySource, Taker]]:
    """The sources that take a path, in the order of the build.

    `trace` tells where it arrives; without one, that stays open.
    """
    for want in wanted:
        taker = _taker(want, asked, tree)
        if taker is None:
            continue
        if want.exclude and taker.takes:
            taker = _with_idle_exclude(want, taker, asked, tree)
        if trace is not None:
            taker = _going_on(want, taker, asked, tree=tree, trace=trace)
        yield want, taker


def asking(
    wanted: Sequence[CopySource], path: str
) -> Iterator[tuple[CopySource, Taker]]:
    """The sources that name a path which is not there, or would take it if it were."""
    for want in wanted:
        if want.outside or not want.source.claims:
            continue
        if path in {want.required, want.path if want.glob is None else None}:
            yield want, Taker(want.source, Manner.NAMED)
        elif want.takes(path):
            manner = _way_of_taking(want, Asked(path, Found.FILE))
            yield want, _named_by(want, manner)


def in_other_stages(
    wanted: Iterable[CopySource], asked: Asked, tree: Tree
) -> Iterator[Taker]:
    """The same of stages that are not built, each source with that word."""
    for want in wanted:
        taker = _taker(want, asked, tree)
        if taker is not None and not taker.left_out_by:
            yield taker._replace(stage_unneeded=True)


def _taker(want: CopySource, asked: Asked, tree: Tree) -> Taker | None:
    manner = _manner(want, asked, tree)
    if manner is None:
        if not want.exclude:
            return None
        everything = want._replace(exclude=())
        manner = _manner(everything, asked, tree)
        if manner is None or manner is Manner.WITHIN:
            return None
        left_out_by = _excluding(want, asked, tree)
        return _named_by(want, manner)._replace(left_out_by=left_out_by)
    return _named_by(want, manner)


def _named_by(want: CopySource, manner: Manner) -> Taker:
    through = ""
    if manner is Manner.FOLDER:
        through = want.path
    elif manner in {Manner.WILDCARD, Manner.LINK, Manner.WITHIN}:
        through = want.source.expanded
    return Taker(want.source, manner, through)


def _manner(want: CopySource, asked: Asked, tree: Tree) -> Manner | None:
    """How a source takes a path; None where it does not."""
    if want.outside or not want.source.claims:
        return None
    if _takes(want, asked.path, tree):
        return _way_of_taking(want, asked)
    inside = f"{asked.path}/" if asked.path else ""
    if asked.is_folder and _begins_in(want, inside):
        return Manner.WITHIN
    return None


def _begins_in(want: CopySource, inside: str) -> bool:
    """Whether a source starts at something in a folder, by its text."""
    return want.path.startswith(inside) if want.path else not inside


def _way_of_taking(want: CopySource, asked: Asked) -> Manner:
    if want.glob is not None and not want.takes(asked.path):
        return Manner.LINK  # that is among the hits
    is_plain = want.glob is None and want.below is None
    named = want.required if want.required is not None else want.path
    if asked.path and named == asked.path and (is_plain or want.required is not None):
        return Manner.NAMED
    if sweeps(want) or not (named or want.glob or want.below):
        return Manner.SWEPT
    if not is_plain and want.required is None:
        return Manner.WILDCARD
    return Manner.FOLDER if want.takes(asked.path) or want.required else Manner.LINK


def _takes(want: CopySource, path: str, tree: Tree) -> bool:
    """Whether a source takes a path, judged as the walk of a transfer judges it."""
    targets = trace_targets((want,), tree)
    state = targets.root()
    if not path:
        return bool(state.mask)
    try:
        for name in path.split("/"):
            claims = state.take(name)
            state = claims.below
    except PatternError:
        return False  # the build fails there
    return bool(claims.mask)


def _excluding(want: CopySource, asked: Asked, tree: Tree) -> str:
    """The one pattern of `--exclude` that leaves a path out; all, if only together."""
    for pattern in want.exclude:
        if not _takes(want._replace(exclude=(pattern,)), asked.path, tree):
            return pattern
    return " ".join(want.exclude)


def _with_idle_exclude(
    want: CopySource, taker: Taker, asked: Asked, tree: Tree
) -> Taker:
    """The same with an `--exclude` that looks as if it left the path out.

    It is compared with paths below what a source hits: `*.log` reaches no deeper than
    right below a folder, and never what a wildcard hits itself.
    Source: moby/buildkit, cache/contenthash/checksum.go, includedPaths.
    """
    name = asked.path.rpartition("/")[2]
    for pattern in want.exclude:
        if "/" in pattern or not _hits(pattern, name):
            continue
        deeper = f"**/{pattern}"
        leaves_out = not _takes(want._replace(exclude=(deeper,)), asked.path, tree)
        meant = deeper if leaves_out else ""
        return taker._replace(idle_exclude=pattern, exclude_meant=meant)
    return taker


def _hits(pattern: str, name: str) -> bool:
    try:
        return Matcher(compile_patterns((pattern,))).verdict(name).excluded
    except (IgnoreFileError, PatternError):
        return False  # the build fails at that


def _going_on(
    want: CopySource, taker: Taker, asked: Asked, *, tree: Tree, trace: Trace
) -> Taker:
    """The same with where the path arrives, and how far it goes."""
    if taker.left_out_by or taker.manner is Manner.WITHIN:
        return taker
    path = asked.path
    if taker.manner is Manner.LINK:
        path = _as_named(want, asked.path, tree)
    is_folder = asked.is_folder or _is_followed_to_folder(want, taker, asked, tree)
    journey = journey_of(trace, want.source, path, is_folder=is_folder)
    hops = journey.hops if path else ()
    return taker._replace(reach=journey.reach, hops=hops)


def _is_followed_to_folder(
    want: CopySource, taker: Taker, asked: Asked, tree: Tree
) -> bool:
    """Whether a path is a link that the source itself names, and leads to a folder."""
    if asked.kind is not Found.LINK or want.below is not None:
        return False
    wanted = want.path.count("/") + 1 if want.path else 0
    depth = wanted + (want.glob.count("/") + 1 if want.glob is not None else 0)
    is_near = asked.path.count("/") < depth
    found = want.led_to(tree, asked.path).path if is_near else None
    is_hit = taker.manner in {Manner.NAMED, Manner.WILDCARD, Manner.SWEPT}
    return is_hit and bool(found) and tree.kind(found or "") is Found.DIRECTORY


def _as_named(want: CopySource, path: str, tree: Tree) -> str:
    """A path as the source has it that comes to it through a link; "" if unclear."""
    found = want.led_to(tree, want.path).path if want.path else None
    if not found or not f"{path}/".startswith(f"{found}/"):
        return ""
    named = want.path + path[len(found) :]
    return named if want.glob is None or want.takes(named) else ""
