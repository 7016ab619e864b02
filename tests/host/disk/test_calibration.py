from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from ctxopt.core.model import BuilderName
from ctxopt.core.timing.fit import CalibrationError
from ctxopt.core.timing.models import Model
from ctxopt.host.disk import calibration
from tests.rights import as_nobody, public_folder

BUILDKIT = BuilderName.BUILDKIT
MODEL = Model(0.25, 1e-5, 2e-5, 3e-9, "calibrated from 12 builds")
OTHER = Model(1, 0, 0, 1e-7, "calibrated from 1 build")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home folder of the test's own, without any docker settings."""
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


@pytest.fixture
def file(home: Path) -> Path:
    """Return where the calibration is kept; its folder exists."""
    path = home / "config" / "ctxopt" / "calibration.json"
    path.parent.mkdir(parents=True)
    return path


def test_what_was_kept_is_there_again(file: Path) -> None:
    assert calibration.load(BUILDKIT) is None
    assert calibration.save(BUILDKIT, MODEL) == str(file)
    assert calibration.load(BUILDKIT) == MODEL
    assert calibration.load(BuilderName.LEGACY) is None
    assert os.listdir(file.parent) == ["calibration.json"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_folder_is_made(home: Path) -> None:
    calibration.save(BUILDKIT, MODEL)
    assert (home / "config" / "ctxopt" / "calibration.json").exists()


def test_each_docker_context_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    calibration.save(BUILDKIT, MODEL)
    monkeypatch.setenv("DOCKER_CONTEXT", "farm")
    assert calibration.load(BUILDKIT) is None
    calibration.save(BUILDKIT, OTHER)
    assert calibration.load(BUILDKIT) == OTHER
    monkeypatch.delenv("DOCKER_CONTEXT")
    assert calibration.load(BUILDKIT) == MODEL


def test_a_new_calibration_takes_the_place_of_the_old() -> None:
    calibration.save(BUILDKIT, MODEL)
    calibration.save(BUILDKIT, OTHER)
    assert calibration.load(BUILDKIT) == OTHER


GOOD = {"fixed_seconds": 1, "per_entry_seconds": 0, "per_file_seconds": 0}


def kept(**fields: object) -> str:
    contexts = {"default": {"buildkit": GOOD | fields}}
    return json.dumps({"schema": "ctxopt/calibration/1", "contexts": contexts})


def test_an_origin_may_be_missing(file: Path) -> None:
    file.write_text(kept(per_byte_seconds=1e-8))
    assert calibration.load(BUILDKIT) == Model(1.0, 0.0, 0.0, 1e-8, "calibrated")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("", "is no JSON", id="empty"),
        pytest.param('{"schema": ', "is no JSON", id="cut off"),
        pytest.param("\udcff", "is no JSON", id="not UTF-8"),
        pytest.param("[" * 100_000, "is no JSON", id="nested beyond measure"),
        pytest.param("[]", "does not say", id="another shape"),
        pytest.param('{"schema": "x/1"}', "does not say", id="somebody else's"),
        pytest.param(
            '{"schema": "ctxopt/calibration/1"}', "has no table", id="without contexts"
        ),
        pytest.param(
            '{"schema": "ctxopt/calibration/1", "contexts": {"default": 7}}',
            "has no table",
            id="a context that is a number",
        ),
    ],
)
def test_a_file_that_is_not_ours_is_named_and_left_alone(
    content: str, words: str, file: Path
) -> None:
    before = content.encode("utf-8", "surrogateescape")
    file.write_bytes(before)
    reports: list[CalibrationError] = []

    assert calibration.load(BUILDKIT) is None
    assert calibration.load(BUILDKIT, report=reports.append) is None
    with pytest.raises(CalibrationError) as caught:
        calibration.save(BUILDKIT, MODEL)

    assert [str(one) for one in reports] == [str(caught.value)]
    assert str(caught.value).startswith(f"{file}: this calibration {words}")
    assert file.read_bytes() == before
    assert os.listdir(file.parent) == [file.name]


@pytest.mark.parametrize("figure", ["fast", None, True, -1, 1e999, float("nan")])
def test_an_impossible_figure_is_named(figure: object, file: Path) -> None:
    file.write_text(kept(per_byte_seconds=figure))
    reports: list[CalibrationError] = []
    assert calibration.load(BUILDKIT, report=reports.append) is None
    assert '"per_byte_seconds"' in str(reports[0])


def test_a_figure_that_is_wrong_can_be_calibrated_anew(file: Path) -> None:
    file.write_text(kept(per_byte_seconds=-1))
    calibration.save(BUILDKIT, MODEL)
    assert calibration.load(BUILDKIT) == MODEL


def test_a_folder_that_cannot_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with public_folder() as folder:
        folder.chmod(0o555)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
        with as_nobody(), pytest.raises(CalibrationError, match="make the folder"):
            calibration.save(BUILDKIT, MODEL)


def test_a_file_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with public_folder() as folder:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
        saved = Path(calibration.save(BUILDKIT, MODEL))
        saved.chmod(0o000)
        reports: list[CalibrationError] = []
        with as_nobody():
            assert calibration.load(BUILDKIT, report=reports.append) is None
    assert "cannot be read: Permission denied" in str(reports[0])


def test_the_old_file_stays_whole_when_the_new_one_fails(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calibration.save(BUILDKIT, MODEL)
    before = file.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CalibrationError, match="No space left on device"):
        calibration.save(BUILDKIT, OTHER)
    assert file.read_bytes() == before
    assert os.listdir(file.parent) == [file.name]


def test_a_linked_file_stays_a_link(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.json"
    calibration.save(BUILDKIT, MODEL)
    file.rename(real)
    file.symlink_to(real)
    calibration.save(BUILDKIT, OTHER)
    assert file.is_symlink()
    assert calibration.load(BUILDKIT) == OTHER
    assert b"1e-07" in real.read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep it elsewhere")
@pytest.mark.parametrize("folder", [None, "", "relative"])
def test_without_a_config_folder_of_the_users_choice_it_is_the_usual_one(
    folder: str | None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    if folder is not None:
        monkeypatch.setenv("XDG_CONFIG_HOME", folder)
    expected = home / ".config" / "ctxopt" / "calibration.json"
    assert calibration.path() == str(expected)


# The docker context.


def write_docker_config(folder: Path, content: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(content)


def test_without_settings_the_context_is_default() -> None:
    assert calibration.docker_context() == "default"


def test_the_first_setting_counts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    write_docker_config(home / ".docker", '{"currentContext": "desktop-linux"}')
    found.append(calibration.docker_context())
    write_docker_config(home / "mine", '{"currentContext": "colima"}')
    monkeypatch.setenv("DOCKER_CONFIG", str(home / "mine"))
    found.append(calibration.docker_context())
    monkeypatch.setenv("DOCKER_CONTEXT", "farm")
    found.append(calibration.docker_context())
    monkeypatch.setenv("DOCKER_HOST", "ssh://builder")
    found.append(calibration.docker_context())
    assert found == ["desktop-linux", "colima", "farm", "ssh://builder"]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"currentContext": ""}', '{"currentContext": 7}']
)
def test_a_docker_config_that_names_none(content: str, home: Path) -> None:
    write_docker_config(home / ".docker", content)
    assert calibration.docker_context() == "default"
