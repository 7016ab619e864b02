"""Platform specifiers such as `linux/arm64`, and the automatic arguments.

Rule: containerd/platforms, platforms.go and database.go; moby/buildkit,
dockerfile2llb/platform.go (defaultArgs).
"""

from __future__ import annotations

import re

from ctxopt.core.golang.errors import RuleError
from ctxopt.core.golang.quoting import quote, unquote
from ctxopt.core.golang.text import lower
from ctxopt.core.tuples import NamedTuple

_COMPONENT = r"[A-Za-z0-9_.-]+"
_OS_PATTERN = r"^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$"
_OS = _OS_PATTERN[1:-1]
_BAD_ESCAPE = r"(?s)%(?![0-9A-Fa-f]{2}).{0,2}"
_OS_NAMES = (
    "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd "
    "openbsd plan9 solaris windows zos"
)
_ARCHITECTURE_NAMES = (
    "386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle "
    "mips64 mips64le mips64p32 mips64p32le ppc riscv riscv64 s390 s390x sparc "
    "sparc64 wasm"
)
_KNOWN_OS = frozenset(_OS_NAMES.split())
_KNOWN_ARCHITECTURES = frozenset(_ARCHITECTURE_NAMES.split())
_HOST_OS, _HOST_ARCHITECTURE = "linux", "amd64"  # of the builder, as far as we know
_MAX_PARTS = 3
_INVALID = "invalid argument"
_HINT = "write os/arch or os/arch/variant, such as linux/arm64"


class Platform(NamedTuple):
    """What an image is built for."""

    os: str
    architecture: str
    variant: str = ""
    os_version: str = ""

    def __str__(self) -> str:
        version = f"({self.os_version})" if self.os_version else ""
        parts = (self.os + version, self.architecture, self.variant)
        return "/".join(part for part in parts if part)


def parse_platform(text: str) -> Platform:
    """Read a specifier and bring it into its usual form.

    Raises RuleError.
    """
    if "*" in text:
        message = f"{quote(text)}: wildcards not yet supported: {_INVALID}"
        raise RuleError(message, _HINT)
    first, *others = text.split("/", _MAX_PARTS)
    os, version = _operating_system(first, text)
    for part in others:
        is_plain = part.isascii() and part.isalnum()
        if not is_plain and not re.fullmatch(_COMPONENT, part):
            message = (
                f"{quote(part)} is an invalid component of {quote(text)}: platform "
                f'specifier component must match "^[A-Za-z0-9_.-]+$": {_INVALID}'
            )
            raise RuleError(message, _HINT)
    if not others:
        return _alone(first, os, version, text)
    if len(others) >= _MAX_PARTS:
        message = f"{quote(text)}: cannot parse platform specifier: {_INVALID}"
        raise RuleError(message, _HINT)
    architecture, variant = _architecture(*others)
    return Platform(os, architecture, variant, version)


def automatic_args(platform: Platform, target: str) -> dict[str, str]:
    """Give the arguments every build has, without being told."""
    values = {
        "PLATFORM": str(platform),
        "OS": platform.os,
        "OSVERSION": platform.os_version,
        "ARCH": platform.architecture,
        "VARIANT": platform.variant,
    }
    found = {
        side + name: value
        for side in ("BUILD", "TARGET")
        for name, value in values.items()
    }
    return found | {"TARGETSTAGE": target or "default"}


def _operating_system(part: str, whole: str) -> tuple[str, str]:
    if part.isascii() and part.isalnum():  # most, and no expression is compiled
        os = lower(part)
        return ("darwin" if os == "macos" else os), ""
    match = re.fullmatch(_OS, part)
    if match is None:
        message = (
            f"{quote(part)} is an invalid OS component of {quote(whole)}: "
            "OSAndVersion specifier component must match "
            f"{quote(_OS_PATTERN)}: {_INVALID}"
        )
        raise RuleError(message, _HINT)
    os = lower(match[1])
    bad = re.search(_BAD_ESCAPE, match[2] or "")
    if bad:
        message = (
            f"{quote(whole)} has an invalid OS version {quote(match[2])}: "
            f"invalid URL escape {quote(bad[0])}"
        )
        raise RuleError(message, _HINT)
    return ("darwin" if os == "macos" else os), unquote(match[2] or "")


def _alone(part: str, os: str, version: str, text: str) -> Platform:
    """Read a specifier of one component: a system, or an architecture."""
    if os in _KNOWN_OS:
        return Platform(os, _HOST_ARCHITECTURE, "", version)
    architecture, variant = _architecture(part)
    if architecture in _KNOWN_ARCHITECTURES:
        return Platform(_HOST_OS, architecture, variant, version)
    message = f"{quote(text)}: unknown operating system or architecture: {_INVALID}"
    raise RuleError(message, _HINT)


_ALIASES = {
    "i386": ("386", ""),
    "x86_64": ("amd64", None),
    "x86-64": ("amd64", None),
    "aarch64": ("arm64", None),
    "armhf": ("arm", "v7"),
    "armel": ("arm", "v6"),
}
_VARIANTS = {
    ("amd64", "v1"): "",
    ("arm64", "8"): "",
    ("arm64", "v8"): "",
    ("arm64", "v8.0"): "",
    ("arm64", "9"): "v9",
    ("arm64", "9.0"): "v9",
    ("arm64", "v9.0"): "v9",
    ("arm", ""): "v7",
    ("arm", "7"): "v7",
    ("arm", "5"): "v5",
    ("arm", "6"): "v6",
    ("arm", "8"): "v8",
}


def _architecture(name: str, variant: str = "") -> tuple[str, str]:
    name, given = lower(name), lower(variant)
    name, implied = _ALIASES.get(name, (name, None))
    if implied is not None:
        given = implied
    return name, _VARIANTS.get((name, given), given)
