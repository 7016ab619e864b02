"""What git ignores and no rule speaks of: one question, and one for sources among it.

A working copy has seven such lines on the average. Whoever names one of them is told of
each by itself. A line like `build/` means what tools make, and hits the package
`src/main/java/shop/build`, too: who says yes to the rest has not said yes to that.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.model import Confidence
from ctxopt.core.sources.tree import Tree
from ctxopt.core.suggest import ids
from ctxopt.core.suggest.conditions import has_any, is_named
from ctxopt.core.suggest.proposals import Proposal
from ctxopt.core.tuples import NamedTuple

GIT_LINE = "git-ignored"  # how `Proposal.rule` begins of what a line of git speaks of
REST = f"{ids.GIT}-rest"  # the id of all of them together
SOURCES = f"{ids.GIT}-sources"  # and of those that hit sources
TOGETHER = frozenset({REST, SOURCES})
MOST_NOTED = 3  # lines of git that a note names
# How the names of files end that people write, and compilers and bundlers read.
_WRITTEN = (
    "c cc cpp cs css cxx dart erl ex exs fs go groovy h hpp hs java jl js jsx kt kts "
    "less lua mjs ml php pl pm proto py pyx r rb rs sass scala scss sh sol svelte "
    "swift tf ts tsx vb vue zig"
)
_NAMES = tuple(f"*.{end}" for end in _WRITTEN.split())


class _Words(NamedTuple):
    """How one question about several lines of git is put."""

    id: str
    label: str
    reason: str
    question: str


_REST = _Words(
    REST,
    "what else git ignores",
    "git ignores it, and no rule knows what it is.",
    "Does the image do without all of it?",
)
_SOURCES = _Words(
    SOURCES,
    "sources that git ignores",
    "git ignores it, and it holds sources: a line of git may hit more than it is for.",
    "Is none of it compiled, bundled or run in the image?",
)


def gathered(made: Sequence[Proposal], tree: Tree) -> tuple[Proposal, ...]:
    """The proposals, the questions about lines of git as one in place of the first.

    Those that hit sources are one of their own.
    """
    asked = [one for one in made if _is_asked_of_git(one)]
    if len(asked) < 2:
        return tuple(made)
    sources = [one for one in asked if any(_is_written(it, tree) for it in one.clutter)]
    rest = [one for one in asked if one not in sources]
    return _as_one(_as_one(made, sources, _SOURCES), rest, _REST)


def _is_asked_of_git(one: Proposal) -> bool:
    is_git = one.rule.startswith(f"{GIT_LINE}:")
    return is_git and one.confidence is Confidence.ASK


def _is_written(find: ClutterMatch, tree: Tree) -> bool:
    """Whether a find is a source, or a folder with one in it."""
    if find.kind == "directory":
        return has_any(_NAMES, find.path, tree)
    return any(is_named(path.rpartition("/")[2], _NAMES) for path in find.paths)


def _as_one(
    made: Sequence[Proposal], several: Sequence[Proposal], words: _Words
) -> tuple[Proposal, ...]:
    """The proposals with one for several of them, where it is more than one."""
    if len(several) < 2:
        return tuple(made)
    first = several[0]
    whole = _whole(several, words)
    kept = [one for one in made if one is first or one not in several]
    return tuple(whole if one is first else one for one in kept)


def _whole(git: Sequence[Proposal], words: _Words) -> Proposal:
    lines = dict.fromkeys(line for one in git for line in one.lines)
    clutter = {id(find): find for one in git for find in one.clutter}
    places = [one.rule.removeprefix(f"{GIT_LINE}:") for one in git]
    more = len(places) - MOST_NOTED
    noted = ", ".join(places[:MOST_NOTED]) + (f" and {more} more" if more > 0 else "")
    return git[0]._replace(
        rule=GIT_LINE,
        name=ids.Name(words.id),
        label=words.label,
        reason=words.reason,
        question=words.question,
        lines=tuple(lines),
        clutter=tuple(clutter.values()),
        notes=(f"git ignores it ({noted})",),
        comment=words.label,
    )
