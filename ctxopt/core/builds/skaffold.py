"""A skaffold.yaml -> the builds of its artifacts; profiles are left aside.

Source: GoogleContainerTools/skaffold, pkg/skaffold/schema/latest/config.go: Artifact,
DockerArtifact and KanikoArtifact; schema/defaults/defaults.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ctxopt.core.builds.records import BuildKind
from ctxopt.core.builds.said import SaidBuild, dockerfile_in, joined, line_of, not_known
from ctxopt.core.builds.yamltexts import below, mappings_in, text_of
from ctxopt.core.compose.nodes import Fields, Node, fields_of
from ctxopt.core.model import FrozenWords, Location
from ctxopt.errors import CtxoptError

_BUILDERS = ("docker", "kaniko")
# Artifacts of these are made without a Dockerfile.
_OTHERS = frozenset({"bazel", "buildpacks", "custom", "jib", "ko"})
_TEMPLATE = "{{"
_CURE = "give the folder, and the Dockerfile with -f"


def said_by_skaffold(
    documents: Sequence[Node],
    file: str,
    folder: str,
    *,
    environment: Mapping[str, str],
) -> Iterator[SaidBuild]:
    """The builds of the artifacts, in their order; `folder` is that of the file."""
    for document in documents:
        for artifact in mappings_in(below(document, "build", "artifacts")):
            if not _OTHERS & {*artifact.entries}:
                yield _said(artifact, file, folder, environment)


def _said(
    artifact: Fields, file: str, folder: str, environment: Mapping[str, str]
) -> SaidBuild:
    said = artifact.entries
    builder = next((fields_of(said[one]) for one in _BUILDERS if one in said), {})
    image = text_of(said.get("image")) or ""
    place = line_of(file, artifact.place.line)
    texts = {
        "context": text_of(said.get("context")) or ".",
        "dockerfile": text_of(builder.get("dockerfile")) or "",
        "target": text_of(builder.get("target")) or "",
    }
    context = joined(folder, texts["context"])
    args = _args(builder.get("buildArgs"), environment)
    return SaidBuild(
        name=image.rpartition("/")[2].partition(":")[0].partition("@")[0],
        kind=BuildKind.SKAFFOLD,
        place=place,
        context=context,
        dockerfile=dockerfile_in(context, texts["dockerfile"]),
        target=texts["target"] or None,
        args=FrozenWords({n: v for n, v in args.items() if _TEMPLATE not in v}),
        refusal=_refusal(texts, place),
        unknown=tuple(f"args.{n}" for n, v in args.items() if _TEMPLATE in v),
    )


def _args(node: Node | None, environment: Mapping[str, str]) -> dict[str, str]:
    """The arguments as they stand; one without a value takes the environment's."""
    texts = {name: text_of(value) for name, value in fields_of(node).items()}
    found = {n: environment.get(n) if v is None else v for n, v in texts.items()}
    return {name: value for name, value in found.items() if value is not None}


def _refusal(texts: Mapping[str, str], place: Location) -> CtxoptError | None:
    for what, text in texts.items():
        if _TEMPLATE in text:
            return not_known(what, place, text=text, cure=_CURE)
    return None
