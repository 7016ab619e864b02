"""Paths of a context: relative to its root, "" for the root itself."""

from __future__ import annotations


def join(folder: str, name: str) -> str:
    """The path of a name in a folder."""
    return f"{folder}/{name}" if folder else name


# How the values of named contexts begin that are no folders.
REMOTE = (
    "docker-image://",
    "oci-layout://",
    "target:",
    "service:",
    "input:",
    "http://",
    "https://",
    "git://",
    "ssh://",
    "git@",
)


def is_remote(context: str) -> bool:
    """Whether a named context is no folder: an image, an address, another build."""
    return context.startswith(REMOTE)
