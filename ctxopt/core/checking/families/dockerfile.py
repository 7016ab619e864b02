"""CTX7xx: advice on the Dockerfile itself; hadolint knows most of it."""

from __future__ import annotations

from ctxopt.core.checking.records import CheckRule

RULES: tuple[CheckRule, ...] = ()
