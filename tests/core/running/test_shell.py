from __future__ import annotations

import pytest

from ctxopt.core.running.justruns import just_tasks
from ctxopt.core.running.makefiles import make_tasks
from ctxopt.core.running.shell import commands_in, exec_command
from ctxopt.core.running.syntax.ways import is_certain
from ctxopt.core.running.taskruns import task_tasks
from ctxopt.core.running.tasks import (
    script_names,
    side_by_side,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "a b && c || d; e | f", ["a b", "c", "d", "e", "f"], id="operators"
        ),
        pytest.param("a \\\n  b\nc", ["a b", "c"], id="lines that go on, and lines"),
        pytest.param("a 'b && c' \"d; e\"", ["a b && c d; e"], id="quotes"),
        pytest.param("a # b && c\nd", ["a", "d"], id="a comment"),
        pytest.param("a#b", ["a#b"], id="no comment inside a word"),
        pytest.param('a "$(b c)"', ["b c", "a $(b c)"], id="a command in a word"),
        pytest.param("a `b c`", ["b c", "a `b c`"], id="the same in backticks"),
        pytest.param("a '$(b)'", ["a $(b)"], id="none in single quotes"),
        pytest.param("sh -c 'a && b'", ["a", "b"], id="a shell in a shell"),
        pytest.param("bash -euxc 'a'", ["a"], id="its option among others"),
        pytest.param("if a; then b; fi", ["a", "b"], id="a condition"),
        pytest.param("sudo -E env X=1 a", ["X=1 a"], id="what wraps a command"),
        pytest.param("command -v a", ["command -v a"], id="what is asked for runs not"),
        pytest.param("npx -y @a/b@5 c@1", ["@a/b c@1"], id="a version of a tool"),
        pytest.param("sudo -u x env -C /y a b", ["a b"], id="options with values"),
        pytest.param("gosu app a b", ["a b"], id="another user"),
        pytest.param(
            "dotenv -e .env -- a b", ["dotenv -e .env", "a b"], id="what dotenv starts"
        ),
        pytest.param("dotenv -e .env a b", ["dotenv -e .env", "a b"], id="its value"),
        pytest.param(
            "cross-env X=1 a b", ["cross-env", "X=1 a b"], id="what cross-env starts"
        ),
        pytest.param(
            "cross-env-shell X=1 'a && b'",
            ["cross-env-shell", "X=1 a", "b"],
            id="cross-env with a text for the shell",
        ),
        pytest.param("a > /x 2>&1", ["a"], id="what is written to is no word"),
        pytest.param("a < /x", ["a /x"], id="what is read from is one"),
        pytest.param("cat <<E > /x\nnpm ci\nE\na", ["cat", "a"], id="a heredoc"),
        pytest.param(
            "case $(x) in a/b|c) d;; (e) f;& *) case g in h) i ;; esac; j; esac; k",
            ["x", "d", "f", "i", "j", "k"],
            id="a choice runs none of its patterns",
        ),
        pytest.param(
            "then case a in\nb)\n  c\n  ;;\n*)\n  d\nesac\ne",
            ["c", "d", "e"],
            id="the same on lines",
        ),
        pytest.param("echo case a in; b )", ["echo case a in", "b"], id="no choice"),
        pytest.param("case a in", [], id="a choice that nobody ends"),
        pytest.param("esac; a;; b", ["a", "b"], id="nor one that nobody begins"),
        pytest.param(
            "for x in $(y) a b*; do c -f $x ${x}/d $xx; done; e",
            ["y", "c -f $(y) $(y)/d $xx", "c -f a a/d $xx", "c -f b* b*/d $xx", "e"],
            id="a loop in each turn",
        ),
        pytest.param(
            "if for x in a; do cd $x; b; done", ["b"], id="a loop through folders"
        ),
        pytest.param("for x; do b $x; done", ["for x", "b $x"], id="of arguments"),
        pytest.param("X=1 a", ["X=1 a"], id="a setting"),
        pytest.param("X=v; a $X/b", ["X=v", "a v/b"], id="a variable that is set"),
    ],
)
def test_a_line_as_its_commands(text: str, expected: list[str]) -> None:
    assert [one.text for one in commands_in(text, "/w")] == expected


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        pytest.param("cd a && x", "/w/a", id="a folder below"),
        pytest.param("cd /a && cd b && x", "/a/b", id="one after the other"),
        pytest.param("(cd a && y); x", "/w", id="a subshell comes back"),
        pytest.param("cd a\ncd ..\nx", "/w", id="and out again"),
        pytest.param("cd a; cd b; cd -; x", "/w/a", id="back to where it was"),
        pytest.param("pushd a; pushd /b; popd; x", "/w/a", id="a stack of folders"),
        pytest.param('cd "$PWD/a" && x', "/w/a", id="by the folder that it is in"),
        pytest.param("if y; then cd a; else exit 1; fi; x", "/w/a", id="for certain"),
        pytest.param("([ y ] && cd a); x", "/w", id="what a subshell may do"),
    ],
)
def test_each_command_knows_its_folder(text: str, folder: str) -> None:
    assert [*commands_in(text, "/w")][-1].folder == folder


