"""What Python's tools run: programs that a project installs, scripts, tox."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.followed import NODE, PYTHON, copied, decides, each, git
from tests.pipeline.test_commands import ASKED, GOES, STAYS, Row, scanned

NAMED = "[project.scripts]\nserve = 'app.cli:main'\n"
APP = {"app/__init__.py": "", "app/cli.py": PYTHON}
FLAT = {**APP, "pyproject.toml": NAMED}
DEEP = {
    "pyproject.toml": NAMED,
    "src/app/cli.py": "from app.ver import v\n",
    "src/app/ver.py": PYTHON,
}
POETRY = {**APP, "pyproject.toml": f"[tool.poetry.scripts]\n{NAMED[18:]}"}
SETUP = "[options.entry_points]\nconsole_scripts =\n    serve = app.cli:main\n"
SUB = {f"s/{path}": text for path, text in FLAT.items()}
DESCRIBE = "'git describe'"
ASKING = (
    ("uv starts a program of the project", FLAT, "uv run serve"),
    ("a program of a project with src", DEEP, "uv run serve --port 1"),
    ("poetry starts a program of the project", POETRY, "poetry run serve"),
    ("a program that pip installs", FLAT, "pip install . && serve"),
    ("a program of setup.cfg", {**APP, "setup.cfg": SETUP}, "pip install . && serve"),
    (
        "a program of setup.py",
        {**APP, "setup.py": "setup(entry_points={'x': ['serve=app.cli:main']})\n"},
        "pip install . && serve",
    ),
    ("uv goes to a folder", SUB, "uv run --directory s serve"),
    ("uv is told of a project", SUB, "uv run --project s serve"),
    ("poetry goes to a folder", SUB, "poetry -C s run serve"),
    ("uv starts a module", FLAT, "uv run -m app.cli"),
    ("a module on the path of Python", DEEP, "PYTHONPATH=src python -m app.cli"),
)
SCRIPTS = (
    ("rye", "[tool.rye.scripts]", f"v = {DESCRIBE}", "rye run v"),
    ("rye, as words", "[tool.rye.scripts]", "v = {cmd=['git','log']}", "rye run v"),
    ("rye, a function", "[tool.rye.scripts]", "v = {call='app.cli:main'}", "rye run v"),
    ("pdm, a function", "[tool.pdm.scripts]", "v = {call='app.cli:main'}", "pdm run v"),
    ("poe, a function", "[tool.poe.tasks]", "v = {script='app.cli:main'}", "poe v"),
    ("tox in TOML", "[tool.tox.env.v]", "commands = [['git','log']]", "tox -e v"),
    (
        "tox as an ini file in TOML",
        "[tool.tox]",
        f"legacy_tox_ini = '''\n[testenv:v]\ncommands = {DESCRIBE[1:-1]}\n'''",
        "tox run -e v",
    ),
)
TOX = (
    ("one by its name", "[testenv:v]\ncommands =\n    git describe\n", "tox -e v"),
    ("by another option", "[testenv:v]\ncommands = git log\n", "tox run --env=a,v"),
    ("what all have", "[testenv]\ncommands = git describe\n", "tox"),
    (
        "those of a list",
        "[tox]\nenv_list = a,v\n[testenv:v]\ncommands = git log\n",
        "tox",
    ),
    (
        "a list with braces",
        "[tox]\nenvlist={a,b}-v\n[testenv:a-v]\ncommands=git log\n",
        "tox",
    ),
    ("what comes before", "[testenv]\ncommands_pre = git log\n", "tox -e py"),
    (
        "what is said elsewhere",
        "[x]\ny = git log\n[testenv:v]\ncommands = {[x]y}\n",
        "tox -e v",
    ),
    ("a program that it starts", "[testenv]\ncommands = python app/cli.py\n", "tox"),
    ("a condition", "[testenv]\ncommands =\n    py3: git log\n", "tox"),
    ("a line that goes on", "[testenv]\ncommands =\n    git \\\n    log\n", "tox"),
)
CI = "commands = npm ci\n"
ROWS = (
    git("tox runs no other one", GOES, {"tox.ini": TOX[0][1]}, "a", "RUN tox -e w"),
    git("a program of somebody else", GOES, FLAT, "a", "RUN uv run pytest"),
    git("no project is installed", GOES, FLAT, "a", "RUN serve"),
    Row(
        "tox may skip an environment",
        ASKED,
        "node_modules",
        {**NODE, "tox.ini": f"[testenv]\n{CI}"},
        copied("node", "RUN tox", "CMD node server.js"),
    ),
    Row(
        "tox works in a folder",
        STAYS,
        "node_modules",
        {**NODE, "tox.ini": f"[testenv]\nchangedir = web\n{CI}"},
        copied("node", "RUN tox", "CMD node server.js"),
    ),
    Row(
        "poe works in a folder",
        STAYS,
        "node_modules",
        {**NODE, "pyproject.toml": "[tool.poe.tasks.d]\ncwd='web'\ncmd='npm ci'\n"},
        copied("node", "RUN poe d", "CMD node server.js"),
    ),
    Row(
        "mise works in a folder",
        STAYS,
        "node_modules",
        {**NODE, "mise.toml": "[tasks.d]\ndir='{{config_root}}/w'\nrun='npm ci'\n"},
        copied("node", "RUN mise run d", "CMD node server.js"),
    ),
    Row(
        "mise works where its settings are",
        GOES,
        "node_modules",
        {**NODE, "w/x": "", "mise.toml": "[tasks]\nd='npm ci'\n"},
        copied("node", "RUN cd w && mise run d", "CMD node server.js"),
    ),
    git(
        "mise runs a script of a folder",
        STAYS,
        {"mise-tasks/a/v": "#!/bin/sh\ngit describe\n"},
        "a",
        "RUN mise run a:v",
    ),
    git(
        "pipenv runs a script",
        STAYS,
        {"Pipfile": f"[scripts]\nv={DESCRIBE}\n"},
        "a",
        "RUN pipenv run v",
    ),
    git("scons asks", STAYS, {"SConstruct": PYTHON}, "a", "RUN scons"),
    git("doit asks", STAYS, {"dodo.py": PYTHON}, "a", "RUN doit v"),
    git(
        "waf asks",
        STAYS,
        {"wscript": PYTHON, "waf": "#!/usr/bin/python\n"},
        "a",
        "RUN ./waf build",
    ),
    git(
        "ant asks", STAYS, {"build.xml": "<exec executable='git'/>\n"}, "a", "RUN ant v"
    ),
)


@each(ROWS)
def test_what_tools_run_decides(row: Row, tmp_path: Path) -> None:
    decides(row, tmp_path)


@pytest.mark.parametrize(
    ("files", "run"), [pytest.param(files, run, id=said) for said, files, run in ASKING]
)
def test_git_is_asked_by_a_program_of_the_project(
    files: dict[str, str], run: str, tmp_path: Path
) -> None:
    decides(git("", STAYS, files, "python", f"RUN {run}"), tmp_path)


@pytest.mark.parametrize(
    ("table", "line", "run"),
    [pytest.param(*rest, id=said) for said, *rest in SCRIPTS],
)
def test_git_is_asked_by_a_script_of_a_manifest(
    table: str, line: str, run: str, tmp_path: Path
) -> None:
    files = {**APP, "pyproject.toml": f"{table}\n{line}\n"}
    decides(git("", STAYS, files, "python", f"RUN {run}"), tmp_path)


@pytest.mark.parametrize("file", ["tox.ini", "setup.cfg"])
@pytest.mark.parametrize(
    ("text", "run"), [pytest.param(text, run, id=said) for said, text, run in TOX]
)
def test_git_is_asked_by_tox(text: str, run: str, file: str, tmp_path: Path) -> None:
    if file == "setup.cfg":
        text = text.replace("[tox]", "[tox:tox]")
        text = text if "[tox:tox]" in text else f"[tox:tox]\n{text}"
    decides(git("", STAYS, {**APP, file: text}, "python", f"RUN {run}"), tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "[testenv\n",
        "x = 1\n",
        "[tox]\nenvlist = {{a,b\n[testenv]\ncommands = {[testenv]commands} {[x]}\n",
        "[testenv]\ncommands\n  a\n  b\n",
        "[tox]\nenvlist\n[testenv]\ncommands\nchangedir = {x:{y}}\n",
    ],
)
@pytest.mark.parametrize("name", ["tox.ini", "tox.toml", "setup.cfg", "pyproject.toml"])
def test_an_odd_file_of_tox_ends_no_scan(text: str, name: str, tmp_path: Path) -> None:
    scanned(tmp_path, {name: text}, copied("python", "RUN tox -e a,{b"))
