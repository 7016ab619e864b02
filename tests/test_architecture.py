"""Imports point one way, core stays pure, and start-up stays short."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from tests.parsed import PACKAGE, module, modules, nodes_of

# Which rooms a room may import from, besides itself.
ROOMS = {
    "errors": frozenset[str](),
    "importing": frozenset[str](),
    "core": frozenset({"errors"}),
    "host": frozenset({"core", "errors"}),
    "view": frozenset({"core", "errors"}),
    "pipeline": frozenset({"host", "core", "errors"}),
    "cli": frozenset({"ctxopt", "pipeline", "host", "view", "core", "errors"}),
    "ctxopt": frozenset({"pipeline", "core", "errors"}),
    "__main__": frozenset({"ctxopt", "cli", "host", "errors", "importing"}),
}

# The rooms inside a room, from the ground up: each imports only from those before it.
# A package's own name is its front door.
INNER = {
    "core": (
        *(
            "typed",
            "tuples",
            "bitmask",
            "paths",
            "nearest",
            "steps",
            "buildcommands",
            "golang",
            "git",
            "model",
            "patterns",
            "gcloud",
        ),
        *(f"bake.{name}" for name in ("records", "syntax", "evaluation", "functions")),
        "bake",
        "secrets",
        *(f"dockerfile.{name}" for name in ("records", "refusal", "words", "values")),
        *("dockerfile.syntax", "dockerfile.tracing", "dockerfile"),
        *("buildlog.lines", "timing", "buildlog"),
        "compose",
        *("ignorefile", "sources", "judging", "measure", "watching"),
        *("builders", "findings", "why", "running", "suggest", "picture"),
        "configuration",
        *("verify", "checking", "builds", "fleet"),
    ),
    "host": (
        *("docker_config", "watches", "docker", "plugin", "walk", "git", "disk"),
        "fleet",
    ),
    "pipeline": (
        *("survey", "preparation", "meaning", "repairing", "arrivals", "instructions"),
        *(
            "collisions",
            "closed",
            "flags",
            "uses",
            "obstacles",
            "compared",
            "measuring",
        ),
        *(
            "entries",
            "uploading",
            "unread",
            "ignoring",
            "ground",
            "secrets",
            "parting",
            "proposing",
            "preventing",
            "advice",
            "calibration",
            "report",
            "picture",
            "builds",
        ),
        *(
            "why",
            "comparison",
            "scripts",
            "harmless",
            "simulation",
            "writing",
            "watch",
            "check",
            "fleet",
        ),
        "",
    ),
    "view": (
        *("terminal", "markdown", "report", "page", "builds", "why", "write"),
        *("watch", "verify", "check", "fleet", "configuration"),
    ),
}

# What every door of the host may import.
GROUND = frozenset({"docker_config"})

# The rooms that may use a library at all, and the modules that may import it at
# the top. Everyone else imports it inside the function that needs it, so that
# other commands do not pay for it.
LIBRARIES = {
    "click": (
        {"cli", "__main__"},
        {
            f"ctxopt.cli.{name}"
            for name in (
                "program",
                "options",
                "asking",
                "builds",
                "configuring",
                "completing",
                "hints",
                "pasted",
                "scan",
                "ls",
                "why",
                "write",
                "write_all",
                "watch",
                "watch_several",
                "verify",
                "check",
                "explain",
                "fleet",
                "fleet_diff",
                "fleet_running",
                "outputs",
                "install_plugin",
            )
        },
    ),
    "rich": ({"view"}, set[str]()),
    "watchdog": ({"host"}, set[str]()),
    "pathspec": ({"host"}, set[str]()),
    "platformdirs": ({"host"}, set[str]()),
    "yaml": ({"core"}, set[str]()),
    "distributed": ({"host"}, set[str]()),  # of the extra for a fleet
}

# What core may take from the standard library: nothing that knows of disk,
# processes, network or clock. Add a module only if that is true of it.
PURE = frozenset(
    {
        *("__future__", "abc", "array", "base64", "binascii", "bisect", "codecs"),
        *("collections", "contextlib", "copy", "csv", "dataclasses", "decimal"),
        *("difflib", "enum", "errno", "fnmatch", "fractions", "functools", "graphlib"),
        *("hashlib", "heapq", "html", "ipaddress", "itertools", "json", "math"),
        *(
            "numbers",
            "operator",
            "posixpath",
            "re",
            "shlex",
            "stat",
            "statistics",
            "string",
            "struct",
        ),
        *("textwrap", "tomllib", "types", "typing", "unicodedata", "urllib.parse"),
        "pkgutil",  # tables that ship with the package are code
        "yaml",  # text to events; it opens no file by itself
        "configparser",  # text to tables, likewise
    }
)
PURE_PATHS = frozenset({"PurePath", "PurePosixPath", "PureWindowsPath"})
IMPURE_CALLS = frozenset({"open", "print", "input", "breakpoint", "__import__"})

HEAVY = frozenset(LIBRARIES) | {"asyncio", "multiprocessing", "socket", "subprocess"}


# What a scan of a small clean project does not need, and what each of it would cost:
# a class or two, expressions that are compiled, or a library.
UNNEEDED = frozenset(
    {
        *("ctxopt.core.buildcommands", "ctxopt.core.builds.world"),
        *(
            "ctxopt.core.dockerfile.syntax.mounts",
            "ctxopt.core.dockerfile.tracing.classic",
        ),
        *("ctxopt.core.findings.ignore_files", "ctxopt.core.findings.repairs"),
        *("ctxopt.core.git.ignorelines", "ctxopt.core.git.translate"),
        *("ctxopt.core.golang.automaton", "ctxopt.core.golang.regexp"),
        *("ctxopt.core.patterns.expressions", "ctxopt.core.suggest.preventive"),
        *("ctxopt.core.timing.buildlog", "ctxopt.core.timing.progress"),
        *("ctxopt.core.verify", "ctxopt.core.watching", "ctxopt.host.docker"),
        *("ctxopt.host.git.asked", "ctxopt.host.git.ignored", "ctxopt.host.watches"),
        *("ctxopt.pipeline.comparison", "ctxopt.pipeline.preventing"),
        *("ctxopt.pipeline.repairing", "ctxopt.pipeline.simulation"),
        *("ctxopt.pipeline.watch", "ctxopt.pipeline.writing", "ctxopt.view.watch"),
        *("ctxopt.view.write", "dataclasses", "decimal", "pathlib", "pathspec"),
        *("platformdirs", "rich.console", "string", "subprocess", "tomllib"),
        *("traceback", "urllib.parse", "watchdog", "yaml", "ctxopt.core.compose"),
        "ctxopt.core.bake",
        # A plain command line is read without click, and what click imports.
        *("click", "inspect", "ast", "gettext", "platform", "datetime", "locale"),
        *("threading", "unicodedata", "rich", "shlex", "typing", "select"),
        *("ctxopt.cli.program", "ctxopt.cli.options", "ctxopt.cli.scan"),
        *("ctxopt.core.findings.closed_folders", "ctxopt.core.findings.instructions"),
        "ctxopt.core.nearest",
        *("ctxopt.core.secrets.looks", "ctxopt.core.secrets.logins"),
        *("ctxopt.core.sources.elsewhere", "ctxopt.core.sources.misread"),
        *("ctxopt.core.sources.nearby", "ctxopt.core.suggest.foreign"),
        *("ctxopt.core.suggest.history", "ctxopt.core.suggest.imports"),
        *("ctxopt.core.suggest.programs", "ctxopt.core.timing.fit"),
        "ctxopt.host.disk.probe",
    }
)
# What only commands, patterns, further Dockerfiles or a repository ask for.
OF_COMMANDS = frozenset(
    {
        *("ctxopt.core.dockerfile.tracing.plain", "ctxopt.core.builds.nearness"),
        *("ctxopt.core.dockerfile.syntax.nearest", "ctxopt.core.patterns.globs"),
        *("ctxopt.core.ignorefile.keeping", "ctxopt.core.judging.special", "json"),
        "ctxopt.core.suggest.workspaces.json_manifests",
        "ctxopt.core.suggest.workspaces.text_manifests",
        "ctxopt.core.suggest.workspaces.toml_manifests",
    }
)
# What a list of a build does not need beside that: nothing is counted or suggested.
OF_MEASURING = frozenset(
    {
        *("ctxopt.core.measure.fold", "ctxopt.core.measure.stream"),
        *("ctxopt.core.suggest", "ctxopt.host.git", "ctxopt.pipeline.advice"),
        *("ctxopt.pipeline.survey.survey", "ctxopt.view.report", "copy", "weakref"),
    }
)


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name, and whether importing the module runs the import."""

    importer: str
    imported: str
    line: int
    at_start: bool

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


