"""Time what a real engine takes to receive contexts, and hold the model against it.

python benchmarks/transfer_time.py --host "$(.ci/engine start /tmp/engine)"

Removes build cache and images of that engine: use one of your own, as `.ci/engine`
starts it. Needs a docker client that has BuildKit built in (18.09 to 20.10), whose
answers can be overheard. docs/timing.md says what comes out.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import itertools
import json
import os
import shutil
import socket
import socketserver
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ctxopt import BuilderName, Report, Request, analyze
from ctxopt.core.builders import DOCKER_BUILDERS, find_builder
from ctxopt.core.timing.models import Load
from ctxopt.host.docker.protobuf import read_fields

FIRST, REPEAT = "first", "repeat"
STEP = "[internal] load build context"
FOLDER_OF = 100  # files a folder
CHUNK = 1 << 20
# Weighs a fit: below this, noise is what is measured.
NOISE_SECONDS = 0.05


class Shape(NamedTuple):
    """A context to make."""

    files: int
    file_bytes: int
    folders: int = 0  # empty ones besides


SHAPES = (
    Shape(1, 2_600),
    Shape(10, 2_600),
    Shape(100, 2_600),
    Shape(1_000, 200),
    Shape(5_000, 200),
    Shape(20_000, 200),
    Shape(1, 200, folders=10_000),
    Shape(4, 250_000),
    Shape(4, 2_500_000),
    Shape(4, 6_655_000),
    Shape(4, 25_000_000),
    Shape(8, 40_000_000),
    Shape(2_000, 20_000),
    Shape(10_000, 5_000),
    Shape(500, 200_000),
)


class Measured(NamedTuple):
    """One context, one builder, first or again: what travelled and how long it took."""

    builder: str
    build: str
    files: int
    entries: int
    file_bytes: int
    wire_bytes: int
    seconds: list[float]

    @property
    def typical(self) -> float:
        """The middle of all repetitions."""
        return statistics.median(self.seconds)

    @property
    def load(self) -> Load:
        """What travelled, for the model."""
        files = 0 if (self.builder, self.build) == ("buildkit", REPEAT) else self.files
        return Load(self.entries, files, self.wire_bytes)


class Engine(NamedTuple):
    """An engine, and the client to build with."""

    client: str
    host: str  # "unix:///…/docker.sock"

    def run(
        self,
        arguments: Sequence[str],
        config: Path,
        *,
        host: str | None = None,
        legacy: bool = False,
    ) -> float:
        """Run the client; the seconds it took."""
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(config),
            "DOCKER_CONFIG": str(config),
            "DOCKER_HOST": host or self.host,
            "DOCKER_BUILDKIT": "0" if legacy else "1",
        }
        command = [self.client, *arguments]
        start = time.perf_counter()
        done = subprocess.run(
            command, check=False, env=env, capture_output=True, text=True
        )
        elapsed = time.perf_counter() - start
        if done.returncode:
            sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
        return elapsed

    def clear(self, config: Path) -> None:
        """Remove what the builds left behind."""
        for what in (["builder", "prune", "-af"], ["image", "prune", "-af"]):
            self.run(what, config)
        os.sync()  # what is still being written would be measured with the next


class Relay(socketserver.ThreadingUnixStreamServer):
    """Joins a client to the engine, and keeps what the engine answers.

    The client prints tenths of a second; the engine's answer has nanoseconds. What
    the client sends, which is the context, passes through the kernel only.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, path: Path, engine: str) -> None:
        super().__init__(str(path), socketserver.BaseRequestHandler)
        self.host = f"unix://{path}"
        self.engine = engine.removeprefix("unix://")
        self.answers: list[bytearray] = []

    def finish_request(
        self, request: socket.socket | tuple[bytes, socket.socket], _: object
    ) -> None:
        """Pass everything on, until one of the two hangs up."""
        assert isinstance(request, socket.socket)
        with socket.socket(socket.AF_UNIX) as engine:
            engine.connect(self.engine)
            answer = bytearray()
            self.answers.append(answer)
            upward = threading.Thread(target=splice, args=(request, engine))
            upward.start()
            while piece := engine.recv(CHUNK):
                answer += piece  # before the client can end
                request.sendall(piece)
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)
            upward.join()


