"""What a compose file is read with: its folder, the environment, the other files."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from ctxopt.core.compose.dotenv import parse_dotenv
from ctxopt.core.compose.interpolation import InterpolationError, interpolate
from ctxopt.core.compose.loading import load_documents
from ctxopt.core.compose.nodes import Fields, Items, Node, Scalar, Unknown, YamlPlace
from ctxopt.core.compose.records import ComposeProblem, ComposeWeight, problem_of
from ctxopt.errors import ComposeFileError

Read: TypeAlias = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The folder that paths are relative to, variables, and a door to files.

    `problems` grows while files are read, `opened` keeps what has been parsed.
    """

    folder: str
    environment: Mapping[str, str]
    read: Read
    problems: list[ComposeProblem] = field(default_factory=list)
    opened: dict[str, list[Node]] = field(default_factory=dict)

    def path(self, text: str) -> str:
        """A path as a file says it, below the folder; `~` is the user's home.

        Rule: compose-go, paths/resolve.go, absPath, and paths/home.go.
        """
        home = self.environment.get("HOME")
        if text.startswith("~") and home:
            return posixpath.normpath(f"{home}/{text[1:]}")
        if posixpath.isabs(text):
            return text
        return posixpath.normpath(posixpath.join(self.folder, text))

    def in_folder(self, folder: str) -> Surroundings:
        """The same, where paths are relative to another folder."""
        return replace(self, folder=folder)

    def with_dotenv(self, files: list[str]) -> Surroundings:
        """The same, with the variables of files for what is not set.

        Rule: compose-go, dotenv/env.go, GetEnvFromFile, and types.Mapping.Merge.
        """
        known: dict[str, str] = {}
        for file in files:
            known = self._dotenv(file, known)
        return replace(self, environment={**known, **self.environment})

    def _dotenv(self, file: str, known: dict[str, str]) -> dict[str, str]:
        content = self.read(file) or b""
        text = content.decode("utf-8", "surrogateescape")
        try:
            return parse_dotenv(text, self.environment.get, file=file, before=known)
        except ComposeFileError as error:
            self.refuse(error)
            return known

    def documents(self, file: str) -> list[Node] | None:
        """The documents of a file as they stand; None where there is none.

        Raises ComposeFileError.
        """
        if file not in self.opened:
            content = self.read(file)
            if content is None:
                return None
            self.opened[file] = load_documents(content, file)
        return self.opened[file]

    def refuse(self, error: ComposeFileError, service: str | None = None) -> None:
        """Tells of what docker compose would stop at."""
        self.problems.append(problem_of(error, service))

    def interpolated(self, node: Node) -> Node:
        """A document with the values of its variables; what has none is `Unknown`."""
        return _Interpolation(self).node(node)


class _Interpolation:
    """What an anchor names is done once, however often it is used."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._done: dict[int, Node] = {}
        self._told: set[tuple[YamlPlace, str]] = set()

    def node(self, node: Node) -> Node:
        if isinstance(node, Scalar):
            return self._scalar(node)
        if isinstance(node, Unknown):
            return node
        inner = id(node.entries)
        if inner not in self._done:
            self._done[inner] = self._nested(node)
        return replace(self._done[inner], place=node.place, tag=node.tag)

    def _nested(self, node: Items | Fields) -> Node:
        if isinstance(node, Items):
            return replace(node, entries=tuple(map(self.node, node.entries)))
        entries = {key: self.node(value) for key, value in node.entries.items()}
        return replace(node, entries=entries)

    def _scalar(self, node: Scalar) -> Scalar | Unknown:
        if not isinstance(node.value, str) or "$" not in node.value:
            return node
        try:
            value = interpolate(
                node.value,
                self._around.environment.get,
                lambda name: self._tell_unset(node, name),
            )
        except InterpolationError as error:
            self._tell(node, error.message, error.text, hint=error.hint)
            return Unknown(node.place, node.value, node.tag)
        return replace(node, value=value)

    def _tell_unset(self, node: Scalar, name: str) -> None:
        self._tell(
            node,
            f"variable {name} is not set, and empty here",
            node.text,
            hint=f"set {name} in the environment or in .env",
            weight=ComposeWeight.WARNED,
        )

    def _tell(
        self,
        node: Scalar,
        message: str,
        text: str,
        *,
        hint: str | None,
        weight: ComposeWeight = ComposeWeight.REFUSED,
    ) -> None:
        if (node.place, message) not in self._told:
            self._told.add((node.place, message))
            self._around.problems.append(
                ComposeProblem(
                    message=message,
                    file=node.place.file,
                    line=node.place.line,
                    text=text,
                    hint=hint,
                    weight=weight,
                )
            )
