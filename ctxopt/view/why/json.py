"""The answers as the JSON of `ctxopt/why/1`: fields are added, never changed.

Output is ASCII; bytes that are not UTF-8 are told as in `view.report.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TextIO

from ctxopt.core.ignorefile.repair import Repair
from ctxopt.core.model import Source
from ctxopt.core.patterns.matcher import TraceStep
from ctxopt.core.patterns.pattern import Pattern
from ctxopt.core.why.answer import (
    Explanation,
    GitWord,
    GlobAnswer,
    OtherBuilder,
    PathAnswer,
    SourceAnswer,
    Standing,
    Taker,
)
from ctxopt.view.report.json import ignore_file_json, problem_json, request_json
from ctxopt.view.why.verdict import verdict

SCHEMA = "ctxopt/why/1"

Json = Mapping[str, object]


def show(told: Explanation, out: TextIO) -> None:
    """Write the answers to `out` as one JSON object."""
    out.write(json.dumps(as_json(told), indent=2) + "\n")


def as_json(told: Explanation) -> Json:
    """The object of schema 1."""
    request, file = told.request, told.ignore_file
    paths = [one for one in told.answers if isinstance(one, PathAnswer)]
    globs = [one for one in told.answers if isinstance(one, GlobAnswer)]
    return {
        "schema": SCHEMA,
        "request": request_json(request, told.context_path, told.dockerfile_path),
        "ignore_file": ignore_file_json(file),
        "in_context": told.all_in_context,
        "paths": [path_json(one, told) for one in paths],
        "patterns": [_glob(one, told) for one in globs],
        "sources": [source_answer_json(one) for one in told.sources],
        "problems": [problem_json(one) for one in told.problems],
        "log": None,  # `log_json` has it
    }


# --- paths -----------------------------------------------------------------------


def _glob(answer: GlobAnswer, told: Explanation) -> Json:
    return {
        "asked": answer.asked,
        "hits": answer.hits,
        "in_context": answer.in_context,
        "all_seen": answer.all_seen,
        "paths": [path_json(one, told) for one in answer.first],
    }


def path_json(answer: PathAnswer, told: Explanation) -> Json:
    """One path, with all that is told of it."""
    standing = answer.standing
    return {
        "asked": answer.asked,
        "path": answer.path,
        "context": answer.context or None,
        "in_context": answer.in_context,
        "state": standing.state,
        "verdict": verdict(answer, told),
        "kind": answer.kind.value if answer.kind is not None else None,
        "link": answer.link or None,
        "target": answer.target or None,
        "dangles": answer.dangles,
        "decided_by": _decided_by(standing),
        "failing": [_line(one) for one in answer.failing],
        "trace": [_step(one) for one in standing.steps],
        "too_early": [_line(one) for one in standing.too_early],
        "inside": [_line(one) for one in standing.inside],
        "sources": [_taker(one) for one in answer.takers],
        "git": _git(answer.git),
        "other_builder": _other(answer.other),
        "repair": _repair(answer.repair),
        "keep_out": answer.keep_out or None,
        "near": answer.near.name if answer.near is not None else None,
        "habits": [
            {**_line(one.pattern), "kind": one.kind, "better": list(one.better)}
            for one in answer.habits
        ],
        "idle_lines": [
            {**_line(one.pattern), "file": one.file, "why": one.why}
            for one in answer.idle_lines
        ],
        "instead": list(answer.instead),
        "failures": [source_answer_json(one) for one in answer.failures],
        "elsewhere": [*map(_source, answer.elsewhere)],
    }


def _line(pattern: Pattern) -> dict[str, object]:
    """A line of an ignore file; without a place where the client adds it."""
    place = pattern.location
    return {
        "file": place.file if place else None,
        "line": place.line if place else None,
        "text": pattern.text.strip(),
    }


def _decided_by(standing: Standing) -> Json | None:
    """The line that had the last word."""
    if standing.error is not None:
        return _line(standing.error.pattern)
    if standing.kept_out is not None:
        line = standing.kept_out.line
        return _line(line) if line is not None else None
    return _line(standing.steps[-1].pattern) if standing.steps else None


def _step(step: TraceStep) -> Json:
    return {**_line(step.pattern), "prefix": step.prefix, "excludes": step.excludes}


def _git(word: GitWord | None) -> Json | None:
    if word is None:
        return None
    line = word.line
    return {
        "state": word.state,
        "file": line.file if line else None,
        "line": line.line if line else None,
        "text": line.text if line else None,
    }


def _other(other: OtherBuilder | None) -> Json | None:
    if other is None:
        return None
    return {
        "builder": other.name,
        "state": other.standing.state,
        "ignore_file": other.ignore_file or None,
        "decided_by": _decided_by(other.standing),
    }


def _repair(repair: Repair | None) -> Json | None:
    if repair is None:
        return None
    place = repair.behind.location
    return {
        "file": place.file if place else None,
        "behind": place.line if place else None,
        "lines": list(repair.lines),
        "builders": sorted(repair.builders),
        "missed": sorted(repair.missed),
    }


# --- sources ---------------------------------------------------------------------


def _taker(taker: Taker) -> Json:
    return {
        **_source(taker.source),
        "manner": taker.manner,
        "takes": taker.takes,
        "reach": taker.reach,
        "arrives": [
            {
                "stage": hop.stage,
                "path": hop.place,
                "sure": hop.sure,
                "line": hop.by.location.line if hop.by is not None else None,
            }
            for hop in taker.hops
        ],
        "unpacked": taker.unpacked,
        "excluded_by": taker.left_out_by or None,
        "idle_exclude": taker.idle_exclude or None,
        "exclude_meant": taker.exclude_meant or None,
        "stage_needed": not taker.stage_unneeded,
        "fails": taker.fails,
        "unset": list(taker.unset),
        "undeclared": list(taker.undeclared),
    }


def source_answer_json(answer: SourceAnswer) -> Json:
    """A source, and what became of it."""
    use = answer.use
    lines: Sequence[str] = use.repair
    behind = use.repair_behind
    return {
        **_source(use.source),
        "context": answer.context or None,
        "state": use.state,
        "problem": None if answer.problem is None else problem_json(answer.problem),
        "repair": (
            {"file": behind.file, "behind": behind.line, "lines": list(lines)}
            if behind is not None
            else None
        ),
        "unset": list(answer.unset),
        "undeclared": list(answer.undeclared),
    }


def _source(source: Source) -> dict[str, object]:
    return {
        "instruction": source.instruction,
        "stage": source.stage,
        "file": source.location.file,
        "line": source.location.line,
        "text": source.text,
    }
