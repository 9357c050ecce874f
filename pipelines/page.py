"""`core page SCHOOL`: a school's page as a PDF or picture for a team meeting, printed by a headless Chromium."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pipelines.errors import CannotRunError, WrongAskError
from pipelines.release.current import current_release
from pipelines.settings import Settings

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SITE = {"public": "site", "partner": "partner/site"}
PAPERS = ("Letter", "A4")
# a sheet is laid out at this width and printed smaller, so that it fits two pages
SHEET_WIDTH = 1100
SHEET_SCALE = 0.64
DRAWN = "document.documentElement.dataset.charts === 'drawn'"
PATIENCE_MS = 20_000


def find_chromium() -> str:
    """The browser to print with: CORE_CHROMIUM, or the first that is installed."""
    named = os.environ.get("CORE_CHROMIUM")
    found = named or next((path for name in CHROMIUMS if (path := shutil.which(name))), None)
    if found is None or not Path(found).is_file():
        raise CannotRunError(
            "no Chromium is installed, and a page is printed with it; install one (Debian: apt-get install chromium) "
            "or set CORE_CHROMIUM to its path"
        )
    return found


def launch_arguments() -> list[str]:
    """How Chromium is started: in its sandbox, which there is none of for root alone."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def print_page(settings: Settings, school: str, tier: str, out: Path, paper: str = PAPERS[0]) -> list[str]:
    """Write the meeting sheet of a school's page to `out` (.pdf or .png); returns lines to print.

    Raises:
        WrongAskError: no such school, tier, paper or form of file.
        CannotRunError: nothing is published, or Chromium is missing.
    """
    if tier not in SITE:
        raise WrongAskError(f"no pages of tier {tier!r}; there are {', '.join(SITE)}")
    if out.suffix not in (".pdf", ".png"):
        raise WrongAskError(f"{out}: a page is printed as .pdf or .png")
    if paper not in PAPERS:
        raise WrongAskError(f"no paper {paper!r}; there are {', '.join(PAPERS)}")
    current = current_release(settings.published)
    if current is None:
        raise CannotRunError(f"nothing is published in {settings.published}; start with: core run")
    page = current / SITE[tier] / "school" / f"{school}.html"
    if not page.is_file():
        raise WrongAskError(f"no page of school {school!r} in the {tier} tier; codes stand in table dim_school")
    chromium = find_chromium()
    _print(chromium, f"{page.resolve().as_uri()}?sheet", out, paper)
    return [f"{out}: sheet of {school} from {current.name}, {tier} tier"]


def _print(chromium: str, address: str, out: Path, paper: str) -> None:
    # imported here: no other command needs it
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=chromium, args=launch_arguments())
        except Error as error:
            raise CannotRunError(
                f"{chromium} does not start: {_reason(error.message)}; where its sandbox is not allowed "
                "(some containers), set CORE_CHROMIUM to a script that starts it with --no-sandbox"
            ) from error
        try:
            page = browser.new_page(viewport={"width": SHEET_WIDTH, "height": 1400}, device_scale_factor=2)
            page.goto(address)
            page.wait_for_function(DRAWN, timeout=PATIENCE_MS)
            if out.suffix == ".pdf":
                page.pdf(path=out, format=paper, print_background=True, scale=SHEET_SCALE)
            else:
                page.screenshot(path=out, full_page=True)
        finally:
            browser.close()


def _reason(message: str) -> str:
    """What Chromium said of it: its own line where there is one, else the first."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return next((line for line in lines if "sandbox" in line.lower() and "args" not in line), lines[0])
