from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from ctxopt.core.builders import find_builder
from ctxopt.core.dockerfile import BuildOptions, link, parse, trace
from ctxopt.core.model import BuilderName, Source, SourceKind, SourceState
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import compile_patterns
from ctxopt.core.sources.outcomes import Outcome, outcomes_of
from ctxopt.core.sources.targets import trace_targets
from ctxopt.core.sources.tree import Found
from ctxopt.core.sources.wanted import CopySource
from tests.texttree import MemoryTree, judged

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY
FOUND, EMPTY, MISSING = SourceState.FOUND, SourceState.EMPTY, SourceState.MISSING
IGNORED, OUTSIDE = SourceState.IGNORED, SourceState.OUTSIDE


class Took(NamedTuple):
    """What became of one source."""

    want: CopySource
    paths: list[str]
    outcome: Outcome
    failure: str | None


def sources(instructions: str, builder: BuilderName) -> list[Source]:
    """The context sources of a Dockerfile with these instructions."""
    scoping = find_builder(builder).scoping
    text = f"# syntax=docker/dockerfile:1-labs\nFROM scratch\n{instructions}\n"
    plan = link(parse(text.encode(), "Dockerfile"), BuildOptions(scoping=scoping))
    found = trace(plan).sources
    return [one for one in found if one.kind is SourceKind.CONTEXT and one.claims]


def took(
    instructions: str,
    text: str,
    *,
    ignore: Sequence[str] = (),
    builder: BuilderName = BUILDKIT,
) -> list[Took]:
    """Walk a tree for the sources of some instructions; everything is requested."""
    tree = MemoryTree(text)
    kind = find_builder(builder)
    wanted = kind.wanted(sources(instructions, builder))
    targets = trace_targets(wanted, tree)
    ignored = Matcher(compile_patterns(ignore))
    state = kind.rules(ignored, None, targets.root()).root()
    paths: list[list[str]] = [[] for _ in wanted]
    arrived = set()
    for path, found, decision in judged(state, tree):
        if not decision.taken:
            continue
        if decision.arrived:
            arrived.add(path)
        for index, own in enumerate(paths):
            if decision.mask >> index & 1:
                own.append(f"{path}/" if found is Found.DIRECTORY else path)
    outcomes = outcomes_of(
        targets.traced,
        [len(own) for own in paths],
        lambda path: path in arrived,
        lambda path: tree.kind(path) is not None and ignored.verdict(path).excluded,
    )
    return [
        Took(want, own, outcome, kind.failure(want, outcome))
        for want, own, outcome in zip(wanted, paths, outcomes, strict=True)
    ]


