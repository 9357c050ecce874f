"""Three questions of a principal, asked in Chromium by clicking: each answered within three clicks from the front page.

The cycles of the sample begin in September and February, so the third question is also asked in a made-up world: the
sample's tables, in which one school tried something in October and its attendance then rose (worked out by hand).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.pages.site_of import SiteOf

SCHOOL = "10621669100002"
DRAWN = "document.documentElement.dataset.charts === 'drawn'"
TRIED = "start 2025-10-06 (grading): Retakes in every core course"
# attended of 1,000 days each month; the first six have their middle at 93.1%, and from October on all lie above it
MONTHS = {
    "2024-09": 930, "2024-10": 934, "2024-11": 928, "2024-12": 932, "2025-01": 936, "2025-02": 930,
    "2025-03": 929, "2025-04": 933, "2025-05": 930, "2025-08": 932, "2025-09": 929,
    "2025-10": 941, "2025-11": 943, "2025-12": 940, "2026-01": 942, "2026-02": 944, "2026-03": 941, "2026-04": 945,
}  # fmt: skip
# six in a row are a shift: it stands on March, and goes on in April
SHIFTED = ("2026-03", "2026-04")


class Principal:
    """Who clicks, and how often."""

    def __init__(self, page: Page, site: Path) -> None:
        self.page = page
        self.clicks = 0
        page.goto((site / "index.html").as_uri())

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def find(self, name: str) -> None:
        """Type a part of the name, then choose: one click."""
        self.page.get_by_role("searchbox").fill(name.split()[-2])
        self.click(self.page.get_by_role("search").get_by_role("link", name=name))
        self.page.wait_for_function(DRAWN)

    def ask(self, question: str) -> Locator:
        """Choose a question at the top of a school's page; the section with its answer, which must be in sight."""
        link = self.page.get_by_role("list", name="On this page").get_by_role("link", name=question)
        anchor = str(link.get_attribute("href")).removeprefix("#")
        self.click(link)
        where = "(id) => { const box = document.getElementById(id).getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight }"
        assert self.page.evaluate(where, anchor), f"{question} does not lead to its answer"
        return self.page.locator(f"section[aria-labelledby={anchor}]")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Moving up?", "13.0% in 2025-26, 11.8% in 2024-25. No clear change"),
        ("Which subjects?", "Math has the largest share of D and F marks: 27.4% in 2025-26 S2."),
        ("Did our change work?", "What we tried, and what the charts show since"),
    ],
)
def test_a_question_takes_two_clicks(page: Page, release: Path, question: str, answer: str) -> None:
    principal = Principal(page, release / "partner" / "site")
    principal.find("Peñasco Condor High")
    assert answer in principal.ask(question).inner_text()
    assert principal.clicks == 2


@pytest.fixture(scope="module")
def october(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of the sample's partner tables, with a try in October at one school."""
    site = SiteOf(
        release / "partner" / "core.duckdb", "partner", tmp_path_factory.mktemp("october"), {"improvement_series"}
    )
    con = site.con
    of_school = f"level = 'school' and entity_code = '{SCHOOL}'"
    con.execute(f"update partner.improvement_series set pdsa_note = null where {of_school}")
    con.execute(
        f"delete from partner.improvement_series where {of_school} and measure_code = 'attendance_month' and group_code = 'ALL'"
    )
    for position, (month, attended) in enumerate(MONTHS.items()):
        con.execute(
            "insert into partner.improvement_series by name select 'attendance_month' as measure_code, 'school' as level, "
            "? as entity_code, 'all' as group_type, 'ALL' as group_code, ?::date as period_start, ? as period_label, "
            "? as numerator, 1000 as n, 60 as n_students, ? / 1000 as value, 'run' as chart_type, 0.931 as center, "
            "? as signal, 1 as phase, ? as is_baseline, ? as pdsa_note, false as is_provisional, 'none' as suppression",
            [SCHOOL, f"{month}-01", month, attended, attended, "shift" if month in SHIFTED else None, position < 6,
             TRIED if month == "2025-10" else None],
        )  # fmt: skip
    return site.write()


def test_did_our_change_in_october_work(page: Page, october: Path) -> None:
    principal = Principal(page, october)
    principal.find("Peñasco Condor High")
    section = principal.ask("Did our change work?")
    # the answer: what was tried when, and the first signal since
    [tried] = section.locator("#tries tbody tr").all()
    assert tried.locator("th").inner_text() == "2025-10-06 (grading): Retakes in every core course"
    heads = section.locator("#tries thead th").all_inner_texts()
    answer = tried.locator("td").nth(heads.index("Days attended") - 1)
    assert answer.inner_text() == "2026-03: a run of points on the better side"
    # and the numbers behind it
    chart = section.locator("#run-attendance-month")
    principal.click(chart.get_by_text("The numbers"))
    assert principal.clicks == 3
    rows = {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in chart.locator("tbody tr").all()
    }
    assert rows["2025-10"] == ["94.1%", "1,000 days", "93.1%", "–", "–", "", TRIED]
    assert {month for month, cells in rows.items() if cells[5]} == set(SHIFTED)
    # the chart marks the month in which it began, and the months of the signal
    drawn = page.evaluate("document.getElementById('run-attendance-month').coreView.data('rows')")
    assert [row["row"] for row in drawn if row["note"]] == ["2025-10"]
    assert [row["row"] for row in drawn if row["signal"]] == list(SHIFTED)
