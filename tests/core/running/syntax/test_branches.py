"""Which commands the shell certainly reaches: a table of those that it does and not."""

from __future__ import annotations

import pytest

from ctxopt.core.running.shell import commands_in
from ctxopt.core.running.syntax.ways import is_certain

NEXT = (
    "if [ -f yarn.lock ]; then yarn --frozen-lockfile; elif [ -f package-lock.json ]; "
    "then npm ci; elif [ -f pnpm-lock.yaml ]; then corepack enable pnpm && pnpm i; "
    'else echo "Lockfile not found." && exit 1; fi'
)
CERTAIN = (
    "npm ci",
    "npm ci && npm run build",
    "a; npm ci; b",
    "cd web && npm ci; echo done",
    "npm ci || exit 1",
    "npm ci || (cat log; exit 1)",
    "npm ci || { cat log; exit 1; }",
    "npm ci || npm install",
    "[ -f x ] && npm ci",  # without x the build fails
    "npm ci && [ -f a ] && b || exit 1",
    NEXT,
    'if [ "$E" = dev ]; then npm install; else npm ci; fi',
    "if x; then npm ci; else exit 1; fi",
    "if ! npm ci; then exit 1; fi",
    'case "$P" in npm) npm ci;; yarn) yarn;; *) exit 1;; esac',
    "set -eux; apt-get update\nnpm ci",
    "(cd web && npm ci)",
    "{ npm ci; }",
    "main() { npm ci; }; main",
    "die() { echo no; exit 1; }; npm ci || die x",
    "for d in a b; do (cd a && npm ci); done",
    "if [ ! -f package.json ]; then exit 1; fi; npm ci",
    "test -f package.json || (echo no && false); npm ci",
    "grep -q x y || apt-get install x; npm ci",
    "[ -f x ] && echo hi; npm ci",
    'if [ -n "$X" ]; then npm config set registry "$X"; fi && npm ci',
    "until npm ci; do sleep 1; done",
    "while ! npm ci; do sleep 1; done; b",
    "npm ci 2>&1 | tee log",
    "yes |\nnpm ci",
    "die() { echo no; exit 1; }; cd a || die a; npm ci || die b",
    "check() { [ -f x ] || return 0; a; }; check; npm ci",
    "for i in 1 2 3; do a && break; done; npm ci",
    "set -e; (npm ci || exit 1); b",
)
DOUBTFUL = (
    '[ "$X" = 1 ] || exit 0; npm ci',
    '[ "$X" = 1 ] && npm ci; true',
    '[ "$X" = 1 ] && npm ci || true',
    "npm ci || true",
    "npm ci || echo failed",
    "[ -d node_modules ] || npm ci",
    "if [ -f x ]; then npm ci; fi",
    "if [ -f x ]; then if [ -f y ]; then npm ci; fi; fi",
    "if [ -f x ]; then npm ci; elif [ -f y ]; then yarn; fi",
    "if npm ci; then echo; else echo; fi",
    "{ [ -f x ] && npm ci; } || echo no",
    "{ [ -f x ] || exit 0; }; npm ci",
    "[ -f x ] && { npm ci; }; ls",
    "[ -f x ] && (npm ci); ls",
    "[ a -a b ] && npm ci; ls",
    "[[ a && b ]] && npm ci; ls",
    "[[ a || b ]] && npm ci; ls",
    "! [ -f x ] && npm ci; ls",
    "test -f x && npm ci; ls",
    "cat x | grep -q y && npm ci; ls",
    "while read x; do npm ci; done",
    "while npm ci; do a; done",
    "until npm ci; do a && break; done",
    "for d in $X; do npm ci; done",
    'case "$P" in npm) npm ci;; yarn) yarn;; esac',
    "f() { npm ci; }; ls",
    "exit 0; npm ci",
    "true || npm ci",
    "false && npm ci; true",
    "if [ -f x ]; then exit 0; fi; npm ci",
    "exec sh x; npm ci",
    "if (Test-Path x) { npm ci }",
    "if [ -f x ]; then npm ci",
    "sh -c '[ -f x ] && npm ci'",
    "[ -f x ] \\\n && npm ci; ls",
    "([ -f x ] && npm ci); ls",
    "ls;[ -f x ] && npm ci; ls",
    "/usr/bin/test -f x && npm ci; ls",
    "grep -q 'a;b' x && npm ci; ls",
    "([ -f x ] || exit 1; npm ci); ls",
    "skip() { echo no; exit 0; }; [ -f x ] && skip; npm ci",
    "check() { [ -f x ] || exit 0; }; check; npm ci",
    "for f in a b; do [ -f $f ] && exit 0; done; npm ci",
    "while a; do [ -f x ] && exit 0; b; done; npm ci",
    "if a; then f() { npm ci; }; fi; ls",
    "f() { npm ci; }; f() { ls; }; f",
    "if a; then " * 60 + "npm ci; " + "fi; " * 60,
)


def _is_sure(text: str) -> bool:
    found = [
        one
        for one in commands_in(text, "/a")
        if one.program in ("npm", "pnpm", "yarn") and one.words[1:2] != ("config",)
    ]
    assert found
    return is_certain(one.ways for one in found)


@pytest.mark.parametrize("text", CERTAIN)
def test_one_of_the_commands_is_certain_to_run(text: str) -> None:
    assert _is_sure(text)


@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_command_may_be_left_out(text: str) -> None:
    assert not _is_sure(text)


def test_a_script_that_goes_on_may_have_failed_a_test() -> None:
    text = "[ -f x ] && npm ci"
    *_, last = commands_in(text, "/a", checked=False)
    assert last.ways


@pytest.mark.deep
@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000 + "a" + ")" * 5_000 + " || b",
        "if a; then " * 3_000 + "b || c; " + "fi; " * 3_000,
        " || ".join(["a"] * 5_000),
        "a() " * 5_000 + "{ b; }",
        "".join(f"f{n}() {{ f{n + 1}; }}; " for n in range(3_000)) + "f0",
        "[ a ] && exit 0; " * 3_000,
        "! " * 20_000 + "a && b",
        "; fi ; } ; done ; esac ) ;; || && |",
    ],
)
def test_what_is_deep_or_broken_is_read_all_the_same(text: str) -> None:
    assert len([*commands_in(text, "/a")]) < 10_000
