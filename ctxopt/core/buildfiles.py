"""Compose and bake files, read as far as it takes to say which builds they name.

They are no Dockerfiles, and people give them for one. Only what can be read simply is:
what has variables, anchors or functions in it is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from ctxopt.core.tuples import NamedTuple

COMPOSE, BAKE = "compose file", "bake file"
# As compose looks for its own, the first that is there.
COMPOSE_NAMES = (
    *("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"),
)

_FROM = r"(?mi)^[ \t]*FROM\s"
_SERVICES = r"(?m)^services\s*:"
_HCL = r'(?m)^[ \t]*(?:target|group)\s+"[^"]*"\s*\{'
_BLOCK = r'(?m)^[ \t]*target\s+"([^"\n]*)"\s*\{'
_HCL_WORD = r'(?m)^[ \t]*(context|dockerfile|target)\s*=\s*"([^"]*)"'
_INNER = r"\{[^{}]*\}"
_YAML_LINE = r"( *)(?:\"([^\"]+)\"|'([^']+)'|([^\s:#][^:]*+))\s*+:(?:\s+(.*))?"
_YAML_PAIR = r"\s*-\s+[\"']?(\w+)=(.*)"
_VARIABLE = r"\$\{(\w+)(?::?-([^{}]*))?\}|\$(\w+)"
_INHERITS = r"(?m)^[ \t]*inherits\s*=\s*\[([^\[\]]*)\]"
_HCL_ARGS, _HCL_ARGS_END = r"(?m)^[ \t]*args\s*=\s*\{", r"(?m)\}[ \t\r]*$"
_HCL_PAIR = r'\b(\w+)"?\s*=\s*"([^"]*)"'
NO_VARIABLES: Mapping[str, str] = {}
_FLOW_WORD = r"(context|dockerfile|target)\s*:\s*([^,}]+)"


class NamedBuild(NamedTuple):
    """A build that such a file names; paths as they stand there."""

    name: str
    context: str = "."
    dockerfile: str = ""  # below the context; "" for the usual one
    target: str = ""
    args: tuple[tuple[str, str], ...] = ()  # build arguments that are plain


def kind_of(content: bytes) -> str:
    """What a file given as Dockerfile is instead; "" where it may be a Dockerfile."""
    text = content.decode("utf-8", "replace")
    if re.search(_FROM, text):
        return ""
    if re.search(_SERVICES, text):
        return COMPOSE
    return BAKE if re.search(_HCL, text) or "target" in _json(text) else ""


def named_builds(
    content: bytes, variables: Mapping[str, str] = NO_VARIABLES
) -> tuple[NamedBuild, ...]:
    """The builds that a compose or bake file names, in order, as far as is plain.

    `variables` are those that compose puts in: of the `.env` file beside it.
    """
    text = filled(content.decode("utf-8", "replace"), variables)
    if re.search(_SERVICES, text):
        found = _of_compose(text)
    elif re.search(_HCL, text):
        found = _of_hcl(text)
    else:
        found = _of_json(text)
    return tuple(build for build in found if _is_plain(build))


def filled(text: str, variables: Mapping[str, str]) -> str:
    """A text with the variables that are known, or have a default.

    Rule: compose-spec, 12-interpolation.md; `$$` is a dollar sign, and stays as it is.
    """
    if not variables and "${" not in text:
        return text

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[3]
        return variables.get(name) or (match[2] if match[2] is not None else match[0])

    return re.sub(_VARIABLE, value, text)


def environment(text: str) -> dict[str, str]:
    """The plain values of a `.env` file."""
    pairs = re.findall(r"(?m)^[ \t]*(?:export[ \t]+)?(\w+)=(.*)$", text)
    return {name: _scalar(value) for name, value in pairs}


def _is_plain(build: NamedBuild) -> bool:
    """Whether it names a local folder, and that without variables."""
    remote = "://" in build.context or build.context.startswith("git@")
    return not remote and not any("$" in word for word in build[:4])


def _of_hcl(text: str) -> Iterator[NamedBuild]:
    known: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
    for name, body in _blocks(text):
        own = re.sub(_INNER, "", re.sub(_INNER, "", body))  # without args and the like
        words: dict[str, str] = {}
        args: dict[str, str] = {}
        for above in re.findall(r'"([^"]+)"', " ".join(re.findall(_INHERITS, own))):
            # Those that stand further down are not known yet.
            words |= known.get(above, ({}, {}))[0]
            args |= known.get(above, ({}, {}))[1]
        words |= dict(re.findall(_HCL_WORD, own))
        args |= dict(re.findall(_HCL_PAIR, _args_in(body)))
        known[name] = words, args
        if words:
            yield NamedBuild(name, **words, args=_plain(args))


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """The targets of a bake file, each with what stands in it."""
    head = re.compile(_BLOCK)
    found = head.search(text)
    while found is not None:
        end = text.find("\n}", found.end())
        if end < 0:
            return  # nor does one behind it end
        yield found[1], text[found.end() : end + 1]
        found = head.search(text, end)


def _args_in(body: str) -> str:
    start = re.search(_HCL_ARGS, body)
    if start is None:
        return ""
    end = re.compile(_HCL_ARGS_END).search(body, start.end())
    return body[start.end() : end.start()] if end else ""


def _plain(args: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The arguments whose values are known."""
    texts = {name: str(one) for name, one in args.items() if one is not None}
    return tuple(sorted((n, text) for n, text in texts.items() if "$" not in text))


