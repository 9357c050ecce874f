"""The data dictionary of the published sample: everything that its databases hold, in their own words, and nothing of the machine."""

from __future__ import annotations

import csv
import html
import json
import re

import duckdb
import pytest

from tests.support.nightly import PROJECT, Home

pytestmark = pytest.mark.pipeline


@pytest.fixture(scope="module")
def page(sample: Home) -> str:
    return html.unescape((sample.current / "docs" / "index.html").read_text())


def databases(sample: Home):
    for tier in ("public", "partner", "restricted/fresno"):
        with duckdb.connect(str(sample.current / tier / "core.duckdb"), read_only=True) as con:
            yield tier.split("/")[0], con


def test_every_table_and_column_stands_there_with_its_comment(sample, page):
    tables = 0
    for tier, con in databases(sample):
        for table, comment in con.execute("select table_name, comment from duckdb_tables()").fetchall():
            tables += 1
            section = page.split(f'<h3 id="{table}">')[1].split("<h3 ")[0]
            assert comment and (comment in section or tier == "partner"), f"{tier}.{table}"
            assert re.search(rf"<li>In: [a-z, ]*\b{tier}\b", section), f"{tier}.{table}"
            assert "<li>Key: <code>" in section and "<li>Made from: " in section, table
            for column, kind, words in con.execute(
                "select column_name, data_type, comment from duckdb_columns() where table_name = ?", [table]
            ).fetchall():
                row = section.split(f"<code>{column}</code>", 1)[1] if f"<code>{column}</code>" in section else ""
                assert words and words in row and f'<td class="t">{kind}</td>' in row, f"{tier}.{table}.{column}"
    assert tables > 40


def test_conventions_recipe_codes_and_lineage_stand_there(page):
    for words in (
        "labeled by its spring: 2024-25 is 2025",
        "content_hash is the SHA-256 (hex)",
        "NULL is unknown or hidden, never zero",
        '<svg viewBox="0 0 ',
        'href="dbt.html"',
    ):
        assert words in page
    codes = page.split('<h2 id="codes">')[1]
    with (PROJECT / "dbt_project" / "seeds" / "lane_name.csv").open(newline="") as file:
        for row in csv.reader(file):
            assert all(f">{value}<" in codes for value in row)
    assert "harmonized.course_mark</code> from " in page and "raw.aeries__his" in page


def test_links_of_the_dictionary_lead_somewhere(sample, page):
    anchors = set(re.findall(r'id="([^"]+)"', page))
    for link in re.findall(r'href="([^"]+)"', page):
        if link.startswith("#"):
            assert link[1:] in anchors, link
        else:
            assert (sample.current / "docs" / link).exists(), link


def test_no_page_holds_a_path_a_student_or_a_time_of_the_run(sample):
    with duckdb.connect(str(sample.current / "restricted" / "fresno" / "core.duckdb"), read_only=True) as con:
        students = con.execute("select student_key, local_student_id from student limit 50").fetchall()
    for name in ("index.html", "dbt.html"):
        text = (sample.current / "docs" / name).read_text()
        for secret in (str(sample.path), str(PROJECT), *(key for key, _ in students)):
            assert secret not in text, name
    manifest = json.loads((sample.path / "dbt_target" / "manifest.json").read_text())
    assert manifest["metadata"]["invocation_id"] not in (sample.current / "docs" / "dbt.html").read_text()
