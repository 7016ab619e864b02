"""What must stay, whatever rule hits it, and the reason that is told."""

from __future__ import annotations

import pytest

from ctxopt.core.measure.clutter_match import ClutterMatch, KeepReason
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.suggest.catalogue import build_rule_index
from ctxopt.core.suggest.hints import BuildHints
from ctxopt.core.suggest.proposals import BuildFacts
from ctxopt.core.suggest.protections import Protections
from ctxopt.core.suggest.signs import BuildHint
from tests.core.suggest.matches import copy, match, patterns
from tests.texttree import MemoryTree
from tools.compile_rules import parse

BOOK = parse(
    """
schema = 1

[[rule]]
id = "logs"
patterns = ["**/*.log"]
label = "log files"
reason = "They are made anew."
confidence = "certain"

[[never]]
id = "manifests"
patterns = ["**/package.json"]
reason = "Builds are made of them."

[[never]]
id = "documents"
patterns = ["**/README.md"]
reason = "A manifest declares it."
declared_only = true
"""
)

INDEX = build_rule_index(BOOK)
MANIFEST, DOCUMENT = 2, 4  # bits of the patterns, behind that of the rule
NEVER, NAMED, REINCLUDED = KeepReason.NEVER, KeepReason.NAMED, KeepReason.REINCLUDED

DECLARED = BuildHints(declared={"README.md": BuildHint("setup.py", 3, "open(...)")})


def protections(
    *,
    ignored: str = "",
    behind: str = "",
    declined: str = "",
    sources: str = ".",
    hints: BuildHints | None = None,
    pinned: tuple[str, ...] = (),
    dockerfile: str = "",
) -> Protections:
    """Of a build; lines and sources stand between commas and spaces."""
    facts = BuildFacts(
        tree=MemoryTree(""),
        sources=[copy(one) for one in sources.split()],
        matcher=Matcher(patterns(ignored)),
        behind=patterns(behind),
        declined=patterns(declined),
        hints=hints or BuildHints(),
        pinned=pinned,
        dockerfile=dockerfile,
    )
    return Protections(INDEX, facts)


@pytest.mark.parametrize(
    ("protected", "found", "kept"),
    [
        pytest.param(
            protections(sources="a.log"),
            match("a.log", hold=NAMED),
            ("a.log", "COPY names it (line 2)"),
            id="a source names the file",
        ),
        pytest.param(
            protections(sources="logs/a"),
            match("logs/", named="logs/a"),
            ("logs/a", "COPY names it (line 2)"),
            id="a source names a file in the folder",
        ),
        pytest.param(
            protections(sources=""),
            match("a.log", hold=NAMED),
            ("a.log", "a source names it"),
            id="a source that cannot be told names it",
        ),
        pytest.param(
            protections(sources="logs/*.txt"),
            match("logs/"),
            ("logs", "COPY names it (line 2)"),
            id="the wildcards of a source start from the folder",
        ),
        pytest.param(
            protections(sources="a/logs/x*"),
            match("a/"),
            ("a/logs", "a source names it"),
            id="they start from a folder in it",
        ),
        pytest.param(
            protections(ignored="logs,!logs/a"),
            match("logs/a", hold=REINCLUDED),
            ("logs/a", ".dockerignore:2 brings it back"),
            id="a negated line brings it back",
        ),
        pytest.param(
            protections(ignored="logs/*,!logs/a"),
            match("logs/", reincluded="logs/a"),
            ("logs/a", ".dockerignore:2 brings it back"),
            id="a negated line brings back what is in the folder",
        ),
        pytest.param(
            protections(),
            match("package.json", hold=NEVER, hits=MANIFEST),
            ("package.json", "builds are made from files of this kind"),
            id="builds are made of it",
        ),
        pytest.param(
            protections(hints=DECLARED),
            match("README.md", hold=NEVER, hits=DOCUMENT),
            ("README.md", "setup.py:3 declares it"),
            id="a manifest declares the document",
        ),
        pytest.param(
            protections(hints=DECLARED),
            match("README.md", hold=NEVER, hits=MANIFEST | DOCUMENT),
            ("README.md", "builds are made from files of this kind"),
            id="builds are made of it, declared or not",
        ),
        pytest.param(
            protections(pinned=(".dockerignore",)),
            match(".dockerignore"),
            (".dockerignore", "the builder sends it in any case"),
            id="the builder sends it in any case",
        ),
        pytest.param(
            protections(dockerfile="docker/Dockerfile"),
            match("docker/"),
            ("docker/Dockerfile", "the Dockerfile of this build lies in it"),
            id="the Dockerfile lies in the folder",
        ),
        pytest.param(
            protections(declined="logs"),
            match("logs/"),
            ("logs", ".dockerignore:1 says no; delete that line to be asked again"),
            id="a person said no",
        ),
        pytest.param(
            protections(declined="**/*.log"),
            match("a.log", "b.log"),
            ("a.log", ".dockerignore:1 says no; delete that line to be asked again"),
            id="a person said no to all of its kind",
        ),
    ],
)
def test_what_has_to_stay_is_kept_with_the_reason(
    protected: Protections, found: ClutterMatch, kept: tuple[str, str]
) -> None:
    assert protected.reason_to_keep(found) == kept


