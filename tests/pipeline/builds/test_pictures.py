"""What is measured for a picture is measured for a report, too."""

from __future__ import annotations

from pathlib import Path

from ctxopt.core.measure.result import Measurement
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.builds.pictures import draw_all, drawn_of, survey_to_draw
from ctxopt.pipeline.builds.report import survey_builds
from ctxopt.pipeline.picture import LEVELS, PLACES
from tests.pipeline.builds.test_report import found
from tests.texttree import plant


def listed(measured: Measurement) -> list[tuple[object, ...]]:
    """The largest places, without what lies in them."""
    return [
        (one.path, one.kind, one.files, one.wire_bytes, one.used_bytes, one.span)
        for one in measured.largest
    ]


def test_the_list_is_that_of_a_report_and_folders_have_more(tmp_path: Path) -> None:
    sizes = [f"{at % 7}/{at % 3}/{at}:{90 + at * 37 % 41}" for at in range(300)]
    plant(tmp_path, " ".join(sizes))
    (tmp_path / "0" / "0" / "0").unlink()
    (tmp_path / "0" / "0" / "0").hardlink_to(tmp_path / "1" / "1" / "1")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    builds = found(tmp_path, "Dockerfile")

    def measured(
        *, top: int = 10, depth: int = 1, shown: int | None = None
    ) -> Measurement:
        (one,) = survey_builds(
            builds, top=top, depth=depth, shown=shown, estimate=Estimate()
        ).measured
        assert one.measured is not None
        return one.measured.found.measurement

    both = measured(depth=LEVELS, shown=PLACES)
    plain, deep = measured(), measured(top=PLACES, depth=LEVELS)
    assert listed(both) == listed(plain) != listed(deep)
    assert both.root == deep.root
    assert both.root != plain.root


def test_pictures_are_those_of_builds_that_were_measured_before(
    tmp_path: Path,
) -> None:
    plant(tmp_path, "logs/a.log:5000 src/app.py:40")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    builds = found(tmp_path, "Dockerfile")
    surveyed = survey_to_draw(builds, estimate=Estimate())
    assert drawn_of(surveyed) == draw_all(builds, estimate=Estimate())
