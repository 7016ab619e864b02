"""A Taskfile is read as task reads it: what is run, where, and when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.followed import NODE, copied, decides, each, git
from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row, scanned

DEPS = "  deps:\n    cmds: [npm ci]\n"
WEB = {"web/package.json": "{}", "web/node_modules/.package-lock.json": "{}"}
OF_WEB = {**NODE, **WEB, "web/Taskfile.yml": f"tasks:\n{DEPS}  v: git describe\n"}
DO = "task deps"
FORGED = {".task/checksum/deps": "abc\n"}


def tasks(
    said: str,
    expected: str,
    body: str,
    files: dict[str, str],
    *,
    run: str = "task deps",
) -> Row:
    """What is to become of packages that an image starts, where task may install."""
    file = {"Taskfile.yml": f"version: '3'\n{body}"}
    dockerfile = copied("node", f"RUN {run}", "CMD node server.js")
    return Row(said, expected, "node_modules", {**NODE, **file, **files}, dockerfile)


def deps(said: str, expected: str, *lines: str, **more: str) -> Row:
    """The same with a task `deps` that has such lines, too."""
    body = "".join(f"    {one}\n" for one in (*lines, "cmds: [npm ci]"))
    return tasks(said, expected, f"tasks:\n  deps:\n{body}", {}, **more)


SOURCES = "sources: [package.json]"
ROWS = (
    tasks("a task installs", GOES, f"tasks:\n{DEPS}", {}),
    deps(
        "a status that asks for something else",
        ASKED,
        "status: ['which npm', 'test -f x']",
    ),
    deps("a status that asks for the packages", GOES, "status: [test -d node_modules]"),
    deps("a status that asks for one file", ASKED, "status: [test -f server.js]"),
    deps("what has no mark of an earlier run is run", GOES, SOURCES),
    deps("sources that are as they were", ASKED, SOURCES)._replace(
        files={**deps("", "", SOURCES).files, **FORGED}
    ),
    deps("what is to be generated is gone, too", GOES, SOURCES)._replace(
        files={
            **deps("", "", SOURCES, "generates: [node_modules/*/x]").files,
            **FORGED,
        }
    ),
    deps("a run that is forced", GOES, SOURCES, run="task -f deps")._replace(
        files={**deps("", "", SOURCES).files, **FORGED}
    ),
    deps(
        "what is generated is newer than its sources",
        ASKED,
        SOURCES,
        "method: timestamp",
        "generates: [server.js]",
    ),
    deps("a condition", ASKED, 'if: "[ $CI ]"'),
    deps("a task of another system", ASKED, "platforms: [darwin, windows]"),
    deps("a task of this system, too", GOES, "platforms: [darwin, linux]"),
    deps("a failure that counts for nothing", ASKED, "ignore_error: true"),
    deps("task is told to run nothing", ASKED, run="task --dry deps"),
    deps("task lists what there is", ASKED, run="task -l"),
    tasks(
        "a command of another system",
        ASKED,
        "tasks:\n  deps:\n    cmds:\n    - cmd: npm ci\n      platforms: [windows]\n",
        {},
    ),
    tasks(
        "a command that is run for what there may not be",
        ASKED,
        "tasks:\n  deps:\n    cmds:\n    - cmd: npm ci\n      for: sources\n",
        {},
    ),
    tasks(
        "a loop over a list",
        GOES,
        "tasks:\n  deps:\n    cmds:\n    - cmd: npm {{.ITEM}}\n      for: [ci]\n",
        {},
    ),
    tasks(
        "a variable that is set to a text",
        GOES,
        "vars: {PM: npm}\ntasks:\n  deps: '{{.PM}} ci'\n",
        {},
    ),
    tasks(
        "a variable that the command sets",
        ASKED,
        "vars: {PM: npm}\ntasks:\n  deps: '{{.PM}} ci'\n",
        {},
        run="task deps PM=echo",
    ),
    tasks(
        "a task by its alias",
        GOES,
        f"tasks:\n{DEPS}    aliases: [d]\n",
        {},
        run="task d",
    ),
    tasks(
        "a task that is called by another one",
        GOES,
        f"tasks:\n  default:\n    cmds: [{{task: deps}}]\n{DEPS}",
        {},
        run="task",
    ),
    tasks(
        "a task that is called where the other one may not be run",
        ASKED,
        f"tasks:\n  a:\n    status: [which x]\n    cmds: [{{task: deps}}]\n{DEPS}",
        {},
        run="task a",
    ),
    tasks(
        "a task that the other one needs is run in any case",
        GOES,
        f"tasks:\n  a:\n    status: [which x]\n    deps: [deps]\n{DEPS}",
        {},
        run="task a",
    ),
    tasks("no text of a task is run", STAYS, "tasks:\n  deps: {desc: npm ci}\n", {}),
    tasks(
        "lines of one command are of one shell",
        STAYS,
        "tasks:\n  deps:\n    cmds:\n    - |\n      cd web\n      npm ci\n",
        {"web/x": ""},
    ),
    tasks(
        "a task runs in its folder",
        STAYS,
        f"tasks:\n{DEPS}    dir: web\n",
        {"web/x": ""},
    ),
    tasks(
        "an include that is a text has its tasks run here",
        GOES,
        "includes: {web: ./web}\n",
        OF_WEB,
        run="task web:deps",
    ),
    tasks(
        "an include with a folder has its tasks run there",
        STAYS,
        "includes: {web: {taskfile: web, dir: web}}\n",
        OF_WEB,
        run="task web:deps",
    ),
    tasks(
        "what is included is not read",
        ASKED,
        "includes: {web: 'https://example.com/Taskfile.yml'}\n",
        {},
        run="task web:deps",
    ),
    tasks(
        "a Taskfile above is found, and run there",
        GOES,
        f"tasks:\n{DEPS}",
        {"web/x": ""},
        run="cd web && task deps",
    ),
    tasks(
        "a Taskfile of another folder works here",
        GOES,
        "",
        {"x/T.yml": f"tasks:\n{DEPS}"},
        run="task -t x/T.yml -d . deps",
    ),
    tasks(
        "a Taskfile of another folder works there",
        STAYS,
        "",
        {"x/T.yml": f"tasks:\n{DEPS}"},
        run="task -t x/T.yml deps",
    ),
    Row(
        "what an include makes in its folder",
        GOES,
        "web/node_modules",
        {**OF_WEB, "Taskfile.yml": "includes: {web: {taskfile: web, dir: web}}\n"},
        copied("node", "RUN task web:deps", "CMD node web/server.js"),
    ),
)
ASKING = (
    ("what a task needs of an include", "a:\n    deps: ['web:v']"),
    ("what a task needs of an include by a list", "a:\n    deps:\n      - task: web:v"),
    ("a status", "a:\n    status: [git diff --quiet]\n    cmds: [echo]"),
    ("a precondition", "a:\n    preconditions: [{sh: git diff --quiet}]"),
    ("a variable of a task", "a:\n    vars: {V: {sh: git describe}}"),
    ("an environment of a task", "a:\n    env:\n      V:\n        sh: git describe"),
    ("a condition", "a:\n    if: git diff --quiet\n    cmds: [echo]"),
    ("what is done at the end", "a:\n    cmds: [{defer: git describe}]"),
    ("a task with a star", "'a*':\n    cmds: ['git describe {{index .MATCH 0}}']"),
)


@each(ROWS)
def test_task_makes_what_it_is_sure_to_run(row: Row, tmp_path: Path) -> None:
    decides(row, tmp_path)


@pytest.mark.parametrize("task", [pytest.param(text, id=said) for said, text in ASKING])
def test_git_is_asked_by_a_task(task: str, tmp_path: Path) -> None:
    text = f"includes: {{web: {{taskfile: web, dir: web}}}}\ntasks:\n  {task}\n"
    decides(
        git("", STAYS, {**OF_WEB, "Taskfile.yml": text}, "a", "RUN task a"), tmp_path
    )


@pytest.mark.parametrize(
    "text",
    [
        "[a, b]\n",
        "tasks: [a]\n",
        "tasks: {a: {deps: {b: c}, cmds: {d: e}, status: 1, dir: [x]}}\n",
        "tasks: {a: {cmds: [{task: a}, {for: {var: X}, task: a}]}}\n",
        "includes: {a: Taskfile.yml, b: [c]}\ntasks: {a: }\n",
        "vars: 1\nenv: [a]\ntasks:\n  a: {vars: x, sources: y, generates: [[z]]}\n",
        "tasks: {a: 1, a: 2}\n",
        "\tno: yaml\n",
        "{{.X}}: a\n",
    ],
)
def test_an_odd_taskfile_ends_no_scan(text: str, tmp_path: Path) -> None:
    files = {**NODE, "Taskfile.yml": text}
    scanned(tmp_path, files, copied("node", "RUN task a b:c", "CMD node server.js"))
