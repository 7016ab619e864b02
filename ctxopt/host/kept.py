"""A measurement kept in parts, of which only what was touched is measured again.

Folders that hold enough are kept as parts of their own, one inside the other. What
lies in a touched folder is walked anew, the parts around it are joined anew from
those that are kept, in the builder's order; everything else stays as it was measured.
A part holds as long as its folder is judged by the same state, and nobody touched it.

EDGE CASE: a file that is written under a name outside the context is not noticed, until
something else is touched in the folder of its name inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ctxopt.core.batch import Batch, Folder
from ctxopt.core.entry import Entry
from ctxopt.core.judge import Judging
from ctxopt.core.measure import NO_LINES, Fold
from ctxopt.core.parts import Part
from ctxopt.core.proposals import GitLine
from ctxopt.host.gitignore import GitIgnored
from ctxopt.host.gitlines import GitLines
from ctxopt.host.question import Question, Survey
from ctxopt.host.walk import Lost, Walk

# Rows in a folder and below it, from which on it is a part of its own.
KEPT_ROWS = 256


class Touched(NamedTuple):
    """What is to be measured again: folders, by path."""

    names: frozenset[str] = frozenset()  # what is in them, but not what is below that
    anew: frozenset[str] = frozenset()  # with all that is below


class _Met(NamedTuple):
    """How many names an inode has, and how many of them were met."""

    links: int
    names: int


class _Node:
    """A folder measured."""

    __slots__ = ("children", "folders", "lost", "part", "rows", "state")

    def __init__(self, state: Judging) -> None:
        self.state = state
        self.part: Part | None = None
        self.rows = 0
        self.lost = Lost()
        self.children: dict[str, _Node] = {}  # kept parts, by name
        self.folders: list[str] = []  # entered here, those of the children aside


class _Frame:
    """A folder that is being measured."""

    __slots__ = ("batches", "fold", "folder", "node", "old")

    def __init__(
        self,
        folder: Folder,
        fold: Fold,
        state: Judging,
        batches: Iterator[Batch],
        old: _Node | None,
    ) -> None:
        self.folder = folder
        self.fold = fold
        self.batches = batches
        self.old = old
        self.node = _Node(state)
        self.node.folders.append(folder.path)


class Kept:
    """The measurement of one root, brought up to date on demand.

    `enter` is told of every folder right before it is read.
    """

    def __init__(self, question: Question, enter: Callable[[str], None]) -> None:
        self._question = question
        # What survey() walks when all goes well.
        self.state = question.state(transfer_only=question.builder.ends_silently)
        self._enter = enter
        self._root: _Node | None = None
        self._lines: dict[GitLine, int] = {}  # numbered once and for all
        self._stale: frozenset[str] = frozenset()
        self._anew: frozenset[str] = frozenset()
        self._met: Mapping[int, _Met] = {}  # by inode, of those with several names

    def measure(
        self, touched: Touched | None = None, ignored: GitIgnored | None = None
    ) -> Survey:
        """Measure what was touched; None: everything.

        `ignored` is what git ignores now. Raises ContextError when the root cannot be
        read, PatternError when the builder would refuse a pattern on the way; then
        everything is measured the next time.
        """
        if ignored is not None:
            self._question = self._question._replace(ignored=ignored)
        found = self._measured(touched)
        names = _names_of(found)
        if touched is not None:
            folders = self._doubtful(names)
            if folders:
                found = self._measured(Touched(folders))
                names = _names_of(found)
            if not self._are_all_met(names):
                found = self._measured(None)
                names = _names_of(found)
        self._met = {
            inode: _Met(met[0].links, len(met)) for inode, met in names.items()
        }
        return found

    def folders(self) -> frozenset[str]:
        """All folders that were entered."""
        found: list[str] = []
        nodes = [self._root] if self._root is not None else []
        while nodes:
            node = nodes.pop()
            found += node.folders
            nodes += node.children.values()
        return frozenset(found)

    # --- names of one inode ------------------------------------------------------

    def _doubtful(self, names: Mapping[int, list[Entry]]) -> frozenset[str]:
        """Where other names of what was touched are.

        The system tells of an inode under the name that was used, and no other.
        """
        return frozenset(
            one.path.rpartition("/")[0]
            for inode, met in names.items()
            if len(set(map(_looks, met))) > 1
            or (inode in self._met and len(met) < self._met[inode].names)
            for one in met
        )

    def _are_all_met(self, names: Mapping[int, list[Entry]]) -> bool:
        """Whether no inode got a name while another one stands where nobody looked."""
        for inode, met in names.items():
            before = self._met.get(inode)
            is_new = before is None or before.links != met[0].links
            if is_new and len(met) != met[0].links:
                return False
        return True

    # --- the walk ----------------------------------------------------------------

    def _measured(self, touched: Touched | None) -> Survey:
        old, self._root = self._root, None
        if touched is None or "" in touched.anew:
            old, touched = None, Touched()
        self._anew = touched.anew
        self._stale = frozenset(_with_parents(touched.names | touched.anew))
        walk = self._question.walk(self.state)
        lines = self._question.git_lines()
        if lines is not None:
            lines.numbers = self._lines
        with walk.at_root():
            fold, root = self._walked(walk, lines, old)
        self._root = root
        return Survey(fold.finish(), root.lost, git_lines=tuple(self._lines))

    def _walked(
        self, walk: Walk, lines: GitLines | None, old: _Node | None
    ) -> tuple[Fold, _Node]:
        top = Folder()
        self._enter("")
        batches = walk.batches_in(top, self.state)
        stack = [_Frame(top, self._question.fold(), self.state, batches, old)]
        while True:
            frame = stack[-1]
            batch = next(frame.batches, None)
            frame.node.lost.extend(walk.lost)
            walk.lost = Lost()
            if batch is None:
                stack.pop()
                if not stack:
                    return frame.fold, frame.node
                self._close(frame, stack[-1])
                continue
            frame.fold.add(batch, lines.of(batch) if lines is not None else NO_LINES)
            frame.node.rows += len(batch.rows)
            if batch.enters:
                below = self._opened(frame, Folder(frame.folder, batch.rows[-1]), walk)
                if below is not None:
                    stack.append(below)

    def _opened(self, frame: _Frame, folder: Folder, walk: Walk) -> _Frame | None:
        """Begin with a folder, or join the part that is kept of it."""
        assert folder.row is not None
        name, _, decision, _ = folder.row
        state = decision.child
        old = frame.old.children.get(name) if frame.old is not None else None
        if old is not None and (old.state is not state or folder.path in self._anew):
            old = None
        if old is not None and old.part is not None and folder.path not in self._stale:
            frame.fold.join(folder, old.part)
            frame.node.lost.extend(old.lost)
            frame.node.rows += old.rows
            frame.node.children[name] = old
            return None
        self._enter(folder.path)
        batches = walk.batches_in(folder, state)
        return _Frame(folder, self._question.fold(), state, batches, old)

    def _close(self, frame: _Frame, above: _Frame) -> None:
        """Join a folder that was measured to the one around it."""
        node = frame.node
        node.part = frame.fold.part()
        above.fold.join(frame.folder, node.part)
        above.node.lost.extend(node.lost)
        above.node.rows += node.rows
        if node.rows >= KEPT_ROWS:
            assert frame.folder.row is not None
            above.node.children[frame.folder.row[0]] = node
        else:
            above.node.folders += node.folders


def _names_of(found: Survey) -> Mapping[int, list[Entry]]:
    """The entries of each inode that has several names."""
    names: dict[int, list[Entry]] = {}
    for one in found.measurement.context.stream.linked:
        names.setdefault(one.entry.inode, []).append(one.entry)
    return names


def _looks(entry: Entry) -> Entry:
    """All that the names of one inode have in common."""
    return entry._replace(path="", readable=True)


def _with_parents(paths: frozenset[str]) -> Iterator[str]:
    yield ""
    for path in paths:
        above = path
        while above:
            yield above
            above = above.rpartition("/")[0]
