"""What is read of a context for one build is not read again for the next."""

from __future__ import annotations

from collections import Counter

from ctxopt.core.sources.tree import Found
from ctxopt.core.suggest.embeds import Embedding, Embeds
from ctxopt.core.suggest.expectations import Expectations, Programs
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
