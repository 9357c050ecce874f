"""Pages of improvement work against the tables of their tier: aims, run charts by student group, theory of action."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.pages.html import Table, read
from tests.pages.site_of import SiteOf


def table_of(path: Path, caption: str) -> Table:
    [found] = [table for table in read(path).tables if table.caption == caption]
    return found


def test_the_numbers_of_the_aims_are_those_of_the_rule_set(release: Path, tmp_path: Path) -> None:
    """With other parameters, and a network whose counts reach them, the page says other things."""
    site = SiteOf(release / "partner" / "core.duckdb", "partner", tmp_path, {"rule_set", "aim_progress"})
    site.con.execute(
        "update partner.rule_set set aim_fewer_vulnerable = 1234, aim_more_move_up = 56, aim_up = 0.3, aim_down = 0.4, "
        "aim_school_share = 0.6, n_highlight = 33"
    )
    site.con.execute(
        "update partner.aim_progress set fewer_vulnerable = 1300, fewer_vulnerable_met = true, more_move_up = 55, "
        "more_move_up_met = false where school_code is null"
    )
    page = site.write() / "index.html"
    rows = table_of(page, "The aims, and where we are").rows
    assert [*rows] == [
        "30% more ninth graders move up a lane (share)",
        "40% fewer off track at the end of grade 10",
        "Fewer vulnerable ninth graders (the network: 1,234 fewer)",
        "More move up from grade 9 to 10 (the network: 56 more)",
    ]
    assert [[cells[at].text for at in (2, 3)] for cells in list(rows.values())[2:]] == [
        ["1,300 fewer", "yes"],
        ["55 more", "not yet"],
    ]
    text = page.read_text()
    assert "asks 60% of its schools to meet both aims" in text
    assert "where both have 33 students or more" in (page.parent / "equity.html").read_text()


def test_where_no_school_can_be_evaluated_the_reasons_are_told(release: Path, tmp_path: Path) -> None:
    site = SiteOf(release / "public" / "core.duckdb", "public", tmp_path, {"aim_progress"})
    site.con.execute(
        "update public.aim_progress set aim_met = null, not_evaluated_reason = case when school_code is null then "
        "'no_school' else 'hidden' end where is_latest"
    )
    site.con.execute(
        "update public.aim_progress set not_evaluated_reason = 'too_few' where is_latest and school_code = "
        "(select min(school_code) from public.aim_progress where is_latest)"
    )
    n = site.con.execute("select count(school_code) from public.aim_progress where is_latest").fetchall()[0][0]
    text = (site.write() / "index.html").read_text()
    assert f"this can be told of none of the {n} schools" in text
    assert f"one of the figures is hidden ({n - 1} of {n}); fewer than 20 students counted (1 of {n})" in text


@pytest.mark.parametrize(("place", "level"), [("network", "collaborative"), ("fresno", "district")])
def test_run_charts_of_groups_are_the_series_of_the_groups(
    release: Path, partner: duckdb.DuckDBPyConnection, place: str, level: str
) -> None:
    known: dict[str, dict[str, tuple[str, float | None, bool]]] = {}
    for group, label, value, hidden, is_open in partner.execute(
        "select group_name, period_label, value, suppression = 'suppressed', is_provisional from improvement_series "
        "join student_group using (group_code) where measure_code = 'attendance_month' and level = ? and entity_code in "
        "('CORE', '1062166') and group_code <> 'ALL' and not starts_with(group_code, 'NOT_') order by all",
        [level],
    ).fetchall():
        row = f"{label} (open)" if is_open else label
        known.setdefault(group, {})[row] = ("*" if hidden else f"{value:.1%}", value, hidden)
    shown = {group for group, rows in known.items() if not all(hidden for _, _, hidden in rows.values())}
    page = release / "partner" / "site" / "group" / f"{place}-attendance-month.html"
    tables = {table.caption: table for table in read(page).tables}
    assert tables.keys() == shown and len(shown) > 8
    for group, table in tables.items():
        assert {row: cells[0].text for row, cells in table.rows.items()} == {
            row: text for row, (text, _, _) in known[group].items()
        }
        assert all(cells[0].is_hidden == known[group][row][2] for row, cells in table.rows.items())
    # one click from the chart of all students
    at = "runs.html" if place == "network" else f"district/{place}.html"
    links = read(release / "partner" / "site" / at).links
    assert any(link.endswith(f"group/{place}-attendance-month.html") for link in links)
    assert not (release / "site" / "group").exists() or list((release / "site" / "group").iterdir())


@pytest.mark.parametrize("tier", ["public", "partner"])
def test_the_theory_of_action_shows_ratings_beside_outcomes(release: Path, tier: str) -> None:
    page = release / ("site" if tier == "public" else "partner/site") / "capability.html"
    assert "capability.html" in {link.rsplit("/", 1)[-1] for link in read(page.with_name("index.html")).links}
    with duckdb.connect(str(release / tier / "core.duckdb"), read_only=True) as con:
        summaries = con.execute(
            "select level, domain, n, n_rating_up, n_rating_same, n_rating_down, n_outcome_up, n_both_up, "
            "rank_correlation, ci_low, ci_high from capability_summary order by level, domain"
        ).fetchall()
        places = con.execute(
            "select level, domain, entity_name, rating, change, outcome_change from capability where is_in_summary"
        ).fetchall()
    assert {level for level, *_ in summaries} == ({"district", "school"} if tier == "partner" else {"district"})
    for level in {level for level, *_ in summaries}:
        table = table_of(page, f"{level.capitalize()}s: did the movement rate change where the rating did?")
        for _, domain, *counts, r, low, high in (row for row in summaries if row[0] == level):
            cells = table.rows[domain.replace("_", " ").capitalize()]
            assert [cell.text for cell in cells[:6]] == [str(n) for n in counts]
            wanted = ("–", "") if r is None else (f"{r:+.2f}", "" if low is None else f"{low:+.2f} to {high:+.2f}")
            assert (cells[8].text, cells[8].detail) == wanted
        for domain in {domain for of, domain, *_ in places if of == level}:
            drawn = table_of(page, f"{domain.replace('_', ' ').capitalize()}, {level}s").to_draw
            known = sorted(row[2:] for row in places if row[:2] == (level, domain))
            assert [(row["row"], row["change"]) for row in drawn] == [(name, change) for name, _, change, _ in known]
            assert [row["outcome"] for row in drawn] == pytest.approx([row[-1] for row in known], abs=1e-6)
    # side by side, and no more
    text = page.read_text().lower()
    assert "nothing here says that one brought about the other" in text
    assert not {word for word in ("because of", "effect", "impact", "leads to", "thanks to", "due to") if word in text}
