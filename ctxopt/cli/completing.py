"""What the shell offers as values: read from the build that is being typed.

Imported only when the shell asks. What cannot be read offers nothing: a message in the
middle of a line that somebody types would be worse.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
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


def for_docker(words: Sequence[str]) -> str:
    """What docker's completion wants: a value a line, and what the shell is to add.

    Rule: spf13/cobra, completions.go: behind the colon 0 has the shell offer files, 4
    nothing, 16 folders.
    """
    from click.shell_completion import ShellComplete

    from ctxopt.cli.program import main

    *typed, incomplete = words or [""]
    found = ShellComplete(main, {}, "ctxopt", "").get_completions(typed, incomplete)
    kinds = {one.type for one in found}
    rows = [
        f"{one.value}\t{one.help}" if one.help else one.value
        for one in found
        if one.type == "plain"
    ]
    directive = 0 if "file" in kinds else 16 if "dir" in kinds else 4
    return "".join(f"{row}\n" for row in (*rows, f":{directive}"))


def _begins(name: str, incomplete: str) -> bool:
    return name.lower().startswith(incomplete.lower())


def _request(ctx: Context) -> tuple[Request, Configuration]:
    """The build as far as it is typed, no word may be there yet; and what applies."""
    words = ctx.params.get("words") or ()  # of a command for many builds
    context = ctx.params.get("context") or next(iter(words), ".")
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
