"""One look at a command: its seconds, its first byte, its memory."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import IO, TypeAlias

ROOT = Path(__file__).resolve().parent.parent  # commands start here, and find ctxopt
SAMPLE_SECONDS = 0.01
CHUNK = MIB = 1 << 20

Values: TypeAlias = Mapping[str, float]
Probe: TypeAlias = Callable[[], Values]


def as_in_a_shell(cache: Path) -> None:
    """Let commands run as a user's do, with the bytecode that installed code has.

    Where none is kept, a start is little else than compiling.
    """
    for name in [name for name in os.environ if name.startswith("PYTHON")]:
        del os.environ[name]
    os.environ["PYTHONPYCACHEPREFIX"] = str(cache / "bytecode")


def look(probes: Iterable[Probe]) -> Values:
    """What all of these see, one after the other."""
    return {name: value for probe in probes for name, value in probe().items()}


def middle(looks: Sequence[Values]) -> Values:
    """The median of each value."""
    return {name: median(values[name] for values in looks) for name in looks[0]}


def seconds(name: str, command: Sequence[str]) -> Probe:
    """From the start to the end of a command; its output goes to a file.

    Beside that, under `NAME cpu`, the processor time of it and its workers.
    """

    def probe() -> Values:
        with tempfile.TemporaryFile() as output:
            start = time.perf_counter()
            with _started(command, output) as process:
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                took = time.perf_counter() - start
            return {name: took, f"{name} cpu": used.ru_utime + used.ru_stime}

    return probe


def until_first_line(name: str, command: Sequence[str]) -> Probe:
    """The same, up to the first line of a command that does not end by itself."""

    def probe() -> Values:
        start = time.perf_counter()
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
        ) as process:
            assert process.stdout is not None
            said = process.stdout.readline()
            took, used = time.perf_counter() - start, cpu_seconds(process.pid)
            process.kill()
        if not said:
            sys.exit(f"{' '.join(command)}: ended without a word")
        return {name: took, f"{name} cpu": used}

    return probe


def cpu_seconds(pid: int) -> float:
    """What a process, and those that it waited for, have used so far. Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def told(command: Sequence[str]) -> Probe:
    """What a command has measured itself, and prints as JSON."""

    def probe() -> Values:
        with tempfile.TemporaryFile() as output:
            with _started(command, output):
                pass
            output.seek(0)
            values: dict[str, float] = json.load(output)
            return values

    return probe


def first_byte(first: str, whole: str, command: Sequence[str]) -> Probe:
    """Seconds until something comes through a pipe, and until the end."""

    def probe() -> Values:
        start = time.perf_counter()
        with _started(command, subprocess.PIPE) as process:
            assert process.stdout is not None
            pipe = process.stdout.fileno()
            os.read(pipe, 1)
            until_first = time.perf_counter() - start
            while os.read(pipe, CHUNK):
                pass
            process.wait()
            return {first: until_first, whole: time.perf_counter() - start}

    return probe


def peak_mebibytes(name: str, command: Sequence[str]) -> Probe:
    """The most that a command and its workers held at one time, shared pages once.

    Sampled, which slows the command down: nothing else is measured meanwhile.
    """

    def probe() -> Values:
        peak = 0
        with _started(command, subprocess.DEVNULL) as process:
            while process.poll() is None:
                peak = max(peak, sum(map(_shared_fairly, _session(process.pid))))
                time.sleep(SAMPLE_SECONDS)
        return {name: peak / MIB}

    return probe


def memory_is_told() -> bool:
    """Whether this system tells how much of its memory a process shares."""
    return Path("/proc/self/smaps_rollup").exists()


@contextlib.contextmanager
def _started(
    command: Sequence[str], output: IO[bytes] | int
) -> Iterator[subprocess.Popen[bytes]]:
    """A command that is run until it ends; ends the benchmark when it fails."""
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            cwd=ROOT,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield process
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # its workers, too
            raise
        if process.wait():
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip()
            sys.exit(f"{' '.join(command)}: exit status {process.returncode}\n{said}")


def _session(leader: int) -> Iterator[int]:
    """The processes of the session that `leader` started."""
    for name in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            stat = Path(f"/proc/{name}/stat").read_text()
            # A name in brackets, then: state, parent, group, session.
            if int(stat.rpartition(")")[2].split()[3]) == leader:
                yield int(name)


def _shared_fairly(pid: int) -> int:
    """The proportional set size of a process in bytes; 0 once it has gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
