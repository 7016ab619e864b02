"""The cases of all families: what is caught, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking.cases import Check, wrong
from tests.checking.test_rules import tables

CATCHES, LEAVES_ALONE = tables().values()


@pytest.mark.parametrize("case", CATCHES.values(), ids=CATCHES)
def test_it_catches(case: Check, tmp_path: Path) -> None:
    assert wrong(case, tmp_path) == []


@pytest.mark.parametrize("case", LEAVES_ALONE.values(), ids=LEAVES_ALONE)
def test_it_leaves_alone(case: Check, tmp_path: Path) -> None:
    assert wrong(case, tmp_path) == []
