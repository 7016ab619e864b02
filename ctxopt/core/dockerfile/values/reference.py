"""Image references: which names are valid, and their familiar form.

Rule: distribution/reference, normalize.go, reference.go and regexp.go;
opencontainers/go-digest, digest.go.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.text import lower
from ctxopt.core.tuples import NamedTuple

_DOMAIN_PART = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_DOMAIN_PART}(?:\.{_DOMAIN_PART})*|\[(?:[a-fA-F0-9:]+)\])(?::[0-9]+)?"
_PATH_PART = r"[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*"
_PATH = rf"{_PATH_PART}(?:/{_PATH_PART})*"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}"
_REFERENCE = (
    rf"(?:(?P<domain>{_DOMAIN})/)?(?P<path>{_PATH})"
    rf"(?::(?P<tag>[0-9A-Za-z_][0-9A-Za-z_.-]{{0,127}}))?(?:@(?P<digest>{_DIGEST}))?"
)
_IDENTIFIER = r"[a-f0-9]{64}"
_ANY_DIGEST = r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+"
_DIGEST_SIZES = {"sha256": 64, "sha384": 96, "sha512": 128}
_HEX = r"[a-f0-9]*"
_MAX_PATH = 255

_DEFAULT_DOMAIN = "docker.io"
_LEGACY_DOMAIN = "index.docker.io"
_OFFICIAL = "library/"
_HINT = "name a stage above, or an image such as alpine:3.20"


class Reference(NamedTuple):
    """A valid reference, with the domain and the namespace it implies."""

    domain: str
    path: str
    tag: str
    digest: str

    @property
    def familiar(self) -> str:
        """The form people write, with `latest` left out."""
        path = self.path
        if self.domain == _DEFAULT_DOMAIN:
            short = path.removeprefix(_OFFICIAL)
            name = path if "/" in short else short
        else:
            name = f"{self.domain}/{path}"
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return (name + tag + digest).removesuffix(":latest")


def is_identifier(text: str) -> bool:
    """Whether it is an image id, which no reference can be."""
    return len(text) == 64 and re.fullmatch(_IDENTIFIER, text) is not None


@lru_cache(maxsize=1_000)  # the same few images are asked for again and again
def parse_reference(text: str) -> Reference:
    """Read a reference as a user writes it.

    Raises RuleError.
    """
    if is_identifier(text):
        message = (
            f"invalid repository name ({text}), "
            "cannot specify 64-byte hexadecimal strings"
        )
        raise RuleError(message, _HINT)
    domain, remainder = _split_domain(text)
    remote = remainder.split(":", 1)[0]
    if lower(remote) != remote:
        message = (
            f"invalid reference format: repository name ({remote}) must be lowercase"
        )
        raise RuleError(message, _HINT)
    return _plain(domain, remainder) or _parse_full(f"{domain}/{remainder}")


def check_digest(text: str) -> None:
    """Check a content digest such as `sha256:...`.

    Raises RuleError.
    """
    algorithm, colon, encoded = text.partition(":")
    hint = "write sha256: and 64 hexadecimal digits"
    if not (algorithm and colon and encoded):
        raise RuleError("invalid checksum digest format", hint)
    size = _DIGEST_SIZES.get(algorithm)
    if size is None:
        if not re.fullmatch(_ANY_DIGEST, text):
            raise RuleError("invalid checksum digest format", hint)
        raise RuleError("unsupported digest algorithm", hint)
    if len(encoded.encode("utf-8", "surrogateescape")) != size:
        raise RuleError("invalid checksum digest length", hint)
    if not re.fullmatch(_HEX, encoded):
        raise RuleError("invalid checksum digest format", hint)


def _split_domain(text: str) -> tuple[str, str]:
    first, slash, rest = text.partition("/")
    if not slash:
        return _DEFAULT_DOMAIN, _OFFICIAL + text
    if first == _LEGACY_DOMAIN:
        domain, remainder = _DEFAULT_DOMAIN, rest
    elif first == "localhost" or "." in first or ":" in first or lower(first) != first:
        domain, remainder = first, rest
    else:
        domain, remainder = _DEFAULT_DOMAIN, text
    if domain == _DEFAULT_DOMAIN and "/" not in remainder:
        remainder = _OFFICIAL + remainder
    return domain, remainder


def _plain(domain: str, remainder: str) -> Reference | None:
    """The same for most images, `node:20-alpine`; None where more has to be looked at.

    It is what the expression finds, which takes a start longer to compile than all of
    a small Dockerfile to read.
    """
    path, colon, tag = remainder.partition(":")
    in_path = path.replace("/", "a").replace("-", "a")
    in_tag = tag.replace(".", "0").replace("-", "0")
    parts = path.split("/")
    if (
        domain == _DEFAULT_DOMAIN
        and remainder.isascii()
        and len(path) <= _MAX_PATH
        and in_path.isalnum()
        and in_path == in_path.lower()
        and all(part and part[0] != "-" and part[-1] != "-" for part in parts)
        and (not colon or (in_tag.isalnum() and tag[0].isalnum() and len(tag) <= 128))
    ):
        return Reference(domain, path, tag, "")
    return None


def _parse_full(text: str) -> Reference:
    match = re.fullmatch(_REFERENCE, text)
    if match is None:
        upper_case = re.fullmatch(_REFERENCE, lower(text))
        message = (
            "repository name must be lowercase"
            if upper_case
            else "invalid reference format"
        )
        raise RuleError(message, _HINT)
    if len(match["path"]) > _MAX_PATH:
        message = f"repository name must not be more than {_MAX_PATH} characters"
        raise RuleError(message, _HINT)
    if match["digest"]:
        check_digest(match["digest"])
    return Reference(
        match["domain"] or "", match["path"], match["tag"] or "", match["digest"] or ""
    )
