"""What speaks against a find beside its name: what is asked about, and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pytest

from ctxopt.core.measure.clutter_match import (
    HEAVY_BYTES,
    UNUSED_BYTES,
    ClutterMatch,
    KeepReason,
)
from ctxopt.core.model import Confidence
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.suggest import lines as shapes
from ctxopt.core.suggest.catalogue import CACHE_TAG, ENVIRONMENT_TAG, build_rule_index
from ctxopt.core.suggest.evidence import MOST_GIT_LINES, MOST_UNUSED, EvidenceRules
from ctxopt.core.suggest.proposals import BuildFacts, Proposal, ProposalList
from ctxopt.core.suggest.protections import Protections
from tests.core.suggest.matches import copy, git_lines, match, patterns, proposal
from tests.texttree import MemoryTree
from tools.compile_rules import parse

INDEX = build_rule_index(
    parse(
        """
schema = 1

[[rule]]
id = "logs"
patterns = ["**/*.log"]
label = "log files"
reason = "They are made anew."
confidence = "certain"
"""
    )
)

KNOWN = 1  # the bit of the rule
CACHE, ENVIRONMENT = INDEX.tag_bit(CACHE_TAG), INDEX.tag_bit(ENVIRONMENT_TAG)


class Tracks:
    """Git tracks so many files below these paths."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = counts

    def below(self, path: str) -> int:
        return self.counts.get(path, 0)

    def containing(self, text: str) -> Iterator[str]:
        return (path for path in self.counts if text in path)


def evidence(
    *clutter: ClutterMatch,
    taken: Iterable[ClutterMatch] = (),
    git: Sequence[str] = ("data", "out"),
    tracked: Mapping[str, int] | None = None,
    declined: str = "",
    ignored: str = "",
    sent: int = 10 * HEAVY_BYTES,
    whole: Sequence[str] = (),
) -> EvidenceRules:
    facts = BuildFacts(
        tree=MemoryTree(""),
        sources=[copy(".")],
        matcher=Matcher(patterns(ignored)),
        declined=patterns(declined),
        tracked=None if tracked is None else Tracks(tracked),
        lines=git_lines(*git),
        sent_bytes=sent,
    )
    so_far = ProposalList()
    so_far.put([proposal(one) for one in taken])
    return EvidenceRules(clutter, Protections(INDEX, facts), so_far, whole)


def shown(proposals: Iterable[Proposal]) -> list[str]:
    """`rule: lines` of each, all of which are questions."""
    made = [*proposals]
    assert all(one.confidence is Confidence.ASK and one.question for one in made)
    return [f"{one.rule}: {' '.join(one.lines)}" for one in made]


NAMED = KeepReason.NAMED

# --- what git ignores ------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param(
            evidence(match("data/", line=1)),
            ["git-ignored:.gitignore:1: data"],
            id="a folder",
        ),
        pytest.param(
            evidence(match("a/data/", line=1), match("b/data/", line=1)),
            ["git-ignored:.gitignore:1: **/data"],
            id="two folders of one line are one question",
        ),
        pytest.param(
            evidence(match("data/", line=1), match("out/", line=2, size=90)),
            ["git-ignored:.gitignore:2: out", "git-ignored:.gitignore:1: data"],
            id="two lines are two questions, the heavier first",
        ),
        pytest.param(
            evidence(
                *(match(f"{at}/data/", line=1, size=at + 1) for at in range(9)),
                git=["data/"],
            ),
            [
                "git-ignored:.gitignore:1: "
                + " ".join(f"{at}/data" for at in range(8, 8 - shapes.FEW, -1))
            ],
            id="of many only the heaviest, where no line says folders",
        ),
        pytest.param(
            evidence(match("data/", line=1), tracked={"other": 3}),
            ["git-ignored:.gitignore:1: data"],
            id="git tracks another path",
        ),
        pytest.param(evidence(match("data/")), [], id="git does not ignore it"),
        pytest.param(evidence(match("data", line=1)), [], id="a file waits"),
        pytest.param(
            evidence(match("data/", line=1, hits=KNOWN)), [], id="a rule speaks of it"
        ),
        pytest.param(
            evidence(match("data/", line=1), tracked={"data": 1}),
            [],
            id="git tracks some of it all the same",
        ),
        pytest.param(
            evidence(match("data/", line=1, hold=NAMED)), [], id="a source names it"
        ),
        pytest.param(
            evidence(match("data/", line=1), taken=[match("data/")]),
            [],
            id="it is proposed already",
        ),
        pytest.param(
            evidence(match("data/", line=1), declined="data"), [], id="a person said no"
        ),
        pytest.param(
            evidence(
                match("a/data/", line=1), match("b/data/", line=1), declined="a/data"
            ),
            [],
            id="who said no to one is not asked about the rest of the line",
        ),
        pytest.param(
            evidence(match("data/", line=1), ignored="!data/keep"),
            [],
            id="a negated line is about something in it",
        ),
    ],
)
def test_folders_that_git_ignores_are_asked_about(
    rules: EvidenceRules, expected: list[str]
) -> None:
    assert shown(rules.git_lines(folders=True)) == expected


