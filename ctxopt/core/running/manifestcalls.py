"""What commands run of tasks that a manifest declares, and of the environments of tox.

Which tasks those are `declared_tasks` and `toxenvs` tell from their texts.
"""

from __future__ import annotations

from collections.abc import Iterable

from ctxopt.core.running.commands import Command
from ctxopt.core.running.taskcalls import TaskCalls
from ctxopt.core.running.whereabouts import placed

# Their tasks stand in a manifest.
_DECLARING = frozenset(
    (
        *("mise", "poe", "hatch", "pdm", "pixi", "composer", "deno", "node", "rye"),
        *("pipenv", "cargo"),
    )
)
# Of these nobody knows whether a task runs where they are, or beside its manifest.
_HERE = frozenset({"pdm", "rye", "pipenv", "node", "composer"})


class ManifestCalls(TaskCalls):
    """Reads manifests for their tasks, and takes the commands of those that are run."""

    def _declared(self, command: Command, depth: int) -> None:
        """What tasks run that a manifest declares: `mise run build`."""
        if command.program not in _DECLARING:
            return
        from ctxopt.core.running import declared_tasks as told  # start-up: few do

        call = told.task_call(command.program, command.words)
        found = self._nearest(command, call.files) if call else None
        here = command._replace(folder=found[1] if found else command.folder)
        if command.program == "mise" and call:
            self._scripts_of_mise(here, depth, call.names)
        path = next(self._files(command, found[0]), None) if found else None
        text = None if path is None else self._read(path)
        if call is None or path is None or text is None:
            return
        is_told = "--dry-run" in command.words  # and nothing is run, it may be
        is_above = command.program in _HERE and here.folder != command.folder
        for one in told.declared_tasks(command.program, path, text, call.names):
            called = command.stage, command.step, f"{path}#{one.text}", command.ways
            if called not in self._called:
                self._called.add(called)
                doubtful = one.doubtful or is_told or is_above
                self._shell(here, depth, path, one._replace(doubtful=doubtful))

    def _scripts_of_mise(
        self, command: Command, depth: int, names: Iterable[str]
    ) -> None:
        """The scripts that are tasks of mise, each in a file of its name."""
        from ctxopt.core.running.declared_tasks import MISE_TASKS  # start-up, as above

        for folder in MISE_TASKS:
            for name in names:
                place = placed(command.folder, f"{folder}/{name.replace(':', '/')}")
                for one in (place, f"{place}.sh", f"{place}/_default"):
                    for path in self._files(command, one):
                        self._lines(command, depth, path, one)

    def _lines(self, command: Command, depth: int, path: str, place: str) -> None:
        """The commands of a script of the context: `calls` knows how."""
        raise NotImplementedError

    def _tox(self, command: Command, depth: int) -> None:
        """What tox runs in its environments."""
        from ctxopt.core.running.toxenvs import FILES, tox_tasks  # start-up: few do

        for name in FILES:
            found = self._nearest(command, (name,))
            path = next(self._files(command, found[0]), None) if found else None
            text = None if path is None else self._read(path)
            if found is None or path is None or text is None:
                continue
            several = tox_tasks(path, text, command.words)
            for one in several or ():
                here = command._replace(folder=found[1])
                self._shell(here, depth, path, one)
            if several is not None:
                return
