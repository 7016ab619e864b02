"""Which files of a context hold secrets: those whose names make it likely, looked into.

The walk has noted them with everything else that it came by; here the start of each is
read, within bounds, and the rule that speaks of it is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ctxopt.core.bitmask import bits
from ctxopt.core.measure.clutter_match import HEAVY_BYTES, ClutterMatch
from ctxopt.core.model import Confidence, GitState, Reach, SecretFile, Severity, Source
from ctxopt.core.paths import join
from ctxopt.core.secrets.logins import is_git_config
from ctxopt.core.secrets.looks import Look, is_of_tests, look
from ctxopt.core.secrets.places import HEAD_BYTES, MOST_READ
from ctxopt.core.sources.reach import reach_of
from ctxopt.core.suggest.catalogue import RuleIndex
from ctxopt.core.suggest.rules import Rule
from ctxopt.core.tuples import NamedTuple
from ctxopt.host.disk.tree import DiskTree
from ctxopt.host.git.index import TrackedFiles
from ctxopt.pipeline.ground import Ground
from ctxopt.pipeline.preparation.build import Build

GIT_SETTINGS = "config"  # in `.git`
GIT_RULE = "secret-git-config"  # no rule of the table: a line for it would be in vain


class Spoken(NamedTuple):
    """A file that was looked into, and the rule that speaks of it."""

    find: ClutterMatch
    rule: Rule
    secret: bool  # whether one is in it


class Looked(NamedTuple):
    """What the looks into files told, and the finds that are left for other rules."""

    spoken: tuple[Spoken, ...]
    clutter: tuple[ClutterMatch, ...]
    unread: int = 0  # files beyond the bound

    @property
    def rules(self) -> Mapping[str, str]:
        """Of each file the id of the rule that speaks of it."""
        return {one.find.path: one.rule.id for one in self.spoken}


def look_into(
    ground: Ground, index: RuleIndex, clutter: Sequence[ClutterMatch]
) -> Looked:
    """What the files are that may be secrets by their names, the likeliest first."""
    marks = index.marks
    exact: list[ClutterMatch] = []
    wide: list[ClutterMatch] = []
    for find in clutter:
        wanted = find.hits & marks.secrets
        if wanted and find.kind == "file":
            (wide if not wanted & ~marks.wide else exact).append(find)
    candidates = [*exact, *wide]
    spoken = {}
    for find in candidates[:MOST_READ]:
        key = find.path, find.hits & marks.secrets
        if key not in ground.looks:
            ground.looks[key] = _look(ground.tree, index, find)
        found = ground.looks[key]
        if found is not None:
            spoken[id(find)] = Spoken(find, *found)
    left = tuple(
        one
        for find in clutter
        if (one := _without_looks(find, index, spoken=id(find) in spoken)) is not None
    )
    unread = max(len(candidates) - MOST_READ, 0)
    return Looked(tuple(spoken.values()), left, unread)


def _look(
    tree: DiskTree, index: RuleIndex, find: ClutterMatch
) -> tuple[Rule, bool] | None:
    """The first rule that does speak of a file, and whether a secret is in it."""
    head = tree.beginning(find.path, HEAD_BYTES)
    tried: dict[str, Look] = {}
    for bit in bits(find.hits & index.marks.secrets):
        rule = index.rules[bit][0]
        if rule.secret not in tried:
            tried[rule.secret] = look(rule.secret, find.path, head)
        told = tried[rule.secret]
        if told.fits:
            return rule, told.secret
    return None


def _without_looks(
    find: ClutterMatch, index: RuleIndex, *, spoken: bool
) -> ClutterMatch | None:
    """A find for the other rules; None where only its content made it one."""
    marks = index.marks
    if spoken or not find.hits & marks.wide:
        return find
    hits = find.hits & ~marks.wide
    heavy = find.context.file_bytes >= HEAVY_BYTES
    if hits & (marks.rules | marks.pinned) or find.line or heavy:
        return find._replace(hits=hits)
    return None


# --- what is told of them ---------------------------------------------------------


def secret_files(
    build: Build, looked: Looked, clutter: Sequence[ClutterMatch], ground: Ground
) -> tuple[SecretFile, ...]:
    """The files with a secret in them, what goes furthest first.

    `ground` is the context of the build.
    """
    found = [(one.find, one.find.path, one.rule) for one in looked.spoken if one.secret]
    logins = [
        find
        for find in clutter
        if find.kind == "directory" and _is_git_login(build.main.path, find)
    ]
    if not (found or logins):
        return ()
    git = _GitStates(ground.tracked.files, clutter)
    told = [
        _told(
            build, find, git, rule=rule.id, family=rule.family, what=rule.one
        )._replace(
            path=path,
            sure=rule.confidence is not Confidence.ASK and not is_of_tests(path),
        )
        for find, path, rule in found
    ]
    told += [
        _told(
            build, find, git, rule=GIT_RULE, family="token", what="a login for git"
        )._replace(path=join(find.path, GIT_SETTINGS), git=GitState.UNKNOWN)
        for find in logins
    ]
    return tuple(sorted(told, key=_rank))


def _is_git_login(root: str, find: ClutterMatch) -> bool:
    if find.path.rpartition("/")[2] != ".git":
        return False
    head = DiskTree(root).beginning(join(find.path, GIT_SETTINGS), HEAD_BYTES)
    return is_git_config(head.decode("utf-8", "replace"))


def _told(
    build: Build,
    find: ClutterMatch,
    git: _GitStates,
    *,
    rule: str,
    family: str,
    what: str,
) -> SecretFile:
    """What is told of a find, by the source that takes it furthest."""
    reach = Reach.NOWHERE if find.transfer.start == find.transfer.end else Reach.CONTEXT
    taker: Source | None = None
    for index in bits(find.mask):
        source = build.main.taking[index]
        assert build.trace is not None  # or nobody takes anything
        goes = reach_of(build.trace, source, find.path)
        if _FURTHEST[goes] < _FURTHEST[reach]:
            reach, taker = goes, source
    return SecretFile(
        path=find.path,
        rule=rule,
        family=family,
        what=what,
        sure=True,
        reach=reach,
        git=git.of(find),
        source=taker,
    )


_FURTHEST = {reach: rank for rank, reach in enumerate(Reach)}


def _rank(one: SecretFile) -> tuple[bool, int, bool, str]:
    noted = one.severity is not Severity.WARNING
    return noted, _FURTHEST[one.reach], not one.sure, one.path


class _GitStates:
    """What git makes of files, asked where there is something to ask about."""

    def __init__(
        self, tracked: TrackedFiles | None, clutter: Sequence[ClutterMatch]
    ) -> None:
        self._tracked = tracked
        self._ignored = {
            find.path for find in clutter if find.kind == "directory" and find.line
        }

    def of(self, find: ClutterMatch) -> GitState:
        """The state of a file."""
        if self._tracked is None:
            return GitState.UNKNOWN
        if find.path in self._tracked:
            return GitState.TRACKED
        folder = find.folder
        ignored = bool(find.line)
        while folder and not ignored:
            ignored = folder in self._ignored
            folder = folder.rpartition("/")[0]
        return GitState.IGNORED if ignored else GitState.UNTRACKED
