"""What names a repository: a git URL, or a folder; and a name of its own for each.

Rule: git's URLs are those of gitrevisions and git-clone(1), "GIT URLS"; of them only
what crosses a network or names a folder of this machine is taken. `ext::` and the like
run commands, and are refused.
"""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import urlsplit, urlunsplit

from ctxopt.core.fleet.records import Source, SourceKind
from ctxopt.errors import CtxoptError

SCHEMES = ("https", "http", "ssh", "git", "file")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(//|:)")
_SCP = re.compile(r"[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:(?!/?$)\S+")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_MARK = 8  # letters of a name that tell it from others
_LONGEST_NAME = 60  # before that


def is_git_url(word: str) -> bool:
    """Whether a word names a repository elsewhere, taken or refused."""
    return bool(_URL.match(word) or _SCP.fullmatch(word.partition("#")[0]))


def git_source(word: str) -> Source:
    """The source of a git URL; `#NAME` behind it is a branch or tag.

    Raises CtxoptError for one that is not taken.
    """
    address, _, branch = word.partition("#")
    _check(word, address, branch)
    place = _without_password(address)
    known = f"{place}#{branch}" if branch else place
    return Source(
        name=name_of(_last_parts(place), known),
        label=_last_parts(place, 2),
        kind=SourceKind.GIT,
        place=place,
        address=address,
        branch=branch,
    )


def folder_source(path: str) -> Source:
    """The source of a folder, which is named by its absolute path."""
    last = path.rstrip("/").rpartition("/")[2] or "root"
    return Source(
        name=name_of(last, path), label=last, kind=SourceKind.FOLDER, place=path
    )


def name_of(last: str, known: str) -> str:
    """A name for files that no other source has, whatever others there are.

    On a disk that does not tell capital letters it is its own, too.
    """
    mark = sha256(known.encode("utf-8", "surrogateescape")).hexdigest()[:_MARK]
    plain = _UNSAFE.sub("_", last).strip("._-")[:_LONGEST_NAME]
    return f"{plain or 'repository'}-{mark}"


def _check(word: str, address: str, branch: str) -> None:
    if not word.isprintable() or " " in word:
        raise CtxoptError("a git URL has no spaces or control characters", text=word)
    scheme = address.partition(":")[0].lower()
    if _URL.match(address) and (scheme not in SCHEMES or "://" not in address):
        raise CtxoptError(
            f'git URLs that begin with "{scheme}:" are not taken',
            hint=f"use one of {', '.join(SCHEMES)}, or user@host:path",
            text=word,
        )
    if branch.startswith("-") or (not branch and word.endswith("#")):
        raise CtxoptError(
            "there is no branch behind #", hint="as in URL#main", text=word
        )
    if "://" in address:
        try:
            parts = urlsplit(address)
            is_whole = bool(parts.path.strip("/")) and (
                bool(parts.hostname) or scheme == "file"
            )
            _ = parts.port
        except ValueError:
            is_whole = False
        if not is_whole or (parts.hostname or "").startswith("-"):
            raise CtxoptError(
                "this is no URL of a repository",
                hint="as in https://host/group/name.git",
                text=word,
            )


def _without_password(address: str) -> str:
    """A URL as it may be shown: who logs in is kept for ssh alone, without a secret."""
    if "://" not in address:
        return address
    parts = urlsplit(address)
    user, at, host = parts.netloc.rpartition("@")
    kept = f"{user.partition(':')[0]}@" if at and parts.scheme == "ssh" else ""
    return urlunsplit(parts._replace(netloc=f"{kept}{host}", query=""))


def _last_parts(place: str, count: int = 1) -> str:
    """The end of a place: the name of the repository, and who has it."""
    path = urlsplit(place).path if "://" in place else place.partition(":")[2]
    parts = [
        one for one in path.removesuffix("/").removesuffix(".git").split("/") if one
    ]
    return "/".join(parts[-count:])
