"""The paths of the context that commands use: those that they read or start."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from ctxopt.core.dockerfile.records import Trace
from ctxopt.core.golang import filepath_match
from ctxopt.core.running.commands import Command, Running
from ctxopt.core.running.places import UNKNOWN, is_known
from ctxopt.core.running.shell import expanded
from ctxopt.core.running.syntax.ways import is_certain
from ctxopt.core.running.whereabouts import placed
from ctxopt.core.running.words import folder_of, only_cares, outputs, paths_in
from ctxopt.core.tuples import NamedTuple

# Settings whose values lead programs to files.
_LEADING = (
    *("PATH", "PYTHONPATH", "NODE_PATH", "CLASSPATH", "LD_LIBRARY_PATH", "GEM_HOME"),
    *("GEM_PATH", "BUNDLE_PATH", "VIRTUAL_ENV", "PYTHONHOME", "CATALINA_BASE"),
)
# They take whatever lies in a folder that they are told of.
_TAKERS = frozenset(
    (
        *("pip", "pip3", "uv", "apt", "apt-get", "dpkg", "rpm", "yum", "dnf", "apk"),
        *("npm", "yarn", "pnpm", "gem", "cp", "mv", "install", "serve", "java"),
        *("http-server", "unzip", "cat", "conda", "mamba"),
    )
)


class Use(NamedTuple):
    """How a command uses a path."""

    command: Command
    path: str  # of the context, as the command means it
    how: str  # the instruction
    hard: bool = True  # False: it only asks for its owner, or whether it is there

    @property
    def reason(self) -> str:
        """Why the path has to stay, in words."""
        one = self.command
        if one.script:
            return f"{one.place} uses it (line {one.line} of the Dockerfile)"
        return f"line {one.line} of the Dockerfile uses it ({self.how})"


class Uses:
    """The paths that commands use, and all folders above them."""

    def __init__(
        self,
        by_path: Mapping[str, Use],
        patterns: Sequence[tuple[str, Use]] = (),
        *,
        taken: Mapping[str, Use],
        written: Mapping[str, Use],
    ) -> None:
        self._by_path = by_path
        self._patterns = patterns
        self._hits: dict[str, Use | None] = {}  # of the patterns, by path
        self.taken = taken  # folders of which all is used
        self.written = written  # what commands write there

    def of(self, path: str) -> Use | None:
        """The first use of a path, or of something below it."""
        found = self._by_path.get(path)
        if found is not None or not self._patterns:
            return found
        if path not in self._hits:
            self._hits[path] = self._hit(path)
        return self._hits[path]

    def _hit(self, path: str) -> Use | None:
        hits = (use for said, use in self._patterns if fnmatchcase(path, said))
        return next(hits, None)

    def around(self, path: str) -> Use | None:
        """The use of a folder that a path lies in, where all in it is used."""
        while path := path.rpartition("/")[0]:
            if path in self.taken:
                return self.taken[path]
        return None


def uses(found: Running, trace: Trace) -> Uses:
    """What the commands of a build use of its context, by path."""
    by_path: dict[str, Use] = {}
    taken: dict[str, Use] = {}
    patterns: list[tuple[str, Use]] = []
    written = _written(found)
    folders = {**written, **_made_folders(found)}
    for use in sorted(_uses(found, trace), key=lambda one: not one.hard):
        if _lies_in(use.path, written if use.hard else folders):
            continue  # a command makes it first
        if filepath_match.has_wildcard(use.path):
            patterns.append((use.path, use))
        if use.command.program in _TAKERS and use.hard:
            taken.setdefault(use.path, use)
        path = use.path
        while path:
            by_path.setdefault(path, use)
            path = path.rpartition("/")[0]
    return Uses(by_path, patterns, taken=taken, written=written)


def _written(found: Running) -> dict[str, Use]:
    """The paths that commands write: `go build -o srv`, `cp x srv`."""
    return _by_path(
        use
        for command in found.commands
        if command.stage >= 0 and command.words
        for word in outputs(command.program, command.words)
        if word.strip("./")
        for use in _seen(found, command, word)
    )


def _made_folders(found: Running) -> dict[str, Use]:
    """The folders that `mkdir` makes: whoever asks for their owner finds them."""
    return _by_path(
        use
        for command in found.commands
        if command.stage >= 0 and command.program == "mkdir"
        for word in command.words[1:]
        for use in _seen(found, command, word)
    )


def _by_path(found: Iterable[Use]) -> dict[str, Use]:
    """The uses by their paths, of those that are sure to be."""
    by_path: dict[str, list[Use]] = {}
    for one in found:
        if not one.command.is_barred(one.path):
            by_path.setdefault(one.path, []).append(one)
    return {
        path: several[-1]
        for path, several in by_path.items()
        if is_certain(one.command.ways for one in several)
    }


def _seen(found: Running, command: Command, word: str) -> Iterator[Use]:
    """The paths of the context at what a command writes."""
    # What is copied over it later may go as well.
    for seen in (command, command._replace(step=-1)):
        yield from _led_to(found, seen, word, command.instruction)


def _lies_in(path: str, folders: Container[str]) -> bool:
    while path:
        if path in folders:
            return True
        path = path.rpartition("/")[0]
    return False


def _uses(found: Running, trace: Trace) -> Iterator[Use]:
    for command in found.commands:
        if command.stage >= 0 and command.words:
            yield from _of_command(found, command)
        elif command.stage >= 0:
            yield from _of_settings(found, command)
    for one in found.started:
        yield Use(one.command, one.path, one.command.instruction)
    yield from _of_folders(found, trace)
    yield from _carried(found)


def _of_command(found: Running, command: Command) -> Iterator[Use]:
    hard = not only_cares(command.program)
    for word in paths_in(command.program, command.words):
        yield from _led_to(found, command, word, command.instruction, hard=hard)
    yield from _of_settings(found, command)
    if command.program == "go" and "-mod=vendor" in _go_flags(found, command):
        yield from _led_to(found, command, "vendor", command.instruction)
    folder = folder_of(command.program, command.words)
    if folder is not None and folder not in outputs(command.program, command.words):
        yield from _led_to(found, command, folder, command.instruction)


def _go_flags(found: Running, command: Command) -> str:
    """What the image tells each command of go."""
    return found.variables[command.stage].get("GOFLAGS", "")


def _of_settings(found: Running, command: Command) -> Iterator[Use]:
    """The paths in `NAME=value` in front of a command."""
    for word in command.text.split(" "):
        name, mark, value = word.partition("=")
        if not mark or not name.isidentifier():
            break
        for piece in value.split(":"):
            if "/" in piece:
                yield from _led_to(found, command, piece, command.instruction)
    if "SSH_COMMAND=" in command.text:
        for piece in command.text.split():
            if "/" in piece:
                yield from _led_to(found, command, piece, command.instruction)


def _led_to(
    found: Running, command: Command, word: str, how: str, *, hard: bool = True
) -> Iterator[Use]:
    if "$" in word or word.startswith(("~", "-")):
        word = word.rpartition("}")[2] if word.startswith("${") else ""
    if not word.strip("./") or "\n" in word:
        return
    place = placed(command.folder, word)
    if found.places.is_covered(command.stage, command.step, place):
        return  # what lies in the mount is meant
    for path in found.places.in_context(command.stage, place, command.moment):
        if path:
            yield Use(command, path, how, hard)


def _of_folders(found: Running, trace: Trace) -> Iterator[Use]:
    """What WORKDIR stands in, and what settings of the image lead to."""
    laid = found.places
    for stage, run in enumerate(trace.runs):
        variables: dict[str, str] = {}
        for number, step in enumerate(run.steps):
            instruction = step.instruction
            place = instruction.location
            command = Command(
                file=place.file,
                line=place.line,
                text=instruction.first_line,
                folder=laid.stages[stage].folders[number],
                stage=stage,
                step=number,
                instruction=instruction.name,
            )
            if instruction.name == "WORKDIR" and is_known(command.folder):
                yield from _led_to(found, command, command.folder, "WORKDIR")
            if instruction.name != "ENV":
                continue
            for name, value in instruction.pairs:
                said = expanded(value.strip("\"'"), variables)
                variables[name] = said
                if name in _LEADING or name.endswith(("_PATH", "_HOME")):
                    for piece in said.split(":"):
                        if "/" in piece or name in ("VIRTUAL_ENV", "BUNDLE_PATH"):
                            yield from _led_to(found, command, piece, f"ENV {name}")


def _carried(found: Running) -> Iterator[Use]:
    """What a stage takes by its name from another one, which has it from here."""
    for layout in found.places.stages:
        for one in layout.carried:
            if one.stage is None or one.origin in (UNKNOWN, "/"):
                continue
            command = Command(
                file=one.file,
                line=one.line,
                text="",
                folder="/",
                stage=one.stage,
                instruction="COPY --from",
            )
            for path in found.places.in_context(one.stage, one.origin, -1):
                if path:
                    yield Use(command, path, "COPY --from")
