"""What make is told, and what its variables stand for."""

from __future__ import annotations

import pytest

from ctxopt.core.running.makefiles import (
    MAKEFILES,
    included,
    make_call,
    make_tasks,
)


@pytest.mark.parametrize(
    ("words", "files", "targets"),
    [
        pytest.param("make", MAKEFILES, "", id="nothing"),
        pytest.param("make -j 4 a", MAKEFILES, "a", id="jobs"),
        pytest.param("make -j a", MAKEFILES, "a", id="all jobs"),
        pytest.param("make --jobs 4 -l 2.5 a", MAKEFILES, "a", id="by a long option"),
        pytest.param("make -j $(nproc) a", MAKEFILES, "a", id="a number of jobs"),
        pytest.param("make -C d X=1 a b", MAKEFILES, "a b", id="a folder, a setting"),
        pytest.param("make -f x.mk a", ("x.mk",), "a", id="a file"),
        pytest.param("make -fx.mk", ("x.mk",), "", id="without a blank"),
        pytest.param("make --file=x.mk", ("x.mk",), "", id="with its long name"),
    ],
)
def test_what_a_command_of_make_says(
    words: str, files: tuple[str, ...], targets: str
) -> None:
    call = make_call(words.split())
    assert (call.files, " ".join(call.targets)) == (files, targets)


HOME = "$(dir $(abspath $(lastword $(MAKEFILE_LIST))))"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("V = x\na:\n\tb $(V) ${V} $V\n", "b x x x", id="a variable"),
        pytest.param("V = $(W)\nW = x\na:\n\tb $(V)\n", "b x", id="one in one"),
        pytest.param("V += x\nV += y\na:\n\tb $(V)\n", "b x y", id="more of it"),
        pytest.param("V ?= x\nV ?= y\na:\n\tb $(V)\n", "b x", id="if there is none"),
        pytest.param("V = $(V)\na:\n\tb $(V)\n", "b $(V)", id="itself"),
        pytest.param("a:\n\t$(MAKE) -C d\n", "make -C d", id="make"),
        pytest.param("define V\nx\ny\nendef\na:\n\t$(V)\n", "x ; y", id="lines"),
        pytest.param("a:\n\tb $$x $(shell y)\n", "b $x $(y)", id="for the shell"),
        pytest.param(f"R := {HOME}\na:\n\tcd $(R)\n", "cd /h/", id="its folder"),
        pytest.param(f"a:\n\tcd {HOME}/..\n", "cd /h//..", id="one around it"),
        pytest.param("V = b\na: $(V)\nb:\n\tx\n", "x", id="what it needs"),
        pytest.param(
            "define V\nx $(1)\nendef\na:\n\t$(call V,y)\n", "x $(1)", id="a call"
        ),
        pytest.param(f"a:\n\t{'b ' * 9_000}\n", "b " * 8_999 + "b", id="a long one"),
    ],
)
def test_a_recipe_as_the_shell_gets_it(text: str, said: str) -> None:
    assert [one.text for one in make_tasks(text, ["a"], home="/h")] == [said]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("define x\n" * 5_000, id="definitions without an end"),
        pytest.param(
            "".join(f"V{n} = {f'$(V{n - 1})' * 4}\n" for n in range(1, 30))
            + "\tb $(V29)\n" * 2_000,
            id="variables of many variables",
        ),
        pytest.param(f"\tb\nV = {'$(shell ' * 8_000}\n", id="shells without an end"),
    ],
)
def test_a_makefile_that_grows_is_read_all_the_same(text: str) -> None:
    assert len([*make_tasks(f"V0 = x\na:\n{text}\tb\n", ["a"])]) < 5_000


def test_the_goal_that_a_makefile_names_is_what_make_runs() -> None:
    text = ".DEFAULT_GOAL := b\na:\n\tx\nb:\n\ty\n"
    assert [one.text for one in make_tasks(text, [])] == ["y"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(
            "include a.mk b.mk\n-include c.mk\n", "a.mk b.mk c.mk", id="names"
        ),
        pytest.param("ifdef X\n  include a.mk\nendif\n", "a.mk", id="one of a test"),
        pytest.param("D := d\ninclude $(D)/a.mk\n", "d/a.mk", id="a variable"),
        pytest.param("include $(E)/a.mk\n", "$(E)/a.mk", id="one that is not known"),
    ],
)
def test_what_a_makefile_includes(text: str, names: str) -> None:
    assert " ".join(included(text)) == names


def test_a_setting_of_the_command_wins() -> None:
    text = "V = x\na:\n\tb $(V)\n"
    (one,) = make_tasks(text, [], call=make_call(["make", "V=y"]))
    assert one.text == "b y"


@pytest.mark.parametrize(
    ("line", "doubtful"),
    [
        pytest.param("\t-b", True, id="one that may fail"),
        pytest.param("ifdef X\n\tb\nendif", True, id="one of a condition"),
        pytest.param("ifdef X\nendif\n\t@b", False, id="one behind it"),
    ],
)
def test_a_line_of_a_recipe_may_be_in_doubt(line: str, *, doubtful: bool) -> None:
    assert [one.doubtful for one in make_tasks(f"a:\n{line}\n", [])] == [doubtful]
