"""What the shell offers as values: read from the build that is being typed.

Imported only when the shell asks. What cannot be read offers nothing: a message in the
middle of a line that somebody types would be worse.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

from ctxopt.cli.configuring import configure
from ctxopt.core.configuration.layers import Configuration
from ctxopt.core.dockerfile import parse
from ctxopt.core.model import BuilderName, Request
from ctxopt.errors import CtxoptError
from ctxopt.host.disk import inputs

if TYPE_CHECKING:
    from click import Context


def stages(ctx: Context, incomplete: str) -> list[CompletionItem]:
    """The named stages of the Dockerfile."""
    names: list[str] = []
    with contextlib.suppress(CtxoptError, OSError):
        request, _ = _request(ctx)
        context = inputs.context_folder(request.context)
        file = inputs.read_dockerfile(
            context, request.dockerfile, None, inside_folder=False
        )
        parsed = parse(file.content, file.shown)
        names = [stage.name for stage in parsed.stages if stage.name]
    return [CompletionItem(name) for name in names if _begins(name, incomplete)]


def suggestions(ctx: Context, incomplete: str) -> list[CompletionItem]:
    """The ids of what is suggested now, with what each is about."""
    from ctxopt import pipeline
    from ctxopt.pipeline.advice import Estimate
    from ctxopt.pipeline.writing.plan import Choice

    found: list[CompletionItem] = []
    with contextlib.suppress(CtxoptError, OSError):
        request, configured = _request(ctx)
        draft = pipeline.plan(
            request, Choice(), estimate=Estimate(), policy=configured.policy
        )
        made = [one.shown for one in draft.advice.all]
        found = [CompletionItem(one.id, help=one.label) for one in made]
    given = {*(ctx.params.get("only") or ()), *(ctx.params.get("skip") or ())}
    return [
        item
        for item in found
        if _begins(item.value, incomplete) and item.value not in given
    ]


def _begins(name: str, incomplete: str) -> bool:
    return name.lower().startswith(incomplete.lower())


def _request(ctx: Context) -> tuple[Request, Configuration]:
    """The build as far as it is typed, no word may be there yet; and what applies."""
    context = ctx.params.get("context") or "."
    configured = configure(ctx, context)
    request = Request(
        context=context,
        dockerfile=configured.file,
        target=configured.target,
        build_args=configured.build_args,
        build_contexts=configured.build_contexts,
        builder=BuilderName(configured.builder),
    )
    return request, configured
