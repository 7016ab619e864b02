"""Reports of a fleet compared: with each kind of change, with none, hostile names."""

from __future__ import annotations

from ctxopt.core.fleet.comparing import FleetComparison, compare
from ctxopt.core.fleet.records import FailureKind
from tests.view.fleet.fleets import build, failed, hostile, line, nothing, several, shop


def changed() -> FleetComparison:
    """A fleet in which something of each kind became of something."""
    old = several().lines
    known = {one.name: one for one in old}
    new = {
        **{f"service-{at:02}": known[f"service-{at:02}"] for at in range(6, 12)},
        "service-12": line("service-12", build("app", 3_000_000, 9_000)),
        "service-03": line("service-03", build("app", 90_000_000), codes={"braces": 2}),
        "service-02": failed("service-02", FailureKind.TIMEOUT, "it took too long"),
        "shop": shop()._replace(
            wire_bytes=1_200_000_000, secrets=("web/.env", "web/id_ed25519")
        ),
        "gone": line("gone", build(), secrets=("deploy/.env",)),
        "slow": failed("slow", FailureKind.TIMEOUT),
        "small": line("small", build(), build("api", None, error="it is gone")),
        "fresh": line("fresh", build("web", 70_000_000), secrets=(".env",)),
        "new": failed("new"),
        "broken": known["broken"],
        "docs": known["docs"],
    }
    return compare(old, (*new.values(),))


def unchanged() -> FleetComparison:
    """A fleet that is like itself."""
    return compare(several().lines, several().lines)


def odd() -> FleetComparison:
    """A fleet of hostile names, in place of another."""
    return compare(several().lines, hostile().lines)


def empty() -> FleetComparison:
    """No fleet, compared with none."""
    return compare(nothing().lines, nothing().lines)


def many() -> FleetComparison:
    """More of each kind of change than is shown."""
    count = 30
    return compare(
        [
            *(line(f"w{at}", build(sent=at)) for at in range(count)),
            *(line(f"b{at}", build(sent=at + 9)) for at in range(count)),
            *(line(f"g{at}", build()) for at in range(count)),
            *(line(f"f{at}", build()) for at in range(count)),
        ],
        [
            *(line(f"w{at}", build(sent=at * 3)) for at in range(count)),
            *(line(f"b{at}", codes={f"code-{at}": 1}) for at in range(count)),
            *(line(f"n{at}", build(), secrets=("a",)) for at in range(count)),
            *(failed(f"f{at}") for at in range(count)),
        ],
    )


COMPARISONS = {
    "changed": changed,
    "unchanged": unchanged,
    "hostile": odd,
    "empty": empty,
    "many": many,
}
