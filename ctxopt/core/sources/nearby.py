"""What was likely meant by a source that is not there.

Asked only where something is missing: a few folders are listed for it, never a tree.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from ctxopt.core.nearest import Difference, Near, nearest_names
from ctxopt.core.paths import join
from ctxopt.core.sources.links import glob_matches
from ctxopt.core.sources.tree import Found, Tree

# Where nobody keeps what a build copies, and what would be long to look through.
_VENDORED = frozenset(
    ["node_modules", "vendor", "venv", "site-packages", "__pycache__", "target"]
)
_MOST_FOLDERS = 500
_MOST_NAMES = 10_000  # of all folders that are looked through
_MOST_SPELLINGS = 16  # of a path down to one folder
_MOST_HITS = 50


def nearest_paths(
    tree: Tree, path: str, ignored: Callable[[str], bool]
) -> Iterator[Near]:
    """The paths in the tree that `path` was likely meant to be, the likeliest first.

    Those of another spelling, then those of the same name in another folder, then
    those that are a letter off; nothing that is `ignored`, as it would not be found,
    either. At most some hundred folders are listed, and the order is always the same.
    """
    respelled = [one for one in _respelled(tree, path) if not ignored(one.name)]
    for one in respelled:
        if one.difference < Difference.FOLDER:
            yield one
    yield from _elsewhere(tree, path, ignored)
    for one in respelled:
        if one.difference > Difference.FOLDER:
            yield one


def _respelled(tree: Tree, path: str) -> list[Near]:
    """The paths of as many folders whose names are spelled nearly so, the best first.

    Each has the worst difference of its names.
    """
    spelled: dict[str, int] = {"": 0}  # 0: not different at all
    for name in path.split("/"):
        further = {
            join(folder, one): max(so_far, how)
            for folder, so_far in spelled.items()
            for one, how in _spellings(name, tree.names(folder))
        }
        best = sorted(further, key=lambda one: further[one])[:_MOST_SPELLINGS]
        spelled = {one: further[one] for one in best}
    return [Near(one, Difference(how)) for one, how in spelled.items() if how]


def _spellings(name: str, given: Sequence[str]) -> Iterator[tuple[str, int]]:
    if name in given:
        yield name, 0
    yield from nearest_names(name, given)


def _elsewhere(tree: Tree, path: str, ignored: Callable[[str], bool]) -> Iterator[Near]:
    """What has the same name in another folder, the likeliest first.

    That is what shares most of the last folders of the path: for `services/api/go.mod`
    rather `apps/api/go.mod` than `apps/web/go.mod`. Else the first that is met.
    """
    name = path.rpartition("/")[2]
    hits: list[str] = []
    for folder, names in _folders(tree, path, ignored):
        found = join(folder, name)
        if name in names and found != path and not ignored(found):
            hits.append(found)
        if len(hits) == _MOST_HITS:
            break
    hits.sort(key=lambda one: -_common_end(one, path))
    return (Near(one, Difference.FOLDER) for one in hits)


def _common_end(one: str, other: str) -> int:
    """How many of the last names of two paths are the same."""
    pairs = zip(reversed(one.split("/")), reversed(other.split("/")), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _folders(
    tree: Tree, path: str, ignored: Callable[[str], bool]
) -> Iterator[tuple[str, Sequence[str]]]:
    """The folders that are looked through, with their names.

    Those on the way to the path first, from below, then the least deep.
    """
    waiting = deque(_on_the_way(path))
    met = set(waiting)
    names_left = _MOST_NAMES
    for _ in range(_MOST_FOLDERS):
        if not waiting or names_left <= 0:
            return
        folder = waiting.popleft()
        names = tree.names(folder)[:names_left]
        names_left -= len(names)
        yield folder, names
        for one in (join(folder, one) for one in names if _is_searched(one)):
            if one not in met and _is_folder(tree, one) and not ignored(one):
                met.add(one)
                waiting.append(one)


def _on_the_way(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def _is_folder(tree: Tree, path: str) -> bool:
    return tree.kind(path) is Found.DIRECTORY


def _is_searched(name: str) -> bool:
    return not name.startswith(".") and name not in _VENDORED


def nearest_matches(names: Sequence[str], glob: str) -> Iterator[str]:
    """The names that a pattern matches in other letters, and not as it stands."""
    for name in names:
        if glob_matches(glob.lower(), name.lower()) and not glob_matches(glob, name):
            yield name
