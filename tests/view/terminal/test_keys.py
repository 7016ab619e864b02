"""Single keys: what bytes mean, and a terminal that is as it was afterwards."""

from __future__ import annotations

import io
import os
import pty
import select
import termios
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxopt.view.terminal.keys import LONGEST, Decoder, Keyboard, forget_typed


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(b"q", ["q"], id="a letter"),
        pytest.param(b"wyWQ?", [*"wyWQ?"], id="several at once"),
        pytest.param(b"\x1b[A\x1b[B", ["up", "down"], id="arrows"),
        pytest.param(b"\x1bOA\x1bOB", ["up", "down"], id="arrows in keypad mode"),
        pytest.param(b"\x1b[1;5A", ["up"], id="an arrow with Ctrl"),
        pytest.param(b"\x1b[5~\x1b[6;2~", ["page-up", "page-down"], id="pages"),
        pytest.param(b"\x1b[H\x1b[4~", ["home", "end"], id="both ends"),
        pytest.param(b"\x1b[15~q", ["q"], id="a function key is dropped as a whole"),
        pytest.param(b"\x1b[<0;10;20Mq", ["q"], id="so is a mouse"),
        pytest.param(b"\x1b[200~q", ["q"], id="and the start of a paste"),
        pytest.param(b"\x1bq", ["q"], id="escape, then a letter"),
        pytest.param(b"\x1b\x1b\x1b[A", ["up"], id="escape pressed before an arrow"),
        pytest.param(b"\x1b[\x1b[Aq", ["up", "q"], id="a sequence broken off"),
        pytest.param(b"\r\n\t", ["enter", "enter", "tab"], id="enter and tab"),
        pytest.param(b"\x03\x04", ["ctrl-c", "ctrl-d"], id="control keys with a use"),
        pytest.param(b"\x00\x01\x7f\x08q", ["q"], id="control keys without"),
        pytest.param("éя日😀".encode(), ["é", "я", "日", "😀"], id="letters of UTF-8"),
        pytest.param(b"\xff\xc0\x80q", ["q"], id="bytes that are no UTF-8"),
        pytest.param(b"\xe6\x97q", ["q"], id="a character broken off"),
        pytest.param(b"\xed\xa0\x80q", ["q"], id="half a surrogate pair"),
        pytest.param("\u200e\u202eq".encode(), ["q"], id="marks nobody can see"),
    ],
)
def test_what_bytes_mean(data: bytes, keys: list[str]) -> None:
    assert Decoder().feed(data) == keys
    byte_by_byte = Decoder()
    assert [key for byte in data for key in byte_by_byte.feed(bytes([byte]))] == keys


def test_an_unfinished_sequence_waits() -> None:
    decoder = Decoder()
    assert decoder.feed(b"q\x1b") == ["q"]
    assert decoder.feed(b"[") == []
    assert decoder.feed(b"1;5") == []
    assert decoder.feed(b"Ay") == ["up", "y"]


def test_escape_is_a_key_once_nothing_more_comes() -> None:
    decoder = Decoder()
    assert decoder.feed(b"q\x1b") == ["q"]
    assert decoder.is_at_escape
    assert decoder.end() == ["escape"]
    assert decoder.feed(b"A") == ["A"]
    assert decoder.feed(b"\x1b[") == []
    assert decoder.end() == []


def test_a_sequence_without_end_does_not_wait_for_ever() -> None:
    decoder = Decoder()
    decoder.feed(b"\x1b[" + b"1;" * LONGEST)
    assert "q" in decoder.feed(b"\x1b[Aq")


@given(st.binary(), st.integers(0, 20))
def test_however_it_is_cut_it_means_the_same(data: bytes, cut: int) -> None:
    whole, parted = Decoder(), Decoder()
    assert whole.feed(data) == parted.feed(data[:cut]) + parted.feed(data[cut:])


@given(st.lists(st.binary(max_size=50)))
def test_no_bytes_break_it(parts: list[bytes]) -> None:
    decoder = Decoder()
    for part in parts:
        assert all(key and key.isprintable() for key in decoder.feed(part))
    assert decoder.feed(b"\x1b\x1b\x1b[A")[-1:] == ["up"]


