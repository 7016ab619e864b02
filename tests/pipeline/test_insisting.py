"""`--only ID` writes what the build seems to use, and says what speaks against it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ctxopt.cli import main
from tests.suggesting.cases import commit

USED = {
    "vcs-git": (".git/HEAD", "RUN git describe", "the build reads it: Dockerfile:4"),
    "node-modules": ("node_modules/a/i.js", "", "no command here makes it anew"),
    "py-venv": (
        ".venv/pyvenv.cfg",
        "ENV PATH=/a/.venv/bin:$PATH",
        "no command here makes it anew; line 4 of the Dockerfile uses it (ENV PATH)",
    ),
}


def lay_out(root: Path, path: str, line: str) -> None:
    (root / path).parent.mkdir(parents=True)
    (root / path).write_text("x\n" * 2_000)
    text = f"FROM node\nWORKDIR /a\nCOPY . .\n{line}\nCMD node x.js\n"
    (root / "Dockerfile").write_text(text)


def write(root: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["write", "--yes", *options, str(root)])


def written(root: Path) -> list[str]:
    file = root / ".dockerignore"
    lines = file.read_text().splitlines() if file.exists() else []
    return [one for one in lines if not one.startswith("#")]


@pytest.mark.parametrize("id_", USED)
def test_what_the_build_uses_is_written_by_its_id_only(
    id_: str, tmp_path: Path
) -> None:
    path, line, why = USED[id_]
    lay_out(tmp_path, path, line)
    folder = path.partition("/")[0]
    unasked = write(tmp_path, "--include-ask")
    assert why in " ".join(unasked.stdout.split())  # wherever it is wrapped
    assert not any(one.endswith(folder) for one in written(tmp_path))
    named = write(tmp_path, "--only", id_)
    assert named.exit_code == 0
    assert any(one.endswith(folder) for one in written(tmp_path))
    said = f"warning: {id_} is written as you say, and yet {folder}: {why}"
    assert said in named.stderr


def test_what_copy_names_is_not_written_by_its_id_either(tmp_path: Path) -> None:
    lay_out(tmp_path, "node_modules/a/i.js", "COPY node_modules/a /b")
    assert write(tmp_path, "--only", "node-modules").exit_code == 0
    assert written(tmp_path) == []


def test_nothing_speaks_against_what_was_not_held_back(tmp_path: Path) -> None:
    lay_out(tmp_path, "node_modules/a/i.js", "RUN npm ci")
    named = write(tmp_path, "--only", "node-modules")
    assert "**/node_modules" in written(tmp_path)
    assert "warning" not in named.stderr


def test_what_a_source_imports_is_written_by_its_path_only(tmp_path: Path) -> None:
    lay_out(tmp_path, "shop/stamp.py", "")
    (tmp_path / "shop/app.py").write_text("from .stamp import VERSION\n")
    (tmp_path / ".gitignore").write_text("stamp.py\n")
    commit(tmp_path, ["Dockerfile", ".gitignore", "shop/app.py"])
    unasked = write(tmp_path, "--include-ask")
    assert "shop/stamp.py: shop/app.py:1 imports it" in unasked.stdout
    assert "shop/stamp.py" not in written(tmp_path)
    named = write(tmp_path, "--only", "shop/stamp.py")
    assert "shop/stamp.py" in written(tmp_path)
    assert "and yet shop/stamp.py: shop/app.py:1 imports it" in named.stderr
