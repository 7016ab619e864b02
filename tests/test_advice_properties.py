"""What must hold of suggestions and of writing them, for any tree and any build.

Nothing here knows how a saving is worked out: the same build is measured again with
the lines in its ignore file, first as a value and then on disk, and the two must agree
to the byte.
"""

from __future__ import annotations

import os
import posixpath
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias, TypeVar

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ctxopt import pipeline
from ctxopt.core.ignorefile import block
from ctxopt.core.ignorefile.lines import parse
from ctxopt.core.judging.rows import Batch, FolderRef
from ctxopt.core.measure.clutter_match import HEAVY_BYTES, ClutterMatch
from ctxopt.core.measure.fold import Fold
from ctxopt.core.model import (
    BuilderName,
    Listed,
    Report,
    Request,
    Source,
    SourceState,
    Tally,
)
from ctxopt.core.patterns.matcher import Matcher
from ctxopt.core.patterns.pattern import Pattern
from ctxopt.core.sources.links import glob_matches
from ctxopt.core.sources.sweeps import source_sweeps
from ctxopt.core.suggest.weighing import Weighed
from ctxopt.errors import CtxoptError, WriteError
from ctxopt.pipeline.advice import Advice, Estimate, advise, rule_index_of
from ctxopt.pipeline.measuring import MeasuredBuild, measure, transfer_of
from ctxopt.pipeline.preparation.build import Build
from ctxopt.pipeline.survey.survey import survey
from ctxopt.pipeline.writing.drafting import Drafting
from ctxopt.pipeline.writing.plan import Choice, WritePlan
from tests.test_properties import Tree
from tests.trees import BASE_TIME_NS

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY

# --- random builds ---------------------------------------------------------------

# Names that rules speak of, names that builds need, and names that need escapes.
CLUTTER = (
    *("node_modules", "__pycache__", ".git", "target", "logs", "dist", ".venv"),
    *("a.pyc", "x.log", ".env", ".DS_Store", "y.tmp", "data", "docs", "tests"),
    *("CACHEDIR.TAG", "pyvenv.cfg", "lib.so", ".cache", "t.egg-info"),
)
NEEDED = ("src", "a", "b.txt", "package.json", "README.md", "pom.xml", "Cargo.toml")
STRANGE = (
    "#x#",
    "nxl",
    "a*b",
    "!x",
    "#x",
    " x",
    "x ",
    "é",
    "[a]",
    "a\\b",
    "x?",
    "n\nl",
    "\udcff",
)
NAMES = st.one_of(*map(st.sampled_from, (CLUTTER, CLUTTER, NEEDED, STRANGE)))
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
SIZES = st.sampled_from([0, 1, 511, 512, 513, 40_000, 1_200_000, HEAVY_BYTES + 7])

# More files than an id of one byte can count.
CROWDS = st.sampled_from(
    [
        *[("", 0)] * 3,
        ("data/f{:03}", 135),
        ("logs/{:03}.log", 130),
        ("node_modules/{}/__pycache__/m.pyc", 45),
        ("m{:03}.log", 70),
    ]
)

PARTS = st.sampled_from(
    ["*", "**", "src", "a", "*.log", "node_modules", "logs", "b.txt", "target", "x*"]
)
PATTERNS = st.one_of(
    st.sampled_from(["*", "**/*.log", "docs", "**/x.log", "*/*", "target/a", ".*"]),
    st.lists(PARTS, min_size=1, max_size=3).map("/".join),
)
NEGATED = st.one_of(
    st.sampled_from(["!src", "!**/x.log", "!logs/x.log", "!node_modules/a", "!*/a"]),
    PATTERNS.map("!{}".format),
)
COMMENTS = st.sampled_from(["", "# mine", "  # no comment"])
LINES = st.lists(st.one_of(PATTERNS, NEGATED, COMMENTS), max_size=5)
GIT_LINES = st.lists(
    st.one_of(NAMES, st.sampled_from(["*.so", "/data/", "!b.txt", "src/*"])),
    max_size=4,
)
WORDS = st.one_of(
    st.sampled_from([".", ".", "src", "a", "*", "*/a", "package.json", "dist", ".git"]),
    st.sampled_from(["node_modules", "logs/x.log", "*.log", "**/*.log", "target/*"]),
    PATHS.filter(lambda path: not set(path) & set(" #\n\\[]\"'")),
)
FLAGS = st.sampled_from(["", "", "", "--exclude=*.log ", "--parents "])