def splice(source: socket.socket, sink: socket.socket) -> None:
    """Pass bytes on until there are no more, without looking at them."""
    reader, writer = os.pipe()
    with contextlib.suppress(OSError), open(reader, "rb"), open(writer, "wb"):
        while count := os.splice(source.fileno(), writer, CHUNK):
            while count:
                count -= os.splice(reader, sink.fileno(), count)
        sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def relayed(engine: Engine, folder: Path) -> Iterator[Relay]:
    """Lend a relay that listens in `folder`."""
    with Relay(folder / "relay.sock", engine.host) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def transfer_seconds(answer: bytes | bytearray) -> float | None:
    """How long the context took, out of the engine's answer; None if it has none.

    Rule: moby/buildkit, api/services/control/control.proto, StatusResponse.
    """
    step, seconds = b"", None
    for line in answer.splitlines():
        if not line.startswith(b'{"id":"moby.buildkit.trace"'):
            continue  # also the lines that separate the chunks
        for number, value in read_fields(base64.b64decode(json.loads(line)["aux"])):
            fields = dict(read_fields(value)) if isinstance(value, bytes) else {}
            if number == 1 and fields.get(3) == STEP.encode():
                assert isinstance(fields[1], bytes)
                step = fields[1]
            ended = number == 2 and fields.get(2) == step and 8 in fields
            if ended and fields.get(1) == b"transferring context:":
                seconds = instant(fields[8]) - instant(fields[7])
    return seconds


def instant(value: int | bytes) -> float:
    """A protobuf Timestamp, in seconds."""
    assert isinstance(value, bytes)
    fields = dict(read_fields(value))
    return float(fields.get(1, 0)) + float(fields.get(2, 0)) / 1e9


def make(shape: Shape, root: Path) -> None:
    """Create a context of the shape, and its two Dockerfiles beside it."""
    context = root / "context"
    context.mkdir(parents=True)
    for number in range(shape.files):
        folder = context / f"folder-{number // FOLDER_OF:03}"
        folder.mkdir(exist_ok=True)
        (folder / f"file-{number:05}").write_bytes(os.urandom(shape.file_bytes))
    for number in range(shape.folders):
        (context / f"empty-{number:05}").mkdir()
    (root / "all").write_text("FROM scratch\nCOPY . /\n")
    # The legacy builder sends everything anyway; a COPY would be measured as well.
    (root / "none").write_text("FROM scratch\nLABEL a=b\n")


def measure(
    engine: Engine, root: Path, shape: Shape, *, empty: Path, runs: int
) -> Iterator[Measured]:
    """Build one context with both builders, first and again.

    The legacy figures are those of whole builds less that of an empty context.
    """
    bare: list[float] = []
    seconds: dict[tuple[BuilderName, str], list[float]] = {
        key: [] for key in itertools.product(DOCKER_BUILDERS, (FIRST, REPEAT))
    }
    for run in range(runs):
        # A client nobody has seen: to BuildKit its first transfer is a first one.
        config = root / f"config-{run}"
        config.mkdir()
        engine.clear(config)
        for build in (FIRST, REPEAT):
            seconds[BuilderName.BUILDKIT, build].append(buildkit(engine, root, config))
        engine.clear(config)
        legacy(engine, empty, config)  # makes the image, which costs as well
        for build in (FIRST, REPEAT):
            bare.append(legacy(engine, empty, config))
            seconds[BuilderName.LEGACY, build].append(legacy(engine, root, config))
    for (builder, build), values in seconds.items():
        report = analyze(
            Request(str(root / "context"), str(root / "all"), builder=builder)
        )
        base = statistics.median(bare) if builder is BuilderName.LEGACY else 0.0
        yield describe(report, shape, build, [value - base for value in values])


def describe(
    report: Report, shape: Shape, build: str, seconds: list[float]
) -> Measured:
    """Join what ctxopt counts with what the engine took."""
    transfer, builder = report.transfer, report.request.builder
    wire_bytes = transfer.tally.wire_bytes
    if build == REPEAT and transfer.repeat_wire_bytes is not None:
        wire_bytes = transfer.repeat_wire_bytes
    return Measured(
        builder.value,
        build,
        transfer.tally.files,
        transfer.tally.entries,
        shape.file_bytes,
        wire_bytes,
        [round(max(one, 0), 5) for one in seconds],
    )


def buildkit(engine: Engine, root: Path, config: Path) -> float:
    """The seconds of BuildKit's own transfer step."""
    with relayed(engine, config) as server:
        engine.run(build_command(root, "all"), config, host=server.host)
        found = [one for one in map(transfer_seconds, server.answers) if one]
    config.joinpath("relay.sock").unlink()
    if len(found) != 1:
        sys.exit("the engine's answer does not say how long the transfer took")
    return found[0]


def legacy(engine: Engine, root: Path, config: Path) -> float:
    """The seconds of a whole legacy build that uses nothing of its context."""
    return engine.run(build_command(root, "none"), config, legacy=True)


def build_command(root: Path, dockerfile: str) -> list[str]:
    """The build of a context."""
    return ["build", "-f", str(root / dockerfile), str(root / "context")]


