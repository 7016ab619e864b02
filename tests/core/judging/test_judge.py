from __future__ import annotations

from collections.abc import Sequence

import pytest

from ctxopt.core.builders import find_builder
from ctxopt.core.judging.judge import MEMORY, JudgingState, trie
from ctxopt.core.judging.special import LegacyValidation, NoFilter
from ctxopt.core.model import BuilderName, Location, Source
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import PatternError, compile_patterns
from ctxopt.core.sources.targets import SourceTargets, trace_targets
from ctxopt.core.sources.wanted import CopySource
from tests.texttree import MemoryTree, judged, sent

NO_SOURCES = SourceTargets((), ())
SOURCE = Source("COPY", "0", Location("Dockerfile", 2, 2), "b/x", "b/x")
BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY


def state(
    builder: BuilderName,
    lines: Sequence[str],
    request: Sequence[str] | None = None,
    *,
    targets: SourceTargets = NO_SOURCES,
    transfer_only: bool = False,
) -> JudgingState:
    """The root state of a builder with this ignore file and this request."""
    rules = find_builder(builder).rules(
        Matcher(compile_patterns(lines)),
        request,
        targets.root(),
        transfer_only=transfer_only,
    )
    return rules.root()


# The observed comparison of reference/dockerignore.md 5.4, recorded from real builders.
TREE = "a/b/c a/b/d a/keep.txt a/x keep.txt top z/e/keep.txt z/e/x"
REST = "keep.txt top z/ z/e/ z/e/keep.txt z/e/x"
BELOW_A = "a/b/ a/b/c a/b/d a/keep.txt a/x"


@pytest.mark.parametrize(
    ("lines", "legacy", "buildkit"),
    [
        pytest.param(
            "a !a/keep.txt",
            f"a/keep.txt {REST}",
            f"a/ a/keep.txt {REST}",
            id="a file brought back from an excluded folder",
        ),
        pytest.param(
            "* !**/keep.txt",
            "keep.txt",
            "a/ a/keep.txt keep.txt z/ z/e/ z/e/keep.txt",
            id="a wildcard brings back deep files in BuildKit only",
        ),
        pytest.param(
            "** !**/keep.txt",
            "keep.txt",
            "a/ a/keep.txt keep.txt z/ z/e/ z/e/keep.txt",
            id="two stars are no different",
        ),
        pytest.param(
            "* !a", f"a/ {BELOW_A}", f"a/ {BELOW_A}", id="a whole folder back"
        ),
        pytest.param("* !a/*", BELOW_A, f"a/ {BELOW_A}", id="all that is in a folder"),
        pytest.param("* !a/**", BELOW_A, f"a/ {BELOW_A}", id="and with two stars"),
        pytest.param(
            "* !a/b/c", "a/b/c", "a/ a/b/ a/b/c", id="one deep file with its parents"
        ),
        pytest.param("* !a/*/c", "", "a/ a/b/ a/b/c", id="a wildcard in the middle"),
        pytest.param(
            "a/b/c !a",
            f"a/ a/b/ a/b/d a/keep.txt a/x {REST}",
            f"a/ a/b/ a/b/d a/keep.txt a/x {REST}",
            id="an exception that came too early at the folder",
        ),
        pytest.param(
            "a !a/b *",
            "a/b/ a/b/c a/b/d",
            "a/ a/b/ a/b/c a/b/d",
            id="a later star does not reach below",
        ),
        pytest.param("a !a/b/zzz", REST, REST, id="an exception that hits nothing"),
        pytest.param(
            "a/** !a/keep.txt",
            f"a/ a/keep.txt {REST}",
            f"a/ a/keep.txt {REST}",
            id="a folder whose content is excluded",
        ),
        pytest.param(
            "z/e !z/*/keep.txt",
            f"a/ {BELOW_A} keep.txt top z/",
            f"a/ {BELOW_A} keep.txt top z/ z/e/ z/e/keep.txt",
            id="an exception through a wildcard folder",
        ),
        pytest.param(
            "a/* !a/b",
            f"a/ a/b/ a/b/c a/b/d {REST}",
            f"a/ a/b/ a/b/c a/b/d {REST}",
            id="one folder of many",
        ),
    ],
)
def test_what_both_builders_send(lines: str, legacy: str, buildkit: str) -> None:
    tree = MemoryTree(TREE)
    patterns = lines.split()
    assert sent(state(LEGACY, patterns), tree, late_parents=False) == legacy.split()
    assert sent(state(BUILDKIT, patterns), tree, late_parents=True) == buildkit.split()


