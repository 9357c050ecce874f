"""`make bench-site`: a site of 1,800 schools: how long it takes to write, how large it is, how fast a page opens.

The tables are those of a published release, its schools copied until there are enough (with their figures, series, gaps
and similar schools), so that every page is as full as a real one. One tier, default rule set, a process of its own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from pipelines.page import DRAWN, find_chromium, launch_arguments
from pipelines.release.candidate import Candidate
from pipelines.release.site.site import write_site

SCHOOLS = 1800
OPENED = 12
LIMIT_SECONDS, LIMIT_BYTES, LIMIT_OPEN = 120.0, 300_000_000, 1.0
# columns that hold a school's code, where `level` says that it is one (or always)
OF_SCHOOLS = {
    "dim_school": ("school_code", "true"),
    "btsc_membership": ("school_code", "true"),
    "metric": ("entity_code", "level = 'school'"),
    "metric_change": ("entity_code", "level = 'school'"),
    "equity_gap": ("entity_code", "level = 'school'"),
    "improvement_series": ("entity_code", "level = 'school'"),
    "school_funnel": ("school_code", "true"),
    "similar_school": ("school_code", "true"),
    "aim_progress": ("school_code", "school_code is not null"),
    "capability": ("entity_code", "level = 'school'"),
}
ALSO = {"similar_school": ("similar_school_code",)}


def enlarge(con: duckdb.DuckDBPyConnection, source: Path, tier: str, schools: int) -> dict[str, int]:
    """Make schema `tier` from a published database, each school copied; returns tables with their rows."""
    con.execute(f"attach '{source}' as published (read_only)")
    con.execute(f"create schema {tier}")
    tables = [
        row[0]
        for row in con.execute("select table_name from duckdb_tables() where database_name = 'published'").fetchall()
    ]
    known = con.execute("select count(*) from published.dim_school where is_reporting").fetchall()[0][0]
    copies = -(-schools // known)
    rows = {}
    for table in tables:
        has_rule_set = con.execute(
            "select count(*) from duckdb_columns() where database_name = 'published' and table_name = ? "
            "and column_name = 'rule_set'",
            [table],
        ).fetchall()[0][0]
        default = "rule_set in (select rule_set from published.rule_set where is_default)" if has_rule_set else "true"
        found = f"select * from published.{table} where {default}"
        if table in OF_SCHOOLS:
            column, condition = OF_SCHOOLS[table]
            codes = ", ".join(
                f"left({each}, 7) || lpad((right({each}, 7)::bigint + copy * 10)::varchar, 7, '0') as {each}"
                for each in (column, *ALSO.get(table, ()))
            )
            found = (
                f"select * from published.{table} where {default} and not coalesce({condition}, false) "
                f"union all by name select * replace ({codes}) from published.{table}, range({copies}) as r(copy) "
                f"where {default} and {condition}"
            )
        con.execute(f"create table {tier}.{table} as {found}")
        rows[table] = con.execute(f"select count(*) from {tier}.{table}").fetchall()[0][0]
    con.execute("detach published")
    return rows


def opened(site: Path, pages: int) -> list[float]:
    """Seconds until a school's page is there with all its charts, in Chromium, of `pages` pages spread over all."""
    from playwright.sync_api import sync_playwright

    paths = sorted((site / "school").glob("*.html"))
    chosen = paths[:: max(len(paths) // pages, 1)][:pages]
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=launch_arguments())
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto((site / "index.html").as_uri())
        for path in chosen:
            began = time.perf_counter()
            page.goto(path.as_uri())
            if page.locator("figure[data-chart]").count():
                page.wait_for_function(DRAWN)
            found.append(time.perf_counter() - began)
        browser.close()
    return found


def main() -> int:
    """Measure and tell; 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", type=Path, default=Path("var/published/current"))
    parser.add_argument("--schools", type=int, default=SCHOOLS)
    parser.add_argument("--tier", choices=("partner", "public"), default="partner")
    asked = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="bench-site-"))
    try:
        con = duckdb.connect(str(work / "core.duckdb"))
        rows = enlarge(con, asked.release / asked.tier / "core.duckdb", asked.tier, asked.schools)
        candidate = Candidate(dt.date(2026, 10, 30), "core5_v1", "bench", "none", True, {}, [], [], [])
        site = work / "site"
        began, cpu = time.perf_counter(), time.process_time()
        write_site(con, site, asked.tier, set(rows), "bench", candidate, "../")
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        sizes = [path.stat().st_size for path in site.rglob("*") if path.is_file()]
        n_schools = len(list((site / "school").glob("*.html")))
        waits = opened(site, OPENED)
    finally:
        shutil.rmtree(work)
    typical, slowest = statistics.median(waits), max(waits)
    print(f"{n_schools:,} schools, {rows['metric']:,} figures, {rows.get('improvement_series', 0):,} points of series")
    print(f"written in {seconds:.1f} s ({cpu:.1f} s of processor), limit {LIMIT_SECONDS:.0f} s")
    print(
        f"{len(sizes):,} files, {sum(sizes) / 1e6:.1f} MB, limit {LIMIT_BYTES / 1e6:.0f} MB; "
        f"largest {max(sizes) / 1e6:.2f} MB"
    )
    print(f"a school's page with its charts: median {typical:.2f} s, slowest {slowest:.2f} s, limit {LIMIT_OPEN:.0f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    passed = seconds < LIMIT_SECONDS and sum(sizes) < LIMIT_BYTES and typical < LIMIT_OPEN
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
