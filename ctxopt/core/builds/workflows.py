"""A workflow of GitHub, or of one like it -> the builds of docker/build-push-action.

What is known only when it runs, as `${{ github.sha }}`, is unknown here.

Source: docker/build-push-action, action.yml and src/context.ts: without `context` it
builds the git context, which the builder fetches; `file` is below the git context, or
else relative to where the action runs, as for `docker build`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ctxopt.core.builds.expressions import put_in
from ctxopt.core.builds.matrix import rows
from ctxopt.core.builds.records import BuildKind
from ctxopt.core.builds.said import (
    DEFAULT_DOCKERFILE,
    SaidBuild,
    elsewhere,
    is_address,
    joined,
    line_of,
    not_known,
)
from ctxopt.core.builds.yamltexts import below, mappings_in, text_of
from ctxopt.core.compose.nodes import Fields, Node, fields_of
from ctxopt.core.model import FrozenWords, Location
from ctxopt.core.tuples import NamedTuple
from ctxopt.errors import CtxoptError

ACTION = "docker/build-push-action"
_ACTION = r"(?:https://[\w.-]+/)?docker/build-push-action(?:@.*)?"
_CHECKOUT = r"(?:https://[\w.-]+/)?actions/checkout(?:@.*)?"
DEFAULT_CONTEXT = "{{defaultContext}}"
_GIT = re.compile(r"\{\{\s*defaultContext\s*\}\}(?::(.*))?")
_CURE = "give the folder, and the Dockerfile with -f"


class _Job(NamedTuple):
    """The steps of a job, and what is known in each of its rows."""

    name: str
    steps: tuple[Fields, ...]
    rows: tuple[dict[str, str], ...]
    checkouts: tuple[str, ...]  # folders that the project is put into


def said_by_workflow(
    documents: Sequence[Node], file: str, top: str
) -> Iterator[SaidBuild]:
    """The builds of its steps, in their order, each once.

    `top` is the folder of the project, where the jobs run.
    """
    for document in documents:
        for job in _jobs(document):
            for step in job.steps:
                if _uses(step, _ACTION):
                    yield from _said_by_step(step, job, file, top=top)


def _uses(step: Fields, pattern: str) -> bool:
    return re.fullmatch(pattern, text_of(step.entries.get("uses")) or "") is not None


def _jobs(document: Node) -> Iterator[_Job]:
    """The jobs of a workflow, or the one of an action of several steps."""
    top_known = _environment(document)
    for name, job in fields_of(below(document, "jobs")).items():
        known = {**top_known, **_environment(job)}
        matrix = rows(below(job, "strategy", "matrix"))
        yield _job(name, below(job, "steps"), [{**known, **row} for row in matrix])
    if steps := below(document, "runs", "steps"):
        yield _job("", steps, [top_known])


def _job(name: str, steps: Node | None, known: Sequence[dict[str, str]]) -> _Job:
    found = (*mappings_in(steps),)
    checkouts = [
        text_of(below(one, "with", "path"))
        for one in found
        if _uses(one, _CHECKOUT) and below(one, "with", "repository") is None
    ]
    return _Job(name, found, (*known,), tuple(one for one in checkouts if one))


def _environment(node: Node) -> dict[str, str]:
    """What `env:` says plainly, and the folder that a job runs in."""
    texts = {key: text_of(one) for key, one in fields_of(below(node, "env")).items()}
    plain = {key: one for key, one in texts.items() if one and "${{" not in one}
    found = {f"env.{key}": one for key, one in plain.items()}
    return {**found, "github.workspace": "."}


def _said_by_step(
    step: Fields, job: _Job, file: str, *, top: str
) -> Iterator[SaidBuild]:
    own = _environment(step)
    place = line_of(file, step.entries["uses"].place.line)
    found: dict[object, SaidBuild] = {}
    for row in job.rows:
        inputs = _Inputs(step, {**row, **own}, job.checkouts, top)
        said = inputs.said(job.name, place)
        found.setdefault(said.identity, said)
    yield from found.values()


class _Inputs:
    """What stands at `with:` of a step, for one row of a matrix."""

    def __init__(
        self,
        step: Fields,
        known: Mapping[str, str],
        checkouts: tuple[str, ...],
        top: str,
    ) -> None:
        self._said = fields_of(step.entries.get("with"))
        self._known = known
        self._checkouts = checkouts
        self._top = top

    def said(self, job: str, place: Location) -> SaidBuild:
        """The build of the step."""
        context, dockerfile = self._context(), self._text("file")
        target = self._text("target") or None
        return SaidBuild(
            name=job,
            kind=BuildKind.WORKFLOW,
            place=place,
            context=context or "",
            dockerfile=self._dockerfile(context, dockerfile),
            target=target,
            args=FrozenWords(self._pairs("build-args")),
            contexts=FrozenWords(
                {
                    key: self._value(one)
                    for key, one in self._pairs("build-contexts").items()
                }
            ),
            refusal=self._refusal(context, place),
            unknown=self._unknown,
        )

    @property
    def _unknown(self) -> tuple[str, ...]:
        rows = self._rows("build-args")
        return tuple(f"args.{key}" for key, value in rows if value is None)

    def _text(self, name: str) -> str | None:
        """An input; "" where it is not given, None where it is not known."""
        text = text_of(self._said.get(name)) or ""
        value = put_in(text, self._known)
        return None if value is None else value.strip()

    def _context(self) -> str | None:
        text = self._text("context")
        if text is None:
            return None
        git = _GIT.fullmatch(text)
        if not text or git is not None:
            below_it = git[1] if git else ""
            return f"{DEFAULT_CONTEXT}:{below_it}" if below_it else DEFAULT_CONTEXT
        return text if is_address(text) else self._path(text)

    def _dockerfile(self, context: str | None, text: str | None) -> str | None:
        if not text or context is None:
            return None
        if context.startswith(DEFAULT_CONTEXT):
            return joined(self._top, text)
        found = self._path(text)
        return None if found == joined(context, DEFAULT_DOCKERFILE) else found

    def _value(self, text: str) -> str:
        return text if is_address(text) else self._path(text)

    def _path(self, text: str) -> str:
        """A path from where the job runs, which may be above a checkout."""
        plain = joined("", text)
        for folder in self._checkouts:
            inside = joined("", folder)
            if plain == inside or plain.startswith(f"{inside}/"):
                plain = plain[len(inside) :].lstrip("/") or "."
                break
        return joined(self._top, plain)

    def _pairs(self, name: str) -> dict[str, str]:
        """The rows NAME=VALUE of an input that are known."""
        return {key: one for key, one in self._rows(name) if one is not None}

    def _rows(self, name: str) -> Iterator[tuple[str, str | None]]:
        """The rows NAME=VALUE of an input; None for what is not known."""
        for line in (text_of(self._said.get(name)) or "").splitlines():
            key, equals, value = line.strip().partition("=")
            if equals and put_in(key, self._known) == key:
                yield key, put_in(value, self._known)

    def _refusal(self, context: str | None, place: Location) -> CtxoptError | None:
        for name in ("context", "file", "target"):
            if self._text(name) is None:
                text = text_of(self._said.get(name)) or ""
                return not_known(f'input "{name}"', place, text=text, cure=_CURE)
        if context is not None and context.startswith(DEFAULT_CONTEXT):
            return CtxoptError(
                f"{ACTION} builds the git context here, and the builder fetches it"
                " itself, so nothing is sent",
                hint="say context: . in the step to build what is checked out",
                file=place.file,
                line=place.line,
            )
        if context is not None and is_address(context):
            return elsewhere(context, place)
        if any(put_in(line, self._known) is None for line in self._named_contexts()):
            what = 'input "build-contexts"'
            return not_known(what, place, cure=_CURE)
        return None

    def _named_contexts(self) -> list[str]:
        return (text_of(self._said.get("build-contexts")) or "").splitlines()
