"""Paths of a context: relative to its root, "" for the root itself."""

from __future__ import annotations


def join(folder: str, name: str) -> str:
    """The path of a name in a folder."""
    return f"{folder}/{name}" if folder else name
