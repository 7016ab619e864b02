"""What just runs for the recipes that a command names.

Rule: just.systems, "Dependencies", "Command-line Options", "Setting Variables from the
Command Line", "Invoking justfiles in Other Directories".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxopt.core.running.justfiles import JUSTFILES, Justfile
from ctxopt.core.running.tasks import Task, TaskRun

_MOST_RECIPES = 400
_VALUED = frozenset(
    (
        *("-f", "--justfile", "-d", "--working-directory", "--shell", "--shell-arg"),
        *("--dotenv-path", "--dotenv-filename", "-E", "--color", "--chooser"),
        *("--tempdir", "--command-color", "--dump-format", "--list-heading"),
    )
)
_NOTHING = (
    r"-[a-zA-Z]*[nlse][a-zA-Z]*|--(?:dry-run|list|summary|show|evaluate|dump|fmt|edit|"
    r"init|variables|groups|usage|help|version|choose|completions|man|changelog)"
)


def just_runs(file: Justfile, words: Sequence[str]) -> Iterator[TaskRun | None]:
    """What a command of just runs; None for a recipe that is not found."""
    names, settings, runs_nothing = _told(words)
    yield from file.shells
    first = [one.rpartition("/")[2] for one in names[:1]]
    waiting = [*file.wanted([one for one in (*first, *names[1:]) if one])] or [""]
    seen: set[str] = set()
    for name in waiting:
        if name in seen or len(seen) > _MOST_RECIPES:
            continue
        seen.add(name)
        found = file.named(name)
        if not found:
            yield None
        for one in found:
            waiting += [f"{one.prefix}{need}" for need in one.needs]
            for task in one.lines:
                doubtful = task.doubtful or runs_nothing or bool(settings)
                told = task._replace(doubtful=doubtful)
                yield TaskRun(one.folder, one.path, told)


def folder_told(words: Sequence[str]) -> str:
    """The folder in front of the first recipe, where just looks first: `web/deps`."""
    names, _, _ = _told(words)
    return names[0].rpartition("/")[0] if names else ""


def just_tasks(text: str, recipes: Sequence[str]) -> Iterator[Task]:
    """What just runs of one justfile alone; without a recipe, the first."""
    name = JUSTFILES[0]
    file = Justfile(name, ".", lambda place: (name, text) if place == name else None)
    for one in just_runs(file, ["just", *recipes]):
        if one is not None:
            yield one.task


def _told(words: Sequence[str]) -> tuple[list[str], list[str], bool]:
    """The recipes of a command, the variables that it sets, whether it runs nothing."""
    names: list[str] = []
    settings: list[str] = []
    runs_nothing = False
    after = ""
    for word in words[1:]:
        option, after = after, ""
        if word.startswith("-"):
            runs_nothing |= re.fullmatch(_NOTHING, word) is not None
            after = word if word in _VALUED or word == "--set" else ""
            settings += [word] if word == "--set" else []
        elif not names and re.match(r"[\w-]+=", word):
            settings.append(word)
        elif not option:
            names.append(word)
    return names, settings, runs_nothing