@pytest.mark.parametrize(
    ("instruction", "tree", "expected"),
    [
        pytest.param("COPY a /", "a/b a/c/d ab", "a/ a/b a/c/ a/c/d", id="a folder"),
        pytest.param("COPY a/b /", "a/b a/c", "a/b", id="a file in a folder"),
        pytest.param("COPY /a/./b/ /", "a/b", "a/b", id="however it is written"),
        pytest.param("COPY . /", "a/b c", "a/ a/b c", id="everything"),
        pytest.param("COPY ../a /", "a b", "a", id="clamped at the root"),
        pytest.param("COPY a* /", "a/b ab b", "a/ a/b ab", id="a wildcard and below"),
        pytest.param(
            "COPY a/* /", "a/b a/c/d b", "a/b a/c/ a/c/d", id="all in a folder"
        ),
        pytest.param("COPY *.txt /", "a.txt b/c.txt", "a.txt", id="a star in the root"),
        pytest.param("COPY */x /", "a/x b/x b/y x", "a/x b/x", id="any folder"),
        pytest.param(
            "COPY --parents */./b /",
            "a/b a/c d/b f",
            "a/ a/b d/ d/b f",
            id="a wildcard before the pivot, which takes whole files",
        ),
        pytest.param("COPY a/*/x /", "a/b/x a/x a/b/c/x", "a/b/x", id="one in between"),
        pytest.param("COPY **/x /", "a/x a/b/x x", "a/x", id="two stars are one"),
        pytest.param("COPY [ab] /", "a b c", "a b", id="a set of letters"),
        pytest.param("COPY [^a] /", "a b c", "b c", id="all but one letter"),
        pytest.param("COPY 'a\\*[b]' /", "a*b axb", "a*b", id="an escaped star"),
        pytest.param("ADD a /", "a b", "a", id="ADD takes alike"),
        pytest.param("COPY l /", "l->d d/f e", "d/ d/f l", id="a link and its target"),
        pytest.param("COPY l/f /", "l->d d/f d/g", "d/f l", id="a file behind a link"),
        pytest.param("COPY l/* /", "l->d d/f d/g", "d/f d/g", id="all behind a link"),
        pytest.param(
            "COPY d/* /", "d/l->../x x y", "d/l x", id="a matched link and its target"
        ),
        pytest.param(
            "COPY */l /", "l->d d/l->../x x m->d", "d/l x", id="no links on the way"
        ),
        pytest.param(
            "RUN --mount=source=a,target=/m true", "a/b c", "a/ a/b", id="a bind mount"
        ),
        pytest.param(
            "RUN --mount=source=a*,target=/m true", "a* ab", "a*", id="literally"
        ),
        pytest.param(
            "RUN --mount=target=/m true", "a/b", "a/ a/b", id="a mount of everything"
        ),
        pytest.param(
            "COPY --exclude=*.log . /", "a.log b/c.log d", "b/ b/c.log d", id="all but"
        ),
        pytest.param(
            "COPY --exclude=*.log a /",
            "a/x.log a/y a/b/z.log",
            "a/ a/b/ a/b/z.log a/y",
            id="excluded from the source's own folder",
        ),
        pytest.param(
            "COPY --exclude=**/*.log --exclude=!**/keep.log a /",
            "a/x.log a/b/z.log a/b/keep.log",
            "a/ a/b/ a/b/keep.log",
            id="some come back",
        ),
        pytest.param(
            "COPY --exclude=a/b * /", "a/b a/c d", "a/ a/b a/c d", id="below a match"
        ),
        pytest.param(
            "COPY --exclude=b * /", "a/b a/c d", "a/ a/c d", id="inside a match"
        ),
        pytest.param(
            "COPY --parents a/b/c /", "a/b/c a/d", "a/b/c", id="--parents of a file"
        ),
        pytest.param(
            "COPY --parents a/*/c /", "a/b/c a/d/c a/c", "a/b/c a/d/c", id="of several"
        ),
        pytest.param(
            "COPY --parents **/c /", "a/b/c a/c c d", "a/b/c a/c c", id="anywhere"
        ),
        pytest.param(
            "COPY --parents a/./b/c /", "a/b/c b/c", "a/b/c", id="behind a pivot"
        ),
        pytest.param(
            "COPY --parents a/./*.txt /",
            "a/x.txt a/b/x.txt x.txt",
            "a/x.txt",
            id="a pattern behind a pivot",
        ),
        pytest.param(
            "COPY --parents --exclude=**/d a/** /",
            "a/b a/d a/e/d",
            "a/b a/e/",
            id="--parents with --exclude",
        ),
    ],
)
def test_a_source_takes(instruction: str, tree: str, expected: str) -> None:
    (source,) = took(instruction, tree)
    assert source.paths == expected.split()
    assert source.outcome == Outcome(FOUND)
    assert source.failure is None


BAD_FILTER = "invalid excludepatterns: [[]: syntax error in pattern"


