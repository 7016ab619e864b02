"""What tasks run that a manifest declares: of mise, poe, hatch, pdm, composer, deno.

Rule: mise.jdx.dev, "TOML-based Tasks" and "File Tasks"; poethepoet.natn.io, "Defining
tasks"; hatch.pypa.io, "Environment scripts"; pdm-project.org, "PDM Scripts"; pixi.sh,
"Tasks"; getcomposer.org, "Scripts"; docs.deno.com, "deno task"; nodejs.org, `--run`;
rye.astral.sh, "Project Scripts"; pipenv.pypa.io, "Custom Script Shortcuts"; the README
of sagiegurari/cargo-make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from shlex import quote

from ctxopt.core.running.manifests import json_object
from ctxopt.core.running.tasks import PACKAGE, Task
from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

_PYPROJECT = "pyproject.toml"
_FILES = {
    "mise": ("mise.toml", ".mise.toml", "mise/config.toml", ".config/mise.toml"),
    "poe": (_PYPROJECT,),
    "hatch": ("hatch.toml", _PYPROJECT),
    "pdm": (_PYPROJECT,),
    "pixi": ("pixi.toml", _PYPROJECT),
    "composer": ("composer.json",),
    "deno": ("deno.json", "deno.jsonc"),
    "node": (PACKAGE,),
    "rye": (_PYPROJECT,),
    "pipenv": ("Pipfile",),
    "cargo": ("Makefile.toml",),
}
# Where tasks stand, by program: keys that lead to a table of them.
_TABLES = {
    "mise": (("tasks",),),
    "poe": (("tool", "poe", "tasks"),),
    "pdm": (("tool", "pdm", "scripts"),),
    "pixi": (("tasks",), ("tool", "pixi", "tasks")),
    "composer": (("scripts",),),
    "deno": (("tasks",),),
    "node": (("scripts",),),
    "rye": (("tool", "rye", "scripts"),),
    "pipenv": (("scripts",),),
    "cargo": (("tasks",),),
}
# Folders of mise with a script for each task.
MISE_TASKS = (
    "mise-tasks",
    ".mise-tasks",
    "mise/tasks",
    ".mise/tasks",
    ".config/mise/tasks",
)
_RUN = frozenset({"run", "r", "task", "run-script"})
_CALLING = ("call", "script")  # a function of a module: `app.cli:main`
_WHERE = ("dir", "cwd", "working_dir", "working-dir")
_SAYING = (
    *("run", "cmd", "shell", "command", "sequence", "all", "composite", "chain"),
    *("depends", "deps", "dependencies", "depends-on", "depends_on"),
)
_ASKED_TO = frozenset({"deno", "hatch", "rye", "pipenv"})
_LEFT_OUT = frozenset(
    (
        *("sources", "inputs", "outputs", "ignore_fail", "confirm"),
        *("condition", "condition_script", "ignore_errors", "platform"),
    )
)
_AUTOLOAD = ("pre-autoload-dump", "post-autoload-dump")
_OF_COMPOSER = {
    "install": ("pre-install-cmd", "post-install-cmd", *_AUTOLOAD),
    "update": ("pre-update-cmd", "post-update-cmd", *_AUTOLOAD),
    "dump-autoload": _AUTOLOAD,
    "dumpautoload": _AUTOLOAD,
}


class TaskCall(NamedTuple):
    """The tasks that a command runs, and the files where they may be."""

    files: tuple[str, ...]
    names: tuple[str, ...]


def task_call(program: str, words: Sequence[str]) -> TaskCall | None:
    """Which declared tasks a command runs; None where it is of no such program."""
    files = _FILES.get(program)
    if files is None or "--no-scripts" in words:
        return None
    told = [one for one in words[1:] if not one.startswith("-")]
    if program == "node":
        told = told if "--run" in words else []
    elif program in _ASKED_TO and told[:1] not in (["task"], ["run"]):
        return None
    elif program == "cargo":
        own = words[2:] if words[1:2] == ("make",) else ()
        told = [*(one for one in own if not one.startswith("-"))] or ["default"]
        return TaskCall(files, tuple(told[:1])) if words[1:2] == ("make",) else None
    if told[:1] and told[0] in _RUN:
        told = told[1:]
    names = told[:1]
    if program == "composer" and names:
        names = [*_OF_COMPOSER.get(names[0], names)]
    elif program == "hatch" and names:  # `hatch run docs:build`
        names = [names[0].rpartition(":")[2]]
    return TaskCall(files, tuple(names)) if names else None


def declared_tasks(
    program: str, path: str, text: str, names: Sequence[str]
) -> Iterator[Task]:
    """What some tasks of a manifest run, with those that they need."""
    tables = _tables(program, _parsed(path, text))
    waiting = [*names]
    seen: set[str] = set()
    for name in waiting:
        if name in seen:
            continue
        seen.add(name)
        doubtful = _may_be_left_out(tables.get(name))
        folder = _folder_of(tables.get(name))
        for said in _texts(tables.get(name)):
            plain = said.removeprefix("@")
            first = plain.split(" ", 1)[0]
            if first in tables and first not in seen:
                waiting.append(first)
            elif "::" not in first:  # a method of PHP
                yield Task(0, plain, doubtful, folder)


def _may_be_left_out(value: object) -> bool:
    """Whether a task is left out where its files are new enough, or may fail."""
    return isinstance(value, dict) and not _LEFT_OUT.isdisjoint(value)


def _texts(value: object) -> Iterator[str]:
    """The commands of a task, and the names of what it needs."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        words = value.get("args")
        for key in _SAYING:
            said = value.get(key)
            if key == "command" and isinstance(said, str) and isinstance(words, list):
                said = " ".join([said, *(quote(one) for one in words if _is_text(one))])
            if key == "cmd" and isinstance(said, list):  # the words of one
                said = " ".join(quote(one) for one in said if isinstance(one, str))
            yield from _texts(said)
        for key in _CALLING:
            said = value.get(key)
            if isinstance(said, list):  # lines of one script
                said = "\n".join(filter(_is_text, said))
            module, mark, _ = str(said or "").partition(":")
            is_module = bool(mark) and re.fullmatch(r"[\w.]+", module) is not None
            yield from [f"python -m {module}"] if is_module else _texts(said)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _folder_of(value: object) -> str:
    """Where a task is run, as its file sees it; a place of the shell for a template."""
    found = [value.get(one) for one in _WHERE] if isinstance(value, dict) else []
    folder = next((one for one in found if isinstance(one, str)), "")
    for root in ("{{config_root}}", "{{ config_root }}", "${POE_ROOT}", "$POE_ROOT"):
        folder = folder.replace(root, ".")
    return re.sub(r"\{\{.*?\}\}|\$\{.*?\}", "$FOLDER", folder)


def _tables(program: str, said: dict[str, Any]) -> dict[str, Any]:
    """All tasks by name."""
    found: dict[str, Any] = {}
    for keys in _TABLES.get(program, ()):
        found |= _at(said, keys)
    if program == "hatch":
        for keys in (("envs",), ("tool", "hatch", "envs")):
            for one in _at(said, keys).values():
                found |= _at(one, ("scripts",)) if isinstance(one, dict) else {}
    return found


def _at(said: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    for key in keys:
        inner = said.get(key)
        if not isinstance(inner, dict):
            return {}
        said = inner
    return said


def _parsed(path: str, text: str) -> dict[str, Any]:
    """A manifest as it is; nothing of one that cannot be read."""
    if path.endswith((".toml", "Pipfile")):
        import tomllib  # start-up: few declare tasks

        try:
            return tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError):
            return {}
    return json_object(text)
