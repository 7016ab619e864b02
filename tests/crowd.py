"""A tree in which much is counted: to be measured by several as by one."""

from __future__ import annotations

import os
from pathlib import Path

from tests.texttree import plant


def plant_crowd(root: Path) -> None:
    """Folders in folders, links, clutter, and lines of git's in several places."""
    for number in range(6):
        service = root / f"s{number}"
        plant(service, "src/a:7 src/b.log:30 logs/x.log:900 x.log:5 y.log:6 z.log:7")
        plant(service, "node_modules/p/index.js:40 node_modules/q/q.js:1 keep/k:3")
        plant(service / "deep/er/and/deeper", "f:100 g:2")
        (service / ".gitignore").write_text(f"logs/\nsrc/b.*\n!x.log\n{number}\n")
        os.link(service / "src/a", root / f"also{number}")
        (service / "away").symlink_to("src")
    (root / ".gitignore").write_text("*.log\n/s3/keep\n")
    (root / ".dockerignore").write_text(
        "s1/*\n!s1/src\n**/deep\n!s2/deep/er/and\n*.tmp\n"
    )
    (root / "Dockerfile").write_text("FROM scratch\nCOPY s1 s2 also* /a/\n")
