"""Moments of watching, written by hand: what the screen is given."""

from __future__ import annotations

from ctxopt.core.findings import codes
from ctxopt.core.model import Location, Source
from ctxopt.core.watching.moment import (
    Affected,
    Change,
    FrequentChange,
    Invalidation,
    Preview,
    WatchMoment,
    What,
    Written,
)
from tests.view import reports

IGNORE = ".dockerignore"


def changed(
    path: str,
    before: int | None,
    after: int | None,
    *,
    inside: bool = True,
    taken: bool = True,
    line: tuple[int, str] | None = None,
    invalidates: tuple[Invalidation, ...] = (),
    what: What | None = None,
    mode: int = 0o644,
) -> Change:
    if what is None:
        what = What.GONE if after is None else What.SIZE
        what = What.NEW if before is None and after is not None else what
    place = None if line is None else Location(IGNORE, line[0], line[0])
    return Change(
        path=path.rstrip("/"),
        before_bytes=before,
        after_bytes=after,
        is_folder=path.endswith("/"),
        inside=inside,
        taken=taken,
        decided_by=place,
        decided_text="" if line is None else line[1],
        invalidates=invalidates,
        what=what,
        mode=mode,
    )


def unsettles(
    source: Source, following: int = 3, stages: tuple[Affected, ...] = ()
) -> Invalidation:
    return Invalidation(source, source.stage, following, stages)


ALL = unsettles(reports.source(7, "COPY . .", ".", "1"))
SRC = unsettles(
    reports.source(5, "COPY src /app", "src", "builder"),
    5,
    (Affected("runtime", 4, wholly=False),),
)
LONG = unsettles(
    reports.source(
        12,
        "COPY --chown=app:app --link package.json yarn.lock tsconfig.json .npmrc /srv/",
        "package.json",
        "builder",
    ),
    0,
)


def quiet() -> WatchMoment:
    """Just started: nothing has changed, nothing is suggested, no budget."""
    report = reports.buildkit()
    return WatchMoment(
        report=report,
        at=2.0,
        history=((0.4, report.transfer.tally.wire_bytes),),
        changes=(),
        restless=(),
        budget=None,
        paused=False,
        message="",
        written=None,
        watches=622,
        polled=0,
    )


def busy() -> WatchMoment:
    """Everything at once."""
    report = reports.suggesting()
    now = report.transfer.tally.wire_bytes
    steps = (
        *((0.4, 0.62), (70.0, 0.63), (140.0, 0.70), (170.0, 0.72), (201.0, 0.9)),
        *((260.0, 0.91), (280.0, 0.55), (301.0, 0.97), (330.0, 1.0)),
    )
    return quiet()._replace(
        report=report,
        at=331.0,
        history=tuple((when, round(part * now)) for when, part in steps),
        changes=(
            changed("logs/app.log", 4_469_817, 4_471_020, invalidates=(ALL,)),
            changed("logs/access.log", 812, 1_024, invalidates=(ALL,)),
            changed("src/shop/views/basket.py", 9_212, 8_904, invalidates=(SRC, ALL)),
            changed("coverage/", None, 1_310_220, line=(4, "!coverage")),
            changed(
                "node_modules/.cache/",
                None,
                None,
                inside=False,
                line=(2, "node_modules"),
            ),
            changed("data/2026/dump.sql", None, 80_211_034, taken=False),
            changed("package.json", 2_310, 2_310, invalidates=(LONG,), what=What.TIME),
            changed("old.txt", 310, None, invalidates=(ALL,)),
            changed("empty", None, 0, invalidates=(ALL,)),
            changed("run.sh", 90, 90, invalidates=(ALL,), what=What.MODE, mode=0o755),
            changed("README.md", 310, 310, what=What.NOTHING),
            changed(".git/", 0, 0, invalidates=(ALL,), what=What.INSIDE),
        ),
        restless=(
            FrequentChange("logs/app.log", 214, "logs"),
            FrequentChange("src/shop/views/.basket.py.swp", 31, "**/*.swp"),
            FrequentChange(".git/index", 1, None),
        ),
        budget=50_000_000,
        selected=1,
        polled=12,
    )


def over() -> WatchMoment:
    """Over the budget, the reason shown, lines written, paused, the build broken."""
    report = reports.suggesting()
    missing = codes.SOURCE_MISSING.problem(
        'COPY names "yarn.lock", and there is no such file in the context;'
        " the build would fail here",
        place=Location("Dockerfile", 4, 4),
        subject="yarn.lock",
    )
    return busy()._replace(
        report=report._replace(problems=(missing,)),
        budget=20_000_000,
        reason_shown=True,
        selected=0,
        paused=True,
        message="nothing more to write: 2 questions are left",
        written=Written(
            ("**/*.pyc", ".venv"), "/home/you/shop/.dockerignore", by_itself=True
        ),
    )


def choosing() -> WatchMoment:
    """Two suggestions are chosen, and another one is selected."""
    return busy()._replace(chosen=frozenset({0, 2}), changes=busy().changes[:2])


def asking() -> WatchMoment:
    """What is chosen is shown before it is written."""
    lines = (
        *("--- a/.dockerignore", "+++ b/.dockerignore", "@@ -1,2 +1,12 @@"),
        *(" node_modules", " !coverage", "+", "+# --- ctxopt ---"),
        *("+# logs: folders of log files", "+logs"),
        *("+# python-caches: caches of Python tools", "+.pytest_cache", "+.ruff_cache"),
        *("+# a long comment " + "that goes on " * 12, "-# old \x1b[31m line\r"),
    )
    patterns = ("logs", ".pytest_cache", ".ruff_cache")
    preview = Preview(".dockerignore", patterns, lines, 1_480_000)
    return choosing()._replace(preview=preview, written=over().written)


def broken() -> WatchMoment:
    """The Dockerfile is refused: all numbers are those of before."""
    return busy()._replace(
        changes=busy().changes[:2],
        failed='Dockerfile:2: unknown instruction: COPPY in "COPPY . /"; did you mean'
        " COPY?",
    )


def legacy() -> WatchMoment:
    """The builder that sends everything."""
    return busy()._replace(report=reports.legacy(), history=((0.1, 341_299_200),))


def untold() -> WatchMoment:
    """The context cannot be told, nothing is transferred."""
    return quiet()._replace(report=reports.untold(), history=((0.1, 0), (1.0, 0)))


def hostile() -> WatchMoment:
    """Names that a careless view would obey, or break on."""
    report = reports.hostile()
    names = [one.path for one in report.root.children]
    return over()._replace(
        report=report,
        changes=tuple(
            changed(
                name,
                None,
                10**at,
                line=(at + 1, name),
                invalidates=(
                    unsettles(reports.source(3, f"COPY {name}\tx", name, name), 1),
                ),
            )
            for at, name in enumerate(names)
        ),
        restless=tuple(FrequentChange(name, 10**9, name) for name in names),
        message="two\nlines \x1b[31m and 日本語 " + "long " * 40,
        written=Written(
            tuple(names), "/x/caf\udce9/.docker\x07ignore", by_itself=False
        ),
        selected=99,
        watches=10**7,
        budget=0,
    )


MOMENTS = {
    made.__name__: made
    for made in (
        *(quiet, busy, over, choosing, asking, broken, legacy, untold, hostile),
    )
}
