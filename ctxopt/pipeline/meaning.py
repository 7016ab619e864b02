"""What was meant by a source, where something else comes of it.

After the walk: the likely name of what is missing, links that lead out or arrive
without their target, paths that are cut off at the root.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from ctxopt.core.findings import codes, copied
from ctxopt.core.git.line import GitLine
from ctxopt.core.golang.filepath_match import has_wildcard
from ctxopt.core.judging.judge import JudgingState
from ctxopt.core.judging.path import judge_path
from ctxopt.core.model import Problem, SourceState, SourceUse
from ctxopt.core.paths import join
from ctxopt.core.patterns.pattern import PatternError
from ctxopt.core.sources.links import is_above, leads_out, link_destination
from ctxopt.core.sources.outcomes import Outcome
from ctxopt.core.sources.tree import Tree
from ctxopt.core.sources.wanted import CopySource
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.host.disk.inputs import from_here
from ctxopt.pipeline.survey.job import MeasureJob, MeasureResult

if TYPE_CHECKING:
    from ctxopt.core.nearest import Near

_MISSING = (SourceState.MISSING, SourceState.EMPTY)
_OUTSIDE = "which lies outside the context: no build copies that"
_UNTAKEN = "which no source takes with it: in the image it leads nowhere"


def remedy(
    root: str,
    tree: Tree,
    want: CopySource,
    outcome: Outcome,
    ignored: Callable[[str], bool],
) -> str:
    """What to do about a source that is not found, if that is more than the usual."""
    if outcome.state not in _MISSING or outcome.refusal:
        return ""
    for link in want.led_to(tree, want.path).links:
        target = tree.target(link)
        beyond = _beyond(root, link, target)
        if beyond:
            return _named_context(link, target, beyond)
    if is_above(want.source.expanded):
        return codes.SOURCE_OUTSIDE.cure
    from ctxopt.core.sources.misread import misread  # start-up: most are found

    words = misread(want.source, tree)
    if words:
        return words
    near = _near(tree, want, ignored)
    made = made_before(root, want.required or want.path, near)
    if made is not None:
        return copied.made_before(made)
    return copied.did_you_mean(near) if near is not None else ""


def made_before(root: str, path: str, near: Near | None) -> GitLine | None:
    """The line by which git ignores what is missing, as no checkout ever has it.

    None where a slip is likelier: a name like it, and not one in another folder.
    """
    from ctxopt.core.nearest import Difference  # start-up, as above

    if not path or (near is not None and near.difference is not Difference.FOLDER):
        return None
    from ctxopt.host.git.asked import GitAsked  # start-up: most sources are there

    asked = GitAsked.below(root)
    return None if asked is None else asked.line(path, is_folder=True)


def _beyond(root: str, link: str, target: str) -> str:
    """Where a link leads out of the context, if anything is there; else ""."""
    path = os.path.normpath(os.path.join(root, os.path.dirname(link), target))
    inside = path == root or path.startswith(f"{root}/")
    absolute = target.startswith("/") and not inside
    out = absolute or leads_out(link, target)
    return path if out and os.path.lexists(path) else ""


def _near(tree: Tree, want: CopySource, ignored: Callable[[str], bool]) -> Near | None:
    """The path or pattern that was likely meant; None where none is near."""
    from ctxopt.core.nearest import Difference, Near  # start-up, as above
    from ctxopt.core.sources.nearby import nearest_matches, nearest_paths

    path, glob = want.required or want.path, want.glob
    while glob and "/" in glob and not has_wildcard(glob.partition("/")[0]):
        folder, _, glob = glob.partition("/")
        path = join(path, folder)
    if path and tree.kind(path) is None:
        near = next(nearest_paths(tree, path, ignored), None)
        return near and near._replace(name=_below(near.name, glob))
    names = nearest_matches(tree.names(path), glob) if glob and "/" not in glob else ()
    found = (join(path, name) for name in names)
    fitting = (one for one in found if not ignored(one))
    return next((Near(one, Difference.CASE) for one in fitting), None)


def _below(folder: str, glob: str | None) -> str:
    return join(folder, glob) if glob else folder


def _named_context(link: str, target: str, beyond: str) -> str:
    """The way to a link's target, which is `beyond` the root, by its own context."""
    import shlex

    from ctxopt.core.sources.elsewhere import context_name  # start-up, as above

    folder = beyond if os.path.isdir(beyond) else os.path.dirname(beyond)
    given = shlex.quote(from_here(folder))
    return copied.named_context(link, target, given, context_name(folder))


# --- what arrives otherwise ------------------------------------------------------


def surprises(
    root: str,
    job: MeasureJob,
    found: MeasureResult,
    uses: Sequence[SourceUse],
    *,
    tree: Tree,
) -> Iterator[Problem]:
    """What is copied, and is not what it looks like.

    `uses` has what became of the job's sources, one for each.
    """
    for traced, use in zip(job.targets.traced, uses, strict=False):
        if use.state is SourceState.FOUND:
            yield from _cut_off(tree, traced.wanted)
    links = found.measurement.notes.links
    if links:
        yield from _dangling(root, tree, job, links)


def _cut_off(tree: Tree, want: CopySource) -> Iterator[Problem]:
    """A source that leads above the context, as written or by a link."""
    resolved = want.led_to(tree, want.path)
    if is_above(want.source.expanded):
        inside = want.required or _below(want.path, want.glob or want.below)
        yield copied.cut_at_root(want.source, want.source.text, inside)
        return
    for link in resolved.links:
        if leads_out(link, tree.target(link)):
            inside = _below(resolved.path or "", want.glob)
            yield copied.cut_at_root(want.source, link, inside)


def _dangling(
    root: str, tree: Tree, job: MeasureJob, links: Sequence[tuple[str, str]]
) -> Iterator[Problem]:
    """Links that are copied without what they lead to, if that is there at all."""
    state = job.state(transfer_only=False)
    paths = [traced.wanted.path for traced in job.targets.traced]
    for link, target in links:
        if leads_out(link, target):
            beyond = _beyond(root, link, target)
            if beyond:
                problem = copied.dangling_link(link, target, _OUTSIDE)
                yield problem._replace(hint=_named_context(link, target, beyond))
        elif not target.startswith("/"):
            path = link_destination(link, target)[1:]
            entered = any(one.startswith(f"{path}/") for one in paths)
            is_there = bool(path) and tree.kind(path) is not None
            if is_there and not entered and not _is_taken(state, path):
                yield copied.dangling_link(link, target, _UNTAKEN)


def _is_taken(state: JudgingState, path: str) -> bool:
    """Whether some source takes what is at this path."""
    try:
        decision = judge_path(state, path)
    except PatternError:
        return True  # the walk has met it, or never will
    return decision is not None and decision.taken and bool(decision.mask)