@pytest.mark.parametrize(
    ("text", "folders"),
    [
        pytest.param("[ y ] && cd a; x", "/w /w/a", id="a test before it"),
        pytest.param("if y; then cd a; x; fi", "/w/a", id="behind the same test"),
        pytest.param("if y; then cd a; fi; cd b; x", "/w/b /w/a/b", id="going on"),
        pytest.param("if y; then cd a; fi; cd /b; x", "/b", id="but for certain"),
        pytest.param("cd a || true; x", "/w /w/a", id="no failure"),
    ],
)
def test_a_command_may_run_in_several_folders(text: str, folders: str) -> None:
    found = [one for one in commands_in(text, "/w") if one.program == "x"]
    assert [one.folder for one in found] == folders.split()
    assert is_certain(one.ways for one in found) == ("then cd a; x" not in text)


OWN = (
    'cd "$(dirname "$0")/.."',
    "cd `dirname $0`/..",
    'cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."',
    'cd "${0%/*}/.."',
    'cd "$(dirname "$(readlink -f "$0")")/.."',
    'D="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." &> /dev/null && pwd -P)"; cd "$D"',
    'readonly D=$(cd $(dirname $0) && pwd); cd "$(dirname "$D")"',
    'declare -r D="$(realpath "$(dirname "$0")")"; cd "$D"/..',
)


@pytest.mark.parametrize("text", OWN)
def test_a_script_goes_where_it_lies(text: str) -> None:
    found = [*commands_in(f"{text}\nx", "/w", script="/a/scripts/b.sh")]
    assert found[-1].folder == "/a"


def test_an_array_of_words_is_one_command() -> None:
    (one,) = exec_command(("a", "b && c"), "/w")
    assert one.words == ("a", "b && c")


MAKEFILE = """\
V := $(shell git describe)
.PHONY: all
all: b c
b:
\t@one
c: d ; two
d:
\t-three \\
\t  four
%.o: x
\tfive
"""


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        pytest.param([], ["git describe", "one", "two", "three four"], id="the first"),
        pytest.param(["b"], ["git describe", "one"], id="one by its name"),
        pytest.param(["a.o"], ["git describe", "five"], id="one by a pattern"),
    ],
)
def test_make_runs_what_a_target_needs(targets: list[str], expected: list[str]) -> None:
    said = [one.text for one in make_tasks(MAKEFILE, targets)]
    assert [" ".join(one.split()) for one in said] == [
        " ".join(one.split()) for one in expected
    ]


def test_just_runs_a_recipe_and_those_before_it() -> None:
    text = "x := `git log`\na:\n  one\n\nb arg: a\n  two {{arg}}\n"
    assert [one.text for one in just_tasks(text, ["b", "v"])] == [
        "git log",
        "two $JUST_arg",
        "one",
    ]
    assert [one.text for one in just_tasks(text, [])] == ["git log", "one"]


def test_task_runs_a_task_and_those_it_depends_on() -> None:
    text = (
        "version: 3\ntasks:\n  a:\n    deps: [b]\n    cmds:\n      - one\n"
        "  b:\n    cmds:\n      - two\n  c:\n    cmds:\n      - three\n"
    )
    said = " ".join(one.text for one in task_tasks(text, ["a"]))
    assert "one" in said
    assert "two" in said
    assert "three" not in said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("npm run build", "prebuild build postbuild", id="run"),
        pytest.param("yarn build", "prebuild build postbuild", id="without run"),
        pytest.param("npm start", "prestart start poststart", id="start"),
        pytest.param("npm ci --ignore-scripts", "", id="hooks that are left out"),
        pytest.param("pnpm add x", "", id="one more package"),
    ],
)
def test_scripts_that_a_package_manager_runs(words: str, expected: str) -> None:
    program, *_ = words.split()
    assert " ".join(script_names(program, words.split())) == expected


# Rule: mysticatea/npm-run-all, docs/npm-run-all.md, "Glob-like pattern matching".
KNOWN = ("build:app", "build:css", "build:css:min", "check")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("npm-run-all check build:app", "check build:app", id="names"),
        pytest.param("run-s -c check", "check", id="an option"),
        pytest.param("run-p build:*", "build:app build:css", id="a part of a name"),
        pytest.param(
            "run-p build:**", "build:app build:css build:css:min", id="several parts"
        ),
        pytest.param("run-s", "", id="nothing named"),
    ],
)
def test_scripts_that_npm_run_all_runs(words: str, expected: str) -> None:
    program, *_ = words.split()
    named = script_names(program, words.split(), KNOWN)
    assert " ".join(one for one in named if one in KNOWN) == expected


def test_what_concurrently_starts_is_a_text_or_scripts() -> None:
    words = ["concurrently", "-n", "a,b", "npm:build:*", "cd x && y", "z"]
    assert [*side_by_side(words, KNOWN)] == [
        "npm run build:app",
        "npm run build:css",
        "cd x && y",
    ]
