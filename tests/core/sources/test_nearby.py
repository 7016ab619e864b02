"""What was likely meant by a source that is not there."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path

import pytest

from ctxopt.core.nearest import Difference
from ctxopt.core.sources.links import is_above, leads_out
from ctxopt.core.sources.nearby import nearest_matches, nearest_paths
from ctxopt.core.sources.tree import Found
from ctxopt.host.disk.tree import DiskTree
from tests.texttree import MemoryTree, plant

UMLAUT = "gr\u00fcn.txt"  # one letter, as most keyboards make it
DECOMPOSED = "gru\u0308n.txt"  # two, as macOS has stored it


def first(root: Path, path: str, kept_out: Container[str] = ()) -> str:
    """The likeliest path, "" for none."""
    near = nearest_paths(DiskTree(str(root)), path, kept_out.__contains__)
    return next((one.name for one in near), "")


TREE = (
    "Files/cert.pfx README.md my_app/conf.json requirements.txt a ab"
    " deep/er/settings.json .hidden/secret.json node_modules/x/dep.json old/legacy.json"
)


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        pytest.param("files", "Files", id="another case: sitecore-docker#62"),
        pytest.param("files/cert.pfx", "Files/cert.pfx", id="another case on the way"),
        pytest.param("readme.MD", "README.md", id="another case of a file"),
        pytest.param("my-app/conf.json", "my_app/conf.json", id="- for _"),
        pytest.param("requirement.txt", "requirements.txt", id="a letter less"),
        pytest.param("requirementss.txt", "requirements.txt", id="a letter more"),
        pytest.param("requirexents.txt", "requirements.txt", id="another letter"),
        pytest.param("requirmeents.txt", "requirements.txt", id="two letters swapped"),
        pytest.param("settings.json", "deep/er/settings.json", id="another folder"),
        pytest.param("x/settings.json", "deep/er/settings.json", id="a wrong folder"),
        pytest.param("b", "", id="a short name is one letter off from anything"),
        pytest.param("secret.json", "", id="not in a hidden folder"),
        pytest.param("dep.json", "", id="not in what is installed"),
        pytest.param("legacy.json", "", id="not in what is ignored"),
        pytest.param("nothing/like/it", "", id="nothing near"),
        pytest.param("readme.md/x", "", id="not below a file"),
    ],
)
def test_the_likely_path_is_found(tmp_path: Path, path: str, meant: str) -> None:
    plant(tmp_path, TREE)
    assert first(tmp_path, path, {"old"}) == meant


@pytest.mark.parametrize(
    ("path", "kept_out", "meant"),
    [
        pytest.param("files", {"Files"}, "", id="another case"),
        pytest.param("requirement.txt", {"requirements.txt"}, "", id="a letter less"),
        pytest.param("same.txt", {"one/same.txt"}, "two/same.txt", id="another folder"),
    ],
)
def test_what_is_kept_out_is_not_offered(
    tmp_path: Path, path: str, kept_out: set[str], meant: str
) -> None:
    plant(tmp_path, f"{TREE} one/same.txt two/same.txt")
    assert first(tmp_path, path, kept_out) == meant


def ranked(root: Path, path: str) -> list[tuple[str, Difference]]:
    found = nearest_paths(DiskTree(str(root)), path, lambda _: False)
    return [(near.name, near.difference) for near in found]


def test_the_likeliest_comes_first_and_says_how_it_differs(tmp_path: Path) -> None:
    plant(tmp_path, "Config.yml con-fig.yml config.yaml configs.yml b/config.yml")
    plant(tmp_path, "confik.yml unlike.yml")
    assert ranked(tmp_path, "config.yml") == [
        ("Config.yml", Difference.CASE),
        ("con-fig.yml", Difference.SEPARATOR),
        ("config.yaml", Difference.EXTENSION),
        ("configs.yml", Difference.PLURAL),
        ("b/config.yml", Difference.FOLDER),
        ("confik.yml", Difference.LETTER),
    ]


def test_a_name_that_looks_the_same_is_told_apart(tmp_path: Path) -> None:
    plant(tmp_path, f"d/{DECOMPOSED}")
    assert ranked(tmp_path, f"d/{UMLAUT}")[0] == (
        f"d/{DECOMPOSED}",
        Difference.UNICODE,
    )


def test_a_path_differs_as_its_least_alike_folder(tmp_path: Path) -> None:
    plant(tmp_path, "Src/asset/Main.js src/other")
    assert ranked(tmp_path, "src/assets/main.js") == [
        ("Src/asset/Main.js", Difference.PLURAL)
    ]


@pytest.mark.parametrize(
    ("tree", "path", "found"),
    [
        pytest.param(
            "a/web/go.mod apps/api/go.mod go.mod",
            "services/api/go.mod",
            ["apps/api/go.mod", "go.mod", "a/web/go.mod"],
            id="what shares the last folders comes first, then the least deep",
        ),
        pytest.param(
            "x/f.txt a/b/c/f.txt",
            "a/b/f.txt",
            ["a/b/c/f.txt", "x/f.txt"],
            id="what is below the folder that should have it before others",
        ),
        pytest.param("a/b/f.txt", "a/b/f.txt", [], id="what is there is not meant"),
    ],
)
def test_other_folders_come_in_order(
    tmp_path: Path, tree: str, path: str, found: list[str]
) -> None:
    plant(tmp_path, tree)
    assert [name for name, _ in ranked(tmp_path, path)] == found


class EndlessTree(MemoryTree):
    """Every path of it is a folder with a hundred others."""

    def __init__(self) -> None:
        super().__init__("")
        self.listed = 0

    def kind(self, path: str) -> Found | None:
        return Found.DIRECTORY

    def names(self, path: str) -> Sequence[str]:
        self.listed += 1
        return [f"{number}" for number in range(100)]


def test_a_vast_tree_is_looked_through_in_part() -> None:
    tree = EndlessTree()
    assert not [*nearest_paths(tree, "a/b/c.txt", lambda _: False)]
    assert tree.listed < 1000


def test_a_pattern_in_another_case_finds_its_name() -> None:
    assert [*nearest_matches(["a.txt", "Cert.pfx"], "*.PFX")] == ["Cert.pfx"]
    assert not [*nearest_matches(["a.txt"], "*.PFX")]


def test_what_a_pattern_matches_as_it_stands_was_not_mistyped() -> None:
    """It is there, and something else keeps it out."""
    assert not [*nearest_matches(["debug.log"], "*.log")]


@pytest.mark.parametrize(
    ("link", "target", "out"),
    [
        ("l", "../x", True),
        ("d/l", "../x", False),
        ("d/l", "../../x", True),
        ("d/l", "./.././../x", True),
        ("l", "d/../x", False),
        ("l", "d/../../x", True),
        ("l", "/x", False),
        ("l", "..x", False),
    ],
)
def test_a_link_leads_out_by_its_text(link: str, target: str, *, out: bool) -> None:
    assert leads_out(link, target) is out


def test_a_source_is_above_by_its_text() -> None:
    assert all(map(is_above, ["..", "../f", "/../f", "a/../../f", "./../f"]))
    assert not any(map(is_above, ["", ".", "f", "a/../f", "..f", "/a"]))
