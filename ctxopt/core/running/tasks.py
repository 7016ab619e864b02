"""What tasks and rules are, and what the scripts of a package run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from ctxopt.core.running.manifests import json_value
from ctxopt.core.running.words import without_folder
from ctxopt.core.tuples import NamedTuple

PACKAGE = "package.json"
RUN_ALL = frozenset({"npm-run-all", "npm-run-all2", "run-s", "run-p"})
SIDE_BY_SIDE = "concurrently"
WIREIT = "wireit"
_INSTALLED = ("preinstall", "install", "postinstall", "prepare")


class Task(NamedTuple):
    """What a task runs, as shell text, and the line where it stands."""

    line: int
    text: str
    doubtful: bool = False  # a condition may leave it out, or it may fail
    folder: str = ""  # where it is run, as the folder of its file sees it
    # Files for which it is left out where all of one row are there.
    bars: tuple[tuple[str, ...], ...] = ()


class TaskRun(NamedTuple):
    """A task that is run, in which folder, and the file that says so."""

    folder: str
    path: str
    task: Task


# Gives the file at a place: its path in the context, and its text.
ReadAt = Callable[[str], tuple[str, str] | None]


class Rule(NamedTuple):
    """What is run for a name, and the names that it needs first."""

    name: str
    needs: tuple[str, ...]
    recipe: tuple[Task, ...]

    @property
    def is_goal(self) -> bool:
        """Whether it may be what is meant where nothing is named."""
        return not self.name.startswith(".") and "%" not in self.name


def recipe_line(number: int, line: str) -> Task:
    """A line of a recipe without the marks in front: `-` says that it may fail."""
    said = line.strip()
    text = said.lstrip("@-+ ")
    return Task(number, text, doubtful="-" in said[: len(said) - len(text)])


def joined(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, those that go on put together."""
    first, held = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        first = first or number
        if line.endswith("\\"):
            held += line[:-1] + " "
            continue
        yield first, held + line
        first, held = 0, ""


class Rules:
    """Rules by their names."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_name: dict[str, list[Rule]] = {}
        for one in rules:
            self._by_name.setdefault(one.name, []).append(one)
        self._patterns = [name for name in self._by_name if "%" in name]

    def of(self, name: str) -> list[Rule]:
        """The rules of a name; without any, those whose pattern it fits."""
        found = self._by_name.get(name)
        return found or [
            rule
            for one in self._patterns
            if _fits(one, name)
            for rule in self._by_name[one]
        ]


def _fits(pattern: str, name: str) -> bool:
    start, _, end = pattern.partition("%")
    return name.startswith(start) and name.endswith(end)


def package_scripts(text: str) -> dict[str, str] | None:
    """The scripts of a package.json by name; None where it cannot be read."""
    manifest = json_value(text)
    scripts = manifest.get("scripts", {}) if isinstance(manifest, dict) else None
    if not isinstance(scripts, dict):
        return None
    return {str(name): str(said) for name, said in scripts.items()}


def wired(text: str, name: str, line: int) -> Iterator[Task]:
    """What wireit runs for a script, and for those that it depends on, if at all.

    Rule: google/wireit, README: a script whose files are as they were is skipped.
    """
    manifest = json_value(text)
    listed = manifest.get(WIREIT) if isinstance(manifest, dict) else None
    waiting = [name]
    for one in waiting:
        said = listed.get(one) if isinstance(listed, dict) else None
        if not isinstance(said, dict):
            continue
        command = said.get("command")
        if isinstance(command, str):
            yield Task(line, command, doubtful=True)
        needs = said.get("dependencies")
        for need in needs if isinstance(needs, list) else ():
            other = need.get("script") if isinstance(need, dict) else need
            if isinstance(other, str) and other not in waiting:
                waiting.append(other)


def has_workspaces(text: str) -> bool:
    """Whether a package.json speaks of members that are installed with it."""
    return re.search(r'"workspaces"\s*:', text) is not None


def script_names(
    program: str, words: Sequence[str], known: Sequence[str] = ()
) -> Iterator[str]:
    """The scripts of its package that a package manager runs, in their order.

    `known` are all that the package has: `run-s build:*` names several of them.
    """
    for name in _named_scripts(program, words, known):
        yield from (f"pre{name}", name, f"post{name}")


def _named_scripts(
    program: str, words: Sequence[str], known: Sequence[str]
) -> Iterator[str]:
    _, *told = without_folder(program, words)
    rest = [one for one in told if not one.startswith("-")]
    first = rest[0] if rest else ("install" if program == "yarn" else "")
    if program == "rushx":
        yield first
    elif program in RUN_ALL:
        for word in rest:
            yield from _fitting(word, known)
    elif first in ("run", "run-script", "rum") and len(rest) > 1:
        yield rest[1]
    elif first in ("install", "i", "ci", "install-clean") and not _skips(words):
        yield from _INSTALLED
    elif first in ("start", "test", "stop", "restart") or (
        program in ("yarn", "pnpm", "bun") and first and first != "add"
    ):
        yield first


# Programs that a package manager starts without `exec`, and that start others.
_BINARIES = frozenset(
    (
        *(
            "wsrun",
            "lage",
            "ultra",
            "turbo",
            "nx",
            "lerna",
            "run-s",
            "run-p",
            "npm-run-all",
            "concurrently",
        ),
        *("cross-env", "dotenv", "tsx", "ts-node", "node", "vite", "next", "webpack"),
        *("rollup", "gulp", "grunt", "tsup", "astro", "nuxt", "ng", "make", "sh"),
        "bash",
    )
)


def binary(program: str, words: Sequence[str]) -> list[str]:
    """The command that a package manager starts of a package; none of its own."""
    rest = [*words[1:]]
    executes = False
    while rest and (rest[0].startswith("-") or rest[0] in ("run", "exec", "dlx", "x")):
        executes |= rest[0] in ("exec", "dlx", "x")
        rest = rest[1:]
    if not rest or program not in ("npm", "yarn", "pnpm", "bun"):
        return []
    return rest if executes or (program != "npm" and rest[0] in _BINARIES) else []


def _fitting(word: str, known: Sequence[str]) -> Iterator[str]:
    """The scripts that a word of npm-run-all means, as it would be `npm run WORD`.

    Rule: mysticatea/npm-run-all, docs/npm-run-all.md, "Glob-like pattern matching":
    `:` stands between the parts of a name; what follows a blank is for the script.
    """
    name = word.split(" ", 1)[0]
    if "*" not in name:
        yield name
        return
    parts = (re.escape(part) for part in re.split(r"(\*+)", name))
    wild = {r"\*": "[^:]*", r"\*\*": ".*"}
    expression = re.compile("".join(wild.get(part, part) for part in parts))
    yield from (one for one in known if expression.fullmatch(one))


def side_by_side(words: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    """What concurrently starts, each as shell text.

    Rule: open-cli-tools/concurrently, README: each word is a command; `npm:build-*` are
    scripts of the package.
    """
    for word in words[1:]:
        program, mark, name = word.partition(":")
        if mark and program in ("npm", "yarn", "pnpm", "bun", "node"):
            yield from (f"{program} run {one}" for one in _fitting(name, known))
        elif " " in word:
            yield word


def _skips(words: Sequence[str]) -> bool:
    return "--ignore-scripts" in words
