"""One ignore file for several stages and Dockerfiles: none of them is to break.

nerdctl's `--target build-base`, buildx's lint.Dockerfile against its Dockerfile, and
opentelemetry-demo, where one Dockerfile copies the jar that another one sends unused.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import ctxopt
from ctxopt.core.model import Request
from ctxopt.host.disk.dockerfiles import dockerfiles, is_dockerfile_name
from ctxopt.host.disk.tree import DiskTree
from ctxopt.pipeline.preparation.reading import read_build
from ctxopt.pipeline.proposing import served
from ctxopt.pipeline.simulation import ChangeError, NewIgnoreFile, simulate
from tests.test_write import in_process, patterns
from tests.texttree import plant

CLUTTER = (
    "node_modules/i.js:900 logs/a.log:900 .vscode/settings.json:90 a.py:1 "
    ".git/HEAD:20 .git/objects/a:900 .git/refs/heads/main:40 .git/config:20"
)
ALL = "FROM scratch\nCOPY . /x/\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Clutter that another build may want, in a build that takes everything."""
    plant(tmp_path, CLUTTER)
    (tmp_path / "Dockerfile").write_text(ALL)
    return tmp_path


def held(root: Path, *, builder: str = "buildkit") -> dict[str, str]:
    """What is held back, by the id of the rule, with the reason."""
    report = ctxopt.analyze(root, builder=builder, estimate=ctxopt.Estimate())
    return {one.rule: one.why for one in report.held_back}


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
@pytest.mark.parametrize(
    ("instruction", "word"),
    [
        pytest.param("COPY logs/a.log /y", "COPY", id="a copy"),
        pytest.param("COPY logs /y", "COPY", id="a copy of the folder"),
        pytest.param("COPY [l]ogs/* /y", "COPY", id="wildcards that hit it"),
        pytest.param("COPY logs/* /y", "COPY", id="what is in it"),
        pytest.param("ADD logs/a.log /y", "ADD", id="an add"),
        pytest.param("RUN --mount=source=logs,target=/l ls", "RUN", id="a mount"),
    ],
)
@pytest.mark.parametrize(
    "place", ["Dockerfile", "Dockerfile.prod", "docker/a.Dockerfile"]
)
def test_what_another_one_names_is_held_back_with_its_line(
    project: Path, instruction: str, word: str, place: str, builder: str
) -> None:
    path = project / place
    path.parent.mkdir(exist_ok=True)
    if place == "Dockerfile":
        path.write_text(f"FROM scratch AS other\n{instruction}\n{ALL}")
    else:
        path.write_text(f"FROM scratch\n{instruction}\n")
    if builder == "legacy" and word == "RUN" and place == "Dockerfile":
        pytest.skip("the legacy builder refuses the mount, and so its own build")
    why = held(project, builder=builder)["logs-dirs"]
    if builder == "legacy" and place == "Dockerfile":
        assert "names it (line 2)" in why  # it executes all stages
    else:
        assert f"{place}:2 names it ({word})" in why


@pytest.mark.parametrize("builder", ["buildkit", "legacy"])
def test_only_that_is_left_out(project: Path, builder: str) -> None:
    (project / "Dockerfile.prod").write_text(
        "FROM scratch\nCOPY .vscode/settings.json /x\n"
    )
    done = in_process("write", "--yes", "--builder", builder, project)
    assert done[0] == 0
    written = patterns(project)
    assert {"logs", "**/node_modules"} <= written
    assert not any("vscode" in line for line in written)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        pytest.param("Dockerfile.prod", "COPY other /y", id="another name"),
        pytest.param("Dockerfile.prod", "COPY . /y", id="everything"),
        pytest.param("Dockerfile.prod", "COPY * /y", id="wildcards alone"),
        pytest.param("Dockerfile.prod", "COPY --from=x logs /y", id="an image"),
        pytest.param("Dockerfile.prod", "NOTHING logs", id="no Dockerfile at all"),
        pytest.param("Dockerfile.md", "COPY logs /y", id="a text about one"),
        pytest.param("node_modules/x/Dockerfile", "COPY logs /y", id="a package's"),
        pytest.param("api/Dockerfile", "COPY logs main.py /y", id="of its own folder"),
        pytest.param("a/b/c/d/Dockerfile", "COPY logs /y", id="far down"),
    ],
)
def test_what_no_other_build_names_may_go(project: Path, place: str, text: str) -> None:
    plant(project, "api/logs/a:1 api/main.py:1")
    path = project / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"FROM scratch\n{text}\n")
    assert "logs-dirs" not in held(project)


