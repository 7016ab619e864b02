"""Odd Dockerfiles and ignore files by the thousand, each within two seconds of CPU.

    .venv/bin/python -m benchmarks.fuzz --count 100000

Each input is made from its number and the seed alone, so a find is repeated with
`--seed S --only KIND:NUMBER`, which also prints it. Half of the inputs are the samples
below `fixtures/`, cut and glued; the other half are put together from the grammar, and
some of them repeat one piece until the file has 64 kB, for what takes its time with the
square of a length.

A find is any exception but those of `ctxopt.errors`, or more CPU than the limit. The
status is 1 then, 0 otherwise.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from ctxopt.core.builders import Builder, find_builder
from ctxopt.core.dockerfile import BuildOptions, link, parse, trace
from ctxopt.core.ignorefile.lines import parse as parse_ignore_file
from ctxopt.core.model import BuilderName, SourceKind
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.sources.targets import trace_targets
from ctxopt.core.sources.tree import Found
from ctxopt.errors import CtxoptError

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
MAX_BYTES = 64_000
CPU_SECONDS = 2.0
MEMORY_BYTES = 4 << 30  # a runaway ends in a MemoryError, not in a dead machine

KINDS = ("dockerfile", "ignore")


class Find(NamedTuple):
    """An input that did what none may do."""

    kind: str
    number: int
    what: str
    content: bytes


class OvertimeError(Exception):
    """The CPU limit of one input is reached."""


# --- Samples and pieces ----------------------------------------------------------

_WORDS = """
FROM scratch AS a|FROM a|FROM a AS b|FROM alpine:3 AS b|FROM --platform=$X a|ARG A|
ARG A=b|ARG A=$A$A|ENV A=b|ENV A=$A$A|ENV A b c|ENV A="a b" B=c\\ d|COPY a b|COPY . .|
COPY --from=a a b|COPY --from=0 a b|COPY --from=b /x /y|COPY a* [b]? c/|ADD a b|
ADD http://a/b c|ADD https://a/b.git#c:d e|ADD git@a:b.git?ref=c d|COPY ["a","b"]|
COPY <<A b|COPY <<-"A" <<B b|RUN <<A|RUN a && b|RUN ["a"]|ONBUILD COPY a b|
ONBUILD RUN a|ONBUILD ONBUILD RUN a|RUN --mount=type=bind,source=a,target=b c|
RUN --mount=from=a,target=/b --mount=type=cache,target=/c d|WORKDIR /a|WORKDIR a|
USER a|EXPOSE 80 81-90/udp 127.0.0.1:1:2|VOLUME ["/a"]|STOPSIGNAL 9|SHELL ["a"]|
HEALTHCHECK --interval=1m30s CMD a|HEALTHCHECK NONE|LABEL a=b "c d"=e|MAINTAINER a|
CMD a|ENTRYPOINT ["a"]|# syntax=a|# escape=`|# check=skip=all|# a
"""
_LINES = [line.replace("\n", "") for line in _WORDS.split("|")]
_PIECES = [
    *("$A", "${A}", "${A:-", "${A:+b}", "${A:?b}", "${A-", "${A#a*}", "${A##*a}", "}"),
    *("${A%a?}", "${A%%*}", "${A/a/b}", "${A//a/$0}", "${A//*a*/b}", "${A///b}", "$"),
    *("'", '"', "\\", "`", "\\\n", "`\n", "\\ \n", "\n", "\r\n", "\r", "\t", " "),
    *("#", "# ", "<<A ", "<<-A ", "<<'A' ", "<<", "A\n", "[", "]", '["', '","'),
    *('"]', "--", "--from=", "--chmod=", "--mount=", "--exclude=", "--link ", "="),
    *("/", "..", ".", "*", "?", "**", "a", "b", "0", "9", "-", "_", "\0", "\x7f"),
    *("%41", ",", ":", "\v", "\u00e9", "\u3000", "\ufeff", "\u0130", "\U0001f600"),
    *("\udc80", "\udcff", "!", "|", "ONBUILD ", "COPY ", "FROM ", "RUN ", "ENV A="),
    *(" AS a", "1s", "1-2/tcp ", "u+x,"),
]
_IGNORE_PIECES = [
    *("*", "**", "?", "/", "**/", "/**", "!", "#", "\n", "\r\n", " ", "\t", "[", "]"),
    *("[a-z]", "[^a]", "[!b]", "[[:alpha:]]", "[z-a]", "[^", "-", "^", "$", "\\"),
    *("\\*", "\\d", "\\pL", "\\Q", "\\E", "\\x41", "\\101", "\\b", "\\q", "|", "{"),
    *("}", "{2}", "{1000}", "{99999999999}", "{1,}", "(", ")", "+", ".", "..", "./"),
    *("../", "a", "b", "logs", ".log", "node_modules", ".git", "\u00e9", "\u20ac"),
    *("\u3000", "\ufeff", "\0", "\x01", "\x7f", "\udc80", "\udcff", "\U0001f600"),
    *("a**b", "[^/]", "*.log"),
]
_PATHS = (
    "a",
    "a/b",
    "logs/a.log",
    "node_modules/b/c/index.js",
    ".git/objects/00/" + "0" * 38,
    "/".join("abcdefgh" * 2),
    "a" * 255 + "/" + "ab" * 100,
    "\u00e9/\u20ac\n/\udcff\U0001f600",
)


def samples() -> dict[str, list[bytes]]:
    """The Dockerfiles and ignore files of the sample projects."""
    found: dict[str, list[bytes]] = {kind: [] for kind in KINDS}
    for path in sorted(FIXTURES.rglob("*")):
        if path.is_file() and "ockerfile" in path.name:
            found["dockerfile"].append(path.read_bytes())
        elif path.is_file() and path.name in (".gitignore", ".dockerignore"):
            found["ignore"].append(path.read_bytes())
    found["dockerfile"].append("\n".join(_LINES).encode())
    return found


# --- Making an input -------------------------------------------------------------


def make(kind: str, seed: int, number: int, given: Sequence[bytes]) -> bytes:
    """The input of that number, the same one each time."""
    draw = random.Random(f"{seed} {kind} {number}")
    ways = (*[_mutated] * 5, *[_composed] * 6, _repeated)
    return draw.choice(ways)(kind, draw, given)[:MAX_BYTES]


def _mutated(kind: str, draw: random.Random, given: Sequence[bytes]) -> bytes:
    """A sample with a few of its parts cut, doubled, moved or overwritten."""
    content = bytearray(draw.choice(given)[:MAX_BYTES])
    for _ in range(draw.randint(1, 8)):
        start = draw.randint(0, len(content))
        stop = min(start + draw.choice((0, 1, 2, 8, 40, 400)), len(content))
        cut = bytes(content[start:stop])
        new = draw.choice((b"", cut * 2, cut * draw.randint(2, 50), cut[::-1]))
        if draw.random() < 0.6:
            new = _octets(_piece(kind, draw))
        content[start:stop] = new
    return bytes(content)


def _composed(kind: str, draw: random.Random, _given: Sequence[bytes]) -> bytes:
    """Lines of the grammar with pieces in odd places."""
    parts = ["FROM scratch\n"] if kind == "dockerfile" and draw.random() < 0.8 else []
    for _ in range(draw.choice((1, 3, 10, 40))):
        if kind == "dockerfile" and draw.random() < 0.7:
            parts.append(draw.choice(_LINES))
        pieces = draw.choice((0, 0, 1, 2, 6))
        parts += [_piece(kind, draw) for _ in range(pieces)]
        parts.append("\n")
    return _octets("".join(parts))


def _repeated(kind: str, draw: random.Random, _given: Sequence[bytes]) -> bytes:
    """One to three pieces again and again, between a beginning and an end."""
    unit = "".join(_piece(kind, draw) for _ in range(draw.randint(1, 3)))
    if kind == "dockerfile":
        if draw.random() < 0.3:
            unit = f"{draw.choice(_LINES)}{unit}\n"
        head = f"FROM scratch\n{draw.choice(_LINES)}{draw.choice((' ', '', chr(10)))}"
    else:
        unit += draw.choice(("", "", "\n"))
        head = _piece(kind, draw)
    # Few are as large as they may be, for those take most of the time.
    size = draw.choice((10, 100, 100, 1000, 1000, 4000, 4000, 16_000, MAX_BYTES))
    times = size // max(len(unit), 1) + 1
    return _octets(head + unit * times + _piece(kind, draw) + " x\n")


def _piece(kind: str, draw: random.Random) -> str:
    if kind == "ignore":
        return draw.choice(_IGNORE_PIECES)
    return draw.choice(_LINES if draw.random() < 0.1 else _PIECES)


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


# --- Reading it ------------------------------------------------------------------


class _NoTree:
    """A context in which every name is a file and every folder is empty."""

    def kind(self, path: str) -> Found | None:
        return None if "*" in path else Found.FILE

    def target(self, _path: str) -> str:
        return ""

    def names(self, _path: str) -> Sequence[str]:
        return ()

    def folders(self, _path: str) -> Sequence[str]:
        return ()

    def head(self, _path: str) -> bytes:
        return b""


def read_dockerfile(content: bytes, builder: Builder) -> None:
    """Take a Dockerfile all the way to what its build reads."""
    options = BuildOptions(build_args={"X": "a"}, scoping=builder.scoping)
    traced = trace(link(parse(content, "Dockerfile"), options))
    sources = [s for s in traced.sources if s.kind is SourceKind.CONTEXT]
    builder.request(sources, _NoTree())
    trace_targets(builder.wanted(sources), _NoTree())


def read_ignore_file(content: bytes) -> None:
    """Read an ignore file and judge some paths in all three ways there are."""
    file = parse_ignore_file(content, ".dockerignore")
    if file.to_bytes() != content:
        raise AssertionError("the file would not be written back as it was")
    matcher = Matcher(file.patterns)
    for path in _PATHS:
        matcher.verdict(path)
        matcher.matches_or_parent_matches(path)
        matcher.matches_single_parent(path)


# What is done with an input; each part has the CPU limit to itself.
READERS: dict[str, tuple[Callable[[bytes], None], ...]] = {
    "dockerfile": tuple(
        partial(read_dockerfile, builder=find_builder(name)) for name in BuilderName
    ),
    "ignore": (read_ignore_file,),
}


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raise OvertimeError in what runs inside once it has taken so much CPU time."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise OvertimeError(f"more than {seconds:g} s of CPU")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def check(kind: str, number: int, content: bytes, seconds: float) -> str | Find:
    """How an input ended, in a word; or the find that it is."""
    end = "read"
    for read in READERS[kind]:
        try:
            with cpu_limit(seconds):
                read(content)
        except CtxoptError as error:
            str(error)
            end = "refused"
        except Exception as error:  # noqa: BLE001  # any other is what is looked for
            text = str(error).split("\n", 1)[0][:200]
            return Find(kind, number, f"{type(error).__name__}: {text}", content)
    return end


# --- The command -----------------------------------------------------------------


def run(options: argparse.Namespace) -> list[Find]:
    """Try all inputs asked for, telling each find as it comes."""
    clutter: list[Find] = []
    given = samples()
    for kind in options.kinds:
        ends: Counter[str] = Counter()
        slowest = (0.0, 0)
        began = time.process_time()
        for number in range(options.start, options.start + options.count):
            content = make(kind, options.seed, number, given[kind])
            before = time.process_time()
            end = check(kind, number, content, options.cpu)
            slowest = max(slowest, (time.process_time() - before, number))
            if isinstance(end, Find):
                clutter.append(end)
                _tell(end, options.seed)
            ends["found" if isinstance(end, Find) else end] += 1
            if time.process_time() - began > options.seconds / len(options.kinds):
                break
        seconds, number = slowest
        counts = ", ".join(f"{count:,} {end}" for end, count in sorted(ends.items()))
        print(
            f"{kind}: {ends.total():,} inputs in "
            f"{time.process_time() - began:.0f} s of CPU: {counts or 'none'}; "
            f"the slowest took {seconds:.2f} s (number {number})",
            flush=True,
        )
    return clutter


def _tell(find: Find, seed: int) -> None:
    print(
        f"FOUND {find.what}\n"
        f"  {len(find.content):,} bytes, begins {find.content[:100]!r}\n"
        f"  again: python -m benchmarks.fuzz --seed {seed} "
        f"--only {find.kind}:{find.number}",
        flush=True,
    )


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("--kind", choices=KINDS, action="append", dest="kinds")
    parser.add_argument("--count", type=int, default=1000, help="of each kind")
    parser.add_argument("--start", type=int, default=0, help="the first number")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cpu", type=float, default=CPU_SECONDS, help="for an input")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="of CPU for the whole"
    )
    parser.add_argument(
        "--only", metavar="KIND:NUMBER", help="one input, which is printed, too"
    )
    options = parser.parse_args(arguments)
    options.kinds = options.kinds or KINDS
    if options.only is not None:
        kind, _, number = options.only.partition(":")
        if kind not in KINDS or not number.isdecimal():
            parser.error("--only takes KIND:NUMBER, as a find is told with")
        options.kinds, options.start, options.count = (kind,), int(number), 1
    return options


def limit_memory() -> None:
    """Let what asks for too much of it fail at once."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def main(arguments: Sequence[str]) -> int:
    """Run the command; 1 if anything was found."""
    options = _options(arguments)
    limit_memory()
    if options.only is not None:
        (kind,) = options.kinds
        content = make(kind, options.seed, options.start, samples()[kind])
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    return 1 if run(options) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
