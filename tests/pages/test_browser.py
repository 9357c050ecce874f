"""Every page of the sample in Chromium: it loads, draws, finds, and can be read by everybody."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

DRAWN = "document.documentElement.dataset.charts === 'drawn'"
HAS_CHARTS = "document.querySelector('figure[data-chart]') !== null"
PHONE = {"width": 390, "height": 844}
SCHOOL = "10621669100002"
KINDS = (
    "partner/site/index.html",
    "partner/site/places.html",
    f"partner/site/school/{SCHOOL}.html",
    "partner/site/district/fresno.html",
    "partner/site/metric/vulnerable_rate.html",
    "partner/site/equity.html",
    "partner/site/data.html",
    "restricted/fresno/students.html",
)


def visit(page: Page, path: Path) -> None:
    page.goto(path.as_uri())
    if page.evaluate(HAS_CHARTS):
        page.wait_for_function(DRAWN)


@pytest.mark.parametrize("site", ["site", "partner/site"])
def test_every_page_loads_from_a_folder_without_an_error(context: BrowserContext, release: Path, site: str) -> None:
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda told: wrong.append(f"{page.url}: {told.text}") if told.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("requestfailed", lambda request: wrong.append(f"{page.url}: {request.url} did not load"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    paths = sorted((release / site).rglob("*.html"))
    assert len(paths) > 80
    # metric pages of both tiers come of one template: those of the public tier are loaded, and not drawn again
    drawn = [path for path in paths if site != "site" or path.parent.name != "metric"]
    for path in drawn:
        visit(page, path)
    context.route("**/assets/vega.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    for path in sorted(set(paths) - set(drawn)):
        page.goto(path.as_uri())
    assert wrong == []
    assert {address.split(":")[0] for address in asked} == {"file"}


def test_no_page_is_wider_than_a_phone(context: BrowserContext, release: Path) -> None:
    page = context.new_page()
    page.set_viewport_size(PHONE)
    for kind in KINDS:
        visit(page, release / kind)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], kind


def test_no_serious_accessibility_problem(page: Page, release: Path) -> None:
    found = {}
    for kind in KINDS:
        visit(page, release / kind)
        violations = Axe().run(page).response["violations"]
        found[kind] = [
            (each["id"], each["nodes"][0]["html"][:120])
            for each in violations
            if each["impact"] in ("serious", "critical")
        ]
    assert {kind: of for kind, of in found.items() if of} == {}


def test_search_finds_a_school_whatever_the_accents(page: Page, release: Path) -> None:
    visit(page, release / "site" / "metric" / "coverage.html")
    page.get_by_role("searchbox").fill("penasco condor")
    assert page.get_by_role("search").get_by_role("link").all_inner_texts() == ["Peñasco Condor High"]
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url(f"**/site/school/{SCHOOL}.html")
    assert page.get_by_role("heading", level=1).inner_text() == "Peñasco Condor High"
    page.get_by_role("searchbox").fill("no such place")
    assert page.get_by_role("search").get_by_role("status").inner_text() == "Nothing found"


def test_a_chart_draws_the_numbers_of_its_table_and_of_the_database(
    page: Page, release: Path, partner: duckdb.DuckDBPyConnection
) -> None:
    visit(page, release / "partner" / "site" / "school" / f"{SCHOOL}.html")
    drawn = page.evaluate(
        "document.getElementById('vulnerable_rate').coreView.data('rows')"
        ".filter((row) => row.i === 0).map((row) => [row.row, row.value, row.text])"
    )
    known = partner.execute(
        "select concat(cohort_year - 1, '-', right(cohort_year::varchar, 2)), value, display from metric "
        "where metric_code = 'vulnerable_rate' and snapshot_code = 'G9_EOY' and level = 'school' and entity_code = ? "
        "and group_code = 'ALL' and rule_set = 'core5_v1' order by cohort_year",
        [SCHOOL],
    ).fetchall()
    assert len(known) == 4 and any(value is not None for _, value, _ in known)
    assert [(row, text) for row, _, text in drawn] == [(row, text) for row, _, text in known]
    assert [value for _, value, _ in drawn] == pytest.approx([value for _, value, _ in known], abs=1e-6)


def test_a_hidden_figure_is_in_no_chart(page: Page, release: Path, partner: duckdb.DuckDBPyConnection) -> None:
    school, year = partner.execute(
        "select entity_code, cohort_year from metric where suppression = 'suppressed' and level = 'school' "
        "and metric_code = 'movement_rate' and snapshot_code = 'G9_EOY' and basis = 'G8_EOY' and group_code = 'ALL' "
        "and rule_set = 'core5_v1' order by all"
    ).fetchall()[0]
    visit(page, release / "partner" / "site" / "school" / f"{school}.html")
    drawn = page.evaluate(
        "(year) => document.getElementById('movement_rate').coreView.data('rows')"
        ".filter((row) => row.i === 0 && row.row === year)",
        f"{year - 1}-{year % 100:02d}",
    )
    assert [(row["value"], row["mainValue"], row["mainLo"], row["mainHi"], row["text"]) for row in drawn] == [
        (None, None, None, None, "*")
    ]


def click_path(page: Page, release: Path, question: str) -> None:
    """From the front page: find the school (one click), choose the question (another)."""
    visit(page, release / "partner" / "site" / "index.html")
    page.get_by_role("searchbox").fill("Condor")
    page.get_by_role("search").get_by_role("link", name="Peñasco Condor High").click()
    page.wait_for_function(DRAWN)
    page.get_by_role("list", name="On this page").get_by_role("link", name=question).click()


def test_three_questions_of_a_principal_take_two_clicks_each(page: Page, release: Path) -> None:
    for question, anchor, answer in (
        ("Moving up?", "moving", "in 2025-26, 11.8% in 2024-25. No clear change"),
        ("Which subjects?", "subjects", "Math has the largest share of D and F marks: 27.4% in 2025-26 S2."),
        ("Did our change work?", "change", "What we tried, and what the charts show since"),
    ):
        click_path(page, release, question)
        section = page.locator(f"section[aria-labelledby={anchor}]")
        assert answer in section.inner_text()
        assert page.evaluate("(id) => document.getElementById(id).getBoundingClientRect().top < innerHeight", anchor)
    # October 2025: what was tried then, and what the charts say since
    tried = page.locator("#tries tbody tr", has_text="2025-")
    assert tried.count() > 0 and tried.first.locator("td").count() >= 3
