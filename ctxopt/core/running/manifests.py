"""What a manifest says in JSON: `package.json`, `turbo.json` and their like.

turbo.json, nx.json, tsconfig.json and deno.jsonc may have comments; lines of them are
left out.
"""

from __future__ import annotations

import re

from ctxopt.core.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


def json_object(text: str | None) -> dict[str, Any]:
    """The object that a text says; an empty one for what is none, or is not JSON."""
    said = json_value(text or "")
    return said if isinstance(said, dict) else {}


def json_value(text: str) -> object:
    """What a text says; None where it is not JSON, or too deep to be read."""
    import json  # start-up: few builds have such a manifest

    try:
        if "//" in text:
            text = re.sub(r"(?m)^[ \t]*//.*$", "", text)
        said: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said


def strings(value: object) -> list[str]:
    """The strings of a list; none of anything else."""
    if not isinstance(value, list):
        return []
    return [one for one in value if isinstance(one, str)]
