"""Events in, changed folders out: what to read again, and when.

Events come one by one and in bursts. They are gathered until nothing has happened
for a moment, yet no longer than the patience of somebody who looks at the screen.
An editor that writes `a`, `a~` and `a` again within 40 ms makes one take: names `a` and
`a~` of one folder, due 50 ms after the last of them.

The time is an argument everywhere: seconds of a clock that should not, but may,
jump.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ctxopt.core.paths import join
from ctxopt.core.tuples import NamedTuple

QUIET_SECONDS = 0.05  # of silence after the last event
LONGEST_SECONDS = 0.25  # after the first, whatever else happens
FOLDERS = 2_000  # from here on one walk is cheaper than so many
NAMES = 50_000  # in all folders: what is remembered has a bound


class PendingChanges(NamedTuple):
    """What may be different since the last time.

    Paths are relative to the context, "" for the root. A folder of `subtrees` is to be
    read again itself and with all below; none lies below another one, and `touched`
    names nothing below them. With `everything` both are empty, for nothing is known.
    """

    touched: Mapping[str, frozenset[str]] = MappingProxyType({})  # names by folder
    subtrees: tuple[str, ...] = ()  # sorted
    everything: bool = False
    outside: frozenset[str] = frozenset()  # paths outside the context that matter

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.touched or self.subtrees or self.everything or self.outside)

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths in the context, each once, sorted."""
        named = {
            join(folder, name)
            for folder, names in self.touched.items()
            for name in names
        }
        return tuple(sorted(named.union(self.subtrees)))


class Debouncer:
    """Events of one context, until somebody takes what came of them.

    For one thread at a time. An event may come a little later than one that happened
    after it.
    """

    __slots__ = (
        *("_everything", "_first", "_folders", "_last", "_longest", "_names"),
        *("_names_limit", "_outside", "_paused", "_quiet", "_subtrees", "_touched"),
    )

    def __init__(
        self,
        *,
        quiet: float = QUIET_SECONDS,
        longest: float = LONGEST_SECONDS,
        folders: int = FOLDERS,
        names: int = NAMES,
    ) -> None:
        self._quiet = quiet
        self._longest = longest
        self._folders = folders
        self._names_limit = names
        self._paused = False
        self._clear()

    def _clear(self) -> None:
        self._touched: dict[str, set[str]] = {}
        self._names = 0  # in `_touched`, all together
        self._subtrees: set[str] = set()  # some may lie below others
        self._everything = False
        self._outside: set[str] = set()
        self._first: float | None = None  # None: nothing waits
        self._last = 0.0

    # --- events ------------------------------------------------------------------

    def touched(self, folder: str, name: str, now: float) -> None:
        """Something happened to a name: it came, went, or is different."""
        self._note(now)
        if self._everything or self._is_anew(folder):
            return
        names = self._touched.setdefault(folder, set())
        before = len(names)
        names.add(name)
        self._names += len(names) - before
        self._check_limits()

    def folder_changed(self, path: str, now: float) -> None:
        """A folder came, went or was replaced, with all that is below.

        Only that path is read again; the folder above hears of it by `touched`.
        """
        self._note(now)
        if not path:
            self._know_nothing()
        elif not self._everything and not self._is_anew(path):
            self._subtrees.add(path)
            self._check_limits()

    def lost(self, now: float) -> None:
        """Events are missing; nothing of what is known can be relied on."""
        self._note(now)
        self._know_nothing()

    def outside(self, path: str, now: float) -> None:
        """A file beside the context that decides over it has changed."""
        self._note(now)
        self._outside.add(path)

    def _note(self, now: float) -> None:
        if self._first is None:
            self._first = self._last = now
        else:
            self._first = min(self._first, now)
            self._last = max(self._last, now)

    def _is_anew(self, path: str) -> bool:
        return path in self._subtrees or _is_below(path, self._subtrees)

    def _check_limits(self) -> None:
        if not self._are_too_many():
            return
        self._settle()
        if self._are_too_many():
            self._know_nothing()

    def _are_too_many(self) -> bool:
        folders = len(self._touched) + len(self._subtrees)
        return folders > self._folders or self._names > self._names_limit

    def _settle(self) -> None:
        """Drop what lies below a folder that is read anew."""
        self._subtrees = {
            path for path in self._subtrees if not _is_below(path, self._subtrees)
        }
        self._touched = {
            folder: names
            for folder, names in self._touched.items()
            if not self._is_anew(folder)
        }
        self._names = sum(map(len, self._touched.values()))

    def _know_nothing(self) -> None:
        self._everything = True
        self._touched.clear()
        self._names = 0
        self._subtrees.clear()

    # --- what came of them -------------------------------------------------------

    @property
    def paused(self) -> bool:
        """Whether events are kept back."""
        return self._paused

    def pause(self) -> None:
        """Keep what comes until `resume`."""
        self._paused = True

    def resume(self, now: float) -> None:
        """Go on; what came in the meantime has waited long enough."""
        if self._paused and self._first is not None:
            self._first, self._last = now - self._longest, now
        self._paused = False

    def due(self, now: float) -> float | None:
        """When to take, perhaps in the past; None: nothing waits, or it is paused.

        It is ahead by less than both waits together, whatever the clock did.
        """
        if self._paused or self._first is None:
            return None
        if self._last - now > self._longest:
            return now  # the clock went back: how long they have waited is unknown
        return min(self._last + self._quiet, self._first + self._longest)

    def take(self) -> PendingChanges:
        """Hand out all that has been gathered, due or not; nothing while paused."""
        if self._paused or self._first is None:
            return PendingChanges()
        self._settle()
        changed = PendingChanges(
            touched=MappingProxyType(
                {folder: frozenset(names) for folder, names in self._touched.items()}
            ),
            subtrees=tuple(sorted(self._subtrees)),
            everything=self._everything,
            outside=frozenset(self._outside),
        )
        self._clear()
        return changed


def _is_below(path: str, folders: set[str]) -> bool:
    """Whether one of these folders is above a path; the root is never among them."""
    if not folders:
        return False
    end = path.rfind("/")
    while end > 0:
        if path[:end] in folders:
            return True
        end = path.rfind("/", 0, end)
    return False
