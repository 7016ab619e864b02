from __future__ import annotations

import os
from pathlib import Path

import pytest

from ctxopt.core.builders import find_builder
from ctxopt.core.model import BuilderName, Problem, Request
from ctxopt.errors import ContextError, CtxoptError, DockerfileError, IgnoreFileError
from ctxopt.host.disk.inputs import IgnoreText
from ctxopt.pipeline.preparation.build import NOTHING, Build
from ctxopt.pipeline.preparation.prepare import NamedFolder
from ctxopt.pipeline.preparation.reading import read_build, read_inputs
from tests.rights import as_nobody, public_folder
from tests.texttree import plant

BUILDKIT, LEGACY = BuilderName.BUILDKIT, BuilderName.LEGACY


def build(
    root: Path,
    dockerfile: str = "FROM scratch\nCOPY . /\n",
    *,
    builder: BuilderName = BUILDKIT,
    ignore: str | None = None,
    **contexts: str,
) -> Build:
    """Prepare a build of `root` with this Dockerfile and ignore file in it."""
    root.mkdir(exist_ok=True)
    (root / "Dockerfile").write_text(dockerfile)
    if ignore is not None:
        (root / ".dockerignore").write_text(ignore)
    return read_build(Request(str(root), builder=builder, build_contexts=contexts))


def request_of(made: Build) -> tuple[str, ...] | None:
    found = made.job(made.main).request
    return None if found is None else tuple(found)


@pytest.mark.parametrize(
    ("instructions", "expected"),
    [
        pytest.param("COPY a b /", ("a", "b"), id="what two sources name"),
        pytest.param("COPY . /", None, id="everything"),
        pytest.param("COPY a . /", None, id="everything and more"),
        pytest.param("COPY $NONE/ a /", ("a",), id="not what an image may set"),
        pytest.param(
            "FROM scratch AS s\nCOPY $NONE/ /", None, id="an unset variable of scratch"
        ),
        pytest.param("COPY ../../a /", ("a",), id="clamped at the root"),
        pytest.param("COPY a/ /\nADD a/b c /", ("a", "c"), id="the outermost"),
        pytest.param("ADD https://x/y a /", ("a",), id="no URLs"),
        pytest.param("ADD https://x/y /", NOTHING, id="nothing but a URL"),
        pytest.param("COPY <<x y /\nx\n", ("y",), id="no heredocs"),
        pytest.param("COPY --from=busybox a /", NOTHING, id="nothing from images"),
        pytest.param("RUN true", NOTHING, id="nothing at all"),
        pytest.param("RUN --mount=target=/x true", None, id="a mount of everything"),
        pytest.param(
            "RUN --mount=source=a,target=/x true", ("a",), id="a mount of a folder"
        ),
        pytest.param(
            "RUN --mount=type=tmpfs,target=/x true", NOTHING, id="a tmpfs alone"
        ),
        pytest.param(
            "COPY a /\nRUN --mount=type=tmpfs,target=/x true", None, id="a tmpfs beside"
        ),
        pytest.param(
            "COPY a /\nRUN --mount=type=cache,target=/x true", ("a",), id="a cache"
        ),
        pytest.param(
            "COPY --exclude=a/b a /", ("a",), id="a filter narrows no request"
        ),
        pytest.param("COPY --parents a/./b /", ("a/b",), id="a pivot disappears"),
        pytest.param("COPY l /", ("l", "t"), id="a link brings its target"),
    ],
)
def test_buildkit_asks_for(
    tmp_path: Path, instructions: str, expected: tuple[str, ...] | None
) -> None:
    plant(tmp_path, "a/b c l->t t")
    dockerfile = f"# syntax=docker/dockerfile:1-labs\nFROM x\n{instructions}\n"
    assert request_of(build(tmp_path, dockerfile)) == expected


def test_the_legacy_client_sends_everything_whatever_is_asked_for(
    tmp_path: Path,
) -> None:
    assert request_of(build(tmp_path, "FROM scratch\n", builder=LEGACY)) is None


def test_only_the_stages_of_the_target_ask(tmp_path: Path) -> None:
    root = plant(tmp_path, "a b c")
    (root / "Dockerfile").write_text(
        "FROM scratch AS one\nCOPY a /\n"
        "FROM scratch AS two\nCOPY b /\n"
        "FROM two AS last\nCOPY c /\n"
    )
    asked = {
        target: request_of(read_build(Request(str(root), target=target)))
        for target in ("one", "two", "last", None)
    }
    assert asked == {
        "one": ("a",),
        "two": ("b",),
        "last": ("b", "c"),
        None: ("b", "c"),
    }