# Where the ignore file may be that `.dockerignore` leads to.
LINKED = ("conf/ignored", ".cache/ignored", "docs/ignored.log")

# What an earlier run wrote; the user's lines come behind it.
OLD_BLOCK = (
    f"{block.TITLE}\n# old: old; 1 B in 1 file when written\n**/z\n# <<< ctxopt <<<\n"
)
# And one in which somebody said no.
NO_BLOCK = (
    f"{block.TITLE}\n# no: no\n#logs\n#**/*.log\n#data/f001\n#a/node_modules\n"
    "# docs\n#tests\n# <<< ctxopt <<<\n"
)


@st.composite
def ignore_files(draw: st.DrawFn) -> bytes | None:
    """Lines as users write them, ends and all; None: no such file."""
    if draw(st.integers(0, 3)) == 0:
        return None
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    text = newline.join(draw(LINES))
    if text and draw(st.booleans()):
        text += newline
    mark = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"]))
    written = draw(st.sampled_from(["", "", "", OLD_BLOCK, NO_BLOCK]))
    return mark + written.encode() + text.encode()


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    """One or two stages that copy, add and mount."""
    stages = []
    for stage in range(draw(st.integers(1, 2))):
        lines = [f"FROM scratch AS s{stage}"]
        for word in draw(st.lists(WORDS, max_size=3)):
            kind = draw(st.sampled_from("CCCCAMT"))
            flags = draw(FLAGS)
            if kind == "M":
                more = draw(st.sampled_from(["", ",rw"]))
                mount = f"type=bind,source={word},target=/m{more}"
                lines.append(f"RUN --mount={mount} make")
            elif kind == "T":
                lines.append(f"RUN --mount=type=tmpfs,source={word},target=/m make")
            elif kind == "A":
                lines.append(f"ADD {word} /to/")
            else:
                lines.append(f"COPY {flags}{word} /to/")
        if stage:
            lines.append("COPY --from=s0 /to /to")
        stages.append("\n".join(lines) + "\n")
    return "# syntax=docker/dockerfile:1-labs\n" + "".join(stages)


@dataclass(frozen=True)
class Project:
    """A tree with a build of it, and where its two files are."""

    tree: Tree
    crowd: tuple[str, int]  # more files of this form, so many
    git_lines: tuple[str, ...]
    ignore_file: bytes | None
    ignore_place: str  # path; one of LINKED: there is a link to it
    ignore_again: str  # another name of the same file, "" for none
    dockerfile: str
    dockerfile_place: str
    builder: BuilderName

    @contextmanager
    def laid(self) -> Iterator[Laid]:
        """The project on disk, as long as this is open."""
        with tempfile.TemporaryDirectory(prefix="ctxopt-") as folder:
            base = Path(folder)
            root = base / "context"
            root.mkdir()
            self._lay_out(root)
            for path, folders, files in os.walk(base):
                for name in (*folders, *files):
                    times = (BASE_TIME_NS, BASE_TIME_NS)
                    os.utime(os.path.join(path, name), ns=times, follow_symlinks=False)
            dockerfile = os.path.normpath(root / self.dockerfile_place)
            request = Request(str(root), dockerfile, builder=self.builder)
            words = ("--mount", "--parents", "--exclude")
            strange = any(word in self.dockerfile for word in words)
            mixed = self.builder is LEGACY and strange
            names = (self.ignore_place, self.ignore_again)
            places = [root / name for name in names]
            linked = all(map(os.path.lexists, places)) and os.path.samefile(*places)
            links = (names,) if self.ignore_again and linked else ()
            yield Laid(root, request, is_mixed=mixed, links=links)

    def _lay_out(self, root: Path) -> None:
        sparse = {path: size for path, size in self.tree.files.items() if size > 10**6}
        replace(
            self.tree, files={**self.tree.files, **dict.fromkeys(sparse, 0)}
        ).lay_out(root)
        for path, size in sparse.items():
            os.truncate(root / path, size)
        self._crowd(root)
        if self.git_lines:
            text = "".join(f"{line}\n" for line in self.git_lines)
            (root / ".gitignore").write_bytes(os.fsencode(text))
        dockerfile = root / self.dockerfile_place
        dockerfile.parent.mkdir(exist_ok=True)
        dockerfile.write_text(self.dockerfile, "utf-8", "surrogateescape")
        if self.ignore_file is None:
            return
        place = root / self.ignore_place
        if place.name != ".dockerignore" and place.suffix != ".dockerignore":
            place.parent.mkdir(exist_ok=True)
            (root / ".dockerignore").symlink_to(self.ignore_place)
        place.write_bytes(self.ignore_file)
        if self.ignore_again and not os.path.lexists(root / self.ignore_again):
            os.link(place, root / self.ignore_again)

    def _crowd(self, root: Path) -> None:
        form, count = self.crowd
        for number in range(count):
            path = root / form.format(number)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError):
                return  # a file is in the way
            if not os.path.lexists(path):
                path.write_bytes(b"x" * (number % 3))


