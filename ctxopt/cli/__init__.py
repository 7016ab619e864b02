"""Options become a request, errors an exit status; nothing is decided in between.

    program   the group of commands, and the one place where errors become status
    options   what several commands share: which build is meant, what seconds are for
    reading   the commands that look: scan, ls, verify
    writing   the one that writes
    watching  the one that goes on

Only click is imported up front: each command brings in what it runs.
"""

from __future__ import annotations

from ctxopt.cli import reading, watching, writing
from ctxopt.cli.program import main, show_help

__all__ = ["main"]

# Help lists the commands in this order: the main job first.
for command in (
    reading.scan,
    reading.ls,
    writing.write,
    watching.watch,
    reading.verify,
    show_help,
):
    main.add_command(command)
