"""The steps from a request to a result, a module for each command.

    preparation/  request -> read, traced: what to measure
    survey/       what to measure -> walked, judged, folded
    measuring     both, for one root: everything that one walk can tell
    uses          what each source takes of it, and what is wrong with it
    obstacles     what the walk met that stands in the way
    arrivals      which entries came to the builder, asked one by one
    instructions  what the sources of one instruction bring together
    meaning       what was meant where something else comes of a source
    ignoring      ignore files that are not read, or not by all builders alike
    unread        of those not read: what their lines would do
    compared      what the other builder makes of the same context
    repairing     the line that brings a kept-out source back
    flags         flags of COPY that do less than they look like
    closed        folders that cannot be read, and what they mean to a build
    collisions    a file and a folder that a stage copies to one place
    secrets       files that may be secrets, looked into
    parting       runs of files that git tracks in part, file by file
    ground        a context as advice knows it, read once for all builds
    proposing     clutter of a survey -> proposals, with the facts of the build
    preventing    lines for what is not there yet, but git ignores it
    advice        proposals -> weighed, ranked, projected
    report        both -> the one record that every view reads
    picture       both -> where bytes lie, and what any choice comes to
    entries       the same walk as a list, or as a tree for other programs
    paths         the same as paths alone, listed by several processes
    uploading     what gcloud uploads of a folder
    why/          single paths and sources explained; nothing walked
    comparison    our numbers beside docker's
    writing/      proposals -> the ignore file, simulated before anything is touched
    watch/        notices -> what was touched measured again -> the same report, live
    check/        one walk -> everything that is wrong, under its rules
    fleet/        many repositories, on as many workers -> the rows of a report
    harmless      what a new ignore file keeps out besides, told by names alone
    simulation    a new ignore file tried out: both builders walk with it
    calibration   what the user's own builds teach
    scripts       what a script calls

What a script needs is here; it is imported when it is first asked for, because
start-up is felt at every scan.
"""

from __future__ import annotations

from importlib import import_module

from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxopt.pipeline.comparison import verify
    from ctxopt.pipeline.entries import exported, listing
    from ctxopt.pipeline.paths import listed_paths
    from ctxopt.pipeline.report import analyze
    from ctxopt.pipeline.writing.allow_list import plan_allow_list
    from ctxopt.pipeline.writing.drafting import plan
    from ctxopt.pipeline.writing.removal import plan_removal
    from ctxopt.pipeline.writing.target import remove_leftovers

__all__ = [
    "analyze",
    "exported",
    "listed_paths",
    "listing",
    "plan",
    "plan_allow_list",
    "plan_removal",
    "remove_leftovers",
    "verify",
]

_MODULES = {
    "analyze": "report",
    "listed_paths": "paths",
    "exported": "entries",
    "listing": "entries",
    "verify": "comparison",
    "plan": "writing.drafting",
    "plan_allow_list": "writing.allow_list",
    "plan_removal": "writing.removal",
    "remove_leftovers": "writing.target",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"ctxopt.pipeline.{_MODULES[name]}")
    value: object = getattr(module, name)
    globals()[name] = value
    return value
