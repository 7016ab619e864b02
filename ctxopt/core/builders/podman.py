"""podman build, which is buildah: each source is read where it lies, nothing is sent.

COPY and ADD are walked one by one, from what they name. So a file that a line with `!`
brings back is found by its name, also where a copy of the whole context ends at a
folder above it.

Rule: containers/buildah, add.go, Add, and copier/copier.go, copierHandlerGet (1.45; in
1.28 the same but for what is said to differ).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxopt.core.builders.base import Builder, FileNames, OutsideDockerfile, tally
from ctxopt.core.dockerfile.records import Scoping
from ctxopt.core.golang import paths as gopath
from ctxopt.core.golang.quoting import quote
from ctxopt.core.judging.entry import Entry, EntryKind, Weight
from ctxopt.core.judging.judge import Trie, WalkRules
from ctxopt.core.measure.stream import Total
from ctxopt.core.measure.wire import Wire
from ctxopt.core.model import BuilderName, Dialect, Source, SourceState, Tally, Transfer
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern, PatternError
from ctxopt.core.sources.claims import ClaimState
from ctxopt.core.sources.outcomes import Outcome
from ctxopt.core.sources.together import Brought
from ctxopt.core.sources.tree import Tree
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:  # see base.py
    from ctxopt.core.timing.models import Profile

FILES = FileNames(
    dockerfiles=("Containerfile", "Dockerfile"),
    ignore_files=(".containerignore", ".dockerignore"),
    specific=(".dockerignore", ".containerignore"),
)

_WILDCARDS = frozenset("*?[\\")
_MEASURED = "measured 2026-11-28, buildah 1.45 with vfs, Linux, 2 CPUs, roughly"


def _weigh_plain(_path: int, _mode: int, size: int, _mtime_ns: int) -> Weight:
    """What is read of a file; there is no wire, and nothing goes with it."""
    return 0, size, 0


def _weigh_folder(_path: int, _mode: int, _mtime_ns: int) -> int:
    return 0


def _weigh_name(_path: int, _mode: int, _size: int, _time: int, _first: str) -> int:
    """Nothing: of several names of a file the first is read.

    Rule: containers/buildah, copier/copier.go, copierHandlerGetOne.
    """
    return 0


def _weigh(entry: Entry, first_name: str | None) -> Weight | None:
    """What is read of any entry; None for a socket, which is left out.

    Rule: containers/buildah, copier/copier.go, copierHandlerGet.
    """
    if entry.kind is EntryKind.SOCKET:
        return None
    regular = entry.kind is EntryKind.REGULAR and first_name is None
    return 0, entry.size if regular else 0, 0


WIRE = Wire(
    weigh_plain=_weigh_plain,
    weigh_folder=_weigh_folder,
    weigh_name=_weigh_name,
    weigh=_weigh,
    plain_path=1 << 16,
    plain_size=1 << 62,
    plain_time=1 << 63,
    linked=frozenset({EntryKind.REGULAR}),
    late_parents=False,
)


class Podman(Builder):
    """The builder of `podman build` and of `buildah build`."""

    name = BuilderName.PODMAN
    label = "podman"
    printed_as = "{name}: {printed}"
    scoping = Scoping.BUILDKIT
    wire = WIRE
    files = FILES
    dialect = Dialect.STORAGE
    in_place = True
    parses_dockerfile_first = True
    specific_ignore_file = True
    follows_links_out = True
    ends_silently = False
    validates = False
    sends_all = False
    last_file_stays = False
    # The images of stages are in OCI's format, which has no place for ONBUILD.
    fires_triggers = False
    # Rule: openshift/imagebuilder, builder.go, Stages.ThroughTarget.
    exact_target = True
    reads_pipes = True
    takes_named_contexts = True
    knows_exclude = True

    def reads_attribute(self, name: str) -> bool:
        return False

    def finds(self, ignored: Matcher, dockerfile: str, path: str) -> bool:
        # What a source names is asked alone; no folder above it is.
        try:
            return not ignored.verdict(path).excluded
        except PatternError:
            return False

    def left_out(self, ignored: Matcher, dockerfile: str, path: str) -> str:
        if not self.finds(ignored, dockerfile, path):
            return path
        return super().left_out(ignored, dockerfile, path)

    def wanted(self, sources: Sequence[Source]) -> list[CopySource]:
        return [_wanted(source) for source in sources]

    def requested(self, sources: Sequence[Source]) -> tuple[str, ...]:
        paths = {gopath.join("/", source.expanded) for source in sources}
        return ("/",) if "/" in paths else tuple(sorted(paths))

    def request(self, sources: Sequence[Source], tree: Tree) -> tuple[str, ...] | None:
        paths = self.requested(sources)
        return None if paths == ("/",) else paths

    def rules(
        self,
        exclude: Matcher,
        request: Sequence[str] | None,
        claims: ClaimState,
        *,
        transfer_only: bool = False,
    ) -> WalkRules:
        patterns = exclude.patterns
        return WalkRules(
            exclude=exclude if patterns else None,
            include=None,
            reopened=_prefixes(patterns),
            requested=None,
            claims=claims,
            transfer_only=transfer_only,
            each_source=True,
            only_taken=request is not None,
        )

    def opener(self, exclude: Matcher, folder: str) -> Pattern | None:
        return next(
            (
                one
                for one in exclude.patterns
                if one.negated and f"{one.cleaned.strip('/')}/".startswith(folder)
            ),
            None,
        )

    def prints(self, size: int) -> str:
        return f"{size} B"  # of its own it says nothing about sizes

    def local_profile(self) -> Profile:
        from ctxopt.core.timing import models  # see base.py

        # All is read again to find out whether a layer is still good.
        first = models.Model(0.3, 0.0, 8.5e-4, 2.3e-8, _MEASURED)
        repeat = models.Model(0.3, 0.0, 8.5e-4, 4.7e-9, _MEASURED)
        return models.Profile(models.ProfileName.LOCAL.value, first, repeat)

    def wire_bytes(self, total: Total) -> int:
        return total.data_bytes

    def transfer(self, total: Total, outside: OutsideDockerfile | None) -> Transfer:
        size = self.wire_bytes(total)
        return Transfer(tally(total, size), None, repeat_wire_bytes=size)

    def context(self, total: Total, transfer: Transfer) -> Tally:
        return tally(total, self.wire_bytes(total))

    def failure(self, want: CopySource, outcome: Outcome) -> str | None:
        if outcome.state is SourceState.FOUND:
            return None
        if outcome.refusal:
            return outcome.refusal
        if outcome.state is SourceState.EMPTY:
            return None
        if outcome.state is SourceState.IGNORED:
            return _filtered_out(outcome.named or outcome.subject)
        path = quote(f"/{outcome.named or outcome.subject}")
        if outcome.loop:
            return (
                f"copier: stat: error resolving {path}: open {path[1:-1]}: "
                "too many levels of symbolic links"
            )
        return f"copier: stat: {path}: no such file or directory"

    def joint_failure(self, brought: Sequence[Brought]) -> str | None:
        if any(_spans_folders(one.source) for one in brought):
            return None  # what it hits is not known here
        for one in brought:
            if one.hits == 0 and one.ignored:
                return _filtered_out(one.source.expanded, len(one.ignored))
        if all(one.hits == 0 for one in brought):
            glob = gopath.join("/", brought[0].source.expanded)
            return f"copier: stat: globs [{glob}] matched nothing"
        return None


def _filtered_out(path: str, count: int = 1) -> str:
    """What is said of a source of which all is ignored.

    It names the context, and the ignore file, as they are mounted for the build.
    """
    return (
        f"no items matching glob {quote(f'CONTEXT/{path}')} copied ({count} filtered "
        "out using IGNOREFILE): no such file or directory"
    )


def _wanted(source: Source) -> CopySource:
    text = source.expanded
    path = gopath.join("/", text)[1:]
    if source.mount or not _WILDCARDS.intersection(path):
        return CopySource(source, path, exclude=source.exclude, on_disk=True)
    base, glob = _split(path)
    if _spans_folders(source):  # as a line of an ignore file does
        return CopySource(
            source, base, below=glob, exclude=source.exclude, on_disk=True
        )
    return CopySource(source, base, glob=glob, exclude=source.exclude, on_disk=True)


def _spans_folders(source: Source) -> bool:
    """Whether a source has a `**`, which stands for any number of folders.

    Rule: containers/buildah, copier/copier.go, extendedGlob (not in 1.28).
    """
    return "**" in source.expanded.split("/")


def _split(path: str) -> tuple[str, str]:
    """The literal folders that a wildcard starts from, and the rest."""
    parts = path.split("/")
    first = next(i for i, part in enumerate(parts) if _WILDCARDS.intersection(part))
    return "/".join(parts[:first]), "/".join(parts[first:])


def _prefixes(patterns: Sequence[Pattern]) -> Trie:
    """The folders into which a walk looks though they are ignored.

    They are those with whose path the text of a line with `!` begins, letter for
    letter: `!foobar/x` opens `foo` as well. A folder that is no parent of the text has
    nothing in it here: a source that names it does not begin there.

    Rule: containers/buildah, copier/copier.go, copierHandlerGet.
    """
    root: dict[str, dict] = {}  # type: ignore[type-arg]  # recursive, see Trie
    for pattern in patterns:
        if not pattern.negated:
            continue
        node = root
        for component in pattern.cleaned.strip("/").split("/"):
            for name in _beginnings(component):
                node.setdefault(name, {})
            node = node[component]
    return root


def _beginnings(component: str) -> Iterator[str]:
    for end in range(1, len(component) + 1):
        yield component[:end]
