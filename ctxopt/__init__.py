"""Measure a Docker build context exactly as the builder would receive it.

    >>> from ctxopt import Request, analyze
    >>> analyze(Request(".")).transfer.printed  # doctest: +SKIP
    '26.62MB'

What a script needs is here; it is imported when it is first asked for, so that
`ctxopt --version` does not wait for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ctxopt.core.model import (
        BuilderName,
        Listed,
        Place,
        Problem,
        Report,
        Request,
        Severity,
        Source,
        SourceState,
        SourceUse,
        Tally,
        Transfer,
        Usage,
    )
    from ctxopt.errors import (
        ContextError,
        CtxoptError,
        DockerError,
        DockerfileError,
        IgnoreFileError,
        WriteError,
    )
    from ctxopt.pipeline import analyze, listing

__all__ = [
    "BuilderName",
    "ContextError",
    "CtxoptError",
    "DockerError",
    "DockerfileError",
    "IgnoreFileError",
    "Listed",
    "Place",
    "Problem",
    "Report",
    "Request",
    "Severity",
    "Source",
    "SourceState",
    "SourceUse",
    "Tally",
    "Transfer",
    "Usage",
    "WriteError",
    "analyze",
    "listing",
]

_PIPELINE = frozenset({"analyze", "listing"})


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _PIPELINE:
        module = "ctxopt.pipeline"
    else:
        module = "ctxopt.errors" if name.endswith("Error") else "ctxopt.core.model"
    value: object = getattr(import_module(module), name)
    globals()[name] = value
    return value