def measure_all(engine: Engine, runs: int) -> list[Measured]:
    """Measure every shape."""
    everything: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="ctxopt-timing-") as folder:
        empty = Path(folder) / "empty"
        make(Shape(0, 0), empty)
        for number, shape in enumerate(SHAPES):
            root = Path(folder) / str(number)
            make(shape, root)
            everything += measure(engine, root, shape, empty=empty, runs=runs)
            shutil.rmtree(root)
            print(f"  {shape}", file=sys.stderr, flush=True)
    return everything


def best_figures(measured: Sequence[Measured]) -> list[float]:
    """The four figures that miss the typical seconds by the least, in proportion.

    Each choice of figures to leave out is tried; of those without a negative one
    the best is the answer.
    """
    rows = [(1.0, *map(float, one.load)) for one in measured]
    weights = [1 / (one.typical + NOISE_SECONDS) ** 2 for one in measured]
    best, least = [0.0] * 4, float("inf")
    for size in range(1, 5):
        for chosen in itertools.combinations(range(4), size):
            figures = [0.0] * 4
            part = [[row[column] for column in chosen] for row in rows]
            solved = solve(part, weights, [one.typical for one in measured])
            for column, figure in zip(chosen, solved, strict=True):
                figures[column] = figure
            missed = sum(
                weight * (one.typical - dot(figures, row)) ** 2
                for weight, row, one in zip(weights, rows, measured, strict=True)
            )
            if min(figures) >= 0 and missed < least:
                best, least = figures, missed
    return best


def dot(left: Sequence[float], right: Sequence[float]) -> float:
    """The sum of the products."""
    return sum(one * other for one, other in zip(left, right, strict=True))


def solve(
    rows: Sequence[Sequence[float]], weights: Sequence[float], sought: Sequence[float]
) -> list[float]:
    """The solution of weighted least squares; all -1 where there is no single one."""
    columns = list(zip(*rows, strict=True))
    weighted = [
        [weight * value for weight, value in zip(weights, column, strict=True)]
        for column in columns
    ]
    matrix = [
        [*(dot(left, right) for right in columns), dot(left, sought)]
        for left in weighted
    ]
    for pivot, row in enumerate(matrix):
        if abs(row[pivot]) < 1e-12:
            return [-1.0] * len(columns)
        for other, line in enumerate(matrix):
            if other != pivot:
                share = line[pivot] / row[pivot]
                matrix[other] = [
                    value - share * above
                    for value, above in zip(line, row, strict=True)
                ]
    return [row[-1] / row[at] for at, row in enumerate(matrix)]


def show(everything: Sequence[Measured]) -> None:
    """Print, for each builder and build, measured beside modelled and the best fit."""
    for builder, build in itertools.product(DOCKER_BUILDERS, (FIRST, REPEAT)):
        chosen = [
            one for one in everything if (one.builder, one.build) == (builder, build)
        ]
        models = find_builder(builder).local_profile()
        model = models.first if build == FIRST else models.repeat
        print(f"{builder.value}, {build}: {model.origin}")
        print(f"{'entries':>10}{'bytes sent':>13}{'measured':>11}{'':>17}", end="")
        print(f"{'model':>9}{'error':>9}")
        for one in chosen:
            modelled = model.seconds(one.load)
            off = modelled - one.typical
            share = f"{off / one.typical:+9.0%}" if one.typical >= 0.001 else ""
            span = f"({min(one.seconds):.3f}-{max(one.seconds):.3f})"
            print(f"{one.entries:10,}{one.wire_bytes:13,}{one.typical:9.3f} s", end="")
            print(f"{span:>17}{modelled:7.3f} s{share}")
        figures = ", ".join(f"{figure:.3g}" for figure in best_figures(chosen))
        print(f"  best: {figures}\n")


def main() -> None:
    """Measure, or take what was measured before, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--host", help="an engine to spare, as unix:///PATH")
    parser.add_argument("--client", default="docker", help="a client up to 20.10")
    parser.add_argument("--runs", type=int, default=5, metavar="N")
    parser.add_argument(
        "--samples", type=Path, metavar="FILE", help="written; without --host, read"
    )
    options = parser.parse_args()
    if options.host:
        measured = measure_all(Engine(options.client, options.host), options.runs)
        if options.samples:
            lines = (json.dumps(one._asdict()) + "\n" for one in measured)
            options.samples.write_text("".join(lines))
    elif options.samples:
        lines = options.samples.read_text().splitlines()
        measured = [Measured(**json.loads(line)) for line in lines]
    else:
        parser.error("say which engine to measure, or whose samples to show")
    show(measured)


if __name__ == "__main__":
    main()
