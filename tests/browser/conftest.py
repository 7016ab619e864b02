"""A real browser, Debian's chromium, for the tests of the page.

    apt-get install chromium chromium-driver
    .venv/bin/pytest -q -m browser -rs

Where there is none, these tests are skipped and say so.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ctxopt.core.model import Report, Request
from ctxopt.core.picture.records import Picture
from ctxopt.pipeline.advice import Estimate
from ctxopt.pipeline.picture import analyze_with_picture
from ctxopt.view.page.build import Drawn
from ctxopt.view.page.html import page_of

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--window-size=1400,1000"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


class Browser:
    """A browser window, and what a test asks of it."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver

    def open(self, address: str) -> None:
        self.log()
        self._driver.get(address)

    def run(self, script: str, *arguments: object) -> Any:
        """What a script in the page returns."""
        return self._driver.execute_script(script, *arguments)

    def wait_for(self, script: str, *arguments: object) -> Any:
        """What a script says that calls its last argument in the end."""
        return self._driver.execute_async_script(script, *arguments)

    def press(self, key: str, *, on: str | None = None) -> None:
        """Press a key as a person does; `on` names what has the focus first."""
        from selenium.webdriver.common.action_chains import ActionChains
        from selenium.webdriver.common.keys import Keys

        if on is not None:
            self.run("document.querySelector(arguments[0]).focus()", on)
        letters = getattr(Keys, key, key)
        ActionChains(self._driver).send_keys(letters).perform()

    def click(self, selector: str) -> None:
        """Click where an element is."""
        self._driver.find_element("css selector", selector).click()

    def text(self, selector: str) -> str:
        return str(
            self.run("return document.querySelector(arguments[0]).innerText", selector)
        )

    def number(self, selector: str) -> int:
        """The bytes that an element tells."""
        script = "return document.querySelector(arguments[0]).dataset.bytes"
        return int(self.run(script, selector))

    def emulate(self, command: str, **how: object) -> None:
        self._driver.execute_cdp_cmd(f"Emulation.{command}", how)

    def be_wide(self, width: int) -> None:
        """Be a window of so many pixels."""
        size = {"width": width, "height": 800, "deviceScaleFactor": 1}
        self.emulate("setDeviceMetricsOverride", **size, mobile=False)

    def said(self) -> list[str]:
        """What the browser complained of since it opened the page."""
        return [entry["message"] for entry in self._driver.get_log("browser")]

    def log(self) -> list[str]:
        """The addresses that were asked for since this was asked last."""
        found = []
        for entry in self._driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests."""
    selenium = pytest.importorskip("selenium.webdriver", reason="selenium is missing")
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("no browser here: apt-get install chromium chromium-driver")
    options = selenium.ChromeOptions()
    options.binary_location = program
    folder = tmp_path_factory.mktemp("browser")
    for argument in (*QUIET, f"--user-data-dir={folder}"):
        options.add_argument(argument)
    options.set_capability(
        "goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"}
    )
    service = selenium.ChromeService(driver)
    started = selenium.Chrome(options=options, service=service)
    try:
        yield Browser(started)
    finally:
        started.quit()


@pytest.fixture
def browser(window: Browser) -> Browser:
    """The browser as a person has it, whatever another test did."""
    window.emulate("clearDeviceMetricsOverride")
    window.emulate("setEmulatedMedia", media="", features=[])
    return window


def drawn(folder: Path) -> tuple[Report, Picture]:
    return analyze_with_picture(Request(folder), estimate=Estimate())


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Callable[..., Browser]:
    """Opens the page of a build, from disk."""

    def open_page(report: Report, picture: Picture) -> Browser:
        page = tmp_path / "page.html"
        page.write_bytes(page_of([Drawn("", report, picture, [])], "1.0"))
        browser.open(page.as_uri())
        return browser

    return open_page
