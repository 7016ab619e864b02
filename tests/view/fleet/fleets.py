"""Fleets written by hand: of every kind of repository, of none, of hostile names."""

from __future__ import annotations

from ctxopt.core.fleet.records import (
    Failure,
    FailureKind,
    FleetBuild,
    FleetLine,
    FleetReport,
    FleetSettings,
    RowState,
)
from ctxopt.core.fleet.totals import report_of

GIT = "https://git.example.com/acme"
COMMIT = "8d3f0b7c1e5a49d2b6f8c07a9e1d4b3c5f6a7081"
HOSTILE = "</script><script>harmed=1</script>\u2028<!-- {{content}} &|`a` \udcff\n@you"
SETTINGS = FleetSettings(made_by="1.0.0")


def build(
    name: str = "web",
    sent: int | None = 40_000,
    again: int | None = 4_000,
    *,
    ignored: bool = True,
    error: str = "",
) -> FleetBuild:
    """A build, with what it sends; None: it could not be measured."""
    files = None if sent is None else 120
    return FleetBuild(
        *(name, f"{name}/Dockerfile", name, sent, again if sent is not None else None),
        *(files, ignored, error),
    )


def line(name: str, *builds: FleetBuild, **more: object) -> FleetLine:
    """A repository that was measured; further fields by name."""
    made = FleetLine(
        name,
        f"{GIT}/{name}.git",
        COMMIT,
        RowState.MEASURED if builds else RowState.EMPTY,
        seconds=1.25,
        builds=builds,
        wire_bytes=sum(one.wire_bytes or 0 for one in builds),
        repeat_wire_bytes=sum(one.repeat_wire_bytes or 0 for one in builds),
        page=f"pages/{name}.html" if builds else None,
    )
    return made._replace(**more)  # type: ignore[arg-type]


def failed(
    name: str, kind: FailureKind = FailureKind.CLONE, message: str = "it is not there"
) -> FleetLine:
    """A repository of which nothing is known."""
    return FleetLine(
        *(name, f"{GIT}/{name}.git", None, RowState.FAILED),
        failure=Failure(kind, message),
        attempts=3,
        seconds=60.5,
    )


def shop() -> FleetLine:
    """A repository of which there is all to say; a build could not be measured."""
    return line(
        "shop",
        build("web", 912_000_000, 41_000, ignored=False),
        build("api", 88_000_000, 9_000),
        build("old", None, error='"old/Dockerfile" is not there'),
        label="acme/shop",
        saved_wire_bytes=870_500_000,
        saved_repeat_wire_bytes=31_000,
        saved_seconds=12.5,
        saved_repeat_seconds=0.26,
        secrets=("web/.env", "web/deploy/id_rsa"),
        breaks_cache=True,
        codes={"cluttered": 1, "secret-env": 1, "secret-key": 1, "build-unmeasured": 1},
        severities={"error": 2, "warning": 2},
    )


def broken() -> FleetLine:
    """A repository none of whose builds could be measured, and what a check found."""
    return failed(
        "broken",
        FailureKind.REFUSED,
        "none of its builds could be measured; the first, web: no instruction FORM",
    )._replace(
        commit=COMMIT,
        builds=(build("web", None, error="no FORM"), build("api", None, error="no")),
        secrets=("web/.env",),
        codes={"dockerfile-invalid": 2, "secret-env": 1},
        severities={"error": 3},
    )


def small() -> FleetLine:
    """A folder that is no repository, whose only build sends little, and is well."""
    return line("small", build(), place="/home/you/small", commit=None, attempts=2)


def several() -> FleetReport:
    """A fleet of each kind."""
    return report_of(
        [
            failed("gone", message="fatal: repository not found"),
            failed("slow", FailureKind.TIMEOUT, "it took more than 600 seconds"),
            failed("lost", message="fatal: Authentication failed"),
            broken(),
            line("docs"),
            shop(),
            small(),
            *(
                line(
                    f"service-{at:02}",
                    build("app", 3_000_000 * at, 2_000 * at, ignored=at % 2 == 0),
                    saved_wire_bytes=1_000_000 * at,
                    saved_seconds=0.1 * at,
                    breaks_cache=at % 5 == 0,
                    codes={"cluttered": 1, **({"untagged-image": 2} if at > 6 else {})},
                    severities={"warning": 1, **({"note": 2} if at > 6 else {})},
                )
                for at in range(1, 13)
            ),
        ],
        SETTINGS,
    )


def hostile() -> FleetReport:
    """A fleet of which all that can be named is called so."""
    bad = build(HOSTILE, 5_000, error=HOSTILE)
    return report_of(
        [
            shop()._replace(
                name="hostile",
                label=HOSTILE,
                place=f"javascript:harmed=1//{HOSTILE}",
                commit=HOSTILE,
                builds=(bad,),
                secrets=(HOSTILE,),
                codes={HOSTILE: 2},
                page=f"javascript:harmed=1//{HOSTILE}",
            ),
            failed("bad", message=HOSTILE)._replace(name=f"2{HOSTILE}"),
            line("\u202egnp", build(), place='"onclick="harmed=1'),
        ],
        SETTINGS,
    )


def nothing() -> FleetReport:
    """A fleet of no repository."""
    return report_of([], SETTINGS)


def all_failed() -> FleetReport:
    """A fleet of which nothing is known."""
    return report_of([failed("gone"), failed("slow", FailureKind.TIMEOUT)], SETTINGS)


def all_well() -> FleetReport:
    """A fleet in which nothing is to be found."""
    return report_of([small()], SETTINGS)


FLEETS = {
    "several": several,
    "hostile": hostile,
    "nothing": nothing,
    "failed": all_failed,
    "well": all_well,
}
