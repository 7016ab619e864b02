"""Where there is no Dockerfile, or no folder: the words, and the way on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ctxopt.errors import ContextError, DockerfileError
from ctxopt.host.disk.inputs import context_folder, read_dockerfile
from tests.texttree import plant

COMPOSE = "services:\n  web:\n    build:\n      context: web\n      dockerfile: D\n"


def refused_context(text: str) -> str:
    with pytest.raises(ContextError) as caught:
        context_folder(text)
    return str(caught.value)


def refused_dockerfile(
    root: Path, given: str | None = None, stdin: bytes | None = None
) -> str:
    with pytest.raises(DockerfileError) as caught:
        read_dockerfile(str(root), given, stdin, inside_folder=True)
    return str(caught.value)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_standard_input_is_no_context_to_measure() -> None:
    said = refused_context("-")
    assert '"-" is not a local folder: docker build - has no context' in said
    assert said.endswith("ctxopt scan -f - .")


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/x/y.git",
        "https://github.com/x/y.git#main:sub",
        "https://github.com/x/y#main",
        "git@github.com:x/y",
        "git://h/x",
        "ssh://git@h/x",
    ],
)
def test_a_git_context_has_no_ignore_file(url: str) -> None:
    """docker/build-push-action#182."""
    said = refused_context(url)
    assert "no ignore file applies to it, and nothing is sent from here" in said
    assert "give the folder" in said


def test_a_download_is_no_git_context() -> None:
    said = refused_context("https://h/context.tar.gz")
    assert "downloads it" in said
    assert "git" not in said


@pytest.mark.parametrize("name", ["compose.yaml", "stack.yml"])
def test_a_compose_file_is_told_with_its_builds(here: Path, name: str) -> None:
    (here / "deploy").mkdir()
    (here / "deploy" / name).write_text(COMPOSE)
    command = "web: ctxopt scan -f deploy/web/D deploy/web"
    said = refused_dockerfile(here, f"deploy/{name}")
    assert said.startswith(f"deploy/{name}: this is a compose file, and no Dockerfile")
    assert said.endswith(command)
    assert refused_context(f"deploy/{name}").endswith(command)


def test_a_bake_file_is_read_from_the_current_folder(here: Path) -> None:
    (here / "ci").mkdir()
    content = {"target": {"api": {"context": "web", "target": "prod"}}}
    (here / "ci" / "docker-bake.json").write_text(json.dumps(content))
    said = refused_dockerfile(here, "ci/docker-bake.json")
    assert "this is a bake file" in said
    assert said.endswith("api: ctxopt scan --target prod web")


def test_one_from_standard_input_is_known_too(here: Path) -> None:
    said = refused_dockerfile(here, "-", COMPOSE.encode())
    assert said.startswith("stdin: this is a compose file")


def test_one_that_names_no_build_says_what_to_give(here: Path) -> None:
    (here / "compose.yaml").write_text("services:\n  a:\n    image: x\n")
    assert "give the folder of one of its builds" in refused_dockerfile(
        here, "compose.yaml"
    )


@pytest.mark.parametrize("name", ["DOCKERFILE", "Containerfile", "DockerFile"])
def test_a_dockerfile_of_another_name_is_named(here: Path, name: str) -> None:
    """docker/buildx#406, moby/moby#10807, iann0036/former2#143."""
    plant(here, f"{name} api/Dockerfile")
    assert refused_dockerfile(here).endswith(f'there is "{name}": say -f "{name}"')


def test_where_there_is_none_those_below_are_named(here: Path) -> None:
    plant(
        here,
        "api/Dockerfile web/Dockerfile.dev deep/er/Containerfile docker/w.Dockerfile"
        " node_modules/x/Dockerfile .git/Dockerfile out/Dockerfile api/Dockerfile.old/x"
        " one/two/three/four/five/six/Dockerfile web/Dockerfile.dockerignore",
    )
    (here / ".gitignore").write_text("/out/\n*.log\n")
    (here / "docker" / "w.Dockerfile").write_text("FROM x\nCOPY --chown=1 api /a\n")
    assert refused_dockerfile(here).endswith(
        "there are some below: ctxopt scan api; ctxopt scan -f docker/w.Dockerfile .; "
        "ctxopt scan -f web/Dockerfile.dev web; "
        "ctxopt scan -f deep/er/Containerfile deep/er"
    )


@pytest.mark.parametrize(
    ("name", "is_offered"),
    [("Dockerfile_prod", True), ("Dockerfile.bak", False), ("Dockerfile.md", False)],
)
def test_what_is_no_dockerfile_elsewhere_is_none_here(
    here: Path, name: str, *, is_offered: bool
) -> None:
    plant(here, f"svc/{name}")
    assert (f"-f svc/{name}" in refused_dockerfile(here)) is is_offered


def test_a_compose_file_beside_knows_better_than_the_folders_below(here: Path) -> None:
    plant(here, "shop/docker/w.Dockerfile shop/web/D")
    (here / "shop" / "docker-compose.yml").write_text(COMPOSE)
    said = refused_dockerfile(here / "shop")
    assert said.endswith(
        "there is docker-compose.yml: measure one of its builds: "
        "web: ctxopt scan -f shop/web/D shop/web"
    )


def test_a_compose_file_without_builds_says_nothing(here: Path) -> None:
    plant(here, "api/Dockerfile")
    (here / "compose.yaml").write_text("services:\n  db:\n    image: x\n")
    assert refused_dockerfile(here).endswith("there are some below: ctxopt scan api")


def test_of_many_below_only_some_are_named(here: Path) -> None:
    plant(here, " ".join(f"p{n}/Dockerfile" for n in range(7)))
    said = refused_dockerfile(here)
    assert said.endswith("ctxopt scan p3; and 3 more")


def test_the_commands_are_for_the_current_folder(here: Path) -> None:
    plant(here, "shop/api/Dockerfile")
    assert refused_dockerfile(here / "shop").endswith("below: ctxopt scan shop/api")


def test_where_there_is_none_at_all_the_old_words_stand(here: Path) -> None:
    plant(here, "src/a")
    assert "name the Dockerfile with -f" in refused_dockerfile(here)
