"""What people type: other names, docker's own flags, and the way back from a slip."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from ctxopt.cli import main
from ctxopt.cli.pasted import is_docker_flag
from ctxopt.cli.program import BuildCommand
from tests.launch import PIPE, begin, completed
from tests.texttree import plant

Type = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a stage to choose, a platform that matters, some clutter."""
    plant(tmp_path, "src/app.py:100 bin/arm64/x:10 bin/amd64/x:20 log/a.log:2000")
    (tmp_path / "Dockerfile").write_text(
        "FROM scratch AS base\nCOPY src /src\n"
        "FROM scratch AS prod\nARG TARGETARCH\nCOPY bin/$TARGETARCH /bin\n"
        "FROM scratch\nCOPY . /all\n"
    )
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def type_(project: Path) -> Type:
    def typed(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return typed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param([".", "--json"], ["scan", "--json"], id="a folder alone"),
        pytest.param(["src/.."], ["scan", "src/.."], id="a path alone"),
        pytest.param(["--json"], ["scan", "--format", "json"], id="an option of scan"),
        pytest.param(
            ["-f", "Dockerfile", "."],
            ["scan", "-f", "Dockerfile"],
            id="an option that takes a value",
        ),
        pytest.param(
            ["-fDockerfile"], ["scan", "-f", "Dockerfile"], id="a value in one word"
        ),
        pytest.param(["-q", "."], ["scan", "-q"], id="a general option first"),
        pytest.param(
            ["--color", "never", "."], ["scan", "."], id="a general one with a value"
        ),
        pytest.param(["ls", "-l"], ["ls", "--long"], id="-l of ls"),
        pytest.param(["write", "-n"], ["write", "--dry-run"], id="-n of write"),
        pytest.param(["-V"], ["--version"], id="-V"),
        pytest.param(["help"], ["--help"], id="help"),
        pytest.param(["help", "write"], ["write", "--help"], id="help of a command"),
    ],
)
def test_another_way_to_say_it_does_the_same(
    type_: Type, typed: list[str], meant: list[str]
) -> None:
    done, usual = type_(*typed), type_(*meant)
    assert usual.exit_code == 0
    assert (done.exit_code, done.output) == (0, usual.output)


def test_the_word_for_a_command_wins_over_a_folder_of_that_name(
    type_: Type, project: Path
) -> None:
    (project / "ls").mkdir()
    assert type_("ls").stdout.startswith("Dockerfile\n")


# --- docker's own flags ----------------------------------------------------------

LINES = {
    "a tag, in each of its spellings": (
        "-t a --tag b --tag=c -td -t=e",
        "-t and --tag",
    ),
    "switches, on and off": (
        "--no-cache --pull --rm=false --force-rm=true --squash",
        "--no-cache, --pull, --rm, --force-rm and --squash",
    ),
    "outputs": (
        "--push --load -o type=local --output out --iidfile i --metadata-file m",
        "--push, --load, -o, --output, --iidfile and --metadata-file",
    ),
    "attestations": (
        "--provenance=true --sbom true --attest type=sbom --annotation a=b",
        "--provenance, --sbom, --attest and --annotation",
    ),
    "caches": (
        "--cache-from a --cache-to type=inline --no-cache-filter base",
        "--cache-from, --cache-to and --no-cache-filter",
    ),
    "secrets": ("--secret id=x,src=y --ssh default", "--secret and --ssh"),
    "what runs": (
        "--network host --add-host a:1 --shm-size 1g --ulimit nofile=1 -m 1g",
        "--network, --add-host, --shm-size, --ulimit and -m",
    ),
    "how it looks": ("--progress plain -D", "--progress and -D"),
    "one only": ("--label a=b --label c=d", "--label"),
}