@dataclass(frozen=True)
class Laid:
    """A project on disk."""

    root: Path
    request: Request
    is_mixed: bool  # a legacy build of what only BuildKit understands
    links: tuple[tuple[str, str], ...]  # the ignore file, and another name of it
    before: Report | None = None  # that nothing was written for

    def listed(self, *, whole: bool = False) -> list[Listed]:
        """The transfer, or the context."""
        return [*pipeline.listing(self.request, whole=whole)]

    def ignore_files(self) -> dict[str, bytes]:
        """All that could be the ignore file."""
        found = {}
        for path in (
            *(".dockerignore", "Dockerfile.dockerignore", *LINKED),
            *("docker/Dockerfile.dockerignore", "../Dockerfile.dockerignore"),
        ):
            if (self.root / path).is_file():
                found[path] = (self.root / path).read_bytes()
        return found

    def put_back(self, files: dict[str, bytes]) -> None:
        """Let the ignore files say again what they said, and be no others."""
        assert self.ignore_files().keys() == files.keys()
        for path, content in files.items():
            (self.root / path).write_bytes(content)
        for path, other in self.links:  # which writing has parted
            (self.root / other).unlink()
            os.link(self.root / path, self.root / other)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Clutter and what is needed, side by side and in one another."""
    files: dict[str, int] = {}
    tree = Tree(files, {}, {}, ())
    leaves: set[str] = set()
    inner: set[str] = {"docker", "conf", ".cache", "docs"}
    folders: list[str] = []
    for path in draw(st.lists(PATHS, min_size=2, max_size=16, unique=True)):
        parents = {path[:at] for at, character in enumerate(path) if character == "/"}
        if path in inner or parents & leaves:
            continue
        inner |= parents
        kind = draw(st.sampled_from("ffffdlnn"))
        if kind == "d":
            folders.append(path)
            inner.add(path)
            continue
        leaves.add(path)
        if kind == "l":
            tree.links[path] = draw(
                st.sampled_from(["a", "../b.txt", "/src", ".", "no"])
            )
        elif kind == "n" and files:
            tree.names[path] = draw(st.sampled_from(sorted(files)))
        else:
            files[path] = draw(SIZES)
    return replace(tree, folders=tuple(folders))


@st.composite
def projects(draw: st.DrawFn, builders: Sequence[BuilderName]) -> Project:
    """Any build of any tree."""
    place = draw(st.sampled_from(["Dockerfile"] * 3 + ["docker/Dockerfile"]))
    if draw(st.integers(0, 7)) == 0:
        place = "../Dockerfile"
    own = f"{place}.dockerignore"
    return Project(
        draw(trees()),
        draw(CROWDS),
        tuple(draw(GIT_LINES)),
        draw(ignore_files()),
        draw(st.sampled_from([*[".dockerignore"] * 4, own, *LINKED])),
        draw(st.sampled_from(["", "", "", "+", "0.log", "zz"])),
        draw(dockerfiles()),
        place,
        draw(st.sampled_from(builders)),
    )


# Every example is a tree on disk, measured several times.


@contextmanager
def accepted(project: Project, estimate: Estimate | None = None) -> Iterator[Laid]:
    """The project on disk; only those that its builder does not refuse."""
    with project.laid() as laid:
        try:
            report = pipeline.analyze(laid.request, estimate=estimate)
        except CtxoptError:
            assume(False)  # noqa: FBT003  # hypothesis' own way to say so
        yield replace(laid, before=report)


# --- exact savings ---------------------------------------------------------------

Made = TypeVar("Made")
Sizes: TypeAlias = tuple[Tally, Tally, int]


def sizes(build: Build) -> Sizes:
    """Context, transfer, and the transfer of a repeated build, measured."""
    question = build.job(build.main)
    found = survey(question)
    transfer = transfer_of(build, question, found)
    context = build.builder.context(found.measurement.context, transfer)
    again = transfer.repeat_wire_bytes
    if again is None:
        again = transfer.tally.wire_bytes
    return context, transfer.tally, again


def with_lines(measured: MeasuredBuild, lines: Sequence[str]) -> Build:
    """The build with lines at the end of its ignore file, for the simulation only."""
    build = measured.build
    target = build.ignore_target()
    content = target.file.to_bytes()
    if content and not content.endswith(b"\n"):
        content += b"\n"
    content += os.fsencode("".join(f"{line}\n" for line in lines))
    found = build.main.ignore_file
    specific = found is not None and found.specific
    return build.with_ignore_file(content, target.path, specific=specific)


def advice_of(laid: Laid) -> tuple[MeasuredBuild, Advice]:
    measured = measure(laid.request, top=0, depth=0, rule_index=rule_index_of)
    return measured, advise(measured, Estimate())


def minus(first: Tally, second: Tally) -> Tally:
    pairs = zip(vars_of(first), vars_of(second), strict=True)
    return Tally(*(one - other for one, other in pairs))


def vars_of(tally: Tally) -> tuple[int, ...]:
    return (
        *(tally.entries, tally.files, tally.directories),
        *(tally.file_bytes, tally.wire_bytes),
    )


# Of these nothing is written: one example is for all of them.
@pytest.mark.deep
@settings(max_examples=settings().max_examples * 2 // 3)
@given(project=projects((BUILDKIT, LEGACY)), data=st.data())
def test_savings_are_differences_and_finds_of_parts_are_those_of_the_whole(
    project: Project, data: st.DataObject
) -> None:
    with accepted(project) as laid:
        measured, advice = advice_of(laid)
        a_saving_is_the_difference_of_two_measurements(measured, advice)
        savings_of_several_are_that_of_all_their_lines(measured, advice, data)
        finds_of_parts_joined_are_those_of_the_whole(measured)


def a_saving_is_the_difference_of_two_measurements(
    measured: MeasuredBuild, advice: Advice
) -> None:
    before = sizes(measured.build)
    lines: list[str] = []
    for proposal, shown in advice.weighed:
        lines += proposal.lines
        after = sizes(with_lines(measured, lines))
        transfer = minus(before[1], after[1])
        assert shown.context == minus(before[0], after[0]), shown
        saved = (shown.files, shown.file_bytes, shown.wire_bytes)
        assert saved == (
            transfer.files,
            transfer.file_bytes,
            transfer.wire_bytes,
        ), shown
        assert shown.repeat_wire_bytes == before[2] - after[2], shown
        before = after


def savings_of_several_are_that_of_all_their_lines(
    measured: MeasuredBuild, advice: Advice, data: st.DataObject
) -> None:
    if not advice.weighed:
        return
    every = range(len(advice.weighed))
    subset = data.draw(st.sets(st.sampled_from(every)))
    for chosen in (
        advice.weighed,
        advice.unasked,
        tuple(advice.weighed[index] for index in sorted(subset)),
    ):
        check_together(measured, advice, chosen)


def check_together(
    measured: MeasuredBuild, advice: Advice, chosen: Sequence[Weighed]
) -> None:
    lines = [line for one in chosen for line in one.proposal.lines]
    context, transfer, again = sizes(with_lines(measured, lines))
    sent = advice.savings.after(
        [find for one in chosen for find in one.proposal.clutter]
    )
    assert (sent.context, sent.transfer, sent.repeat_wire_bytes) == (
        context,
        transfer,
        again,
    )


# --- writing ---------------------------------------------------------------------


def drafted(laid: Laid, choice: Choice) -> Drafting | None:
    """What could be written; None where it is refused, as `planned` says."""
    return unrefused(
        laid, choice, lambda: pipeline.plan(laid.request, choice, estimate=Estimate())
    )


def planned(
    laid: Laid, choice: Choice, draft: Drafting | None, *, unsent: bool = True
) -> WritePlan | None:
    """The plan; None where it is refused, which sure suggestions are hardly ever.

    Builders that read the Dockerfile differently may want different things. With
    `unsent`, what this build does not send is accepted, too.
    """
    if draft is None:
        return None
    more = {one.rule for one in draft.consents.unsent} if unsent else ()
    return unrefused(laid, choice, lambda: draft.plan(more))


def unrefused(laid: Laid, choice: Choice, make: Callable[[], Made]) -> Made | None:
    try:
        return make()
    except WriteError:
        assert choice.include_ask or laid.is_mixed
        return None


def what_is_projected_is_what_is_measured_after_writing(
    laid: Laid, draft: Drafting | None
) -> None:
    assert laid.before is not None
    projection = laid.before.projection
    assert projection is not None
    plan = planned(laid, Choice(), draft, unsent=False)
    if plan is None:
        return
    if not plan.goes_unasked:
        assert projection.after == projection.now
        return
    plan.apply()
    report = pipeline.analyze(laid.request)
    assert report.context is not None
    after = projection.after
    # Of a mixed build, which fails, what BuildKit would take is held back besides.
    assert laid.is_mixed or (after.context_wire_bytes, after.transfer_wire_bytes) == (
        report.context.wire_bytes,
        report.transfer.tally.wire_bytes,
    )
    assert plan.then is not None
    assert (plan.then.context, plan.then.transfer) == (
        report.context,
        report.transfer.tally,
    )
    again = report.transfer.repeat_wire_bytes
    if again is not None:
        assert plan.then.repeat_wire_bytes == again
    pipeline.plan_removal(laid.request, Choice()).apply()


def check_written(
    laid: Laid, seen: Seen, choice: Choice, draft: Drafting | None
) -> None:
    """Write, write again, remove: what that does to the file and to the build."""
    files = laid.ignore_files()
    plan = planned(laid, choice, draft)
    assert laid.ignore_files() == files
    if plan is None:
        return
    plan.apply()
    seen.check(laid)
    if plan.changes:
        new = Path(plan.target.path).read_bytes()
        check_lines(plan.snapshot.content or b"", new)
    check_again(laid, choice)
    pipeline.plan_removal(laid.request, choice).apply()
    assert laid.ignore_files() == removed(laid, files, plan.target.path)


def check_again(laid: Laid, choice: Choice) -> None:
    """There is nothing left to write.

    Of questions another one may come up once the answer to the first is written: a
    line may do then that would have hit what is gone now. That has an end.
    """
    for _ in range(3 if choice.include_ask else 1):
        again = planned(laid, choice, drafted(laid, choice))
        if again is None or not again.changes:
            return
        again.apply()
    raise AssertionError(again)


def check_lines(old: bytes, new: bytes) -> None:
    """The user's lines, and how the file ends, are what they were."""
    if not has_block(old):
        assert new.startswith(old)
    outside = block.without_block(parse(new, "")).to_bytes()
    assert outside == block.without_block(parse(old, "")).to_bytes()
    assert new.endswith(b"\n") or not old.endswith(b"\n")


