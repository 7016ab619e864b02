"""Repositories written by hand, with builds of every kind."""

from __future__ import annotations

from ctxopt.core.builds.records import (
    BlockedSuggestion,
    BuildKind,
    BuildResult,
    BuildSaving,
    FoundBuild,
    FoundBuilds,
    IgnoreFileAdvice,
    RepositoryReport,
    SentTwice,
    SharedSuggestion,
)
from ctxopt.core.findings import codes
from ctxopt.core.model import (
    BuilderName,
    Confidence,
    HeldBack,
    IgnoreSummary,
    Location,
    Problem,
    Projection,
    Report,
    Request,
    Severity,
    Suggestion,
    Tally,
    Usage,
)
from ctxopt.errors import ContextError, CtxoptError, DockerfileError
from tests.view import reports

FOLDER = "/home/you/shop"
COMPOSE = "compose.yaml"


def line(number: int, file: str = COMPOSE) -> Location:
    return Location(file, number, number)


def found(
    name: str,
    dockerfile: str,
    context: str = ".",
    *,
    kind: BuildKind = BuildKind.COMPOSE,
    place: Location | None = None,
    target: str | None = None,
    **more: object,
) -> FoundBuild:
    """A build, as it is found; further fields by name."""
    request = Request(context, dockerfile or None, target)
    made = FoundBuild(name, kind, request, dockerfile, context, place)
    return made._replace(**more)  # type: ignore[arg-type]


def measured(
    build: FoundBuild, sent: int, again: int | None = 4_000, *problems: Problem
) -> BuildResult:
    """A build with what it sends."""
    base = reports.buildkit()
    sizes = base.transfer._replace(
        tally=Tally(1_305, 1_204, 101, sent, sent), repeat_wire_bytes=again
    )
    folder = FOLDER if build.context == "." else f"{FOLDER}/{build.context}"
    report = base._replace(
        request=build.request,
        context_path=folder,
        dockerfile_path=f"{FOLDER}/{build.dockerfile}",
        ignore_file=IgnoreSummary(f"{folder}/.dockerignore", 3),
        transfer=sizes,
        problems=problems,
    )
    return BuildResult(build, report)


def refused(build: FoundBuild, error: CtxoptError) -> BuildResult:
    """A build that cannot be measured: its Dockerfile would be refused."""
    return BuildResult(build, None, error)


def elsewhere(build: FoundBuild, error: CtxoptError) -> BuildResult:
    """One that was found with the reason why it cannot be measured."""
    return BuildResult(build._replace(refusal=error), None, error)


def missing(file: str, at: int, name: str) -> Problem:
    return codes.SOURCE_MISSING.problem(
        f'"{name}" is not in the context; the build fails: "/{name}": not found',
        place=Location(file, at, at),
        subject=name,
    )


def idle_line(text: str, at: int) -> Problem:
    return codes.IDLE_LINE.problem(
        f'"{text}" matches nothing: docker reads it from the root',
        severity=Severity.WARNING,
        place=Location(".dockerignore", at, at),
        subject=text,
    )


def projection(
    sent: int, then: int, again: int = 4_000, left: int = 4_000
) -> Projection:
    """What a build costs now and then."""
    now = reports.cost(400_000_000, sent, sent / 50_000_000, again / 100_000)
    after = reports.cost(100_000_000, then, then / 50_000_000, left / 100_000)
    return Projection(
        "local",
        "measured",
        now._replace(repeat_wire_bytes=again),
        after._replace(repeat_wire_bytes=left),
    )


