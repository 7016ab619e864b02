"""What a project says of suggestions: its never-list, and rules of its own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from ctxopt import pipeline
from ctxopt.core.model import Confidence, Request
from ctxopt.core.patterns.escaping import escaped
from ctxopt.core.suggest.policy import Never, Policy
from ctxopt.core.suggest.rules import Rule
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.watch.session import Session, Settings
from ctxopt.pipeline.writing.drafting import Drafting
from ctxopt.pipeline.writing.plan import Choice
from tests import projects

FILES = {
    "Dockerfile": "FROM scratch\nCOPY . .\n",
    "logs/a.log": "x" * 5000,
    "logs/deep/b.log": "x" * 5000,
    "sub/logs/c.log": "x" * 5000,
    "x.log": "x" * 800,
    "y.log": "x" * 900,
    "src/main.c": "int",
    "src/app.js.map": "m" * 999,
}
MAPS = Rule(
    "maps", ("**/*.map",), "maps", "A debugger reads them.", Confidence.CERTAIN,
    topic="build",
)  # fmt: skip
PLACE = "ctxopt.toml:3"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def never(*patterns: str) -> Policy:
    return Policy((), tuple(Never(one, PLACE) for one in patterns))


def drafted(project: Path, policy: Policy, choice: Choice | None = None) -> Drafting:
    request = Request(project)
    return pipeline.plan(
        request, choice or Choice(), estimate=Estimate(), policy=policy
    )


def lines(draft: Drafting, accepted: Iterable[str] = ()) -> set[str]:
    """The lines that are written."""
    text = (draft.plan([*accepted]).after or b"").decode()
    return {one for one in text.splitlines() if one and not one.startswith("#")}


def held(draft: Drafting) -> dict[str, str]:
    return {one.path: one.why for one in draft.held}


def sent(project: Path, draft: Drafting) -> set[str]:
    """The files of the context once that is written."""
    ignore_file = project / ".dockerignore"
    ignore_file.write_bytes(draft.plan([]).after or b"")
    left = {
        one.path
        for one in pipeline.listing(Request(project), whole=True)
        if not one.directory
    }
    ignore_file.unlink()
    return left


CLUTTER = {"logs/a.log", "logs/deep/b.log", "sub/logs/c.log", "x.log", "y.log"}


@pytest.mark.parametrize(
    ("patterns", "stays"),
    [
        pytest.param([], "", id="nothing where there is no list"),
        pytest.param(["logs"], "logs/a.log logs/deep/b.log", id="a folder"),
        pytest.param(["logs/a.log"], "logs/a.log", id="a file in a folder"),
        pytest.param(
            ["**/logs"], "logs/a.log logs/deep/b.log sub/logs/c.log", id="any folder"
        ),
        pytest.param(["**/c.log"], "sub/logs/c.log", id="what a wildcard hits inside"),
        pytest.param(["sub"], "sub/logs/c.log", id="what lies in a folder of the list"),
        pytest.param(["x.log"], "x.log", id="one file of several"),
        pytest.param(["nothing/here"], "", id="nothing of what is not there"),
        pytest.param(["src"], "", id="nothing of what no rule speaks of"),
        pytest.param([".dockerignore"], ".dockerignore", id="the ignore file itself"),
    ],
)
def test_what_the_list_holds_stays_and_nothing_else(
    patterns: list[str], stays: str, project: Path
) -> None:
    left = sent(project, drafted(project, never(*patterns)))
    assert left & (CLUTTER | {".dockerignore"}) == set(stays.split())


def test_no_line_takes_what_may_come_to_a_place_of_the_list(project: Path) -> None:
    draft = drafted(project, never("logs/not-yet.txt"))
    (project / "logs/not-yet.txt").write_text("it came")
    assert "logs/not-yet.txt" in sent(project, draft)


def test_what_is_held_back_says_where_the_list_stands(project: Path) -> None:
    draft = drafted(project, never("sub"))
    assert held(draft)["sub/logs"] == f"the configuration says never ({PLACE})"


def test_the_name_of_a_suggestion_means_what_the_list_leaves_of_it(
    project: Path,
) -> None:
    draft = drafted(project, never("sub"), Choice(only=("logs-dirs",)))
    assert lines(draft) == {"logs", ".dockerignore"}
    assert draft.consents.overruled == ()


@pytest.mark.parametrize(
    ("named", "written"),
    [
        pytest.param("logs-dirs", {"logs", "sub/logs"}, id="by its id"),
        pytest.param("sub/logs", {"sub/logs"}, id="by its path"),
    ],
)
def test_what_a_person_names_is_written_with_the_reason_against_it(
    named: str, written: set[str], project: Path
) -> None:
    policy = never("logs", "sub")
    draft = drafted(project, policy, Choice(only=(named,)))
    assert lines(draft) - {".dockerignore"} == written
    (overruled,) = draft.consents.overruled
    assert overruled.endswith(f"the configuration says never ({PLACE})")


def test_a_rule_of_the_project_speaks_in_its_section_of_the_block(
    project: Path,
) -> None:
    text = (drafted(project, Policy((MAPS,))).plan([]).after or b"").decode()
    section = text.partition("# --- Build output")[2].partition("# ---")[0]
    assert section.splitlines()[1:] == [
        "# maps: maps. A debugger reads them",
        "**/*.map",
    ]


def test_a_rule_of_the_project_speaks_before_those_of_ctxopt(project: Path) -> None:
    rule = MAPS._replace(id="our-logs", patterns=("**/logs",), kind="directory")
    report = pipeline.analyze(
        Request(project), estimate=Estimate(), policy=Policy((rule,))
    )
    ids = {one.id for one in report.suggestions}
    assert "our-logs" in ids
    assert "logs-dirs" not in ids


def test_a_rule_of_the_project_may_be_named_while_it_hits_nothing(
    project: Path,
) -> None:
    (project / "src" / "app.js.map").unlink()
    draft = drafted(project, Policy((MAPS,)), Choice(only=("maps",)))
    assert draft.absent == ('"maps" is not suggested now',)


def test_the_never_list_holds_rules_of_the_project_too(project: Path) -> None:
    policy = Policy((MAPS,), (Never("src/*.map", PLACE),))
    draft = drafted(project, policy)
    assert "maps" not in {one.id for one in draft.advice.suggestions}
    assert held(draft) == {"src/app.js.map": f"the configuration says never ({PLACE})"}


def test_an_allow_list_says_what_it_keeps_out_of_the_list(project: Path) -> None:
    (project / "Dockerfile").write_text("FROM scratch\nCOPY src /src\n")
    policy = never("logs", "src/main.c", "**/*.golden")
    plan = pipeline.plan_allow_list(Request(project), Choice(), policy)
    assert plan.notes[-1] == (
        "the list keeps out what no source names, also what the configuration says "
        f"never of: logs ({PLACE}), **/*.golden ({PLACE})"
    )
    assert pipeline.plan_allow_list(Request(project), Choice()).notes == ()


def test_what_weighs_much_is_held_back_by_the_list_too(project: Path) -> None:
    (project / "model.bin").write_bytes(bytes(5_000_000))
    (project / "data").mkdir()
    (project / "data/table").write_bytes(bytes(5_000_000))
    assert held(drafted(project, Policy())) == {}
    assert held(drafted(project, never("model.bin", "data"))) == {
        "model.bin": f"the configuration says never ({PLACE})",
        "data": f"the configuration says never ({PLACE})",
    }


def test_a_path_that_is_a_part_of_a_suggestion_names_it(project: Path) -> None:
    draft = drafted(project, Policy(), Choice(only=("y.log",)))
    assert draft.absent == (
        '"y.log" is no suggestion of its own; it is part of logs-files',
    )


@pytest.mark.parametrize("named", ["large-blob-bin", "blob.bin", "large:blob.bin"])
def test_what_weighs_much_is_written_where_a_person_names_it(
    named: str, project: Path
) -> None:
    (project / "blob.bin").write_bytes(bytes(5_000_000))
    (project / "other.bin").write_bytes(bytes(5_000_000))
    policy = never("*.bin")
    draft = drafted(project, policy, Choice(only=(named,)))
    assert lines(draft) == {"blob.bin", ".dockerignore"}
    (warning,) = draft.consents.overruled
    assert warning.startswith("large-blob-bin is written as you say, and yet blob.bin")
    assert warning.endswith(f"the configuration says never ({PLACE})")


@pytest.mark.parametrize("patterns", [["sub"], ["**/c.log"]])
def test_a_watched_build_knows_the_list_too(patterns: list[str], project: Path) -> None:
    settings = Settings(Estimate(), policy=never(*patterns))
    with Session(Request(project), settings) as session:
        session.start(0.0)
        assert session.report is not None
        lines = {line for one in session.report.suggestions for line in one.patterns}
        why = [one.why for one in session.report.held_back]
    assert "logs" in lines
    assert "sub/logs" not in lines
    assert all(f"the configuration says never ({PLACE})" in one for one in why)


def left(root: Path) -> set[str]:
    listed = pipeline.listing(Request(root), whole=True)
    return {one.path for one in listed if not one.directory}


@pytest.mark.deep
@pytest.mark.parametrize("name", ["python-web", "go-service"])
def test_each_path_that_would_go_stays_once_it_is_on_the_list(
    name: str, tmp_path: Path
) -> None:
    root = projects.lay_out(name, tmp_path)
    before = left(root)
    ignore_file = root / ".dockerignore"
    own = ignore_file.read_bytes() if ignore_file.exists() else None

    def going(policy: Policy) -> set[str]:
        plan = drafted(root, policy).plan([])
        ignore_file.write_bytes(plan.after or b"")
        gone = before - left(root)
        ignore_file.unlink() if own is None else ignore_file.write_bytes(own)
        return gone

    would_go = sorted(going(Policy()) - {".dockerignore"})
    assert would_go
    for path in would_go[:: max(len(would_go) // 2, 1)]:
        assert path not in going(never(escaped(path) or ""))
        folder = path.rpartition("/")[0]
        if folder:
            gone = going(never(escaped(folder) or ""))
            assert not {one for one in gone if one.startswith(f"{folder}/")}


def test_an_ignore_file_that_stays_is_weighed(project: Path) -> None:
    draft = drafted(project, never(".dockerignore"))
    plan = draft.plan([])
    plan.apply()
    report = pipeline.analyze(Request(project))
    assert plan.then is not None
    assert plan.then.context == report.context
    assert plan.then.transfer == report.transfer.tally
