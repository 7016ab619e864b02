"""A devcontainer.json -> the build that it says, or the compose files it names.

Source: devcontainers/spec, docs/specs/devcontainerjson-reference.md; devcontainers/cli,
src/spec-configuration/configuration.ts, getDockerfilePath and getDockerContextPath.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ctxopt.core.builds.records import BuildKind
from ctxopt.core.builds.said import (
    DEFAULT_DOCKERFILE,
    SaidBuild,
    joined,
    line_of,
    not_known,
)
from ctxopt.core.model import FrozenWords, Location
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError

# A text is taken as a whole, so that nothing in it counts as a comment.
_TEXT_OR_COMMENT = r'("(?:\\.|[^"\\\n])*+")|//[^\n]*|/\*(?s:.*?)\*/'
_TEXT_OR_COMMA = r'("(?:\\.|[^"\\\n])*+")|,(?=\s*+[]}])'
_VARIABLE = r"\$\{(?:(localEnv|env):(\w+)(?::([^}]*))?|(localWorkspaceFolder))\}"
_CURE = "set its variables in the environment"
_Json: TypeAlias = dict[str, object]


class Devcontainer(NamedTuple):
    """What a devcontainer.json says of builds: one of its own, or compose files."""

    build: SaidBuild | None = None
    compose_files: tuple[str, ...] = ()


def said_by_devcontainer(
    content: bytes, file: str, folder: str, *, environment: Mapping[str, str]
) -> Devcontainer:
    """What it says; `folder` is that of the file. Raises CtxoptError."""
    text = content.decode("utf-8-sig", "replace")
    said = _parsed(text, file)
    named = said.get("dockerComposeFile")
    if named:
        files = _texts([named] if isinstance(named, str) else named)
        return Devcontainer(None, tuple(joined(folder, one) for one in files))
    place = line_of(file, _line(text, r'"docker[fF]ile"'))
    return Devcontainer(_own_build(said, _Known(environment, folder), place))


def _own_build(said: _Json, known: _Known, place: Location) -> SaidBuild | None:
    """The build of a Dockerfile; None where an image is taken as it is."""
    build = said.get("build")
    own: _Json = build if isinstance(build, dict) else {}
    texts = {
        "dockerfile": own.get("dockerfile") or said.get("dockerFile"),
        "context": own.get("context") or said.get("context") or ".",
        "target": own.get("target"),
    }
    if not isinstance(texts["dockerfile"], str):
        return None
    values = {key: known.value(one) for key, one in texts.items()}
    context = joined(known.folder, values["context"] or ".")
    args = known.args(own.get("args"))
    unknown = [key for key, one in texts.items() if one and values[key] is None]
    return SaidBuild(
        name="devcontainer",
        kind=BuildKind.DEVCONTAINER,
        place=place,
        context=context,
        dockerfile=_dockerfile(known.folder, values["dockerfile"], context),
        target=values["target"],
        args=FrozenWords({n: v for n, v in args.items() if v is not None}),
        refusal=_refusal(unknown, texts, place),
        unknown=tuple(f"args.{n}" for n, v in args.items() if v is None),
    )


def _refusal(
    unknown: Sequence[str], texts: Mapping[str, object], place: Location
) -> CtxoptError | None:
    for key in unknown:
        return not_known(key, place, text=str(texts[key]), cure=_CURE)
    return None


def _dockerfile(folder: str, path: str | None, context: str) -> str | None:
    """The Dockerfile, relative to the file that names it; None for the usual one."""
    found = joined(folder, path) if path else None
    return None if found == joined(context, DEFAULT_DOCKERFILE) else found


class _Known:
    """The variables of a devcontainer.json."""

    def __init__(self, environment: Mapping[str, str], folder: str) -> None:
        self.folder = folder
        self._environment = environment
        self._workspace = _workspace(folder)

    def value(self, said: object) -> str | None:
        """A text with its variables; None for no text, or where one is not known."""
        if not isinstance(said, str):
            return None
        text = re.sub(_VARIABLE, self._put_in, said)
        return None if "${" in text else text

    def _put_in(self, match: re.Match[str]) -> str:
        if match[4]:
            return self._workspace
        return self._environment.get(match[2], match[3] or "")

    def args(self, said: object) -> dict[str, str | None]:
        """The arguments; None for one that is not known."""
        rows = said if isinstance(said, dict) else {}
        return {str(name): self.value(one) for name, one in rows.items()}


def _workspace(folder: str) -> str:
    """How the folder that is opened is reached from that of the file."""
    parts = folder.split("/")
    if ".devcontainer" not in parts:
        return "."
    return "/".join([".."] * (len(parts) - parts.index(".devcontainer")))


def _parsed(text: str, file: str) -> _Json:
    plain = re.sub(_TEXT_OR_COMMENT, _blank, text)
    plain = re.sub(_TEXT_OR_COMMA, lambda one: one[1] or " ", plain)
    try:
        found = json.loads(plain)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        message = "this is no JSON, nor JSON with comments"
        raise CtxoptError(message, hint="mend it", file=file, line=line) from None
    except RecursionError:
        raise CtxoptError("nested too deep", hint="mend it", file=file) from None
    return found if isinstance(found, dict) else {}


def _blank(match: re.Match[str]) -> str:
    """A text as it is, of a comment its line ends."""
    return match[1] or "\n" * match[0].count("\n") or " "


def _texts(found: object) -> list[str]:
    rows = found if isinstance(found, list) else []
    return [one for one in rows if isinstance(one, str)]


def _line(text: str, pattern: str) -> int:
    found = re.search(pattern, text)
    return text.count("\n", 0, found.start()) + 1 if found else 1