# On a terminal.


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The end of whoever types, and ours."""
    master, slave = pty.openpty()
    yield master, slave
    for fd in (master, slave):
        try:
            os.close(fd)
        except OSError:
            continue


def typed(fd: int) -> bool:
    return bool(select.select([fd], [], [], 5)[0])


def raised(fd: int, error: type[BaseException]) -> None:
    with Keyboard(fd):
        assert not termios.tcgetattr(fd)[3] & termios.ECHO
        raise error


def test_keys_come_at_once_and_are_not_echoed(terminal: tuple[int, int]) -> None:
    master, slave = terminal
    with Keyboard(slave) as keyboard:
        assert keyboard.live
        os.write(master, b"w\x1b[B")
        assert typed(keyboard.fileno())
        assert keyboard.read() == ["w", "down"]
        assert select.select([master], [], [], 0.05)[0] == []


def test_escape_alone_is_read_as_a_key(terminal: tuple[int, int]) -> None:
    master, slave = terminal
    with Keyboard(slave) as keyboard:
        os.write(master, b"\x1b")
        assert keyboard.read() == ["escape"]
        os.write(master, b"\x1b[A")
        assert keyboard.read() == ["up"]


def test_ctrl_c_stays_a_signal(terminal: tuple[int, int]) -> None:
    _, slave = terminal
    with Keyboard(slave):
        assert termios.tcgetattr(slave)[3] & termios.ISIG


def test_the_settings_come_back(terminal: tuple[int, int]) -> None:
    _, slave = terminal
    before = termios.tcgetattr(slave)
    with Keyboard(slave) as keyboard:
        assert termios.tcgetattr(slave) != before
    assert termios.tcgetattr(slave) == before
    assert not keyboard.live


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_the_settings_come_back_after_an_exception(
    terminal: tuple[int, int], error: type[BaseException]
) -> None:
    _, slave = terminal
    before = termios.tcgetattr(slave)
    with pytest.raises(error):
        raised(slave, error)
    assert termios.tcgetattr(slave) == before


def test_odd_settings_come_back_as_they_were(terminal: tuple[int, int]) -> None:
    _, slave = terminal
    tty.setraw(slave)
    before = termios.tcgetattr(slave)
    with Keyboard(slave):
        pass
    assert termios.tcgetattr(slave) == before


def test_what_was_typed_and_not_read_does_not_reach_the_shell(
    terminal: tuple[int, int],
) -> None:
    master, slave = terminal
    with Keyboard(slave) as keyboard:
        os.write(master, b"rm\n")
        assert typed(keyboard.fileno())
    assert select.select([slave], [], [], 0.05)[0] == []


def test_suspended_and_taken_up_again(terminal: tuple[int, int]) -> None:
    _, slave = terminal
    before = termios.tcgetattr(slave)
    with Keyboard(slave) as keyboard:
        keyboard.restore()
        assert termios.tcgetattr(slave) == before
        keyboard.engage()
        assert termios.tcgetattr(slave) != before
        assert keyboard.live
    assert termios.tcgetattr(slave) == before


def test_a_closed_terminal_ends_it_without_noise(terminal: tuple[int, int]) -> None:
    master, slave = terminal
    with Keyboard(slave) as keyboard:
        os.close(master)
        assert typed(keyboard.fileno())
        assert keyboard.read() == []
        assert not keyboard.live


def test_what_was_typed_is_forgotten(terminal: tuple[int, int]) -> None:
    master, slave = terminal
    os.write(master, b"y\ny")
    with open(slave, closefd=False) as stream:
        forget_typed(stream)
    assert select.select([slave], [], [], 0)[0] == []


def test_what_is_no_terminal_forgets_nothing(tmp_path: Path) -> None:
    path = tmp_path / "answers"
    path.write_text("y\n")
    with path.open() as stream:
        forget_typed(stream)
        assert stream.read() == "y\n"
    forget_typed(io.StringIO())


def test_what_is_no_terminal_is_left_alone() -> None:
    read, write = os.pipe()
    with Keyboard(read) as keyboard:
        assert not keyboard.live
    os.close(write)
    os.close(read)
    with Keyboard(read) as keyboard:  # closed: not even a descriptor
        assert not keyboard.live
