"""Pages of the sample in Chromium: they load, draw what their tables say, and can be read by everybody.

A page of every kind and tier is opened once, and everything is asked of it then; CORE_EVERY_PAGE=1 (make every-page) asks
it of all of them, which are otherwise loaded and not drawn. docs/dbt.html is dbt's own page and left out. What can be read without a browser is asked of every page in
test_text.py.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.pages.html import read

DRAWN = "document.documentElement.dataset.charts === 'drawn'"
HAS_CHARTS = "document.querySelector('figure[data-chart]') !== null"
ROWS = """() => Object.fromEntries([...document.querySelectorAll('figure[data-chart]')].map((figure) =>
    [figure.id, figure.coreView.data('rows').map((row) => ({...row}))]))"""
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# the pictures of charts are hidden from readers (the table stands for them), so they are not asked about
AXE = {"context": {"exclude": [[".plot svg"]]}, "options": {"preload": False, "resultTypes": ["violations"]}}
SCHOOL = "10621669100002"
FRAMES = 20
OF_BOTH_TIERS = (
    "index.html", "places.html", "metrics.html", "equity.html", "runs.html", "capability.html", "data.html", "reading.html",
    "district/fresno.html", f"school/{SCHOOL}.html", "metric/movement_rate.html",
)  # fmt: skip
KINDS = (
    *(f"{site}/{page}" for site in ("site", "partner/site") for page in OF_BOTH_TIERS),
    "partner/site/group/fresno-attendance-month.html",
    "quality/index.html",
    "docs/index.html",
    "restricted/fresno/students.html",
)
# axe reads all of a page: of what repeats one pattern (rows, charts drawn alike, tables of the dictionary) the first will do
REPEATED = """() => {
    const drop = (parts, kept) => [...parts].slice(kept).forEach((part) => part.remove());
    document.querySelectorAll("tbody").forEach((body) => drop(body.querySelectorAll("tr"), 12));
    drop(document.querySelectorAll(".pair.runs figure, .pair > figure[data-chart=run]"), 4);
    drop(document.querySelectorAll("main > .scroll"), 12);
}"""


@dataclass
class Seen:
    """What came of opening a page."""

    errors: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    drawn: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    phone_width: int = 0
    problems: list[tuple[str, str, str]] = field(default_factory=list)


def visit(page: Page, path: Path) -> None:
    page.goto(path.as_uri())
    if page.evaluate(HAS_CHARTS):
        page.wait_for_function(DRAWN)


def paths(release: Path) -> list[str]:
    """Pages to open: one a kind, or all."""
    if not os.environ.get("CORE_EVERY_PAGE"):
        return list(KINDS)
    every = (str(path.relative_to(release)) for path in sorted(release.rglob("*.html")))
    return [path for path in every if path != "docs/dbt.html"]


@pytest.fixture(scope="module")
def seen(browser: Browser, release: Path) -> Iterator[dict[str, Seen]]:
    """Every page opened once, at desktop and then at phone width."""
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    found: dict[str, Seen] = {}
    for path in paths(release):
        now = found[path] = Seen()
        listeners = {
            "console": lambda told, now=now: (
                now.errors.append(told.text) if told.type in ("error", "warning") else None
            ),
            "pageerror": lambda error, now=now: now.errors.append(str(error)),
            "requestfailed": lambda request, now=now: now.errors.append(f"{request.url} did not load"),
            "request": lambda request, now=now: now.asked.add(request.url.split(":")[0]),
        }
        for event, listener in listeners.items():
            page.on(event, listener)
        visit(page, release / path)
        now.drawn = page.evaluate(ROWS)
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
        page.set_viewport_size(PHONE)
        now.phone_width = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size(DESKTOP)
        if path in KINDS:
            page.evaluate(REPEATED)
            now.problems = [
                (each["id"], each["impact"], each["nodes"][0]["html"][:120])
                for each in Axe().run(page, **AXE).response["violations"]
            ]
    yield found
    context.close()


def test_a_page_loads_from_a_folder_without_an_error(seen: dict[str, Seen]) -> None:
    assert {path: page.errors for path, page in seen.items() if page.errors} == {}
    assert set().union(*(page.asked for page in seen.values())) == {"file"}


def test_every_page_loads_without_an_error(browser: Browser, release: Path, tmp_path: Path) -> None:
    """All pages of both tiers, scripts and all, twenty side by side; charts are drawn above, where one of a kind is."""
    context = browser.new_context(viewport=DESKTOP)
    # the library that draws is most of a page's work
    context.route("**/assets/vega.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda told: wrong.append(f"{told.location}: {told.text}") if told.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: wrong.append(f"{request.url} did not load"))
    every = sorted(path for site in ("site", "partner/site") for path in (release / site).rglob("*.html"))
    assert len(every) > 200
    shelf = tmp_path / "shelf.html"
    for first in range(0, len(every), FRAMES):
        frames = every[first : first + FRAMES]
        shelf.write_text("".join(f'<iframe src="{path.as_uri()}" width="800"></iframe>' for path in frames))
        page.goto(shelf.as_uri())
        assert [frame.url for frame in page.frames[1:]] == [path.as_uri() for path in frames]
    assert wrong == []
    context.close()


def test_no_page_is_wider_than_a_phone(seen: dict[str, Seen]) -> None:
    assert {path: page.phone_width for path, page in seen.items() if page.phone_width > PHONE["width"]} == {}


def test_no_accessibility_problem(seen: dict[str, Seen]) -> None:
    """None at all of what axe-core knows, serious or not."""
    assert {path: page.problems for path, page in seen.items() if page.problems} == {}


def test_a_chart_has_the_numbers_of_its_table_and_nothing_else(seen: dict[str, Seen], release: Path) -> None:
    n_numbers, n_hidden = 0, 0
    kinds = set()
    for path, page in seen.items():
        tables = {table.chart: table for table in read(release / path).tables if table.chart}
        assert page.drawn.keys() == tables.keys(), path
        for figure, table in tables.items():
            kinds.add(table.kind)
            wanted = table.to_draw
            found = [{name: row[name] for name in want} for row, want in zip(page.drawn[figure], wanted, strict=True)]
            assert found == wanted, (path, figure)
            # and nowhere else in the picture's data
            for row, of in zip(page.drawn[figure], wanted, strict=True):
                numbers = {value for value in row.values() if isinstance(value, float) and value not in (0.0, 1.0)}
                known = {value for value in of.values() if value is not None}
                cells = table.rows[str(row["row"])]
                known |= {
                    float(str(cell.attributes[name]))
                    for cell in cells
                    for name in ("data-v", "data-lo", "data-hi")
                    if name in cell.attributes
                }
                assert numbers <= known, (path, figure)
            n_numbers += sum(value is not None for row in wanted for name, value in row.items() if name != "row")
            n_hidden += sum(
                cell.is_hidden for cells in table.rows.values() for at, cell in enumerate(cells) if at in table.charted
            )
    assert n_numbers > 3000 and n_hidden > 300
    assert kinds == {"bars", "dots", "funnel", "gaps", "pairs", "run", "stack", "trend"}


def test_a_chart_draws_the_numbers_of_the_database(seen: dict[str, Seen], partner: duckdb.DuckDBPyConnection) -> None:
    drawn = [
        (row["row"], row["value"], row["text"])
        for row in seen[f"partner/site/school/{SCHOOL}.html"].drawn["vulnerable_rate"]
        if row["i"] == 0
    ]
    known = partner.execute(
        "select concat(cohort_year - 1, '-', right(cohort_year::varchar, 2)), value, display from metric "
        "where metric_code = 'vulnerable_rate' and snapshot_code = 'G9_EOY' and level = 'school' and entity_code = ? "
        "and group_code = 'ALL' and rule_set = 'core5_v1' order by cohort_year",
        [SCHOOL],
    ).fetchall()
    assert len(known) == 4 and any(value is not None for _, value, _ in known)
    assert [(row, text) for row, _, text in drawn] == [(row, text) for row, _, text in known]
    assert [value for _, value, _ in drawn] == pytest.approx([value for _, value, _ in known], abs=1e-6)


def test_a_hidden_figure_is_in_no_chart(seen: dict[str, Seen], release: Path) -> None:
    """The movement rate of the school is hidden in public: neither number nor range is in the picture's data."""
    with duckdb.connect(str(release / "public" / "core.duckdb"), read_only=True) as con:
        hidden = con.execute(
            "select cohort_year from metric where suppression = 'suppressed' and entity_code = ? and metric_code = "
            "'movement_rate' and snapshot_code = 'G9_EOY' and basis = 'G8_EOY' and group_code = 'ALL' order by all",
            [SCHOOL],
        ).fetchall()
    assert hidden
    drawn = [row for row in seen[f"site/school/{SCHOOL}.html"].drawn["movement_rate"] if row["i"] == 0]
    for (year,) in hidden:
        [row] = [row for row in drawn if row["row"] == f"{year - 1}-{year % 100:02d}"]
        assert [row[name] for name in ("value", "mainValue", "mainLo", "mainHi", "text")] == [None] * 4 + ["*"]


def test_search_finds_a_school_whatever_the_accents(page: Page, release: Path) -> None:
    visit(page, release / "site" / "metric" / "coverage.html")
    page.get_by_role("searchbox").fill("penasco condor")
    assert page.get_by_role("search").get_by_role("link").all_inner_texts() == ["Peñasco Condor High"]
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url(f"**/site/school/{SCHOOL}.html")
    assert page.get_by_role("heading", level=1).inner_text() == "Peñasco Condor High"
    page.get_by_role("searchbox").fill("no such place")
    assert page.get_by_role("search").get_by_role("status").inner_text() == "Nothing found"
