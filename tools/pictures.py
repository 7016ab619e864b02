"""The pictures of README and the docs: `docs/pictures/*.png`, made with a browser.

    apt-get install chromium chromium-driver
    .venv/bin/pip install pillow
    .venv/bin/python -m tools.pictures

They show the page of the project that README tells of, light and dark, with two of its
suggestions switched on. No test holds them: look at them before they are committed.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import projects
from tests.suggesting.cases import commit

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PROJECT = "python-web"
NAME = "parcels"  # as README calls it
SWITCHED_ON = ("logs-dirs", "py-venv")
SIZE = {"width": 1280, "height": 820, "deviceScaleFactor": 1.5, "mobile": False}
MOST_BYTES = 150_000
COLOURS = (128, 96, 64)  # as many as fit
OPTIONS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
    *("--force-color-profile=srgb", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


def main() -> int:
    """Make the pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browser() as driver:
        page = page_of_the_project(Path(folder))
        for look in ("light", "dark"):
            picture = small(screenshot(driver, page, look))
            (FOLDER / f"page-{look}.png").write_bytes(picture)
            print(f"page-{look}.png: {len(picture):,} bytes")
    return 0


def page_of_the_project(folder: Path) -> Path:
    """The page that `ctxopt scan` makes of it, with its clutter and its history."""
    root = projects.lay_out(PROJECT, folder).rename(folder / NAME)
    commit(root, projects.committed(PROJECT))
    page = folder / "page.html"
    words = ("-m", "ctxopt", "scan", "--format", "html", "-o", page, root)
    subprocess.run([sys.executable, *words], check=True)
    return page


@contextmanager
def browser() -> Iterator[Any]:
    """Debian's chromium without a window."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for one in OPTIONS:
        options.add_argument(one)
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    try:
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", SIZE)
        yield driver
    finally:
        driver.quit()


def screenshot(driver: Any, page: Path, look: str) -> bytes:
    """What a person sees of the page, with some of its switches on."""
    wanted = [{"name": "prefers-color-scheme", "value": look}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": wanted})
    driver.get(page.as_uri())
    for one in SWITCHED_ON:
        driver.find_element("css selector", f"[data-id={one}]").click()
    driver.execute_script("document.activeElement.blur()")
    drawn = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))"
    driver.execute_async_script(drawn)
    return bytes(driver.get_screenshot_as_png())


def small(png: bytes) -> bytes:
    """The same in fewer colours, so that it does not weigh down a repository."""
    # Whoever makes them installs it; checks and tests do without.
    from PIL import Image  # type: ignore[import-not-found, unused-ignore]

    picture = Image.open(io.BytesIO(png)).convert("RGB")
    # Of the ways to choose colours the one that keeps those of a few pixels, too.
    way = Image.Quantize.MAXCOVERAGE
    for colours in COLOURS:
        made = io.BytesIO()
        fewer = picture.quantize(colours, method=way, dither=Image.Dither.NONE)
        fewer.save(made, "PNG", optimize=True)
        if made.tell() < MOST_BYTES:
            return made.getvalue()
    raise SystemExit(f"a picture does not fit into {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
