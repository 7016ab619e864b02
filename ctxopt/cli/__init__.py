"""Options become a request, errors an exit status; nothing is decided in between.

    plain       common command lines of scan and ls, read without click
    program     the group of commands, and the one place where errors become status
    options     what several commands share: which build is meant, what seconds are for
    asking      what a command that writes asks and says
    builds      the same for many builds: which of a folder are meant
    configuring what applies: words typed, over variables, over a file
    applying    what words, variables and a file come to: a request, an estimate
    saying      what is said on standard error
    scan, ls, why, write, check, watch, verify, explain      a command each
    fleet, fleet_diff       many repositories; two reports of them beside each other
    fleet_running           what goes on meanwhile, and an early end
    fleet_repository        the process that looks at one of them
    scanning, listing       what scan and ls do, once their options are read
    exporting       the same for what scan hands to other programs
    page        what scan does where a page is asked for
    write_all       what write does for many builds
    watch_several   `watch` of many builds
    attending       signals, keys and due times of what goes on
    outputs         what a check found, in the forms that were asked for
    install_plugin  `docker ctxopt`, for those who type docker
    completing, hints, pasted           what the shell offers, what was meant, and
                                        options of docker in a pasted line

Nothing is imported up front, and click only where a command line is not plain. A
command is imported when it is asked for, and brings in what it runs.
"""

from __future__ import annotations

from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.cli.program import main

__all__ = ["main"]


def __getattr__(name: str) -> object:
    if name != "main":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ctxopt.cli.program import main

    globals()["main"] = main
    return main
