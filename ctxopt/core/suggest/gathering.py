"""Questions that a person answers alike, as one.

What git ignores and no rule speaks of: a working copy has seven such lines on the
average. A line like `build/` means what tools make, and hits the package
`src/main/java/shop/build`, too: who says yes to the rest has not said yes to that, so
those are one of their own. What is written about a project, and the settings of its
tools, no program runs on. Data that git neither tracks nor ignores lies about.

Whoever names one of them is told of each by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

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
UNUSED = f"{ids.GIT}-unused"  # of those that no COPY takes: no question
FOLDERS = f"{ids.UNUSED}-rest"  # folders that no COPY takes, tracked or not
TRACKED = f"{ids.GIT}-tracked"  # files about building and editing, where .git is read
PROJECT_FILES, LOCAL_DATA = "project-files", "local-data"
TOGETHER = frozenset(
    {REST, SOURCES, UNUSED, FOLDERS, TRACKED, PROJECT_FILES, LOCAL_DATA}
)
MOST_NOTED = 3  # lines of git that a note names
UNREACHED = "no COPY here takes it"
VERSIONED = "{} makes a version of .git, which is dirty without it"
FOREIGN = "programs for macOS"
FOREIGN_REASON = "git ignores them, and no container runs a program for macOS."
VARIES = "a build with other arguments may take it"

_PATHS = ids.path_rule(ids.UNUSED, "")
# The rules whose questions are asked together.
_OF_PROJECT = frozenset(
    {"docs-dir", "docs-text", "editor-config-lint", "hosting-files"}
)
_OF_DATA = frozenset(
    (
        *("archives", "data-contents", "data-dirs", "data-formats", "data-media"),
        *("db-files", "docker-volumes-closed", "tmp-dirs", "uploads-contents"),
    )
)
# How the names of files end that people write, and compilers and bundlers read.
_WRITTEN = (
    "c cc cpp cs css cxx dart erl ex exs fs go groovy h hpp hs java jl js jsx kt kts "
    "less lua mjs ml php pl pm proto py pyx r rb rs sass scala scss sh sol svelte "
    "swift tf ts tsx vb vue zig"
)
_NAMES = tuple(f"*.{end}" for end in _WRITTEN.split())


class _Words(NamedTuple):
    """How one suggestion about several things is put."""

    id: str
    label: str
    reason: str
    question: str
    rule: str = GIT_LINE
    risk: str = ""


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
_UNUSED = _Words(
    UNUSED,
    "git ignores it, no COPY takes it",
    "git ignores it, and no COPY, ADD or mount of a Dockerfile here takes any of it.",
    "Keep it out?",
)
_FOLDERS = _Words(
    FOLDERS,
    "no COPY or ADD takes it",
    "No COPY, ADD or mount of this build takes any of it.",
    "Do all builds of this folder do without these?",
    rule=FOLDERS,
)
_TRACKED = _Words(
    TRACKED,
    "tracked build and CI files",
    "git tracks it, and the build makes a version of .git: what is missing makes that "
    "dirty.",
    "May the version that the build makes be dirty?",
    rule=TRACKED,
    risk="Versions that are compared, or that go into what is released.",
)
_PROJECT = _Words(
    PROJECT_FILES,
    "docs, texts, settings of tools",
    "About the project, for people and for tools that are not in the image; an edit of "
    "them unsettles COPY . .",
    "Does the image do without documents, texts and settings of linters and hosting?",
    rule=PROJECT_FILES,
    risk="Sites and programs that show them, licences that have to go along.",
)
_DATA = _Words(
    LOCAL_DATA,
    "data and archives",
    "Git tracks none of it, so a clean clone builds the image without.",
    "Does the image do without the data and archives that git does not track?",
    rule=LOCAL_DATA,
    risk="Data that the program reads, put there by hand.",
)


class Telling(NamedTuple):
    """What is known of finds when their suggestions become one."""

    tree: Tree
    tracked: Callable[[ClutterMatch], int]  # how many of its files git tracks
    notes: Callable[[Sequence[ClutterMatch]], tuple[str, ...]]


def gathered(
    made: Sequence[Proposal], telling: Telling, together: Collection[str] | None = None
) -> tuple[Proposal, ...]:
    """The proposals, those of a kind as one in place of the first.

    Only kinds whose ids are in `together`, where that is given.
    """
    for words, several in _kinds(made, telling):
        is_wanted = together is None or words.id in together
        if is_wanted and len(several) > 1:
            made = _as_one(made, several, _whole(several, words, telling))
    return tuple(made)


def _kinds(
    made: Sequence[Proposal], telling: Telling
) -> Iterator[tuple[_Words, list[Proposal]]]:
    """What may be told as one, with the words for it."""
    git = [one for one in made if one.rule.startswith(f"{GIT_LINE}:")]
    asked = [one for one in git if one.confidence is Confidence.ASK]
    sources = [one for one in asked if _holds_sources(one, telling.tree)]
    yield _SOURCES, sources
    yield _REST, [one for one in asked if one not in sources]
    yield _UNUSED, [one for one in git if UNREACHED in one.notes]
    yield _FOLDERS, [one for one in made if _is_never_taken(one)]
    yield _TRACKED, [one for one in made if _versioned([one])]
    yield _PROJECT, _asked_of(made, _OF_PROJECT)
    data = _asked_of(made, _OF_DATA)
    yield _DATA, [one for one in data if not any(map(telling.tracked, one.clutter))]


def _holds_sources(one: Proposal, tree: Tree) -> bool:
    return any(is_written(find, tree) for find in one.clutter)


def _is_never_taken(one: Proposal) -> bool:
    asks = one.confidence is Confidence.ASK
    return asks and one.rule.startswith(_PATHS) and VARIES not in one.notes


def _versioned(several: Sequence[Proposal]) -> tuple[str, ...]:
    """Who makes a version that is dirty without them, if anybody does."""
    words = VERSIONED.removeprefix("{}")
    notes = (note for one in several for note in one.notes if note.endswith(words))
    return tuple(dict.fromkeys(notes))


def _asked_of(made: Sequence[Proposal], rules: Collection[str]) -> list[Proposal]:
    asks = Confidence.ASK
    return [one for one in made if one.rule in rules and one.confidence is asks]


def is_written(find: ClutterMatch, tree: Tree) -> bool:
    """Whether a find is a source, or a folder with one in it."""
    if find.kind == "directory":
        return has_any(_NAMES, find.path, tree)
    return any(is_named(path.rpartition("/")[2], _NAMES) for path in find.paths)


def _as_one(
    made: Sequence[Proposal], several: Sequence[Proposal], whole: Proposal
) -> list[Proposal]:
    """The proposals with one in place of several of them."""
    kept = [one for one in made if one is several[0] or one not in several]
    return [whole if one is several[0] else one for one in kept]


def _whole(several: Sequence[Proposal], words: _Words, telling: Telling) -> Proposal:
    lines = dict.fromkeys(line for one in several for line in one.lines)
    clutter = {id(find): find for one in several for find in one.clutter}
    notes = _places(several) if words.rule == GIT_LINE else _versioned(several)
    return several[0]._replace(
        rule=words.rule,
        name=ids.Name(words.id),
        label=words.label,
        reason=words.reason,
        question=words.question,
        lines=tuple(lines),
        clutter=tuple(clutter.values()),
        notes=notes or telling.notes([*clutter.values()]),
        risk=words.risk,
        comment=words.label,
    )


def _places(git: Sequence[Proposal]) -> tuple[str]:
    """Which lines of git ignore it."""
    places = [one.rule.removeprefix(f"{GIT_LINE}:") for one in git]
    more = len(places) - MOST_NOTED
    noted = ", ".join(places[:MOST_NOTED]) + (f" and {more} more" if more > 0 else "")
    return (f"git ignores it ({noted})",)