@pytest.mark.parametrize(
    ("line", "named"), [pytest.param(*row, id=name) for name, row in LINES.items()]
)
def test_a_flag_of_docker_is_taken_with_its_value_and_named_once(
    type_: Type, line: str, named: str
) -> None:
    done = type_("ls", *line.split(), "--target", "base", ".")
    verb = "do" if " and " in named else "does"
    assert (done.exit_code, done.stdout) == (0, "src/\nsrc/app.py\n")
    said = f"ctxopt: note: {named} {verb} not change what is sent, ignored\n"
    assert done.stderr == said


def test_a_pasted_line_needs_no_command(type_: Type) -> None:
    done = type_("-t", "app", "--target", "base", "--no-cache", "--json", ".")
    assert done.exit_code == 0
    assert '"target": "base"' in done.stdout


def test_what_is_sent_compressed_is_told_before_it(type_: Type) -> None:
    said = type_("ls", "--compress").stderr
    assert said.endswith("ignored; sizes are those before compression\n")


def test_an_option_of_our_own_wins_over_docker_s(type_: Type) -> None:
    done = type_("write", "--check", ".")
    assert (done.exit_code, "ignored" in done.stderr) == (1, False)
    assert "--check does not change" in type_("ls", "--check").stderr


def test_a_switch_of_ours_may_stand_before_a_flag_of_docker_s(type_: Type) -> None:
    done = type_("ls", "-qt", "name", "-0lt", "other", "--target", "base", ".")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.count("\0") == 2


def test_a_value_of_ours_that_looks_like_a_flag_stays_a_value(type_: Type) -> None:
    done = type_("ls", "--build-arg", "-t=x", "--target", "base", "--", ".")
    assert (done.exit_code, done.stderr) == (0, "")


def test_a_flag_without_its_value_is_wrong_usage(type_: Type) -> None:
    done = type_("scan", ".", "-t")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("ctxopt: error: -t needs a value\n")


def commands() -> dict[str, click.Command | None]:
    ctx = click.Context(main)
    return {name: main.get_command(ctx, name) for name in main.list_commands(ctx)}


def test_help_does_not_speak_of_docker_s_flags(type_: Type) -> None:
    for name, command in commands().items():
        if isinstance(command, BuildCommand):
            shown = type_(name, "--help").stdout.split("Options:")[1]
            words = shown.split("Examples:")[0].split()
            own = {word.strip(",") for word in words if word.startswith("-")}
            alike = {word for word in own if is_docker_flag(word)}
            assert alike <= {"--check", "--output", "-o"}


def test_every_command_about_a_build_takes_a_pasted_line() -> None:
    others = {"explain", "fleet", "help", "install-plugin"}
    for name, command in commands().items():
        assert isinstance(command, BuildCommand) or name in others


# --- the platform ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "taken", "said"),
    [
        pytest.param([], "bin/amd64/x", "", id="none: that of most engines"),
        pytest.param(["--platform", "linux/arm64"], "bin/arm64/x", "", id="one"),
        pytest.param(
            ["--platform", "linux/arm64,linux/amd64"],
            "bin/arm64/x",
            "ctxopt: note: --platform: measured for linux/arm64, the first of 2",
            id="several: the first, and that is said",
        ),
        pytest.param(
            ["--platform", "linux/arm64", "--platform", "linux/amd64"],
            "bin/arm64/x",
            "ctxopt: note: --platform: measured for linux/arm64, the first of 2",
            id="given twice",
        ),
    ],
)
def test_the_platform_decides_where_the_dockerfile_asks(
    type_: Type, options: list[str], taken: str, said: str
) -> None:
    done = type_("ls", "--target", "prod", *options)
    assert done.exit_code == 0
    assert taken in done.stdout.splitlines()
    assert done.stderr.startswith(said)
    assert bool(done.stderr) is bool(said)


def test_the_command_to_go_on_with_names_the_platform(type_: Type) -> None:
    assert "ctxopt write --platform linux/arm64" in type_(
        "scan", "--platform", "linux/arm64"
    ).stdout.replace("\n", " ").replace("  ", " ")


