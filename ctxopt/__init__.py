"""Measure a Docker build context exactly as the builder would receive it.

    >>> import ctxopt
    >>> ctxopt.analyze(".").transfer.printed  # doctest: +SKIP
    '26.62MB'

The rooms, each importing only from those below it:

    cli       options to request, errors to exit status
    pipeline  the steps, a module for each command
    view      a report becomes text or JSON
    host      the doors to disk, processes and clock
    core      values in, values out
    errors    everything a user can cause

What a script needs is here; it is imported when it is first asked for, so that
`ctxopt --version` does not wait for it.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

TYPE_CHECKING = False  # typing, with re and enum, costs more than all else here

if TYPE_CHECKING:
    from ctxopt.core.model import (
        BuildCost,
        BuilderName,
        Confidence,
        GitState,
        HeldBack,
        IgnoreSummary,
        Listed,
        Location,
        NamedReport,
        Place,
        Problem,
        Projection,
        Reach,
        Report,
        Request,
        SecretFile,
        Severity,
        Source,
        SourceKind,
        SourceState,
        SourceUse,
        Suggestion,
        Tally,
        Transfer,
        Usage,
    )
    from ctxopt.core.timing.models import ProfileName
    from ctxopt.errors import (
        ContextError,
        CtxoptError,
        DockerError,
        DockerfileError,
        IgnoreFileError,
        WorkerError,
        WriteError,
    )
    from ctxopt.pipeline.advice import Estimate
    from ctxopt.pipeline.scripts import analyze, listing

__all__ = [
    "BuildCost",
    "BuilderName",
    "Confidence",
    "ContextError",
    "CtxoptError",
    "DockerError",
    "DockerfileError",
    "Estimate",
    "GitState",
    "HeldBack",
    "IgnoreFileError",
    "IgnoreSummary",
    "Listed",
    "Location",
    "NamedReport",
    "Place",
    "Problem",
    "ProfileName",
    "Projection",
    "Reach",
    "Report",
    "Request",
    "SecretFile",
    "Severity",
    "Source",
    "SourceKind",
    "SourceState",
    "SourceUse",
    "Suggestion",
    "Tally",
    "Transfer",
    "Usage",
    "WorkerError",
    "WriteError",
    "analyze",
    "listing",
]

# Where what is neither an error nor a record of the model comes from.
_ELSEWHERE = {
    "Estimate": "ctxopt.pipeline.advice",
    "ProfileName": "ctxopt.core.timing.models",
    "analyze": "ctxopt.pipeline.scripts",
    "listing": "ctxopt.pipeline.scripts",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    usual = "ctxopt.errors" if name.endswith("Error") else "ctxopt.core.model"
    value: object = getattr(import_module(_ELSEWHERE.get(name, usual)), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    # What was not asked for yet is no attribute, and would be missing.
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
