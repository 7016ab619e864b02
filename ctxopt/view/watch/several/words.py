"""A change in words, for several builds: what runs again, build by build.

api: COPY . . (Dockerfile:4) and 3 more; web: nothing
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.watching.moment import What
from ctxopt.core.watching.several import BuildChange, BuildRow, SharedChange
from ctxopt.view.terminal import formatting
from ctxopt.view.watch import changes as said

_MOST = 3  # names of builds of which nothing runs again


def head(change: SharedChange, encoding: str = "utf-8") -> str:
    """The path, and by how much it is another: `src/main.c +1.20 kB`."""
    return f"{name(change, encoding)} {said.difference(change.change)}"


def name(change: SharedChange, encoding: str = "utf-8") -> str:
    """The path, a folder with a trailing slash."""
    path = f"{change.path}/" if change.change.is_folder else change.path
    return formatting.printable(path, encoding)


def below(path: str, folder: str) -> str:
    """A path from the folder that the screen names already."""
    return path.removeprefix(f"{folder.rstrip('/')}/")


def meaning(
    change: SharedChange, encoding: str = "utf-8", *, settled: bool = True
) -> str:
    """What it means for each build: what runs again, or that nothing does.

    Without `settled`, only what runs again, where anything does.
    """
    unsettled = change.unsettled
    if not unsettled:
        return _fate(change)
    told = [impact(one, encoding) for one in unsettled]
    if settled and change.settled:
        told.append(f"{_names(change.settled, encoding)}: nothing")
    doubt = "unless only touched, " if change.change.what is What.TIME else ""
    return doubt + "; ".join(told)


def impact(one: BuildChange, encoding: str = "utf-8") -> str:
    """The first instruction of a build that runs again, and how many more do."""
    first, *_ = one.change.invalidates
    every = sum(said.following(each) + 1 for each in one.change.invalidates)
    where = said.place(first, staged=False, encoding=encoding)
    text = f"{said.instruction(first, encoding)} ({where})"
    more = f" and {every - 1:,} more" if every > 1 else ""
    return f"{formatting.printable(one.build, encoding)}: {text}{more}"


def _names(names: Sequence[str], encoding: str) -> str:
    """Some builds by name, many of them by their number."""
    if len(names) > _MOST:
        return f"{len(names):,} others"
    *others, last = (formatting.printable(one, encoding) for one in names)
    return f"{', '.join(others)} and {last}" if others else last


def _fate(change: SharedChange) -> str:
    """Why nothing runs again in any build."""
    is_gone = change.change.what is What.GONE
    if any(one.is_sent for one in change.builds):
        return "no longer sent" if is_gone else "sent, nothing runs again"
    if any(one.change.inside for one in change.builds):
        return "no build sent it" if is_gone else "no build sends it"
    return "kept out of all builds"


def over(row: BuildRow) -> str:
    """That a build is over its budget, and by how much; "" where it is not."""
    if not row.over_bytes or row.budget is None:
        return ""
    more, budget = formatting.size(row.over_bytes), formatting.size(row.budget)
    return f"OVER the budget of {budget} by {more}"
