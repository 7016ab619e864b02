"""One path judged without a walk."""

from __future__ import annotations

from ctxopt.core.judging.judge import Decision, JudgingState
from ctxopt.core.patterns.pattern import PatternError


def judge_path(state: JudgingState, path: str) -> Decision | None:
    """What a walk from the root state `state` makes of a path, found or not.

    None where the walk never comes to it, since it leaves a folder above it out, and
    for the root itself ("" or "."), which is never judged. With a builder's own state
    the answer is that of the builder's walk: of `* !a/*/c`, BuildKit sends `a/b/c`,
    and the legacy client never looks into `a`. Which lines led there is what
    `Matcher.trace` tells.

    Source: tonistiigi/fsutil, filter.go, Walk (BuildKit); moby/go-archive,
    archive.go, TarWithOptions (legacy): both judge each folder on the way first.
    Raises PatternError where the walk fails on the way, or at the path whatever it is;
    where it fails only if the path is no folder, the decision carries the error.
    """
    if path in {"", "."}:
        return None
    *above, name = path.split("/")
    for folder in above:
        decision = _decision(state, folder)
        if not decision.enter:
            return None
        state = decision.child
    return _decision(state, name)


def state_in(state: JudgingState, folder: str) -> JudgingState | None:
    """The state in a folder; None where the walk never enters it, or fails there."""
    try:
        decision = judge_path(state, folder)
    except PatternError:
        return None
    return decision.child if decision is not None and decision.enter else None


def _decision(state: JudgingState, name: str) -> Decision:
    decision = state.known.get(name) or state.decide(name)
    if decision.error is not None and decision.enter:
        raise decision.error
    return decision