def test_a_dockerfile_with_an_ignore_file_of_its_own_is_not_served(
    project: Path,
) -> None:
    (project / "Dockerfile.prod").write_text("FROM scratch\nCOPY logs /x\n")
    assert "logs-dirs" in held(project)
    (project / "Dockerfile.prod.dockerignore").write_text("")
    assert "logs-dirs" not in held(project)


def test_an_ignore_file_of_this_dockerfile_alone_serves_no_other(
    project: Path,
) -> None:
    (project / "Dockerfile.prod").write_text("FROM scratch\nCOPY logs /x\n")
    done = in_process("write", "--yes", "--per-dockerfile", project)
    assert done[0] == 0
    assert "logs" in patterns(project, "Dockerfile.dockerignore")
    assert "logs-dirs" not in held(project)


@pytest.mark.parametrize(
    ("place", "text", "kept"),
    [
        ("Dockerfile", f"FROM x AS v\nCOPY . .\nRUN git describe\n{ALL}", True),
        ("Dockerfile.prod", "FROM x\nCOPY . .\nRUN git describe\n", True),
        ("lint.Dockerfile", "FROM x\nCOPY . .\nRUN git describe\n", True),
        ("Dockerfile.prod", "FROM x\nCOPY a.py .\nRUN git describe\n", False),
        ("Dockerfile.prod", "FROM x\nCOPY . .\nRUN git clone y\n", False),
    ],
)
def test_a_repository_that_another_one_reads_is_held_back(
    project: Path, place: str, text: str, *, kept: bool
) -> None:
    (project / place).write_text(text)
    found = held(project)
    assert ("vcs-git" in found) is kept
    if kept:
        assert found["vcs-git"].endswith(f'{place}:3 has "git describe"')


@pytest.mark.parametrize(
    "name",
    [
        *("Dockerfile", "dockerfile", "Dockerfile.prod", "Dockerfile-dev"),
        *("web.Dockerfile", "Containerfile", "Dockerfile_ci", "a.b.dockerfile"),
    ],
)
def test_names_of_dockerfiles(name: str) -> None:
    assert is_dockerfile_name(name)


@pytest.mark.parametrize(
    "name",
    ["Dockerfile.dockerignore", "Dockerfile.md", "Dockerfiles", "mydockerfile", "file"],
)
def test_other_names(name: str) -> None:
    assert not is_dockerfile_name(name)


def test_the_look_has_an_end(tmp_path: Path) -> None:
    plant(tmp_path, " ".join(f"d{n}/Dockerfile:1" for n in range(100)))
    assert len(dockerfiles(DiskTree(str(tmp_path)))) == 64


WORKER = "FROM scratch\nCOPY {} /y\n"


def name_it(root: Path, how: str, dockerfile: str, **args: str) -> None:
    """A file of the project that names a build of the whole folder."""
    said = "".join(f" --build-arg {key}={value}" for key, value in args.items())
    rows = "".join(f"        {key}: {value}\n" for key, value in args.items())
    pairs = f"      args:\n{rows}" if rows else ""
    listed = "".join(f"            {key}={value}\n" for key, value in args.items())
    inside = ", ".join(f'{key} = "{value}"' for key, value in args.items())
    texts = {
        "compose.yaml": "services:\n  worker:\n    build:\n      context: .\n"
        f"      dockerfile: {dockerfile}\n{pairs}",
        "docker/compose.prod.yml": "services:\n  worker:\n    build:\n"
        f"      context: ..\n      dockerfile: {dockerfile}\n{pairs}",
        "docker-bake.hcl": f'target "worker" {{\n  context = "."\n'
        f'  dockerfile = "{dockerfile}"\n  args = {{ {inside} }}\n}}\n',
        "Makefile": f"image:\n\tdocker build{said} \\\n\t  -f {dockerfile} .\n",
        ".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n      - with:\n"
        f"          context: .\n          file: ./{dockerfile}\n"
        f"          build-args: |\n{listed}",
    }
    path = root / how
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(texts[how])


