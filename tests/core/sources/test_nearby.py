"""What was likely meant by a source that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.sources.nearby import (
    is_above,
    is_one_letter_off,
    leads_out,
    nearby,
    nearest_matches,
)
from ctxopt.host.disk.tree import DiskTree
from tests.texttree import plant

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
    assert nearby(DiskTree(str(tmp_path)), path, lambda one: one == "old") == meant


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
    found = nearby(DiskTree(str(tmp_path)), path, kept_out.__contains__)
    assert found == meant


def test_a_word_is_one_letter_off_or_not() -> None:
    for one, other in [("ab", "abc"), ("abc", "axc"), ("abcd", "acbd"), ("a", "")]:
        assert is_one_letter_off(one, other)
        assert is_one_letter_off(other, one)
    for one, other in [("ab", "ab"), ("abcd", "abdx"), ("abcd", "ab"), ("abc", "xyc")]:
        assert not is_one_letter_off(one, other)


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
