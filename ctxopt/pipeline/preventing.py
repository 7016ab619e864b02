"""Lines for what is not there yet, as far as the disk and git tell of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ctxopt.core.paths import join
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.suggest.preventive import GitAsked, foreseen, proposals
from ctxopt.core.suggest.proposals import BuildFacts, Proposal
from ctxopt.core.suggest.rules import Rule
from ctxopt.host.disk.tree import DiskTree
from ctxopt.host.git.repository import IGNORE_FILE
from ctxopt.pipeline.ground import Ground
from ctxopt.pipeline.measuring import MeasuredBuild

# Where manifests are looked for: the parts of a project, not each of its packages.
MOST_DEPTH = 2
MOST_LOOKS = 500  # at folders
MOST_LISTED = 100  # folders
MOST_PARTS = 20


def preventive(
    measured: MeasuredBuild,
    made: Iterable[Proposal],
    ground: Ground,
    *,
    facts: Callable[[], BuildFacts],
) -> tuple[Proposal, ...]:
    """What a manifest, git and a rule agree on, though nothing of it is there.

    `made` is what is proposed for what is there, `ground` the context; `facts` gives
    those it rests on, once they are needed.
    """
    index = measured.job.rule_index
    tree, git = ground.tree, ground.git
    if index is None or git is None:
        return ()
    matcher = measured.build.main.matcher
    clutter = measured.found.measurement.clutter
    hits = 0
    for find in clutter:
        hits |= find.hits & index.marks.rules
    key = index.pinned, hits, matcher.patterns
    found = ground.foreseen.get(key)
    if found is None:
        folders = [*_parts(tree, matcher, git.line, known=index.all_rules)]
        facts_of_place = BuildFacts(tree=tree, sources=(), matcher=matcher)
        found = ground.foreseen[key] = (
            *foreseen(index, hits, folders, facts=facts_of_place, asked=git.line),
        )
    if not found:
        return ()  # most often: what is clean has no need of the facts
    taken = {one.rule for one in made}
    return proposals(found, taken, index=index, hits=hits, facts=facts())


def _parts(
    tree: DiskTree, matcher: Matcher, git: GitAsked, *, known: Sequence[Rule]
) -> Iterator[str]:
    """The root, and the folders near it that have a manifest or lines of git."""
    yield ""
    names = {IGNORE_FILE, *_manifests(known)}
    looks = iter(range(MOST_LOOKS))
    waiting = [""]
    found = 1
    for _, folder in zip(range(MOST_LISTED), waiting, strict=False):
        if folder and not names.isdisjoint(tree.names(folder)):
            found += 1
            yield folder
        if found == MOST_PARTS:
            return
        if not folder or folder.count("/") < MOST_DEPTH - 1:
            waiting += _folders(folder, looks, tree, matcher=matcher, git=git)


def _folders(
    folder: str,
    looks: Iterator[int],
    tree: DiskTree,
    *,
    matcher: Matcher,
    git: GitAsked,
) -> Iterator[str]:
    for name in tree.folders(folder):
        path = join(folder, name)
        if name.startswith(".") or next(looks, None) is None:
            continue
        if git(path, is_folder=True):
            continue
        try:
            if matcher.matches_or_parent_matches(path):
                continue
        except PatternError:
            continue
        yield path


def _manifests(known: Sequence[Rule]) -> Iterator[str]:
    """The names of manifests that rules look for, as far as they are one each."""
    for rule in known:
        for name in (*rule.beside, *rule.markers, *rule.manifest):
            if "*" not in name:
                yield name