@pytest.mark.parametrize(
    ("protected", "found"),
    [
        pytest.param(protections(), match("logs/"), id="what nobody speaks for"),
        pytest.param(protections(sources="a"), match("b/"), id="another is named"),
        pytest.param(
            protections(sources="*.txt"), match("logs/"), id="wildcards of the root"
        ),
        pytest.param(
            protections(sources="logs2/*"), match("logs/"), id="a longer name is named"
        ),
        pytest.param(
            protections(sources="logs/a/*"),
            match("logs"),
            id="a file has nothing in it, whatever it is called",
        ),
        pytest.param(
            protections(),
            match("README.md", hold=NEVER, hits=DOCUMENT),
            id="a document that no manifest declares",
        ),
        pytest.param(
            protections(hints=DECLARED),
            match("a/README.md", hold=NEVER, hits=DOCUMENT),
            id="a document of that name elsewhere",
        ),
        pytest.param(
            protections(dockerfile="docker2/Dockerfile"),
            match("docker/"),
            id="the Dockerfile lies in a folder of a longer name",
        ),
        pytest.param(
            protections(declined="logs"),
            match("logs/a.log"),
            id="a no to a folder says nothing of one file in it",
        ),
        pytest.param(
            protections(declined="logs/a"),
            match("logs/"),
            id="a no to a part says nothing of the whole",
        ),
    ],
)
def test_all_else_may_go(protected: Protections, found: ClutterMatch) -> None:
    assert protected.reason_to_keep(found) is None


def test_a_no_does_not_count_where_nobody_is_asked() -> None:
    protected = protections(declined="logs")
    assert protected.reason_to_keep(match("logs/"), answered=False) is None


def test_another_reason_is_told_before_a_no() -> None:
    protected = protections(declined="a.log", sources="a.log")
    kept = protected.reason_to_keep(match("a.log", hold=NAMED))
    assert kept == ("a.log", "COPY names it (line 2)")


@pytest.mark.parametrize(
    ("declined", "path", "parts", "whole"),
    [
        pytest.param("logs", "logs/", True, True, id="the folder itself"),
        pytest.param("logs", "logs/a", True, False, id="a file in it, as a part"),
        pytest.param("logs", "other/a", False, False, id="a file elsewhere"),
        pytest.param("logs/a", "logs/a", True, True, id="the file itself"),
        pytest.param("logs/a", "logs/b", False, False, id="the file beside it"),
    ],
)
def test_a_no_to_a_folder_goes_for_its_parts_where_that_is_asked(
    declined: str, path: str, *, parts: bool, whole: bool
) -> None:
    protected = protections(declined=declined)
    assert (protected.declined(match(path), parts=True) is not None) is parts
    assert (protected.declined(match(path)) is not None) is whole


@pytest.mark.parametrize(
    ("declined", "path", "expected"),
    [
        pytest.param("logs/a", "logs/", True, id="a path in the folder"),
        pytest.param("logs/a/b", "logs/", True, id="a path further down"),
        pytest.param("logs", "logs/", False, id="the folder is not in itself"),
        pytest.param("logs2/a", "logs/", False, id="a folder of a longer name"),
        pytest.param("logs/*", "logs/", False, id="wildcards name no path"),
        pytest.param("logs/a", "logs", False, id="a file has nothing in it"),
    ],
)
def test_a_no_to_a_path_inside_is_known_of_a_folder(
    declined: str, path: str, *, expected: bool
) -> None:
    assert protections(declined=declined).has_declined(match(path)) is expected


@pytest.mark.parametrize(
    ("ignored", "behind", "line", "found", "forbidden"),
    [
        pytest.param("", "", "logs", "logs/", False, id="no line is negated"),
        pytest.param("!a", "", "logs", "logs/", False, id="it is about another path"),
        pytest.param("!logs", "", "logs", "logs/", True, id="it is about this path"),
        pytest.param("!logs/a", "", "logs", "logs/", True, id="about a path in it"),
        pytest.param(
            "!**/*.log", "", "**/*.log", "a.log", True, id="a wildcard for a wildcard"
        ),
        pytest.param(
            "!*.log", "", "x.log", "x.log", True, id="the path is one it stands for"
        ),
        pytest.param(
            "!keep/a",
            "!keep/a",
            "logs",
            "logs/",
            False,
            id="behind, it is elsewhere",
        ),
        pytest.param(
            "!**/*.txt",
            "!**/*.txt",
            "logs",
            "logs/",
            True,
            id="behind, it could bring back some of the folder",
        ),
        pytest.param(
            "!**/*.txt",
            "!**/*.txt",
            "a.log",
            "a.log",
            False,
            id="behind, it could not bring back this file",
        ),
    ],
)
def test_a_line_at_odds_with_negated_lines_is_forbidden(
    *, ignored: str, behind: str, line: str, found: str, forbidden: bool
) -> None:
    protected = protections(ignored=ignored, behind=behind)
    assert protected.forbids(line, [match(found)]) is forbidden
