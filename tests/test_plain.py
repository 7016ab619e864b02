"""Plain command lines: read without click, and to the same effect."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ctxopt.cli import listing, ls, main, plain, scan, scanning
from ctxopt.errors import ContextError

NUMBERS = ("1", "3", "100", "250", "0", "-1", "x", "", "1_0", " 2", "٣", "9" * 30)
FOLDERS = (".", "api", "./api/", "bare", "configured", "broken", "missing", "notes.md")
WORDS = st.sampled_from(
    (
        *(name for row in plain.SCAN_OPTIONS for name in row.names),
        *(name for row in plain.LS_OPTIONS for name in row.names),
        *("--format", "--json", "text", "json", "--format=json", "--top=2", "-vv"),
        *("-l0", "-f", "Dockerfile", "--builder", "legacy", "--all", "-q", "--color"),
        *("--push", "--", "-", "-h", "--verb", *NUMBERS, *FOLDERS),
    )
)
PLAIN_WORDS = st.sampled_from(
    (
        *(("--top", one) for one in NUMBERS),
        *(("--depth", one) for one in NUMBERS),
        *(("--format", one) for one in (*plain.SCAN_FORMS, "xml")),
        *((name,) for row in plain.SCAN_OPTIONS for name in row.names if row.is_flag),
        *((name,) for row in plain.LS_OPTIONS for name in row.names),
        *((one,) for one in ("--json", *FOLDERS)),
    )
)
LINES = st.tuples(
    st.sampled_from(("scan", "ls")),
    st.lists(WORDS, max_size=5)
    | st.lists(PLAIN_WORDS, max_size=4).map(lambda groups: [*chain(*groups)]),
).map(lambda drawn: [drawn[0], *drawn[1]])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Builds with and without a Dockerfile, one configured, one in a wrong way."""
    root = tmp_path_factory.mktemp("plain")
    for name in ("api", "bare", "configured", "broken"):
        (root / name).mkdir()
        if name != "bare":
            (root / name / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (root / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (root / "notes.md").write_text("")
    (root / "configured" / ".ctxopt.toml").write_text(
        'bandwidth = "20Mbit"\nnever = ["seed"]\nplatform = "linux/arm64,linux/amd64"\n'
    )
    (root / "broken" / ".ctxopt.toml").write_text("bandwidth = 7\n")
    return root


Outcome = tuple[object, tuple[object, ...], dict[str, Any], str, str]


def outcome(words: list[str], *, by_click: bool) -> Outcome:
    """The status, what the command was called with, and what was said."""
    called: list[tuple[tuple[object, ...], dict[str, Any]]] = []

    def note(*arguments: object, **options: Any) -> None:
        called.append((arguments, options))

    with contextlib.ExitStack() as patched:
        patch = patched.enter_context(pytest.MonkeyPatch.context())
        for module in (scanning, scan):
            patch.setattr(module, "scan_one", note)
        for module in (listing, ls):
            patch.setattr(module, "list_entries", note)
        out = patched.enter_context(contextlib.redirect_stdout(io.StringIO()))
        err = patched.enter_context(contextlib.redirect_stderr(io.StringIO()))
        status = _status_by_click(words) if by_click else plain.run(words)
    arguments, options = called[0] if called else ((), {})
    assert len(called) < 2
    return status, arguments, options, out.getvalue(), err.getvalue()


def _status_by_click(words: list[str]) -> object:
    try:
        main.main(words, prog_name="ctxopt")
    except SystemExit as left:
        return left.code
    raise AssertionError("click leaves by itself")


DECLINED: Outcome = (None, (), {}, "", "")


@given(words=LINES)
@example(words=["scan"])
@example(words=["scan", "--format", "json", "--json", "api"])
@example(words=["scan", "--depth", "250", "--top", "3", "-v", "configured"])
@example(words=["ls", "-l", "-0", "--whole", "configured"])
@example(words=["ls", "--unused", "--unused", "missing"])
def test_what_is_read_without_click_is_what_click_reads(
    folder: Path, words: list[str]
) -> None:
    """Or it is left to click, of which nothing was said or done before."""
    with contextlib.chdir(folder):
        found = outcome(words, by_click=False)
        if found[0] is None:
            assert found == DECLINED
        else:
            assert found == outcome(words, by_click=True)


@pytest.mark.parametrize(
    "words",
    [
        "scan",
        "scan api",
        "scan ./api/ --json",
        "scan --format json api",
        "scan --format text --top 3 --depth 2 --excluded -v",
        "scan configured",
        "ls",
        "ls api -l",
        "ls -0 --whole --excluded --unused --long .",
    ],
)
def test_what_most_people_type_needs_no_click(folder: Path, words: str) -> None:
    with contextlib.chdir(folder):
        assert outcome(words.split(), by_click=False)[0] == 0


@pytest.mark.parametrize(
    "words",
    [
        *(
            "",
            "check",
            "--version",
            "api",
            "scan -f Dockerfile",
            "scan . api",
            "ls . .",
        ),
        *("scan -q", "scan --top=3", "scan --top 0", "scan --top", "scan --format xml"),
        *("scan -vv", "scan --help", "ls -l0", "ls --gcloud", "ls --from base"),
        pytest.param("scan bare", id="scan of a folder without a Dockerfile"),
        pytest.param("scan web", id="scan of a build by its name"),
        pytest.param("scan notes.md", id="scan of a file"),
        pytest.param("ls broken", id="ls where the configuration is wrong"),
        pytest.param("scan broken", id="scan where the configuration is wrong"),
    ],
)
def test_all_else_is_left_to_click(folder: Path, words: str) -> None:
    with contextlib.chdir(folder):
        assert outcome(words.split(), by_click=False) == DECLINED


def test_a_shell_that_completes_is_left_to_click(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_CTXOPT_COMPLETE", "bash_complete")
    with contextlib.chdir(folder):
        assert outcome(["scan"], by_click=False) == DECLINED


def test_what_nobody_foresaw_is_left_to_click(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as nothing was said: it is met again there, and reported as a bug."""
    monkeypatch.setattr(plain, "_configured", _no_memory)
    with contextlib.chdir(folder):
        assert outcome(["scan"], by_click=False) == DECLINED


def _closed(*_: object, **__: object) -> None:
    raise BrokenPipeError


def _no_memory(*_: object, **__: object) -> None:
    raise MemoryError("all of it")


def _stopped(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def _refused(*_: object, **__: object) -> None:
    raise ContextError("no such folder", hint="look")


@pytest.mark.parametrize(
    ("broken", "status"),
    [(_closed, 0), (_no_memory, 3), (_stopped, 130), (_refused, 2)],
)
def test_what_goes_wrong_is_said_as_click_would(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    broken: Callable[..., None],
    status: int,
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(scanning, "scan_one", broken)
    monkeypatch.setattr(scan, "scan_one", broken)
    assert plain.run(["scan"]) == status
    said = capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        main.main(["scan"], prog_name="ctxopt")
    assert left.value.code == status
    assert capsys.readouterr() == said
