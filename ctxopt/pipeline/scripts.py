"""What a script calls: the same steps as the commands, with plain arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypedDict, Unpack

from ctxopt.core.model import BuilderName, Listed, PathLike, Report, Request

if TYPE_CHECKING:
    from ctxopt.pipeline.advice import Estimate


class Options(TypedDict, total=False):
    """Which build is meant, beside its context: the fields of a Request."""

    dockerfile: str | PathLike | None
    target: str | None
    build_args: Mapping[str, str]
    build_contexts: Mapping[str, str | PathLike]
    builder: BuilderName | str
    platform: str | None


def analyze(
    context: str | PathLike | Request = ".",
    *,
    top: int = 10,
    depth: int = 1,
    excluded: bool = False,
    suggest: bool = True,
    estimate: Estimate | None = None,
    **options: Unpack[Options],
) -> Report:
    """Measure a build's context and transfer, and say what to ignore.

    `options` are those of a Request, which may be given instead of the context.
    `top` and `depth` bound the places in the report; `excluded` also counts what the
    ignore file keeps out, at the price of a second walk; `estimate` says
    what seconds are for (None: docker on this machine); without `suggest` there are no
    suggestions.
    Raises CtxoptError for input that the builder would refuse.
    """
    from ctxopt.pipeline import advice
    from ctxopt.pipeline.report import analyze as report

    return report(
        _request(context, options),
        top=top,
        depth=depth,
        excluded=excluded,
        estimate=(estimate or advice.Estimate()) if suggest else None,
    )


def listing(
    context: str | PathLike | Request = ".",
    *,
    whole: bool = False,
    excluded: bool = False,
    unused: bool = False,
    named: str | None = None,
    **options: Unpack[Options],
) -> Iterator[Listed]:
    """The entries of the transfer, in the builder's order, as they are found.

    `whole` lists the context instead, `excluded` what the ignore file keeps out,
    `unused` what of the context no source takes. With `named` it is all about that
    named context. `options` are as for `analyze`.
    Raises CtxoptError for input that the builder would refuse, with the first entry.
    """
    from ctxopt.pipeline.entries import listing as entries

    return entries(
        _request(context, options),
        whole=whole,
        excluded=excluded,
        unused=unused,
        named=named,
    )


def _request(context: str | PathLike | Request, options: Options) -> Request:
    if not isinstance(context, Request):
        return Request(context, **options)
    if options:
        raise TypeError(f"give these to the Request itself: {', '.join(options)}")
    return context
