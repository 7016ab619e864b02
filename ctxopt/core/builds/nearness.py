"""Which folder a Dockerfile is built with that no file names.

`docker/api.Dockerfile` with `COPY api /api` is built from the root if `api` lies there,
and with its own folder if it lies beside it. Only what it copies is known to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from ctxopt.core.dockerfile.tracing.all_stages import traces_of_stages
from ctxopt.core.golang import filepath_match, paths
from ctxopt.core.model import Source, SourceKind
from ctxopt.core.paths import join
from ctxopt.core.sources.tree import Found, Tree
from ctxopt.core.tuples import NamedTuple

IGNORE_FILE = ".dockerignore"
# Folders that are for Dockerfiles, beside what they build.
_OF_DOCKERFILES = frozenset(
    {
        *("docker", ".docker", "dockerfile", "dockerfiles", "container", "containers"),
        *("containerfiles", "image", "images", "build", "package", "ci", "deploy"),
    }
)
_MOST_SOURCES = 200  # asked about, of one Dockerfile
_MOST_NAMED = 3  # of what was found, in a sentence
NameTest: TypeAlias = Callable[[str], bool]


class Nearness(NamedTuple):
    """Whether what a Dockerfile copies lies in a folder above, or beside it."""

    above: int
    beside: int
    has_ignore_file: bool  # beside it
    in_root: bool

    @property
    def may_be_root(self) -> bool:
        """Whether it may be built with the folder above, as far as can be told."""
        if self.in_root:
            return True
        if self.beside and self.has_ignore_file:
            return self.above > self.beside
        return self.above >= self.beside

    @property
    def is_root(self) -> bool:
        """Whether that is as good as known."""
        return self.in_root or self.above > self.beside


def nearness(
    tree: Tree, folder: str, sources: Iterable[Source], above: str = ""
) -> Nearness:
    """How a Dockerfile in `folder` stands to the folder `above`; "" is the root."""
    named = [one for one in _named_by(sources) if not filepath_match.has_wildcard(one)]
    return Nearness(
        above=sum(_is_there(tree, above, path) for path in named),
        beside=sum(_is_there(tree, folder, path) for path in named),
        has_ignore_file=tree.kind(join(folder, IGNORE_FILE)) is Found.FILE,
        in_root=folder == above,
    )


class ContextGuess(NamedTuple):
    """The folder that is taken for a context, "" for the root, and why."""

    folder: str
    reason: str


def likely_context(
    tree: Tree, path: str, content: bytes, *, is_dockerfile: NameTest
) -> ContextGuess:
    """The context of the Dockerfile at `path`: its own folder, or one above it.

    The one that has most of what it copies, and the nearest of those that have as much.
    """
    folder = path.rpartition("/")[0]
    if not folder:
        return ContextGuess("", "it lies there")
    traces = traces_of_stages(content, path)
    sources = [source for one in traces for source in one.sources]
    named = _named_by(sources)
    best = _best_place(tree, folder, named)
    there = [one for one in named if _is_there(tree, best, one)]
    if best != folder:
        missing = [one for one in there if not _is_there(tree, folder, one)]
        return ContextGuess(best, f"only there is what it copies: {_some(missing)}")
    if there:
        return ContextGuess(folder, "what it copies is beside it")
    if _takes_all(sources) and _is_bare(tree, folder, is_dockerfile):
        above = folder.rpartition("/")[0]
        why = "it copies all of its context, and beside it are only Dockerfiles"
        return ContextGuess(above, why)
    return ContextGuess(folder, "no file names it, so its own folder")


def _best_place(tree: Tree, folder: str, named: Sequence[str]) -> str:
    """Where most of it is, of a folder and those above: the nearest of several."""
    counts = {
        place: sum(_is_there(tree, place, path) for path in named)
        for place in _upwards(folder)
    }
    return max(counts, key=counts.__getitem__)


def _upwards(folder: str) -> list[str]:
    places = [folder]
    while places[-1]:
        places.append(places[-1].rpartition("/")[0])
    return places


def _named_by(sources: Iterable[Source]) -> list[str]:
    """What sources name of a context, but for all of it; each once."""
    found: dict[str, None] = {}
    for source in sources:
        path = paths.join("/", source.expanded)[1:]
        is_known = source.kind is SourceKind.CONTEXT and source.claims
        if is_known and path.strip("*?./"):  # a star takes whatever is there
            found[path] = None
        if len(found) >= _MOST_SOURCES:
            break
    return [*found]


def _is_there(tree: Tree, folder: str, path: str) -> bool:
    """Whether a source finds something in a folder; of `a/*/b`, `a/` is asked for."""
    plain, rest = _plain_start(path)
    place = join(folder, plain) if plain else folder
    if not rest:
        return tree.kind(place) is not None
    try:
        return any(filepath_match.match(rest, name) for name in tree.names(place))
    except filepath_match.MalformedPatternError:
        return False


def _plain_start(path: str) -> tuple[str, str]:
    """The folders of a path that have no wildcard, and the first name with one."""
    parts = path.split("/")
    for number, part in enumerate(parts):
        if filepath_match.has_wildcard(part):
            return "/".join(parts[:number]), part
    return path, ""


def _takes_all(sources: Iterable[Source]) -> bool:
    return any(
        source.kind is SourceKind.CONTEXT
        and source.claims
        and not source.mount
        and paths.join("/", source.expanded) == "/"
        for source in sources
    )


def _is_bare(tree: Tree, folder: str, is_dockerfile: NameTest) -> bool:
    """Whether a folder is for Dockerfiles, and has nothing else to copy."""
    if folder.rpartition("/")[2].lower() not in _OF_DOCKERFILES:
        return False
    return all(
        is_dockerfile(name) or name.endswith(IGNORE_FILE) for name in tree.names(folder)
    )


def _some(named: Sequence[str]) -> str:
    more = len(named) - _MOST_NAMED
    return ", ".join(named[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
