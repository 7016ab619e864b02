"""A folder outside of the context, given as a context of its own.

For example, `../my lib` is `--build-context my-lib='../my lib'`, and its file `a b` is
taken with `COPY --from=my-lib ["a b", "DEST"]`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection

_RESERVED = frozenset({"scratch", "context"})


def context_name(folder: str, taken: Collection[str] = ()) -> str:
    """The name that a folder can have as a named context; `taken` ones are others'.

    A number would be read as that of a stage, `scratch` as the empty image, and the
    name of a stage or of a base image would take that one's place.
    Source: moby/buildkit, frontend/dockerfile/dockerfile2llb/convert.go, dispatchCopy
    and toDispatchState.
    """
    base = folder.rstrip("/").rpartition("/")[2].lower()
    name = re.sub(r"[^a-z0-9]+", "-", base).strip("-") or "other"
    while name in _RESERVED or name.isdigit() or name in taken:
        name = f"{name}-files"
    return name


def copy_words(path: str, origin: str = "") -> str:
    """The instruction that copies a path, from a named context if `origin` says one.

    What a Dockerfile or a pattern reads in its own way is written as `?`, which
    stands for any letter: quotes cannot be escaped in the words of COPY.
    Source: moby/buildkit, frontend/dockerfile/shell/lex.go, ProcessWord.
    """
    start = f"COPY --from={origin}" if origin else "COPY"
    words = [re.sub(r"[*?\[\\$\"'`]", "?", path), "DEST"]
    if any(map(str.isspace, path)):
        return f"{start} {json.dumps(words, ensure_ascii=False)}"
    return " ".join([start, *words])