NAMING = [
    *("compose.yaml", "docker/compose.prod.yml", "docker-bake.hcl", "Makefile"),
    ".github/workflows/ci.yml",
]


@pytest.mark.parametrize("how", NAMING)
@pytest.mark.parametrize("place", ["a/b/c/d/e/Dockerfile", "images/worker"])
def test_a_dockerfile_that_a_file_names_counts_wherever_it_lies(
    project: Path, how: str, place: str
) -> None:
    (project / place).parent.mkdir(parents=True)
    (project / place).write_text(WORKER.format("logs"))
    assert "logs-dirs" not in held(project)
    name_it(project, how, place)
    assert held(project)["logs-dirs"] == f"{place}:2 names it (COPY)"


@pytest.mark.parametrize("how", NAMING)
def test_arguments_that_a_file_gives_are_put_in(project: Path, how: str) -> None:
    (project / "Dockerfile").write_text(f"ARG WHAT=none\n{ALL}")
    (project / "w.Dockerfile").write_text(
        "FROM scratch\nARG WHAT=none\nCOPY $WHAT /y\n"
    )
    assert "logs-dirs" not in held(project)
    name_it(project, how, "w.Dockerfile", WHAT="logs")
    assert held(project)["logs-dirs"] == "w.Dockerfile:3 names it (COPY)"


def test_the_same_dockerfile_with_other_arguments_is_another_build(
    project: Path,
) -> None:
    text = "FROM scratch\nARG APP=web\nCOPY . /x\nCOPY $APP /y\n"
    (project / "Dockerfile").write_text(text)
    plant(project, "web/a.js:5")
    name_it(project, "compose.yaml", "Dockerfile", APP="logs")
    assert held(project)["logs-dirs"] == "Dockerfile:4 names it (COPY)"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ARG APP\nFROM scratch\nARG APP\nCOPY $APP/a.log /y\n", True),
        ("FROM scratch\nARG APP\nCOPY logs/$APP /y\n", True),
        ("ARG BASE\nFROM $BASE\nCOPY logs /y\n", True),
        ("FROM x\nARG D\nRUN --mount=source=$D/a.log,target=/l ls\n", True),
        ("FROM x\nARG APP\nCOPY dist/$APP /y\n", False),
    ],
)
def test_an_argument_that_nobody_gives_may_be_anything(
    project: Path, text: str, *, kept: bool
) -> None:
    (project / "Dockerfile.prod").write_text(text)
    assert ("logs-dirs" in held(project)) is kept


def test_a_dockerfile_that_is_named_for_another_context_does_not_count(
    project: Path,
) -> None:
    (project / "api").mkdir()
    (project / "api/Dockerfile").write_text(WORKER.format("logs"))
    assert "logs-dirs" in held(project)
    (project / "compose.yaml").write_text("services:\n  api:\n    build: ./api\n")
    assert "logs-dirs" not in held(project)


def test_one_outside_the_context_counts_where_the_repository_names_it(
    tmp_path: Path,
) -> None:
    plant(tmp_path, ".git/HEAD:20 .git/objects/ .git/refs/ app/logs/a.log:900 d/")
    (tmp_path / "app/Dockerfile").write_text(ALL)
    (tmp_path / "d/worker.Dockerfile").write_text(WORKER.format("logs"))
    (tmp_path / "compose.yaml").write_text(
        "services:\n  w:\n    build:\n      context: app\n"
        "      dockerfile: ../d/worker.Dockerfile\n"
    )
    why = held(tmp_path / "app")["logs-dirs"]
    assert why.endswith("d/worker.Dockerfile:2 names it (COPY)")


def test_compose_takes_names_from_its_environment_file(project: Path) -> None:
    """opentelemetry-demo: `dockerfile: ${CURRENCY_DOCKERFILE}`."""
    plant(project, "a/b/c/d/e/")
    (project / "a/b/c/d/e/Dockerfile").write_text(WORKER.format("logs"))
    name_it(project, "compose.yaml", "${WORKER_DOCKERFILE}")
    assert "logs-dirs" not in held(project)
    (project / ".env").write_text("WORKER_DOCKERFILE=./a/b/c/d/e/Dockerfile\n")
    assert "logs-dirs" in held(project)


