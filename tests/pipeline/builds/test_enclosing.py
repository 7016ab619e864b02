"""Builds of a stranger take nothing that lies outside of their repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxopt.core.builds.records import BuildChoice
from ctxopt.pipeline.builds.finding import find_builds
from tests.pipeline.builds.test_finding import lay

OWN = "word-of-whoever-looks"
ENCLOSED = BuildChoice(everything=True, environment={}, is_enclosed=True)


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that is the current folder, and beside it what is none of its."""
    lay(tmp_path / "own", {"Dockerfile": f"{OWN}\n", ".env": f"A={OWN}\n"})
    lay(tmp_path / "top" / "app", {"Dockerfile": "FROM scratch\nCOPY . /\n"})
    lay(
        tmp_path / "own",
        {"compose.yaml": f"services: {{{OWN}: {{build: '/app/{OWN}'}}}}\n"},
    )
    monkeypatch.chdir(tmp_path / "top")
    return tmp_path / "top"


@pytest.mark.parametrize(
    ("file", "text", "what"),
    [
        ("compose.yaml", "services: {x: {build: /}}", 'context "/"'),
        ("compose.yaml", "services: {x: {build: ../own}}", 'context "../own"'),
        (
            "compose.yaml",
            "services: {x: {build: {context: app, dockerfile: ../../own/Dockerfile}}}",
            'Dockerfile "../own/Dockerfile"',
        ),
        (
            "compose.yaml",
            "services: {x: {build: {context: app, additional_contexts: {o: ../own}}}}",
            'named context "../own"',
        ),
        ("compose.yaml", "services: {x: {build: app/out}}", 'context "app/out"'),
        (
            "docker-bake.hcl",
            'target "x" {\n context = "app"\n contexts = { o = "../own" }\n}\n',
            'named context "../own"',
        ),
    ],
)
def test_what_lies_outside_is_refused_and_not_read(
    top: Path, file: str, text: str, what: str
) -> None:
    lay(top, {file: text})
    (top / "app" / "out").symlink_to("../../own")
    found = find_builds(".", ENCLOSED)
    refused = [one for one in found.builds if one.refusal is not None]
    assert [one.name for one in refused] == ["x"]
    assert f"the {what} lies outside of the repository" in str(refused[0].refusal)
    assert OWN not in repr(found)
    anyway = find_builds(".", ENCLOSED._replace(is_enclosed=False))
    assert [one.refusal for one in anyway.builds if one.name == "x"] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "include: [../own/compose.yaml]",
        "include: [{path: ok.yaml, env_file: ../own/.env}]",
        "services: {x: {extends: {file: ../own/compose.yaml, service: " + OWN + "}}}",
        "services: {x: {build: app, env_file: ../own/.env}}",
    ],
)
def test_what_a_compose_file_names_outside_says_nothing(top: Path, text: str) -> None:
    lay(top, {"compose.yaml": text, "ok.yaml": "services: {y: {build: 'app/$A'}}"})
    found = find_builds(".", ENCLOSED)
    assert [one.name for one in found.builds if one.refusal is None] != []
    assert "/app/" + OWN not in repr(found)
    assert f"app/{OWN}" not in repr(found)


def test_what_lies_inside_is_as_it_is(top: Path) -> None:
    lay(top, {"deep/compose.yaml": "services: {x: {build: ../app}}"})
    found = find_builds(".", ENCLOSED)
    assert [(one.context, one.refusal) for one in found.builds] == [("app", None)]
    assert found._replace(choice=BuildChoice()) == find_builds(
        ".", ENCLOSED._replace(is_enclosed=False)
    )._replace(choice=BuildChoice())