def has_block(content: bytes) -> bool:
    return block.BEGIN in content


def removed(laid: Laid, files: dict[str, bytes], target: str) -> dict[str, bytes]:
    """The same files without the block that one of them had before."""
    return {
        path: block.without_block(parse(content, path)).to_bytes()
        if os.path.realpath(laid.root / path) == os.path.realpath(target)
        else content
        for path, content in files.items()
    }


@dataclass(frozen=True)
class Seen:
    """What a build found before, and what of it has to be there afterwards."""

    states: list[SourceState]
    sent: set[str]  # that a source names
    kept: set[str]  # that a negated line names

    @classmethod
    def of(cls, laid: Laid) -> Seen:
        report = laid.before
        assert report is not None
        transfer = laid.listed()
        found = report.ignore_file
        patterns: tuple[Pattern, ...] = ()
        if found is not None:
            patterns = parse(Path(found.path).read_bytes(), found.path).patterns
        return cls(
            [use.state for use in report.sources],
            {one.path for one in transfer if any(names(s, one) for s in one.sources)},
            {
                one.path
                for one in laid.listed(whole=True)
                if is_brought_back(one.path, patterns)
            },
        )

    def check(self, laid: Laid) -> None:
        report = pipeline.analyze(laid.request)
        assert [use.state for use in report.sources] == self.states
        assert self.sent <= {one.path for one in laid.listed()}
        assert self.kept <= {one.path for one in laid.listed(whole=True)}