def module_name(path: Path) -> str:
    parts = ("ctxopt", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


@cache
def names() -> frozenset[str]:
    """Every module; nothing is parsed for it."""
    return frozenset(module_name(path) for path in PACKAGE.rglob("*.py"))


@cache
def trees() -> dict[str, ast.Module]:
    """Every module, read by whoever asks first: all processes collect this file."""
    return {module_name(path): tree for path, tree in modules().items()}


def resolve(module: str, name: str) -> str:
    """`from ctxopt import core` names a module, `from re import compile` does not."""
    full = f"{module}.{name}"
    return full if full in names() or full in PURE else module


def imported_names(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    assert node.level == 0, f"line {node.lineno}: imports are absolute here"
    module = node.module or ""
    if module == "pathlib":
        return [f"pathlib.{alias.name}" for alias in node.names]
    return sorted({resolve(module, alias.name) for alias in node.names})


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in {
        "TYPE_CHECKING",
        "typing.TYPE_CHECKING",
    }


def statements_in(node: ast.AST) -> Iterator[ast.AST]:
    """What may hold a statement, right below a node: no expression does."""
    for field in ("body", "handlers", "orelse", "finalbody", "cases"):
        yield from getattr(node, field, ())


def imports_below(node: ast.AST, importer: str, *, at_start: bool) -> list[Import]:
    found = []
    for child in statements_in(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            found += [
                Import(importer, name, child.lineno, at_start)
                for name in imported_names(child)
            ]
            continue
        is_later = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        runs = at_start and not is_later and not is_type_checking(child)
        found += imports_below(child, importer, at_start=runs)
    return found


@cache
def all_imports() -> list[Import]:
    return [
        found
        for module, tree in trees().items()
        for found in imports_below(tree, module, at_start=True)
    ]


def is_pure(name: str) -> bool:
    if name.startswith("pathlib."):
        return name.removeprefix("pathlib.") in PURE_PATHS
    parents = name.split(".")
    return any(".".join(parents[:end]) in PURE for end in range(1, len(parents) + 1))


def test_every_room_is_known() -> None:
    assert {room_of(name) for name in names()} == set(ROOMS)


def test_rooms_import_in_one_direction_only() -> None:
    wrong = [
        str(found)
        for found in all_imports()
        if found.imported.split(".")[0] == "ctxopt"
        and (room := room_of(found.importer)) != room_of(found.imported)
        and room_of(found.imported) not in ROOMS[room]
    ]
    assert wrong == []


def inner_room_of(module: str) -> tuple[int, str]:
    """The place of a module's inner room in the order, and its name."""
    _, room, *rest = module.split(".")
    path = ".".join(rest)
    order = INNER[room]
    fitting = [
        name
        for name in order
        if path == name or path.startswith(f"{name}.") or not name
    ]
    assert fitting, f"{module} is in no known room"
    name = max(fitting, key=len)
    return order.index(name), name


def test_inner_rooms_import_from_the_ground_up() -> None:
    wrong = [
        str(found)
        for found in all_imports()
        if found.imported.split(".")[0] == "ctxopt"
        and (room := room_of(found.importer)) in INNER
        and room == room_of(found.imported)
        and inner_room_of(found.importer) < inner_room_of(found.imported)
    ]
    assert wrong == []


def test_no_door_of_the_host_imports_another() -> None:
    wrong = [
        str(found)
        for found in all_imports()
        if found.imported.startswith("ctxopt.host.")
        and room_of(found.importer) == "host"
        and inner_room_of(found.importer) != (imported := inner_room_of(found.imported))
        and imported[1] not in GROUND
    ]
    assert wrong == []


@pytest.mark.parametrize("room", sorted(PACKAGE.rglob("__init__.py")), ids=module_name)
def test_a_front_door_names_every_file(room: Path) -> None:
    said = ast.get_docstring(module(room)) or ""
    files = {
        path.stem
        for path in room.parent.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    missing = {
        name
        for name in files - {"__init__", "__main__"}
        if not re.search(rf"\b{name}\b", said)
    }
    assert missing == set()


def test_core_imports_nothing_that_touches_the_world() -> None:
    wrong = [
        str(found)
        for found in all_imports()
        if room_of(found.importer) in {"core", "errors"}
        and found.imported.split(".")[0] != "ctxopt"
        and not is_pure(found.imported)
    ]
    assert wrong == []


def test_core_calls_no_builtin_that_touches_the_world() -> None:
    wrong = [
        f"{module_name(path)}:{node.lineno} calls {node.func.id}"
        for path, node in nodes_of(ast.Call, saying=IMPURE_CALLS)
        if room_of(module_name(path)) in {"core", "errors"}
        and isinstance(node.func, ast.Name)
        and node.func.id in IMPURE_CALLS
    ]
    assert wrong == []


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_stays_where_it_is_needed(library: str) -> None:
    rooms, modules_at_start = LIBRARIES[library]
    wrong = [
        str(found)
        for found in all_imports()
        if found.imported.split(".")[0] == library
        and (
            room_of(found.importer) not in rooms
            or (found.at_start and found.importer not in modules_at_start)
        )
    ]
    assert wrong == []


def test_records_are_made_by_the_quick_named_tuple() -> None:
    """One of typing costs twice as much, and a scan has two hundred: see `tuples`."""
    assert [
        module_name(path)
        for path, node in nodes_of(ast.ImportFrom, saying=["NamedTuple"])
        if node.module == "typing"
        and "NamedTuple" in {alias.name for alias in node.names}
    ] == ["ctxopt.core.tuples"]


def test_no_other_library_is_imported() -> None:
    known = sys.stdlib_module_names | set(LIBRARIES) | {"ctxopt"}
    assert [
        str(i) for i in all_imports() if i.imported.split(".")[0] not in known
    ] == []


def loaded_by(*arguments: str) -> set[str]:
    """The modules that a fresh interpreter imports while it runs `arguments`."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=True,
        stdin=subprocess.DEVNULL,
    )
    names = re.findall(r"^import time:.*\|\s*(\S+)$", done.stderr, re.MULTILINE)
    assert "site" in names
    return set(names)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["-c", "import ctxopt"], id="import ctxopt"),
        pytest.param(["-c", "import ctxopt.core"], id="import ctxopt.core"),
        pytest.param(["-m", "ctxopt", "--version"], id="ctxopt --version"),
    ],
)
def test_start_up_loads_nothing_heavy(arguments: list[str]) -> None:
    assert loaded_by(*arguments) & HEAVY == set()


def test_a_scan_as_json_loads_neither_terminal_nor_events(sample_dir: Path) -> None:
    loaded = loaded_by("-m", "ctxopt", "scan", "--format", "json", str(sample_dir))
    assert loaded & {"rich", "watchdog"} == set()


def test_a_scan_of_a_small_clean_project_imports_what_it_needs(tmp_path: Path) -> None:
    """Ten files that are all wanted: what only an odd build asks for stays away."""
    (tmp_path / "app").mkdir()
    for name in ("__init__", "__main__", "models", "routes", "views"):
        (tmp_path / "app" / f"{name}.py").write_text("print(1)\n")
    (tmp_path / "README.md").write_text("# Shop\n")
    (tmp_path / "requirements.txt").write_text("flask\n")
    (tmp_path / ".dockerignore").write_text(".venv\n*.log\n")
    (tmp_path / "Dockerfile").write_text(
        "FROM python:3.12-slim\nCOPY . .\nRUN pip install -r requirements.txt\n"
        'CMD ["python", "-m", "app"]\n'
    )
    loaded = loaded_by("-m", "ctxopt", "scan", str(tmp_path))
    assert "ctxopt.core.suggest.rules_table" in loaded
    assert loaded & UNNEEDED == set()
    assert names() | {name for name in UNNEEDED if "ctxopt" not in name} >= UNNEEDED


@pytest.fixture
def ten_files(tmp_path: Path) -> Path:
    """A folder with nothing to it."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . .\n")
    for number in range(1, 10):
        (tmp_path / f"f{number}.txt").write_text("hi\n")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "unneeded"),
    [
        (["scan"], UNNEEDED | OF_COMMANDS),
        (
            ["scan", "--json"],
            UNNEEDED | OF_COMMANDS - {"json"} | {"ctxopt.view.terminal.layout"},
        ),
        (["ls"], UNNEEDED | OF_COMMANDS | OF_MEASURING),
    ],
    ids=lambda drawn: " ".join(drawn) if isinstance(drawn, list) else "",
)
def test_a_command_about_ten_files_imports_little(
    ten_files: Path, words: list[str], unneeded: frozenset[str]
) -> None:
    loaded = loaded_by("-m", "ctxopt", *words, str(ten_files))
    assert "ctxopt.host.walk.walk" in loaded
    assert loaded & unneeded == set()


COMPARING = frozenset(
    {
        *("ctxopt.core.builders.legacy", "ctxopt.core.judging.special"),
        *("ctxopt.core.measure.beside", "ctxopt.pipeline.survey.beside"),
        "ctxopt.pipeline.compared",
    }
)


@pytest.mark.parametrize(
    ("lines", "loaded"),
    [
        pytest.param("*.log\n", set(), id="nothing is brought back"),
        pytest.param(
            "*.log\n!**/a.log\n",
            {"ctxopt.pipeline.compared"},
            id="nothing is found in ignored folders",
        ),
        pytest.param("d\n!**/a.log\n", COMPARING, id="an ignored folder is opened"),
    ],
)
def test_builders_are_compared_where_they_may_differ(
    ten_files: Path, lines: str, loaded: set[str]
) -> None:
    (ten_files / "d").mkdir()
    (ten_files / "d" / "a.log").write_text("hi\n")
    (ten_files / ".dockerignore").write_text(lines)
    assert loaded_by("-m", "ctxopt", "scan", str(ten_files)) & COMPARING == loaded


def test_a_version_is_said_without_typing() -> None:
    """typing, with the expressions and enumerations that it imports, is half of it."""
    assert loaded_by("-m", "ctxopt", "--version") & {"typing", "re", "enum"} == set()


def test_a_plain_compose_file_is_not_parsed_beside_one_dockerfile(
    tmp_path: Path,
) -> None:
    """All that it can say is that the folder is built: PyYAML costs a tenth of it."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (tmp_path / "compose.yaml").write_text("services:\n  web:\n    build: .\n")
    scan = ("-m", "ctxopt", "scan", str(tmp_path))
    assert loaded_by(*scan) & {"yaml", "ctxopt.core.compose"} == set()
    (tmp_path / "Dockerfile.prod").write_text("FROM scratch\nCOPY dist /\n")
    assert loaded_by(*scan) >= {"yaml", "ctxopt.core.compose"}


def test_a_question_about_one_path_loads_neither_terminal_nor_git(
    tmp_path: Path,
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    context = str(tmp_path)
    loaded = loaded_by("-m", "ctxopt", "why", "-C", context, "Dockerfile")
    heavy = HEAVY - {"click", "rich"}
    assert loaded & {*heavy, "rich.console", "ctxopt.pipeline.advice"} == set()


def test_pytest_passes_over_no_folder_of_tests(pytestconfig: pytest.Config) -> None:
    """One called `build` was: its tests ran only where their file was named."""
    passed_over = pytestconfig.getini("norecursedirs")
    folders = [one for one in Path(__file__).parent.rglob("*") if one.is_dir()]
    names = {one.name for one in folders if one.name != "__pycache__"}
    assert [one for one in names for glob in passed_over if fnmatch(one, glob)] == []
