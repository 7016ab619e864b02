"""`ctxopt explain`: what a rule of `ctxopt check` is about."""

from __future__ import annotations

import sys

import click
from click.shell_completion import CompletionItem

from ctxopt.cli.program import examples, options_of_all


def _complete_rule(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    from ctxopt.core.checking.catalogue import RULES

    return [
        CompletionItem(name, help=rule.finding.title)
        for rule in RULES
        for name in (rule.number, rule.code)
        if name.lower().startswith(incomplete.lower())
    ]


@click.command(epilog=examples("ctxopt explain CTX101", "ctxopt explain secret-key"))
@click.argument(
    "rules", nargs=-1, required=True, metavar="RULE...", shell_complete=_complete_rule
)
@options_of_all
def explain(rules: tuple[str, ...]) -> None:
    """Explain rules of ctxopt check: what, why, an example, what to do.

    RULE is a number (CTX101), the start of one (CTX2), or a word (source-ignored).
    """
    from ctxopt.core.checking.catalogue import named
    from ctxopt.view.check import explaining

    found = dict.fromkeys(rule for word in rules for rule in named(word))
    explaining.show_rules(found, sys.stdout)
