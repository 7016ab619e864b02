"""The fuzzer makes the same inputs each time, and tells what it finds."""

from __future__ import annotations

import pytest

from benchmarks import fuzz
from ctxopt.errors import CtxoptError

GIVEN = fuzz.samples()


@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_an_input_is_its_kind_its_seed_and_its_number(kind: str) -> None:
    made = [fuzz.make(kind, 1, number, GIVEN[kind]) for number in range(60)]
    assert made == [fuzz.make(kind, 1, number, GIVEN[kind]) for number in range(60)]
    assert made != [fuzz.make(kind, 2, number, GIVEN[kind]) for number in range(60)]
    assert len(set(made)) > 50
    assert max(map(len, made)) <= fuzz.MAX_BYTES


@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_the_first_inputs_end_as_they_should(kind: str) -> None:
    for number in range(40):
        content = fuzz.make(kind, 1, number, GIVEN[kind])
        # Whether it is in time is for the script to say, on a machine at rest.
        assert fuzz.check(kind, number, content, 600) in ("read", "refused")


def test_the_samples_themselves_are_read() -> None:
    for kind in fuzz.KINDS:
        ends = [fuzz.check(kind, 0, content, 600) for content in GIVEN[kind]]
        assert ends.count("read") > len(ends) // 2


def fails(_content: bytes) -> None:
    raise ValueError("a\nb")


def refuses(_content: bytes) -> None:
    raise CtxoptError("no")


def never_ends(_content: bytes) -> None:
    while True:
        pass


@pytest.mark.parametrize(
    ("reader", "what"),
    [
        pytest.param(fails, "ValueError: a", id="any other exception"),
        pytest.param(
            never_ends, "OvertimeError: more than 0.01 s of CPU", id="no end in time"
        ),
    ],
)
def test_a_find_is_told_with_the_way_back_to_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    reader: object,
    what: str,
) -> None:
    monkeypatch.setattr(
        fuzz, "READERS", {"dockerfile": (reader,), "ignore": (refuses,)}
    )
    monkeypatch.setattr(fuzz, "limit_memory", lambda: None)
    assert fuzz.main(["--count", "2", "--seed", "7", "--cpu", "0.01"]) == 1
    told = capsys.readouterr().out
    assert told.count(f"FOUND {what}\n") == 2
    assert "--seed 7 --only dockerfile:1\n" in told
    assert "dockerfile: 2 inputs" in told
    assert "2 found" in told
    assert "2 refused" in told


def test_nothing_found_is_status_0(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(fuzz, "READERS", dict.fromkeys(fuzz.KINDS, (refuses,)))
    monkeypatch.setattr(fuzz, "limit_memory", lambda: None)
    assert fuzz.main(["--seed", "7", "--only", "ignore:3"]) == 0
    printed = capfdbinary.readouterr().out
    assert printed.startswith(fuzz.make("ignore", 7, 3, GIVEN["ignore"]))
    assert b"ignore: 1 inputs" in printed
