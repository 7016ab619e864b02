"""The folder of a report has whole files, whoever ends what writes them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

import pytest

from ctxopt.errors import WriteError
from ctxopt.host.fleet.store import Store


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("no")])
def test_a_file_that_is_not_finished_is_as_it_was(
    tmp_path: Path, error: BaseException
) -> None:
    store = Store(str(tmp_path / "report"))
    store.write("summary.md", lambda out: out.write(b"old"))

    def fill(out: IO[bytes]) -> None:
        out.write(b"new")
        raise error

    with pytest.raises(type(error)):
        store.write("summary.md", fill)
    assert (tmp_path / "report" / "summary.md").read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path / "report")) == [
        "pages",
        "repositories",
        "summary.md",
    ]


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "report"))
    (tmp_path / "report" / "summary.md").mkdir()
    with pytest.raises(WriteError, match=r"summary\.md: cannot write it"):
        store.write("summary.md", lambda out: out.write(b"new"))
