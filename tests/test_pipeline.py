"""Whole measurements: from a request to a report."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import pytest

from ctxopt import pipeline
from ctxopt.core.builders import DOCKER_BUILDERS
from ctxopt.core.ignorefile.lines import parse as parse_ignore_file
from ctxopt.core.model import BuilderName, Problem, Report, Request, Severity
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.errors import CtxoptError, DockerfileError, WriteError
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.simulation import NewIgnoreFile, simulate
from ctxopt.pipeline.writing.plan import Choice
from tests.rights import as_nobody, public_folder
from tests.texttree import date, plant

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


def project(root: Path, tree: str, dockerfile: str, ignore: str | None = None) -> Path:
    """A context with its Dockerfile and ignore file, dated."""
    plant(root, tree)
    (root / "Dockerfile").write_text(f"FROM scratch\n{dockerfile}\n")
    if ignore is not None:
        (root / ".dockerignore").write_text(ignore)
    date(root)
    return root


def listed(request: Request) -> list[str]:
    return [
        f"{one.path}/" if one.directory else one.path
        for one in pipeline.listing(request)
    ]


def told(report: Report) -> list[tuple[str, Severity]]:
    return [(problem.code, problem.severity) for problem in report.problems]


# --- where it all began ----------------------------------------------------------


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """A context with one file of 30 bytes, and a Dockerfile of 35 beside it."""
    plant(tmp_path / "context", "conteudo.txt:30")
    dockerfile = b"FROM scratch\nCOPY conteudo.txt /out\n"
    assert len(dockerfile) == 36
    (tmp_path / "Dockerfile").write_bytes(dockerfile.rstrip())
    return tmp_path


def scan_seed(seed: Path) -> Report:
    request = Request(str(seed / "context"), str(seed / "Dockerfile"), builder=LEGACY)
    return pipeline.analyze(request)


def test_the_smallest_context_prints_2_607_kb(seed: Path) -> None:
    report = scan_seed(seed)
    assert report.transfer.printed == "2.607kB"
    assert report.transfer.tally.wire_bytes == 2607
    assert (report.transfer.tally.entries, report.transfer.tally.file_bytes) == (1, 30)
    assert report.context == report.transfer.tally


def test_the_same_build_may_also_print_2_595_kb(seed: Path) -> None:
    """The client adds its two entries in random order: wire-legacy.md, section 3."""
    (note,) = scan_seed(seed).problems
    assert (note.code, note.severity, note.subject) == ("random-size", NOTE, "2595")
    assert '"2.595kB"' in note.message


def test_logs_add_their_megabytes(seed: Path) -> None:
    sizes = (20_000_000, 6_600_000, 1)
    (seed / "context/log").mkdir()
    for index, size in enumerate(sizes):
        with open(seed / "context/log" / f"{index}.log", "wb") as file:
            file.truncate(size)
    report = scan_seed(seed)
    padded = sum(512 + -(-size // 512) * 512 for size in sizes)
    assert report.transfer.tally.wire_bytes == 2607 + 512 + padded
    assert report.transfer.printed == "26.61MB"
    (folder, *_) = report.largest
    assert (folder.path, folder.files, folder.file_bytes) == ("log", 3, sum(sizes))
    assert folder.wire_bytes == 512 + padded
    assert not folder.used


@pytest.mark.parametrize(
    ("ignore", "size", "printed"),
    [
        pytest.param("log\n", 2048 + 512 + 35, "2.595kB", id="ignored as a folder"),
        pytest.param("log/*\n", 2048 + 512 + 512 + 35, "3.107kB", id="its content"),
        pytest.param(
            "log\n" + "#" * 474, 2048 + 512 + 35, "2.595kB", id="478 bytes still fit"
        ),
        pytest.param(
            "log\n" + "#" * 475,
            2048 + 512 + 512 + 35,
            "3.107kB",
            id="a byte more does not",
        ),
    ],
)
def test_an_ignore_file_brings_it_back_down(
    seed: Path, ignore: str, size: int, printed: str
) -> None:
    (seed / "context/log").mkdir()
    with open(seed / "context/log/big.log", "wb") as file:
        file.truncate(26_600_000)
    (seed / "context/.dockerignore").write_text(ignore)
    report = scan_seed(seed)
    assert report.transfer.tally.wire_bytes == size
    assert report.transfer.printed == printed
    assert report.problems == ()


def test_in_the_context_itself_the_dockerfile_is_one_entry_more(seed: Path) -> None:
    inside = seed / "context/Dockerfile"
    (seed / "Dockerfile").rename(inside)
    report = pipeline.analyze(Request(str(seed / "context"), builder=LEGACY))
    assert report.transfer.printed == "3.072kB"
    assert report.transfer.tally.entries == 2


def test_buildkit_sends_the_same_file_in_69_bytes(seed: Path) -> None:
    (seed / "context/conteudo.txt").chmod(0o644)
    request = Request(str(seed / "context"), str(seed / "Dockerfile"))
    transfer = pipeline.analyze(request).transfer
    assert (transfer.tally.wire_bytes, transfer.printed) == (69, "69B")
    assert transfer.repeat_wire_bytes == 33
    assert transfer.ignorefile_wire_bytes == 2


# --- the Dockerfile from elsewhere -----------------------------------------------


@pytest.mark.parametrize(
    ("size", "usual", "rare"),
    [
        pytest.param(22, 2607, 2582, id="a small Dockerfile"),
        pytest.param(47, 2607, None, id="one as long as the invented ignore file"),
        pytest.param(512, 2607, 3072, id="one of a whole block"),
        pytest.param(513, 3119, 3073, id="one of a block and a byte"),
    ],
)
def test_standard_input_is_an_outside_dockerfile_for_the_legacy_client(
    tmp_path: Path, size: int, usual: int, rare: int | None
) -> None:
    plant(tmp_path, "f:30")
    text = b"FROM scratch\nCOPY f /\n".ljust(size, b"#")
    request = Request(str(tmp_path), "-", builder=LEGACY, dockerfile_bytes=text)
    report = pipeline.analyze(request)
    assert report.transfer.tally.wire_bytes == usual
    assert [problem.subject for problem in report.problems] == [
        str(rare) for _ in range(rare is not None)
    ]
    assert listed(request) == ["f"]
    assert report.dockerfile_path == "-"


def test_standard_input_leaves_a_dockerfile_in_the_context_alone(
    tmp_path: Path,
) -> None:
    root = project(tmp_path, "f", "COPY nothing /", "Dockerfile\n.dockerignore\n")
    text = b"FROM scratch\nCOPY f /\n"
    legacy = Request(str(root), "-", builder=LEGACY, dockerfile_bytes=text)
    assert listed(legacy) == [".dockerignore", "f"]
    size = pipeline.analyze(legacy).transfer.tally.wire_bytes
    assert size == 1024 + 512 + 512 + len(text)
    buildkit = Request(str(root), "-", dockerfile_bytes=text)
    assert listed(buildkit) == ["f"]
    report = pipeline.analyze(buildkit)
    assert told(report) == []
    assert report.transfer.dockerfile_wire_bytes == 29 + 2 + 2 + 22 + 2 + 2


def test_an_excluded_dockerfile_is_sent_but_cannot_be_copied(tmp_path: Path) -> None:
    root = project(tmp_path, "f", "COPY Dockerfile f /", "*\n")
    request = Request(str(root), builder=LEGACY)
    assert listed(request) == [".dockerignore", "Dockerfile"]
    report = pipeline.analyze(request)
    assert [use.state for use in report.sources] == ["ignored", "ignored"]


# --- no transfer -----------------------------------------------------------------


def test_a_build_that_takes_nothing_transfers_nothing(tmp_path: Path) -> None:
    root = project(tmp_path, "a:10 b/", "RUN true")
    report = pipeline.analyze(Request(str(root)))
    transfer = report.transfer
    assert (transfer.tally.entries, transfer.tally.wire_bytes) == (0, 0)
    assert (transfer.printed, transfer.repeat_wire_bytes) == (None, 0)
    assert report.context is not None
    assert report.context.entries == 3
    assert report.context.wire_bytes > 0
    assert report.used.files == 0
    assert listed(Request(str(root))) == []


@pytest.mark.parametrize("instruction", ["COPY . /", "COPY a /", "RUN true"])
@pytest.mark.parametrize("builder", BuilderName)
def test_the_legacy_client_alone_sends_the_whole_context_whatever_is_used(
    tmp_path: Path, builder: BuilderName, instruction: str
) -> None:
    root = project(tmp_path, "a:10 b/", instruction)
    transfer = pipeline.analyze(Request(str(root), builder=builder)).transfer
    assert transfer.is_whole is (builder is LEGACY)


def test_a_build_whose_source_is_not_there_transfers_two_bytes(tmp_path: Path) -> None:
    report = pipeline.analyze(Request(str(project(tmp_path, "a", "COPY no /"))))
    assert (report.transfer.tally.wire_bytes, report.transfer.printed) == (2, "2B")


def test_an_empty_legacy_context_is_its_trailer(tmp_path: Path) -> None:
    plant(tmp_path, "context/")
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    text = Request(
        str(tmp_path / "context"), str(tmp_path / "Dockerfile"), builder=LEGACY
    )
    report = pipeline.analyze(text)
    assert report.transfer.tally.entries == 0
    assert report.transfer.tally.wire_bytes == 512 + 512 + 512 + 47


# --- patterns that fail when they are met ----------------------------------------


def test_a_pattern_that_is_always_skipped_is_never_met(tmp_path: Path) -> None:
    root = project(tmp_path, "a/x:5 b/y", "COPY a /", "*\n[z-a]\n!a\n")
    report = pipeline.analyze(Request(str(root)))
    assert told(report) == []
    assert report.context is not None


def test_where_nothing_is_sent_no_pattern_is_met(tmp_path: Path) -> None:
    root = project(tmp_path, "a", "RUN true", "[z-a]\n")
    report = pipeline.analyze(Request(str(root)))
    assert report.context is None
    (problem,) = report.problems
    assert (problem.code, problem.severity) == ("bad-pattern", WARNING)
    assert (problem.file, problem.line) == (".dockerignore", 1)
    assert '"[z-a]"' in problem.message


def test_a_transfer_that_passes_by_folders_meets_no_error(tmp_path: Path) -> None:
    """The root holds only folders, and the only one asked for is excluded before."""
    root = plant(tmp_path / "context", "a/x:5 b/y:7")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY a /\n")
    (tmp_path / "Dockerfile.dockerignore").write_text("a\n[z-a]\n")
    request = Request(str(root), str(tmp_path / "Dockerfile"))
    report = pipeline.analyze(request)
    assert report.context is None
    assert report.transfer.tally.wire_bytes == 2
    assert ("bad-pattern", WARNING) in told(report)
    assert listed(request) == []
    with pytest.raises(CtxoptError, match="syntax error in pattern"):
        list(pipeline.listing(request, whole=True))


def test_a_transfer_that_meets_the_error_is_refused(tmp_path: Path) -> None:
    root = project(tmp_path, "a", "COPY . /", "x\n[z-a]\n")
    for ask in (pipeline.analyze, lambda request: list(pipeline.listing(request))):
        with pytest.raises(CtxoptError) as refused:
            ask(Request(str(root)))
        assert (refused.value.file, refused.value.line) == (".dockerignore", 2)


def test_the_legacy_client_ends_its_tar_without_a_word(tmp_path: Path) -> None:
    """Its first walk keeps `a/b` for the sake of `!a`, its second does not."""
    root = project(tmp_path, "0:3 a/b a/c z:9", "COPY . /", "a/b\n!a\n![z-a]\n")
    request = Request(str(root), builder=LEGACY)
    report = pipeline.analyze(request)
    assert ("cut-off", ERROR) in told(report)
    assert report.context == report.transfer.tally
    sent = listed(request)
    assert sent == [".dockerignore", "0", "Dockerfile", "a/"]
    sizes = sum(one.wire_bytes for one in pipeline.listing(request))
    assert report.transfer.tally.wire_bytes == sizes + 1024


def test_the_legacy_client_refuses_what_its_first_walk_meets(tmp_path: Path) -> None:
    root = project(tmp_path, "a", "COPY . /", "[z-a]\n")
    with pytest.raises(CtxoptError, match="syntax error in pattern"):
        pipeline.analyze(Request(str(root), builder=LEGACY))


# --- problems --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("copy", "ignore", "buildkit", "legacy"),
    [
        pytest.param("COPY a /", "", None, None, id="found"),
        pytest.param(
            "COPY no /",
            "",
            ("source-missing", ERROR),
            ("source-missing", ERROR),
            id="missing",
        ),
        pytest.param(
            "COPY a /",
            "a",
            ("source-ignored", ERROR),
            ("source-ignored", ERROR),
            id="ignored",
        ),
        pytest.param(
            "COPY *.no /",
            "",
            ("source-empty", NOTE),
            ("source-empty", ERROR),
            id="empty",
        ),
        pytest.param(
            "COPY ../a /",
            "",
            ("cut-at-root", NOTE),
            ("source-outside", ERROR),
            id="outside",
        ),
        pytest.param(
            "COPY l /",
            "",
            ("source-missing", ERROR),
            ("source-missing", ERROR),
            id="a dangling link",
        ),
        pytest.param(
            "COPY --chmod=755 a /", "", None, ("needs-buildkit", ERROR), id="--chmod"
        ),
        pytest.param(
            "COPY <<eof a /\nx\neof",
            "",
            None,
            ("needs-buildkit", ERROR),
            id="a heredoc",
        ),
        pytest.param(
            "RUN --mount=target=/x true",
            "",
            ("mount-sends-all", NOTE),
            ("needs-buildkit", ERROR),
            id="a mount",
        ),
    ],
)
def test_a_problem_has_a_code_for_each_builder(
    tmp_path: Path,
    *,
    copy: str,
    ignore: str,
    buildkit: tuple[str, Severity] | None,
    legacy: tuple[str, Severity] | None,
) -> None:
    root = project(tmp_path, "a:1 l->nowhere", copy, ignore)
    for builder, expected in ((BUILDKIT, buildkit), (LEGACY, legacy)):
        report = pipeline.analyze(Request(str(root), builder=builder))
        found = [pair for pair in told(report) if pair[0] != "unknown-base"]
        assert found[:1] == ([] if expected is None else [expected])
        for problem in report.problems:
            assert (problem.file, problem.line) == ("Dockerfile", 2)


def only(problems: Sequence[Problem]) -> Problem:
    (problem,) = problems
    return problem


def test_an_ignored_source_names_the_line_that_ignores_it(tmp_path: Path) -> None:
    root = project(tmp_path, "d/a", "COPY d/a /", "# mine\n\n!x\nd  \nq\n")
    for builder in (BUILDKIT, LEGACY):
        report = pipeline.analyze(Request(str(root), builder=builder))
        problem = only(report.problems)
        assert '.dockerignore:4 ("d") keeps it out' in problem.message
        assert (problem.file, problem.line, problem.subject) == ("Dockerfile", 2, "d/a")
        (use,) = report.sources
        assert use.decided_by is not None
        assert use.decided_by.line == 4


def test_one_bad_source_does_not_hide_another(tmp_path: Path) -> None:
    root = project(tmp_path, "a", "COPY no1 a /\nCOPY no2 /")
    report = pipeline.analyze(Request(str(root)))
    assert [problem.line for problem in report.problems] == [2, 3]
    assert [use.state for use in report.sources] == ["missing", "found", "missing"]


def test_a_base_that_is_not_read_is_noted_once(tmp_path: Path) -> None:
    root = project(
        tmp_path, "a", "FROM busybox AS x\nFROM busybox\nCOPY --from=x a b /"
    )
    problem = only(pipeline.analyze(Request(str(root))).problems)
    assert (problem.code, problem.severity) == ("unknown-base", NOTE)
    assert problem.subject == "busybox"


def test_what_cannot_be_read_is_told_as_each_builder_takes_it() -> None:
    with public_folder() as root:
        project(root, "f:9 d/x", "COPY . /")
        (root / "f").chmod(0)
        (root / "d").chmod(0)
        with as_nobody():
            buildkit = pipeline.analyze(Request(str(root)))
            legacy = pipeline.analyze(Request(str(root), builder=LEGACY))
    assert [(one.severity, one.subject) for one in buildkit.problems] == [
        (WARNING, "f"),
        (ERROR, "d"),
    ]
    assert [(one.severity, one.subject) for one in legacy.problems] == [
        (ERROR, "f"),
        (ERROR, "d"),
    ]
    assert {one.code for one in (*buildkit.problems, *legacy.problems)} == {
        "unreadable"
    }


def test_an_unreadable_file_that_is_not_sent_is_no_problem() -> None:
    with public_folder() as root:
        project(root, "f:9 a/x g", "COPY a /", "g\n")
        (root / "f").chmod(0)
        (root / "g").chmod(0)
        with as_nobody():
            assert told(pipeline.analyze(Request(str(root)))) == []


def test_a_refused_dockerfile_says_so_after_the_legacy_transfer(tmp_path: Path) -> None:
    root = project(tmp_path, "a:600", "NOPE")
    with pytest.raises(DockerfileError):
        pipeline.analyze(Request(str(root)))
    report = pipeline.analyze(Request(str(root), builder=LEGACY))
    assert told(report) == [("dockerfile-refused", ERROR)]
    assert report.transfer.tally.wire_bytes == 512 + 1024 + 512 + 512 + 1024
    assert report.stage == ""


# --- counting --------------------------------------------------------------------


def test_excluded_is_counted_on_demand(tmp_path: Path) -> None:
    root = project(tmp_path, "a:10 log/x:100 log/y:200", "COPY a /", "log\n")
    assert pipeline.analyze(Request(str(root))).excluded is None
    counted = pipeline.analyze(Request(str(root)), excluded=True).excluded
    assert counted is not None
    assert (counted.files, counted.file_bytes) == (2, 300)


def test_the_report_is_about_absolute_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path, "a", "COPY . /", "x\n\n# y\nz\n")
    monkeypatch.chdir(tmp_path)
    report = pipeline.analyze(Request("."))
    assert report.context_path == str(tmp_path)
    assert report.dockerfile_path == str(tmp_path / "Dockerfile")
    assert report.ignore_file is not None
    assert report.ignore_file.path == str(tmp_path / ".dockerignore")
    assert report.ignore_file.patterns == 2


def test_top_and_depth_bound_the_places(tmp_path: Path) -> None:
    root = project(tmp_path, "a/b/c:50 a/b/d:40 a/e:30 f:20 g:10", "COPY . /")
    report = pipeline.analyze(Request(str(root)), top=2, depth=2)
    assert [one.path for one in report.root.children] == ["a", "Dockerfile"]
    assert report.root.more_count == 2
    assert report.root.more.file_bytes == 30
    (first, _) = report.root.children
    assert [one.path for one in first.children] == ["a/b", "a/e"]
    assert [one.children for one in first.children] == [(), ()]
    assert [one.path for one in report.largest] == ["a", "a/b"]


CORRECT = ": correct the pattern if it should match"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param("conf/*.yml", CORRECT, id="a kind of file"),
        pytest.param("empty/*", CORRECT, id="everything in a folder"),
        pytest.param("lock-[0-9]", CORRECT, id="one of several names"),
        pytest.param("yarn.lock*", "", id="a name and a star"),
        pytest.param("conf/app.yml*", "", id="in a folder"),
        pytest.param("go.su[m]", "", id="one letter in brackets"),
        pytest.param("*.yml a", "", id="beside a source that is found"),
        pytest.param("*.yml *.yaml", CORRECT, id="beside another that finds nothing"),
    ],
)
def test_a_wildcard_that_may_match_nothing_is_not_to_be_corrected(
    words: str, told: str, tmp_path: Path
) -> None:
    first, *_ = words.split()
    # The folders are sent: without them the build would fail for want of them.
    root = project(tmp_path, "a conf/z", f"COPY conf empty /x/\nCOPY {words} /")
    (root / "empty").mkdir()
    notes = [
        one
        for one in pipeline.analyze(Request(str(root))).problems
        if one.code == "source-empty"
    ]
    assert notes[0].severity is NOTE
    said = f'"{first}" matches nothing; the build goes on without it'
    assert notes[0].message == said + told


@pytest.mark.parametrize("builder", DOCKER_BUILDERS)
def test_many_empty_files_outrank_one_that_is_not(
    builder: BuilderName, tmp_path: Path
) -> None:
    files = " ".join(f"d/{number}:0" for number in range(9))
    root = project(tmp_path, f"{files} big:90", "COPY . /")
    report = pipeline.analyze(Request(str(root), builder=builder), top=3, depth=2)
    assert report.largest[0].path == "d"
    folder, *_ = report.root.children
    assert folder.path == "d"
    assert folder.more.file_bytes == 0
    left_out = 9 - len(folder.children)
    assert folder.more_count == left_out
    # A header and nothing else, or a packet that names it and one that ends it.
    each = 512 if builder is BuilderName.LEGACY else folder.children[0].wire_bytes
    assert folder.more_weight == left_out * each


def test_what_is_not_sent_ranks_by_its_file_bytes(tmp_path: Path) -> None:
    root = project(tmp_path, "a/sent:50 a/home:70 b:60 c:500", "COPY a/sent b /")
    report = pipeline.analyze(Request(str(root)), top=9, depth=2)
    weights = [(one.path, one.weight, one.unsent_bytes) for one in report.largest]
    (c, (_, a, _), *others) = weights
    assert c == ("c", 500, 500)
    sent = {one.path: one.wire_bytes for one in report.largest}
    assert ("a", a, 70) == weights[1]
    assert a == sent["a"] + 70
    assert [path for path, _, _ in others] == ["b", "a/sent", "a/home", "Dockerfile"]
    assert sent["a/home"] == 0
    assert sent["a/sent"] > 70


# --- the ignore file is read for meaning once ------------------------------------


class Calls:
    """How often an ignore file was parsed, and a matcher made of its lines."""

    def __init__(self) -> None:
        self.parsed: list[bytes] = []
        self.matchers: list[tuple[str, ...]] = []

    def hear(self, frame: FrameType, event: str, _: object) -> None:
        if event != "call":
            return
        if frame.f_code is parse_ignore_file.__code__:
            self.parsed.append(frame.f_locals["content"])
        if frame.f_code is Matcher.__init__.__code__:
            # What is asked for are patterns, too, but of no file.
            patterns = frame.f_locals["patterns"]
            if any(one.location is not None for one in patterns):
                self.matchers.append(tuple(one.cleaned for one in patterns))


def scan_heard(request: Request) -> Calls:
    calls = Calls()
    sys.setprofile(calls.hear)
    try:
        pipeline.analyze(request, estimate=Estimate())
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("builder", DOCKER_BUILDERS)
def test_a_scan_parses_the_ignore_file_once_and_makes_its_matcher_once(
    tmp_path: Path, builder: BuilderName
) -> None:
    lines = "# ours\nlogs\n!logs/a\nsrc/gone\n*.tmp\n"
    root = project(
        tmp_path, "logs/a:9 logs/b:9 src/gone:1 src/b:1", "COPY src/gone . /", lines
    )
    calls = scan_heard(Request(str(root), builder=builder))
    assert calls.parsed.count(lines.encode()) == 1
    ours = ("logs", "logs/a", "src/gone", "*.tmp")
    assert calls.matchers.count(ours) == 1
    # And once for each builder that the cure of `src/gone` is tried with.
    tried = ("logs", "logs/a", "src/gone", "src/gone", "*.tmp")
    assert {*calls.matchers} == {ours, tried}


def test_what_a_line_would_add_is_read_back_once_more(tmp_path: Path) -> None:
    root = project(tmp_path, "a:1 .git/HEAD:9 .git/big:99999", "COPY . /", "x\n")
    calls = scan_heard(Request(str(root)))
    before, *after = calls.parsed
    assert before == b"x\n"
    assert after != []
    assert all(content.startswith(b"x\n\n#") for content in after)
    assert calls.matchers == [("x",)]


def test_what_the_legacy_client_brings_back_is_one_matcher_more(tmp_path: Path) -> None:
    root = project(tmp_path, "a:1", "COPY a /", "Dockerfile\n")
    calls = scan_heard(Request(str(root), builder=LEGACY))
    assert calls.parsed == [b"Dockerfile\n"]
    assert calls.matchers == [("Dockerfile",), ("Dockerfile", "Dockerfile")]


# --- named contexts --------------------------------------------------------------


@pytest.fixture
def named(tmp_path: Path) -> Path:
    """A main context, and another with an ignore file of its own."""
    plant(tmp_path, "main/a:10 other/x:100 other/y:200 other/z/w:300")
    (tmp_path / "other/.dockerignore").write_text("z\n.dockerignore\n")
    (tmp_path / "main/Dockerfile.dockerignore").write_text("x\n")
    return tmp_path


def scan_named(named: Path, dockerfile: str, **contexts: str) -> Report:
    (named / "main/Dockerfile").write_text(dockerfile)
    date(named)
    return pipeline.analyze(
        Request(
            str(named / "main"),
            build_contexts={"other": str(named / "other"), **contexts},
        )
    )


def test_a_named_context_is_measured_with_its_own_ignore_file(named: Path) -> None:
    report = scan_named(named, "FROM scratch\nCOPY --from=other x z /\n")
    (other,) = report.named
    assert (other.name, other.path) == ("other", str(named / "other"))
    assert other.ignore_file is not None
    assert (other.ignore_file.path, other.ignore_file.patterns) == (
        str(named / "other/.dockerignore"),
        2,
    )
    assert other.context is not None
    assert (other.context.files, other.context.file_bytes) == (2, 300)
    assert (other.transfer.tally.files, other.transfer.tally.file_bytes) == (1, 100)
    assert [use.state for use in other.sources] == ["found", "ignored"]
    assert report.transfer.printed is None
    assert told(report) == [("source-ignored", ERROR)]


def test_a_stage_from_a_named_context_takes_all_of_it(named: Path) -> None:
    report = scan_named(named, "FROM other\nCOPY a /\n")
    (other,) = report.named
    assert other.context == other.transfer.tally
    assert other.transfer.tally.file_bytes == 300
    assert report.transfer.tally.file_bytes == 10


def test_a_named_context_that_is_not_read_is_not_measured(named: Path) -> None:
    report = scan_named(named, "FROM scratch\nCOPY a /\n")
    assert report.named == ()


@pytest.mark.parametrize(
    "value",
    [
        "docker-image://busybox",
        "oci-layout:///x",
        "https://example.com/x.git",
        "git@example.com:x",
        "target:stage",
    ],
)
def test_a_remote_named_context_is_taken_for_granted(named: Path, value: str) -> None:
    report = scan_named(named, "FROM scratch\nCOPY --from=far x /\n", far=value)
    assert report.named == ()
    assert [problem for problem in report.problems if problem.severity is ERROR] == []


def test_a_named_context_that_is_missing_is_refused(named: Path) -> None:
    with pytest.raises(CtxoptError, match="failed to get build context far"):
        scan_named(named, "FROM scratch\n", far=str(named / "nowhere"))


def test_a_missing_source_of_a_named_context_is_a_problem(named: Path) -> None:
    report = scan_named(named, "FROM scratch\nCOPY --from=other no /\n")
    problem = only(report.problems)
    assert (problem.code, problem.line) == ("source-missing", 2)


# --- what only a differential run against BuildKit showed --------------------------


@pytest.mark.parametrize("ignore", ["a\n!a/b\n*\n", "a\n!a/b\na\n", "**\n!a/b\n/*\n"])
def test_a_file_kept_by_the_order_of_lines_arrives_empty(
    tmp_path: Path, ignore: str
) -> None:
    context = project(tmp_path, "a/b/c:3", "COPY a/b /", ignore)
    report = pipeline.analyze(Request(str(context)))
    assert report.transfer.tally.wire_bytes == 74
    assert ("arrives-empty", WARNING) in told(report)


def test_a_name_that_is_not_utf8_stops_buildkit_where_it_is_sent(
    tmp_path: Path,
) -> None:
    context = project(tmp_path, "a\udcff:3 b:1", "COPY . /")
    assert ("not-utf8", ERROR) in told(pipeline.analyze(Request(str(context))))
    legacy = Request(str(context), builder=LEGACY)
    assert told(pipeline.analyze(legacy)) == []
    (context / "Dockerfile").write_text("FROM scratch\nCOPY b /\n")
    assert told(pipeline.analyze(Request(str(context)))) == []


def test_a_named_context_read_through_a_stage_is_transferred(tmp_path: Path) -> None:
    plant(tmp_path / "n", "b:30 c:50")
    context = project(
        tmp_path / "context", "x:1", "FROM n AS y\nFROM scratch\nCOPY --from=y /b /z"
    )
    request = Request(str(context), build_contexts={"n": str(tmp_path / "n")})
    (named,) = pipeline.analyze(request).named
    assert named.transfer.tally.entries == 1


@pytest.mark.parametrize(
    ("options", "again"),
    [
        pytest.param("", 25, id="a read-only mount leaves the copy of the daemon"),
        pytest.param(",rw", 79, id="a writable mount takes it away"),
        pytest.param(",rw,ro", 25, id="the last word counts"),
        pytest.param(",rw=false", 25, id="a switch may be off"),
        pytest.param(",ro=false", 79, id="and read-only may be off"),
    ],
)
def test_a_repeated_build_with_a_mount(
    tmp_path: Path, options: str, again: int
) -> None:
    mount = f'RUN --mount=source=file,target=/m{options} ["/x"]'
    context = project(tmp_path, "file:48", mount)
    transfer = pipeline.analyze(Request(str(context))).transfer
    assert transfer.tally.wire_bytes == 79
    assert transfer.repeat_wire_bytes == again


def test_nothing_is_suggested_for_a_build_whose_sources_are_unknown(
    tmp_path: Path,
) -> None:
    """The legacy client posts the context before the daemon refuses the Dockerfile."""
    plant(tmp_path, "node_modules/a.js:100 src/app.py:10")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPPY . /\n")
    request = Request(str(tmp_path), builder=LEGACY)
    report = pipeline.analyze(request, estimate=Estimate())
    assert report.transfer.tally.files == 3
    assert (report.suggestions, report.held_back, report.projection) == ((), (), None)
    with pytest.raises(WriteError, match="what it takes is unknown") as caught:
        pipeline.plan(request, Choice(), estimate=Estimate())
    assert (caught.value.file, caught.value.line) == ("Dockerfile", 2)


def test_nothing_is_suggested_for_a_context_that_ends_early(tmp_path: Path) -> None:
    """The legacy client's tar stops at a bad pattern, and nobody is told."""
    project(tmp_path, "a/b:1 z/node_modules/x.js:9", "COPY . /", "*\n!a/b\n[z-a]\n")
    request = Request(str(tmp_path), builder=LEGACY)
    report = pipeline.analyze(request, estimate=Estimate())
    assert ("cut-off", ERROR) in told(report)
    assert (report.suggestions, report.projection) == ((), None)
    with pytest.raises(WriteError, match="the context cannot be told") as caught:
        pipeline.plan(request, Choice(), estimate=Estimate())
    assert (caught.value.file, caught.value.line) == (".dockerignore", 3)


