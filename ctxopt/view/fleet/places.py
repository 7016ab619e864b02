"""Places of repositories as URIs; what is none stays a text."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d+)?")
_USER = re.compile(r"[A-Za-z0-9._~-]+")
_REMOTE = {"https", "http", "ssh", "git"}
# Of a path, what RFC 3986 lets stand as it is beside letters and digits.
_SAFE = "/%:@!$&'()*+,;=~"
_ODD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def remote_uri(place: str) -> str | None:
    """The URL that git was given, as a URI without a password; None where it is none.

    `git@host:path` is a form of git's alone. Who asks for a repository is no part of
    its place, but for ssh, where the user is the same for all; nor is a branch, which
    stands behind `#`.
    """
    parts = _split(place)
    if parts is None or parts.scheme not in _REMOTE:
        return None
    user, _, host = parts.netloc.rpartition("@")
    user = user.partition(":")[0]
    if parts.query or not _HOST.fullmatch(host):
        return None
    front = f"{user}@" if parts.scheme == "ssh" and _USER.fullmatch(user) else ""
    return f"{parts.scheme}://{front}{host}{_quoted(parts.path)}"


def base_uri(place: str) -> str | None:
    """What paths are relative to: an https URL, or a folder; None of anything else."""
    if place.startswith("/"):
        uri = f"file://{quote(place.encode('utf-8', 'surrogateescape'))}"
    else:
        uri = remote_uri(place) or ""
    if not uri.startswith(("file:", "https:")):
        return None
    return f"{uri.rstrip('/')}/" if uri != "file:///" else uri


def _split(place: str) -> SplitResult | None:
    """The parts of a URL; None for what is written so that nobody can tell them."""
    if not place.isprintable():
        return None
    try:
        return urlsplit(place)
    except ValueError:  # of an odd host
        return None


def _quoted(path: str) -> str:
    return quote(
        _ODD_PERCENT.sub("%25", path).encode("utf-8", "surrogateescape"), safe=_SAFE
    )
