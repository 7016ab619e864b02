"""docker-devtools, which lists a context with BuildKit's own code.

It is no dependency: the benchmark installs it for itself, where the trees are kept.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PACKAGE = "docker-devtools==0.1.0"
PATIENCE_SECONDS = 120


class UnavailableError(Exception):
    """It cannot be had here; the message says why."""


def program(cache: Path) -> str:
    """The path of the program, installed below `cache` unless it is there already.

    Raises UnavailableError when that fails.
    """
    home = cache / PACKAGE
    found = home / "bin" / "docker-devtools"
    if not found.exists():
        python = str(home / "bin" / "python")
        install = [python, "-m", "pip", "install", "-q", "--retries", "1", PACKAGE]
        _run([sys.executable, "-m", "venv", "--clear", str(home)])
        _run(install)
    _run([str(found), "--version"])
    return str(found)


def _run(command: list[str]) -> None:
    try:
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE_SECONDS,
        )
    except subprocess.CalledProcessError as error:
        lines = f"{error.stdout}\n{error.stderr}".strip().splitlines()
        raise UnavailableError(lines[-1] if lines else str(error)) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(str(error)) from error