@pytest.mark.parametrize(
    ("ignore", "announced", "refusal"),
    [
        pytest.param(
            "logs\n", {"logs"}, None, id="what is announced goes, and nothing else"
        ),
        pytest.param(
            "logs\nsrc/b\n", {"logs"}, "keep out .src/b. as well", id="more would go"
        ),
        pytest.param(
            "logs\n", {"logs", "src/b"}, "src/b. would stay", id="less would go"
        ),
        pytest.param(
            "logs\n!logs/x\n",
            {"logs"},
            "logs/x. would stay",
            id="a line brings it back",
        ),
        pytest.param(
            "logs\nsrc/a\n", {"logs", "src/a"}, "names .src/a.", id="a source names it"
        ),
    ],
)
def test_a_new_ignore_file_is_tried_out(
    ignore: str, announced: set[str], refusal: str | None, tmp_path: Path
) -> None:
    project(tmp_path, "logs/x:9 src/a:1 src/b:1", "COPY src/a /a\nCOPY . /")
    path = str(tmp_path / ".dockerignore")
    change = NewIgnoreFile(ignore.encode(), path, ".dockerignore", announced)
    if refusal is None:
        assert simulate(Request(str(tmp_path)), change) == ()
        return
    with pytest.raises(WriteError, match=refusal):
        simulate(Request(str(tmp_path)), change)
