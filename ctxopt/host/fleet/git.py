"""Git as it is run for a repository of somebody else: no question, nothing that runs.

What fetches it has the user's proxies, keys and settings; what is done with it here has
none of these.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import unquote, urlsplit, urlunsplit

from ctxopt.core.tuples import NamedTuple

_OF_PACKS = (
    "pack.threads=1",  # other processors have other repositories
    # Within a bound on memory, a large pack is looked at in pieces.
    "core.packedGitWindowSize=64m",
    "core.packedGitLimit=256m",
)
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.autocrlf=false",
    "core.symlinks=true",
    "filter.lfs.smudge=",
    "filter.lfs.process=",
    "filter.lfs.required=false",
    "submodule.recurse=false",
    "protocol.ext.allow=never",
    "init.defaultRefFormat=files",  # as `git.head` reads them
    "transfer.bundleURI=false",
    *_OF_PACKS,
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
)
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",  # answers nothing
    "SSH_ASKPASS": "true",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_ALLOW_PROTOCOL": "https:http:ssh:git:file",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
# What is checked out is the commit's, whatever whoever works has set for attributes,
# filters and ends of lines; to fetch it, his proxies and keys are needed.
_NO_SETTINGS_OF_USER = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
}
# Several threads pack the same otherwise each time.
SERVER_HERE = " ".join(("git", *(f"-c {one}" for one in _OF_PACKS), "upload-pack"))
_HELPER = (
    r"""!printf 'username=%s\npassword=%s\n' "$CTXOPT_GIT_USER" """
    '"$CTXOPT_GIT_PASSWORD" #'
)
_SSH = "ssh -oBatchMode=yes"
_NEEDED = ("HOME", "PATH", "USER", "LOGNAME", "SSH_AUTH_SOCK", "TMPDIR")
_ALSO = re.compile(r"GIT_(SSL|CONFIG|SSH|PROXY)\w*|\w*_proxy|\w*_PROXY|XDG_CONFIG_HOME")
_PASSWORD = re.compile(r"(\w+://)[^/@\s]*@")
_LONGEST_WORDS = 300


class Login(NamedTuple):
    """An address as all may see it, and how git gets the password of it."""

    address: str
    words: Sequence[str] = ()
    variables: Mapping[str, str] = MappingProxyType({})


def login_of(address: str) -> Login:
    """An address parted from its password, which a list of processes would show."""
    parts = urlsplit(address) if "://" in address else None
    if (
        parts is None
        or parts.scheme not in ("http", "https")
        or "@" not in parts.netloc
    ):
        return Login(address)
    who, _, host = parts.netloc.rpartition("@")
    user, _, password = map(unquote, who.partition(":"))
    if not (user + password).isprintable():
        return Login(address)  # for git to refuse
    helper = f"credential.{parts.scheme}://{host}.helper"
    return Login(
        urlunsplit(parts._replace(netloc=host)),
        ("-c", f"{helper}=", "-c", f"{helper}={_HELPER}"),
        {"CTXOPT_GIT_USER": user, "CTXOPT_GIT_PASSWORD": password},
    )


def complaint(stderr: bytes) -> str:
    """The lines of git that say what is wrong, without a password."""
    lines = stderr.decode("utf-8", "replace").splitlines()
    told = [one for one in lines if one.startswith(("fatal:", "error:", "remote:"))]
    words = " ".join(one.strip() for one in (told or lines[-1:]))
    return _PASSWORD.sub(r"\1", words)[:_LONGEST_WORDS]


def command(*words: str) -> list[str]:
    """A command line of git, with nothing of a repository switched on."""
    return ["git", *(word for one in _SETTINGS for word in ("-c", one)), *words]


def environment() -> Mapping[str, str]:
    """What git and ssh need of the user's environment, and no question."""
    known = {
        name: value
        for name, value in os.environ.items()
        if name in _NEEDED or _ALSO.fullmatch(name)
    }
    return {"GIT_SSH_COMMAND": _SSH, **known, **_ENVIRONMENT}


def local_environment() -> Mapping[str, str]:
    """What git needs where all is here already: nothing of the user's."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    return {**kept, **_ENVIRONMENT, **_NO_SETTINGS_OF_USER}
