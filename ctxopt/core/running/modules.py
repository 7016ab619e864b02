"""The files of the project that a program or a configuration takes in by imports.

`vite.config.ts` begins with `import { version } from "./scripts/version"`, and that
asks git. Only what is found near is followed: relative paths, and modules in the
folders around. What packages do that somebody else wrote is not known here.
Source: Node's documentation, "Modules"; Vite's guide, "Config"; Python's language
reference, "The import system"; Cargo Book, "Build Scripts"; PEP 517, "backend-path".
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from ctxopt.core.paths import join
from ctxopt.core.running.syntax.tokens import KNOWN_TEXTS

LEVELS = 3  # files that take in others, so deep
MOST_FILES = 25  # of one program
MOST_NAMES = 40  # in one file
_ABOVE = 3  # folders around a file of Python
_SCRIPTS = ("", ".ts", ".js", ".mjs", ".cjs", ".mts", ".cts", ".tsx", ".jsx")
_RELATIVE = re.compile(
    r"(?:\bfrom|\bimport|\brequire)\s*\(?\s*[\"'`](\.{1,2}/[^\"'`\n]+)[\"'`]"
)
_PYTHON = re.compile(
    r"(?m)^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*|[^\n#]*)"
    r"|import[ \t]+([\w., \t]+))"
)
_PYTHON_FILE = re.compile(r"[\"']([\w./-]+\.py)[\"']")
_HOOK = re.compile(
    r"(?m)^[ \t]*(?:path|script|custom-hook|build-script)[ \t]*=[ \t]*"
    r"[\"']([\w./-]+\.py)[\"']"
)
_RUBY = re.compile(
    r"(?m)\b(?:require_relative|require|load|import)\b[ (]*[\"']([\w./-]+)[\"']"
)
_RUST = re.compile(r"(?m)^[ \t]*(?:pub[ \t]+)?mod[ \t]+(\w+)[ \t]*;")
_RUST_FILE = re.compile(r"(?:include!\(|path[ \t]*=)[ \t]*\"([\w./-]+\.rs)\"")
_GRADLE = re.compile(r"[\"'](?:\$\{?\w+\}?/)?([\w./-]+\.gradle(?:\.kts)?)[\"']")
_BUILD_RS = re.compile(r"(?m)^build[ \t]*=[ \t]*\"([\w./-]+)\"")
_BACKEND = re.compile(r"(?m)^build-backend[ \t]*=[ \t]*[\"']([\w.]+)")
_BACKEND_PATH = re.compile(r"(?m)^backend-path[ \t]*=[ \t]*\[[ \t]*[\"']([\w./-]+)")
_JAVASCRIPT = r".*\.(?:[cm]?[jt]sx?|vue|svelte)$"


def followed(
    path: str,
    text: str,
    read: Callable[[str], str | None],
    there: Callable[[str], bool],
) -> Iterator[tuple[str, str]]:
    """The files that a file takes in, and those that they do, with their texts."""
    seen = {path}
    waiting = [(path, text, 0)]
    for one, said, level in waiting:
        for candidate in _taken_in(one, said) if level < LEVELS else ():
            if candidate in seen or not there(candidate):
                continue
            seen.add(candidate)
            more = read(candidate)
            if more:
                yield candidate, more
                waiting.append((candidate, more, level + 1))
            if len(waiting) > MOST_FILES:
                return


@lru_cache(maxsize=KNOWN_TEXTS)
def _taken_in(path: str, text: str) -> tuple[str, ...]:
    """Where the files may lie that one takes in."""
    return tuple(dict.fromkeys(_candidates(path, text)))


def _candidates(path: str, text: str) -> Iterator[str]:
    folder, _, name = path.rpartition("/")
    if re.fullmatch(_JAVASCRIPT, name):
        yield from _of_javascript(folder, text)
    elif name.endswith(".py"):
        yield from _of_python(folder, text)
    elif name.endswith((".rb", ".rake", ".gemspec")) or name in ("Rakefile", "Gemfile"):
        yield from _of_ruby(folder, text)
    elif name.endswith(".rs"):
        yield from _of_rust(folder, text)
    elif name.endswith((".gradle", ".gradle.kts")):
        said = _said(_GRADLE, text)
        yield from (*(_at(folder, one) for one in said), *said)
    elif name == "Cargo.toml":
        yield from (_at(folder, one) for one in _said(_BUILD_RS, text))
    elif name == "pyproject.toml":
        yield from _of_pyproject(folder, text)


def _of_ruby(folder: str, text: str) -> Iterator[str]:
    for said in _said(_RUBY, text):
        for base in (folder, join(folder, "lib")):
            yield _at(base, said)
            yield _at(base, f"{said}.rb")


def _of_rust(folder: str, text: str) -> Iterator[str]:
    for said in _said(_RUST, text):
        yield join(folder, f"{said}.rs")
        yield join(folder, f"{said}/mod.rs")
    yield from (_at(folder, one) for one in _said(_RUST_FILE, text))


def _said(pattern: re.Pattern[str], text: str) -> list[str]:
    return pattern.findall(text)[:MOST_NAMES]


def _at(folder: str, said: str) -> str:
    return posixpath.normpath(join(folder, said))


def _of_javascript(folder: str, text: str) -> Iterator[str]:
    for said in _said(_RELATIVE, text):
        path = _at(folder, said.split("?", 1)[0])
        bare, ending = posixpath.splitext(path)
        for tail in _SCRIPTS:
            yield f"{path}{tail}"
            if tail:
                yield f"{path}/index{tail}"
            if tail and ending in (".js", ".mjs", ".cjs"):  # of TypeScript
                yield f"{bare}{tail}"


def _of_python(folder: str, text: str) -> Iterator[str]:
    bases = [folder]
    while bases[-1] and len(bases) <= _ABOVE:
        bases.append(bases[-1].rpartition("/")[0])
    bases += [join(base, "src") for base in bases]
    for found, _ in zip(_PYTHON.finditer(text), range(MOST_NAMES), strict=False):
        names = found[2] or ""
        for one in [found[1]] if found[1] else re.findall(r"[\w.]+", found[3]):
            for place in _places(folder, bases, one):
                yield f"{place}.py"
                yield join(place, "__init__.py")
                for inner in re.findall(r"\w+", names):
                    yield join(place, f"{inner}.py")
    for said in _said(_PYTHON_FILE, text):
        yield _at(folder, said)


def _places(folder: str, bases: list[str], module: str) -> Iterator[str]:
    """Where a module of Python may be, without its ending."""
    bare = module.lstrip(".")
    levels = len(module) - len(bare)
    if levels:
        above = _at(folder, "../" * (levels - 1) or ".")
        bases = ["" if above == "." else above]
    for base in bases:
        yield join(base, bare.replace(".", "/")) if bare else base


def _of_pyproject(folder: str, text: str) -> Iterator[str]:
    """The hooks and backends that build a project."""
    for said in _said(_HOOK, text):
        yield _at(folder, said)
    if "hooks.custom" in text:
        yield join(folder, "hatch_build.py")
    backend = _BACKEND.search(text)
    for path in _said(_BACKEND_PATH, text) if backend else ():
        module = backend[1].replace(".", "/") if backend else ""
        yield _at(folder, f"{path}/{module}.py")
        yield _at(folder, f"{path}/{module}/__init__.py")
