"""A model fitted to transfers that were measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ctxopt.core.timing.models import Load, Model, Profile
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError


class CalibrationError(CtxoptError):
    """Nothing can be learned from this build log, or what was learned is unreadable."""


class Sample(NamedTuple):
    """A transfer that happened."""

    wire_bytes: int  # rounded where the log has it rounded
    seconds: float


class Fit(NamedTuple):
    """The line through some samples."""

    fixed_seconds: float
    per_byte_seconds: float
    residuals: tuple[float, ...]  # a sample each: its seconds less the line's


CALIBRATED: Final = "calibrated"


_NEEDED_BYTES: Final = 1_000_000


_NEEDED_SECONDS: Final = 0.1  # plain progress prints tenths


# Transfers closer in size than this tell one speed, and nothing about a fixed cost.
_SPREAD: Final = 0.5


# A project's files where nothing better is known: source, assets and a few archives.
_TYPICAL: Final = Load(1_100, 1_000, 16_000_000)


_RATIOS: Final = (0.1, 1000.0)


def fit(samples: Sequence[Sample], local: Model) -> Fit:
    """Return the line of least squares through `samples`, without negative figures.

    Samples of about one size tell nothing of the fixed cost, which is then that of
    `local`, a first build on this machine.
    Raises CalibrationError where none is large enough.
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
        fixed, slope = _through_fixed(samples, local.fixed_seconds)
    else:
        fixed, slope = _least_squares(samples)
    residuals = tuple(one.seconds - fixed - slope * one.wire_bytes for one in samples)
    return Fit(fixed, slope, residuals)


def _through_fixed(samples: Sequence[Sample], fixed: float) -> tuple[float, float]:
    return fixed, max(0.0, _slope_from(fixed, samples))


def _least_squares(samples: Sequence[Sample]) -> tuple[float, float]:
    """Return fixed cost and slope; one of them is 0 where it would be negative."""
    # Left to be imported by those who read a log: it takes milliseconds.
    from statistics import linear_regression

    sizes, seconds = zip(*samples, strict=True)
    slope, fixed = linear_regression(sizes, seconds)
    # The error is convex: if its lowest point is out of bounds, the best is on one.
    if slope < 0:
        return sum(seconds) / len(seconds), 0.0
    if fixed < 0:
        return 0.0, _slope_from(0.0, samples)
    return fixed, slope


def _slope_from(fixed: float, samples: Sequence[Sample]) -> float:
    """Return the best slope of a line that begins at `fixed`.

    One sample will do, which `linear_regression(proportional=True)` refuses.
    """
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