# --- slips -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("scna", "scan"),
        ("wirte", "write"),
        ("Scan", "scan"),
        ("fix", "write"),
        ("apply", "write"),
        ("optimise", "write"),
        ("optimize", "write"),
        ("analyse", "scan"),
        ("build", "scan"),
        ("list", "ls"),
        ("undo", "write --remove"),
        ("diff", "write --dry-run"),
        ("lint", "check"),
        ("chek", "check"),
    ],
)
@pytest.mark.parametrize("before", [(), ("help",)])
def test_an_unknown_command_points_to_the_right_one(
    type_: Type, before: tuple[str, ...], word: str, meant: str
) -> None:
    done = type_(*before, word)
    assert (done.exit_code, done.stdout) == (2, "")
    error, hint = done.stderr.splitlines()
    assert error == f'ctxopt: error: no such command and no such folder: "{word}"'
    assert hint.startswith(f"ctxopt: hint: did you mean ctxopt {meant}? ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ["scan", "--dept", "2"], "did you mean --depth?", id="a mistyped option"
        ),
        pytest.param(
            ["scan", "--depth", "-1"],
            '--depth: "-1" is too small; write 1 or more',
            id="a depth of less than one",
        ),
        pytest.param(
            ["scan", "--top", "0"],
            '--top: "0" is too small; write 1 or more',
            id="a top of less than one",
        ),
        pytest.param(
            ["scan", "--top", "x"],
            '--top: "x" is no whole number; write 1 or more',
            id="no number",
        ),
        pytest.param(
            ["scan", "--builder", "ci"],
            "the name of a buildx builder does not change what is sent: leave it out",
            id="a builder of buildx",
        ),
        pytest.param(
            ["scan", ""],
            'CONTEXT is an empty word; name a folder; "." is the current one',
            id="an empty context",
        ),
        pytest.param([""], "CONTEXT is an empty word", id="nothing but that"),
        pytest.param(["scan", "scr"], 'did you mean "src"?', id="a mistyped folder"),
        pytest.param(
            ["scan", "-f", "Dockerfil"],
            'did you mean "Dockerfile"?',
            id="a mistyped Dockerfile",
        ),
        pytest.param(
            ["scan", "-f", "src/ap.py"],
            'did you mean "src/app.py"?',
            id="a mistyped one elsewhere",
        ),
        pytest.param(
            ["scan", "src"], "name the Dockerfile with -f", id="no Dockerfile at all"
        ),
        pytest.param(
            ["scan", "--platform", "a/b/c/d"],
            "write os/arch or os/arch/variant",
            id="no platform",
        ),
    ],
)
def test_a_slip_is_told_with_the_way_back(
    type_: Type, arguments: list[str], said: str
) -> None:
    done = type_(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.startswith("ctxopt: error: ")
    assert all(line.startswith("ctxopt: ") for line in done.stderr.splitlines())


@pytest.mark.parametrize("name", ["Dockerfile.dev", "app.dockerfile", "Containerfile"])
def test_where_there_is_no_dockerfile_its_likely_stand_in_is_named(
    type_: Type, project: Path, name: str
) -> None:
    (project / "src" / name).write_text("FROM scratch\n")
    (project / "src" / "Dockerfile.dockerignore").touch()
    done = type_("scan", "src")
    assert done.exit_code == 0
    assert done.stderr.startswith("ctxopt: note: ")
    assert f"docker build takes it with -f src/{name}" in done.stderr
    empty = project / "src" / name
    empty.write_text("")
    if name != "Containerfile":  # which stands for nothing else
        assert f'there is "{name}": say -f "src/{name}"' in type_("scan", "src").stderr


@pytest.mark.parametrize("number", ["101", "99999999999999999999"])
@pytest.mark.parametrize("option", ["--depth", "--top"])
def test_more_than_there_is_shows_all(type_: Type, option: str, number: str) -> None:
    done = type_("scan", option, number)
    assert (done.exit_code, done.stderr) == (0, "")


# --- less to hear, more or less colour -------------------------------------------


def test_quiet_leaves_results_and_errors(type_: Type, project: Path) -> None:
    loud, quiet = type_("ls", "-t", "x"), type_("ls", "-t", "x", "-q")
    assert (loud.stderr != "", quiet.stderr) == (True, "")
    assert quiet.stdout == loud.stdout
    assert type_("ls", "-q", "gone").stderr.startswith("ctxopt: error: ")


@pytest.mark.parametrize("where", ["before", "behind"])
def test_colour_is_said_on_the_command_line(type_: Type, where: str) -> None:
    def scan(*options: str) -> str:
        typed = (*options, "scan") if where == "before" else ("scan", *options)
        return type_(*typed).stdout

    assert "\x1b[" in scan("--color", "always")
    assert "\x1b[" not in scan("--color", "auto")


@pytest.mark.parametrize(
    ("environment", "option", "coloured"),
    [
        pytest.param({"NO_COLOR": "1"}, "always", True, id="always beats NO_COLOR"),
        pytest.param(
            {"FORCE_COLOR": "1"}, "never", False, id="never beats FORCE_COLOR"
        ),
        pytest.param({"FORCE_COLOR": "1"}, "auto", True, id="auto heeds FORCE_COLOR"),
        pytest.param(
            {"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", False, id="NO_COLOR wins"
        ),
    ],
)
def test_the_command_line_wins_over_the_environment_and_leaves_it_alone(
    type_: Type,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    option: str,
    *,
    coloured: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    assert ("\x1b[" in type_("scan", "--color", option).stdout) is coloured
    assert dict(os.environ) == before


# --- what the shell offers -------------------------------------------------------


def offered(line: str, folder: Path, *, begun: bool = False) -> list[str]:
    """What bash would offer where `line` ends; asked as it asks where it is `begun`."""
    words = line.split()
    environ = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "_CTXOPT_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - (not line.endswith(" "))),
    }
    with open(os.devnull, "rb") as nothing:
        streams = (nothing.fileno(), PIPE, PIPE)
        if begun:
            started = begin([], streams=streams, cwd=folder, env=environ)
            out, err = started.communicate()
        else:
            done = completed([], streams=streams, cwd=folder, env=environ)
            out, err = done.stdout, done.stderr
    assert err == b""
    return [one.partition(",")[2] for one in out.decode().split()]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        pytest.param("scan --target ", ["base", "prod"], id="stages"),
        pytest.param("scan --target p", ["prod"], id="stages that begin so"),
        pytest.param("ls -t x . --target ", ["base", "prod"], id="after all the rest"),
        pytest.param(". --target ", ["base", "prod"], id="without a command"),
        pytest.param("scan -f gone --target ", [], id="no Dockerfile, no stages"),
        pytest.param(
            "scan --builder ", ["buildkit", "legacy", "podman"], id="builders"
        ),
        pytest.param("scan --profile d", ["desktop"], id="profiles"),
        pytest.param("scan --color ", ["auto", "always", "never"], id="colours"),
        pytest.param("help w", ["why", "write", "watch"], id="commands"),
        pytest.param("write -f gone --only ", [], id="no build, no suggestions"),
    ],
)
def test_the_shell_is_offered_values(
    project: Path, line: str, values: list[str]
) -> None:
    assert offered(f"ctxopt {line}", project) == values


def test_the_shell_is_offered_what_is_suggested_and_not_chosen_yet(
    project: Path,
) -> None:
    suggested = offered("ctxopt write --only ", project, begun=True)
    assert suggested
    assert offered("ctxopt write --skip ", project) == suggested
    first, *others = suggested
    assert offered(f"ctxopt write --only {first} --only ", project) == others
