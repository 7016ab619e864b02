"""Patterns of `--exclude` that BuildKit refuses, at once or when it comes to use them.

`[` is refused before anything is matched. `[z-a]` passes that check, and fails where
it is first asked about an entry: nearly always at the source itself, but not where
another pattern has had its say (`--exclude=* --exclude=[z-a]`), nor where there is no
entry to ask about. Both happen while the checksum of what is copied is computed.

Rule: moby/buildkit, cache/contenthash/checksum.go, includedPaths, shouldIncludePath.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ctxopt.core.golang import filepath_match
from ctxopt.core.golang.quoting import quote
from ctxopt.core.model import Dialect, Source, SourceKind
from ctxopt.core.paths import join
from ctxopt.core.patterns.matcher import Matcher, State
from ctxopt.core.patterns.pattern import BAD_PATTERN, PatternError, compile_patterns
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.sources.wildcards import hits_of
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import IgnoreFileError

REFUSED_LATE = f"failed to match excludepatterns: {BAD_PATTERN}"
_TO_THE_CONTEXT = frozenset({SourceKind.CONTEXT, SourceKind.NAMED})


def refused_at_once(kind: str, patterns: Sequence[str]) -> str:
    """BuildKit's words for patterns that it does not take; "" for those it does."""
    try:
        compile_patterns(patterns)
    except IgnoreFileError as error:
        return f"invalid {kind}patterns: [{' '.join(patterns)}]: {error.message}"
    return ""


def fails_late(patterns: Sequence[str]) -> bool:
    """Whether there is one among them that is refused when it is matched."""
    return any(pattern.fails for pattern in compile_patterns(patterns))


class FromRoot(NamedTuple):
    """What podman's `--exclude` leaves out of a source, from the source on down."""

    root: State
    hit: bool  # the source itself is left out, and with it the build fails
    refusal: str


def from_root(want: CopySource) -> FromRoot:
    """What podman leaves out of a source by its `--exclude`.

    Its patterns count twice: from the root of the context, as in an ignore file, and
    behind the source's own path.

    Rule: containers/buildah, imagebuildah/stage_executor.go, Copy and
    joinExcludePatternWithCopySource (1.45; 1.28 knows no --exclude).
    """
    behind = [_joined(want.path, one) for one in want.exclude]
    patterns = compile_patterns((*want.exclude, *behind), dialect=Dialect.STORAGE)
    state, hit = Matcher([one for one in patterns if not one.fails]).root, False
    for name in want.path.split("/") if want.path else ():
        judged = state.judge(name)
        state, hit = judged.child, judged.hit
    glob = quote(f"CONTEXT/{want.path}")
    refusal = f"no items matching glob {glob} copied (1 filtered out)"
    return FromRoot(state, hit, refusal)


def _joined(path: str, pattern: str) -> str:
    negated = "!" * pattern.startswith("!")
    return negated + join(path, pattern.removeprefix("!"))


def refused_elsewhere(sources: Sequence[Source]) -> Iterator[tuple[Source, str]]:
    """Sources out of other stages, images, URLs and heredocs, and BuildKit's words.

    What lies there is not known, but a source without wildcards is one entry, or the
    build fails for want of it.
    """
    for source in sources:
        if source.kind in _TO_THE_CONTEXT or not source.exclude:
            continue
        refusal = refused_at_once("exclude", source.exclude)
        if not refusal and not filepath_match.has_wildcard(source.expanded):
            refusal = REFUSED_LATE if _fails_at_the_source(source) else ""
        if refusal:
            yield source, refusal


def _fails_at_the_source(source: Source) -> bool:
    if source.parents:
        return False
    try:
        Matcher(compile_patterns(source.exclude)).handed_down("", None)
    except PatternError:
        return True
    return False


def comes_to_fail(want: CopySource, tree: Tree, sent: Callable[[str], bool]) -> bool:
    """Whether a pattern that fails late is asked about any entry of a source.

    `sent` says of any path whether it is in the transfer.
    """
    include = (want.below,) if want.below is not None else ()
    question = _Question(
        tree,
        sent,
        Matcher(compile_patterns(want.exclude)),
        Matcher(compile_patterns(include)),
    )
    try:
        for start in hits_of(want, tree):
            if not start or sent(start):
                question.ask(start)
    except PatternError:
        return True
    return False


class _Question(NamedTuple):
    """What is asked of each entry in turn, the folder above it first."""

    tree: Tree
    sent: Callable[[str], bool]
    exclude: Matcher
    include: Matcher

    def ask(self, start: str) -> None:
        """Ask about an entry that a source hits, and all below it.

        Raises PatternError where a pattern fails.
        """
        waiting: list[tuple[str, int | None, int | None]] = [("", None, None)]
        while waiting:
            path, included, excluded = waiting.pop()
            below = self._passed(path, included, excluded)
            folder = join(start, path) if path else start
            if self.tree.kind(folder) is Found.DIRECTORY:
                waiting += (
                    (join(path, name), *below)
                    for name in reversed(self.tree.names(folder))
                    if self.sent(join(folder, name))
                )

    def _passed(
        self, path: str, included: int | None, excluded: int | None
    ) -> tuple[int | None, int | None]:
        """What an entry hands down of both lists.

        The second is not asked about what the first does not take.
        """
        if self.include.patterns:
            hit, included = self.include.handed_down(path, included)
            if not hit:
                return included, None
        return included, self.exclude.handed_down(path, excluded)[1]
