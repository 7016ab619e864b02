"""Single keys from a terminal: no echo, no Enter, and the terminal as it was after."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TextIO

from ctxopt.view.terminal.mode import TerminalMode

CHUNK = 1024
# Longer than any sequence a keyboard sends: what goes on is not one.
LONGEST = 32

_ESCAPE = 0x1B
_CONTROLS = {0x03: "ctrl-c", 0x04: "ctrl-d", 0x09: "tab", 0x0A: "enter", 0x0D: "enter"}
# The last byte of `ESC [ ...` and `ESC O ...`: terminals use either, by mode.
_FINALS = {
    ord("A"): "up",
    ord("B"): "down",
    ord("C"): "right",
    ord("D"): "left",
    ord("H"): "home",
    ord("F"): "end",
}
_NUMBERED = {b"1": "home", b"4": "end", b"5": "page-up", b"6": "page-down"}
ESCAPE_SECONDS = 0.05  # as long as a slow connection may cut a sequence in two


def forget_typed(stream: TextIO) -> None:
    """Drop what was typed on a terminal so far and nobody has read yet."""
    import termios

    with suppress(termios.error, OSError, ValueError):
        termios.tcflush(stream.fileno(), termios.TCIFLUSH)


class Decoder:
    """Turns the bytes of a terminal into keys: `q`, `é`, `up`, `enter`.

    An unfinished sequence waits for the next bytes; one that means nothing here is
    dropped as a whole, so that its letters are not taken for keys.
    """

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting = b""

    def feed(self, data: bytes) -> list[str]:
        """The keys that are complete by now, in the order they were pressed."""
        rest = self._waiting + data
        keys = []
        while rest:
            key, length = _first(rest)
            if not length:
                break
            if key:
                keys.append(key)
            rest = rest[length:]
        self._waiting = rest
        return keys

    @property
    def is_at_escape(self) -> bool:
        """Whether the last byte was the Escape key, unless more of a sequence comes."""
        return self._waiting == bytes((_ESCAPE,))

    def end(self) -> list[str]:
        """What waits, now that nothing more comes: Escape, or nothing."""
        keys = ["escape"] if self.is_at_escape else []
        self._waiting = b""
        return keys


def _first(data: bytes) -> tuple[str, int]:
    """The first key and its length; "" if it is none, 0 if it is not complete."""
    first = data[0]
    if first == _ESCAPE:
        return _sequence(data)
    if first < 0x20 or first == 0x7F:
        return _CONTROLS.get(first, ""), 1
    if first < 0x80:
        return chr(first), 1
    return _character(data)


def _sequence(data: bytes) -> tuple[str, int]:
    if len(data) == 1:
        return "", 0
    if data[1:2] not in (b"[", b"O"):
        # The escape key itself, or Alt with what follows: that counts as pressed.
        return "", 1
    for index, byte in enumerate(data[2:LONGEST], 2):
        if 0x40 <= byte <= 0x7E:
            return _meaning(data[2:index], byte), index + 1
        if not 0x20 <= byte <= 0x3F:
            return "", index  # broken off: what follows is a new key
    return ("", 0) if len(data) < LONGEST else ("", LONGEST)


def _meaning(parameters: bytes, final: int) -> str:
    """`ESC [ 1 ; 5 A` is an arrow with Ctrl held down, and still an arrow."""
    if final == ord("~"):
        return _NUMBERED.get(parameters.split(b";")[0], "")
    return _FINALS.get(final, "")


def _character(data: bytes) -> tuple[str, int]:
    """One character of UTF-8 beyond ASCII."""
    first = data[0]
    length = 2 if 0xC2 <= first < 0xE0 else 3 if 0xE0 <= first < 0xF0 else 4
    if not 0xC2 <= first < 0xF5:
        return "", 1
    for index, byte in enumerate(data[1:length], 1):
        if not 0x80 <= byte < 0xC0:
            return "", index
    if len(data) < length:
        return "", 0
    text = data[:length].decode("utf-8", "ignore")
    return (text if text.isprintable() else ""), length


class Keyboard(TerminalMode):
    """The keys of a terminal, one by one, while the block lasts.

        with Keyboard(sys.stdin.fileno()) as keyboard:
            select.select([keyboard, ...], [], [])
            for key in keyboard.read(): ...

    The settings of the terminal come back however the block ends. Where the descriptor
    is no terminal nothing is set and `live` is False: leave it out of the `select`.
    Ctrl-C and Ctrl-Z stay signals. `restore` and `engage` are for a program that is
    suspended and goes on.
    """

    __slots__ = ("_decoder", "_fd", "_saved", "live")

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._decoder = Decoder()
        self._saved: list[int | list[bytes | int]] | None = None
        self.live = False

    def fileno(self) -> int:
        """The descriptor to wait for."""
        return self._fd

    def read(self) -> list[str]:
        """The keys pressed so far; call it when the descriptor is readable.

        A terminal that was closed makes `live` False and has no more keys.
        """
        try:
            data = os.read(self._fd, CHUNK)
        except BlockingIOError:
            return []
        except OSError:  # EIO: the other end is gone
            data = b""
        if not data:
            self.live = False
        keys = self._decoder.feed(data)
        if self._decoder.is_at_escape and self.live and not self._has_more():
            keys += self._decoder.end()
        return keys

    def _has_more(self) -> bool:
        """Whether more comes right away: a terminal sends a sequence in one go."""
        import select

        return bool(select.select([self._fd], [], [], ESCAPE_SECONDS)[0])

    def engage(self) -> None:
        """Keys at once and without echo; nothing if it is so or is no terminal."""
        if self._saved is not None or not os.isatty(self._fd):
            return
        # Here, for a system without it has no such terminals either.
        import termios

        self._saved = termios.tcgetattr(self._fd)
        mode = termios.tcgetattr(self._fd)
        mode[3] &= ~(termios.ECHO | termios.ICANON)
        mode[6][termios.VMIN] = 1
        mode[6][termios.VTIME] = 0
        # TCSADRAIN: a key pressed while the program started still counts.
        termios.tcsetattr(self._fd, termios.TCSADRAIN, mode)
        self.live = True

    def restore(self) -> None:
        """The settings as they were found; silent if the terminal is gone."""
        if self._saved is None:
            return
        import termios

        saved, self._saved = self._saved, None
        self.live = False
        with suppress(termios.error, OSError):
            # TCSAFLUSH: keys meant for us must not run in the shell afterwards.
            termios.tcsetattr(self._fd, termios.TCSAFLUSH, saved)
