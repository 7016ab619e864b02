"""What came of one repository, as the JSON object that is kept of it.

Schema ctxopt/fleet-row/1: fields are added, never changed. `scan` and `check`
are the objects of `scan --all` and `check --all`, with paths from the top of the
repository.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from ctxopt.core.checking.families import cache, secrets
from ctxopt.core.findings import codes
from ctxopt.core.fleet.records import (
    Failure,
    FailureKind,
    FleetBuild,
    FleetLine,
    RowState,
    Source,
)
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError

SCHEMA = "ctxopt/fleet-row/1"
Row = Mapping[str, Any]

_OF_CACHE = frozenset({codes.NEVER_CACHED.code, cache.LAYER_UNSETTLED.code})
_OF_SECRETS = frozenset(
    one.finding.code for one in secrets.RULES if one.finding != codes.SECRETS_UNREAD
)
_PATHS = frozenset({"folder", "context", "dockerfile", "path"})  # absolute in a scan
_UNMEASURED = "none of its builds could be measured"


class Findings(NamedTuple):
    """What was found in a repository: the objects of its scan and of its check."""

    scan: Row | None = None
    check: Row | None = None
    sarif: Row | None = None  # rules and results of its only run


class Effort(NamedTuple):
    """What a repository took; seconds by the clock."""

    attempts: int = 1
    clone_seconds: float = 0.0
    work_seconds: float = 0.0


NOTHING = Findings()


def row_of(
    source: Source,
    *,
    commit: str | None,
    settings: str,
    made_by: str,
    findings: Findings = NOTHING,
    failure: Failure | None = None,
    effort: Effort = Effort(),  # noqa: B008  # a value
    page: str | None = None,
) -> dict[str, Any]:
    """The object of a repository; `settings` is the mark of what was asked."""
    failure = failure or _unmeasured(findings.scan)
    return {
        "schema": SCHEMA,
        "name": source.name,
        "label": source.label,
        "source": {
            "kind": source.kind.value,
            "place": source.place,
            "branch": source.branch or None,
        },
        "commit": commit,
        "made_by": made_by,
        "settings": settings,
        "state": _state(findings.scan, failure).value,
        "failure": None if failure is None else _failure(failure),
        "attempts": effort.attempts,
        "seconds": {
            "clone": round(effort.clone_seconds, 3),
            "work": round(effort.work_seconds, 3),
        },
        "scan": findings.scan,
        "check": findings.check,
        "sarif": findings.sarif,
        "page": page,
    }


def mark_of(asked: Mapping[str, object]) -> str:
    """A short mark of what was asked, so that another question is seen to be one."""
    text = json.dumps(asked, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:12]


def is_settled(row: Row) -> bool:
    """Whether a row stands; that of a failure that may pass is made again."""
    return row["state"] != RowState.FAILED or row["scan"] is not None


def is_whole(value: object) -> bool:
    """Whether a value is a row, as this version reads it."""
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        return False
    try:
        line_of(value)
        page = value["page"]
        told = (value["settings"], value["made_by"], value["commit"] or "", page or "")
        return all(isinstance(one, str) for one in told)
    except (LookupError, TypeError, ValueError, AttributeError, CtxoptError):
        return False


def from_top(value: Any, top: str, *, everywhere: bool = False) -> Any:
    """An object of a scan or a check, with paths from the top of the repository.

    `everywhere`: in texts, too, where nothing else can be called as the top is.
    """
    if isinstance(value, dict):
        return {
            key: _shortened(one, top)
            if key in _PATHS and isinstance(one, str)
            else from_top(one, top, everywhere=everywhere)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [from_top(one, top, everywhere=everywhere) for one in value]
    if everywhere and isinstance(value, str) and top in value:
        return value.replace(f"{top}/", "").replace(top, ".")
    return value


def _shortened(path: str, top: str) -> str:
    if path == top:
        return "."
    return path.removeprefix(f"{top.rstrip('/')}/")


def _unmeasured(scan: Row | None) -> Failure | None:
    """Why there are no sizes, where there are builds."""
    if scan is None or not scan["builds"] or scan["totals"]["measured"]:
        return None
    first = scan["builds"][0]
    said = CtxoptError(
        first["error"]["message"],
        file=first["error"]["file"],
        line=first["error"]["line"],
    )
    return Failure(
        FailureKind.REFUSED, f"{_UNMEASURED}; the first, {first['name']}: {said}"
    )


def _state(scan: Row | None, failure: Failure | None) -> RowState:
    if failure is not None:
        return RowState.FAILED
    return RowState.MEASURED if scan and scan["builds"] else RowState.EMPTY


def _failure(failure: Failure) -> dict[str, str]:
    return {"kind": failure.kind.value, "message": failure.message}


# --- and read again ------------------------------------------------------------------


def line_of(row: Row) -> FleetLine:
    """The line of a report that a row makes."""
    scan, check, failure = row["scan"], row["check"], row["failure"]
    totals = (scan or {}).get("totals") or {}
    saved = totals.get("saved") or {}
    found = Counter(one["code"] for one in _findings(check))
    severities = Counter(one["severity"] for one in _findings(check))
    seconds = row["seconds"]
    return FleetLine(
        name=row["name"],
        label=row["label"],
        place=_place(row["source"]),
        commit=row["commit"],
        state=RowState(row["state"]),
        failure=failure and Failure(FailureKind(failure["kind"]), failure["message"]),
        attempts=row["attempts"],
        seconds=seconds["clone"] + seconds["work"],
        builds=tuple(map(_build, (scan or {}).get("builds", ()))),
        wire_bytes=totals.get("wire_bytes", 0),
        repeat_wire_bytes=totals.get("repeat_wire_bytes", 0),
        saved_wire_bytes=saved.get("wire_bytes", 0),
        saved_repeat_wire_bytes=saved.get("repeat_wire_bytes", 0),
        saved_seconds=saved.get("seconds", 0.0),
        saved_repeat_seconds=saved.get("repeat_seconds", 0.0),
        secrets=tuple(dict.fromkeys(_secrets(check))),
        breaks_cache=not _OF_CACHE.isdisjoint(found),
        codes=dict(sorted(found.items())),
        severities=dict(sorted(severities.items())),
        page=row["page"],
    )


def _place(source: Row) -> str:
    branch = source["branch"]
    return f"{source['place']}#{branch}" if branch else str(source["place"])


def _findings(check: Row | None) -> list[Row]:
    return check["findings"] if check is not None else []


def _secrets(check: Row | None) -> Iterator[str]:
    for one in _findings(check):
        if one["code"] in _OF_SECRETS:
            yield one["subject"]


def _build(one: Row) -> FleetBuild:
    report, error = one["report"], one["error"]
    transfer = (report or {}).get("transfer") or {}
    return FleetBuild(
        name=one["name"],
        dockerfile=one["dockerfile"] or "",
        context=one["context"],
        wire_bytes=transfer.get("wire_bytes"),
        repeat_wire_bytes=transfer.get("repeat_wire_bytes"),
        files=transfer.get("files"),
        has_ignore_file=bool(report and report["ignore_file"]),
        error=error["message"] if error else "",
    )
