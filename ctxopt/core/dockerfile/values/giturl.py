"""Which sources of ADD and COPY are git repositories, which are URLs.

Rule: moby/buildkit, dfgitutil/git_ref.go, util/gitutil/git_url.go and
util/sshutil/scpurl.go; Go, net/url.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.quoting import quote, unquote
from ctxopt.core.golang.text import parse_bool
from ctxopt.core.tuples import NamedTuple

_SCHEME = r"[a-zA-Z0-9]+://"
_GIT_SCHEMES = frozenset(["http", "https", "ssh", "git"])
# Texts, compiled where they are used: most sources are paths.
_SCP = r"([a-zA-Z0-9-_]+)@([a-zA-Z0-9-.]+):(.*?)(?:\?(.*?))?(?:#(.*))?"
_BAD_ESCAPE = r"%(?![0-9A-Fa-f]{2})"
_CONTROL = r"[\x00-\x1f\x7f]"
_USERINFO = r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*"
_HOST = r"(?:[^\x00-\x7f]|[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>\"]|%[89A-Fa-f][0-9A-Fa-f])*"
_PORT = r"(?::[0-9]*)?"
_SWITCHES = frozenset(["submodules", "keep-git-dir", "fetch-by-commit"])
_TEXTS = frozenset(["ref", "tag", "branch", "subdir", "checksum", "commit", "mtime"])
_MTIMES = ("checkout", "commit")
_HINT = "correct what follows the ? of the URL"


class GitSource(NamedTuple):
    """What ADD has to know of a git repository."""

    checksum: str = ""
    keep_git_dir: bool | None = None


def is_http(source: str) -> bool:
    """Whether it begins like a download; a git repository may begin so, too."""
    return source.startswith(("http://", "https://"))


def parse_git(source: str) -> GitSource | None:
    """Give what a git reference says, or None if it is none.

    Raises RuleError for a git reference with a query BuildKit does not take.
    """
    if source.startswith("github.com/"):
        _check_lookalike(source)
        return None
    if source.startswith(("./", "../")):
        return None
    scheme = re.match(_SCHEME, source) if "://" in source else None
    if scheme is None:
        return _parse_scp(source)
    name = scheme[0].removesuffix("://").lower()
    url = _parse_url(source[scheme.end() :]) if name in _GIT_SCHEMES else None
    if url is None or (name.startswith("http") and not url.path.endswith(".git")):
        return None
    return _load(_lenient_query(url.query), url.fragment)


def _check_lookalike(source: str) -> None:
    """Refuse a bad query on `github.com/...`, which otherwise is a local path."""
    url = _parse_url(source)
    if url is not None:
        _load(_lenient_query(url.query), url.fragment)


class _Url(NamedTuple):
    path: str
    query: str
    fragment: str


def _parse_url(rest: str) -> _Url | None:
    """Take apart what follows the scheme; None where net/url gives up."""
    rest, _, fragment = rest.partition("#")
    if re.search(_CONTROL, rest) or re.search(_BAD_ESCAPE, fragment):
        return None
    rest, _, query = rest.partition("?")
    authority, slash, path = rest.partition("/")
    user, _, host = authority.rpartition("@")
    if not re.fullmatch(_USERINFO, user) or re.search(_BAD_ESCAPE, user):
        return None
    if not _is_host(host) or re.search(_BAD_ESCAPE, path):
        return None
    return _Url(slash + unquote(path), query, unquote(fragment))


def _is_host(host: str) -> bool:
    if host.startswith("["):
        end = host.rfind("]")
        return end >= 0 and re.fullmatch(_PORT, host[end + 1 :]) is not None
    colon = host.rfind(":")
    port = host[colon:] if colon >= 0 else ""
    return (
        re.fullmatch(_HOST, host) is not None and re.fullmatch(_PORT, port) is not None
    )


def _parse_scp(source: str) -> GitSource | None:
    if "@" not in source or "\n" in source:
        return None
    match = re.fullmatch(_SCP, source)
    if match is None:
        return None
    query = _query(match[4] or "")
    return None if query is None else _load(query, match[5] or "")


def _lenient_query(text: str) -> dict[str, list[str]]:
    """Read a query as URL.Query does, which drops what it cannot read."""
    found: dict[str, list[str]] = {}
    for part in text.split("&"):
        for key, values in (_query(part) or {}).items():
            found.setdefault(key, []).extend(values)
    return found


def _query(text: str) -> dict[str, list[str]] | None:
    """Read a query; None if any of it is malformed."""
    found: dict[str, list[str]] = {}
    for part in filter(None, text.split("&")):
        if ";" in part or re.search(_BAD_ESCAPE, part):
            return None
        key, _, value = part.replace("+", " ").partition("=")
        found.setdefault(unquote(key), []).append(unquote(value))
    return found


def _load(query: Mapping[str, list[str]], fragment: str) -> GitSource:
    """Check the keys of the query.

    Rule: dfgitutil/git_ref.go, loadQuery. Several wrong ones are met in the order
    of a Go map there, in the order written here.
    """
    texts = {"ref": fragment.partition(":")[0], "subdir": _subdir(fragment)}
    keep: bool | None = None
    for key, values in query.items():
        if len(values) > 1:
            raise RuleError(f"query {quote(key)} has multiple values", _HINT)
        value = values[0]
        if key in _SWITCHES:
            switch = True if not value else parse_bool(value)
            if switch is None:
                raise RuleError(f"invalid {key} value: {quote(value)}", _HINT)
            keep = switch if key == "keep-git-dir" else keep
            continue
        if not value:
            raise RuleError(f"query {quote(key)} has no value", _HINT)
        if key not in _TEXTS:
            raise RuleError(f"unexpected query {quote(key)}", _HINT)
        _take_text(texts, key, value)
    _check_names(texts)
    checksum = texts.get("commit") or texts.get("checksum", "")
    return GitSource(checksum, keep)


def _subdir(fragment: str) -> str:
    parts = [p for p in fragment.partition(":")[2].split("/") if p not in ("", ".")]
    kept: list[str] = []
    for part in parts:
        if part != "..":
            kept.append(part)
        elif kept:
            kept.pop()
    return "/".join(kept)


def _take_text(texts: dict[str, str], key: str, value: str) -> None:
    if key in ("ref", "subdir") and texts[key] not in ("", value):
        message = f"{key} conflicts: {quote(texts[key])} vs {quote(value)}"
        raise RuleError(message, _HINT)
    if key == "mtime" and value not in _MTIMES:
        message = (
            f'invalid mtime value: {quote(value)} (must be "checkout" or "commit")'
        )
        raise RuleError(message, _HINT)
    texts[key] = value


def _check_names(texts: Mapping[str, str]) -> None:
    """Check that tag, branch and ref mean the same thing."""
    tag = _prefixed(texts.get("tag", ""), "refs/tags/")
    branch = _prefixed(texts.get("branch", ""), "refs/heads/")
    ref = texts["ref"]
    if tag and ref not in ("", tag):
        raise RuleError(f"ref conflicts: {quote(ref)} vs {quote(tag)}", _HINT)
    if branch and tag:
        raise RuleError("branch conflicts with tag", _HINT)
    if branch and ref not in ("", branch):
        raise RuleError(f"ref conflicts: {quote(ref)} vs {quote(branch)}", _HINT)


def _prefixed(name: str, prefix: str) -> str:
    return name if not name or name.startswith(prefix) else prefix + name