@pytest.mark.parametrize(
    ("instruction", "tree", "ignore", "expected", "failure"),
    [
        pytest.param(
            "COPY no /",
            "a",
            "",
            Outcome(MISSING, "no", "no"),
            '"/no": not found',
            id="nothing there",
        ),
        pytest.param(
            "COPY a/b /",
            "a",
            "",
            Outcome(MISSING, "a/b", "a/b", in_file="a/b"),
            '"/a/b": not found',
            id="a file has no inside",
        ),
        pytest.param(
            "COPY *.no /",
            "a",
            "",
            Outcome(EMPTY, "*.no", "*.no"),
            None,
            id="a wildcard without match is fine",
        ),
        pytest.param(
            "COPY d/*.no /",
            "d/a",
            "",
            Outcome(EMPTY, "*.no", "*.no"),
            None,
            id="also in a folder",
        ),
        pytest.param(
            "COPY no/* /",
            "a",
            "",
            Outcome(MISSING, "no", "no", base=True),
            "lstat /no: no such file or directory",
            id="but its folder must be there",
        ),
        pytest.param(
            "COPY a /",
            "a",
            "a",
            Outcome(IGNORED, "a", "a"),
            '"/a": not found',
            id="an ignored file",
        ),
        pytest.param(
            "COPY a/b /",
            "a/b",
            "a",
            Outcome(IGNORED, "a/b", "a/b"),
            '"/a/b": not found',
            id="a file in an ignored folder",
        ),
        pytest.param(
            "COPY *.x /",
            "a.x",
            "*.x",
            Outcome(EMPTY, "*.x", "*.x"),
            None,
            id="a wildcard whose matches are all ignored",
        ),
        pytest.param(
            "COPY l /",
            "l->no",
            "",
            Outcome(MISSING, "no", "l", dangling=True),
            '"/l": not found',
            id="a dangling link",
        ),
        pytest.param(
            "COPY l /",
            "l->x x",
            "x",
            Outcome(IGNORED, "x", "l", dangling=True),
            '"/l": not found',
            id="a link to an ignored file",
        ),
        pytest.param(
            "COPY l /",
            "l->x x",
            "l",
            Outcome(IGNORED, "l", "l"),
            '"/l": not found',
            id="an ignored link",
        ),
        pytest.param(
            "COPY l /",
            "l->l",
            "",
            Outcome(MISSING, "l", "l", loop=True, dangling=True),
            "too many links",
            id="a link to itself",
        ),
        pytest.param(
            "COPY * /",
            "a l->no",
            "",
            Outcome(MISSING, "no", "l", dangling=True),
            '"/l": not found',
            id="a dangling link among the matches",
        ),
        pytest.param(
            "COPY * /",
            "a l->no",
            "l",
            Outcome(FOUND),
            None,
            id="a dangling link that is ignored itself",
        ),
        pytest.param(
            "COPY d/* /",
            "d/l->../x x",
            "x",
            Outcome(IGNORED, "x", "d/l", dangling=True),
            '"/d/l": not found',
            id="a matched link to an ignored file",
        ),
        pytest.param(
            "COPY . /",
            "a l->no",
            "",
            Outcome(FOUND),
            None,
            id="a dangling link below a folder is just copied",
        ),
        pytest.param(
            "COPY d /", "d/l->no", "", Outcome(FOUND), None, id="and so below any other"
        ),
        pytest.param(
            "COPY --exclude=x . /",
            "a l->no",
            "",
            Outcome(MISSING, "no", "l", dangling=True),
            '"/l": not found',
            id="unless the root is filtered",
        ),
        pytest.param(
            "COPY --exclude=l . /",
            "a l->no",
            "",
            Outcome(FOUND),
            None,
            id="and the link is not filtered out",
        ),
        pytest.param(
            "COPY --exclude=x no /",
            "a",
            "",
            Outcome(MISSING, "no", "no"),
            "lstat /no: no such file or directory",
            id="a filtered source fails later",
        ),
        pytest.param(
            "COPY --exclude=x l /",
            "l->m m->l",
            "m",
            Outcome(IGNORED, "m", "l", dangling=True),
            '"/l": not found',
            id="also one to an ignored link that leads back",
        ),
        pytest.param(
            "COPY --exclude=x l /",
            "l->no",
            "",
            Outcome(MISSING, "no", "l", dangling=True),
            '"/l": not found',
            id="a link that no pattern leaves out is hashed",
        ),
        pytest.param(
            "COPY --exclude=* l /",
            "l->no",
            "",
            Outcome(MISSING, "no", "l", dangling=True),
            "lstat /no: no such file or directory",
            id="one that a pattern leaves out fails later",
        ),
        pytest.param(
            "COPY --parents a/b /",
            "a/",
            "",
            Outcome(MISSING, "a/b", "a/b"),
            '"/a/b": not found',
            id="--parents of nothing",
        ),
        pytest.param(
            r"COPY --parents \\n/a /",
            r"\n/a",
            "",
            Outcome(MISSING, r"\n/a", refusal=r'"/\\n/a": not found'),
            r'"/\\n/a": not found',
            id="--parents of what does not match itself",
        ),
        pytest.param(
            "COPY --parents d /", "d/", "", Outcome(FOUND), None, id="an empty folder"
        ),
        pytest.param(
            "COPY --parents a/*.no /",
            "a/b",
            "",
            Outcome(EMPTY, "a/*.no", "a/*.no"),
            None,
            id="--parents of a wildcard without match",
        ),
        pytest.param(
            "COPY --parents . /",
            "a",
            "",
            Outcome(MISSING, "", ""),
            '"/": not found',
            id="--parents of the root",
        ),
        pytest.param(
            "COPY --parents l/f /",
            "l->d d/f",
            "",
            Outcome(MISSING, "l/f", "l/f"),
            '"/l/f": not found',
            id="--parents through a link",
        ),
        pytest.param(
            "COPY l /", "l->/ a", "", Outcome(FOUND), None, id="a link to the root"
        ),
        pytest.param(
            "COPY l* /", "l->.. a", "", Outcome(FOUND), None, id="one of the matches"
        ),
        pytest.param(
            "COPY l[^/] /",
            "l2->no",
            "",
            Outcome(MISSING, "no", "l2", dangling=True),
            '"/l2": not found',
            id="a slash inside a class",
        ),
        pytest.param(
            "COPY d/[* /",
            "d/a",
            "",
            Outcome(MISSING, refusal="syntax error in pattern"),
            "syntax error in pattern",
            id="a wildcard that cannot be read",
        ),
        pytest.param(
            "COPY --parents --exclude=a a/b /",
            "a/b",
            "",
            Outcome(MISSING, "a/b", refusal='"/a/b": not found'),
            '"/a/b": not found',
            id="--parents of what its own --exclude keeps out",
        ),
        pytest.param(
            "COPY --exclude=[ a /",
            "a",
            "",
            Outcome(MISSING, refusal=BAD_FILTER, excludes=True),
            BAD_FILTER,
            id="a filter that cannot be read",
        ),
    ],
)
def test_what_becomes_of_a_source(
    instruction: str,
    tree: str,
    ignore: str,
    expected: Outcome,
    failure: str | None,
) -> None:
    (source,) = took(instruction, tree, ignore=ignore.split())
    assert source.outcome == expected
    assert source.failure == failure


