from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.core.builders import find_builder
from ctxopt.core.judging.judge import Decision, JudgingState
from ctxopt.core.judging.path import judge_path
from ctxopt.core.judging.special import LegacyValidation, NoFilter
from ctxopt.core.model import BuilderName
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError, compile_patterns
from ctxopt.core.sources.targets import SourceTargets
from tests.texttree import MemoryTree, judged

NO_SOURCES = SourceTargets((), ())
BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY


def state(
    builder: BuilderName,
    lines: Sequence[str],
    request: Sequence[str] | None = None,
    *,
    transfer_only: bool = False,
) -> JudgingState:
    """The root state of a builder with this ignore file and this request."""
    ignored = Matcher(compile_patterns(lines))
    rules = find_builder(builder).rules(
        ignored, request, NO_SOURCES.root(), transfer_only=transfer_only
    )
    return rules.root()


def fate(decision: Decision | None) -> str:
    """What becomes of a path, in a word."""
    if decision is None:
        return "never reached"
    if decision.taken:
        return "sent"
    return "kept" if decision.kept else "left out"


@pytest.mark.parametrize(
    ("lines", "path", "legacy", "buildkit"),
    [
        pytest.param("", "a/b", "sent", "sent", id="no line says anything"),
        pytest.param("a", "a", "left out", "left out", id="a line names it"),
        pytest.param(
            "a", "a/b", "never reached", "never reached", id="a line names a folder"
        ),
        pytest.param("a !a/b", "a/b", "sent", "sent", id="a later line brings it back"),
        pytest.param(
            "a !a/b", "a/c", "left out", "left out", id="and its neighbour stays out"
        ),
        pytest.param(
            "* !a/*/c", "a/b/c", "never reached", "sent", id="a wildcard brings back"
        ),
        pytest.param("a", "", "never reached", "never reached", id="the root"),
        pytest.param("a", ".", "never reached", "never reached", id="or so written"),
    ],
)
def test_a_path_is_judged_as_the_walk_of_each_builder_does(
    lines: str, path: str, legacy: str, buildkit: str
) -> None:
    assert fate(judge_path(state(LEGACY, lines.split()), path)) == legacy
    assert fate(judge_path(state(BUILDKIT, lines.split()), path)) == buildkit


def test_what_nothing_asks_for_is_kept_and_not_sent() -> None:
    root = state(BUILDKIT, [], ["a"])
    assert fate(judge_path(root, "a/b")) == "sent"
    assert fate(judge_path(root, "c/d")) == "kept"


def test_other_states_are_asked_likewise() -> None:
    patterns = ["a", "!a/b"]
    validation = LegacyValidation(Matcher(compile_patterns(patterns)))
    assert fate(judge_path(validation, "a/b")) == "never reached"
    everything = NoFilter(state(BUILDKIT, patterns))
    assert fate(judge_path(everything, "a/b")) == "sent"
    assert fate(judge_path(everything, "a/c")) == "kept"


# --- patterns that fail when they are looked at ----------------------------------

BAD = "[z-a]"


@pytest.mark.parametrize("builder", [BUILDKIT, LEGACY])
@pytest.mark.parametrize("path", ["f", "f/g"])
def test_a_pattern_that_fails_is_raised(builder: BuilderName, path: str) -> None:
    with pytest.raises(PatternError):
        judge_path(state(builder, [BAD]), path)


@pytest.mark.parametrize("builder", [BUILDKIT, LEGACY])
def test_a_pattern_that_nobody_looks_at_is_not(builder: BuilderName) -> None:
    assert fate(judge_path(state(builder, ["*", BAD]), "f")) == "left out"


def test_only_a_file_fails_where_a_folder_is_passed_by() -> None:
    root = state(BUILDKIT, [BAD], ["a"], transfer_only=True)
    found = judge_path(root, "f")
    assert found is not None
    assert found.error is not None
    assert judge_path(root, "f/g") is None


# --- Against the walk ------------------------------------------------------------

NAMES = st.sampled_from(["a", "b", "c", "a.b"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
PARTS = st.sampled_from(["a", "b", "c", "*", "**", "a*", "[ab]", "[^a]", BAD])
PATTERNS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
LINES = st.lists(st.one_of(PATTERNS, PATTERNS.map("!{}".format)), max_size=5)


@given(
    st.sampled_from([BUILDKIT, LEGACY]),
    LINES,
    st.none() | st.lists(PATHS, min_size=1, max_size=2),
    st.lists(PATHS, min_size=1, max_size=6),
    st.booleans(),
)
def test_a_path_alone_is_judged_as_on_the_walk(
    builder: BuilderName,
    lines: list[str],
    request: list[str] | None,
    paths: list[str],
    transfer_only: bool,  # noqa: FBT001
) -> None:
    def root() -> JudgingState:
        return state(builder, lines, request, transfer_only=transfer_only)

    tree = MemoryTree(" ".join(f"{path}/" for path in paths))
    try:
        walked = {path: one for path, _, one in judged(root(), tree)}
    except PatternError:
        return
    for path, _ in tree.paths():
        found = judge_path(root(), path)
        if path not in walked:
            assert found is None
            continue
        assert found is not None
        assert fate(found) == fate(walked[path])
        assert found.enter is walked[path].enter