@pytest.mark.parametrize(
    ("tree", "given", "builder", "dockerfile", "ignore_file"),
    [
        pytest.param(
            "Dockerfile Dockerfile.dockerignore .dockerignore",
            None,
            BUILDKIT,
            "Dockerfile",
            "Dockerfile.dockerignore",
            id="BuildKit takes the specific ignore file",
        ),
        pytest.param(
            "Dockerfile Dockerfile.dockerignore .dockerignore",
            None,
            LEGACY,
            "Dockerfile",
            ".dockerignore",
            id="the legacy client does not",
        ),
        pytest.param(
            "dockerfile dockerfile.dockerignore",
            None,
            BUILDKIT,
            "dockerfile",
            "dockerfile.dockerignore",
            id="a lower-case Dockerfile",
        ),
        pytest.param(
            "dockerfile .dockerignore",
            None,
            LEGACY,
            "dockerfile",
            ".dockerignore",
            id="also for the legacy client",
        ),
        pytest.param(
            "real Dockerfile->real real.dockerignore .dockerignore",
            None,
            BUILDKIT,
            "Dockerfile",
            ".dockerignore",
            id="the name given counts, not that of a link's target",
        ),
        pytest.param(
            "Dockerfile df/My df/My.dockerignore",
            "df/My",
            BUILDKIT,
            "df/My",
            "df/My.dockerignore",
            id="one given with -f",
        ),
    ],
)
def test_which_files_a_build_begins_with(
    *,
    tmp_path: Path,
    tree: str,
    given: str | None,
    builder: BuilderName,
    dockerfile: str,
    ignore_file: str,
) -> None:
    plant(tmp_path, tree)
    (tmp_path / dockerfile).write_text("FROM scratch\nCOPY . /\n")
    (tmp_path / ignore_file).write_text("a\n# a comment\n\n!a/b\n")
    made = read_build(
        Request(str(tmp_path), given and str(tmp_path / given), builder=builder)
    )
    assert made.dockerfile.path == str(tmp_path / dockerfile)
    summary = made.main.ignore_summary()
    assert summary is not None
    assert (summary.path, summary.patterns) == (str(tmp_path / ignore_file), 2)


# --- the small transfers, counted by hand from wire-buildkit.md -------------------


def stat_bytes(name: str, size: int) -> int:
    """A file of mode 0644, dated today: path, mode, size, time, and the packet."""
    number = 0 if size == 0 else 2 if size < 128 else 3
    fields = 2 + len(name) + 3 + number + 10
    return 2 + fields


def file_bytes(name: str, size: int, *, first: bool = True) -> int:
    ident = 0 if first else 2
    data = 2 + ident + (2 if size < 128 else 3) + size if size else 0
    return stat_bytes(name, size) + data + 2 + ident


@pytest.mark.parametrize("size", [38, 127, 128, 1000])
def test_the_transfer_of_the_dockerfile(tmp_path: Path, size: int) -> None:
    text = "FROM scratch\nCOPY . /\n".ljust(size - 1) + "\n"
    made = build(tmp_path, text)
    os.chmod(tmp_path / "Dockerfile", 0o644)
    assert made.dockerfile_bytes() == file_bytes("Dockerfile", size) + 2
    assert made.ignore_file_bytes() == 2


def test_the_specific_ignore_file_travels_with_the_dockerfile(tmp_path: Path) -> None:
    text = "FROM scratch\nCOPY . /\n"
    (tmp_path / "Dockerfile.dockerignore").write_text("a\n")
    made = build(tmp_path, text, ignore="b\n")
    beside = file_bytes("Dockerfile.dockerignore", 2, first=False)
    assert made.dockerfile_bytes() == file_bytes("Dockerfile", len(text)) + beside + 2
    assert made.ignore_file_bytes() == 0


def test_a_lower_case_neighbour_travels_too(tmp_path: Path) -> None:
    text = "FROM scratch\nCOPY . /\n"
    (tmp_path / "dockerfile").write_text("x")
    made = build(tmp_path, text)
    both = file_bytes("Dockerfile", len(text)) + file_bytes(
        "dockerfile", 1, first=False
    )
    assert made.dockerfile_bytes() == both + 2


def test_the_ignore_file_has_a_transfer_of_its_own(tmp_path: Path) -> None:
    assert build(tmp_path, ignore="*.log\n").ignore_file_bytes() == (
        file_bytes(".dockerignore", 6) + 2
    )


