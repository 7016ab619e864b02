"""A justfile is read as just reads it: what it runs, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.followed import NODE, copied, decides, each, git
from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row, scanned

CI = "deps:\n  npm ci\n"
OF_WEB = {"web/mod.just": CI, "web/package.json": "{}"}


def just(
    said: str,
    expected: str,
    text: str,
    *,
    run: str = "just deps",
    files: dict[str, str] | None = None,
) -> Row:
    """What is to become of packages that an image starts, where just may install."""
    dockerfile = copied("node", f"RUN {run}", "CMD node server.js")
    all_files = {**NODE, "web/x": "", "justfile": text, **(files or {})}
    return Row(said, expected, "node_modules", all_files, dockerfile)


ROWS = (
    just("a recipe installs", GOES, CI),
    just("a recipe works in a folder", STAYS, f"[working-directory: 'web']\n{CI}"),
    just("all recipes do", STAYS, f"set working-directory := 'web'\n{CI}"),
    just(
        "a recipe works where just is called",
        STAYS,
        f"[no-cd]\n{CI}",
        run="cd web && just deps",
    ),
    just(
        "a justfile above is found, and run there", GOES, CI, run="cd web && just deps"
    ),
    just("a folder in front of a recipe", GOES, CI, run="cd web && just ../deps"),
    just(
        "a recipe of a module works there",
        STAYS,
        f"mod web\n{CI}",
        run="just web::deps",
        files=OF_WEB,
    ),
    just(
        "a recipe of a module as two words",
        STAYS,
        f"mod web\n{CI}",
        run="just web deps",
        files=OF_WEB,
    ),
    just("an import works here", GOES, "import 'web/mod.just'\n", files=OF_WEB),
    just("a module is not found", ASKED, "mod web\n", run="just web::deps"),
    just(
        "lines of a script are of one shell",
        STAYS,
        "deps:\n  #!/bin/sh\n  cd web\n  npm ci\n",
    ),
    just(
        "a recipe of another system", ASKED, f"[macos]\n{CI}\n[linux]\ndeps:\n  echo\n"
    ),
    just(
        "what comes behind a recipe", GOES, f"a: && deps\n  echo\n\n{CI}", run="just a"
    ),
    just(
        "a word that a recipe takes", STAYS, f"a b:\n  echo\n\n{CI}", run="just a deps"
    ),
    just(
        "a recipe behind another one",
        GOES,
        f"a b:\n  echo\n\n{CI}",
        run="just a b deps",
    ),
    just("just is told to run nothing", ASKED, CI, run="just -n deps"),
    just("another language", ASKED, f"set shell := ['python3', '-c']\n{CI}"),
    just("a variable that is a text", GOES, "pm := 'npm'\ndeps:\n  {{pm}} ci\n"),
    just(
        "a variable that the command sets",
        ASKED,
        "pm := 'npm'\ndeps:\n  {{pm}} ci\n",
        run="just pm=echo deps",
    ),
    just("a failure that counts for nothing", ASKED, "deps:\n  -npm ci\n"),
    just(
        "a justfile of another folder",
        STAYS,
        "",
        run="just -f web/mod.just deps",
        files=OF_WEB,
    ),
    just(
        "a justfile of another folder works here",
        GOES,
        "",
        run="just -f web/mod.just -d . deps",
        files=OF_WEB,
    ),
)
ASKING = (
    ("a module", "mod m 'sub'\n", "just m::v"),
    ("a module as a word", "mod m 'sub/x.just'\n", "just m v"),
    ("a module's first recipe", "mod? m 'sub'\n", "just m"),
    ("an import", "import 'sub/x.just'\n", "just v"),
    ("an import that may be missing", "import? 'sub/x.just'\nimport? 'y'\n", "just v"),
    (
        "a script of another language",
        "v:\n  #!/usr/bin/env python3\n  import os\n  os.system('git describe')\n",
        "just v",
    ),
    ("a command in a text", "v:\n  echo {{ `git describe` }}\n", "just"),
    ("an alias of a recipe of a module", "mod m 'sub'\nalias b := m::v\n", "just b"),
    ("what a recipe needs of a module", "mod m 'sub'\na: m::v\n  echo\n", "just a"),
)


@each(ROWS)
def test_just_makes_what_it_is_sure_to_run(row: Row, tmp_path: Path) -> None:
    decides(row, tmp_path)


@pytest.mark.parametrize(
    ("text", "run"), [pytest.param(text, run, id=said) for said, text, run in ASKING]
)
def test_git_is_asked_by_a_recipe(text: str, run: str, tmp_path: Path) -> None:
    asks = "v:\n  git describe\n"
    files = {"justfile": text, "sub/x.just": asks, "sub/mod.just": asks}
    decides(git("", STAYS, files, "a", f"RUN {run}"), tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "import 'justfile'\nmod a '.'\nmod b 'justfile'\n",
        "a: a\n  {{\n  }}\n",
        "[\n]:\n: a\n",
        "a *b c='d' $e +f: (g h\n\ti\n",
        "set working-directory := '../..'\nalias := x\nmod\nimport\n",
    ],
)
def test_an_odd_justfile_ends_no_scan(text: str, tmp_path: Path) -> None:
    files = {**NODE, "justfile": text}
    scanned(tmp_path, files, copied("node", "RUN just a b::c", "CMD node server.js"))