def test_in_the_end_files_and_what_rules_left_are_asked_about_too() -> None:
    rules = evidence(match("data", line=1), match("x.log", line=2, hits=KNOWN, size=5))
    assert shown(rules.git_lines(folders=False)) == [
        "git-ignored:.gitignore:1: data",
        "git-ignored:.gitignore:2: x.log",
    ]


def test_there_are_so_many_lines_of_git_at_the_most() -> None:
    count = MOST_GIT_LINES + 3
    rules = evidence(
        *(match(f"d{at}/", line=at + 1) for at in range(count)),
        git=[f"d{at}" for at in range(count)],
    )
    assert len([*rules.git_lines(folders=True)]) == MOST_GIT_LINES


# --- tags ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param(
            evidence(match("e/", tags=ENVIRONMENT)),
            ["environment:e: e"],
            id="pyvenv.cfg",
        ),
        pytest.param(
            evidence(match("c/", tags=CACHE)), ["cache:c: c"], id="CACHEDIR.TAG"
        ),
        pytest.param(evidence(match("c/")), [], id="no tag"),
        pytest.param(
            evidence(match("c/", tags=CACHE, named="c/a")),
            [],
            id="a source names a part",
        ),
        pytest.param(
            evidence(match("c/", tags=CACHE), taken=[match("c/")]),
            [],
            id="it is proposed already",
        ),
        pytest.param(
            evidence(match("a/c/", tags=CACHE), declined="a"),
            [],
            id="a person said no to the folder around it",
        ),
    ],
)
def test_folders_that_say_what_they_are_are_asked_about(
    rules: EvidenceRules, expected: list[str]
) -> None:
    assert shown(rules.tagged()) == expected


# --- single files ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param(
            evidence(match("a", size=HEAVY_BYTES)), ["large:a: a"], id="a tenth of all"
        ),
        pytest.param(
            evidence(match("a", size=HEAVY_BYTES), match("b", size=2 * HEAVY_BYTES)),
            ["large:b: b", "large:a: a"],
            id="the largest first",
        ),
        pytest.param(
            evidence(
                match("a", size=HEAVY_BYTES),
                taken=[match("big/", size=9 * HEAVY_BYTES)],
                sent=19 * HEAVY_BYTES,
            ),
            ["large:a: a"],
            id="a tenth of what the proposals leave",
        ),
        pytest.param(
            evidence(match("a", size=HEAVY_BYTES - 1)), [], id="one that is not heavy"
        ),
        pytest.param(
            evidence(match(".git/objects/a.pack", size=HEAVY_BYTES), whole=[".git"]),
            [],
            id="a part of what is held back as one thing",
        ),
        pytest.param(
            evidence(match("a", size=HEAVY_BYTES), sent=11 * HEAVY_BYTES),
            [],
            id="less than a tenth",
        ),
        pytest.param(
            evidence(match("a", "b", size=5 * HEAVY_BYTES)), [], id="several together"
        ),
        pytest.param(evidence(match("a/", size=5 * HEAVY_BYTES)), [], id="a folder"),
        pytest.param(
            evidence(match("a", size=5 * HEAVY_BYTES, hold=NAMED)),
            [],
            id="a source names it",
        ),
    ],
)
def test_files_that_outweigh_the_rest_are_asked_about(
    rules: EvidenceRules, expected: list[str]
) -> None:
    assert shown(rules.large_files()) == expected


# --- what nobody takes -----------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param(
            evidence(match("a/", mask=0, size=UNUSED_BYTES)),
            ["unused:a: a"],
            id="a folder that no source takes",
        ),
        pytest.param(
            evidence(match("a/", mask=0, files=2, size=UNUSED_BYTES), tracked={"a": 1}),
            ["unused:a: a"],
            id="git tracks some of it",
        ),
        pytest.param(
            evidence(match("a/", mask=0, files=2, size=UNUSED_BYTES), tracked={"a": 2}),
            [],
            id="git tracks all of it",
        ),
        pytest.param(
            evidence(match("a/", mask=0, size=UNUSED_BYTES - 1)), [], id="a small one"
        ),
        pytest.param(
            evidence(match("a/", size=UNUSED_BYTES)), [], id="a source takes some of it"
        ),
        pytest.param(evidence(match("a", mask=0, size=UNUSED_BYTES)), [], id="a file"),
        pytest.param(
            evidence(match("a/", mask=0, size=UNUSED_BYTES), declined="a"),
            [],
            id="a person said no",
        ),
    ],
)
def test_folders_that_nobody_takes_are_asked_about(
    rules: EvidenceRules, expected: list[str]
) -> None:
    assert shown(rules.unused()) == expected


def test_there_are_so_many_unused_folders_at_the_most_the_heaviest_first() -> None:
    found = [match(f"d{at}/", mask=0, size=UNUSED_BYTES + at) for at in range(9)]
    assert shown(evidence(*found).unused()) == [
        f"unused:d{at}: d{at}" for at in range(8, 8 - MOST_UNUSED, -1)
    ]
