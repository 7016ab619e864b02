"""What a check is told: which rules count, how much, and from where on it fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ctxopt.core.checking import catalogue
from ctxopt.core.configuration.layers import Configuration, Layer
from ctxopt.core.model import Severity
from ctxopt.core.suggest.policy import NO_POLICY, Policy
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import ConfigurationError, CtxoptError

NO_SEVERITIES: Mapping[str, Severity | None] = MappingProxyType({})
OFF = "off"


class Budgets(NamedTuple):
    """The most that context and transfer may be; None: no bound. Sizes in bytes."""

    context_bytes: int | None = None
    context_files: int | None = None
    transfer_bytes: int | None = None
    transfer_files: int | None = None
    clutter_bytes: int = 1_000_000  # of the transfer; beyond it a check warns


class Growth(NamedTuple):
    """From which sizes on a build may grow, and how much."""

    baseline: str  # the path of the file with the sizes as they were
    percent: float = 5.0  # of each size


class CheckSettings(NamedTuple):
    """What the user asked of a check.

    Rules are named by number (`CTX201`), by the start of one (`CTX2`) or by word
    (`source-ignored`). A severity of None turns a rule off.
    """

    select: tuple[str, ...] = ()  # none: all of them
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity | None] = NO_SEVERITIES  # by rule
    # By pattern, as in an ignore file; the last that fits holds, before `severities`.
    per_path: tuple[tuple[str, Severity | None], ...] = ()
    budgets: Budgets = Budgets()
    growth: Growth | None = None
    policy: Policy = NO_POLICY  # of suggestions: what the project says of clutter


def configured_settings(
    configured: Configuration, *, max_growth: float
) -> CheckSettings:
    """What a configuration, the words typed among it, asks of a check.

    Raises ConfigurationError for a rule that there is not, with its place.
    """
    for key, word in _named(configured):
        _check(configured, key, word)
    baseline = configured.baseline
    return CheckSettings(
        select=configured.select,
        ignore=configured.ignore,
        severities={
            word: _severity(said) for word, said in configured.severity.items()
        },
        per_path=tuple(
            (pattern, _severity(said))
            for pattern, said in configured.per_path_severity.items()
        ),
        budgets=Budgets(
            configured.max_size,
            configured.max_files,
            configured.max_transfer_size,
            configured.max_transfer_files,
        ),
        growth=None if baseline is None else Growth(baseline, max_growth),
        policy=configured.policy,
    )


def _severity(said: str) -> Severity | None:
    return None if said == OFF else Severity(said)


def _named(configured: Configuration) -> Iterator[tuple[tuple[str, str], str]]:
    """The words for rules in a configuration, and the setting that each is in."""
    for key, words in (("select", configured.select), ("ignore", configured.ignore)):
        for word in words:
            yield (key, ""), word
    for word in configured.severity:
        yield ("severity", word), word


def _check(configured: Configuration, key: tuple[str, str], word: str) -> None:
    try:
        catalogue.named(word)
    except CtxoptError as error:
        place = configured.settings[key].origin
        where = f"{key[0]}: " if place.layer is Layer.FILE else ""  # others name it
        raise ConfigurationError(
            f"{where}{error.message}",
            hint=error.hint,
            file=place.name,
            line=place.line,
        ) from None
