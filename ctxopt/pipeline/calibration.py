"""What a user's own builds teach about seconds."""

from __future__ import annotations

from ctxopt.core.builders import SELECTIVE, find_builder
from ctxopt.core.model import Request
from ctxopt.core.timing import buildlog, fit, models
from ctxopt.host.disk import calibration
from ctxopt.pipeline.measuring import measure, transfer_of


def learn(request: Request, log: str, name: str) -> str:
    """Fit a model to the transfers in a build's log and keep it; says what it did.

    A log tells bytes and no number of files: those are taken to be like the ones of
    the context at hand. Only one builder writes such logs.
    Raises CalibrationError where the log tells nothing, or it cannot be kept, and
    CtxoptError for a context that cannot be measured.
    """
    samples = buildlog.parse_log(log)
    if not samples:
        raise buildlog.nothing_found(name)
    local = find_builder(SELECTIVE).local_profile().first
    fitted = fit.fit(samples, local)
    model = fit.calibrated(fitted, local, like=_load(request))
    path = calibration.save(SELECTIVE, model)
    speed = "no cost per byte"
    if fitted.per_byte_seconds:
        speed = f"{1 / fitted.per_byte_seconds / 1e6:.0f} MB/s"
    transfers = "1 transfer" if len(samples) == 1 else f"{len(samples)} transfers"
    return (
        f"{transfers} read: {speed} and {fitted.fixed_seconds:.2f} s besides; kept for "
        f'the docker context "{calibration.docker_context()}" in {path}'
    )


def _load(request: Request) -> models.Load:
    measured = measure(request, top=0, depth=0)
    tally = transfer_of(measured.build, measured.job, measured.found).tally
    return models.Load(tally.entries, tally.files, tally.wire_bytes)
