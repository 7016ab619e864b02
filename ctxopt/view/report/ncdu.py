r"""What would be sent as a tree for ncdu: `ctxopt scan --format ncdu | ncdu -f-`.

The format is ncdu's export format 1.0 (https://dev.yorhel.nl/ncdu/jsonfmt), which other
programs read, too. Both sizes of an entry are its bytes on the wire: ncdu 2 counts the
one that it shows at first in blocks of 512 bytes, and the other (key `a`) to the byte.

A hard link is not said to be one. ncdu would count its size once in each folder, and on
the wire each name has its own weight: the first brings the content.

Names are bytes, as in what ncdu writes itself; so this need not be UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ctxopt.core.model import Listed

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def pieces(
    folder: str, frame_bytes: int, entries: Iterable[Listed], *, version: str
) -> Iterator[bytes]:
    """The document, a piece for each entry as it comes; one between two is whole.

    `folder` is where the entries lie, absolute; it has the `frame_bytes`, which are of
    no entry. `entries` come as `ls` lists them, folders before what is in them.
    """
    about = f'{{"progname":"ctxopt","progver":{_quoted(version)}}}'
    yield f"[1,0,{about},\n[{_entry(folder, frame_bytes)}".encode(*_NAMES)
    inside = [""]  # what the paths begin with in each folder that is open
    for one in entries:
        text = ""
        while not one.path.startswith(inside[-1]):
            inside.pop()
            text += "]"
        *above, name = one.path[len(inside[-1]) :].split("/")
        for part in above:  # that are not sent themselves
            text += f",\n[{_entry(part, 0)}"
            inside.append(f"{inside[-1]}{part}/")
        shown = _entry(name, one.wire_bytes)
        if one.directory:
            text += f",\n[{shown}"
            inside.append(f"{one.path}/")
        else:
            text += f",\n{shown}" if one.regular else f',\n{shown[:-1]},"notreg":true}}'
        yield text.encode(*_NAMES)
    yield b"]" * len(inside) + b"]\n"


_NAMES = ("utf-8", "surrogateescape")


def _entry(name: str, size: int) -> str:
    # ncdu refuses a DEL that stands for itself; JSON would allow it.
    quoted = _quoted(name).replace("\x7f", "\\u007f")
    return f'{{"name":{quoted},"asize":{size},"dsize":{size}}}'
