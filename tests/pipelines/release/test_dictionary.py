"""What the project declares of the published tables, the picture of them, and dbt's page: whole, the same, and of nobody's machine."""

from __future__ import annotations

import copy
import getpass
import json
import os
import re
import socket
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from expectations.contract import DIMENSION_GRAIN, METRIC_GRAIN, PARTNER_GRAIN, RESTRICTED_GRAIN
from pipelines.dbt_project import PREPARED, prepare
from pipelines.release.dictionary import PublishedTable, published_tables
from pipelines.release.manifest import CONTRACT_VERSION
from pipelines.release.site import dbt_docs, erd
from pipelines.settings import PROJECT

SVG = "{http://www.w3.org/2000/svg}"

#: tables that tell of deliveries and decisions, not of students
RAW_ALONE = ("delivery_status", "feed_coverage", "restatement")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    prepare()
    found: dict[str, Any] = json.loads((PREPARED / "manifest.json").read_text())
    return found


@pytest.fixture(scope="module")
def tables(project) -> dict[str, PublishedTable]:
    return {table.name: table for table in published_tables(project)}


def test_every_published_table_says_its_key_and_what_it_refers_to(tables):
    for table in tables.values():
        assert table.key, f"{table.name}: no grain (a unique_rows test) in its yml"
        assert set(table.key) <= set(table.columns), table.name
        assert "_release_district" not in table.columns + table.key
        assert table.rests_on or table.is_dimension or table.name in RAW_ALONE, table.name
        for reference in table.references:
            assert set(reference.columns) <= set(table.columns)
            assert set(reference.columns) == set(tables[reference.table].key), f"{table.name}: {reference}"


def test_columns_named_like_a_key_refer_to_its_table(tables):
    """A code that has a table of its own is never left dangling (where it is not the table's own key or a list of its own)."""
    for column, target in (
        ("student_key", "student"),
        ("school_code", "dim_school"),
        ("rule_set", "rule_set"),
        ("metric_code", "metric_definition"),
        ("group_code", "student_group"),
    ):
        for table in tables.values():
            if column not in table.columns or table.name == target:
                continue
            ways = [reference.table for reference in table.references if column in reference.columns]
            assert ways, f"{table.name}.{column}: a refers_to test to {target} is missing in its yml"
            # to the table itself, or by way of another that has it in its key
            assert all(to == target or column in tables[to].key for to in ways)


def test_keys_are_those_that_are_checked_every_night(tables):
    grains = {**RESTRICTED_GRAIN, **DIMENSION_GRAIN, **PARTNER_GRAIN, "metric": METRIC_GRAIN}
    assert {name: set(grain) for name, grain in grains.items()} == {name: set(tables[name].key) for name in grains}


def test_the_changelog_names_every_table_under_the_version_of_the_contract(tables):
    text = (PROJECT / "CHANGELOG.md").read_text()
    entries = dict(re.findall(r"^## Contract (\d+\.\d+)[^\n]*\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    assert CONTRACT_VERSION in entries and text.index(f"## Contract {CONTRACT_VERSION}") == text.index("## ")
    named = {name for entry in entries.values() for name in re.findall(r"`(\w+)`", entry)}
    assert tables.keys() <= named, f"CHANGELOG.md does not name {sorted(tables.keys() - named)}"


def test_the_picture_is_that_of_the_project(project, tables):
    drawn = erd.draw(published_tables(project))
    assert (PROJECT / "docs" / "erd.svg").read_text() == drawn, "`make docs` writes docs/erd.svg again"
    backwards = {**project, "nodes": dict(reversed(project["nodes"].items()))}
    assert erd.draw(published_tables(backwards)) == drawn
    root = ElementTree.fromstring(drawn)
    heads = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "h" and not text.get("text-anchor")]
    assert sorted(heads, key=str) == sorted(tables)
    # one arrow's end per column that refers, beside the dot in its row
    referring = sum(len(table.references) for table in tables.values())
    assert sum(circle.get("r") == "3" for circle in root.iter(f"{SVG}circle")) == referring
    assert sum(circle.get("r") == "4" for circle in root.iter(f"{SVG}circle")) == referring
    boxes = [
        tuple(int(rect.get(side) or 0) for side in ("x", "y", "width", "height"))
        for rect in root.iter(f"{SVG}rect")
        if rect.get("rx")
    ]
    width, height = int(root.get("width") or 0), int(root.get("height") or 0)
    for place, (x, y, w, h) in enumerate(boxes):
        assert x > 0 and y > 0 and x + w < width and y + h <= height
        assert all(x2 >= x + w or x2 + w2 <= x or y2 >= y + h or y2 + h2 <= y for x2, y2, w2, h2 in boxes[:place])


def test_dbts_page_is_of_the_project_alone(project):
    page = dbt_docs.page(project)
    for model in ("partner__metric", "restricted__student_snapshot", "int_enrollment_span"):
        assert f'"model.core_districts.{model}"' in page
    template = Path(dbt_docs._template()).read_text(encoding="utf-8")
    added = page.replace(template.split('"MANIFEST.JSON INLINE DATA"')[0], "")
    for secret in (
        str(PROJECT),
        str(Path.home()),
        "/tmp/",
        "/home/",
        "/root",
        "/private/",
        *os.environ.get("CORE_HOME", "").split(),
    ):
        assert secret not in added, secret
    names = [name for name in (getpass.getuser(), socket.gethostname()) if len(name) > 4]
    assert not any(re.search(rf"\b{re.escape(name)}\b", added) for name in names)
    assert not re.findall(r"20\d\d-\d\d-\d\dT\d\d:\d\d", added)
    assert "invocation_id" not in added and project["metadata"]["invocation_id"] not in added
    assert 1_000_000 < len(page) < 6_000_000


def test_dbts_page_is_the_same_whoever_parsed_the_project_and_when(project):
    other = copy.deepcopy(project)
    other["metadata"] |= {
        "invocation_id": "x",
        "generated_at": "2031-01-01T00:00:00Z",
        "user_id": "u",
        "env": {"A": "b"},
    }
    other["nodes"] = dict(reversed(other["nodes"].items()))
    for node in other["nodes"].values():
        node |= {"created_at": 1.0, "build_path": "/elsewhere/run", "compiled_path": "/elsewhere/compiled"}
        node |= {"compiled": True, "compiled_code": "select 1", "root_path": "/elsewhere"}
    assert dbt_docs.page(other) == dbt_docs.page(project)