def shared(shown: Suggestion, *savings: tuple[str, int]) -> SharedSuggestion:
    """A suggestion with what it saves each build."""
    saved = tuple(
        BuildSaving(name, size, size // 100, unsettles=shown.unsettles)
        for name, size in savings
    )
    total = sum(size for _, size in savings)
    return SharedSuggestion(shown._replace(wire_bytes=total), saved)


def _builds() -> tuple[BuildResult, ...]:
    stale = idle_line("/build/", 4)
    web = found("web", "web/Dockerfile", place=line(4), target="runtime")
    api = found(
        "api",
        "services/api/Dockerfile",
        place=line(9),
        also=(line(3, "docker-bake.hcl"), line(21, ".github/workflows/ci.yml")),
    )
    worker = found("worker", "services/api/Dockerfile", place=line(15), target="worker")
    cron = found("cron", "", place=line(22))
    docs = found("docs", "docs/Dockerfile", "docs", place=line(30))
    return (
        measured(web, 331_419_006, 48_112, stale, missing("web/Dockerfile", 7, "dist")),
        measured(api, 212_620_113, 48_112, stale),
        measured(worker, 212_610_113, 47_900, stale),
        measured(cron, 26_620_113, 4_112, stale),
        measured(
            found(
                "notifications-gateway",
                "services/notifications/gateway/deploy/production.Dockerfile",
                kind=BuildKind.DOCKERFILE,
                reason="only there is what it copies: go.mod, go.sum",
            ),
            9_400_000,
            8_000,
            stale,
            missing(
                "services/notifications/gateway/deploy/production.Dockerfile", 3, "x"
            ),
        ),
        measured(docs, 2_410_113, 900, idle_line("/site", 1)),
        *(
            measured(
                found(
                    name,
                    f"tools/{name}/Dockerfile",
                    f"tools/{name}",
                    kind=BuildKind.DOCKERFILE,
                    reason="what it copies is beside it",
                ),
                size,
                300,
            )
            for name, size in (("lint", 310_000), ("seed", 12_000), ("mail", 0))
        ),
        refused(
            found("proxy", "proxy/Dockerfile", "proxy", place=line(41)),
            DockerfileError(
                "unknown instruction: COPPY (did you mean COPY?)",
                file="proxy/Dockerfile",
                line=6,
                text="COPPY nginx.conf /etc/nginx/",
            ),
        ),
        refused(
            found("old", "old/Dockerfile", "old", place=line(47)),
            ContextError("there is no such folder: old"),
        ),
        elsewhere(
            found(
                "vendor",
                "Dockerfile",
                "https://example.org/vendor.git#main",
                place=line(52),
            ),
            CtxoptError(
                "its context is elsewhere: https://example.org/vendor.git#main",
                hint="fetch it, and give the folder",
                file=COMPOSE,
                line=52,
            ),
        ),
    )


def _root_file() -> IgnoreFileAdvice:
    made = reports.suggestion
    logs = made("logs-dirs", "folders of log files", "logs", 31, 24_871_020)
    modules = made("node-modules", "npm packages", "**/node_modules", 90_000, 9)
    git = made("vcs-git", "git history", ".git", 12, 9, confidence=reports.LIKELY)
    dumps = made(
        "large:dump.sql",
        "one file, 11 % of what is sent",
        "dumps/2026-08-01-production-shop-full.sql",
        1,
        9,
        name="large-dump-sql",
        confidence=Confidence.ASK,
    )
    idle = made(
        "os-macos", "macOS Finder files", "**/.DS_Store .idea", 3, 9, sent=False
    )
    return IgnoreFileAdvice(
        path=f"{FOLDER}/.dockerignore",
        shown=".dockerignore",
        exists=True,
        builds=("web", "api", "worker", "cron", "notifications-gateway"),
        suggestions=(
            shared(
                modules._replace(unsettles=False),
                *(("web", 290_000_000), ("api", 170_000_000), ("worker", 170_000_000)),
                *(("cron", 20_000_000), ("notifications-gateway", 1_000_000)),
            ),
            shared(logs, ("web", 24_000_000), ("api", 24_000_000)),
            shared(git, ("web", 1_101_440), ("api", 1_101_440)),
            shared(dumps, ("web", 3_000_000)),
            shared(idle),
        ),
        blocked=(
            BlockedSuggestion(
                HeldBack("docs", "docs", "services/api/Dockerfile:4 copies it"),
                ("api",),
                (BuildSaving("web", 2_000_000, 900), BuildSaving("cron", 1_000, 9)),
            ),
            BlockedSuggestion(
                HeldBack("env", "conf/.env", 'Makefile:3 has ". conf/.env"'), (), ()
            ),
        ),
        apart=("web/Dockerfile",),
        after=(
            ("web", projection(331_419_006, 16_317_566, 48_112, 9_000)),
            ("api", projection(212_620_113, 17_518_673, 48_112, 9_100)),
            ("worker", projection(212_610_113, 42_610_113, 47_900, 12_000)),
            ("cron", projection(26_620_113, 6_620_113, 4_112, 1_000)),
            ("notifications-gateway", projection(9_400_000, 8_400_000, 8_000, 7_000)),
        ),
    )


def _docs_file() -> IgnoreFileAdvice:
    made = reports.suggestion("docs-site", "built sites", "_site .cache", 210, 9)
    return IgnoreFileAdvice(
        path=f"{FOLDER}/docs/.dockerignore",
        shown="docs/.dockerignore",
        exists=False,
        builds=("docs",),
        suggestions=(shared(made, ("docs", 2_200_000)),),
        after=(("docs", projection(2_410_113, 210_113, 900, 500)),),
    )


def shop() -> RepositoryReport:
    """A dozen builds: shared and own ignore files, errors, some without sizes."""
    builds = _builds()
    return RepositoryReport(
        folder=FOLDER,
        found=FoundBuilds(
            builds=tuple(one.found for one in builds),
            problems=(
                Problem(
                    "compose-variable",
                    Severity.WARNING,
                    'the variable "TAG" is not set, and is taken as empty',
                    COMPOSE,
                    60,
                    "TAG",
                    "set it in .env",
                ),
            ),
            files=(COMPOSE, "docker-bake.hcl", ".github/workflows/ci.yml"),
            chosen=(
                "compose.yaml names 8 of them, 4 Dockerfiles are named by no file; "
                "docker-bake.hcl and a workflow name the same again"
            ),
        ),
        builds=builds,
        ignore_files=(_docs_file(), _root_file()),
        sent_twice=(
            SentTwice(FOLDER, ".", ("api", "worker"), 212_620_113, "", 212_610_113),
            SentTwice(
                FOLDER,
                ".",
                ("web", "api", "cron"),
                331_419_006,
                "src",
                239_240_226,
                alike=False,
            ),
        ),
    )


def single() -> RepositoryReport:
    """One build, and nobody asked what to write."""
    only = measured(found("shop", "Dockerfile", kind=BuildKind.DOCKERFILE), 412_000, 90)
    return RepositoryReport(FOLDER, FoundBuilds((only.found,)), (only,))


def clean() -> RepositoryReport:
    """Two builds of the legacy builder, and nothing to suggest."""
    builds = [
        measured(found(name, f"{name}/Dockerfile", name), size, None)
        for name, size in (("a", 9_000), ("b", 8_000))
    ]
    legacy = tuple(_by_legacy(one) for one in builds)
    files = tuple(
        IgnoreFileAdvice(
            f"{FOLDER}/{one.name}/.dockerignore",
            f"{one.name}/.dockerignore",
            exists=True,
            builds=(one.name,),
            after=((one.name, projection(9_000, 9_000, 0, 0)),),
        )
        for one in legacy
    )
    found_builds = FoundBuilds(tuple(one.found for one in legacy))
    return RepositoryReport(FOLDER, found_builds, legacy, files)


def _by_legacy(one: BuildResult) -> BuildResult:
    request = one.found.request
    request = Request(request.context, request.dockerfile, builder=BuilderName.LEGACY)
    assert one.report is not None
    return BuildResult(
        one.found._replace(request=request),
        one.report._replace(request=request, unused=Usage(9, 900)),
    )


def many() -> RepositoryReport:
    """Sixty services, each with its own ignore file, problems and suggestion."""
    builds = [
        measured(
            found(f"service-{n:02}", f"services/{n:02}/Dockerfile", f"services/{n:02}"),
            (61 - n) * 1_000_000,
            500,
            missing(f"services/{n:02}/Dockerfile", 3, f"file-{n}"),
        )
        for n in range(1, 61)
    ]
    made = reports.suggestion("logs-dirs", "folders of log files", "logs", 3, 9)
    files = tuple(
        IgnoreFileAdvice(
            f"{FOLDER}/{one.found.context}/.dockerignore",
            f"{one.found.context}/.dockerignore",
            exists=False,
            builds=(one.name,),
            suggestions=(shared(made, (one.name, 400_000)),),
            after=((one.name, projection(1_000_000, 600_000)),),
        )
        for one in builds
    )
    found_builds = FoundBuilds(tuple(one.found for one in builds))
    return RepositoryReport(FOLDER, found_builds, (*builds,), files)


def hostile() -> RepositoryReport:
    """Names that a careless view would obey, or break on."""
    names = (
        "[bold]red[/bold]",
        "two\nlines",
        "bell\x07\x1b[31mred",
        "caf\udce9",
        "日本語のとても長いサービスの名前です",
        "ملفات",
        "a-" + "very-" * 20 + "long-name",
    )
    problem = reports.hostile().problems[1]
    builds = tuple(
        measured(
            found(name, f"{name}/Dockerfile", name, place=line(1, name), reason=name),
            1_000_000 - at,
            90,
            problem,
        )
        for at, name in enumerate(names)
    )
    told = CtxoptError(names[2], hint=names[1], file=names[3], line=1)
    builds += (refused(found("\x1b]0;x\x07", names[2], names[2]), told),)
    made = reports.suggestion("r", names[1], "x", 1, 10)._replace(patterns=(names[2],))
    held = BlockedSuggestion(
        HeldBack("r", names[3], names[2]), names[:5], (BuildSaving(names[5], 10, 1),)
    )
    advice = IgnoreFileAdvice(
        f"/{names[1]}/.dockerignore",
        f"{names[1]}/.dockerignore",
        exists=False,
        builds=names,
        suggestions=(shared(made, *((name, 100) for name in names)),),
        blocked=(held,),
        apart=names[:2],
        after=((names[0], projection(1_000_000, 900_000)),),
    )
    return RepositoryReport(
        folder=f"/{names[2]}/{names[3]}",
        found=FoundBuilds(
            tuple(one.found for one in builds), (problem,), names, names[2]
        ),
        builds=builds,
        ignore_files=(advice,),
        sent_twice=(
            SentTwice(
                f"/{names[1]}", names[1], names, 9_000, names[2], 63_000, alike=False
            ),
        ),
    )


REPOSITORIES = {made.__name__: made for made in (shop, single, clean, many, hostile)}


def report_of(one: BuildResult) -> Report:
    assert one.report is not None
    return one.report
