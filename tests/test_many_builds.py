"""Which builds a command line means: one, all, or those of a file that names some."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_write import in_process
from tests.texttree import plant

COMPOSE = """services:
  web:
    build: web
  api:
    build:
      context: .
      dockerfile: api/Dockerfile
  db:
    image: postgres
"""
BAKE = 'target "site" {\n  context = "web"\n}\n'
IMAGE = "FROM scratch\nCOPY . /\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository without a Dockerfile at its root."""
    plant(tmp_path, "web/index.html:300 api/main.py:70 tools/x.py:9 README.md:5")
    for folder in ("web", "api", "tools"):
        (tmp_path / folder / "Dockerfile").write_text(IMAGE)
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "docker-bake.hcl").write_text(BAKE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(*arguments: str) -> list[str]:
    """The names of the builds that are told of, as JSON says them."""
    status, out, err = in_process("scan", "--json", *arguments)
    assert status == 0, err
    told = json.loads(out)
    assert told["schema"] == "ctxopt/scan-all/1"
    return sorted(one["name"] for one in told["builds"])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["--all"], "api tools web", id="all of them, each once"),
        pytest.param([], "api web", id="what the folder builds, where it is no build"),
        pytest.param(["--compose", "compose.yaml"], "api web", id="services"),
        pytest.param(["-f", "compose.yaml"], "api web", id="services, typed as -f"),
        pytest.param(["-f", "docker-bake.hcl"], "site", id="targets, typed as -f"),
        pytest.param(["--bake", "docker-bake.hcl"], "site", id="targets"),
        pytest.param(["--dockerfiles", "*/Dockerfile"], "api tools web", id="a glob"),
        pytest.param(["--all", "."], "api tools web", id="all of a folder"),
        pytest.param(
            ["--all", ".", "api", "tools"], "api tools", id="two by their names"
        ),
    ],
)
def test_these_builds_are_meant(
    shop: Path, arguments: list[str], expected: str
) -> None:
    assert names(*arguments) == expected.split()


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["site"], id="a target by its name"),
        pytest.param(["--compose", "compose.yaml", "web"], id="one of the services"),
        pytest.param(["-f", "compose.yaml", "web"], id="the same typed as -f"),
        pytest.param(["web"], id="a folder, which comes before a name"),
        pytest.param([".", "web"], id="a name behind the folder, though it is one"),
    ],
)
def test_one_by_its_name_is_told_in_full(shop: Path, arguments: list[str]) -> None:
    status, out, err = in_process("scan", "--json", *arguments)
    assert status == 0, err
    told = json.loads(out)
    assert told["schema"] == "ctxopt/scan/1"
    assert told["request"]["context"] in ("web", str(shop / "web"))


def test_all_of_them_are_summed_up_for_a_pull_request(shop: Path) -> None:
    status, out, err = in_process("scan", "--all", "--format", "markdown")
    assert (status, err) == (0, "")
    title, *_ = out.splitlines()
    assert title.startswith("### ")
    assert f"builds in `{shop}` send" in title


def test_a_root_with_a_dockerfile_is_one_build_as_ever(shop: Path) -> None:
    (shop / "Dockerfile").write_text(IMAGE)
    status, out, err = in_process("scan", "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["schema"] == "ctxopt/scan/1"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ["--all", "wbe"], 'no build is called "wbe"; did you mean "web"?', id="name"
        ),
        pytest.param(["wbe"], 'no such folder: "wbe"', id="neither folder nor name"),
        pytest.param(["--all", "--target", "x"], "--target is for one build", id="one"),
        pytest.param(["wbe", "aip"], "one context at a time", id="two of nothing"),
        pytest.param([".", "wbe"], 'no build is called "wbe"', id="a slip in a name"),
        pytest.param(
            ["--compose", "no.yaml"], "no.yaml", id="a file that is not there"
        ),
        pytest.param(["--all", "--excluded"], "--excluded is for one", id="excluded"),
        pytest.param(
            ["--all", "--format", "ncdu"], "--format ncdu is for one", id="an export"
        ),
    ],
)
def test_what_cannot_be_is_said_in_a_line(
    shop: Path, arguments: list[str], said: str
) -> None:
    status, out, err = in_process("scan", *arguments)
    assert (status, out) == (2, "")
    assert said in err


def test_a_table_has_a_row_a_build_and_says_how_to_see_one(shop: Path) -> None:
    status, out, err = in_process("scan", "--all")
    assert (status, err) == (0, "")
    rows = [line.split() for line in out.splitlines()]
    assert [row[0] for row in rows if row[1:2] == ["web/Dockerfile"]] == ["web"]
    assert "One in full: ctxopt scan" in out


def test_services_of_one_anchor_are_one_row_with_each_of_their_names(
    shop: Path,
) -> None:
    text = "x-web: &web\n  build: web\nservices:\n  a: *web\n  b:\n    <<: *web\n"
    (shop / "anchors.yaml").write_text(text)
    assert names("--compose", "anchors.yaml") == ["a"]
    status, out, err = in_process("scan", "--json", "--compose", "anchors.yaml", "b")
    assert status == 0, err
    assert json.loads(out)["schema"] == "ctxopt/scan/1"


@pytest.mark.parametrize("command", ["scan", "check", "write --yes", "watch"])
@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param({}, 'nothing in "." says what to build', id="an empty folder"),
        pytest.param(
            {"compose.yaml": "services:\n  web:\n    build: [a\n"},
            "compose.yaml:4: ",
            id="a file that nobody can read",
        ),
    ],
)
def test_without_a_build_no_command_is_content(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    files: dict[str, str],
    said: str,
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    status, out, err = in_process(*command.split(), "--all")
    assert (status, out) == (2, "")
    assert err.startswith("ctxopt: error: ")
    assert said in err


def test_what_is_written_is_taken_back_with_the_words_that_wrote_it(shop: Path) -> None:
    (shop / "debug.log").write_text("x" * 9000)
    status, out, err = in_process("write", "--yes", "--compose", "compose.yaml")
    assert status == 0, err
    assert "Take it back with: ctxopt write --compose compose.yaml --remove" in out