def names(source: Source, one: Listed) -> bool:
    """Whether the source says this very path, or a wildcard of it hits it.

    Wildcards alone name nothing: `*` has to find something, whatever that is.
    """
    if source_sweeps(source):
        return False
    text = source.expanded.replace("/./", "/")
    pattern = posixpath.normpath("/" + text).strip("/").split("/")
    parts = one.path.split("/")
    return len(pattern) == len(parts) and all(map(glob_matches, pattern, parts))


def is_brought_back(path: str, patterns: Sequence[Pattern]) -> bool:
    """Whether a negated line that hits this very path had the last word on it."""
    decided = Matcher(patterns).verdict(path).decided_by
    if decided is None or not decided.negated or decided.sweeps:
        return False
    alone = Matcher([Pattern(decided.text, decided.cleaned, negated=False)])
    above = posixpath.dirname(path)
    return not (above and alone.matches_or_parent_matches(above))


@pytest.mark.deep
@given(project=projects((BUILDKIT, LEGACY)))
def test_writing_does_what_was_projected_loses_nothing_and_can_be_taken_back(
    project: Project,
) -> None:
    with accepted(project, Estimate()) as laid:
        seen, files = Seen.of(laid), laid.ignore_files()
        draft = drafted(laid, Choice())
        what_is_projected_is_what_is_measured_after_writing(laid, draft)
        laid.put_back(files)
        check_written(laid, seen, Choice(), draft)
        laid.put_back(files)
        # What had to be asked loses nothing either.
        all_of_it = Choice(include_ask=True)
        check_written(laid, seen, all_of_it, drafted(laid, all_of_it))
        laid.put_back(files)
        if draft is not None:
            a_no_to_every_question_is_remembered_and_takes_nothing(laid, draft)