@pytest.mark.parametrize(
    ("lines", "request_", "expected"),
    [
        pytest.param("", ["a/b/c"], "a/ a/b/ a/b/c", id="a file with its folders"),
        pytest.param("", ["a/b"], "a/ a/b/ a/b/c a/b/d", id="a folder with all in it"),
        pytest.param("", ["*.txt"], "keep.txt", id="a wildcard in the root"),
        pytest.param(
            "",
            ["**/keep.txt"],
            "a/ a/keep.txt keep.txt z/ z/e/ z/e/keep.txt",
            id="a wildcard anywhere",
        ),
        pytest.param("", ["no"], "", id="what is not there"),
        pytest.param("a/b/c", ["a/b"], "a/ a/b/ a/b/d", id="less what is ignored"),
        pytest.param("a", ["a/b"], "", id="nothing of an ignored folder"),
        pytest.param("a !a/b/c", ["a/b"], "a/ a/b/ a/b/c", id="but what comes back"),
        pytest.param("", ["t\\Dp"], "top", id="a backslash is live"),
        pytest.param("", ["^top*"], "top", id="and so is a caret"),
    ],
)
def test_a_request_narrows_what_is_sent(
    lines: str, request_: list[str], expected: str
) -> None:
    for transfer_only in (False, True):
        root = state(BUILDKIT, lines.split(), request_, transfer_only=transfer_only)
        found = sent(root, MemoryTree(TREE), late_parents=True)
        assert found == expected.split()


def entered(root: JudgingState, tree: str) -> list[str]:
    """The folders that a walk goes into."""
    return [path for path, _, one in judged(root, MemoryTree(tree)) if one.enter]


FOLDERS = "a/b/c/ d/e/ f/"


@pytest.mark.parametrize(
    ("lines", "legacy", "buildkit"),
    [
        pytest.param([], "a a/b a/b/c d d/e f", "a a/b a/b/c d d/e f", id="all"),
        pytest.param(["a", "d"], "f", "f", id="nothing excluded"),
        pytest.param(["*", "!a/b"], "a a/b a/b/c", "a a/b a/b/c", id="the way back"),
        pytest.param(["*", "!a/b/*"], "a a/b a/b/c", "a a/b a/b/c", id="a last star"),
        pytest.param(
            ["*", "!*/b"],
            "",
            "a a/b a/b/c d d/e f",
            id="everything for a wildcard, in BuildKit",
        ),
        pytest.param(["*", "!ab"], "", "", id="a name that only begins alike"),
    ],
)
def test_a_walk_enters_only_what_may_come_back(
    lines: list[str], legacy: str, buildkit: str
) -> None:
    assert entered(state(LEGACY, lines), FOLDERS) == legacy.split()
    assert entered(state(BUILDKIT, lines), FOLDERS) == buildkit.split()


def test_a_transfer_alone_leaves_the_rest_of_the_context_out() -> None:
    whole = state(BUILDKIT, [], ["d/e"])
    alone = state(BUILDKIT, [], ["d/e"], transfer_only=True)
    assert entered(whole, FOLDERS) == ["a", "a/b", "a/b/c", "d", "d/e", "f"]
    assert entered(alone, FOLDERS) == ["d", "d/e"]
    assert not alone.decide("d").kept
    assert whole.decide("d").kept
    assert not whole.decide("d").taken


def test_folders_in_the_same_position_share_a_state() -> None:
    root = state(BUILDKIT, ["**/*.log", "x/y"])
    assert root.decide("a").child is root.decide("b").child
    assert root.decide("a").child is root.decide("a").child.decide("c").child
    assert root.decide("a").child is not root.decide("x").child


def test_a_pattern_that_needs_the_whole_path_shares_nothing() -> None:
    root = state(BUILDKIT, ["a[^z]b"])
    first, second = root.decide("a").child, root.decide("c").child
    assert not first.decide("b").kept
    assert second.decide("b").kept


