"""Golden files: what a view printed when someone last looked at it and nodded.

`UPDATE_GOLDEN=1 pytest tests/view` writes them anew; read the diff before you commit.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, now: str) -> None:
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(now, encoding="utf-8", newline="\n")
    assert now == path.read_text(encoding="utf-8"), f"UPDATE_GOLDEN=1 rewrites {name}"
