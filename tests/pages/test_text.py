"""Pages as text: links, what is hidden, and that a tier shows no more than its tables."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pytest

from tests.pages.html import read

# what a student key or an SSID looks like
LIKE_A_STUDENT = re.compile(r"s_[0-9a-f]{24}|(?<!\d)\d{10}(?!\d)")
HEADLINES = {
    "movement_rate": ("G9_EOY", "G8_EOY"),
    "vulnerable_rate": ("G9_EOY", None),
    "off_track_rate_9_10": ("G10_EOY", "G9_EOY"),
    "move_up_9_10": ("G10_EOY", "G9_EOY"),
}


@pytest.fixture(scope="session")
def pages(release: Path) -> list[Path]:
    """Every open page that this project writes; docs/dbt.html is dbt's own."""
    found = sorted(path for path in release.rglob("*.html") if "restricted" not in path.relative_to(release).parts)
    return [path for path in found if path.name != "dbt.html"]


def test_links_are_relative_and_lead_somewhere(release: Path, pages: list[Path]) -> None:
    broken = set()
    for path in pages:
        reader = read(path)
        for link in [*reader.links, *reader.sources]:
            parts = urlsplit(link)
            assert not parts.scheme and not parts.netloc and not parts.path.startswith("/"), (path, link)
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file() or (parts.fragment and parts.fragment not in read(target).ids):
                broken.add((str(path.relative_to(release)), link))
    assert broken == set()


def test_anchors_are_unique(pages: list[Path], release: Path) -> None:
    for path in pages:
        ids = read(path).ids
        assert len(ids) == len(set(ids)), path.relative_to(release)


def test_nothing_leads_to_students_and_their_pages_are_private(release: Path, pages: list[Path]) -> None:
    assert not [path for path in pages for link in read(path).links if "students" in link or "restricted" in link]
    found = sorted((release / "restricted").rglob("*.html"))
    assert len(found) == 8
    for path in found:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "Synthetic data" in path.read_text()


def test_no_open_page_holds_a_student(release: Path, pages: list[Path]) -> None:
    known: set[str] = set()
    for database in (release / "restricted").glob("*/core.duckdb"):
        with duckdb.connect(str(database), read_only=True) as con:
            rows = con.execute("select student_key, ssid from student").fetchall()
        known |= {value for row in rows for value in row if value}
    assert len(known) > 10_000 and all(LIKE_A_STUDENT.fullmatch(value) for value in known)
    for path in pages:
        assert not known & set(LIKE_A_STUDENT.findall(path.read_text())), path.relative_to(release)


@pytest.mark.parametrize("tier", ["public", "partner"])
def test_headlines_of_places_are_those_of_the_tier(release: Path, tier: str) -> None:
    """Every cell of the trend tables: shown as displayed, hidden as hidden, and nothing where there is no row."""
    site = release / ("site" if tier == "public" else "partner/site")
    with duckdb.connect(str(release / tier / "core.duckdb"), read_only=True) as con:
        names = dict(con.execute("select metric_code, name from metric_definition").fetchall())
        schools = dict(con.execute("select school_code, school_name from dim_school where is_reporting").fetchall())
        known = {
            (entity, code, f"{year - 1}-{year % 100:02d}"): (display, value, suppression)
            for code, (snapshot, basis) in HEADLINES.items()
            for entity, year, display, value, suppression in con.execute(
                "select entity_code, cohort_year, display, value, suppression from metric where metric_code = ? "
                "and snapshot_code = ? and basis is not distinct from ? and level in ('school', 'collaborative') "
                "and group_code = 'ALL' and rule_set = 'core5_v1'",
                [code, snapshot, basis],
            ).fetchall()
        }
    seen = 0
    for school in schools:
        tables = {table.caption: table for table in read(site / "school" / f"{school}.html").tables}
        for code in HEADLINES:
            table = tables.get(names[code])
            for year, cells in (table.rows if table else {}).items():
                own, network = cells[0], cells[-1]
                for cell, entity in ((own, school), (network, "CORE")):
                    display, value, suppression = known.get((entity, code, year), ("–", None, "none"))
                    assert cell.text == display
                    assert cell.is_hidden == (suppression == "suppressed")
                    if value is None:
                        assert "data-v" not in cell.attributes and "data-lo" not in cell.attributes
                    else:
                        assert float(cell.attributes["data-v"] or "nan") == pytest.approx(value, abs=1e-6)
                    seen += 1
    # every figure of a school that the tier has is on a page
    assert seen >= 2 * len([key for key in known if key[0] in schools])


def test_a_hidden_cell_holds_nothing(pages: list[Path]) -> None:
    hidden = [
        cell
        for path in pages
        for table in read(path).tables
        for row in table.rows.values()
        for cell in row
        if cell.is_hidden
    ]
    assert len(hidden) > 1000
    for cell in hidden:
        assert cell.text == "*" and not cell.detail.strip()
        assert not {"data-v", "data-lo", "data-hi", "title"} & set(cell.attributes)
