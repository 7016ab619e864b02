"""From what a build sends to the seconds that takes: an estimate, never a promise.

A model is a line: a fixed cost, so much for every entry's record, for every file whose
contents travel, and for every byte. The figures of the profile `local` were measured
with benchmarks/transfer_time.py; docs/timing.md says how, how far off they are, and
what of the other profiles is assumption.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from ctxopt.core.model import BuilderName
from ctxopt.errors import CtxoptError


class CalibrationError(CtxoptError):
    """Nothing can be learned from this build log, or what was learned is unreadable."""


class ProfileName(StrEnum):
    """Where the engine is, under the names of the command line."""

    LOCAL = "local"
    DESKTOP = "desktop"
    REMOTE = "remote"


class Load(NamedTuple):
    """What a build transfers."""

    entries: int  # whose records travel
    files: int  # whose contents do; what is sent again unchanged has none
    wire_bytes: int


class Model(NamedTuple):
    """What a transfer costs; no figure is negative."""

    fixed_seconds: float
    per_entry_seconds: float
    per_file_seconds: float
    per_byte_seconds: float
    origin: str  # how the figures came about, in words

    def seconds(self, load: Load) -> float:
        """What transferring `load` takes; nothing takes none."""
        if not load.wire_bytes:
            return 0.0
        return (
            self.fixed_seconds
            + self.per_entry_seconds * load.entries
            + self.per_file_seconds * load.files
            + self.per_byte_seconds * load.wire_bytes
        )


class Profile(NamedTuple):
    """The models of one kind of engine: for a first build, and for the same again."""

    name: str
    first: Model
    repeat: Model


class Sample(NamedTuple):
    """A transfer that happened."""

    wire_bytes: int  # rounded where the log has it rounded
    seconds: float


class Fit(NamedTuple):
    """The line through some samples."""

    fixed_seconds: float
    per_byte_seconds: float
    residuals: tuple[float, ...]  # a sample each: its seconds less the line's

    @property
    def error_seconds(self) -> float:
        """How far off the line is, as the root of the mean square."""
        return math.sqrt(sum(r * r for r in self.residuals) / len(self.residuals))


_MEASURED: Final = (
    "measured 2026-11-26, Docker 20.10.24, {}, Linux, 2 CPUs, disk in memory"
)
_BUILDKIT: Final = _MEASURED.format("BuildKit")
_LEGACY: Final = _MEASURED.format("legacy builder")
# Found by least squares, the error of each context weighed by its seconds.
_UNPACKING: Final = Model(0.002, 75e-6, 26e-6, 5.0e-9, _LEGACY)
_LOCAL: Final = {
    BuilderName.BUILDKIT: (
        Model(0.0025, 44e-6, 38e-6, 8.3e-9, _BUILDKIT),
        Model(0.0025, 21e-6, 0.0, 0.0, _BUILDKIT),
    ),
    # Sent and unpacked anew each time.
    BuilderName.LEGACY: (_UNPACKING, _UNPACKING),
}

# Assumptions; docs/timing.md names what they lean on.
_DESKTOP_FILE_FACTOR: Final = 3.0
_DESKTOP_BYTE_FACTOR: Final = 2.0
_ROUND_TRIP_SECONDS: Final = 0.05

CALIBRATED: Final = "calibrated"
_NEEDED_BYTES: Final = 1_000_000
_NEEDED_SECONDS: Final = 0.1  # plain progress prints tenths
# Transfers closer in size than this tell one speed, and nothing about a fixed cost.
_SPREAD: Final = 0.5
# A project's files where nothing better is known: source, assets and a few archives.
_TYPICAL: Final = Load(1_100, 1_000, 16_000_000)
_RATIOS: Final = (0.1, 1000.0)


def profile(
    name: ProfileName, builder: BuilderName, *, bandwidth_bits: int | None = None
) -> Profile:
    """Return the models of an engine of that kind.

    `bandwidth_bits` is that of the way to a remote engine, in bits per second; the
    other profiles have no use for it. Raises CtxoptError where it is missing.
    """
    first, repeat = _LOCAL[builder]
    if name is ProfileName.DESKTOP:
        first, repeat = _desktop(first), _desktop(repeat)
    elif name is ProfileName.REMOTE:
        if not bandwidth_bits:
            raise CtxoptError(
                'the profile "remote" needs to know a bandwidth',
                hint="say it, for example --bandwidth 20Mbit",
            )
        first, repeat = _remote(first, bandwidth_bits), _remote(repeat, bandwidth_bits)
    return Profile(name.value, first, repeat)


def _desktop(model: Model) -> Model:
    return model._replace(
        per_file_seconds=model.per_file_seconds * _DESKTOP_FILE_FACTOR,
        per_byte_seconds=model.per_byte_seconds * _DESKTOP_BYTE_FACTOR,
        origin=f"assumed: {_DESKTOP_FILE_FACTOR:g} times the cost of a file and "
        f"{_DESKTOP_BYTE_FACTOR:g} times that of a byte, {model.origin}",
    )


def _remote(model: Model, bandwidth_bits: int) -> Model:
    """Local, and the way there; that both go on side by side is left out."""
    return model._replace(
        fixed_seconds=model.fixed_seconds + _ROUND_TRIP_SECONDS,
        per_byte_seconds=model.per_byte_seconds + 8 / bandwidth_bits,
        origin=f"computed: {bandwidth_bits:,} bits a second and "
        f"{_ROUND_TRIP_SECONDS:g} s for the way, else {model.origin}",
    )


_BANDWIDTH: Final = (
    r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*([kKmMgG]?)(?:(bits?|b)|(bytes?|B))(?:/s|ps)?"
)
_BANDWIDTH_UNITS: Final = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}


def parse_bandwidth(text: str) -> int:
    """Return the bits per second of words such as "20Mbit", "1.5 Gbit/s" or "3MB/s".

    As everywhere, `b` is a bit and `B` a byte, and units are powers of 1000.
    Raises CtxoptError for anything else, and for nothing at all per second.
    """
    if match := re.fullmatch(_BANDWIDTH, text.strip()):
        number, unit, _, in_bytes = match.groups()
        size = _BANDWIDTH_UNITS[unit.lower()] * (8 if in_bytes else 1)
        # A number of hundreds of digits is infinite, which is no bandwidth either.
        bits = float(number) * size
        if 1 <= bits < math.inf:
            return round(bits)
    raise CtxoptError(
        f'"{text}" is no bandwidth',
        hint='write a number and bit, kbit, Mbit or Gbit, such as "20Mbit"; '
        '"2.5MB/s" is understood too',
    )


def fit(samples: Sequence[Sample]) -> Fit:
    """Return the line of least squares through `samples`, without negative figures.

    Samples of about one size tell nothing of the fixed cost, which is then that of
    the profile `local`. Raises CalibrationError where none is large enough.
    """
    if not any(
        one.wire_bytes >= _NEEDED_BYTES and one.seconds >= _NEEDED_SECONDS
        for one in samples
    ):
        raise CalibrationError(
            "no transfer is large enough to tell how fast they are",
            hint=f"record a first build that sends {_NEEDED_BYTES // 1_000_000} MB or "
            f"more and takes {_NEEDED_SECONDS:g} s or longer",
        )
    sizes = [one.wire_bytes for one in samples]
    if max(sizes) - min(sizes) < _SPREAD * max(sizes):
        fixed, slope = _through_fixed(samples)
    else:
        fixed, slope = _least_squares(samples)
    residuals = tuple(one.seconds - fixed - slope * one.wire_bytes for one in samples)
    return Fit(fixed, slope, residuals)


def _through_fixed(samples: Sequence[Sample]) -> tuple[float, float]:
    fixed = _LOCAL[BuilderName.BUILDKIT][0].fixed_seconds
    return fixed, max(0.0, _slope_from(fixed, samples))


def _least_squares(samples: Sequence[Sample]) -> tuple[float, float]:
    """Return fixed cost and slope; one of them is 0 where it would be negative."""
    size = sum(one.wire_bytes for one in samples) / len(samples)
    mean = sum(one.seconds for one in samples) / len(samples)
    slope = sum(
        (one.wire_bytes - size) * (one.seconds - mean) for one in samples
    ) / sum((one.wire_bytes - size) ** 2 for one in samples)
    fixed = mean - slope * size
    # The error is convex: if its lowest point is out of bounds, the best is on one.
    if slope < 0:
        return mean, 0.0
    if fixed < 0:
        return 0.0, _slope_from(0.0, samples)
    return fixed, slope


def _slope_from(fixed: float, samples: Sequence[Sample]) -> float:
    """Return the best slope of a line that begins at `fixed`."""
    return sum(one.wire_bytes * (one.seconds - fixed) for one in samples) / sum(
        one.wire_bytes**2 for one in samples
    )


def calibrated(line: Fit, base: Model, *, like: Load | None = None) -> Model:
    """Return `base` made as fast as the builds behind `line`.

    A log tells bytes, not how many files they were: `like` is a transfer of about
    the shape of those builds, such as that of the project at hand. All figures
    change in one ratio, so that `like` takes what the line says.
    """
    shape = like if like and like.wire_bytes else _TYPICAL
    cost = (base.seconds(shape) - base.fixed_seconds) / shape.wire_bytes
    least, most = _RATIOS  # beyond lies a clock that jumped
    ratio = min(max(line.per_byte_seconds / cost, least), most)
    count = len(line.residuals)
    return _scaled(base, ratio)._replace(
        fixed_seconds=line.fixed_seconds,
        origin=f"calibrated from {count} build{'s' * (count != 1)}",
    )


def calibrated_profile(base: Profile, model: Model) -> Profile:
    """Return a profile whose first build costs what `model`, from `calibrated`, says.

    The repeat is as much faster or slower as the first build: a log does not say
    which of its transfers were unchanged ones.
    """
    ratio = model.per_byte_seconds / base.first.per_byte_seconds
    repeat = _scaled(base.repeat, ratio)._replace(origin=model.origin)
    return Profile(CALIBRATED, model, repeat)


def _scaled(model: Model, ratio: float) -> Model:
    return model._replace(
        per_entry_seconds=model.per_entry_seconds * ratio,
        per_file_seconds=model.per_file_seconds * ratio,
        per_byte_seconds=model.per_byte_seconds * ratio,
    )


class _Kind(StrEnum):
    """Whose transfer a line of a log is about, the one that is wanted first."""

    CONTEXT = "context"
    UNKNOWN = "unknown"  # someone kept only some of the lines
    NAMED = "named"
    OTHER = "other"  # the Dockerfile, the ignore file


# Left to be compiled by those who read a log: it takes milliseconds.
_COLOUR: Final = r"\x1b\[[0-9;?]*[ -/]*[@-~]"
# CI services put a time in front of each line, and compose a name.
_PLAIN: Final = r"(?:[^#]*\s)?#(\d+) (.*)"
_CONTEXT_STEP: Final = r"\[(?:.* )?internal\] load build context"
_NAMED_STEP: Final = r"\[(?:.* )?context .*\] load from client"
_DONE: Final = r"transferring ([^:]+):(?: ([0-9.]+)([kMGTPE]?)B)?(?: ([0-9.]+)s)? done"
_UNITS: Final = {unit: 1000**power for power, unit in enumerate(("", *"kMGTPE"))}


def parse_log(text: str) -> tuple[Sample, ...]:
    """Return the transfers of build contexts in a log of any number of builds.

    Understood are BuildKit's progress `plain`, whose figures are rounded, and
    `rawjson`; all else in the log is skipped. Transfers of named contexts count only
    where there are no others.
    Rule: moby/buildkit, util/progress/progressui/printer.go and client/graph.go.
    """
    found: dict[_Kind, list[Sample]] = {kind: [] for kind in _Kind}
    names: dict[str, str] = {}  # of steps, by number or digest
    for line in text.splitlines():
        plain = re.sub(_COLOUR, "", line).strip()
        read = _read_json if plain.startswith("{") else _read_plain
        for kind, sample in read(plain, names):
            found[kind].append(sample)
    for kind in (_Kind.CONTEXT, _Kind.UNKNOWN, _Kind.NAMED):
        if found[kind]:
            return tuple(found[kind])
    return ()


def nothing_found(file: str) -> CalibrationError:
    """Return the error for a log without any transfer."""
    return CalibrationError(
        'no "transferring context:" line',
        hint="record one with docker build --progress=plain . 2> build.log",
        file=file,
    )


def _read_plain(line: str, names: dict[str, str]) -> Iterator[tuple[_Kind, Sample]]:
    if not (match := re.fullmatch(_PLAIN, line)):
        return
    number, words = match.groups()
    if words.startswith("["):
        names[number] = words  # also the next build's, which counts from 1 again
    elif done := re.fullmatch(_DONE, words):
        what, size, unit, seconds = done.groups()
        sample = _rounded(size or "0", unit or "", seconds or "0")
        if sample is not None:
            yield _kind(names.get(number), what), sample


def _rounded(size: str, unit: str, seconds: str) -> Sample | None:
    """Return what was printed, None for what is no number after all."""
    try:
        return Sample(round(float(size) * _UNITS[unit]), float(seconds))
    except (ValueError, OverflowError):
        return None


def _read_json(line: str, names: dict[str, str]) -> Iterator[tuple[_Kind, Sample]]:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return
    for vertex in _objects(event, "vertexes"):
        names[str(vertex.get("digest"))] = str(vertex.get("name", ""))
    for status in _objects(event, "statuses"):
        what = str(status.get("id", "")).removesuffix(":")
        wire_bytes = status.get("current", 0)
        started, completed = _instant(status, "started"), _instant(status, "completed")
        if (
            what.startswith("transferring ")
            and isinstance(wire_bytes, int)
            and wire_bytes >= 0
            and started is not None
            and completed is not None
        ):
            seconds = max(completed - started, 0) / 1e9
            name = names.get(str(status.get("vertex")))
            kind = _kind(name, what.removeprefix("transferring "))
            yield kind, Sample(wire_bytes, seconds)


def _objects(event: object, key: str) -> list[dict[str, object]]:
    values = event.get(key) if isinstance(event, dict) else None
    if not isinstance(values, list):
        return []
    return [value for value in values if isinstance(value, dict)]


def _kind(name: str | None, what: str) -> _Kind:
    """Tell whose transfer it is, by the step's name and the words before the size."""
    if name is None:
        return _Kind.UNKNOWN if what == "context" else _Kind.OTHER
    if re.match(_CONTEXT_STEP, name):
        return _Kind.CONTEXT
    return _Kind.NAMED if re.match(_NAMED_STEP, name) else _Kind.OTHER


_INSTANT: Final = (
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?"
    r"(?:Z|([+-])(\d\d):(\d\d))"
)


def _instant(status: dict[str, object], key: str) -> int | None:
    """Return a time as nanoseconds since some day; None where there is none.

    Rule: RFC 3339, as Go prints it. The standard library's dates know the clock, and
    core does not; they would also cut off the nanoseconds.
    """
    if not (match := re.fullmatch(_INSTANT, str(status.get(key, "")))):
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    fraction, sign, hours, minutes = match.groups()[6:]
    # Years that begin in March end with the leap day.
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)
    days = 365 * year + year // 4 - year // 100 + year // 400
    days += (153 * month + 2) // 5 + day
    offset = int(f"{sign or '+'}1") * (int(hours or 0) * 60 + int(minutes or 0))
    seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
    return seconds * 1_000_000_000 + int((fraction or "").ljust(9, "0"))
