"""Owners by name, and stages in which there is nothing yet to look one up.

A name is looked up in the `etc/passwd` or `etc/group` of the stage. In one in which
nothing has been done since `FROM scratch` there is not even a folder to look in, and
the build fails; after the first step, whatever it was, a name that is not found is no
error.
Rule: moby/buildkit, client/llb/fileop.go (WithUser, parseUID, UserOpt.marshal) and
solver/llbsolver/ops/file.go (loadUser); dockerfile2llb/convert.go (dispatchWorkdir).
"""

from __future__ import annotations

import re

from ctxopt.core.dockerfile.words.expand import Expansion

_NUMBER = r"[+-]?[0-9]+"
_SMALLEST, _LARGEST = -(1 << 31), (1 << 31) - 1


def named_owner(value: Expansion) -> str:
    """The user or group of `USER:GROUP` that is looked up by its name, or ""."""
    if value.doubts:
        return ""
    for part in value.text.split(":", 1):
        if part not in ("", "root") and not _is_number(part):
            return part
    return ""


def _is_number(text: str) -> bool:
    if re.fullmatch(_NUMBER, text, re.ASCII) is None:
        return False
    return len(text) < 20 and _SMALLEST <= int(text) <= _LARGEST