@pytest.mark.parametrize(
    ("mounts", "failure"),
    [
        ("source=d/no source=d", "open /d/no: no such file or directory"),
        ("source=d/no type=bind", "open /d/no: no such file or directory"),
        ("source=d/no,rw source=d", "open /d/no: no such file or directory"),
        ("source=d/f/no/x source=d", "lstat /d/f/no: not a directory"),
        ("source=d/no source=d/e", '"/d/no": not found'),
        ("source=d/no type=tmpfs", '"/d/no": not found'),
        ("source=d/no", '"/d/no": not found'),
    ],
)
def test_a_mount_inside_another_fails_when_the_command_starts(
    mounts: str, failure: str
) -> None:
    flags = [f"--mount={one},target=/m{at}" for at, one in enumerate(mounts.split())]
    first, *_ = took(f"RUN {' '.join(flags)} x", "d/f d/e/g")
    assert first.failure == failure


@pytest.mark.parametrize(
    ("ignore", "failure"),
    [
        pytest.param("", "lstat /d/a/no: not a directory", id="one sent"),
        pytest.param(
            "d/a", "lstat /d/a/no/x: no such file or directory", id="an ignored one"
        ),
    ],
)
def test_what_lies_below_a_file_is_looked_up_in_what_was_sent(
    ignore: str, failure: str
) -> None:
    below, _ = took(
        "COPY --exclude=x d/a/no/x /\nCOPY d /", "d/a", ignore=ignore.split()
    )
    assert below.failure == failure


def test_a_covered_source_fails_in_the_words_of_the_copy() -> None:
    folder, inside = took("COPY a a/no /", "a/b")
    assert folder.outcome.state is FOUND
    assert not folder.want.covered
    assert inside.want.covered
    assert inside.failure == "lstat /a/no: no such file or directory"


@pytest.mark.parametrize(
    "instructions",
    [
        pytest.param("COPY a /\nCOPY a/b /", id="of another instruction"),
        pytest.param("COPY ab a/b /", id="that only begins alike"),
        pytest.param("COPY a* a/b /", id="with a wildcard"),
        pytest.param("COPY a a /", id="the same twice"),
    ],
)
def test_a_source_covers_none(instructions: str) -> None:
    assert not any(one.want.covered for one in took(instructions, "a/b ab"))


