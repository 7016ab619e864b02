"""What task runs for the tasks that a command names, and what keeps it from one.

A task whose `status` holds, or whose `sources` are as they were, is not run: what it
makes is that of the context then.
Rule: go-task/task, task.go (RunTask), internal/fingerprint (fingerprinter.go,
sources_checksum.go, sources_timestamp.go); taskfile.dev, "Up-to-date checks", "CLI".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from ctxopt.core.compose.nodes import Items, Node, fields_of
from ctxopt.core.running.taskfiles import (
    TASKFILES,
    Named,
    Taskfile,
    filled,
    shells_of,
    text_of,
    texts_of,
)
from ctxopt.core.running.tasks import Task, TaskRun
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.tuples import NamedTuple

_MOST_TASKS = 400
_WITH_VALUE = frozenset(
    (
        *("-d", "--dir", "-t", "--taskfile", "-o", "--output", "-C", "--concurrency"),
        *("-I", "--interval", "--sort", "--temp-dir", "--completion", "--timeout"),
    )
)
_NOTHING = (
    r"-[a-zA-Z]*[nlahij][a-zA-Z]*|--(?:dry|list|list-all|summary|status|help|init|json|"
    r"version|completion|experiments)"
)
_ALL = r"-[a-zA-Z]*f[a-zA-Z]*|--force|--force-all"
_IS_THERE = r"(?:test|\[)\s+-[efdsrx]\s+([^\s$`'\"*]+)(?:\s+\])?"
_GLOB = r"[*?\[{$]"
_Rows = tuple[tuple[str, ...], ...]


class TaskCall(NamedTuple):
    """What a command of task is told."""

    names: tuple[str, ...]
    runs_nothing: bool
    runs_all: bool  # whatever is up to date
    settings: tuple[str, ...]  # names of variables that it sets


class _Asked(NamedTuple):
    """A task to run, and under what it is."""

    name: str
    doubtful: bool = False
    bars: _Rows = ()
    hidden: tuple[str, ...] = ()  # variables that the call sets
    named: bool = False  # by the command


def task_call(words: Sequence[str]) -> TaskCall:
    """The tasks and the options of a command of task."""
    own = words[: words.index("--")] if "--" in words else words
    names: list[str] = []
    options: list[str] = []
    after = ""
    for word in own[1:]:
        option, after = after, ""
        if word.startswith("-"):
            options.append(word)
            after = word if word in _WITH_VALUE else ""
        elif not option:
            names.append(word)
    return TaskCall(
        tuple(one for one in names if "=" not in one) or ("default",),
        any(re.fullmatch(_NOTHING, one) for one in options),
        any(re.fullmatch(_ALL, one) for one in options),
        tuple(one.partition("=")[0] for one in names if "=" in one),
    )


def runs(
    file: Taskfile, call: TaskCall, lies: Callable[[str], bool]
) -> Iterator[TaskRun | None]:
    """What is run; None for a task that is not found. `lies` asks for a place."""
    for path, line, text in file.shells:
        yield TaskRun(file.home, path, Task(line, text))
    waiting = [_Asked(one, hidden=call.settings, named=True) for one in call.names]
    seen: set[str] = set()
    for asked in waiting:
        task = file.named(asked.name)
        if task is None:
            yield None
        elif task.name not in seen and len(seen) < _MOST_TASKS:
            seen.add(task.name)
            run = _Run(file, task, call, asked, lies)
            for one in run.tasks():
                doubtful = one.doubtful or call.runs_nothing
                told = one._replace(doubtful=doubtful)
                yield TaskRun(task.folder, task.node.place.file, told)
            waiting += run.called


class _Run:
    """One task: its commands, and the tasks that it calls."""

    def __init__(
        self,
        file: Taskfile,
        task: Named,
        call: TaskCall,
        asked: _Asked,
        lies: Callable[[str], bool],
    ) -> None:
        self.file = file
        self.task = task
        self.lies = lies
        self.said = fields_of(task.node)
        self.called: list[_Asked] = []
        self.known = dict(task.known) | dict(texts_of(self.said.get("vars")))
        self.hidden = asked.hidden
        self.doubtful = asked.doubtful or _is_left_to_chance(self.said)
        self.outer = asked.bars
        own = () if call.runs_all and asked.named else self._bars()
        self.bars = (*self.outer, *own)

    def tasks(self) -> Iterator[Task]:
        """All that is run in the folder of the task."""
        yield from self._questions()
        for node in _entries(self.said.get("deps")):
            self._call(node, doubtful=self.doubtful, bars=self.outer)
        node = self.task.node
        several = (
            (*_entries(self.said.get("cmds")), *_entries(self.said.get("cmd")))
            if self.said
            else _entries(node)
        )
        for one in several:
            yield from self._command(one)

    def _questions(self) -> Iterator[Task]:
        """What is only asked, and what sets variables."""
        for key in ("vars", "env"):
            for _, line, text in shells_of(self.said.get(key), self.known):
                yield Task(line, text)
        for key in ("status", "preconditions", "if"):
            for node in _entries(self.said.get(key)):
                text = text_of(fields_of(node).get("sh")) or text_of(node)
                yield Task(node.place.line, self._filled(text), doubtful=True)

    def _command(self, node: Node) -> Iterator[Task]:
        said = fields_of(node)
        deferred = said.get("defer")
        if deferred is not None:
            node, said = deferred, fields_of(deferred)
        if text_of(said.get("task")):
            self._call(node, doubtful=self.doubtful, bars=self.bars)
            return
        text = text_of(said.get("cmd")) or text_of(said.get("defer")) or text_of(node)
        doubtful = self.doubtful or _is_left_to_chance(said)
        turns = _turns(said.get("for"))
        for turn in turns or [{}]:
            yield Task(
                node.place.line,
                filled(text, self.known | turn, self.hidden),
                doubtful or (not turns and "for" in said),
                bars=self.bars,
            )

    def _call(self, node: Node, *, doubtful: bool, bars: _Rows) -> None:
        """Take note of a task that this one calls."""
        said = fields_of(node)
        turns = _turns(said.get("for"))
        doubtful = doubtful or _is_left_to_chance(said) or ("for" in said and not turns)
        prefix = self.task.name.rpartition(":")[0]
        for turn in turns or [{}]:
            told = text_of(said.get("task")) or text_of(node)
            told = filled(told, self.known | turn)
            full = (
                f"{prefix}:{told}" if prefix and told[:1] != ":" else told.lstrip(":")
            )
            if self.file.named(full) is None and self.file.named(told):
                full = told  # of a file that is included flat
            hidden = tuple(fields_of(said.get("vars")))
            self.called.append(_Asked(full, doubtful, bars, hidden))

    def _filled(self, text: str) -> str:
        return filled(text, self.known, self.hidden)

    def _bars(self) -> _Rows:
        """The files for which the task counts as up to date, row by row."""
        status = [*_entries(self.said.get("status"))]
        if not self.said.get("sources"):
            return (self._of_status(status),) if status else ()
        rows = self._of_sources()
        if not status:
            return rows
        asked = self._of_status(status)
        return tuple((*asked, *one) for one in rows)

    def _of_status(self, status: Sequence[Node]) -> tuple[str, ...]:
        """The files that a status asks for; it may ask something else."""
        found = (
            re.fullmatch(_IS_THERE, self._filled(text_of(one)).strip())
            for one in status
        )
        places = (placed(self.task.folder, one[1]) for one in found if one)
        return tuple(one for one in places if self.lies(one))

    def _of_sources(self) -> _Rows:
        method = text_of(self.said.get("method")) or self.task.method
        if method == "none":
            return ()
        made = [
            placed(self.task.folder, _start_of(self._filled(text_of(one))))
            for one in _entries(self.said.get("generates"))
            if text_of(one)
        ]
        label = text_of(self.said.get("label"))
        name = "" if label else re.sub(r"[^a-zA-Z0-9]", "-", self.task.name)
        mark = placed(self.file.home, f".task/{method}/{name}")
        if method == "timestamp":
            return tuple((one,) for one in (*made, mark) if self.lies(one))
        is_new = not self.lies(mark) or not all(map(self.lies, made))
        return () if is_new else ((mark, *made),)


def task_tasks(text: str, names: Sequence[str]) -> Iterator[Task]:
    """What task runs of one Taskfile alone; without a name, for `default`."""
    name = TASKFILES[0]
    file = Taskfile(name, ".", lambda place: (name, text) if place == name else None)
    for one in runs(file, task_call(["task", *names]), lambda _: False):
        if one is not None:
            yield one.task


def _entries(node: Node | None) -> tuple[Node, ...]:
    """The entries of a list; a value that stands alone is one."""
    if isinstance(node, Items):
        return node.entries
    return () if node is None else (node,)


def _is_left_to_chance(said: Mapping[str, Node]) -> bool:
    """Whether a condition, a platform or a failure may leave something out."""
    if text_of(said.get("if")) or text_of(said.get("ignore_error")) == "true":
        return True
    platforms = [text_of(one) for one in _entries(said.get("platforms"))]
    return bool(platforms) and "linux" not in platforms


def _turns(node: Node | None) -> list[dict[str, str]]:
    """What the variable of a `for` is in turn, where a list says so."""
    return [{"ITEM": text_of(one)} for one in _entries(node) if isinstance(node, Items)]


def _start_of(pattern: str) -> str:
    """The folder or file that all lies in which a pattern finds."""
    parts = pattern.split("/")
    at = next((n for n, one in enumerate(parts) if re.search(_GLOB, one)), len(parts))
    return "/".join(parts[:at]) or "."
