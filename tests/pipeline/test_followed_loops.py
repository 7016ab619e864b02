"""What is run for several folders or files is made there, if there are any."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.followed import NODE, copied, decides, git
from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row

WEB = {"web/package.json": "{}", "web/node_modules/.package-lock.json": "{}"}
# What becomes of the packages of the root, and of those in a folder.
ROWS = (
    (
        "find works where a file is",
        STAYS,
        ASKED,
        "find web -name x -execdir npm ci \\;",
    ),
    ("find may find nothing", ASKED, ASKED, "find . -name x -exec npm ci \\;"),
    (
        "find starts a shell that goes to a folder",
        STAYS,
        ASKED,
        "find web -type d -exec sh -c 'cd \"{}\" && npm ci' \\;",
    ),
    (
        "find hands a folder to a shell",
        STAYS,
        ASKED,
        "find web -exec sh -c 'cd $(dirname $1) && npm ci' _ {} \\;",
    ),
    (
        "find names a folder",
        STAYS,
        ASKED,
        "find web -type d -exec npm --prefix {} ci \\;",
    ),
    ("xargs may get nothing", ASKED, ASKED, "find . -name x | xargs -r npm ci"),
    (
        "xargs starts a shell that goes to a folder",
        STAYS,
        ASKED,
        "ls -d web | xargs -I{} sh -c 'cd {} && npm ci'",
    ),
    (
        "a loop goes to folders that nobody knows",
        STAYS,
        ASKED,
        "for d in $D; do (cd $d && npm ci); done",
    ),
    (
        "a pattern that fits nothing is a word",
        GOES,
        ASKED,
        "for d in x/*; do npm ci; done",
    ),
    (
        "bash may drop a pattern that fits nothing",
        ASKED,
        ASKED,
        "shopt -s nullglob; for d in x/*; do npm ci; done",
    ),
    ("parallel works in folders", STAYS, ASKED, "parallel 'cd {} && npm ci' ::: web"),
    ("parallel is told what to do here", ASKED, ASKED, "parallel -j 2 npm ci ::: a b"),
    ("env goes to a folder", STAYS, GOES, "env -C web npm ci"),
    ("sudo goes to a folder", STAYS, GOES, "sudo -u me -D web npm ci"),
    ("sudo goes to a folder by a long option", STAYS, GOES, "sudo --chdir=web npm ci"),
    ("env sets a variable", GOES, ASKED, "env A=1 npm ci"),
)


@pytest.mark.parametrize("path", ["node_modules", "web/node_modules"])
@pytest.mark.parametrize(
    ("here", "there", "run"),
    [pytest.param(here, there, run, id=said) for said, here, there, run in ROWS],
)
def test_what_is_made_in_which_folder(
    here: str, there: str, run: str, path: str, tmp_path: Path
) -> None:
    expected = there if "/" in path else here
    dockerfile = copied("node", f"RUN {run}", "CMD node server.js")
    decides(Row("", expected, path, {**NODE, **WEB}, dockerfile), tmp_path)


@pytest.mark.parametrize(
    "run",
    [
        "find . -name x -execdir git describe \\;",
        "ls | xargs -n 1 git log",
        "parallel git log ::: a b",
        "env -C sub git describe",
    ],
)
def test_git_is_asked_in_any_of_them(run: str, tmp_path: Path) -> None:
    decides(git("", STAYS, {"sub/x": ""}, "a", f"RUN {run}"), tmp_path)
