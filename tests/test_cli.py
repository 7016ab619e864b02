"""The command line: options become a request, results a status and two streams."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType

import click
import pytest
from click.testing import CliRunner, Result

import ctxopt
import ctxopt.pipeline
from ctxopt.cli import main
from ctxopt.core.model import BuilderName, Listed, Location, Report, Request, Source
from ctxopt.core.verify import Observation, Prediction, Verification, compare
from ctxopt.errors import ContextError
from ctxopt.pipeline.entries import Exported
from tests.view.reports import buildkit

TAKER = Source("COPY", "0", Location("Dockerfile", 3, 3), "src", "src")
LISTED = (
    Listed("src", directory=True, wire_bytes=40, file_bytes=0, sources=(TAKER,)),
    Listed("src/b\udce9", directory=False, wire_bytes=400, file_bytes=100, sources=()),
)


FULL_DISK = "ctxopt: error: cannot write the output: No space left on device\n"


@dataclass
class Pipeline:
    """Stands in for ctxopt.pipeline: remembers what it was asked, answers at once."""

    asked: list[Request] = field(default_factory=list)
    options: dict[str, object] = field(default_factory=dict)
    error: BaseException | None = None
    listed: tuple[Listed, ...] = LISTED
    same: bool = True

    def analyze(self, request: Request, **options: object) -> Report:
        self._note(request, options)
        return buildkit()

    def listing(self, request: Request, **options: object) -> Iterator[Listed]:
        self._note(request, options)
        yield from self.listed

    def exported(self, request: Request, **options: object) -> Exported:
        self._note(request, options)
        return Exported("/x", 2, iter(self.listed))

    def listed_paths(self, request: Request, **options: object) -> Iterator[bytes]:
        self._note(request, options)
        for one in self.listed:
            yield os.fsencode(f"{one.path}{'/' * one.directory}\0")

    def verify(self, request: Request, **options: object) -> Verification:
        self._note(request, options)
        said = Prediction(1024 if self.same else 2048)
        seen = Observation("28.2.2", None, 1024, "1.024kB", None)
        return Verification(said, seen, compare(said, seen))

    def _note(self, request: Request, options: dict[str, object]) -> None:
        self.asked.append(request)
        self.options = options
        if self.error is not None:
            raise self.error


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    stand_in = Pipeline()
    module = ModuleType("ctxopt.pipeline")
    module.__path__ = [*ctxopt.pipeline.__path__]  # its modules are the real ones
    for name in ("analyze", "exported", "listing", "listed_paths", "verify"):
        monkeypatch.setattr(module, name, getattr(stand_in, name), raising=False)
    monkeypatch.setitem(sys.modules, "ctxopt.pipeline", module)
    monkeypatch.setattr(ctxopt, "pipeline", module, raising=False)
    return stand_in


@pytest.fixture
def run(pipeline: Pipeline) -> Callable[..., Result]:
    def invoke(*arguments: str, given: bytes = b"") -> Result:
        return CliRunner().invoke(main, arguments, input=given)

    return invoke


def test_scan_is_asked_about_the_current_folder(
    run: Callable[..., Result], pipeline: Pipeline
) -> None:
    done = run("scan")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Where the bytes are" in done.stdout
    assert pipeline.asked == [Request(context=".")]
    options = {key: pipeline.options[key] for key in ("top", "depth", "excluded")}
    assert options == {"top": 10, "depth": 1, "excluded": False}


def test_the_options_are_those_of_docker_build(
    run: Callable[..., Result],
    pipeline: Pipeline,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FROM_ENV", "set")
    monkeypatch.delenv("UNSET", raising=False)
    arguments = (
        "--build-arg A=1=2 --build-arg FROM_ENV --build-arg UNSET --build-arg E="
    )
    contexts = "--build-context base=../base --build-context img=docker-image://x"
    builder = "--builder legacy -f x/Dockerfile --target prod"
    for command in ("scan", "ls", "verify"):
        run(command, *arguments.split(), *contexts.split(), *builder.split(), "folder")
    expected = Request(
        context="folder",
        dockerfile="x/Dockerfile",
        target="prod",
        build_args={"A": "1=2", "FROM_ENV": "set", "E": ""},
        build_contexts={"base": "../base", "img": "docker-image://x"},
        builder=BuilderName.LEGACY,
    )
    assert pipeline.asked == [expected] * 3


def test_a_dash_reads_the_dockerfile_from_standard_input(
    run: Callable[..., Result], pipeline: Pipeline
) -> None:
    run("scan", "-f", "-", given=b"FROM scratch\n\xff")
    (request,) = pipeline.asked
    assert request.dockerfile == "-"
    assert request.dockerfile_bytes == b"FROM scratch\n\xff"


def test_scan_hands_on_how_much_to_show(
    run: Callable[..., Result], pipeline: Pipeline
) -> None:
    run("scan", "--top", "3", "--depth", "2", "--excluded")
    options = {key: pipeline.options[key] for key in ("top", "depth", "excluded")}
    assert options == {"top": 3, "depth": 2, "excluded": True}


def test_json_goes_to_standard_output_alone(run: Callable[..., Result]) -> None:
    done = run("scan", "--format", "json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith('{\n  "schema": "ctxopt/scan/1",')


def test_markdown_goes_to_standard_output_alone(run: Callable[..., Result]) -> None:
    done = run("scan", "--format", "markdown", "--top", "1")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("### `")


def test_an_export_is_streamed_as_ls_is(
    run: Callable[..., Result], pipeline: Pipeline
) -> None:
    done = run("scan", "--format", "ncdu")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout_bytes.endswith(
        b'[{"name":"/x","asize":2,"dsize":2},\n'
        b'[{"name":"src","asize":40,"dsize":40},\n'
        b'{"name":"b\xe9","asize":400,"dsize":400}]]]\n'
    )
    pipeline.listed = ()
    done = run("scan", "--format", "ncdu")
    assert done.stderr == (
        "ctxopt: note: this build sends nothing, and ncdu opens no empty folder\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["scan", "--nope"], id="an unknown option"),
        pytest.param(["scan", "--top", "0"], id="nothing to show"),
        pytest.param(
            ["scan", "--format", "ncdu", "--top", "3"], id="part of an export"
        ),
        pytest.param(["scan", "--format", "ncdu", "--excluded"], id="what is not sent"),
        pytest.param(["scan", "--format", "ncdu", "--depth", "2"], id="a flat export"),
        pytest.param(["scan", "--builder", "kaniko"], id="an unknown builder"),
        pytest.param(["scan", "--build-arg", "=x"], id="a build argument without name"),
        pytest.param(["scan", "--build-context", "x"], id="a context without value"),
        pytest.param(["scan", "a", "b"], id="two contexts"),
    ],
)
def test_wrong_usage_is_status_2(
    run: Callable[..., Result], pipeline: Pipeline, arguments: list[str]
) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    first, hint = done.stderr.splitlines()
    assert first.startswith("ctxopt: error: ")
    assert hint.startswith("ctxopt: hint: ")
    assert hint.endswith(" --help lists the options")
    assert "Try" not in done.stderr
    assert pipeline.asked == []


@pytest.mark.parametrize("command", ["scan", "ls", "verify"])
def test_wrong_input_is_one_line_and_status_2(
    run: Callable[..., Result], pipeline: Pipeline, command: str
) -> None:
    pipeline.error = ContextError("no such folder", file="a\x1bb", hint="name a folder")
    done = run(command)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == ("ctxopt: error: a\\x1bb: no such folder; name a folder\n")


def test_a_bug_is_status_3_and_says_how_to_see_more(
    run: Callable[..., Result], pipeline: Pipeline
) -> None:
    pipeline.error = KeyError("x")
    done = run("scan")
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr == (
        "ctxopt: this is a bug in ctxopt: KeyError: 'x'"
        " (CTXOPT_TRACEBACK=1 shows where)\n"
    )


def test_a_bug_shows_its_traceback_on_demand(
    run: Callable[..., Result], pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CTXOPT_TRACEBACK", "1")
    pipeline.error = KeyError("x")
    assert "Traceback (most recent call last)" in run("scan").stderr


def test_an_interrupt_is_status_130(
    run: Callable[..., Result], pipeline: Pipeline
) -> None:
    pipeline.error = KeyboardInterrupt()
    done = run("scan")
    assert (done.exit_code, done.output) == (130, "")


def test_a_reader_who_leaves_is_no_error(
    run: Callable[..., Result], pipeline: Pipeline
) -> None:
    pipeline.error = BrokenPipeError()
    done = run("ls")
    assert (done.exit_code, done.output) == (0, "")


def test_a_full_disk_is_not_a_bug(
    run: Callable[..., Result], pipeline: Pipeline
) -> None:
    pipeline.error = OSError(errno.ENOSPC, "No space left on device")
    done = run("scan")
    assert done.exit_code == 2
    assert done.stderr == FULL_DISK


def test_ls_writes_names_byte_for_byte(run: Callable[..., Result]) -> None:
    assert run("ls").stdout_bytes == b"src/\nsrc/b\xe9\n"
    assert run("ls", "-0").stdout_bytes == b"src/\0src/b\xe9\0"


def test_ls_on_a_terminal_lets_no_name_control_it(
    run: Callable[..., Result], pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "a\x1b[2J\udce9"
    pipeline.listed = (Listed(name, False, 1, 1, ()),)  # noqa: FBT003
    assert run("ls").stdout_bytes == b"a\x1b[2J\xe9\n"
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
    assert run("ls").stdout_bytes == b"a\\x1b[2J\xe9\n"


def test_ls_long_puts_numbers_and_sources_before_the_path(
    run: Callable[..., Result],
) -> None:
    lines = run("ls", "--long").stdout_bytes.splitlines()
    assert [line.split() for line in lines] == [
        [b"40", b"0", b"COPY:3", b"src/"],
        [b"400", b"100", b"-", b"src/b\xe9"],
    ]


@pytest.mark.parametrize("option", ["whole", "excluded", "unused"])
def test_ls_hands_on_what_to_list(
    run: Callable[..., Result], pipeline: Pipeline, option: str
) -> None:
    run("ls", f"--{option}")
    chosen = {key for key, on in pipeline.options.items() if on is True}
    assert chosen == {option}


@pytest.mark.parametrize("excluded", [False, True], ids=["paths", "entries"])
def test_ls_writes_the_first_line_before_the_walk_goes_on(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, *, excluded: bool
) -> None:
    written: list[bytes] = []

    class Out:
        encoding = "utf-8"
        pending = b""

        def write(self, data: bytes) -> None:
            self.pending += data

        def flush(self) -> None:
            written.append(self.pending)

        def isatty(self) -> bool:
            return False

        @property
        def buffer(self) -> Out:
            return self

    def slow(request: Request, **options: object) -> Iterator[Listed]:
        yield LISTED[0]
        assert written == [b"src/\n"]
        yield LISTED[1]

    def slow_paths(request: Request, **options: object) -> Iterator[bytes]:
        yield b"src/\0"
        assert written == [b"src/\n"]
        yield b"src/b\xe9\0"

    monkeypatch.setattr(sys.modules["ctxopt.pipeline"], "listing", slow)
    monkeypatch.setattr(sys.modules["ctxopt.pipeline"], "listed_paths", slow_paths)
    monkeypatch.setattr(sys, "stdout", Out())
    main.main(["ls", *["--excluded"] * excluded], standalone_mode=False)
    assert written[-1] == b"src/\nsrc/b\xe9\n"


def test_verify_prints_what_it_found(
    run: Callable[..., Result], pipeline: Pipeline
) -> None:
    done = run("verify", "--client", "/opt/docker")
    assert done.exit_code == 0
    assert done.stdout.startswith("same: 1024 bytes")
    assert pipeline.options == {"client": "/opt/docker"}


def test_verify_is_status_1_when_docker_differs(
    run: Callable[..., Result], pipeline: Pipeline
) -> None:
    pipeline.same = False
    assert run("verify").exit_code == 1


def test_without_a_command_the_help_is_shown(run: Callable[..., Result]) -> None:
    done = run()
    assert done.exit_code == 0
    assert done.stdout == run("--help").stdout
    listed = [
        line.split()[0] for line in done.stdout.split("Commands:")[1].splitlines()[1:7]
    ]
    assert listed == ["scan", "ls", "why", "write", "check", "watch"]


@pytest.mark.parametrize("command", ["scan", "ls", "why", "write", "check", "verify"])
def test_help_has_examples(run: Callable[..., Result], command: str) -> None:
    shown = run(command, "--help").stdout
    lines = shown.split("Examples:")[1].splitlines()
    assert f"    ctxopt {command}" in [
        line.partition("  #")[0].rstrip() for line in lines
    ]
    assert "\b" not in shown


def test_click_users_get_exceptions_instead_of_an_exit(pipeline: Pipeline) -> None:
    pipeline.error = ContextError("no such folder")
    with pytest.raises(click.ClickException, match="no such folder") as caught:
        main.main(["scan"], standalone_mode=False)
    assert caught.value.__cause__ is pipeline.error


def test_main_runs_in_process(
    pipeline: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["scan", "."])
    assert left.value.code == 0
    assert "Context" in capsys.readouterr().out


def in_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def test_version_is_answered_before_click_is_imported() -> None:
    done = in_process("-X", "importtime", "-m", "ctxopt", "--version")
    assert done.stdout == f"ctxopt {ctxopt.__version__}\n"
    assert "click" not in done.stderr
    assert "dataclasses" not in done.stderr


def test_version_is_the_same_through_click(run: Callable[..., Result]) -> None:
    assert run("--version").stdout == f"ctxopt {ctxopt.__version__}\n"


def test_completion_is_clicks() -> None:
    script = "from ctxopt.__main__ import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "_CTXOPT_COMPLETE": "bash_complete",
            "COMP_WORDS": "ctxopt sc",
            "COMP_CWORD": "1",
        },
    )
    assert done.stdout == "plain,scan\n"