def test_a_folder_of_many_names_is_not_remembered_as_a_whole() -> None:
    root = state(LEGACY, ["*.log"])
    for index in range(2 * MEMORY + 10):
        name = f"{index}.log" if index % 2 else f"{index}.txt"
        assert root.decide(name).kept == (index % 2 == 0)
        assert len(root.known) <= MEMORY
    assert root.decide("1.log").kept is False


def test_a_name_that_a_source_waits_for_is_told_apart() -> None:
    tree = MemoryTree("a/x b/x c/x")
    targets = trace_targets([CopySource(SOURCE, "b/x")], tree)
    root = state(BUILDKIT, [], targets=targets)
    assert root.decide("a") is root.decide("c")
    assert root.decide("a").child.decide("x").mask == 0
    assert root.decide("b").child.decide("x").mask == 1
    assert root.decide("b").child.decide("x").arrived


def test_paths_become_the_folders_on_the_way() -> None:
    assert trie(["a/x", "a/y", "b"]) == {"a": {"x": {}, "y": {}}, "b": {}}


# --- patterns that fail when they are looked at ----------------------------------

BAD = "[z-a]"


def test_a_late_error_is_raised_where_the_pattern_is_looked_at() -> None:
    root = state(BUILDKIT, [f"d/{BAD}", "a"])
    with pytest.raises(PatternError):
        root.decide("f")


def test_a_late_error_is_not_met_behind_a_match() -> None:
    root = state(BUILDKIT, ["*", BAD])
    assert not root.decide("f").kept


@pytest.mark.parametrize(
    ("tree", "fails"),
    [
        pytest.param("d/x", False, id="a folder outside the request is passed by"),
        pytest.param("f d/x", True, id="a file outside the request is asked about"),
        pytest.param("a/x", True, id="the requested folder is asked about"),
    ],
)
def test_a_transfer_fails_only_where_the_builder_looks(
    *, tree: str, fails: bool
) -> None:
    root = state(BUILDKIT, [BAD], ["a/x"], transfer_only=True)
    if fails:
        with pytest.raises(PatternError):
            sent(root, MemoryTree(tree), late_parents=True)
    else:
        assert sent(root, MemoryTree(tree), late_parents=True) == []


def test_a_failing_name_is_told_again_each_time() -> None:
    root = state(BUILDKIT, [BAD], ["a"], transfer_only=True)
    for _ in range(2):
        assert root.decide("f").error is not None


# --- the other two states --------------------------------------------------------


def test_validation_enters_no_excluded_folder() -> None:
    root = LegacyValidation(Matcher(compile_patterns(["a", "!a/b"])))
    found = [path for path, _, one in judged(root, MemoryTree("a/b c/d")) if one.kept]
    assert found == ["c", "c/d"]


def test_validation_judges_a_path_alone() -> None:
    """`!a` hits the parent: only the first walk, which asks for it, keeps `a/b`."""
    patterns = ["a/b", "!a"]
    root = LegacyValidation(Matcher(compile_patterns(patterns)))
    assert root.decide("a").child.decide("b").kept
    assert not state(LEGACY, patterns).decide("a").child.decide("b").kept


@pytest.mark.parametrize(
    ("builder", "lines", "expected"),
    [
        pytest.param(BUILDKIT, ["a"], "d/ d/e/ f/", id="below an excluded folder"),
        pytest.param(BUILDKIT, ["a", "!a/b"], "a/b/ a/b/c/ d/ d/e/ f/", id="came back"),
        pytest.param(LEGACY, ["*", "!*/b"], "", id="would match but is never entered"),
    ],
)
def test_everything_is_shown_with_what_the_walk_thinks_of_it(
    builder: BuilderName, lines: list[str], expected: str
) -> None:
    root = NoFilter(state(builder, lines))
    everything = [path for path, _, _ in judged(root, MemoryTree(FOLDERS))]
    assert everything == ["a", "a/b", "a/b/c", "d", "d/e", "f"]
    assert sent(root, MemoryTree(FOLDERS), late_parents=False) == expected.split()