def test_a_dockerfile_from_standard_input_lies_alone_in_a_new_folder(
    tmp_path: Path,
) -> None:
    text = b"FROM scratch\nCOPY . /\n"
    (tmp_path / "Dockerfile.dockerignore").write_text("everything\n")
    made = read_build(Request(str(tmp_path), "-", dockerfile_bytes=text))
    assert made.dockerfile_bytes() == file_bytes("Dockerfile", len(text)) + 2
    assert made.main.ignore_file is None
    assert made.ignore_file_bytes() == 2


def test_the_legacy_client_has_no_small_transfers(tmp_path: Path) -> None:
    made = build(tmp_path, builder=LEGACY)
    assert (made.dockerfile_bytes(), made.ignore_file_bytes()) == (None, None)


def test_a_folder_that_cannot_be_listed_still_has_its_ignore_file() -> None:
    with public_folder() as root:
        plant(root, "secret/x a")
        (root / "secret").chmod(0)
        (root / "Dockerfile").write_text("FROM scratch\nCOPY a /\n")
        with as_nobody():
            made = read_build(Request(str(root)))
            assert made.ignore_file_bytes() == 2


# --- refusals, in the builder's order --------------------------------------------


@pytest.mark.parametrize(
    ("dockerfile", "ignore", "builder", "error", "message"),
    [
        pytest.param(
            "NOPE x\n",
            "[",
            BUILDKIT,
            DockerfileError,
            "unknown instruction: NOPE",
            id="BuildKit reads the Dockerfile first",
        ),
        pytest.param(
            "NOPE x\n",
            "[",
            LEGACY,
            IgnoreFileError,
            "syntax error in pattern",
            id="the legacy client reads the ignore file first",
        ),
        pytest.param(
            "FROM scratch\nCOPY ${x /\n",
            "[",
            BUILDKIT,
            IgnoreFileError,
            "syntax error in pattern",
            id="BuildKit expands variables after it has read the ignore file",
        ),
        pytest.param(
            "FROM scratch\n",
            "!\n",
            BUILDKIT,
            IgnoreFileError,
            'illegal exclusion pattern: "!"',
            id="a lone exclamation mark",
        ),
        pytest.param(
            "FROM scratch\n",
            "a" * 70_000,
            BUILDKIT,
            IgnoreFileError,
            "token too long",
            id="a line that no scanner takes",
        ),
        pytest.param(
            "", None, BUILDKIT, DockerfileError, "empty", id="an empty Dockerfile"
        ),
        pytest.param(
            "FROM scratch\nCOPY . /\n",
            "a\x01b",
            BUILDKIT,
            IgnoreFileError,
            "non-printable",
            id="a control character in a pattern",
        ),
        pytest.param(
            "FROM scratch\nCOPY a\x01b /\n",
            None,
            BUILDKIT,
            DockerfileError,
            "non-printable",
            id="a control character in a source",
        ),
    ],
)
def test_the_first_refusal_wins(
    *,
    tmp_path: Path,
    dockerfile: str,
    ignore: str | None,
    builder: BuilderName,
    error: type[CtxoptError],
    message: str,
) -> None:
    with pytest.raises(error) as refused:
        request_of(build(tmp_path, dockerfile, builder=builder, ignore=ignore))
    assert message in refused.value.message


def test_a_control_character_is_no_matter_where_nothing_is_sent(tmp_path: Path) -> None:
    assert request_of(build(tmp_path, "FROM x\nRUN y\n", ignore="a\x01b")) == NOTHING


def test_a_broken_dockerfile_is_met_by_the_legacy_client_after_the_transfer(
    tmp_path: Path,
) -> None:
    made = build(tmp_path, "NOPE x\n", builder=LEGACY)
    assert made.trace is None
    (problem,) = made.problems
    assert problem.code == "dockerfile-refused"
    assert "unknown instruction: NOPE" in problem.message