def a_no_to_every_question_is_remembered_and_takes_nothing(
    laid: Laid, draft: Drafting
) -> None:
    try:
        asked = {one.id for one in draft.consents.questions}
        plan = draft.plan((), asked)
    except WriteError:
        return  # what the test of writing is about
    plan.apply()
    again = pipeline.plan(laid.request, Choice(), estimate=Estimate())
    said_no = {line for one in draft.consents.questions for line in one.patterns}
    lines = {line for one in again.advice.suggestions for line in one.patterns}
    assert lines & said_no == set()
    sure = {line for one in plan.suggestions for line in one.patterns}
    assert said_no - sure <= {one.text for one in block.declined(again.target.file)}


@pytest.mark.deep
@given(project=projects((BUILDKIT,)))
def test_an_allow_list_sends_the_same(project: Project) -> None:
    with accepted(project) as laid:
        files = laid.ignore_files()
        before = [one.path for one in laid.listed()]
        try:
            plan = pipeline.plan_allow_list(laid.request, Choice())
        except WriteError:
            assert laid.ignore_files() == files
            return
        plan.apply()
        assert [one.path for one in laid.listed()] == before
        assert not pipeline.plan_allow_list(laid.request, Choice()).changes
        pipeline.plan_removal(laid.request, Choice()).apply()
        assert laid.ignore_files() == removed(laid, files, plan.target.path)


# --- parts and the whole ---------------------------------------------------------


def finds_of_parts_joined_are_those_of_the_whole(measured: MeasuredBuild) -> None:
    question = measured.job._replace(ignored=None)
    state = question.state(transfer_only=False)
    batches = [*question.walk(state).batches()]
    whole = question.fold()
    for batch in batches:
        whole.add(batch, lines_of(batch))
    expected = whole.finish().clutter
    for level in (1, 2, 3):
        assert finds_in_parts(batches, level, question.fold()) == expected


def lines_of(batch: Batch) -> dict[str, int]:
    """A line of a .gitignore for every name with some letters."""
    return {row[0]: len(row[0]) for row in batch.rows if set(row[0]) & set("dx")}


def finds_in_parts(
    batches: Sequence[Batch], level: int, fold: Fold
) -> tuple[ClutterMatch, ...]:
    """Every folder of that level is measured by a fold of its own."""
    part = Fold(fold.options)
    for batch in batches:
        top: FolderRef | None = batch.folder
        while top is not None and top.depth > level:
            top = top.parent
        if top is None or top.depth < level:
            fold.add(batch, lines_of(batch))
            continue
        part.add(batch, lines_of(batch))
        if batch.folder is top and batch.last:
            fold.join(top, part.part())
            part = Fold(fold.options)
    return fold.finish().clutter
