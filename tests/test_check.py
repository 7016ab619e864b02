"""`ctxopt check` and `ctxopt explain` as somebody types them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ctxopt.core.checking.catalogue import FAMILIES
from tests.test_write import in_process

BROKEN = "FROM scratch\nCOPY gone /\nCOPY a /\n"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A build with one error, and nothing else wrong."""
    (tmp_path / "a").write_text("a")
    (tmp_path / "Dockerfile").write_text(BROKEN)
    (tmp_path / ".dockerignore").write_text("Dockerfile\n.dockerignore\n")
    return tmp_path


def test_an_error_is_shown_with_its_line_and_the_status_is_1(broken: Path) -> None:
    status, out, said = in_process("check", broken)
    assert (status, said) == (1, "")
    head, line, mark, message, *rest = out.splitlines()
    assert (head, line, mark) == ("Dockerfile", "   2  COPY gone /", "           ^")
    assert message.startswith('  error   CTX102 "gone" is not in the context;')
    assert any(one.startswith("          → create it, ") for one in rest)
    assert out.splitlines()[-1] == "This build would fail: 1 error"


def test_a_build_without_a_finding_is_told_so_and_the_status_is_0(
    broken: Path,
) -> None:
    (broken / "Dockerfile").write_text("FROM scratch\nCOPY a /\n")
    assert in_process("check", broken) == (0, "Nothing is found\n", "")


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (["--fail-on", "never"], 0),
        (["--fail-on", "note"], 1),
        (["--ignore", "CTX102"], 0),
        (["--ignore", "source-missing"], 0),
        (["--select", "CTX4"], 0),
        (["--select", "CTX1"], 1),
        (["--max-files", "1", "--ignore", "CTX102"], 0),
        (["--max-size", "1kB", "--ignore", "CTX102"], 0),
        (["--max-size", "9", "--ignore", "CTX102"], 1),
        (["--max-size", "9", "--ignore", "CTX102", "--ignore", "CTX3"], 0),
    ],
)
def test_the_status_is_what_was_asked_for(
    broken: Path, options: list[str], status: int
) -> None:
    assert in_process("check", *options, broken)[0] == status


def test_a_silenced_finding_is_counted_and_no_failure(broken: Path) -> None:
    text = BROKEN.replace("COPY gone", "# ctxopt: ignore=CTX102\nCOPY gone")
    (broken / "Dockerfile").write_text(text)
    assert in_process("check", broken) == (0, "Nothing is found: 1 silenced\n", "")


@pytest.mark.parametrize("where", [".", "docker", ".."])
def test_severities_of_paths_are_the_same_wherever_it_is_run(
    where: str, broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (broken / "docker").mkdir()
    (broken / "Dockerfile").rename(broken / "docker/Dockerfile")
    (broken / ".ctxopt.toml").write_text("[per-path-severity]\n'docker/*' = 'note'\n")
    monkeypatch.chdir(broken / where)
    file = os.path.relpath(broken / "docker/Dockerfile")
    status, out, _ = in_process("check", "-f", file, os.path.relpath(broken))
    assert (status, "note    CTX102" in out) == (0, True)


def test_a_build_that_its_builder_refuses_is_a_finding(broken: Path) -> None:
    (broken / "Dockerfile").write_text("FROM scratch\nCOPPY a /\n")
    status, out, _ = in_process("check", broken)
    assert status == 1
    assert "CTX106 unknown instruction: COPPY (did you mean COPY?)" in out
    assert "nothing else was looked at" in out


def test_forms_go_to_files_beside_what_is_shown(broken: Path) -> None:
    sarif, page = broken / "out.sarif", broken / "out.md"
    status, out, _ = in_process(
        "check", "--format", "github", "--report", f"sarif={sarif}",
        "--report", f"markdown={page}", broken,
    )  # fmt: skip
    assert status == 1
    assert out.startswith("::error file=")
    assert json.loads(sarif.read_text())["version"] == "2.1.0"
    assert page.read_text().startswith("### This build would fail: 1 error\n")


def test_a_form_can_go_to_a_file_alone(broken: Path) -> None:
    file = broken / "out.json"
    assert in_process("check", "--json", "--output", file, broken) == (1, "", "")
    found = json.loads(file.read_text())
    assert (found["schema"], found["fails"]) == ("ctxopt/check/1", True)
    assert found["counts"] == {"error": 1, "warning": 0, "note": 0}
    assert found["sizes"]["transfer_files"] == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--select", "CTX999"], 'error: --select: no such rule: "CTX999"'),
        (["--report", "xml=a"], "write FORM=FILE"),
        (["--output", "type=local,dest=out"], "is for docker build"),
        (["--report", "json=/nowhere/a"], 'cannot write "/nowhere/a"'),
        (["--report", "json=a", "--report", "sarif=./a"], "for json and for sarif"),
        (["--report", "json=a", "--output", "a"], "for json and for text"),
        (["--diff", "--report", "json=a"], "makes no --report or --output"),
        (["--max-size", "many"], '"many" is no size'),
        (["--update-baseline"], "--update-baseline needs --baseline FILE"),
        (["--baseline", "/nowhere/a"], "there is no such baseline"),
    ],
)
def test_what_is_wrong_with_the_usage_is_one_line(
    broken: Path, options: list[str], said: str
) -> None:
    status, _, message = in_process("check", *options, broken)
    assert status == 2
    assert said in message.splitlines()[0]
    assert message.startswith("ctxopt: error: ")


def test_statistics_count_the_rules(broken: Path) -> None:
    _, out, _ = in_process("check", "--statistics", broken)
    assert out.startswith("     1  CTX102  error    source-missing  ")


def test_the_list_has_every_family() -> None:
    status, out, _ = in_process("check", "--list")
    assert status == 0
    assert out.count("xx  ") == len(FAMILIES)
    assert "CTX101  error    source-ignored" in out


def test_explain_takes_numbers_words_and_families() -> None:
    _, by_number, _ = in_process("explain", "CTX101")
    assert in_process("explain", "source-ignored")[1] == by_number
    assert by_number.startswith("CTX101 source-ignored\n")
    assert by_number in in_process("explain", "ctx1")[1]


@pytest.mark.parametrize(
    ("number", "how"),
    [
        pytest.param("CTX102", "on the line before, or alone at the top", id="a line"),
        pytest.param("CTX303", "alone at the top of the Dockerfile", id="a size"),
        pytest.param("CTX001", "ctxopt check --ignore CTX001", id="a comment itself"),
    ],
)
def test_explain_says_how_a_rule_is_silenced(number: str, how: str) -> None:
    assert how in " ".join(in_process("explain", number)[1].split())


def test_a_size_is_silenced_at_the_top(broken: Path) -> None:
    text = f"# ctxopt: ignore=CTX303,CTX102  # known\n\n{BROKEN}"
    (broken / "Dockerfile").write_text(text)
    silent = in_process("check", "--max-size", "1", broken)
    assert silent == (0, "Nothing is found: 2 silenced\n", "")


def test_explain_asks_for_a_rule() -> None:
    status, _, said = in_process("explain")
    assert (status, said.splitlines()[0]) == (2, "ctxopt: error: RULE... is missing")


def test_explain_names_the_nearest_rule() -> None:
    status, _, said = in_process("explain", "source-ignord")
    assert status == 2
    assert "did you mean source-ignored?" in said