def test_the_root_covers_every_other_source() -> None:
    _, inside = took("COPY . a /", "a")
    assert inside.want.covered


def test_sources_are_told_apart() -> None:
    first, second, third = took("COPY a b* /\nADD a/x /", "a/x a/y b bc c")
    assert first.paths == ["a/", "a/x", "a/y"]
    assert second.paths == ["b", "bc"]
    assert third.paths == ["a/x"]


def test_more_sources_than_a_machine_word_has_bits() -> None:
    names = [f"f{index:03}" for index in range(200)]
    found = took(f"COPY {' '.join(names)} /", " ".join(names))
    assert [one.paths for one in found] == [[name] for name in names]


def test_links_cost_a_walk_of_many_targets_only_what_they_lead_to() -> None:
    (source,) = took("COPY l* /", "l1->d l2->d/e d/e/f d/g h")
    assert source.paths == ["d/", "d/e/", "d/e/f", "d/g", "l1", "l2"]


# --- the legacy builder ----------------------------------------------------------


@pytest.mark.parametrize(
    ("instruction", "tree", "expected"),
    [
        pytest.param("COPY a /", "a/b c", "a/ a/b", id="a folder"),
        pytest.param("COPY /a /", "a", "a", id="from the root of the context"),
        pytest.param("COPY a* /", "a/b ab", "a/ a/b ab", id="a wildcard"),
        pytest.param("COPY ./*.txt /", "a.txt d/b.txt", "a.txt", id="with a dot first"),
        pytest.param("COPY l/f /", "l->d d/f", "d/f l", id="through a link"),
        pytest.param("COPY d/../a /", "a d/", "a", id="up and down again"),
    ],
)
def test_a_legacy_source_takes(instruction: str, tree: str, expected: str) -> None:
    (source,) = took(instruction, tree, builder=LEGACY)
    assert source.paths == expected.split()
    assert (source.outcome, source.failure) == (Outcome(FOUND), None)


OUT = "COPY failed: forbidden path outside the build context: "
GONE = (
    "COPY failed: file not found in build context or excluded by .dockerignore: stat "
)


@pytest.mark.parametrize(
    ("instruction", "tree", "ignore", "state", "failure"),
    [
        pytest.param(
            "COPY ../a /", "a", "", OUTSIDE, f"{OUT}../a ()", id="a path outside"
        ),
        pytest.param(
            "COPY a/../../b /", "b", "", OUTSIDE, f"{OUT}a/../../b ()", id="a detour"
        ),
        pytest.param(
            "COPY l /", "l->l", "", MISSING, f"{OUT}l ()", id="a link to itself"
        ),
        pytest.param(
            "COPY no /", "a", "", MISSING, f"{GONE}no: file does not exist", id="gone"
        ),
        pytest.param(
            "COPY a /", "a", "a", IGNORED, f"{GONE}a: file does not exist", id="ignored"
        ),
        pytest.param(
            "COPY /./d/../no/. /",
            "a",
            "",
            MISSING,
            f"{GONE}d/../no/.: file does not exist",
            id="called as it is written",
        ),
        pytest.param(
            "COPY a/no /", "a", "", MISSING, f"{OUT}a/no ()", id="what is below a file"
        ),
        pytest.param(
            "COPY a/no /",
            "a",
            "a",
            MISSING,
            f"{GONE}a/no: file does not exist",
            id="what is below an ignored file",
        ),
        pytest.param(
            "COPY *.no /",
            "a",
            "",
            EMPTY,
            None,
            id="a wildcard without match is no failure of its own, buildkit#1266",
        ),
        pytest.param(
            "COPY [* /",
            "a",
            "",
            EMPTY,
            None,
            id="a wildcard that cannot be read matches nothing",
        ),
    ],
)
def test_a_legacy_source_fails(
    instruction: str,
    tree: str,
    ignore: str,
    state: SourceState,
    failure: str | None,
) -> None:
    (source,) = took(instruction, tree, ignore=ignore.split(), builder=LEGACY)
    assert source.outcome.state is state
    assert source.failure == failure
