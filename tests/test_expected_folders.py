"""Folders that stay while what lies in them goes: programs fail where they lack."""

from __future__ import annotations

from pathlib import Path

import pytest

import ctxopt
from tests.test_write import in_process, patterns
from tests.texttree import plant

PYTHON = "FROM python\nWORKDIR /app\nCOPY . .\n"
LOGS = "logs/app.log:9000 logs/old.log.1:9000 logs/worker.out:500"
OPENS = 'logging.basicConfig(filename="logs/app.log")\n'


def sent(root: Path) -> set[str]:
    return {one.path for one in ctxopt.listing(root) if not one.path.startswith("Do")}


def write_all(root: Path, *options: str) -> set[str]:
    done = in_process("write", "--yes", *options, root)
    assert done[0] == 0, done
    return sent(root)


@pytest.mark.parametrize(
    ("files", "dockerfile"),
    [
        pytest.param({"app.py": OPENS}, PYTHON, id="a program opens its log in it"),
        pytest.param({}, PYTHON + "VOLUME /app/logs\n", id="it is a volume"),
        pytest.param({}, PYTHON + "RUN chown -R app logs\n", id="a command needs it"),
        pytest.param({"logs/.gitkeep": ""}, PYTHON, id="a file keeps it"),
    ],
)
@pytest.mark.parametrize("options", [(), ("--include-ask",)], ids=["sure", "all"])
def test_the_logs_go_and_their_folder_stays(
    tmp_path: Path, files: dict[str, str], dockerfile: str, options: tuple[str, ...]
) -> None:
    plant(tmp_path, LOGS)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "Dockerfile").write_text(dockerfile)
    left = write_all(tmp_path, *options)
    assert {path for path in left if path.startswith("logs")} == {
        "logs",
        *(name for name in files if name.startswith("logs/")),
    }


def test_where_nobody_expects_the_folder_it_goes_as_a_whole(tmp_path: Path) -> None:
    plant(tmp_path, f"{LOGS} app.py:10")
    (tmp_path / "Dockerfile").write_text(PYTHON)
    assert not any(path.startswith("logs") for path in write_all(tmp_path))
    assert "logs" in patterns(tmp_path)


def test_logs_of_tomorrow_stay_out(tmp_path: Path) -> None:
    plant(tmp_path, LOGS)
    (tmp_path / "app.py").write_text(OPENS)
    (tmp_path / "Dockerfile").write_text(PYTHON)
    write_all(tmp_path)
    plant(tmp_path, "logs/other.log:900 logs/app.log.2:900")
    assert {path for path in sent(tmp_path) if path.startswith("logs")} == {"logs"}


def test_uploads_go_when_all_is_wanted_and_their_folder_stays(tmp_path: Path) -> None:
    plant(tmp_path, "uploads/a.png:90000 uploads/deep/b.png:9000 uploads/.keep:1")
    (tmp_path / "server.js").write_text("multer({ dest: 'uploads/' })")
    (tmp_path / "Dockerfile").write_text("FROM node\nCOPY . .\n")
    assert "uploads/a.png" in write_all(tmp_path)
    left = write_all(tmp_path, "--include-ask")
    assert {path for path in left if path.startswith("up")} == {
        "uploads",
        "uploads/.keep",
    }


def test_what_is_said_of_the_folder_names_the_line(tmp_path: Path) -> None:
    plant(tmp_path, "data/x.bin:4500000")
    (tmp_path / "app.py").write_text("\nopen('data/x.bin')\n")
    (tmp_path / ".gitignore").write_text("/data\n")
    plant(tmp_path, ".git/HEAD:20 .git/objects/ .git/refs/")
    (tmp_path / "Dockerfile").write_text(PYTHON)
    report = ctxopt.analyze(tmp_path, estimate=ctxopt.Estimate())
    lines = {line for one in report.suggestions for line in one.patterns}
    assert "data" not in lines
    assert any(line.startswith("data/") for line in lines)
