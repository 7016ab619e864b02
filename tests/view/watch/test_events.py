"""Events as lines: for people one a change, for programs one object each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

import pytest

from ctxopt.core.findings import codes
from ctxopt.core.watching.moment import Change, What, Written
from ctxopt.view.report import json as jsonview
from ctxopt.view.watch.events import JsonLines, Plain
from tests.view.moments import MOMENTS, busy, changed, hostile, legacy, over, quiet

BUILDER = "Dockerfile:12, stage builder"
OUT = "kept out by .dockerignore:2 (node_modules)"
NPM = "COPY --chown=app:app --link package.json yarn.lock tsconfig.json .npmrc /srv/"
MAYBE = "sent; unless only touched, "
NOW = time.mktime((2026, 8, 1, 12, 3, 11, 0, 0, -1))
WROTE = Written(("logs", "**/.git"), "/home/you/shop/.dockerignore", by_itself=False)
LOST = codes.WATCH_LIMIT.problem("too many folders", subject="x")._replace(
    file="/proc/sys/x"
)
AFTER = "context 331.4 MB  transfer 26.62 MB"


def object_of(line: str) -> dict[str, Any]:
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert line.isascii()
    value: dict[str, Any] = json.loads(line)
    return value


# For people.


def test_a_line_for_each_change_and_the_sizes_on_the_last() -> None:
    watched = busy()
    lines = Plain().change(watched.changes, watched, NOW).splitlines()
    again = "sent, COPY . . (Dockerfile:7) and 3 instructions run again"
    assert lines == [
        f"12:03:11 logs/app.log +1.20 kB  {again}",
        f"12:03:11 logs/access.log +212 B  {again}",
        "12:03:11 src/shop/views/basket.py -308 B  sent, COPY src /app (Dockerfile:5,"
        " stage builder) and 5 instructions run again, also 4 in runtime; "
        + again.removeprefix("sent, "),
        "12:03:11 coverage/ +1.31 MB  sent by .dockerignore:4 (!coverage)",
        f"12:03:11 node_modules/.cache/ gone  {OUT}",
        "12:03:11 data/2026/dump.sql +80.21 MB  in the context, not sent",
        f"12:03:11 package.json same size  {MAYBE}{NPM} ({BUILDER}) runs again",
        f"12:03:11 old.txt -310 B  no longer {again}",
        f"12:03:11 empty new  {again}",
        f"12:03:11 run.sh mode 755  {again}",
        "12:03:11 README.md touched  sent, nothing runs again",
        f"12:03:11 .git/ changed  {again}   {AFTER}",
    ]


def test_what_else_happens_has_a_line_too() -> None:
    plain = Plain()
    assert plain.ready(quiet(), NOW) == f"12:03:11 watching .   {AFTER}\n"
    assert plain.written(WROTE, busy(), NOW) == (
        f"12:03:11 written to .dockerignore: logs  **/.git   {AFTER}\n"
    )
    assert (
        plain.problem(LOST, NOW) == "12:03:11 warning: /proc/sys/x: too many folders\n"
    )
    assert plain.end("interrupted", NOW) == "12:03:11 ended: interrupted\n"
    assert plain.change((), busy(), NOW) == f"12:03:11 measured again   {AFTER}\n"


def test_a_suggestion_that_comes_or_goes_has_a_line() -> None:
    plain, made = Plain(), busy().report.suggestions
    ready = plain.ready(busy(), NOW).splitlines()
    logs = "suggested: logs  folders of log files, saves 24.87 MB, likely"
    assert ready[0] == f"12:03:11 watching .   {AFTER}"
    assert ready[1] == f"12:03:11 {logs}"
    assert ready[-1] == f"12:03:11 suggested: {len(made) - 10} more (ctxopt scan)"
    unsent = plain.suggested(made[-1:], (), NOW)
    assert unsent.endswith(" backup  old backups, 110 B, not sent, likely\n")
    lines = plain.change((), busy(), NOW, new=made[:1], gone=made[1:2]).splitlines()
    assert lines == [
        f"12:03:11 measured again   {AFTER}",
        f"12:03:11 {logs}",
        "12:03:11 no longer suggested: .git",
    ]


def test_an_error_says_that_the_sizes_are_old() -> None:
    line = Plain().problem(LOST, NOW, stale=True)
    assert line.endswith(
        "folders   the sizes stay those of before until it is mended\n"
    )
    assert object_of(JsonLines().problem(LOST, NOW, stale=True))["stale"] is True
    assert object_of(JsonLines().problem(LOST, NOW))["stale"] is False


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(
            changed("x", None, 9, what=What.UNKNOWN),
            "x changed  sent",
            id="what nobody looked at before is not told as added",
        ),
        pytest.param(
            changed("x", 9, None, taken=False),
            "x -9 B  was not sent",
            id="what was never sent is not told as no longer sent",
        ),
        pytest.param(
            changed("x", 9, None, inside=False),
            "x -9 B  kept out",
            id="what was kept out is not told as no longer sent",
        ),
        pytest.param(
            changed("x", 5, 5, what=What.MODE, mode=0o4755),
            "x mode 4755  sent",
            id="a mode is told as one",
        ),
        pytest.param(
            changed("x", 5, 5, inside=False, what=What.NOTHING),
            "x touched  kept out",
            id="a touch of what is kept out runs nothing anyway",
        ),
        pytest.param(changed("x", None, 0), "x new  sent", id="an empty file is new"),
        pytest.param(changed("x/", None, None), "x/ gone", id="a folder can be gone"),
    ],
)
def test_no_more_is_said_than_is_known(change: Change, said: str) -> None:
    assert f"12:03:11 {said}" in Plain().change((change,), busy(), NOW)


def test_over_the_budget_is_said_with_the_sizes() -> None:
    line = Plain().change(over().changes[:1], over(), NOW)
    assert line.endswith(f"{AFTER}   OVER the budget of 20.00 MB by 6.62 MB\n")


def test_a_context_that_cannot_be_told_is_unknown() -> None:
    line = Plain().ready(MOMENTS["untold"](), NOW)
    assert "context unknown  transfer 0 B" in line


def test_the_legacy_builder_sends_what_no_source_takes() -> None:
    dump = changed("dump.sql", None, 10, taken=False)
    assert "dump.sql +10 B  sent   " in Plain().change((dump,), legacy(), NOW)
    assert "in the context, not sent" in Plain().change((dump,), busy(), NOW)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp437"])
def test_no_name_breaks_a_line_or_a_terminal(encoding: str) -> None:
    watched, plain = hostile(), Plain(encoding)
    texts = [
        plain.ready(watched, NOW),
        plain.change(watched.changes, watched, NOW),
        plain.end("a\nb\x1b", NOW),
        plain.problem(LOST._replace(message="a\nb\x1b", file="c\udce9\n"), NOW),
    ]
    assert watched.written is not None
    texts.append(plain.written(watched.written, watched, NOW))
    for text in texts:
        text.encode(encoding)
        assert all(
            one.isprintable() or one == "\u200e" for one in text.replace("\n", "")
        )
    assert texts[1].count("\n") == len(watched.changes)
    assert texts[0].count("\n") == 1 + min(len(watched.report.suggestions), 11)
    assert [text.count("\n") for text in texts[2:]] == [1] * 3


# For programs.


def test_ready_is_the_object_of_scan_with_the_event_in_front() -> None:
    watched = busy()
    ready = object_of(JsonLines().ready(watched, NOW))
    assert list(ready)[:3] == ["event", "time", "schema"]
    scan = json.loads(json.dumps(jsonview.as_json(watched.report)))
    assert {key: ready[key] for key in scan} == scan
    assert ready["event"] == "ready"
    assert (ready["watches"], ready["polled"]) == (622, 12)
    assert (ready["budget_bytes"], ready["over_bytes"]) == (50_000_000, 0)


def test_a_change_says_what_it_is_and_what_is_so_after_it() -> None:
    watched = busy()
    change = object_of(JsonLines().change(watched.changes, watched, NOW))
    assert list(change) == [
        *("event", "time", "paths", "changes", "context", "transfer", "invalidates"),
        *("suggestions", "problems", "budget_bytes", "over_bytes", "restless"),
        *("appeared", "vanished", "watches", "polled"),
    ]
    assert change["paths"] == [one.path for one in watched.changes]
    assert change["transfer"]["printed"] == "26.62MB"
    assert change["changes"][0]["invalidates"] == [
        {
            "instruction": "COPY",
            "stage": "1",
            "file": "Dockerfile",
            "line": 7,
            "text": ".",
            "following": 3,
            "stages": [],
        }
    ]
    assert change["changes"][3] == {
        "path": "coverage",
        "kind": "directory",
        "before_bytes": None,
        "after_bytes": 1_310_220,
        "what": "new",
        "in_context": True,
        "sent": True,
        "decided_by": {"file": ".dockerignore", "line": 4, "text": "!coverage"},
        "invalidates": [],
    }
    assert [one["line"] for one in change["invalidates"]] == [7, 5, 12]
    assert change["invalidates"][1]["stages"] == [
        {"stage": "runtime", "instructions": 4, "wholly": False}
    ]
    assert len(change["suggestions"]) == len(watched.report.suggestions)
    assert change["restless"][2] == {"path": ".git/index", "times": 1, "pattern": None}


def test_a_change_names_the_suggestions_that_came_and_went() -> None:
    one, two, *_ = busy().report.suggestions
    line = JsonLines().change((), busy(), NOW, new=(one,), gone=(two,))
    change = object_of(line)
    assert change["appeared"] == [
        {"id": one.id, "rule": one.rule, "patterns": list(one.patterns)}
    ]
    assert change["vanished"] == [
        {"id": two.id, "rule": two.rule, "patterns": list(two.patterns)}
    ]


def test_no_budget_is_not_mentioned() -> None:
    assert "budget_bytes" not in object_of(JsonLines().ready(quiet(), NOW))
    assert object_of(JsonLines().ready(over(), NOW))["over_bytes"] == 6_620_113


def test_the_other_events() -> None:
    lines = JsonLines()
    written = object_of(lines.written(WROTE, busy(), NOW))
    assert written["event"] == "written"
    assert written["patterns"] == ["logs", "**/.git"]
    assert written["path"] == "/home/you/shop/.dockerignore"
    assert written["by_itself"] is False
    assert {"context", "transfer", "suggestions"} <= set(written)
    problem = object_of(lines.problem(LOST, NOW))
    assert (problem["event"], problem["code"]) == ("problem", "watch-limit")
    assert object_of(lines.end("interrupted", NOW)) == {
        "event": "end",
        "time": NOW,
        "reason": "interrupted",
    }


@pytest.mark.parametrize("name", MOMENTS)
def test_every_moment_is_one_line_of_ascii(name: str) -> None:
    watched, lines = MOMENTS[name](), JsonLines()
    assert object_of(lines.ready(watched, NOW))["event"] == "ready"
    assert object_of(lines.change(watched.changes, watched, NOW))["event"] == "change"


def test_a_name_that_is_not_utf8_comes_back_byte_for_byte() -> None:
    change = changed("caf\udce9", None, 1, line=(1, "!caf\udce9"))
    read = object_of(JsonLines().change((change,), quiet(), NOW))
    assert os.fsencode(read["paths"][0]) == b"caf\xe9"
    assert os.fsencode(read["changes"][0]["decided_by"]["text"]) == b"!caf\xe9"


def test_programs_do_not_pay_for_a_terminal() -> None:
    code = (
        "import sys; from ctxopt.view.watch.events import JsonLines; "
        "print(sorted({'rich', 'click', 'watchdog', 'termios'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