def test_write_proposes_a_file_of_its_own_where_others_hold_something_back(
    project: Path,
) -> None:
    (project / "Dockerfile.prod").write_text(WORKER.format("logs"))
    done = in_process("write", "--yes", project)
    assert done[0] == 0
    assert "--per-dockerfile writes a file for this one alone" in done[2]
    assert "logs" not in patterns(project)
    done = in_process("write", "--yes", "--per-dockerfile", project)
    assert done[0] == 0
    assert "held back for other" not in done[2]
    assert "logs" in patterns(project, "Dockerfile.dockerignore")


@pytest.mark.parametrize(
    ("text", "lines", "path"),
    [
        pytest.param("COPY logs /y", b"logs\n", "logs", id="a folder"),
        pytest.param("COPY logs/a.log /y", b"logs\n", "logs/a.log", id="a file in one"),
        pytest.param("COPY l*/a.log /y", b"**/*.log\n", "logs/a.log", id="a wildcard"),
        pytest.param("ADD a.py /y", b"*.py\n", "a.py", id="an add"),
        pytest.param(
            "RUN --mount=source=logs,target=/l ls", b"logs\n", "logs", id="a mount"
        ),
    ],
)
def test_the_last_look_refuses_what_would_break_another_build(
    project: Path, text: str, lines: bytes, path: str
) -> None:
    (project / "Dockerfile.prod").write_text(f"FROM scratch\n{text}\n")
    request = Request(str(project))
    others = served(read_build(request), alone=False).sources
    file = str(project / ".dockerignore")
    change = NewIgnoreFile(lines, file, ".dockerignore", None, elsewhere=others)
    with pytest.raises(ChangeError) as caught:
        simulate(request, change)
    assert f'Dockerfile.prod:2 names "{path}", and it would be kept out' in str(
        caught.value
    )
    assert simulate(request, change._replace(elsewhere=())) == ()


def test_the_last_look_lets_go_what_a_line_brings_back(project: Path) -> None:
    (project / "Dockerfile.prod").write_text(WORKER.format("logs/a.log"))
    request = Request(str(project))
    others = served(read_build(request), alone=False).sources
    lines = b"logs/*\n!logs/a.log\n"
    change = NewIgnoreFile(
        lines, str(project / ".dockerignore"), ".dockerignore", None, elsewhere=others
    )
    assert simulate(request, change) == ()


INSTALLS = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD node server.js\n"
RUNS = "FROM node:20\nWORKDIR /app\nCOPY . .\nCMD node server.js\n"


@pytest.mark.parametrize(
    ("place", "text", "path", "why"),
    [
        pytest.param(
            "Dockerfile.lambda",
            RUNS,
            "node_modules",
            "Dockerfile.lambda may need it: no command there makes it anew",
            id="packages that nobody installs there",
        ),
        pytest.param(
            "worker.Dockerfile",
            "FROM debian\nWORKDIR /app\nCOPY . .\nCMD target/release/app\n",
            "target",
            "worker.Dockerfile may need it: no command there makes it anew",
            id="a program that is started there",
        ),
        pytest.param(
            "worker.Dockerfile",
            'FROM python\nWORKDIR /app\nCOPY . .\nCMD [".venv/bin/python", "a.py"]\n',
            ".venv",
            "worker.Dockerfile may need it: no command there makes it anew",
            id="an environment that is started there",
        ),
    ],
)
def test_what_commands_of_another_dockerfile_need_is_held_back(
    tmp_path: Path, place: str, text: str, path: str, why: str
) -> None:
    plant(
        tmp_path,
        "package.json:5 package-lock.json:5 server.js:1 node_modules/x/i.js:9000 "
        "Cargo.toml:1 target/release/app:9000 target/debug/x:900 "
        ".venv/pyvenv.cfg:10 .venv/bin/python:900 .venv/lib/x.py:9000",
    )
    (tmp_path / "Dockerfile").write_text(
        f"FROM rust AS b\nWORKDIR /s\nCOPY . .\nRUN cargo build --release\n{INSTALLS}"
    )
    written = in_process("write", "--yes", "--dry-run", tmp_path)[1]
    assert f"+**/{path}\n" in written or f"+{path}\n" in written
    (tmp_path / place).write_text(text)
    report = ctxopt.analyze(tmp_path, estimate=ctxopt.Estimate())
    assert (path, why) in {(one.path, one.why) for one in report.held_back}
    assert in_process("write", "--yes", "--include-ask", tmp_path)[0] == 0
    assert not patterns(tmp_path) & {path, f"**/{path}"}


