"""What was likely meant by a source that is not there.

Asked only where something is missing: a few folders are listed for it, never a tree.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from ctxopt.core.paths import join
from ctxopt.core.sources.links import glob_matches
from ctxopt.core.sources.tree import Found, Tree

# Where nobody keeps what a build copies, and what would be long to look through.
_VENDORED = frozenset(
    ["node_modules", "vendor", "venv", "site-packages", "__pycache__", "target"]
)
_MOST_FOLDERS = 500
_MOST_NAMES = 1000  # of one folder
_SHORTEST = 4  # of a shorter name most others are one letter off


def nearby(tree: Tree, path: str, ignored: Callable[[str], bool]) -> str:
    """The path in the tree that `path` was likely meant to be; "" where none is near.

    One that differs in case, in `-` for `_` or by a letter, else one of the same name
    in another folder; nothing that is `ignored`, as it would not be found, either.
    """
    parts = path.split("/")
    candidates = chain(
        _respelled(tree, "", parts, letters=False),
        _elsewhere(tree, path, ignored),
        _respelled(tree, "", parts, letters=True),
    )
    return next((one for one in candidates if not ignored(one)), "")


def _respelled(
    tree: Tree, folder: str, parts: list[str], *, letters: bool
) -> Iterator[str]:
    """The same path in another case or with `-` for `_`; by a letter with `letters`."""
    if not parts:
        yield folder
        return
    name, *rest = parts
    for near in _nearest(name, tree.names(folder), letters=letters):
        if not rest or tree.kind(join(folder, near)) is Found.DIRECTORY:
            yield from _respelled(tree, join(folder, near), rest, letters=letters)


def _nearest(name: str, given: Sequence[str], *, letters: bool) -> Iterator[str]:
    """The names that could be meant, the nearest first."""
    if name in given:
        yield name
        return
    alike = _folded(name)
    yield from (one for one in given if _folded(one) == alike)
    stem = name.partition(".")[0] or name
    if letters and len(stem) >= _SHORTEST:
        yield from (one for one in given if is_one_letter_off(alike, _folded(one)))


def _folded(name: str) -> str:
    return name.lower().replace("-", "_")


def is_one_letter_off(one: str, other: str) -> bool:
    """Whether a letter more, less, another or two in the wrong order make the words."""
    shorter, longer = sorted((one, other), key=len)
    if shorter == longer or len(longer) - len(shorter) > 1:
        return False
    start = 0
    while start < len(shorter) and shorter[start] == longer[start]:
        start += 1
    rest, more = shorter[start:], longer[start:]
    if len(shorter) < len(longer):
        return rest == more[1:]
    return rest[1:] == more[1:] or (
        rest[:2] == more[1::-1] and rest[2:] == more[2:] and len(rest) > 1
    )


def nearest_matches(names: Sequence[str], glob: str) -> Iterator[str]:
    """The names that a pattern matches in other letters, and not as it stands."""
    for name in names:
        if glob_matches(glob.lower(), name.lower()) and not glob_matches(glob, name):
            yield name


def _elsewhere(tree: Tree, path: str, ignored: Callable[[str], bool]) -> Iterator[str]:
    """What has the same name in another folder, the least deep first."""
    name = path.rpartition("/")[2]
    waiting = deque([""])
    for _ in range(_MOST_FOLDERS):
        if not waiting:
            break
        folder = waiting.popleft()
        names = tree.names(folder)
        if name in names and join(folder, name) != path:
            yield join(folder, name)
        inside = (join(folder, one) for one in names if _is_searched(one))
        kinds = islice(inside, _MOST_NAMES)
        waiting += (
            one
            for one in kinds
            if tree.kind(one) is Found.DIRECTORY and not ignored(one)
        )


def _is_searched(name: str) -> bool:
    return not name.startswith(".") and name not in _VENDORED


def leads_out(path: str, target: str) -> bool:
    """Whether the text of the link at `path` leads out of the root, if it is relative.

    An absolute one is read from the root of the image, and so out of no context.
    """
    depth = path.count("/")
    if target.startswith("/"):
        return False
    for part in target.split("/"):
        depth += {"": 0, ".": 0, "..": -1}.get(part, 1)
        if depth < 0:
            return True
    return False


def is_above(path: str) -> bool:
    """Whether a source's text leads above the folder it starts in."""
    return leads_out("", path.lstrip("/"))
