"""What somebody would build in a repository: names, contexts, reasons, refusals."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from ctxopt.core.builds.records import BuildChoice, BuildKind, FoundBuild, FoundBuilds
from ctxopt.errors import ContextError, CtxoptError
from ctxopt.pipeline.builds.finding import find_builds
from tests.rights import as_nobody, public_folder

FROM = "FROM scratch\n"
ALL = f"{FROM}COPY . /\n"
EVERYTHING = BuildChoice(everything=True, environment={})
USUAL = BuildChoice(environment={})
Files = Mapping[str, str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", root, *arguments], check=True, capture_output=True)


def lay(root: Path, files: Files) -> None:
    for path, text in files.items():
        whole = root / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        whole.write_text(text)


def rows(found: FoundBuilds) -> dict[str, tuple[str, str, str | None]]:
    """By name: context, Dockerfile, target."""
    return {
        one.name: (one.context, one.dockerfile, one.request.target)
        for one in found.builds
    }


def only(found: FoundBuilds) -> FoundBuild:
    (one,) = found.builds
    return one


COMPOSE = """\
services:
  web:
    build:
      context: web
      target: prod
  db:
    image: postgres
  tool:
    profiles: [tools]
    build: tool
"""
BAKE = """\
variable "V" { default = "1" }
group "default" { targets = ["app"] }
target "_common" { args = { V = V } }
target "docker-metadata-action" {}
target "app" {
  inherits = ["_common", "docker-metadata-action"]
  dockerfile = "app.Dockerfile"
  contexts = { base = "target:base", files = "shared", image = "docker-image://x" }
}
target "base" {
  context = "base"
}
target "docs" {
  target = "docs"
  dockerfile-inline = "FROM scratch"
}
"""
SKAFFOLD = """\
apiVersion: skaffold/v4beta6
build:
  artifacts:
  - image: gcr.io/shop/cart:v1
    context: src/cart
    docker:
      dockerfile: docker/D
      target: prod
      buildArgs: {A: "1", B: "{{.TAG}}", C: null}
  - image: front
  - image: java
    jib: {}
  - image: late
    context: src/{{.X}}
---
apiVersion: skaffold/v4beta6
build:
  artifacts:
  - image: second
    context: two
    kaniko: {}
"""
WORKFLOW = """\
on: push
env:
  FOLDER: api
