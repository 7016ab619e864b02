"""Which kind of file names builds, by its name or by what stands in it.

For example, "docker-compose.prod.yml" is a compose file, and so is a text with a
`services:` of its own that begins no stage.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from ctxopt.core.builds.records import BuildKind

# As bake looks for its own, of all that are there the later over the earlier.
# Source: buildx, bake/bake.go, defaultFilenames.
BAKE_NAMES = (
    *("docker-bake.json", "docker-bake.hcl"),
    *("docker-bake.override.json", "docker-bake.override.hcl"),
)
WORKFLOW_FOLDERS = (".github/workflows", ".gitea/workflows", ".forgejo/workflows")
LABELS = {BuildKind.COMPOSE: "compose file", BuildKind.BAKE: "bake file"}

_COMPOSE = r"(?i)(?:docker-)?compose(?:[._-][\w.-]*)?\.ya?ml"
_BAKE = r"(?i)docker-bake(?:[._-][\w.-]*)?\.json|(?!\.terraform)(?s:.*)\.hcl"
_SKAFFOLD = r"(?i)skaffold(?:[._-][\w.-]*)?\.ya?ml"
_DEVCONTAINER = r"\.?devcontainer\.json"
_YAML = r"(?i).*\.ya?ml"
_SERVICES = r"(?m)^(?:services|\"services\"|'services')\s*:"
_HCL = r'(?m)^[ \t]*(?:target|group)\s+"[^"]*"\s*\{'
_FIRST = r"(?i)(?:\s+|#[^\n]*(?:\n|\Z))*+(?:FROM|ARG)\s"
_STAGE = r"(?mi)^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*\S+(?:[ \t]+AS[ \t]+\S+)?[ \t\r]*$"


def kind_of_name(path: str) -> BuildKind | None:
    """What a file names builds for, by its path in the project; None for nothing."""
    if not path.lower().endswith((".yml", ".yaml", ".json", ".hcl")):  # most names
        return None
    folder, _, name = path.rpartition("/")
    if folder.endswith(WORKFLOW_FOLDERS):
        return BuildKind.WORKFLOW if re.fullmatch(_YAML, name) else None
    if name.endswith("container.json"):
        is_one = re.fullmatch(_DEVCONTAINER, name) is not None
        return BuildKind.DEVCONTAINER if is_one else None
    for pattern, kind in _BY_NAME.items():
        if re.fullmatch(pattern, name):
            return kind
    return None


_BY_NAME = {
    _COMPOSE: BuildKind.COMPOSE,
    _BAKE: BuildKind.BAKE,
    _SKAFFOLD: BuildKind.SKAFFOLD,
}


def kind_of(content: bytes) -> BuildKind | None:
    """What a file given as Dockerfile is instead; None where it may be a Dockerfile."""
    if may_be_dockerfile(content):
        return None
    text = content.decode("utf-8", "replace")
    if re.search(_SERVICES, text):
        return BuildKind.COMPOSE
    if re.search(_HCL, text):
        return BuildKind.BAKE
    return _kind_of_json(text)


def _kind_of_json(text: str) -> BuildKind | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    if "target" in found:
        return BuildKind.BAKE
    return BuildKind.COMPOSE if "services" in found else None


def may_be_dockerfile(content: bytes) -> bool:
    """Whether a text begins as a Dockerfile does, and has a stage.

    Programs are called `dockerfile.go`, too, and parts that a tool puts together.
    """
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    return re.match(_FIRST, text) is not None and re.search(_STAGE, text) is not None


def bake_projects(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The bake files of one folder, those that bake takes itself first, together."""
    known = [*names]
    own = tuple(name for name in BAKE_NAMES if name in known)
    others = tuple((name,) for name in known if name not in BAKE_NAMES)
    return (own, *others) if own else others
