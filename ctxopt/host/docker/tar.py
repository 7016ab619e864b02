"""Read the names out of a tar stream as it passes, with flat memory.

The standard library's `tarfile` refuses what the legacy client really sends: with a
Dockerfile outside the context the stream ends without padding and trailer
(docker/cli: cli/command/image/build/context.go, AddDockerfileToBuildContext).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_BLOCK: Final = 512
_CHUNK: Final = 1 << 18
_PAX: Final = b"x"
_PAX_GLOBAL: Final = b"g"


class CountedStream:
    """A stream that knows how many bytes have passed."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        """Wrap `read`, which returns up to so many bytes and none at the end."""
        self._read = read
        self.count = 0

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer only where the stream ends."""
        parts: list[bytes] = []
        while size > 0 and (part := self._read(size)):
            self.count += len(part)
            size -= len(part)
            parts.append(part)
        return b"".join(parts)

    def skip(self, size: int) -> None:
        """Let `size` bytes pass, or what is left."""
        while size > 0 and (part := self._read(min(size, _CHUNK))):
            self.count += len(part)
            size -= len(part)

    def drain(self) -> None:
        """Let the rest pass."""
        while part := self._read(_CHUNK):
            self.count += len(part)


@dataclass(frozen=True, slots=True)
class _Header:
    name: bytes
    size: int
    type: bytes


def read_members(stream: CountedStream) -> Iterator[str]:
    """Yield the member names in order, folders with `/`, up to the trailer.

    Bytes that are not UTF-8 become surrogate escapes. A last member without
    padding and a missing trailer are fine. Raises ValueError for what is no tar.
    """
    pax: dict[bytes, bytes] = {}
    while (block := stream.take(_BLOCK)).strip(b"\0"):
        header = _parse_header(block)
        if header.type in (_PAX, _PAX_GLOBAL):
            records = stream.take(_padded(header.size))[: header.size]
            if header.type == _PAX:
                pax = _parse_pax(records)
            continue
        name = pax.get(b"path", header.name)
        size = int(pax.get(b"size", header.size))
        pax = {}
        yield name.decode("utf-8", "surrogateescape")
        stream.skip(_padded(size))


def _parse_header(block: bytes) -> _Header:
    if len(block) < _BLOCK or block[257:262] != b"ustar":
        message = f"no tar header at byte {len(block)} of a block"
        raise ValueError(message)
    name, prefix = _text(block[0:100]), _text(block[345:500])
    return _Header(
        name=prefix + b"/" + name if prefix else name,
        size=int(_text(block[124:136]).strip() or b"0", 8),
        type=block[156:157],
    )


def _parse_pax(records: bytes) -> dict[bytes, bytes]:
    """Return the `LENGTH KEY=VALUE` lines as a mapping."""
    found: dict[bytes, bytes] = {}
    while records:
        length = int(records.partition(b" ")[0])
        if length <= 0:
            message = "an extended header record without length"
            raise ValueError(message)
        key, _, value = records[:length].partition(b" ")[2].partition(b"=")
        found[key] = value.removesuffix(b"\n")
        records = records[length:]
    return found


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK
