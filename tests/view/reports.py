"""Reports written by hand: what a view is given, without a disk behind it."""

from __future__ import annotations

from ctxopt.core.findings import codes
from ctxopt.core.model import (
    BuildCost,
    BuilderName,
    Confidence,
    HeldBack,
    IgnoreSummary,
    Location,
    NamedReport,
    Place,
    Problem,
    Projection,
    Report,
    Request,
    Severity,
    Source,
    SourceKind,
    SourceState,
    SourceUse,
    Suggestion,
    Tally,
    Transfer,
    Usage,
)


def source(
    line: int, text: str, words: str, stage: str = "runtime", **more: object
) -> Source:
    return Source(
        instruction=text.split(maxsplit=1)[0],
        stage=stage,
        location=Location("Dockerfile", line, line),
        text=words,
        expanded=words,
        line_text=text,
    )._replace(
        **more,  # type: ignore[arg-type]
    )


def folder(
    path: str,
    files: int,
    size: int,
    *,
    sent: int | None = None,
    used: int | None = None,
    sources: tuple[int, ...] = (),
    children: tuple[Place, ...] = (),
) -> Place:
    return Place(
        path=path,
        kind="directory",
        files=files,
        file_bytes=size,
        wire_bytes=size if sent is None else sent,
        used_bytes=(size if sources else 0) if used is None else used,
        sources=sources,
        children=children,
        unsent_bytes=size if sent == 0 else 0,
    )


def file(path: str, size: int, *, sources: tuple[int, ...] = ()) -> Place:
    taken = size if sources else 0
    return Place(
        path, "file", 1, size, taken, taken, sources, unsent_bytes=size - taken
    )


def buildkit() -> Report:
    """A service whose COPY . . sweeps in logs and history, and data nobody takes."""
    sources = (
        SourceUse(source(5, "COPY src /app", "src"), 48, 402_113, SourceState.FOUND),
        SourceUse(source(7, "COPY . .", "."), 1_305, 26_200_417, SourceState.FOUND),
    )
    logs = folder("logs", 31, 24_871_020, sent=24_899_310, sources=(1,))
    git = folder("data", 8_903, 304_771_123, sent=0)
    children = (
        git,
        logs._replace(
            children=(
                folder("logs/2026", 20, 20_400_000, sources=(1,)),
                file("logs/app.log", 4_471_020, sources=(1,)),
            ),
        ),
        folder(".git", 1_020, 1_003_000, sent=1_101_440, sources=(1,)),
        folder("src", 48, 402_113, sent=412_020, sources=(0, 1)),
        folder("docs", 200, 300_000, sent=103_000, used=100_000, sources=(1,))._replace(
            unsent_bytes=200_000
        ),
    )
    root = folder("", 12_041, 331_001_377, sent=26_620_113, sources=(0, 1))._replace(
        children=children,
        more=Usage(91, 21_305),
        more_count=14,
        more_weight=23_112,
    )
    return Report(
        request=Request(context="."),
        context_path="/home/you/shop",
        dockerfile_path="/home/you/shop/Dockerfile",
        stage="1",
        ignore_file=IgnoreSummary("/home/you/shop/.dockerignore", 12),
        context=Tally(12_663, 12_041, 622, 331_001_377, 331_419_006),
        transfer=Transfer(
            tally=Tally(1_305, 1_204, 101, 26_200_417, 26_620_113),
            printed="26.62MB",
            dockerfile_wire_bytes=312,
            ignorefile_wire_bytes=190,
            repeat_wire_bytes=48_112,
        ),
        used=Usage(1_204, 26_200_417),
        unused=Usage(10_837, 304_800_960),
        excluded=None,
        sources=sources,
        root=root,
        largest=(git, logs, file("logs/app.log", 4_471_020, sources=(1,))),
        named=(),
        problems=(),
    )


def legacy() -> Report:
    """The same folder for the builder that sends everything."""
    base = buildkit()
    tally = Tally(12_663, 12_041, 622, 331_001_377, 341_299_200)
    children = [
        place._replace(wire_bytes=place.file_bytes + 1024 * place.files, unsent_bytes=0)
        for place in base.root.children
    ]
    children.sort(key=lambda place: -place.weight)
    return base._replace(
        request=Request(context=".", builder=BuilderName.LEGACY),
        context=tally,
        transfer=Transfer(tally=tally, printed="341.3MB", is_whole=True),
        root=base.root._replace(wire_bytes=tally.wire_bytes, children=(*children,)),
        largest=(*children[:3],),
    )


def cost(
    context_bytes: int, transfer_bytes: int, first: float, again: float
) -> BuildCost:
    """Sizes and seconds as an outcome compares them."""
    context, transfer = (
        Tally(wire_bytes=context_bytes),
        Tally(wire_bytes=transfer_bytes),
    )
    return BuildCost(context, transfer, 0, first, again)


def suggestion(
    rule: str,
    label: str,
    patterns: str,
    files: int,
    size: int,
    *,
    name: str = "",
    confidence: Confidence = Confidence.CERTAIN,
    sent: bool = True,
    **more: object,
) -> Suggestion:
    """A suggestion about files of `size` bytes, as text: `*.log logs`.

    Its id is `name`, or that of its rule.
    """
    wire = size + 100 * files
    made = Suggestion(
        rule=rule,
        patterns=tuple(patterns.split()),
        label=label,
        reason=f"No image has a use for {label}.",
        confidence=confidence,
        question=f"Does the image do without {label}?",
        notes=(),
        files=files if sent else 0,
        file_bytes=size if sent else 0,
        wire_bytes=wire if sent else 0,
        repeat_wire_bytes=40 * files if sent else 0,
        context=Tally(files, files, 0, size, wire),
        seconds=wire / 20_000_000 if sent else 0.0,
        repeat_seconds=files / 100_000 if sent else 0.0,
        sources=(1,) if sent else (),
        id=name or rule,
        unsettles=sent,
    )
    return made._replace(**more)  # type: ignore[arg-type]


LIKELY, ASK = Confidence.LIKELY, Confidence.ASK
QUESTIONS = (
    suggestion(
        "large:dumps/2026-08-01-shop.sql",
        "one file, 11 % of what is sent",
        "dumps/2026-08-01-production-shop-full.sql",
        1,
        3_000_000,
        name="large-shop-full-sql",
        confidence=ASK,
    ),
    suggestion(
        "git-ignored:services/shop/.gitignore:12",
        "git ignores it",
        "services/shop/tmp services/shop/out",
        41,
        200_000,
        name="git-tmp",
        confidence=ASK,
        notes=('services/shop/.gitignore:12 has "/tmp"',),
    ),
    suggestion("tests", "the tests", "tests", 1, 7_000, confidence=ASK),
)


def suggesting() -> Report:
    """Every kind of suggestion, things held back, and what `write` would leave."""
    base = buildkit()
    more = (
        suggestion(
            "logs-dirs",
            "folders of log files",
            "logs",
            31,
            24_871_020,
            confidence=LIKELY,
            notes=("git tracks 2 of 31 files", "git ignores it, too (.gitignore:4)"),
        ),
        suggestion(
            "vcs-git", "git history", ".git", 1_020, 1_003_000, confidence=LIKELY
        ),
        suggestion(
            "py-tool-caches",
            "caches of Python tools",
            ".pytest_cache .mypy_cache .ruff_cache",
            214,
            250_000,
        ),
        suggestion("py-bytecode", "Python bytecode", "**/__pycache__", 90, 40_000),
        *(
            suggestion(f"small-{n}", f"clutter number {n}", f"**/small-{n}", 1, 100 - n)
            for n in range(1, 6)
        ),
    )
    idle = (
        suggestion(
            "node-modules", "npm packages", "node_modules", 900, 81_000_000, sent=False
        ),
        suggestion(
            "os-macos", "macOS Finder files", "**/.DS_Store", 3, 18_432, sent=False
        ),
        suggestion(
            "old", "old backups", "backup", 1, 10, confidence=LIKELY, sent=False
        ),
    )
    held = (
        HeldBack("docs", "docs/README.md", "pyproject.toml:9 declares it"),
        HeldBack("archives", "seed/demo.tar.gz", "COPY names it (line 16)"),
        HeldBack(
            "env", "conf/.env", 'the build reads it: Makefile:3 has ". conf/.env"'
        ),
        HeldBack("tmp", "a.tmp", "the same line would hit it"),
    )
    return base._replace(
        suggestions=(*more, *QUESTIONS, *idle),
        held_back=held,
        projection=Projection(
            "local",
            "measured",
            cost(331_419_006, 26_620_113, 0.462, 0.051),
            cost(224_019_006, 420_113, 0.063, 0.012),
        ),
    )


def idle() -> Report:
    """Clutter that this build never sends: every source names its files."""
    base = suggesting()
    now = cost(331_419_006, 26_620_113, 0.462, 0.051)
    return base._replace(
        request=Request(
            context="services/shop",
            dockerfile="docker/prod.Dockerfile",
            target="runtime",
            build_args={"MODE": "prod mode"},
        ),
        suggestions=base.suggestions[-3:],
        held_back=(),
        projection=Projection("local", "measured", now, now),
    )


def asking() -> Report:
    """Only questions are left."""
    base = suggesting()
    assert base.projection is not None
    return base._replace(
        suggestions=QUESTIONS,
        held_back=base.held_back[:1],
        projection=base.projection._replace(after=base.projection.now),
    )


def settled() -> Report:
    """Nothing is left to suggest; something was held back."""
    return asking()._replace(suggestions=())


def failing() -> Report:
    """Every state of a source, several stages, a named context, all severities."""
    base = buildkit()
    uses = (
        SourceUse(
            source(
                4,
                "COPY package.json yarn.lock ./",
                "package.json",
                "deps",
                alone=False,
            ),
            1,
            2_310,
            SourceState.FOUND,
        ),
        SourceUse(
            source(
                4, "COPY package.json yarn.lock ./", "yarn.lock", "deps", alone=False
            ),
            0,
            0,
            SourceState.MISSING,
        ),
        SourceUse(
            source(
                9, "COPY ${CONF}/*.yml /etc/", "${CONF}/*.yml", expanded="conf/*.yml"
            ),
            0,
            0,
            SourceState.EMPTY,
        ),
        SourceUse(
            source(
                10,
                "RUN --mount=type=bind,source=tools,target=/t \\\n    /t/run",
                "tools",
                mount=True,
            ),
            7,
            81_220,
            SourceState.FOUND,
        ),
        SourceUse(
            source(12, "COPY secrets/token /run/", "secrets/token"),
            0,
            0,
            SourceState.IGNORED,
        ),
        SourceUse(source(13, "ADD ../up /", "../up"), 0, 0, SourceState.OUTSIDE),
    )
    problems = (
        Problem(
            "dockerfile-outside",
            Severity.NOTE,
            "the Dockerfile lies outside the context; the client sends it on its own",
        ),
        codes.SOURCE_MISSING.problem(
            'COPY names "yarn.lock", and there is no such file in the context;'
            " the build would fail here",
            place=Location("Dockerfile", 4, 4),
            subject="yarn.lock",
        ),
        codes.SOURCE_IGNORED.problem(
            'COPY names "secrets/token", which is on disk but kept out by'
            " .dockerignore:3: secrets",
            place=Location("Dockerfile", 12, 12),
            subject="secrets/token",
        ),
        codes.SOURCE_EMPTY.problem(
            'the wildcard "conf/*.yml" matches nothing',
            severity=Severity.WARNING,
            place=Location("Dockerfile", 9, 10),
            subject="conf/*.yml",
        ),
    )
    named = NamedReport(
        name="assets",
        path="/home/you/design-system/packages/assets",
        ignore_file=IgnoreSummary(
            "/home/you/design-system/packages/assets/.dockerignore", 2
        ),
        context=Tally(310, 300, 10, 31_000_000, 31_200_000),
        transfer=Transfer(
            Tally(121, 120, 1, 26_200_000, 26_620_000), "26.62MB", None, None, 4_800
        ),
        sources=tuple(
            SourceUse(
                Source(
                    "COPY",
                    "runtime",
                    Location("docker/prod.Dockerfile", line, line),
                    text,
                    text,
                    SourceKind.NAMED,
                    "assets",
                    line_text=f"COPY --from=assets {text} /usr/share/assets",
                ),
                entries,
                size,
                state,
            )
            for line, text, entries, size, state in (
                (14, "fonts", 121, 26_200_000, SourceState.FOUND),
                (15, "src", 0, 0, SourceState.IGNORED),
            )
        ),
    )
    return base._replace(
        request=Request(
            context="services/shop",
            dockerfile="docker/prod.Dockerfile",
            target="runtime",
            build_args={"CONF": "conf"},
        ),
        stage="runtime",
        ignore_file=IgnoreSummary(
            "/home/you/shop/docker/prod.Dockerfile.dockerignore", 1
        ),
        excluded=Usage(88_120, 1_210_400_000),
        sources=uses,
        root=base.root._replace(
            children=tuple(
                c._replace(sources=c.sources and (3,)) for c in base.root.children
            ),
        ),
        named=(named,),
        problems=problems,
    )


