"""The legacy builder: the client sends the whole context as a tar.

Rule: docker/cli, cli/command/image/build.go and build/context.go; moby/go-archive,
archive.go; for sources moby/moby, builder/dockerfile/copy.go.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.builders import legacy_wire
from ctxopt.core.builders.base import Builder, OutsideDockerfile, tally
from ctxopt.core.dockerfile.records import Scoping
from ctxopt.core.golang import filepath_match
from ctxopt.core.golang import paths as gopath
from ctxopt.core.judging.entry import EntryKind
from ctxopt.core.judging.judge import WalkRules, open_paths
from ctxopt.core.measure.stream import Total
from ctxopt.core.measure.wire import Wire
from ctxopt.core.model import BuilderName, Source, SourceState, Tally, Transfer
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError, compile_patterns
from ctxopt.core.sources.claims import ClaimState
from ctxopt.core.sources.outcomes import Outcome
from ctxopt.core.sources.together import Brought
from ctxopt.core.sources.tree import Tree
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:  # see base.py
    from ctxopt.core.timing.models import Profile

WIRE = Wire(
    weigh_plain=legacy_wire.weigh_plain,
    weigh_folder=legacy_wire.weigh_folder,
    weigh_name=legacy_wire.weigh_name,
    weigh=legacy_wire.weigh,
    plain_path=legacy_wire.PLAIN_PATH_BYTES,
    plain_size=legacy_wire.PLAIN_SIZE,
    plain_time=legacy_wire.PLAIN_TIME_NS,
    linked=frozenset(EntryKind) - {EntryKind.DIRECTORY},
    late_parents=False,
)

IGNORE_FILE = ".dockerignore"
INVENTED_NAME = ".dockerfile.RANDOM"  # 20 random digits in the place of RANDOM

# A Dockerfile from outside travels under an invented name, and the ignore file is
# made to name it: `.dockerfile.` and 20 hexadecimal digits, a line of 33 bytes.
_INVENTED_BYTES = 32
_NEW_IGNORE_FILE_BYTES = len(".dockerignore\n") + _INVENTED_BYTES + 1
_IGNORE_FILE_GROWTH = _INVENTED_BYTES + 2


class Legacy(Builder):
    """The builder of `DOCKER_BUILDKIT=0`."""

    name = BuilderName.LEGACY
    label = "legacy builder"
    printed_as = "Sending build context to Docker daemon {printed:>8}"
    scoping = Scoping.CLASSIC
    wire = WIRE
    parses_dockerfile_first = False
    specific_ignore_file = False
    follows_links_out = True
    ends_silently = True
    validates = True
    sends_all = True
    last_file_stays = False
    reads_pipes = True
    takes_named_contexts = False
    knows_exclude = False

    def reads_attribute(self, name: str) -> bool:
        return name == "security.capability"

    def exclude(self, ignored: Matcher, dockerfile: str) -> Matcher:
        kept = ignored
        for path in self.brings_back(dockerfile):
            if _excludes(kept, path):
                back = compile_patterns((f"!{path}",))
                kept = Matcher((*kept.patterns, *back))
        return kept

    def brings_back(self, dockerfile: str) -> tuple[str, ...]:
        return (IGNORE_FILE, dockerfile) if dockerfile else (IGNORE_FILE,)

    def withdrawn(self, ignored: Matcher, dockerfile: str) -> frozenset[str]:
        # Rule: moby/moby, daemon/builder/remotecontext/detect.go, removeDockerfile.
        paths = self.brings_back(dockerfile)
        return frozenset(path for path in paths if _removes(ignored, path))

    def wanted(self, sources: Sequence[Source]) -> list[CopySource]:
        return [_wanted(source) for source in sources]

    def requested(self, sources: Sequence[Source]) -> tuple[str, ...]:
        return ("/",)

    def request(self, sources: Sequence[Source], tree: Tree) -> tuple[str, ...] | None:
        return None

    def rules(
        self,
        exclude: Matcher,
        request: Sequence[str] | None,
        claims: ClaimState,
        *,
        transfer_only: bool = False,
    ) -> WalkRules:
        patterns = exclude.patterns
        negated = [pattern.cleaned for pattern in patterns if pattern.negated]
        # There is one transfer, and it is the whole context.
        opened = open_paths(negated)
        return WalkRules(
            exclude=exclude if patterns else None,
            include=None,
            reopened=opened,
            requested=None,
            claims=claims,
            transfer_only=True,
        )

    def prints(self, size: int) -> str:
        return legacy_wire.printed(size)

    def local_profile(self) -> Profile:
        from ctxopt.core.timing import models  # see base.py

        origin = models.MEASURED.format(self.label)
        # Sent and unpacked anew each time.
        unpacking = models.Model(0.002, 75e-6, 26e-6, 5.0e-9, origin)
        return models.Profile(models.ProfileName.LOCAL.value, unpacking, unpacking)

    def wire_bytes(self, total: Total) -> int:
        return total.stat_bytes + legacy_wire.TRAILER_BYTES

    def transfer(self, total: Total, outside: OutsideDockerfile | None) -> Transfer:
        size = self.wire_bytes(total)
        if outside is not None:
            size = _with_outside(total.stat_bytes, outside)
        return Transfer(tally(total, size), self.prints(size), is_whole=True)

    def context(self, total: Total, transfer: Transfer) -> Tally:
        return transfer.tally

    def failure(self, want: CopySource, outcome: Outcome) -> str | None:
        command = want.source.instruction
        if outcome.state in (SourceState.FOUND, SourceState.EMPTY):
            return None
        named = outcome.named if want.glob is not None else _as_named(want.source)
        # Links are followed step by step, and only what is missing is no matter.
        leads_out = outcome.state is SourceState.OUTSIDE or outcome.loop
        if leads_out or outcome.in_file:
            what = f"forbidden path outside the build context: {named} ()"
        else:
            what = (
                "file not found in build context or excluded by .dockerignore: "
                f"stat {named}: file does not exist"
            )
        return f"{command} failed: {what}"

    def joint_failure(self, brought: Sequence[Brought]) -> str | None:
        # Rule: moby/moby, daemon/builder/dockerfile/copy.go, createCopyInstruction and
        # getCopyInfosForSourcePaths: asked once, when all sources were looked up.
        source = brought[0].source
        known = [one.hits for one in brought if one.hits is not None]
        if len(known) == len(brought) and not any(known):
            return f"{source.instruction} failed: no source files were specified"
        if sum(known) > 1 and not source.destination.endswith("/"):
            return (
                f"When using {source.instruction} with more than one source file, the "
                "destination must be a directory and end with a /"
            )
        return None

    def invented(self, outside: OutsideDockerfile | None) -> tuple[str, ...]:
        if outside is None:
            return ()
        if outside.ignore_file_size is not None:
            return (INVENTED_NAME,)
        return (INVENTED_NAME, IGNORE_FILE)

    def rewritten(self, outside: OutsideDockerfile | None) -> tuple[str, ...]:
        # Rule: docker/cli, build/context.go, AddDockerfileToBuildContext: the random
        # name that the Dockerfile travels under is appended to the ignore file.
        has_file = outside is not None and outside.ignore_file_size is not None
        return (IGNORE_FILE,) if has_file else ()

    def alternative(
        self, transfer: Transfer, outside: OutsideDockerfile | None
    ) -> int | None:
        if outside is None or outside.ignore_file_size is not None:
            return None
        other = _rare_order(transfer.tally.wire_bytes, outside)
        return None if other == transfer.tally.wire_bytes else other


def _as_named(source: Source) -> str:
    """A source without wildcards as the daemon calls it: as it is written, nearly.

    Rule: moby/moby, daemon/builder/dockerfile/copy.go, calcCopyInfo; FullPath of
    daemon/builder/remotecontext/detect.go.
    """
    return source.expanded.removeprefix("/").removeprefix("./")


def _wanted(source: Source) -> CopySource:
    text = source.expanded
    if _leaves_root(text):
        return CopySource(source, outside=True)
    if source.mount or not filepath_match.has_wildcard(text):
        return CopySource(source, gopath.join("/", text)[1:], by_text=False)
    pattern = text.removeprefix("/").removeprefix("./")
    return CopySource(source, "", glob=pattern, follow_base=False, by_text=False)


def _excludes(ignored: Matcher, path: str) -> bool:
    """Rule: docker/cli, build/dockerignore.go, TrimBuildFilesFromExcludes."""
    try:
        return ignored.matches_single_parent(path)
    except PatternError:
        return False  # the client ignores the error here and meets it again later


def _removes(ignored: Matcher, path: str) -> bool:
    """Whether the daemon, which asks in another way, takes a file out again."""
    try:
        return ignored.matches_or_parent_matches(path)
    except PatternError:
        return False  # it goes on, too


def _leaves_root(text: str) -> bool:
    return gopath.clean(text.lstrip("/") or ".").split("/", 1)[0] == ".."


def _with_outside(entries_bytes: int, outside: OutsideDockerfile) -> int:
    """The stream with a Dockerfile from outside; its last entry is not padded.

    Rule: docker/cli, build/context.go, AddDockerfileToBuildContext: the pipe is closed
    before the tar writer is.
    """
    header, blocks = legacy_wire.BLOCK_BYTES, legacy_wire.blocks
    size = outside.ignore_file_size
    if size is None:
        dockerfile = header + blocks(outside.size)
        return entries_bytes + dockerfile + header + _NEW_IGNORE_FILE_BYTES
    grown = blocks(size + _IGNORE_FILE_GROWTH) - blocks(size)
    return entries_bytes + grown + header + outside.size


def _rare_order(usual: int, outside: OutsideDockerfile) -> int:
    """The size when the invented ignore file comes before the Dockerfile."""
    blocks = legacy_wire.blocks
    usual_tail = blocks(outside.size) + _NEW_IGNORE_FILE_BYTES
    return usual - usual_tail + blocks(_NEW_IGNORE_FILE_BYTES) + outside.size
