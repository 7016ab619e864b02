"""What is read of a context for one build is not read again for the next."""

from __future__ import annotations

from collections import Counter

import pytest

from ctxopt.core.git.line import GitLine
from ctxopt.core.measure.clutter_match import ClutterMatch
from ctxopt.core.model import Confidence
from ctxopt.core.sources.tree import Found
from ctxopt.core.suggest.conditions import Conditions
from ctxopt.core.suggest.embeds import Embedding, Embeds
from ctxopt.core.suggest.expectations import Expectations, Programs
from ctxopt.core.suggest.gitlines import GitPatterns
from ctxopt.core.suggest.rules import PLAIN, Rule
from ctxopt.core.suggest.workspaces.listing import Listings
from ctxopt.core.suggest.workspaces.members import Members
from tests.core.suggest.matches import match
from tests.texttree import MemoryTree, Planted

SOURCE = b"package web\n\n//go:embed dist\nvar files embed.FS\n"


class CountingTree(MemoryTree):
    """Counts how often the start of a file is read."""

    def __init__(self, *planted: Planted) -> None:
        super().__init__(planted)
        self.read: Counter[str] = Counter()

    def head(self, path: str) -> bytes:
        self.read[path] += 1
        return super().head(path)

    def text(self, path: str) -> str:
        return self.head(path).decode()


def test_a_source_is_read_once_for_all_who_ask_what_it_embeds() -> None:
    tree = CountingTree(Planted("web/embed.go", Found.FILE, content=SOURCE))
    embedding = Embedding(tree)
    find = match("web/dist/")
    told = [Embeds(embedding).of(find) for _ in range(3)]
    assert told == [("web/dist", "web/embed.go:3 takes it into the program")] * 3
    assert tree.read == {"web/embed.go": 1}


def test_a_program_is_read_once_for_all_who_ask_what_it_opens() -> None:
    opens = Planted("app.py", Found.FILE, content=b'open("logs/app.log")\n')
    tree = CountingTree(opens, Planted("logs", Found.DIRECTORY))
    programs = Programs(tree, tree.text)
    told = [Expectations(programs, names=("logs",)).of("logs") for _ in range(3)]
    assert told == ["app.py:1 speaks of the folder"] * 3
    assert tree.read == {"app.py": 1}


def test_what_one_build_says_of_a_folder_the_next_does_not() -> None:
    tree = CountingTree(Planted("logs", Found.DIRECTORY))
    programs = Programs(tree, tree.text)
    said = ("Dockerfile:3", "mkdir /srv/logs")
    first = Expectations(programs, names=("logs",), spoken=(said,))
    assert first.of("logs") == "Dockerfile:3 speaks of the folder"
    assert Expectations(programs, names=("logs",)).of("logs") is None


def test_a_manifest_is_read_once_for_all_who_ask_what_it_lists() -> None:
    manifest = Planted("go.work", Found.FILE, content=b"go 1.22\nuse ./api\n")
    module = Planted("api/go.mod", Found.FILE, content=b"module x\n")
    tree = CountingTree(manifest, module)
    listings = Listings(tree, tree.text)
    told = [Members(listings).any_of("api") for _ in range(3)]
    assert [one and one.words for one in told] == ["go.work:2 lists it as a member"] * 3
    assert tree.read["go.work"] == 1


def test_a_condition_is_looked_into_once_for_all_builds() -> None:
    rule = Rule("dumps", ("**/*.sql",), "", "", Confidence.LIKELY, content="PostgreSQL")
    dump = Planted("a.sql", Found.FILE, content=b"-- PostgreSQL database dump\n")
    tree = CountingTree(dump)
    conditions = Conditions(tree)
    for _ in range(3):
        assert conditions.hold(
            *(rule, "a.sql"), kind="file", file_bytes=9, expected=lambda _: False
        )
    assert tree.read == {"a.sql": 1}


@pytest.mark.parametrize(("expects", "holds"), [(True, False), (False, True)])
def test_what_programs_expect_is_asked_for_each_build(
    *, expects: bool, holds: bool
) -> None:
    rule = Rule("logs", ("**/logs",), "", "", Confidence.LIKELY, folder=PLAIN)
    conditions = Conditions(CountingTree(Planted("logs", Found.DIRECTORY)))
    for answer, wanted in ((not expects, not holds), (expects, holds)):
        said = {"logs": answer}
        found = conditions.hold(
            rule, "logs", kind="directory", file_bytes=9, expected=said.__getitem__
        )
        assert found is wanted


def test_a_line_of_git_is_translated_once_for_all_builds() -> None:
    read: Counter[str] = Counter()

    def file(path: str) -> bytes:
        read[path] += 1
        return b"*.log\n"

    patterns = GitPatterns(place="/src", file=file)
    line = GitLine("api/.gitignore", 1, "*.log")
    told = [patterns.of(line) for _ in range(3)]
    assert told == ["api/**/*.log"] * 3
    assert read == {"api/.gitignore": 1}


@pytest.mark.parametrize(
    ("find", "hit"),
    [
        (match("a.log"), True),
        (match("a.log", "b.log"), True),
        (match("a.log", "b.txt"), None),
        (match("b.txt", "c.txt"), False),
    ],
    ids=["a file", "all files", "some files only", "no file"],
)
def test_a_line_hits_a_find_whole_or_not_at_all(
    *, find: ClutterMatch, hit: bool | None
) -> None:
    assert GitPatterns().hits("**/*.log", find) is hit
