"""A Dockerfile, from its bytes to what a build of it reads.

`parse` reads it with the grammar of the newest BuildKit frontend, `link` connects
its stages, `trace` follows the build of one target. All three refuse what the
builder refuses, when and in the words in which the builder does.

    records   what goes from one to the next
    refusal   the words of a refusal, and its place
    words/    variables, quotes, escapes
    values/   what is judged when an instruction is executed
    syntax/   bytes to instructions
    tracing/  instructions to what is read
"""

from __future__ import annotations

from ctxopt.core.dockerfile.records import (
    USUAL_PLATFORM,
    BuildOptions,
    Directive,
    Dockerfile,
    Flag,
    Heredoc,
    Instruction,
    Scoping,
    Stage,
    StageRun,
    StepRun,
    Trace,
    UnknownUse,
)
from ctxopt.core.dockerfile.refusal import RefusalError, as_docker_prints
from ctxopt.core.dockerfile.syntax.parse import parse
from ctxopt.core.dockerfile.tracing.stages import BuildPlan, link
from ctxopt.core.dockerfile.tracing.trace import trace

__all__ = [
    "USUAL_PLATFORM",
    "BuildOptions",
    "BuildPlan",
    "Directive",
    "Dockerfile",
    "Flag",
    "Heredoc",
    "Instruction",
    "RefusalError",
    "Scoping",
    "Stage",
    "StageRun",
    "StepRun",
    "Trace",
    "UnknownUse",
    "as_docker_prints",
    "link",
    "parse",
    "trace",
]
