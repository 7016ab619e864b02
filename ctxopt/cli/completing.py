"""What the shell offers as values: read from the build that is being typed.

Imported only when the shell asks. What cannot be read offers nothing: a message in the
middle of a line that somebody types would be worse.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from click.shell_completion import CompletionItem

from ctxopt.core.dockerfile import parse
from ctxopt.core.model import DEFAULT_BUILDER, BuilderName, Request
from ctxopt.errors import CtxoptError
from ctxopt.host.disk import inputs


def stages(params: Mapping[str, Any], incomplete: str) -> list[CompletionItem]:
    """The named stages of the Dockerfile."""
    names: list[str] = []
    with contextlib.suppress(CtxoptError, OSError):
        request = _request(params)
        context = inputs.context_folder(request.context)
        file = inputs.read_dockerfile(
            context, request.dockerfile, None, inside_folder=False
        )
        parsed = parse(file.content, file.shown)
        names = [stage.name for stage in parsed.stages if stage.name]
    return [CompletionItem(name) for name in names if _begins(name, incomplete)]


def suggestions(params: Mapping[str, Any], incomplete: str) -> list[CompletionItem]:
    """The ids of what is suggested now, with what each is about."""
    from ctxopt import pipeline
    from ctxopt.pipeline.advice import Estimate
    from ctxopt.pipeline.writing.plan import Choice

    found: list[CompletionItem] = []
    with contextlib.suppress(CtxoptError, OSError):
        draft = pipeline.plan(_request(params), Choice(), estimate=Estimate())
        made = [one.shown for one in draft.advice.all]
        found = [CompletionItem(one.id, help=one.label) for one in made]
    given = {*(params.get("only") or ()), *(params.get("skip") or ())}
    return [
        item
        for item in found
        if _begins(item.value, incomplete) and item.value not in given
    ]


def _begins(name: str, incomplete: str) -> bool:
    return name.lower().startswith(incomplete.lower())


def _request(params: Mapping[str, Any]) -> Request:
    """The build as far as it is typed; no word may be there yet."""
    return Request(
        context=params.get("context") or ".",
        dockerfile=params.get("dockerfile") or None,
        target=params.get("target") or None,
        build_args=params.get("build_args") or {},
        build_contexts=params.get("build_contexts") or {},
        builder=BuilderName(params.get("builder") or DEFAULT_BUILDER),
    )
