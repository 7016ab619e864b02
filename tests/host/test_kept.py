"""A measurement that is brought up to date equals a fresh one."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from ctxopt.core.model import BuilderName, Request
from ctxopt.host import kept as kept_module
from ctxopt.host.build import prepare
from ctxopt.host.gitignore import GitIgnored
from ctxopt.host.kept import Kept, Touched
from ctxopt.host.question import Question, Survey
from ctxopt.host.survey import survey
from ctxopt.pipeline.advice import look_out
from tests.facts import survey_facts
from tests.texttree import plant

NAMES = ["a", "b", "c.log", "d", "node_modules", "e.txt", ".git", "logs", "f f", "é"]


def question_of(root: Path, builder: BuilderName) -> Question:
    build = prepare(Request(str(root), builder=builder))
    question = build.question(build.main, top=3, depth=2)
    return question._replace(
        lookout=look_out(build), ignored=GitIgnored.open(build.main.path)
    )


def facts(found: Survey) -> list[object]:
    """The same whatever numbers the lines of git have."""
    lines = found.git_lines
    finds = [
        (one._replace(line=0), lines[one.line - 1] if one.line else None)
        for one in found.measurement.finds
    ]
    plain = found._replace(
        measurement=found.measurement._replace(finds=()), git_lines=()
    )
    return [survey_facts(plain), finds]


class Disk:
    """A tree that changes at random, and tells what was touched."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.random = random.Random(seed)  # noqa: S311  # nothing is a secret here
        self.names: dict[str, frozenset[str]] = {}
        self.anew: set[str] = set()

    def folders(self) -> list[str]:
        found = [""]
        for path, names, _ in os.walk(self.root):
            relative = os.path.relpath(path, self.root)
            found += [
                name if relative == "." else f"{relative}/{name}"
                for name in names
                if not os.path.islink(os.path.join(path, name))
            ]
        return found

    def touch(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        self.names[folder] = self.names.get(folder, frozenset()) | {name}
        self.anew.add(path)
        if name == ".gitignore":
            self.anew.add(folder)

    def operate(self) -> None:
        pick = self.random.choice
        path = os.path.join(pick(self.folders()), pick(NAMES))
        full = self.root / path
        other = os.path.join(pick(self.folders()), pick(NAMES))
        kind = self.random.randrange(9)
        if kind < 2 and not os.path.lexists(full):
            full.mkdir()
        elif kind < 4 and not full.is_dir() and not full.is_symlink():
            full.write_bytes(b"x" * self.random.randrange(3000))
        elif kind == 4 and os.path.lexists(full):
            if full.is_dir() and not full.is_symlink():
                shutil.rmtree(full)
            else:
                full.unlink()
        elif kind == 5 and os.path.lexists(full):
            inside = f"{other}/".startswith(f"{path}/")
            if not os.path.lexists(self.root / other) and not inside:
                full.rename(self.root / other)
                self.touch(other)
        elif kind == 6 and not os.path.lexists(full):
            full.symlink_to(pick(NAMES))
        elif kind == 7 and full.is_file() and not full.is_symlink():
            if not os.path.lexists(self.root / other):
                # Nobody tells of the name that was there before.
                os.link(full, self.root / other)
                self.touch(other)
                return
        elif kind == 8 and full.exists() and not full.is_symlink():
            full.chmod(pick([0o755, 0o644, 0o700]))
        else:
            return
        self.touch(path)

    def taken(self) -> Touched:
        touched = Touched(self.names, frozenset(self.anew))
        self.names, self.anew = {}, set()
        return touched


@pytest.mark.parametrize("builder", BuilderName)
@pytest.mark.parametrize("seed", range(4))
def test_after_any_changes_it_equals_a_fresh_one(
    tmp_path: Path,
    builder: BuilderName,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_module, "KEPT_ROWS", 3)
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /a\nCOPY a /b\n")
    (tmp_path / ".dockerignore").write_text("**/*.log\n**/logs\n!a/logs\nb/*\n!b/d\n")
    (tmp_path / ".gitignore").write_text("e.txt\nlogs/\n")
    disk = Disk(tmp_path, seed)
    entered: set[str] = set()
    for _ in range(60):
        disk.operate()
    disk.taken()
    question = question_of(tmp_path, builder)
    kept = Kept(question, entered.add)
    kept.measure()
    for _ in range(40):
        for _ in range(disk.random.randrange(6)):
            disk.operate()
        found = kept.measure(disk.taken())
        fresh = question._replace(ignored=GitIgnored.open(question.root))
        assert facts(found) == facts(survey(fresh, workers=1))
        assert kept.folders() <= entered


def test_only_what_was_touched_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_module, "KEPT_ROWS", 2)
    plant(tmp_path, "a/x/1 a/x/2 a/y/1 a/y/2 a/z b/1 b/2 b/3")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    entered: list[str] = []
    kept = Kept(question_of(tmp_path, BuilderName.BUILDKIT), entered.append)
    kept.measure()
    assert entered == ["", "a", "a/x", "a/y", "b"]
    assert kept.folders() == {"", "a", "a/x", "a/y", "b"}
    entered.clear()
    (tmp_path / "a/x/3").touch()
    kept.measure(Touched({"a/x": frozenset({"3"})}))
    assert entered == ["", "a", "a/x"]
    entered.clear()
    kept.measure(Touched(anew=frozenset({"a"})))
    assert entered == ["", "a", "a/x", "a/y"]
