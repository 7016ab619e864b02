"""Names out of passing tar streams, whole, cut off and strange."""

from __future__ import annotations

import io
import tarfile

import pytest

from ctxopt.host.docker.tar import CountedStream, read_members


def _tar(*members: tarfile.TarInfo, content: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(
        fileobj=buffer,
        mode="w",
        format=tarfile.PAX_FORMAT,
        encoding="utf-8",
        errors="surrogateescape",
    ) as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def _member(
    name: str, size: int = 0, kind: bytes = tarfile.REGTYPE, target: str = ""
) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.type, member.linkname = size, kind, target
    return member


def _names(stream: bytes) -> list[str]:
    return list(read_members(CountedStream(io.BytesIO(stream).read)))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("a", id="a short name"),
        pytest.param("d/" * 40 + "f" * 60, id="a name split into prefix and name"),
        pytest.param("f" * 300, id="a name that needs an extended header"),
        pytest.param("ü/日本", id="a name beyond ASCII"),
        pytest.param("x" * 100, id="a name that fills its field"),
        pytest.param("new\nline=1", id="a name with newline and equals sign"),
    ],
)
def test_a_name_comes_out_as_it_went_in(name: str) -> None:
    stream = _tar(_member(name, 3), _member("after"), content=b"abc")

    assert _names(stream) == [name, "after"]


def test_a_name_that_is_not_utf8_keeps_its_bytes() -> None:
    # As Go writes it: raw bytes in the extended header.
    record = b"13 path=\xff\xfe.x\n"
    header = bytearray(_tar(_member("x", len(record)), content=record)[:512])
    header[156:157] = b"x"
    stream = bytes(header) + record.ljust(512, b"\0") + _tar(_member("x"))

    assert _names(stream) == [b"\xff\xfe.x".decode("utf-8", "surrogateescape")]


def test_every_kind_is_named_and_folders_keep_their_slash() -> None:
    stream = _tar(
        _member("d/", kind=tarfile.DIRTYPE),
        _member("d/link", kind=tarfile.SYMTYPE, target="t" * 150),
        _member("d/again", kind=tarfile.LNKTYPE, target="d/link"),
        _member("d/pipe", kind=tarfile.FIFOTYPE),
    )

    assert _names(stream) == ["d/", "d/link", "d/again", "d/pipe"]


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 5000])
def test_content_of_any_size_is_passed_over(size: int) -> None:
    stream = _tar(_member("a", size), _member("b", size), content=b"\x01" * size)

    assert _names(stream) == ["a", "b"]


@pytest.mark.parametrize(
    "cut",
    [
        pytest.param(512 + 47, id="last content not padded, no trailer"),
        pytest.param(512, id="an empty last file, no trailer"),
        pytest.param(1024, id="no trailer"),
        pytest.param(1024 + 512, id="half a trailer"),
    ],
)
def test_a_stream_may_end_where_the_legacy_client_stops(cut: int) -> None:
    whole = _tar(_member("a", 47), content=b"x" * 47)
    stream = CountedStream(io.BytesIO(whole[:cut]).read)

    assert list(read_members(stream)) == ["a"]
    stream.drain()
    assert stream.count == cut


def test_an_empty_stream_has_no_members() -> None:
    assert _names(b"") == []
    assert _names(b"\0" * 1024) == []


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(b"no tar at all", id="too short"),
        pytest.param(b"x" * 2048, id="no magic"),
    ],
)
def test_what_is_no_tar_is_refused(stream: bytes) -> None:
    with pytest.raises(ValueError, match="no tar header"):
        _names(stream)


def test_bytes_are_counted_through_short_reads() -> None:
    whole = _tar(_member("a", 700), content=b"x" * 700)
    source = io.BytesIO(whole)
    stream = CountedStream(lambda size: source.read(min(size, 7)))

    assert list(read_members(stream)) == ["a"]
    stream.drain()
    assert stream.count == len(whole)