def _json(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _of_json(text: str) -> Iterator[NamedBuild]:
    targets = _json(text).get("target")
    for name, said in targets.items() if isinstance(targets, dict) else ():
        if isinstance(said, dict):
            words = {key: said.get(key) for key in ("context", "dockerfile", "target")}
            args = said.get("args")
            plain = _plain(args) if isinstance(args, dict) else ()
            found = {key: one for key, one in words.items() if isinstance(one, str)}
            yield NamedBuild(name, **found, args=plain)


def _of_compose(text: str) -> Iterator[NamedBuild]:
    """The services with a build, each known by its place: services, NAME, build."""
    path: list[tuple[int, str]] = []
    builds: dict[str, dict[str, str]] = {}
    args: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        match = re.match(_YAML_LINE, line)
        listed = re.match(_YAML_PAIR, line)
        if listed is not None and [key for _, key in path][2:] == ["build", "args"]:
            args.setdefault(path[1][1], {})[listed[1]] = _scalar(listed[2]).rstrip(
                "\"'"
            )
            continue
        if match is None:
            continue
        indent = len(match[1])
        while path and path[-1][0] >= indent:
            path.pop()
        path.append((indent, match[2] or match[3] or match[4].rstrip()))
        keys = [key for _, key in path]
        if keys[0] == "services" and len(keys) > 2 and keys[2] == "build":
            build = builds.setdefault(keys[1], {})
            value = _scalar(match[5] or "")
            _take(build, keys[3:], value)
            if keys[3:4] == ["args"] and len(keys) == 5:
                args.setdefault(keys[1], {})[keys[4]] = value
    for name, words in builds.items():
        yield NamedBuild(name, **words, args=_plain(args.get(name, {})))


def _take(build: dict[str, str], keys: list[str], value: str) -> None:
    if not keys and value.startswith("{"):
        build |= {key: _scalar(word) for key, word in re.findall(_FLOW_WORD, value)}
    elif not keys and value:
        build["context"] = value
    elif value and keys in (["context"], ["dockerfile"], ["target"]):
        build[keys[0]] = value


def _scalar(text: str) -> str:
    """A plain or quoted word, without the comment behind it."""
    text = text.strip()
    if text[:1] in ("'", '"') and text[:1] in text[1:]:
        return text[1 : text.index(text[0], 1)]
    return re.split(r"\s#", text, maxsplit=1)[0].strip()