jobs:
  images:
    strategy:
      matrix:
        app: [web, shop]
        include:
          - app: shop
            target: prod
          - app: lone
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6
        with:
          context: .
          file: ./apps/${{ matrix.app }}/Dockerfile
          target: ${{ matrix.target }}
          build-args: |
            APP=${{ matrix.app }}
            SHA=${{ github.sha }}
  api:
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: ${{ env.FOLDER }}
  git:
    steps:
      - uses: docker/build-push-action@v6
        with:
          push: true
  later:
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: ${{ inputs.folder }}
"""
DEVCONTAINER = """\
{
  // what we work in
  "name": "x, // no comment",
  "build": {
    "dockerfile": "Dockerfile", /* here */
    "context": "..",
    "args": { "VARIANT": "${localEnv:VARIANT:3}", "N": "1", "X": "${x}" },
  },
}
"""


def test_services_are_found_with_what_they_say(here: Path) -> None:
    lay(here, {"compose.yaml": COMPOSE})
    found = find_builds(".", USUAL)
    assert rows(found) == {"web": ("web", "web/Dockerfile", "prod")}
    assert found.chosen == (
        "1 service of compose.yaml; --all takes 1 more and what lies below, too"
    )
    assert found.files == ("compose.yaml",)
    assert [*rows(find_builds(".", EVERYTHING))] == ["web", "tool"]
    assert [*rows(find_builds(".", USUAL._replace(profiles=("tools",))))] == [
        *("web", "tool")
    ]


def test_targets_are_found_with_what_they_take(here: Path) -> None:
    lay(here, {"docker-bake.hcl": BAKE, "base/Dockerfile": FROM})
    found = find_builds(".", USUAL)
    assert rows(found) == {
        "app": (".", "app.Dockerfile", None),
        "base": ("base", "base/Dockerfile", None),
    }
    request = found.builds[0].request
    assert dict(request.build_contexts) == {
        "base": "target:base",
        "files": "shared",
        "image": "docker-image://x",
    }
    assert dict(request.build_args) == {"V": "1"}
    everything = find_builds(".", EVERYTHING)
    assert [*rows(everything)] == ["app", "base", "docs"]
    docs = everything.builds[2]
    assert (docs.dockerfile, docs.request.dockerfile) == ("", "-")
    assert docs.request.dockerfile_bytes == b"FROM scratch"


def test_artifacts_are_found_in_all_documents(here: Path) -> None:
    lay(here, {"skaffold.yaml": SKAFFOLD})
    environment = {"C": "from outside"}
    found = find_builds(".", USUAL._replace(environment=environment))
    known = {name: one for name, one in rows(found).items() if name != "late"}
    assert known == {
        "cart": ("src/cart", "src/cart/docker/D", "prod"),
        "front": (".", "Dockerfile", None),
        "second": ("two", "two/Dockerfile", None),
    }
    args = dict(found.builds[0].request.build_args)
    assert args == {"A": "1", "C": "from outside"}
    assert found.builds[0].unknown == ("args.B",)
    late = next(one for one in found.builds if one.name == "late")
    assert str(late.refusal) == (
        'skaffold.yaml:13: the context is not known in "src/{{.X}}"; give the folder, '
        "and the Dockerfile with -f"
    )


def test_a_workflow_is_read_with_its_matrix(here: Path) -> None:
    lay(here, {".github/workflows/ci.yml": WORKFLOW})
    found = find_builds(".", EVERYTHING)
    assert rows(found) == {
        "apps/web": (".", "apps/web/Dockerfile", None),
        "apps/shop": (".", "apps/shop/Dockerfile", "prod"),
        "apps/lone": (".", "apps/lone/Dockerfile", None),
        "api": ("api", "api/Dockerfile", None),
        "git": ("{{defaultContext}}", "{{defaultContext}}/Dockerfile", None),
        "later": ("", "Dockerfile", None),
    }
    assert dict(found.builds[0].request.build_args) == {"APP": "web"}
    assert found.builds[0].unknown == ("args.SHA",)
    refusals = {one.name: str(one.refusal) for one in found.builds if one.refusal}
    assert refusals == {
        "git": ".github/workflows/ci.yml:30: docker/build-push-action builds the git "
        "context here, and the builder fetches it itself, so nothing is sent; "
        "say context: . in the step to build what is checked out",
        "later": '.github/workflows/ci.yml:35: the input "context" is not known in '
        '"${{ inputs.folder }}"; give the folder, and the Dockerfile with -f',
    }


@pytest.mark.parametrize(
    "path",
    [
        ".devcontainer/devcontainer.json",
        ".devcontainer.json",
        ".devcontainer/x/devcontainer.json",
    ],
)
def test_a_dev_container_is_built_from_its_own_folder(here: Path, path: str) -> None:
    lay(here, {path: DEVCONTAINER})
    one = only(find_builds(".", EVERYTHING))
    folder = os.path.dirname(path)
    context = os.path.normpath(os.path.join(folder, ".."))
    dockerfile = os.path.join(folder, "Dockerfile")
    assert (one.name, one.context, one.dockerfile) == (
        *("devcontainer", context, dockerfile),
    )
    assert dict(one.request.build_args) == {"VARIANT": "3", "N": "1"}
    assert one.unknown == ("args.X",)
    assert one.place is not None
    assert one.place.line == 5


@pytest.mark.parametrize(
    ("said", "row"),
    [
        ('"dockerFile": "../D", "context": ".."', (".", "D", None)),
        (
            '"build": {"dockerfile": "D", "target": "dev"}',
            (".devcontainer", ".devcontainer/D", "dev"),
        ),
        (
            '"build": {"dockerfile": "D", "context": "${localWorkspaceFolder}/x"}',
            ("x", ".devcontainer/D", None),
        ),
    ],
    ids=["the old way", "a target", "the folder that is opened"],
)
def test_a_dev_container_says_it_in_several_ways(
    here: Path, said: str, row: tuple[str, str, str | None]
) -> None:
    lay(here, {".devcontainer/devcontainer.json": f"{{{said}}}"})
    assert rows(find_builds(".", EVERYTHING)) == {"devcontainer": row}


def test_a_dev_container_may_name_compose_files(here: Path) -> None:
    files = {
        ".devcontainer/devcontainer.json": '{"dockerComposeFile": ["c.yml"]}',
        ".devcontainer/c.yml": "services: {app: {build: ..}}",
    }
    lay(here, files)
    assert rows(find_builds(".", EVERYTHING)) == {"app": (".", "Dockerfile", None)}


# --- Dockerfiles that no file names ----------------------------------------------


def of_dockerfile(text: str, path: str = "svc/docker/Dockerfile") -> Files:
    return {path: text, "svc/docker/run.sh": "", "svc/app.py": "", "go.mod": ""}


@pytest.mark.parametrize(
    ("files", "context", "reason"),
    [
        pytest.param(
            of_dockerfile(f"{FROM}COPY run.sh /\n"),
            *("svc/docker", "what it copies is beside it"),
            id="its own folder has it",
        ),
        pytest.param(
            of_dockerfile(f"{FROM}COPY app.py /\n"),
            *("svc", "only there is what it copies: app.py"),
            id="the folder above has it",
        ),
        pytest.param(
            of_dockerfile(f"{FROM}COPY go.mod svc/app.py /\n"),
            *(".", "only there is what it copies: go.mod, svc/app.py"),
            id="only the root has it",
        ),
        pytest.param(
            of_dockerfile(f"{FROM}COPY *.mod svc/*.py /\n"),
            *(".", "only there is what it copies: *.mod, svc/*.py"),
            id="a wildcard counts where it finds something",
        ),
        pytest.param(
            of_dockerfile(f"{FROM}RUN true\n"),
            *("svc/docker", "no file names it, so its own folder"),
            id="nothing tells",
        ),
        pytest.param(
            {"docker/Dockerfile": ALL, "main.go": ""},
            *(".", "it copies all of its context, and beside it are only Dockerfiles"),
            id="a folder of Dockerfiles has nothing to copy",
        ),
        pytest.param(
            {"demo/Dockerfile": ALL, "main.go": ""},
            *("demo", "no file names it, so its own folder"),
            id="a folder that is for more is its own context",
        ),
        pytest.param(
            {
                "build/Dockerfile": f"{FROM}RUN true\n",
                "Makefile": "image:\n\tdocker build -f build/Dockerfile .\n",
            },
            *(".", "Makefile builds it so"),
            id="a Makefile knows better",
        ),
        pytest.param(
            of_dockerfile("FROM scratch AS a\nCOPY app.py /\nFROM a\n"),
            *("svc", "only there is what it copies: app.py"),
            id="another stage counts, too",
        ),
    ],
)
def test_the_context_is_taken_where_the_sources_are(
    here: Path, files: Files, context: str, reason: str
) -> None:
    lay(here, files)
    one = only(find_builds(".", EVERYTHING))
    assert (one.context, one.reason) == (context, reason)
    assert one.kind is BuildKind.DOCKERFILE


def test_dockerfiles_are_called_by_their_folder_or_path(here: Path) -> None:
    paths = (
        *("Dockerfile", "Dockerfile.prod", "web.dockerfile", "Containerfile"),
        *("src/cart/src/Dockerfile", "a/b/c/d/e/f/Dockerfile", "api/Dockerfile.dev"),
    )
    lay(here, dict.fromkeys(paths, FROM))
    assert [*rows(find_builds(".", EVERYTHING))] == [
        *("Containerfile", "Dockerfile", "Dockerfile.prod", "web.dockerfile"),
        *("a/b/c/d/e/f", "api/Dockerfile.dev", "src/cart/src"),
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile.dockerignore", "*"),
        ("dockerfile.go", "package dockerfile\n\n// FROM here\n"),
        ("dockerfile.py", "from os import path\n"),
        ("Dockerfile.j2", f"{FROM}{{{{ x }}}}\n"),
        ("Dockerfile.common", "# a part\nRUN true\n"),
        ("node_modules/x/Dockerfile", FROM),
        ("vendor/x/Dockerfile", FROM),
        (".git/Dockerfile", FROM),
        ("pkg/testdata/Dockerfile", FROM),
        ("parser/testfiles-negative/a/Dockerfile", FROM),
        ("env/lib/Dockerfile", FROM),
        ("out/Dockerfile", FROM),
    ],
)
def test_what_nobody_builds_is_not_found(here: Path, path: str, text: str) -> None:
    lay(here, {path: text, ".gitignore": "/out/\n", "env/pyvenv.cfg": ""})
    assert find_builds(".", EVERYTHING).builds == ()


def test_a_folder_that_git_ignores_and_has_all_the_same_is_looked_into(
    here: Path,
) -> None:
    lay(here, {"build/Dockerfile": FROM, ".gitignore": "build\n"})
    git(here, "init", "-q")
    assert find_builds(".", EVERYTHING).builds == ()
    git(here, "add", "-f", "build/Dockerfile")
    assert [*rows(find_builds(".", EVERYTHING))] == ["build"]


# --- several kinds ---------------------------------------------------------------


def test_the_very_same_build_is_one_row(here: Path) -> None:
    files = {
        "compose.yaml": "services:\n  web: {build: web}\n  worker: {build: ./web/}\n",
        "docker-bake.hcl": 'target "default" {\n  context = "web"\n}\n',
        "web/Dockerfile": FROM,
        ".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n"
        "      - uses: docker/build-push-action@v6\n"
        "        with: {context: web, file: web/Dockerfile}\n",
    }
    lay(here, files)
    one = only(find_builds(".", EVERYTHING))
    assert one.name == "web"
    assert [(place.file, place.line) for place in one.also] == [
        ("compose.yaml", 3),
        ("docker-bake.hcl", 1),
        (".github/workflows/ci.yml", 4),
    ]


def test_names_that_clash_get_the_folder_or_the_kind_before_them(here: Path) -> None:
    service = "services: {web: {build: {context: ., target: %s}}}"
    files = {
        "compose.yaml": service % "a",
        "one/compose.yaml": service % "b",
        "two/compose.yaml": service % "c",
        "docker-bake.hcl": 'target "web" { target = "d" }\n',
        "two/docker-bake.hcl": 'target "other" { target = "e" }\n',
    }
    lay(here, files)
    assert [*rows(find_builds(".", EVERYTHING))] == [
        *("compose:web", "bake:web", "one/web", "two/web", "other")
    ]


def test_what_no_file_names_is_said(here: Path) -> None:
    files = {
        "compose.yaml": "services: {a: {build: a}, b: {build: b}}",
        "a/Dockerfile": FROM,
        "Dockerfile.ci": FROM,
        "tools/Dockerfile": FROM,
    }
    lay(here, files)
    assert find_builds(".", EVERYTHING).chosen == (
        "2 services of compose.yaml; 2 Dockerfiles that no file names: Dockerfile.ci, "
        "tools/Dockerfile"
    )
    assert find_builds(".", USUAL).chosen == (
        "2 services of compose.yaml; Dockerfile.ci, that no file names; --all takes "
        "what lies below, too"
    )


def test_a_dockerfile_in_small_letters_is_the_one_that_a_service_means(
    here: Path,
) -> None:
    """BuildKit takes `dockerfile` where there is no `Dockerfile`."""
    lay(here, {"compose.yaml": "services: {a: {build: a}}", "a/dockerfile": FROM})
    assert [*rows(find_builds(".", EVERYTHING))] == ["a"]
    lay(here, {"a/Dockerfile": FROM})
    assert [*rows(find_builds(".", EVERYTHING))] == ["a", "a/dockerfile"]


def test_one_dockerfile_is_the_one(here: Path) -> None:
    lay(here, {"Dockerfile": ALL, ".github/workflows/ci.yml": WORKFLOW})
    found = find_builds(".", USUAL)
    assert rows(found) == {"Dockerfile": (".", "Dockerfile", None)}
    assert only(found).request.dockerfile is None
    assert found.chosen.startswith("Dockerfile; ")


def test_where_the_folder_itself_has_none_those_below_are_taken(here: Path) -> None:
    files = {
        "a/compose.yaml": COMPOSE,
        "a/compose.prod.yaml": "services: {web: {image: x}, extra: {build: x}}",
        "b/Dockerfile": FROM,
        "compose.yaml": "services: {db: {image: x}}",
    }
    lay(here, files)
    found = find_builds(".", USUAL)
    assert [*rows(found)] == ["web", "b"]
    assert rows(found)["web"][0] == "a/web"
    assert "--all takes 1 more, too" in found.chosen


def test_a_dockerfile_is_found_though_its_build_is_elsewhere(here: Path) -> None:
    files = {
        "Dockerfile": FROM,
        "compose.yaml": "services: {web: {build: 'https://h/x.git'}}",
    }
    lay(here, files)
    found = find_builds(".", USUAL)
    assert [*rows(found)] == ["web", "Dockerfile"]
    assert str(found.builds[0].refusal) == (
        'compose.yaml:1: the builder fetches "https://h/x.git" itself, and nothing is '
        "sent; check it out, and measure its folder"
    )


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (
            "{context: '${NOWHERE:?say it}'}",
            'the context is not known in "${NOWHERE:?say it}"',
        ),
        ("{context: ., target: '${T:?}'}", "the target is not known"),
        ("{context: ., dockerfile: '${D:?}'}", "the dockerfile is not known"),
        (
            "{context: ., additional_contexts: {x: '${D:?}'}}",
            'the named context "x" is not known',
        ),
        ("{context: 'service:db'}", 'the context "service:db" is what another build'),
    ],
)
def test_what_has_to_be_known_is_refused_by_its_place(
    here: Path, build: str, told: str
) -> None:
    lay(
        here, {"compose.yaml": f"services:\n  a: {{build: {build}}}\n  b: {{build: b}}"}
    )
    found = find_builds(".", USUAL)
    assert [*rows(found)] == ["a", "b"]
    assert str(found.builds[0].refusal).startswith(f"compose.yaml:2: {told}")
    assert found.builds[1].refusal is None


def test_arguments_come_from_the_environment_or_are_left_out(here: Path) -> None:
    text = (
        "services:\n  a:\n    build:\n      context: .\n      args:\n"
        "        - SET\n        - UNSET\n        - BAD=${X:?}\n        - PLAIN=1\n"
    )
    lay(here, {"compose.yaml": text})
    choice = USUAL._replace(environment={"SET": "yes"}, build_args={"MORE": "2"})
    one = only(find_builds(".", choice))
    assert one.refusal is None
    assert dict(one.request.build_args) == {"SET": "yes", "PLAIN": "1", "MORE": "2"}


# --- compose and bake files of several kinds -------------------------------------


def test_an_overlay_is_read_over_the_file_it_is_made_for(here: Path) -> None:
    files = {
        "compose.yaml": "services: {web: {build: {context: web}}, api: {build: api}}",
        "compose.prod.yaml": "services: {web: {build: {target: prod}}}",
        "compose.other.yaml": "services: {lone: {build: lone}}",
    }
    lay(here, files)
    found = find_builds(".", EVERYTHING)
    assert rows(found) == {
        "compose.yaml:web": ("web", "web/Dockerfile", None),
        "api": ("api", "api/Dockerfile", None),
        "lone": ("lone", "lone/Dockerfile", None),
        "compose.prod.yaml:web": ("web", "web/Dockerfile", "prod"),
    }
    assert [*rows(find_builds(".", USUAL))] == ["web", "api"]


@pytest.mark.parametrize(
    ("environment", "dotenv"),
    [({"COMPOSE_FILE": "a.yml:b.yml"}, ""), ({}, "COMPOSE_FILE=a.yml:b.yml\n")],
    ids=["in the environment", "in .env"],
)
def test_the_files_that_compose_is_told_to_take(
    here: Path, environment: dict[str, str], dotenv: str
) -> None:
    files = {
        "a.yml": "services: {web: {build: a}}",
        "b.yml": "services: {web: {build: {target: b}}}",
        "compose.yaml": "services: {no: {build: no}}",
        ".env": dotenv,
    }
    lay(here, files)
    found = find_builds(".", USUAL._replace(environment=environment))
    assert rows(found) == {"web": ("a", "a/Dockerfile", "b")}


def test_the_paths_of_a_bake_file_below_are_from_where_bake_runs(here: Path) -> None:
    target = 'target "default" {\n  dockerfile = "images/D"\n}\n'
    files = {"ci/docker-bake.hcl": target, "images/D": FROM}
    lay(here, files)
    one = only(find_builds(".", EVERYTHING))
    assert (one.context, one.dockerfile) == (".", "images/D")
    assert (
        one.reason == "the paths of ci/docker-bake.hcl are from here, where bake runs"
    )
    lay(here, {"ci/images/D": FROM, "docker.txt": ""})
    assert only(find_builds(".", EVERYTHING)).context == "ci"


def test_bake_files_go_one_over_the_other(here: Path) -> None:
    files = {
        "docker-bake.json": '{"target": {"default": {"context": "a"}}}',
        "docker-bake.override.hcl": 'target "default" { target = "t" }\n',
    }
    lay(here, files)
    found = find_builds(".", USUAL)
    assert rows(found) == {"default": ("a", "a/Dockerfile", "t")}
    assert found.files == ("docker-bake.json", "docker-bake.override.hcl")


# --- the choice ------------------------------------------------------------------

SHOP = {
    "compose.yaml": COMPOSE,
    "docker-bake.hcl": 'target "app" {\n  context = "app"\n}\n',
    "Dockerfile": FROM,
    "x/web/Dockerfile.dev": FROM,
    "any": '{"target": {"odd": {"context": "odd"}}}',
    "x/odd.build": FROM,
    "y/x.build": FROM,
    "vendor/x.build": FROM,
}


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        (BuildChoice(compose_files=("compose.yaml",)), ["web"]),
        (BuildChoice(compose_files=("compose.yaml",), names=("tool",)), ["tool"]),
        (BuildChoice(bake_files=("docker-bake.hcl",)), ["app"]),
        (BuildChoice(bake_files=("any",)), ["odd"]),
        (
            BuildChoice(dockerfiles=("**/Dockerfile*",)),
            ["Dockerfile", "x/web/Dockerfile.dev"],
        ),
        (BuildChoice(dockerfiles=("x/*.build",)), ["x/odd.build"]),
        (BuildChoice(dockerfiles=("./Dockerfile",)), ["Dockerfile"]),
        (BuildChoice(dockerfiles=("**/x.build",)), ["y/x.build"]),
        (BuildChoice(dockerfiles=("vendor/*.build",)), ["vendor/x.build"]),
        (
            BuildChoice(compose_files=("compose.yaml",), dockerfiles=("*file",)),
            ["web", "Dockerfile"],
        ),
        (BuildChoice(names=("app", "Dockerfile")), ["app", "Dockerfile"]),
    ],
)
def test_a_choice_takes_what_it_names(
    here: Path, choice: BuildChoice, names: list[str]
) -> None:
    lay(here, SHOP)
    found = find_builds(".", choice._replace(environment={}))
    assert [*rows(found)] == names


def test_a_target_may_be_changed_as_by_set(here: Path) -> None:
    lay(here, SHOP)
    choice = BuildChoice(bake_files=("docker-bake.hcl",), overrides=("app.target=z",))
    found = find_builds(".", choice._replace(environment={}))
    assert rows(found) == {"app": ("app", "app/Dockerfile", "z")}


def test_a_name_that_nobody_has_is_refused_with_the_one_that_is_meant(
    here: Path,
) -> None:
    lay(here, SHOP)
    with pytest.raises(CtxoptError) as caught:
        find_builds(".", BuildChoice(names=("wbe",), environment={}))
    assert str(caught.value) == 'no build is called "wbe"; did you mean "web"?'


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (
            BuildChoice(compose_files=("compose.yaml", "no.yaml")),
            'no such file: "no.yaml"; check the path given with --compose',
        ),
        (
            BuildChoice(bake_files=("x",)),
            'no such file: "x"; check the path given with --bake',
        ),
        (
            BuildChoice(dockerfiles=("*.no", "x")),
            (
                'no file fits "*.no" and "x"; --dockerfiles takes paths from the '
                "current folder: **/*.build"
            ),
        ),
    ],
)
def test_a_file_that_is_named_has_to_be_there(
    here: Path, choice: BuildChoice, told: str
) -> None:
    lay(here, SHOP)
    with pytest.raises(CtxoptError) as caught:
        find_builds(".", choice._replace(environment={}))
    assert str(caught.value) == told


def test_no_folder_is_refused() -> None:
    with pytest.raises(ContextError):
        find_builds("/not/there")


def test_paths_are_as_the_folder_was_typed(here: Path) -> None:
    lay(here / "shop", SHOP)
    found = find_builds("shop", USUAL)
    assert rows(found)["web"] == ("shop/web", "shop/web/Dockerfile", "prod")
    assert [*rows(found)] == ["web", "app", "Dockerfile"]
    absolute = find_builds(str(here / "shop"), USUAL)
    assert [*rows(absolute)] == ["web", "app", "Dockerfile"]
    assert rows(absolute)["app"][0] == str(here / "shop/app")


# --- hostile files ---------------------------------------------------------------

BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        ("compose.yaml", BOMB.encode(), "aliases make more than"),
        ("compose.yaml", b"services:\n  a:\xff\n", "this is no UTF-8"),
        ("compose.yaml", b"\x00\x01\x02", "a character that YAML forbids"),
        ("compose.yaml", b"services: [" * 5_000, "nested more than"),
        ("compose.yaml", b"#" * (2 << 20), "it has more than 1024 KiB"),
        ("docker-bake.hcl", b"\x00\xff{{{", ""),
        ("docker-bake.json", b"[" * 100_000, ""),
        ("skaffold.yaml", b"build: {artifacts: [", ""),
        (".devcontainer/devcontainer.json", b'{"build": ', "this is no JSON"),
        (".devcontainer/devcontainer.json", b"[" * 100_000, ""),
        (
            ".github/workflows/a.yml",
            b"docker/build-push-action: {",
            "",
        ),
    ],
)
def test_a_hostile_file_is_one_problem_and_the_others_go_on(
    here: Path, path: str, content: bytes, told: str
) -> None:
    lay(here, {"ok/Dockerfile": FROM, path: ""})
    (here / path).write_bytes(content)
    found = find_builds(".", EVERYTHING)
    assert [*rows(found)] == ["ok"]
    (problem,) = found.problems
    assert (problem.code, problem.file) == ("build-file", path)
    assert told in problem.message


def test_links_that_loop_and_pipes_end(here: Path) -> None:
    lay(here, {"ok/Dockerfile": FROM})
    (here / "compose.yaml").symlink_to("compose.yaml")
    (here / "ok" / "up").symlink_to("..")
    os.mkfifo(here / "Dockerfile")
    found = find_builds(".", EVERYTHING)
    assert "ok" in rows(found)
    assert [one.message for one in found.problems] == [
        "cannot read it: Too many levels of symbolic links"
    ]


def test_a_matrix_without_end_ends(here: Path) -> None:
    axis = ", ".join(map(str, range(100)))
    text = (
        f"jobs:\n  a:\n    strategy:\n      matrix:\n        a: [{axis}]\n"
        f"        b: [{axis}]\n        c: [{axis}]\n    steps:\n"
        "      - uses: docker/build-push-action@v6\n"
        "        with: {context: 'd/${{ matrix.a }}/${{ matrix.b }}/${{ matrix.c }}'}\n"
    )
    lay(here, {".github/workflows/ci.yml": text})
    assert len(find_builds(".", EVERYTHING).builds) == 256


# --- what is told, and what is left out -------------------------------------------


def test_a_matrix_of_versions_is_one_build_where_all_take_the_same(here: Path) -> None:
    text = (
        "jobs:\n  a:\n    strategy:\n"
        "      matrix: {v: ['3.10', '3.11'], app: [web, api]}\n"
        "    steps:\n      - uses: docker/build-push-action@v6\n        with:\n"
        "          context: .\n          build-args: |\n"
        "            V=${{ matrix.v }}\n            APP=${{ matrix.app }}\n"
    )
    dockerfile = "ARG V\nFROM python:$V\nARG APP\nCOPY $APP /app\n"
    lay(here, {".github/workflows/ci.yml": text, "Dockerfile": dockerfile})
    found = find_builds(".", EVERYTHING)
    assert [dict(one.request.build_args) for one in found.builds] == [
        {"V": "3.10", "APP": "web"},
        {"V": "3.10", "APP": "api"},
    ]
    lay(here, {"Dockerfile": "ARG V\nFROM python:$V\nCOPY . /app\n"})
    assert [*rows(find_builds(".", EVERYTHING))] == ["Dockerfile"]


def test_a_checkout_below_is_the_project_itself(here: Path) -> None:
    text = (
        "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n"
        "        with: {path: src}\n      - uses: docker/build-push-action@v6\n"
        "        with: {context: ./src/api, file: src/D}\n"
    )
    lay(here, {".github/workflows/ci.yml": text})
    assert rows(find_builds(".", EVERYTHING)) == {"D": ("api", "D", None)}


def test_of_variables_that_are_not_set_only_those_of_builds_are_told(
    here: Path,
) -> None:
    text = (
        "services:\n  a:\n    ports: ['${PORT}:80']\n    build:\n"
        "      context: .\n      args:\n        V: ${VERSION}\n"
    )
    lay(here, {"compose.yaml": text})
    (problem,) = find_builds(".", USUAL).problems
    assert (problem.severity, problem.line) == ("note", 7)
    assert "variable VERSION is not set" in problem.message


def test_a_file_of_another_program_is_no_bake_file(here: Path) -> None:
    files = {
        "infra.hcl": 'job "x" {\n  group "y" {\n    target = 1\n  }\n}\n',
        "images.hcl": 'target "z" {\n  context = "z"\n}\n',
    }
    lay(here, files)
    found = find_builds(".", EVERYTHING)
    assert ([*rows(found)], found.files, found.problems) == (["z"], ("images.hcl",), ())


def test_what_may_not_be_read_is_a_problem() -> None:
    files = {
        "compose.yaml": COMPOSE,
        "shut/Dockerfile": FROM,
        "ok/Dockerfile": FROM,
        "no/Dockerfile": FROM,
    }
    with public_folder() as root:
        lay(root, files)
        for path in ("compose.yaml", "shut", "no/Dockerfile"):
            (root / path).chmod(0)
        with as_nobody():
            found = find_builds(str(root), EVERYTHING)
    assert [*rows(found)] == ["ok"]
    assert [(one.file, one.message) for one in found.problems] == [
        (f"{root}/shut", "cannot look into this folder: Permission denied"),
        (f"{root}/compose.yaml", "cannot read it: Permission denied"),
        (f"{root}/no/Dockerfile", "cannot read it: Permission denied"),
    ]