@pytest.mark.parametrize(
    ("place", "text"),
    [
        pytest.param("Dockerfile.lambda", INSTALLS, id="it installs its own"),
        pytest.param("api/Dockerfile", RUNS, id="its context may be its own folder"),
        pytest.param("node_modules/x/Dockerfile", RUNS, id="a package's"),
        pytest.param(
            "Dockerfile.lambda", RUNS.replace("COPY . .", "COPY a.js ."), id="no copy"
        ),
    ],
)
def test_what_no_other_dockerfile_needs_goes(
    tmp_path: Path, place: str, text: str
) -> None:
    plant(
        tmp_path,
        "package.json:5 package-lock.json:5 server.js:1 a.js:1 api/x.js:1 "
        "node_modules/x/i.js:9000",
    )
    (tmp_path / "Dockerfile").write_text(INSTALLS)
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text(text)
    assert in_process("write", "--yes", tmp_path)[0] == 0
    assert "**/node_modules" in patterns(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("COPY . /x", "COPY takes the whole context", id="everything"),
        pytest.param("COPY * /x/", "COPY takes the whole context", id="wildcards"),
        pytest.param("COPY logs /x", 'Dockerfile.prod:2 names "logs"', id="a name"),
        pytest.param("COPY a.py /x", "", id="what the list lets through"),
        pytest.param("COPY --from=x /a /x", "", id="an image"),
    ],
)
def test_an_allow_list_has_to_serve_the_other_dockerfiles(
    project: Path, text: str, said: str
) -> None:
    (project / "Dockerfile").write_text("FROM scratch\nCOPY a.py /x\n")
    (project / "Dockerfile.prod").write_text(f"FROM scratch\n{text}\n")
    done = in_process("write", "--yes", "--allow-list", project)
    assert said in done[2]
    assert (done[0] != 0) is bool(said)
    if said:
        assert "--per-dockerfile" in done[2]
        done = in_process("write", "--yes", "--allow-list", "--per-dockerfile", project)
        assert done[0] == 0


STAGES = (
    "FROM node:20 AS base\nWORKDIR /app\n"
    "FROM base AS dev\nCOPY . .\nCMD npm run dev\n"
    "FROM base AS prod\nARG MODE=x\nCOPY . .\nRUN npm ci\nCMD node server.js\n"
)
AGAIN = "uses: docker/build-push-action@v6\nwith:\n  context: .\n  file: Dockerfile\n"


@pytest.mark.parametrize(
    ("place", "text", "why"),
    [
        pytest.param(
            "compose.yml", "services:\n  a:\n    build: .\n", "", id="as it is"
        ),
        pytest.param(
            "compose.yml",
            "services:\n  a:\n    build:\n      context: .\n      target: prod\n",
            "",
            id="its last stage by name",
        ),
        pytest.param(
            "compose.yml",
            "services:\n  a:\n    build:\n      context: .\n      args:\n"
            "        MODE: y\n",
            "",
            id="with an argument, and it installs its own",
        ),
        pytest.param(
            "compose.yml",
            "services:\n  a:\n    build:\n      context: .\n      target: dev\n",
            "Dockerfile (target dev in compose.yml) may need it: no command there "
            "makes it anew",
            id="another stage, which installs nothing",
        ),
        pytest.param(
            ".github/workflows/ci.yml",
            f"{AGAIN}  target: dev\n",
            "Dockerfile (target dev in .github/workflows/ci.yml) may need it: no "
            "command there makes it anew",
            id="another stage in a workflow",
        ),
        pytest.param("Makefile", "all:\n\tdocker build -t x .\n", "", id="a Makefile"),
        pytest.param(
            "Makefile",
            "all:\n\tdocker build --target gone .\n",
            "",
            id="no stage at all",
        ),
    ],
)
def test_the_own_dockerfile_counts_again_as_far_as_another_build_of_it_is_named(
    tmp_path: Path, place: str, text: str, why: str
) -> None:
    plant(
        tmp_path,
        "package.json:5 package-lock.json:5 server.js:1 node_modules/x/i.js:9000",
    )
    (tmp_path / "Dockerfile").write_text(STAGES)
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / place).write_text(text)
    assert held(tmp_path).get("node-modules", "") == why
