"""Values of a configuration: sizes as people write them."""

from __future__ import annotations

import pytest

from ctxopt.core.configuration.values import parse_size

SIZES = [
    ("50MB", 50_000_000),
    ("50mb", 50_000_000),
    ("1.5 GiB", 1_610_612_736),
    ("200k", 200_000),
    ("4096", 4096),
    ("4096B", 4096),
    ("9" * 400 + "T", int("9" * 400) * 10**12),
]


@pytest.mark.parametrize(("text", "size"), SIZES, ids=lambda one: str(one)[:12])
def test_sizes_are_written_as_people_do(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MB", "-1", "1,5MB", "50 apples", "1e3"])
def test_what_is_no_size_is_said(text: str) -> None:
    assert parse_size(text) is None
