"""The published sample in a real browser: one Chromium for all tests of a process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from pipelines.errors import CannotRunError
from pipelines.page import find_chromium, launch_arguments
from tests.support.nightly import Home

REQUIRED = "CORE_REQUIRE_BROWSER"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; without one the tests are skipped, unless .ci/run asks for them."""
    try:
        return find_chromium()
    except CannotRunError as error:
        if os.environ.get(REQUIRED):
            raise
        pytest.skip(f"{error}; or: make browser")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=launch_arguments())
        yield launched
        launched.close()


@pytest.fixture()
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


@pytest.fixture()
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def release(sample: Home) -> Path:
    return sample.current


@pytest.fixture(scope="session")
def partner(release: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect(str(release / "partner" / "core.duckdb"), read_only=True)
    yield con
    con.close()
