"""A path that a pattern stands for, whether or not it is there."""

from __future__ import annotations

from ctxopt.core.patterns.pattern import Pattern


def example_of(pattern: Pattern) -> str:
    """A path that a pattern matches: `x.log` for `**/*.log`, a plain path for itself.

    What may be any name is an `x`.
    """
    text = pattern.cleaned.replace("**/", "").replace("**", "x")
    return text.replace("*", "x").replace("?", "x") or "x"
