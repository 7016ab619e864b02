"""The errors of a build's log as the JSON of `ctxopt/why/1`, in the field `log`."""

from __future__ import annotations

import json
from typing import TextIO

from ctxopt.core.why.logged import LogAnswer, LogExplanation
from ctxopt.view.why.causes import cause_words, summary
from ctxopt.view.why.json import SCHEMA, Json, as_json, path_json, source_answer_json


def show(told: LogExplanation, out: TextIO) -> None:
    """Write the answers to `out` as one JSON object."""
    out.write(json.dumps(log_json(told), indent=2) + "\n")


def log_json(told: LogExplanation) -> Json:
    """The object of schema 1, with what the log tells.

    Where the build as it is now is refused, or has no say, there is only that.
    """
    build = _UNREAD if told.told is None else as_json(told.told)
    log = {
        "file": told.file,
        "builder": told.log.builder,
        "outcome": told.log.outcome.value,
        "about_context": told.is_of_context,
        "summary": summary(told),
        "errors": [_error(one, told) for one in told.answers],
    }
    return {**build, "in_context": not told.is_of_context, "log": log}


_UNREAD: Json = {
    "schema": SCHEMA,
    "request": None,
    "ignore_file": None,
    "in_context": None,
    "paths": [],
    "patterns": [],
    "sources": [],
    "problems": [],
}


def _error(answer: LogAnswer, told: LogExplanation) -> Json:
    error, place = answer.error, answer.error.place
    return {
        "log_line": error.log_line,
        "message": error.message,
        "cause": error.cause.value,
        "about_context": error.cause.is_of_context,
        "subject": error.subject or None,
        "instruction": error.instruction or None,
        "file": place.file if place is not None and place.file else None,
        "line": place.line if place is not None else None,
        "end_line": place.end_line if place is not None else None,
        "said": [*cause_words(answer, told)],
        "found_now": answer.is_found_now,
        "sources": [source_answer_json(one) for one in answer.sources],
        "path": (
            path_json(answer.path, told.told)
            if answer.path is not None and told.told is not None
            else None
        ),
    }
