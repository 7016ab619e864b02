"""What is known of a compose project's builds, and of what cannot be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum

from ctxopt.core.compose.nodes import YamlPlace
from ctxopt.errors import ComposeFileError


class ContextKind(Enum):
    """Where a context comes from."""

    FOLDER = "folder"
    REMOTE = "remote"  # git, http, or what a builder knows by its scheme
    SERVICE = "service"  # what another service builds
    UNKNOWN = "unknown"  # a variable that has to be set is not


@dataclass(frozen=True, slots=True)
class ComposeContext:
    """A context: `text` as written, and of a folder the `path` it comes to.

    The path stands as the files do, below the project's folder. Of another service
    `path` is its name; of what is remote, its address.
    """

    kind: ContextKind
    text: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeBuild:
    """What docker compose builds for a service.

    `args` without a value in file and environment are None. `unknown` names the fields
    that cannot be told, such as `target` or `args.VERSION`; they hold None here.
    """

    service: str
    place: YamlPlace
    context: ComposeContext
    dockerfile: str | None
    dockerfile_inline: str | None = None
    target: str | None = None
    args: Mapping[str, str | None] = field(default_factory=dict)
    additional_contexts: Mapping[str, ComposeContext] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def is_enabled(self, profiles: Collection[str] = ()) -> bool:
        """Whether it is built without being named, with these profiles active.

        Rule: compose-spec, 15-profiles.md; compose-go, types.ServiceConfig.HasProfile.
        """
        if not self.profiles or "*" in profiles:
            return True
        return any(profile in profiles for profile in self.profiles)


class ComposeWeight(Enum):
    """What a problem means for docker compose."""

    REFUSED = "refused"  # it stops here
    WARNED = "warned"  # it goes on, with a word about it
    UNREAD = "unread"  # it may well go on: only ctxopt does not


@dataclass(frozen=True, slots=True)
class ComposeProblem:
    """One thing that is wrong, with its place; `text` quotes the file."""

    message: str
    file: str
    line: int | None = None
    text: str | None = None
    hint: str | None = None
    service: str | None = None
    weight: ComposeWeight = ComposeWeight.REFUSED


@dataclass(frozen=True, slots=True)
class ComposeProject:
    """The builds of a project, in the order of its files, and what is wrong."""

    name: str
    files: tuple[str, ...]
    builds: tuple[ComposeBuild, ...] = ()
    problems: tuple[ComposeProblem, ...] = ()


def problem_of(
    error: ComposeFileError,
    service: str | None = None,
    *,
    weight: ComposeWeight = ComposeWeight.REFUSED,
) -> ComposeProblem:
    """The record of an error that does not end the reading."""
    return ComposeProblem(
        message=error.message,
        file=error.file or "",
        line=error.line,
        text=error.text,
        hint=error.hint,
        service=service,
        weight=weight,
    )
