"""Packages that are installed in a loop, or as a condition, are made as without."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.followed import NODE, copied
from tests.pipeline.test_commands import ASKED, GOES, outcome, scanned

TRIED_AGAIN = (
    "for i in 1 2 3; do npm ci && break; done",
    "for i in 1 2 3; do npm ci && break || sleep 5; done",
    "if npm ci; then echo ok; fi",
    "if ! npm ci; then exit 1; fi",
    "until npm ci; do sleep 1; done",
    "npm ci || npm ci",
    "for i in $(seq 3); do npm ci && break; sleep 5; done",
    "n=0; while [ $n -lt 5 ]; do npm ci && break; n=$((n+1)); done",
    "for i in 1 2 3; do if npm ci; then break; fi; sleep 2; done",
    "npm ci && echo ok || exit 1",
    "if npm ci; then echo; else exit 1; fi",
    "npm ci || (sleep 5 && npm ci)",
    "for i in 1 2 3; do npm ci && exit 0; done; exit 1",
    "retry 3 npm ci",
    "while ! npm ci; do sleep 1; done",
    "while true; do npm ci && break; done",
)
LEFT_OUT_AT_TIMES = (
    "if [ $X ]; then npm ci; fi",
    "[ -d node_modules ] || npm ci",
    "for p in $PKGS; do npm ci; done",
    'test -n "$X" && npm ci || true',
    "if false; then npm ci; fi",
    "while [ $X ]; do npm ci; done",
    "for i in 1 2; do [ $X ] && npm ci && break; done",
    "for i in 1 2; do npm ci && break || [ -d node_modules ] && break; done",
    "for i in 1 2; do npm ci && break || break; done",
    "for f in yarn.lock x.lock; do ls $f && npm ci && break || true; done",
    "trap 'npm ci' ERR; echo a",
)


def _packages(root: Path, command: str) -> str:
    """What is to become of the packages that an image starts a program with."""
    dockerfile = copied("node", f"RUN {command}", "CMD node server.js")
    return outcome(scanned(root, NODE, dockerfile), "node_modules")


@pytest.mark.parametrize("command", TRIED_AGAIN)
def test_what_is_tried_until_it_works_makes_them(command: str, tmp_path: Path) -> None:
    assert _packages(tmp_path, command) == GOES


@pytest.mark.parametrize("command", LEFT_OUT_AT_TIMES)
def test_what_may_be_left_out_is_no_promise(command: str, tmp_path: Path) -> None:
    assert _packages(tmp_path, command) == ASKED