@pytest.mark.parametrize("name", ["D[x]", "D*", "D\\x"])
def test_buildkit_reads_the_name_of_the_dockerfile_as_a_pattern(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("FROM scratch\nCOPY . /\n")
    given = str(tmp_path / name)
    if name == "D*":  # it matches itself
        assert read_build(Request(str(tmp_path), given)).dockerfile.name == name
        return
    with pytest.raises(DockerfileError, match="failed to read dockerfile: open D"):
        read_build(Request(str(tmp_path), given))
    assert read_build(Request(str(tmp_path), given, builder=LEGACY)).trace is not None


def test_the_legacy_client_cannot_open_a_default_that_leads_out(tmp_path: Path) -> None:
    """It makes the path relative, to nothing: wire-legacy.md, section 3."""
    plant(tmp_path, "context/Dockerfile->../Real")
    (tmp_path / "Real").write_text("FROM scratch\n")
    asked = Request(str(tmp_path / "context"), builder=LEGACY)
    with pytest.raises(DockerfileError, match="unable to open Dockerfile"):
        read_build(asked)


# --- errors are values until somebody judges them --------------------------------


@pytest.mark.parametrize(
    ("tree", "builder", "unread"),
    [
        pytest.param(
            "", BUILDKIT, ["dockerfile", "ignore_file"], id="there is no Dockerfile"
        ),
        pytest.param(
            "Dockerfile:20 .dockerignore/", LEGACY, ["ignore_file"], id="a folder"
        ),
        pytest.param(
            "Dockerfile:20 .dockerignore/", BUILDKIT, [], id="which BuildKit passes by"
        ),
    ],
)
def test_what_cannot_be_read_is_an_error_in_its_place(
    tmp_path: Path, tree: str, builder: BuilderName, unread: list[str]
) -> None:
    plant(tmp_path, tree)
    request = Request(str(tmp_path), builder=builder)
    found = read_inputs(request, find_builder(builder))
    wrong = [
        name
        for name, value in found._asdict().items()
        if isinstance(value, CtxoptError)
    ]
    assert wrong == unread


def test_a_context_that_is_not_there_leaves_nothing_to_read(tmp_path: Path) -> None:
    request = Request(str(tmp_path / "gone"), build_contexts={"a": str(tmp_path)})
    found = read_inputs(request, find_builder(BUILDKIT))
    assert isinstance(found.context, ContextError)
    assert found.dockerfile is found.ignore_file is found.context


def test_of_each_named_folder_the_ignore_file_is_read(tmp_path: Path) -> None:
    plant(tmp_path, "Dockerfile:20 a/.dockerignore:3 b/ c")
    contexts = {name: str(tmp_path / name) for name in ("a", "b", "c")}
    request = Request(
        str(tmp_path), build_contexts={**contexts, "d": "docker-image://d"}
    )
    found = read_inputs(request, find_builder(BUILDKIT)).named
    assert list(found) == ["a", "b", "c"]
    first, second, third = found.values()
    assert isinstance(first, NamedFolder)
    assert isinstance(first.ignore_file, IgnoreText)
    assert first.ignore_file.content == b"xxx"
    assert second == NamedFolder(str(tmp_path / "b"), None)
    assert isinstance(third, CtxoptError)


# --- what is said before the walk ------------------------------------------------


def test_a_vast_context_is_announced_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    announced: list[Problem] = []
    with pytest.raises(DockerfileError):
        read_build(Request(str(tmp_path)), announced.append)
    assert [problem.code for problem in announced] == ["vast-context"]


# --- named contexts --------------------------------------------------------------


def test_a_named_context_is_a_root_of_its_own(tmp_path: Path) -> None:
    plant(tmp_path, "main/ other/x other/.dockerignore:4 unread/")
    made = build(
        tmp_path / "main",
        "FROM scratch\nCOPY --from=other x y /\nCOPY . /\n",
        other=str(tmp_path / "other"),
        unread=str(tmp_path / "unread"),
        image="docker-image://busybox",
    )
    ((name, root),) = made.named
    assert (name, root.path, root.whole) == ("other", str(tmp_path / "other"), False)
    assert [source.expanded for source in root.sources] == ["x", "y"]
    assert [pattern.cleaned for pattern in root.patterns] == ["xxxx"]
    assert [source.expanded for source in made.main.sources] == ["."]


def test_a_stage_from_a_named_context_takes_all_of_it(tmp_path: Path) -> None:
    plant(tmp_path, "main/ base/x")
    made = build(tmp_path / "main", "FROM base\n", base=str(tmp_path / "base"))
    ((_, root),) = made.named
    assert root.whole
    assert made.job(root).request is None
    assert request_of(made) == NOTHING


def test_a_named_context_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(CtxoptError, match='no such folder: "no-such-folder"'):
        build(tmp_path, other="no-such-folder")


def test_the_legacy_builder_knows_no_named_contexts(tmp_path: Path) -> None:
    with pytest.raises(CtxoptError, match="knows no --build-context"):
        build(tmp_path, builder=LEGACY, other=str(tmp_path))
