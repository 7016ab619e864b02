"""What compiles, left in an image that is built in one stage.

An image that copies nothing and starts nothing is there to compile, and keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxopt.core.checking.dockerfile_advice.calls import Call, calls
from ctxopt.core.checking.dockerfile_advice.reading import (
    ReadStage,
    ReadStep,
    kept_steps,
    listed,
    said_of,
)
from ctxopt.core.checking.families import dockerfile
from ctxopt.core.dockerfile.records import Trace
from ctxopt.core.dockerfile.values.reference import parse_reference
from ctxopt.core.golang.errors import RuleError
from ctxopt.core.model import Location, Problem
from ctxopt.core.running.shell import Simple

_PACKAGES = (
    r"(?:gcc|g\+\+|clang|gfortran|golang|rustc|cargo|ghc)(?:-[\d.]+)?"
    r"(?:-(?:multilib|go|(?:x86|i686|arm|aarch64|mingw)\S*))?|"
    r"build-essential|build-base|alpine-sdk|base-devel|gcc-c\+\+|musl-dev|make|cmake|"
    r"go|rust|maven|gradle|openjdk-?[\d.]+-jdk(?:-headless)?|"
    r"java-[\d.]+-openjdk-devel|default-jdk(?:-headless)?|dotnet-sdk-[\d.]+|"
    r"@?\"?development[- ]tools\"?"
)
# Official images that hold a compiler, and the commands that use it there.
_TOOLCHAINS = (
    (r"(?:docker\.io/)?library/golang", r"go (?:build|install)\b(?!.*@)"),
    (r"(?:docker\.io/)?library/rust", r"cargo (?:\+\S+ )?(?:build|install)\b"),
    (r"(?:docker\.io/)?library/gcc", r"(?:gcc|g\+\+|make|cmake)\b"),
    (r"(?:docker\.io/)?library/maven", r"\S*mvnw? .*\b(?:package|install|verify)\b"),
    (
        r"(?:docker\.io/)?library/gradle",
        r"\S*gradlew? .*\b(?:build|assemble|bootJar|jar|shadowJar|installDist)\b",
    ),
    (r"mcr\.microsoft\.com/dotnet/sdk", r"dotnet (?:publish|build)\b"),
    (r"(?:docker\.io/)?library/haskell", r"(?:cabal|stack) .*\b(?:build|install)\b"),
    (r"(?:docker\.io/)?library/swift", r"swift build\b"),
)
_MOST_NAMES = 3
_REMOVES = frozenset({"purge", "remove", "del", "autoremove", "erase"})


def compilers_left(trace: Trace, stages: Sequence[ReadStage]) -> Iterator[Problem]:
    """A compiler in an image whose stages are all of it, where nothing removes it."""
    if not stages or not all(stage.is_kept for stage in stages):
        return
    steps = kept_steps(stages)
    if not any(step.instruction.name in _PRODUCTS for step in steps):
        return
    for step in steps:
        left = [*dict.fromkeys(_left(step.commands))]
        if left:
            quoted = listed([f'"{name}"' for name in left], _MOST_NAMES)
            yield said_of(
                dockerfile.COMPILER_LEFT,
                step,
                f"the image keeps {quoted}, which a program that is built seldom needs "
                "to run",
                subject=left[0],
            )
    yield from _in_toolchains(trace, steps)


# An image with none of these is not for running something of its own.
_PRODUCTS = frozenset({"COPY", "ADD", "CMD", "ENTRYPOINT"})


def _left(commands: Sequence[Simple]) -> Iterator[str]:
    """The packages with compilers that a RUN installs and does not remove."""
    found = [*calls(commands)]
    for call in found:
        if not call.installs or call.manager == "pip":
            continue
        later = [one for one in found if one.at > call.at and one.action in _REMOVES]
        for package in call.words:
            name = package.partition("=")[0]
            if re.fullmatch(_PACKAGES, name) and not _is_removed(call, name, later):
                yield name


def _is_removed(call: Call, name: str, later: Sequence[Call]) -> bool:
    """Whether a later command of the RUN takes a package away, or may do so."""
    group = _virtual(call.command.words)
    for one in later:
        if one.manager != call.manager:
            continue
        if {name, group} & {*one.words} or any(set("$*?") & set(w) for w in one.words):
            return True
        if "--auto-remove" in one.command.words or one.action == "autoremove":
            return True
    return False


def _virtual(words: Sequence[str]) -> str:
    """The name under which `apk add --virtual` puts packages together."""
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in ("-t", "--virtual"):
            return value if equals else "".join(words[at + 1 : at + 2])
    return ""


def _in_toolchains(trace: Trace, steps: Sequence[ReadStep]) -> Iterator[Problem]:
    """An image that begins with an official one for compiling, and compiles in it."""
    for place, name in trace.unknown_bases:
        compiled = next(_compiled(name, steps), None)
        if compiled is not None:
            yield _stays(place, name, compiled)


def _compiled(name: str, steps: Sequence[ReadStep]) -> Iterator[str]:
    """The commands that compile with what an image holds."""
    try:
        reference = parse_reference(name)
    except RuleError:
        return
    image = f"{reference.domain}/{reference.path}"
    for known, using in _TOOLCHAINS:
        if re.fullmatch(known, image):
            for step in steps:
                for command in step.commands:
                    if re.match(using, " ".join(command.words)):
                        yield " ".join(command.words[:2])


def _stays(place: Location, name: str, compiled: str) -> Problem:
    image = name.partition("@")[0]
    return dockerfile.COMPILER_LEFT.problem(
        f'the image is all of "{image}" and what "{compiled}" makes: the compiler '
        "stays in it",
        place=place,
        subject=name,
    )
