from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.fleet.records import Source
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.fleet.sources import sources_of
from tests.texttree import plant


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Checkouts in groups, folders beside them, and one that git does not know."""
    plant(
        tmp_path,
        "src/web/.git/HEAD src/web/vendor/lib/.git/HEAD src/acme/shop/.git/HEAD"
        " src/acme/.cache/x/.git/HEAD src/notes/a.txt src/a/b/c/d/.git/HEAD"
        " src/readme plain/Dockerfile lists/all.txt",
    )
    (tmp_path / "src" / "linked").symlink_to(tmp_path / "plain")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*words: str, stdin: bytes = b"") -> tuple[list[Source], list[str]]:
    said: list[str] = []
    sources = sources_of(words, read_stdin=lambda: stdin, announce=said.append)
    return [*sources], said


def places(here: Path, sources: list[Source]) -> list[str]:
    return [one.place.removeprefix(f"{here}/") for one in sources]


def test_a_folder_is_one_or_holds_checkouts(here: Path) -> None:
    sources, said = found("src")
    assert places(here, sources) == ["src/a/b/c/d", "src/acme/shop", "src/web"]
    assert said == ["note: src: 2 folders are left out: no .git in it"]
    assert places(here, found("src/web")[0]) == ["src/web"]
    assert places(here, found("plain")[0]) == ["plain"]
    assert places(here, found(".")[0]) == ["src/acme/shop", "src/web"]


def test_what_is_named_twice_is_one(here: Path) -> None:
    (here / "lists" / "all.txt").write_text(
        "# ours\n../src/web\n\nhttps://host/acme/shop.git\n"
        "https://me:word@host/acme/shop.git\nhttps://host/acme/shop.git#old\n"
    )
    sources, _ = found("lists/all.txt", "src/web", "https://host/acme/shop.git")
    shop = "https://host/acme/shop.git"
    assert places(here, sources) == [
        f"{here}/lists/../src/web".removeprefix(f"{here}/").replace("lists/../", ""),
        *(shop, shop),
    ]
    assert [one.branch for one in sources] == ["", "", "old"]
    assert len({one.name for one in sources}) == 3


def test_lines_come_from_standard_input_too(here: Path) -> None:
    sources, _ = found("-", stdin=b"src/web\nplain\n")
    assert places(here, sources) == ["src/web", "plain"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nowhere", 'lists/all.txt:2: no folder is there, and it is no git URL in "no'),
        ("ext::whoami", 'lists/all.txt:2: git URLs that begin with "ext:" are not'),
        ("https://", "lists/all.txt:2: this is no URL of a repository"),
    ],
)
def test_a_wrong_line_is_told_with_its_place(here: Path, line: str, said: str) -> None:
    (here / "lists" / "all.txt").write_text(f"../plain\n{line}\n")
    with pytest.raises(CtxoptError) as refused:
        found("lists/all.txt")
    assert str(refused.value).startswith(said)


def test_a_word_that_names_nothing_says_what_is_taken(here: Path) -> None:
    with pytest.raises(
        CtxoptError, match='there is no "shop"; name a folder, a git URL'
    ):
        found("shop")
