"""Which functions bake has, by name. Source: buildx, bake/hclparser/stdlib.go.

Those of other users of HCL (`tolist`, `tostring`, `file`) are not among them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import FunctionType
from typing import NoReturn, cast

from ctxopt.core.bake.evaluation.values import Value
from ctxopt.core.bake.functions import (
    encoding,
    formatting,
    lists,
    numbers,
    patterns,
    text,
    types,
    versions,
)
from ctxopt.core.bake.records import BakeRefusedError, UnknownValueError

Function = Callable[..., Value]

_HAS_REST = 0x04  # a flag of code: inspect.CO_VARARGS

_BUILTIN: dict[str, Function] = {
    one.__name__.rstrip("_"): one
    for one in (
        *(text.lower, text.upper, text.title, text.trim, text.trimprefix),
        *(text.trimsuffix, text.trimspace, text.chomp, text.indent, text.reverse),
        *(text.strlen, text.substr, text.replace, text.split, text.join),
        *(text.basename, text.dirname, text.sanitize),
        *(patterns.regex, patterns.regexall, patterns.regex_replace),
        *(lists.length, lists.concat, lists.contains, lists.coalesce, lists.merge),
        *(lists.coalescelist, lists.compact, lists.distinct, lists.flatten, lists.sort),
        *(lists.reverselist, lists.element, lists.index, lists.hasindex, lists.indexof),
        *(lists.slice_, lists.chunklist, lists.keys, lists.values_, lists.lookup),
        *(lists.zipmap, lists.range_, lists.setproduct, lists.setunion),
        *(lists.setintersection, lists.setsubtract, lists.equal, lists.notequal),
        *(numbers.add, numbers.subtract, numbers.multiply, numbers.divide),
        *(
            numbers.modulo,
            numbers.negate,
            numbers.absolute,
            numbers.ceil,
            numbers.floor,
        ),
        *(numbers.int_, numbers.signum, numbers.max_, numbers.min_, numbers.pow_),
        *(numbers.parseint, numbers.and_, numbers.or_, numbers.not_, numbers.lessthan),
        *(numbers.lessthanorequalto, numbers.greaterthan, numbers.greaterthanorequalto),
        *(encoding.jsonencode, encoding.jsondecode, encoding.base64encode),
        *(encoding.base64decode, encoding.urlencode, encoding.md5, encoding.sha1),
        *(encoding.sha256, encoding.sha512, formatting.format_, formatting.formatlist),
        *(versions.semvercmp, types.convert),
    )
}

# They exist, and what they give is the build's own, or is not worked out here.
_UNKNOWN = frozenset(
    {
        *("timestamp", "homedir", "uuidv4", "uuidv5", "bcrypt", "rsadecrypt"),
        *("timeadd", "formatdate", "formattimestamp", "unixtimestampparse", "log"),
        *("cidrhost", "cidrnetmask", "cidrsubnet", "cidrsubnets", "csvdecode"),
        *("byteslen", "bytesslice", "sethaselement", "setsymmetricdifference"),
    }
)


def builtin(name: str) -> Function | None:
    """The function of that name; one whose value is unknown says so when called."""
    if name in _UNKNOWN:
        return partial(_unknown, name)
    found = _BUILTIN.get(name)
    return partial(_called, name, found) if found else None


def _unknown(name: str, *_given: Value) -> NoReturn:
    raise UnknownValueError(f"what {name}() gives is known only when bake runs")


def _called(name: str, function: Function, *given: Value) -> Value:
    if not _takes(function, len(given)):
        raise BakeRefusedError(f"{name}() does not take {len(given)} values")
    return function(*given)


def _takes(function: Function, count: int) -> bool:
    """Whether a function takes so many values; `*rest` takes any."""
    code = cast("FunctionType", function).__code__
    takes_rest = bool(code.co_flags & _HAS_REST)
    return count == code.co_argcount or (takes_rest and count > code.co_argcount)
