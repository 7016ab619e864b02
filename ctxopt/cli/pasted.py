"""docker's own flags: taken, so that a build line can be pasted, and left aside.

They are those of `docker build`, old and new, and of `docker buildx build`. Which of
them take a value matters: `-t` takes the next word, `--no-cache` does not.
"""

from __future__ import annotations

from collections.abc import Mapping

import click

_VALUED = (
    "add-host allow annotation attest cache-from cache-to call cgroup-parent "
    "cpu-period cpu-quota cpu-shares cpuset-cpus cpuset-mems iidfile isolation label "
    "memory memory-swap metadata-file network no-cache-filter output policy progress "
    "provenance sbom secret security-opt shm-size ssh tag ulimit"
)
_SWITCHES = (
    "check compress debug disable-content-trust force-rm load no-cache pull push rm "
    "squash stream"
)
# Each flag, and whether it takes a value.
_FLAGS = {f"--{name}": True for name in _VALUED.split()}
_FLAGS |= {f"--{name}": False for name in _SWITCHES.split()}
_FLAGS |= {"-t": True, "-o": True, "-m": True, "-c": True, "-D": False}


def is_docker_flag(word: str) -> bool:
    """Whether a word of the command line is one of docker's flags."""
    name = word.partition("=")[0]
    return name in _FLAGS or (not word.startswith("--") and word[:2] in _FLAGS)


def without_docker_flags(
    args: list[str], own: Mapping[str, bool]
) -> tuple[list[str], list[str]]:
    """The words without docker's flags and their values, and the names of those.

    `own` has the names of the command's options, which win, and whether they take a
    value. Raises click.UsageError for a flag whose value is missing.
    """
    sorting = _Sorting(args, own)
    sorting.run()
    return sorting.kept, list(dict.fromkeys(sorting.ignored))


def note(ignored: list[str]) -> str:
    """What is said of the flags that were left aside."""
    *others, last = ignored
    names = f"{', '.join(others)} and {last}" if others else last
    verb = "do" if others else "does"
    said = f"note: {names} {verb} not change what is sent, ignored"
    if "--compress" in ignored:
        said += "; sizes are those before compression"
    return said


class _Sorting:
    """Sorts the words of a command line into ours and docker's."""

    def __init__(self, args: list[str], own: Mapping[str, bool]) -> None:
        self.kept: list[str] = []
        self.ignored: list[str] = []
        self._words = iter(args)
        self._own = own

    def run(self) -> None:
        """Sort all of them."""
        for word in self._words:
            if word == "--":
                self.kept += [word, *self._words]
            elif word.startswith("--"):
                self._take_long(word)
            elif word.startswith("-") and word != "-":
                self._take_short(word)
            else:
                self.kept.append(word)

    def _take_long(self, word: str) -> None:
        name, equals, _ = word.partition("=")
        if name in self._own or name not in _FLAGS:
            self.kept.append(word)
            if self._own.get(name) and not equals:
                self.kept += self._next()
            return
        self.ignored.append(name)
        if _FLAGS[name] and not equals:
            self._drop_value(name)

    def _take_short(self, word: str) -> None:
        """`-t NAME`, `-tNAME`, and `-qt NAME` with a switch of ours before it."""
        ours, value = "-", []
        for at, letter in enumerate(word[1:], 1):
            name, is_last = f"-{letter}", at == len(word) - 1
            if name not in self._own and name in _FLAGS:
                self.ignored.append(name)
                if _FLAGS[name] and is_last:
                    self._drop_value(name)
                if _FLAGS[name]:
                    break
            elif self._own.get(name, True):
                # The rest is its value, or click's to judge.
                ours += word[at:]
                value = self._next() if is_last and name in self._own else []
                break
            else:
                ours += letter
        if ours != "-":
            self.kept += [ours, *value]

    def _next(self) -> list[str]:
        return [word for word in [next(self._words, None)] if word is not None]

    def _drop_value(self, name: str) -> None:
        if not self._next():
            raise click.UsageError(f"{name} needs a value")
