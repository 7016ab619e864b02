"""A row is made of what a scan and a check say, and a line of a row."""

from __future__ import annotations

import json
from typing import Any

from ctxopt.core.fleet.addresses import folder_source, git_source
from ctxopt.core.fleet.records import Failure, FailureKind, FleetBuild, RowState
from ctxopt.core.fleet.rows import (
    Effort,
    Findings,
    from_top,
    is_settled,
    line_of,
    mark_of,
    row_of,
)

SHOP = git_source("https://me:secret@host/acme/shop.git#main")
COMMIT = "8d3f0b7c1e5a49d2b6f8c07a9e1d4b3c5f6a7081"


def report(sent: int, *, ignored: bool = True) -> dict[str, Any]:
    transfer = {"wire_bytes": sent, "repeat_wire_bytes": 10, "files": 3}
    return {"transfer": transfer, "ignore_file": {"path": "x"} if ignored else None}


def build(name: str, said: dict[str, Any] | None, error: str = "") -> dict[str, Any]:
    told = {"message": error, "file": "Dockerfile", "line": 3} if error else None
    named = {"name": name, "dockerfile": "Dockerfile", "context": "."}
    return {**named, "report": said, "error": told}


def scan(*builds: dict[str, Any]) -> dict[str, Any]:
    saved = {
        "wire_bytes": 90,
        "repeat_wire_bytes": 4,
        "seconds": 0.5,
        "repeat_seconds": 0.25,
    }
    measured = sum(one["report"] is not None for one in builds)
    totals = {
        "wire_bytes": 100,
        "repeat_wire_bytes": 10,
        "measured": measured,
        "saved": saved,
    }
    return {"builds": list(builds), "totals": totals}


def finding(code: str, severity: str, subject: str | None = None) -> dict[str, Any]:
    return {"code": code, "severity": severity, "subject": subject}


CHECK = {
    "findings": [
        finding("secret-env", "warning", ".env"),
        finding("secret-key", "note", "id_rsa"),
        finding("secret-env", "warning", ".env"),
        finding("layer-unsettled", "note", "."),
        finding("secrets-unread", "note", "big"),
    ]
}


def made(**more: Any) -> dict[str, Any]:
    asked = {"commit": COMMIT, "settings": "m", "made_by": "1", **more}
    row: dict[str, Any] = json.loads(json.dumps(row_of(SHOP, **asked)))
    return row


def test_a_line_says_what_the_row_holds() -> None:
    found = Findings(
        scan(build("web", report(100, ignored=False)), build("db", None, "no")), CHECK
    )
    line = line_of(made(findings=found, effort=Effort(2, 0.5, 1), page="pages/x.html"))
    assert (line.name, line.label) == (SHOP.name, "acme/shop")
    assert line.place == "https://host/acme/shop.git#main"
    assert line.builds == (
        FleetBuild("web", "Dockerfile", ".", 100, 10, 3, has_ignore_file=False),
        FleetBuild(
            *("db", "Dockerfile", ".", None, None, None),
            has_ignore_file=False,
            error="no",
        ),
    )
    assert (line.wire_bytes, line.saved_wire_bytes, line.saved_seconds) == (
        100,
        90,
        0.5,
    )
    assert line.secrets == (".env", "id_rsa")
    assert line.breaks_cache
    assert line.lacks_ignore_file
    assert line.codes["secret-env"] == 2
    assert line.severities == {"note": 3, "warning": 2}
    assert (line.attempts, line.seconds, line.commit) == (2, 1.5, COMMIT)
    assert line.state is RowState.MEASURED


def test_no_row_has_a_password() -> None:
    assert "secret" not in json.dumps(made())


def test_a_repository_without_builds_is_empty() -> None:
    row = made(findings=Findings(scan(), {"findings": []}))
    assert row["state"] == "empty"
    assert is_settled(row)


def test_where_nothing_could_be_measured_the_first_reason_stands() -> None:
    row = made(findings=Findings(scan(build("web", None, "no such stage")), CHECK))
    assert row["failure"] == {
        "kind": "refused",
        "message": "none of its builds could be measured; the first, web:"
        " Dockerfile:3: no such stage",
    }
    assert is_settled(row), "asked again it says the same"


def test_a_failure_may_pass() -> None:
    row = made(failure=Failure(FailureKind.TIMEOUT, "late"))
    assert not is_settled(row)
    line = line_of(row)
    assert line.failure == Failure(FailureKind.TIMEOUT, "late")
    assert (line.state, line.builds, line.codes) == (RowState.FAILED, (), {})


def test_paths_are_from_the_top_and_texts_stay() -> None:
    said = {
        "folder": "/app",
        "builds": [{"request": {"context": "/app/web", "dockerfile": "/app/web/D"}}],
        "message": "COPY . /app/web",
        "path": "/application/x",
        "largest": [{"path": "app"}],
    }
    assert from_top(said, "/app") == {
        "folder": ".",
        "builds": [{"request": {"context": "web", "dockerfile": "web/D"}}],
        "message": "COPY . /app/web",
        "path": "/application/x",
        "largest": [{"path": "app"}],
    }
    told = {
        "message": 'cannot read "/scratch/clone-1/x"; in /scratch/clone-1',
        "line": 3,
    }
    assert from_top(told, "/scratch/clone-1", everywhere=True) == {
        "message": 'cannot read "x"; in .',
        "line": 3,
    }


def test_another_question_has_another_mark() -> None:
    assert mark_of({"a": 1, "b": None}) == mark_of({"b": None, "a": 1})
    assert mark_of({"a": 1}) != mark_of({"a": 2})
    assert folder_source("/x").branch == ""
