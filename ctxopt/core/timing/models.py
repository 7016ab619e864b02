"""From what a build sends to the seconds that takes: an estimate, never a promise.

A model is a line: a fixed cost, so much for every entry's record, for every file whose
contents travel, and for every byte. The figures of the profile `local` stand with each
builder, measured with benchmarks/transfer_time.py; docs/timing.md says how, how far off
they are, and what of the other profiles is assumption.
"""

from __future__ import annotations

from enum import StrEnum

from ctxopt.core.tuples import NamedTuple
from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.errors import CtxoptError

if TYPE_CHECKING:
    from typing import Final


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


# Where the figures of the builders come from: found by least squares, the error of each
# context weighed by its seconds.
MEASURED: Final = (
    "measured 2026-11-26, Docker 20.10.24, {}, Linux, 2 CPUs, disk in memory"
)

# Assumptions; docs/timing.md names what they lean on.
_DESKTOP_FILE_FACTOR: Final = 3.0
_DESKTOP_BYTE_FACTOR: Final = 2.0
_ROUND_TRIP_SECONDS: Final = 0.05


def profile(
    name: ProfileName, local: Profile, *, bandwidth_bits: int | None = None
) -> Profile:
    """Return the models of an engine of that kind; `local` are the builder's own.

    `bandwidth_bits` is that of the way to a remote engine, in bits per second; the
    other profiles have no use for it. Raises CtxoptError where it is missing.
    """
    _, first, repeat = local
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
