"""Functions that write values as other text: JSON, base64, hashes, URLs.

Source: go-cty, function/stdlib/json.go, and hashicorp/go-cty-funcs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import quote_plus

from ctxopt.core.bake.evaluation.values import Value, bounded, to_text
from ctxopt.core.bake.records import BakeRefusedError

_MOST_LEVELS = 40
# As Go's encoder, which keeps HTML whole.
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def jsonencode(value: Value) -> Value:
    """The value as JSON without blanks, the keys in order."""
    return bounded(_json(value, 0))


def _json(value: Value, level: int) -> str:
    if level > _MOST_LEVELS:
        raise BakeRefusedError("this value is nested too deeply to be read")
    if isinstance(value, Mapping):
        rows = [
            f"{_json(k, level)}:{_json(v, level + 1)}" for k, v in sorted(value.items())
        ]
        return f"{{{','.join(rows)}}}"
    if isinstance(value, tuple):
        return f"[{','.join([_json(one, level + 1) for one in value])}]"
    if isinstance(value, Decimal):
        return to_text(value)
    text = json.dumps(value, ensure_ascii=False)
    return text.translate(_ESCAPED)


def jsondecode(text: Value) -> Value:
    """The value that JSON text stands for."""
    try:
        found = json.loads(to_text(text), parse_int=Decimal, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        raise BakeRefusedError("this text is no JSON") from None
    return of_json(found)


def of_json(found: object, level: int = 0) -> Value:
    """What Python's reader made of JSON, as values."""
    if level > _MOST_LEVELS:
        raise BakeRefusedError("this value is nested too deeply to be read")
    if isinstance(found, dict):
        return {key: of_json(one, level + 1) for key, one in found.items()}
    if isinstance(found, list):
        return tuple([of_json(one, level + 1) for one in found])
    if found is None or isinstance(found, str | bool | Decimal):
        return found
    raise BakeRefusedError("this text is no JSON")


def base64encode(text: Value) -> Value:
    return base64.b64encode(_octets(text)).decode()


def base64decode(text: Value) -> Value:
    try:
        return base64.b64decode(to_text(text), validate=True).decode()
    except (binascii.Error, ValueError):
        raise BakeRefusedError("this text is no base64 of text") from None


def urlencode(text: Value) -> Value:
    return quote_plus(_octets(text), safe="~")


def md5(text: Value) -> Value:
    return hashlib.md5(_octets(text), usedforsecurity=False).hexdigest()


def sha1(text: Value) -> Value:
    return hashlib.sha1(_octets(text), usedforsecurity=False).hexdigest()


def sha256(text: Value) -> Value:
    return hashlib.sha256(_octets(text)).hexdigest()


def sha512(text: Value) -> Value:
    return hashlib.sha512(_octets(text)).hexdigest()


def _octets(text: Value) -> bytes:
    return to_text(text).encode(errors="surrogateescape")
