"""Options become a request, errors an exit status; nothing is decided in between.

    program     the group of commands, and the one place where errors become status
    options     what several commands share: which build is meant, what seconds are for
    asking      what a command that writes asks and says
    builds      the same for many builds: which of a folder are meant
    configuring what applies: words typed, over variables, over a file
    scan, ls, why, write, check, watch, verify, explain      a command each
    write_all       what write does for many builds
    watch_several   `watch` of many builds
    attending       signals, keys and due times of what goes on
    outputs         what a check found, in the forms that were asked for
    install_plugin  `docker ctxopt`, for those who type docker
    completing, hints, pasted           what the shell offers, what was meant, and
                                        options of docker in a pasted line

Only click is imported up front. A command is imported when it is asked for, and brings
in what it runs.
"""

from __future__ import annotations

from ctxopt.cli.program import main

__all__ = ["main"]
