"""BuildKit: only what the sources name travels, filtered by the client.

Rule: moby/buildkit, frontend/dockerfile/dockerfile2llb and frontend/dockerui;
tonistiigi/fsutil, filter.go, Walk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from ctxopt.core.builders import buildkit_wire
from ctxopt.core.builders.base import Builder, tally
from ctxopt.core.dockerfile.records import Scoping
from ctxopt.core.golang import filepath_match
from ctxopt.core.golang import paths as gopath
from ctxopt.core.golang.quoting import quote
from ctxopt.core.judging.entry import EntryKind
from ctxopt.core.judging.judge import WalkRules, open_paths
from ctxopt.core.measure.wire import Wire
from ctxopt.core.model import BuilderName, SourceState, Transfer
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import (
    PatternError,
    compile_patterns,
    is_plain,
    strip_trailing_glob,
)
from ctxopt.core.sources.excluding import refused_elsewhere
from ctxopt.core.sources.links import follow_request
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.errors import DockerfileError, IgnoreFileError

if TYPE_CHECKING:
    from ctxopt.core.builders.base import OutsideDockerfile
    from ctxopt.core.judging.judge import Trie
    from ctxopt.core.measure.stream import Total
    from ctxopt.core.model import Location, Source, Tally
    from ctxopt.core.patterns.pattern import Pattern
    from ctxopt.core.sources.claims import ClaimState
    from ctxopt.core.sources.outcomes import Outcome
    from ctxopt.core.sources.tree import Tree
    from ctxopt.core.timing.models import Profile

WIRE = Wire(
    weigh_plain=buildkit_wire.weigh_plain,
    weigh_folder=buildkit_wire.weigh_folder,
    weigh_name=buildkit_wire.weigh_name,
    weigh=buildkit_wire.weigh,
    plain_path=buildkit_wire.PLAIN_PATH_BYTES,
    plain_size=1 << 62,
    plain_time=1 << 63,
    linked=frozenset(EntryKind) - {EntryKind.DIRECTORY, EntryKind.SYMLINK},
    late_parents=True,
    utf8_only=True,
    id_steps=buildkit_wire.ID_STEPS,
)


class BuildKit(Builder):
    """The builder behind `docker build` since Docker 23."""

    name = BuilderName.BUILDKIT
    label = "BuildKit"
    printed_as = "transferring {name}: {printed}"
    scoping = Scoping.BUILDKIT
    wire = WIRE
    parses_dockerfile_first = True
    specific_ignore_file = True
    follows_links_out = False
    ends_silently = False
    validates = False
    sends_all = False
    last_file_stays = True
    reads_pipes = False
    takes_named_contexts = True
    knows_exclude = True
    looks_up_owners = True
    runs_utf8_only = True

    def reads_attribute(self, name: str) -> bool:
        return not name.startswith("com.apple.")

    def check_exclude(self, patterns: Sequence[Pattern]) -> None:
        texts = ["!" * pattern.negated + pattern.cleaned for pattern in patterns]
        for index in _unprintable(texts):
            place = patterns[index].location
            raise IgnoreFileError(
                _UNPRINTABLE.format("exclude-patterns"),
                file=place.file if place else None,
                line=place.line if place else None,
                text=ascii(patterns[index].text),
                hint="remove the control character",
            )

    def dockerfile_request(self, name: str) -> tuple[str, ...] | None:
        names = {name, f"{name}.dockerignore"}
        if name == "Dockerfile":
            names.add(name.lower())
        return tuple(sorted(names))

    def wanted(self, sources: Sequence[Source]) -> list[CopySource]:
        alone = [_wanted(source) for source in sources]
        plain: defaultdict[Location, set[str]] = defaultdict(set)
        for want in alone:
            if _is_plain_path(want):
                plain[want.source.location].add(want.path)
        return [
            want._replace(covered=_is_covered(want, plain[want.source.location]))
            for want in alone
        ]

    def requested(self, sources: Sequence[Source]) -> tuple[str, ...]:
        paths = {gopath.join("/", source.expanded) for source in sources}
        if "/" in paths:
            return ("/",)
        return tuple(
            sorted(paths, key=lambda path: path.encode("utf-8", "surrogateescape"))
        )

    def request(self, sources: Sequence[Source], tree: Tree) -> tuple[str, ...] | None:
        paths = [gopath.join(".", path) for path in self.requested(sources)]
        if "." in paths:
            return None
        for index in _unprintable(paths):
            raise _unprintable_source(sources, paths[index])
        return follow_request(tree, paths)

    def rules(
        self,
        exclude: Matcher,
        request: Sequence[str] | None,
        claims: ClaimState,
        *,
        transfer_only: bool = False,
    ) -> WalkRules:
        include = None if request is None else Matcher(compile_patterns(request))
        patterns = exclude.patterns
        negated = [pattern.cleaned for pattern in patterns if pattern.negated]
        wanted = []
        if include is not None:
            wanted = [
                pattern.cleaned for pattern in include.patterns if not pattern.negated
            ]
        return WalkRules(
            exclude=exclude if patterns else None,
            include=include,
            reopened=_reachable(negated),
            requested=_reachable(wanted),
            claims=claims,
            transfer_only=transfer_only,
        )

    def opener(self, exclude: Matcher, folder: str) -> Pattern | None:
        # One that leads there says more than one that opens all folders.
        # Rule: tonistiigi/fsutil, filter.go, Walk.
        leading = (
            one
            for one in exclude.patterns
            if one.negated
            and f"{strip_trailing_glob(one.cleaned)}/".startswith(f"{folder}/")
        )
        return next(iter((*leading, *self.reopening(exclude))), None)

    def reopening(self, exclude: Matcher) -> tuple[Pattern, ...]:
        return tuple(
            pattern
            for pattern in exclude.patterns
            if pattern.negated and not is_plain(strip_trailing_glob(pattern.cleaned))
        )

    def opens(
        self, exclude: Matcher, request: Sequence[str] | None
    ) -> Callable[[str, bool], bool] | None:
        # The walk carries results down from parents, but a file is opened by asking
        # about its path alone; the two differ only where the order of patterns counts.
        # Rule: tonistiigi/fsutil, filter.go, filterFS.Open.
        include = compile_patterns(request or ())
        in_order = _order_counts(exclude.patterns)
        if not in_order and not any(one.negated for one in include):
            return None
        # Where nothing is negated, what is taken is asked for.
        negated = any(one.negated for one in include)
        return _Opens(exclude, Matcher(include) if negated else None)

    def prints(self, size: int) -> str:
        return buildkit_wire.printed(size)

    def local_profile(self) -> Profile:
        from ctxopt.core.timing import models  # see base.py

        origin = models.MEASURED.format(self.label)
        first = models.Model(0.0025, 44e-6, 38e-6, 8.3e-9, origin)
        repeat = models.Model(0.0025, 21e-6, 0.0, 0.0, origin)
        return models.Profile(models.ProfileName.LOCAL.value, first, repeat)

    def wire_bytes(self, total: Total) -> int:
        return total.stat_bytes + total.data_bytes + buildkit_wire.FIN_BYTES

    def transfer(self, total: Total, outside: OutsideDockerfile | None) -> Transfer:
        size = self.wire_bytes(total)
        return Transfer(
            tally(total, size),
            self.prints(size),
            repeat_wire_bytes=total.stat_bytes
            + total.resent_bytes
            + buildkit_wire.FIN_BYTES,
        )

    def context(self, total: Total, transfer: Transfer) -> Tally:
        return tally(total, self.wire_bytes(total))

    def heredoc_failure(self, name: str) -> str | None:
        # It is a file of an empty stage first.
        # Rule: moby/buildkit, llbsolver/file/backend.go, mkfile.
        path = gopath.join("/", name)
        if path == "/":
            return "open : is a directory"
        inside = "/" in path[1:]
        return f"open {path}: no such file or directory" if inside else None

    def refused_excludes(
        self, sources: Sequence[Source]
    ) -> Iterable[tuple[Source, str]]:
        return refused_elsewhere(sources)

    def failure(self, want: CopySource, outcome: Outcome) -> str | None:
        if outcome.state in (SourceState.FOUND, SourceState.EMPTY):
            return None
        if outcome.refusal:
            return outcome.refusal
        if outcome.loop:
            return "too many links"
        # A filtered or covered source is not looked up when the copy is hashed, only
        # when it runs. Rule: moby/buildkit, llbsolver/ops/file.go, dedupeSelectors;
        # ops/exec.go, toSelectors and dedupePaths.
        plain = want.glob is None and want.below is None
        unseen = plain and not (outcome.dangling and _keeps_itself(want.exclude))
        if outcome.base or want.covered or (want.exclude and unseen):
            # Links are looked for step by step, and only what is missing is no matter.
            if outcome.in_file:
                return f"lstat /{outcome.in_file}: not a directory"
            looks = "open" if want.source.mount else "lstat"
            return f"{looks} /{outcome.subject}: no such file or directory"
        return f"{quote('/' + outcome.named)}: not found"


def _keeps_itself(exclude: Sequence[str]) -> bool:
    """Whether patterns of `--exclude` leave in the source itself, whose path is "".

    A link that they leave out is not followed for the hash.
    Rule: moby/buildkit, cache/contenthash/checksum.go, includedPaths.
    """
    patterns = [one for one in compile_patterns(exclude) if not one.fails]
    return not Matcher(patterns).verdict("").excluded


class _Opens:
    """Which files the client opens; those that ask the same patterns are equal."""

    __slots__ = ("_asked",)

    def __init__(self, exclude: Matcher, asks_for: Matcher | None) -> None:
        self._asked = exclude, asks_for

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Opens) and self._asked == other._asked

    def __hash__(self) -> int:
        return hash(self._asked)

    def __call__(self, path: str, taken: bool) -> bool:  # noqa: FBT001  # as base
        exclude, asks_for = self._asked
        try:
            if taken and asks_for and not asks_for.matches_or_parent_matches(path):
                return False
            return not exclude.matches_or_parent_matches(path)
        except PatternError:
            return False


def _order_counts(patterns: Sequence[Pattern]) -> bool:
    """Whether some pattern that excludes stands behind a negated one."""
    negated = [pattern.negated for pattern in patterns]
    return True in negated and not all(negated[negated.index(True) :])


_UNPRINTABLE = 'header key "{}" contains value with non-printable ASCII characters'


def _unprintable(values: Sequence[str]) -> Iterator[int]:
    """The values with control characters, which no gRPC header can carry.

    One value that is not ASCII makes the client escape them all.
    """
    if not all(value.isascii() for value in values):
        return
    for index, value in enumerate(values):
        if any(not " " <= character <= "~" for character in value):
            yield index


def _unprintable_source(sources: Sequence[Source], path: str) -> DockerfileError:
    source = next(
        source
        for source in sources
        if gopath.join(".", gopath.join("/", source.expanded)) == path
    )
    return DockerfileError(
        _UNPRINTABLE.format("followpaths"),
        file=source.location.file,
        line=source.location.line,
        text=ascii(source.text),
        hint="no source may have a control character in its name",
    )


def _wanted(source: Source) -> CopySource:
    text = source.expanded
    if source.parents:
        return _parents(source, text)
    path = gopath.join("/", text)[1:]
    if source.mount or not filepath_match.has_wildcard(path):
        return CopySource(source, path, exclude=source.exclude)
    base, glob = _split_wildcards(path)
    return CopySource(source, base, glob=glob, exclude=source.exclude)


def _is_covered(want: CopySource, plain: Collection[str]) -> bool:
    """Whether a plain source or mount of the same instruction takes a folder above."""
    if len(plain) < 2 or not want.path or not _is_plain_path(want):
        return False
    return any(above in plain for above in _folders_above(want.path))


def _folders_above(path: str) -> Iterator[str]:
    yield ""
    slash = path.find("/")
    while slash >= 0:
        yield path[:slash]
        slash = path.find("/", slash + 1)


def _is_plain_path(want: CopySource) -> bool:
    filtered = want.glob is not None or want.below is not None or want.exclude
    return want.source.claims and not filtered


def _parents(source: Source, text: str) -> CopySource:
    """`--parents`: the text before the first `/./` is where patterns start from.

    Rule: moby/buildkit, dockerfile2llb/convert_copy.go, dispatchCopy.
    """
    base, pivot, pattern = text.partition("/./")
    if not pivot:
        base, pattern = "", text
    below = gopath.join("/", pattern)[1:]
    start = gopath.join("/", base)[1:]
    required = None
    if not filepath_match.has_wildcard(base) and not filepath_match.has_wildcard(below):
        required = gopath.join("/", start, below)[1:]
    return CopySource(
        source, start, below=below, required=required, exclude=source.exclude
    )


def _split_wildcards(path: str) -> tuple[str, str]:
    """The literal folders that a pattern starts from, and the rest."""
    parts = path.split("/")
    first = next(i for i, part in enumerate(parts) if filepath_match.has_wildcard(part))
    return "/".join(parts[:first]), "/".join(parts[first:])


def _reachable(patterns: Sequence[str]) -> Trie | None:
    """The folders on the way to the patterns; None when that cannot be told by text.

    Rule: tonistiigi/fsutil, filter.go, NewFilterFS: one wildcard among them, other
    than at the very end, turns the shortcut off.
    """
    stripped = [strip_trailing_glob(pattern) for pattern in patterns]
    if not all(is_plain(pattern) for pattern in stripped):
        return None
    return open_paths(stripped)
