"""Several builds checked as one: what each alone says, told once, by their names."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

from ctxopt.core.builds.records import BuildKind, FoundBuild, FoundBuilds
from ctxopt.core.checking.places import placed
from ctxopt.core.checking.records import CheckReport
from ctxopt.core.checking.settings import Budgets, CheckSettings, Growth
from ctxopt.core.findings import codes
from ctxopt.core.model import Location, Request, Severity
from ctxopt.errors import CtxoptError
from ctxopt.pipeline.check.checking import check
from ctxopt.pipeline.check.mending import plan_mending_all
from ctxopt.pipeline.check.several import check_all
from ctxopt.view.check import json as view
from tests.checking.cases import Check, place_of
from tests.suggesting.cases import put

CAUGHT_BELOW = {"CTX119", "CTX120"}
LEAVES_ALONE = {
    "a build that no file names": Check(
        "FROM scratch; COPY a /", files="a", silent="CTX119 CTX120"
    )
}


def build(name: str, context: str, dockerfile: str | None = None) -> FoundBuild:
    """A service of a compose file, with paths as they are typed from the project."""
    return FoundBuild(
        name=name,
        kind=BuildKind.COMPOSE,
        request=Request(context, dockerfile),
        dockerfile=dockerfile or f"{context}/Dockerfile",
        context=context,
        place=Location("compose.yaml", 2, 2),
    )


ROOT = (build("api", ".", "api/Dockerfile"), build("web", ".", "web/Dockerfile"))
APART = (build("api", "api"), build("web", "web"))


class Several(NamedTuple):
    """Files (`path = text`) and builds; what is found, with the builds it is about.

    `finds` has a row `CTX101 api/Dockerfile:2 of api web`, `silent` one that a check of
    that build alone has, and the check of all has not.
    """

    files: str
    builds: tuple[FoundBuild, ...]
    finds: str = ""
    also: str = ""
    silent: str = ""
    says: str = ""  # is in a message


_API = "api/Dockerfile = FROM scratch\\nCOPY api /\n"
_WEB = "web/Dockerfile = FROM scratch\\nCOPY web /\n"
_IN_API = "api/Dockerfile = FROM scratch\\nCOPY a.json /\n"
_IN_WEB = "web/Dockerfile = FROM scratch\\nCOPY a.json /\n"

CASES = {
    "a line of a shared ignore file is told once, for all that read it": Several(
        _API + _WEB + ".dockerignore = *.log # logs",
        ROOT,
        finds="CTX201 .dockerignore:1 of api web",
    ),
    "ignore files of one name are told apart, in sentences, too": Several(
        _IN_API
        + _IN_WEB
        + "api/a.json = 1\nweb/a.json = 1\napi/.dockerignore = *.json",
        APART,
        finds="CTX101 api/Dockerfile:2 of api",
        says='but api/.dockerignore:1 ("*.json") keeps it out',
    ),
    "a comment that silences something in one build is not idle in another": Several(
        "api/Dockerfile = # ctxopt: ignore=CTX102\\n\\nFROM scratch AS a\\nCOPY x /\\n"
        "FROM scratch AS b\\nCOPY api /\n",
        (
            build("one", ".", "api/Dockerfile"),
            build("two", ".", "api/Dockerfile")._replace(
                request=Request(".", "api/Dockerfile", target="b")
            ),
        ),
        silent="CTX001 api/Dockerfile:1 of two",
    ),
    "a comment that silences nothing in any build is told": Several(
        "api/Dockerfile = # ctxopt: ignore=CTX102\\n\\nFROM scratch\\nCOPY api /\n",
        (build("one", ".", "api/Dockerfile"), build("two", ".", "api/Dockerfile")),
        finds="CTX001 api/Dockerfile:1 of one two",
    ),
    "a line that matches nothing in one context, and something in another": Several(
        "Dockerfile = FROM scratch\\nCOPY . /\nDockerfile.dockerignore = src/a.txt\n"
        "api/src/a.txt = 1\nweb/b = 1",
        (build("api", "api", "Dockerfile"), build("web", "web", "Dockerfile")),
        silent="CTX215 Dockerfile.dockerignore:1 of web",
    ),
    "a secret that one build takes is not told as unsent of another": Several(
        "api/Dockerfile = FROM scratch\\nCOPY .env /\n"
        + _WEB
        + ".env = API_TOKEN=ghp_0123456789abcdefABCDEF0123456789abcd",
        ROOT,
        finds="CTX403 api/Dockerfile:2 of api",
        silent="CTX403 of web",
    ),
    "a secret that no build takes is told once": Several(
        _API + _WEB + ".env = API_TOKEN=ghp_0123456789abcdefABCDEF0123456789abcd",
        ROOT,
        finds="CTX403 of api web",
    ),
    "an ignore file that another build reads is not idle": Several(
        "api/Dockerfile = FROM scratch\\nCOPY . /\napi/a.log = 1\n"
        "api/.dockerignore = *.log\nweb/b = 1",
        (build("api", "api"), build("web", ".", "api/Dockerfile")),
        silent="CTX202 api/.dockerignore of web",
    ),
    "a Dockerfile that is refused is told at its line": Several(
        "api/Dockerfile = FROM scratch\\nCOPPY a /\n" + _WEB,
        APART,
        finds="CTX106 api/Dockerfile:2 of api",
    ),
    "a folder that is not there is told where the build is named": Several(
        _WEB + "compose.yaml = services:\\n  api:",
        APART,
        finds="CTX120 compose.yaml:2 of api",
        says='no such folder: "api"',
    ),
    "a block that is damaged stops the check of its builds alone": Several(
        "api/Dockerfile = FROM scratch\\nCOPY a /\n"
        "web/Dockerfile = FROM scratch\\nCOPY gone /\n"
        "api/a = 1\napi/.dockerignore = x\\n# >>> ctxopt >>>\\na",
        APART,
        finds="CTX107 api/.dockerignore:2 of api",
        also="CTX102 web/Dockerfile:2 of web",
    ),
    "a Dockerfile that is not there is told where the build is named": Several(
        _WEB + "api/a = 1", APART, finds="CTX120 compose.yaml:2 of api"
    ),
}


def rows(report: CheckReport) -> list[str]:
    """The diagnostics as cases name them."""
    return [
        " ".join([place_of(one), *(("of", *one.builds) if one.builds else ())])
        for one in report.diagnostics
    ]


def checked(case: Several, root: Path, monkeypatch: pytest.MonkeyPatch) -> CheckReport:
    monkeypatch.chdir(root)
    for line in filter(None, case.files.split("\n")):
        put(root, line)
    return check_all(".", FoundBuilds(case.builds), CheckSettings())


@pytest.mark.parametrize("name", CASES)
def test_what_is_found_names_its_builds(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[name]
    report = checked(case, tmp_path, monkeypatch)
    found = rows(report)
    assert not case.finds or case.finds in found
    assert not case.also or case.also in found
    assert not case.silent or case.silent not in found
    said = [one.problem.message for one in report.diagnostics]
    assert not case.says or any(case.says in one for one in said)
    assert not case.silent or case.silent.split()[0] in alone(case)


def alone(case: Several) -> set[str]:
    """The rules that the silent build meets in a check of its own."""
    request = next(one.request for one in case.builds if case.silent.endswith(one.name))
    return {one.rule.number for one in check(request).diagnostics}


def test_each_build_has_what_it_has_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES["a line of a shared ignore file is told once, for all that read it"]
    report = checked(case, tmp_path, monkeypatch)
    for one in case.builds:
        alone = {
            (found.rule.number, found.problem.message)
            for found in check(one.request).diagnostics
        }
        together = {
            (found.rule.number, found.problem.message)
            for found in report.diagnostics
            if one.name in found.builds
        }
        assert together == alone


def test_what_is_wrong_with_the_files_is_told_under_its_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "compose.yaml = services:\\n  api: ${X:?}")
    wrong = codes.BUILD_FILE.problem(
        "X is not set", place=Location("compose.yaml", 2, 2)
    )
    report = check_all(".", FoundBuilds((), (wrong,)), CheckSettings())
    assert rows(report) == ["CTX119 compose.yaml:2"]
    text = report.text("compose.yaml")
    assert text is not None
    assert text.line(2) == "  api: ${X:?}"


def test_a_build_that_is_elsewhere_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    far = build("far", "https://example.org/a.git")
    refusal = CtxoptError("it is fetched", file="compose.yaml", line=3)
    found = FoundBuilds((far._replace(refusal=refusal),))
    report = check_all(".", found, CheckSettings())
    assert rows(report) == ["CTX120 compose.yaml:3 of far"]
    assert [one.severity for one in report.diagnostics] == [Severity.NOTE]
    assert not report.fails


def test_each_build_has_its_own_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for line in (*_API.split("\n"), *_WEB.split("\n"), "api/x = 1", "web/x = 1"):
        if line:
            put(tmp_path, line)
    budgets = {"api": Budgets(transfer_bytes=1), "web": Budgets()}
    report = check_all(
        ".",
        FoundBuilds(ROOT),
        CheckSettings(),
        settings_of=lambda name: CheckSettings(budgets=budgets[name]),
    )
    assert "CTX303 of api" in rows(report)
    assert "CTX303 of web" not in rows(report)


def test_a_baseline_has_the_sizes_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for line in (*_API.split("\n"), *_WEB.split("\n"), "api/x = 1", "web/x = 1"):
        if line:
            put(tmp_path, line)
    settings = CheckSettings(growth=Growth("sizes.json", 5))
    written = check_all(".", FoundBuilds(ROOT), settings, renew_baseline=True)
    assert "CTX304" not in " ".join(rows(written))
    (tmp_path / "web" / "y").write_bytes(b"x" * 9000)
    grown = check_all(".", FoundBuilds(ROOT), settings)
    assert {row for row in rows(grown) if "CTX304" in row and "web" in row}


def test_a_baseline_that_is_not_there_ends_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "api/a = 1")
    put(tmp_path, "api/Dockerfile = FROM scratch")
    settings = CheckSettings(growth=Growth("sizes.json", 5))
    with pytest.raises(CtxoptError, match="no such baseline"):
        check_all(".", FoundBuilds((build("api", "api"),)), settings)


def test_a_dockerfile_in_a_compose_file_is_placed_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "compose.yaml = services:\\n  api:")
    put(tmp_path, "api/x = 1")
    inline = build("api", "api")._replace(
        request=Request("api", "-", dockerfile_bytes=b"FROM scratch\nCOPY gone /\n"),
        dockerfile="",
    )
    report = check_all(".", FoundBuilds((inline,)), CheckSettings())
    assert "CTX102 the Dockerfile of api:2 of api" in rows(report)
    (place,) = {one.place for one in placed(report)}
    assert (place.path, place.line) == ("compose.yaml", 2)


def test_json_has_the_builds_and_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES["a line of a shared ignore file is told once, for all that read it"]
    out = StringIO()
    view.show(checked(case, tmp_path, monkeypatch), out)
    told = json.loads(out.getvalue())
    assert [one["name"] for one in told["builds"]] == ["api", "web"]
    assert all(one["sizes"]["transfer_files"] for one in told["builds"])
    (line,) = [one for one in told["findings"] if one["rule"] == "CTX201"]
    assert line["builds"] == ["api", "web"]


# --- fixes of several builds ---


class Mended(NamedTuple):
    """Files and builds; the file after all fixes, or why one is not made."""

    files: str
    builds: tuple[FoundBuild, ...]
    path: str
    text: str = ""
    left: str = ""


_ONE_LINE = ".dockerignore = logs/  # of the day\nlogs/a = 1\napi/b = 1\nweb/c = 1\n"
MENDED = {
    "a line of a shared ignore file is mended once": Mended(
        _API + _WEB + _ONE_LINE, ROOT, ".dockerignore", text="# of the day\nlogs/\n"
    ),
    "a line that another build would break on stays": Mended(
        _API + "web/Dockerfile = FROM scratch\\nCOPY logs /\n" + _ONE_LINE,
        ROOT,
        ".dockerignore",
        left='web/Dockerfile:2 names "logs", and it would be kept out',
    ),
    "a build that is broken already is in nobody's way": Mended(
        _API + "web/Dockerfile = FROM scratch\\nCOPPY logs /\n" + _ONE_LINE,
        ROOT,
        ".dockerignore",
        text="# of the day\nlogs/\n",
    ),
    "an ignore file that another build has in a named context stays": Mended(
        _API + "web/Dockerfile = FROM scratch\\nCOPY --from=top api /\n" + _ONE_LINE,
        (
            ROOT[0],
            build("web", "web")._replace(
                request=Request("web", build_contexts={"top": "."})
            ),
        ),
        ".dockerignore",
        left="web: a named context of this build has this ignore file",
    ),
    "ignore files of one name are each mended": Mended(
        "api/Dockerfile = FROM scratch\\nCOPY a /\nweb/Dockerfile = FROM scratch\n"
        "api/a = 1\napi/.dockerignore = #x\\nlogs/  # y\napi/logs/l = 1",
        APART,
        "api/.dockerignore",
        text="#x\n# y\nlogs/\n",
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_a_fix_is_made_where_every_build_bears_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = MENDED[name]
    several = Several(case.files, case.builds)
    report = checked(several, tmp_path, monkeypatch)
    requests = {one.name: one.request for one in case.builds}
    plan = plan_mending_all(requests, report)
    made = {one.text.shown: one.text.after.decode() for one in plan.files}
    assert made.get(case.path, "").rstrip("\n") == case.text.rstrip("\n")
    assert [one.shown for one in plan.left] == ([case.path] if case.left else [])
    assert [one.why for one in plan.left if case.left not in one.why] == []


def test_a_file_that_changed_since_the_check_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = MENDED["a line of a shared ignore file is mended once"]
    report = checked(Several(case.files, case.builds), tmp_path, monkeypatch)
    (tmp_path / ".dockerignore").write_text("another\n")
    requests = {one.name: one.request for one in case.builds}
    with pytest.raises(CtxoptError, match="changed while it was checked"):
        plan_mending_all(requests, report)
