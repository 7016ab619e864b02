"""What a mistyped or missing name is likely to mean."""

from __future__ import annotations

import pytest

from ctxopt.core.nearest import (
    Difference,
    closest,
    difference,
    is_one_letter_off,
    nearest_names,
)


@pytest.mark.parametrize(
    ("wanted", "name", "how"),
    [
        pytest.param("\u00e9", "e\u0301", Difference.UNICODE, id="accents"),
        pytest.param("files", "Files", Difference.CASE, id="a letter's case"),
        pytest.param("DOCKERFILE", "Dockerfile", Difference.CASE, id="all in capitals"),
        pytest.param("my-app", "my_app", Difference.SEPARATOR, id="- for _"),
        pytest.param("my-app", "my app", Difference.SEPARATOR, id="a blank for -"),
        pytest.param("myapp", "my.app", Difference.SEPARATOR, id="a dot too few"),
        pytest.param("env", ".env", Difference.SEPARATOR, id="no dot in front"),
        pytest.param("My-App", "my_app", Difference.SEPARATOR, id="and case"),
        pytest.param("a.yml", "a.yaml", Difference.EXTENSION, id=".yml for .yaml"),
        pytest.param("a.js", "a.mjs", Difference.EXTENSION, id=".js for .mjs"),
        pytest.param("run", "run.sh", Difference.EXTENSION, id="no ending"),
        pytest.param("LICENSE.md", "license", Difference.EXTENSION, id="one too many"),
        pytest.param("my-a.yml", "my_a.yaml", Difference.EXTENSION, id="with - for _"),
        pytest.param("asset", "assets", Difference.PLURAL, id="one for many"),
        pytest.param("boxes", "box", Difference.PLURAL, id="many for one"),
        pytest.param("library", "libraries", Difference.PLURAL, id="y and ies"),
        pytest.param("key.txt", "keys.txt", Difference.PLURAL, id="before the ending"),
        pytest.param("maain.go", "main.go", Difference.LETTER, id="a letter too many"),
        pytest.param("main.go", "amin.go", Difference.LETTER, id="swapped"),
        pytest.param("mian.go", "main.go", Difference.LETTER, id="swapped back"),
        pytest.param("app1.txt", "app2.txt", Difference.LETTER, id="another one"),
        pytest.param("same", "same", None, id="the same name"),
        pytest.param("src", "arc", None, id="short words are all alike"),
        pytest.param("a", "as", None, id="a letter has no plural"),
        pytest.param("main.go", "main.rs", None, id="another language"),
        pytest.param("main.go", "amni.go", None, id="two letters"),
        pytest.param("-", "_", None, id="nothing but separators"),
        pytest.param("a" * 300, "a" * 301, None, id="what nobody types"),
    ],
)
def test_how_a_name_differs(wanted: str, name: str, how: Difference | None) -> None:
    assert difference(wanted, name) is how
    assert difference(name, wanted) is how


def test_a_word_is_one_letter_off_or_not() -> None:
    for one, other in [("ab", "abc"), ("abc", "axc"), ("abcd", "acbd"), ("a", "")]:
        assert is_one_letter_off(one, other)
        assert is_one_letter_off(other, one)
    for one, other in [("ab", "ab"), ("abcd", "abdx"), ("abcd", "ab"), ("abc", "xyc")]:
        assert not is_one_letter_off(one, other)


def test_the_likeliest_name_is_first_and_equals_stay_in_order() -> None:
    known = ["servers", "serveR", "SERVER", "serverx", "other"]
    assert [near.name for near in nearest_names("server", known)] == [
        "serveR",
        "SERVER",
        "servers",
        "serverx",
    ]


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        pytest.param("biuld", ["build", "builder"], "build", id="a stage"),
        pytest.param("NODE-ENV", ["NODE_ENV", "ENV"], "NODE_ENV", id="an argument"),
        pytest.param("--dept", ["--top", "--depth"], "--depth", id="an option"),
        pytest.param("scn", ["scan", "ls"], "scan", id="a short one, by its looks"),
        pytest.param("list", ["lint", "list"], "list", id="itself before a near one"),
        pytest.param("quite", ["scan", "ls"], "", id="nothing near"),
        pytest.param("scan", [], "", id="nothing known"),
    ],
)
def test_one_word_of_a_list_is_meant(word: str, known: list[str], meant: str) -> None:
    assert closest(word, known) == meant
