"""Names and values in a text, in whatever way settings have them.

`NAME=value`, `name: value`, `"name": "value"`, `define('NAME', 'value')`, attributes
and `<name>value</name>` are told apart line by line; what is nested is not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxopt.core.secrets.values import (
    asks_for_secret,
    has_token,
    has_url_login,
    is_value,
)

_PAIR = r"""(?mx)
    ^[ \t]*(?:export[ \t]+|set[ \t]+|-[ \t]+|\$)?(?:define\([ \t]*)?
    ["']?(?P<name>[A-Za-z_:/][\w.:/-]*?)["']?(?:\]["']?)?
    [ \t]*(?:=>|:=|[=:,])[ \t]*
    (?P<value>(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*')(?=[ \t]*(?:[,;)]+[ \t]*|\#[^\n]*)?$)|
    [^\s#;,][^\n]*)
    """
_REMARK = r"\s#"
_INLINE = r"""["'](?P<name>[\w.-]+)["']\s*:\s*"(?P<value>[^"\n]*)\""""
_TAG = r"<(?P<name>[A-Za-z][\w.-]*)>(?P<value>[^<\n]+)</"
_ATTRIBUTE = (
    r"""(?i)key=["'](?P<name>[^"'\n]+)["']\s+value=["'](?P<value>[^"'\n]*)["']"""
)
# Within a line: attributes of XML, tables of TOML.
_WITHIN = r"""(?<![\w:.$-])(?P<name>[A-Za-z_][\w:.-]*)[ ]?=[ ]?"(?P<value>[^"\n]*)\""""
# A connection string: its parts stand in one value.
_PART = (
    r"(?i)(?:^|;)\s*(?P<name>password|pwd|accountkey|sharedaccesskey|"
    r"sharedsecretkey)=(?P<value>[^;\"'\s]+)"
)
_COMMENT = r"(?m)^[ \t]*(?:#|//|;|\*|<!--).*$"


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """Names and values, comments aside; one may come twice."""
    text = re.sub(_COMMENT, "", text)
    for expression in (_PAIR, _INLINE, _TAG, _ATTRIBUTE, _WITHIN):
        for found in re.finditer(expression, text):
            value = found["value"].strip()
            if expression is _PAIR:
                value = _without_end(value)
            yield found["name"], value
            for part in re.finditer(_PART, value.strip("\"'")):
                yield part["name"], part["value"]


def _without_end(value: str) -> str:
    """A value without what closes its line; no expression could try that for less."""
    if value[:1] in "\"'" and value.endswith(value[:1]):
        return value
    return re.split(_REMARK, value, maxsplit=1)[0].rstrip(" \t,;)")


def holds_secrets(text: str, *, strict: bool) -> bool:
    """Whether a secret stands in a text: under its name, in an address, as a token.

    `strict`: a plain word under such a name is none.
    """
    if has_token(text) or has_url_login(re.sub(_COMMENT, "", text)):
        return True
    return any(
        asks_for_secret(name) and is_value(value, strict=strict)
        for name, value in pairs(text)
    )