def nothing() -> Report:
    """A build that takes nothing of its context, without an ignore file."""
    base = buildkit()
    children = tuple(
        place._replace(
            wire_bytes=0,
            used_bytes=0,
            sources=(),
            children=(),
            unsent_bytes=place.file_bytes,
        )
        for place in base.root.children[:3]
    )
    return base._replace(
        request=Request(context=".", dockerfile="-"),
        dockerfile_path="-",
        stage="0",
        ignore_file=None,
        transfer=Transfer(Tally(), None, 312, 2, 0),
        used=Usage(),
        unused=Usage(12_041, 331_001_377),
        sources=(),
        root=base.root._replace(
            wire_bytes=0, used_bytes=0, sources=(), children=children
        ),
        largest=children,
    )


def untold() -> Report:
    """A pattern that the builder refuses as soon as it meets it."""
    return nothing()._replace(
        request=Request(context="."),
        dockerfile_path="/home/you/shop/Dockerfile",
        ignore_file=IgnoreSummary("/home/you/shop/.dockerignore", 2),
        context=None,
        used=Usage(),
        unused=Usage(),
        root=folder("", 0, 0),
        largest=(),
        problems=(
            Problem(
                "pattern-refused",
                Severity.WARNING,
                'the pattern "a[" never closes its bracket: a build that sends'
                " anything would fail",
                ".dockerignore",
                2,
                "a[",
            ),
        ),
    )


def hostile() -> Report:
    """Names that a careless view would obey, or break on."""
    base = buildkit()
    names = (
        "[bold]red[/bold]",
        "two\nlines",
        "bell\x07\x1b[31mred",
        "caf\udce9",
        "日本語のとても長いフォルダの名前です",
        "ملفات",
        "turn\u202egpj.exe",
        "a-" + "very-" * 20 + "long-name.tar.gz",
        "tab\there",
    )
    children = tuple(
        folder(name, 1, 1_000_000 - index, sources=(0,))
        for index, name in enumerate(names)
    )
    uses = tuple(
        SourceUse(source(index, f"COPY {name}\tx", name), 1, 10, SourceState.FOUND)
        for index, name in enumerate(names, 3)
    )
    problems = tuple(
        codes.UNREADABLE.problem(
            f"cannot read {name}",
            severity=Severity.WARNING,
            place=Location(name, 1, 1),
            subject=name,
        )
        for name in names
    )
    suggestions = tuple(
        suggestion("r", name, "x", 1, 10, notes=(name,), sources=(0,))._replace(
            patterns=(name,),
        )
        for name in names
    )
    price = cost(331_419_006, 26_620_113, 0.462, 0.051)
    return base._replace(
        request=Request(context="we\x1b]0;x\x07ird", target="st\x1bage"),
        stage="st\x1bage",
        sources=uses,
        root=base.root._replace(children=children, more_count=0),
        largest=children,
        problems=problems,
        suggestions=suggestions,
        held_back=tuple(HeldBack("r", name, name) for name in names[:3]),
        projection=Projection(
            "local",
            "measured",
            price,
            price._replace(transfer=Tally(wire_bytes=10)),
        ),
    )


REPORTS = {
    made.__name__: made
    for made in (
        *(buildkit, legacy, suggesting, idle, asking, settled),
        *(failing, nothing, untold, hostile),
    )
}
