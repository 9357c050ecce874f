"""Apache Superset on a release: registers its database read-only, reads its tables, draws a bar chart, and is compared.

python -m tests.bi RELEASE --superset ENVIRONMENT --out FOLDER
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
from playwright.sync_api import sync_playwright

from tests.bi.superset import ADMIN, Superset, superset

CHROMIUM = "/usr/bin/chromium"
PAGE_MS = 180_000
# the bars: a district's movement rate in the latest cohort of the release
WHERE = {
    "metric_code": "movement_rate",
    "level": "district",
    "basis": "G8_EOY",
    "snapshot_code": "G9_EOY",
    "group_code": "ALL",
    "rule_set": "core5_v1",
    "suppression": "none",
}
LABEL = "movement rate"


def main() -> None:
    """Check, and say what was seen and how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--superset", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    release = asked.release.resolve()
    database = release / "partner" / "core.duckdb"
    made_up = " (synthetic data)" if json.loads((release / "manifest.json").read_text())["is_synthetic"] else ""
    asked.out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="core-bi-") as home,
        superset(asked.superset.absolute(), Path(home)) as tool,
    ):
        print(f"{time.monotonic() - began:4.0f} s  Superset is up")
        expected, year = answer(database)
        chart, rows = use(tool, database, year, made_up)
        assert rows == expected, f"Superset gives {rows}, the release {expected}"
        print(f"{time.monotonic() - began:4.0f} s  {len(rows)} districts, cohort {year}: the numbers are the release's")
        picture = asked.out / "chart.png"
        shown = photograph(tool, chart, picture)
        assert shown == expected, f"the page shows {shown}, the release has {expected}"
        print(f"{time.monotonic() - began:4.0f} s  chart drawn in Chromium: {picture}")


def answer(database: Path) -> tuple[dict[str, float], int]:
    """The release's own numbers, by district, and their cohort."""
    terms = " and ".join(f"{column} = '{value}'" for column, value in WHERE.items())
    with duckdb.connect(str(database), read_only=True) as con:
        year = con.execute(f"select max(cohort_year) from metric where {terms}").fetchall()[0][0]
        rows = con.execute(f"select entity_name, value from metric where {terms} and cohort_year = {year}").fetchall()
    assert len(rows) > 1, "the release shows no movement rate of districts"
    return dict(rows), year


def use(tool: Superset, database: Path, year: int, made_up: str) -> tuple[int, dict[str, float]]:
    """Register the database, find its tables, make a dataset and a chart; returns the chart and the numbers behind it."""
    tool.log_in()
    extra = {"engine_params": {"connect_args": {"read_only": True}}}
    registered = tool.post(
        "database/",
        {"database_name": "CORE partner", "sqlalchemy_uri": f"duckdb:///{database}", "extra": json.dumps(extra)},
    )["id"]
    tables = {each["value"] for each in tool.get(f"database/{registered}/tables/?q=(schema_name:main)")["result"]}
    with duckdb.connect(str(database), read_only=True) as con:
        own = {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}
    assert tables == own, f"Superset finds {tables}, the release has {own}"
    source = tool.post("dataset/", {"database": registered, "schema": "main", "table_name": "metric"})["id"]
    columns = {each["column_name"] for each in tool.get(f"dataset/{source}")["result"]["columns"]}
    assert {"metric_code", "entity_name", "value"} <= columns
    measure = {"expressionType": "SQL", "sqlExpression": "MAX(value)", "label": LABEL}
    filters = [{"col": column, "op": "==", "val": value} for column, value in {**WHERE, "cohort_year": year}.items()]
    form = {
        "viz_type": "echarts_timeseries_bar",
        "datasource": f"{source}__table",
        "x_axis": "entity_name",
        "metrics": [measure],
        "groupby": [],
        "adhoc_filters": [
            {
                "clause": "WHERE",
                "expressionType": "SIMPLE",
                "subject": f["col"],
                "operator": "==",
                "comparator": f["val"],
            }
            for f in filters
        ],
        "row_limit": 100,
        "y_axis_format": ".0%",
        "show_value": True,
        "x_axis_title": f"district, cohort {year}{made_up}",
        "x_axis_title_margin": 50,
    }
    query = {"columns": ["entity_name"], "metrics": [measure], "filters": filters, "row_limit": 100}
    context = {
        "datasource": {"id": source, "type": "table"},
        "queries": [query],
        "form_data": form,
        "result_type": "full",
        "result_format": "json",
    }
    chart = tool.post(
        "chart/",
        {
            "slice_name": f"Movement rate by district{made_up}",
            "viz_type": form["viz_type"],
            "datasource_id": source,
            "datasource_type": "table",
            "params": json.dumps(form),
            "query_context": json.dumps(context),
        },
    )["id"]
    return chart, by_district(tool.post("chart/data", context))


def by_district(data: dict[str, Any]) -> dict[str, float]:
    """Numbers of an answer of Superset's data endpoint."""
    return {row["entity_name"]: row[LABEL] for row in data["result"][0]["data"]}


def photograph(tool: Superset, chart: int, picture: Path) -> dict[str, float]:
    """Open the chart as a person would, wait until it is drawn, photograph it; returns what the page was given."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(PAGE_MS)
        page.goto(f"{tool.url}/login/")
        page.fill("input[name=username], #username", ADMIN)
        page.fill("input[name=password], #password", tool.password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        with page.expect_response(lambda answer: "/api/v1/chart/data" in answer.url and answer.status == 200) as given:
            page.goto(f"{tool.url}/explore/?slice_id={chart}&standalone=1")
        shown = by_district(given.value.json())
        page.wait_for_selector(".chart-container canvas, [data-test=chart-container] canvas")
        # drawn: the canvas has more than one color, and the bars have stopped growing
        page.wait_for_function(DRAWN)
        page.screenshot(path=str(picture))
        browser.close()
    return shown


DRAWN = """() => {
    const canvas = document.querySelector('.chart-container canvas, [data-test=chart-container] canvas');
    if (!canvas || !canvas.width) return false;
    const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    const seen = new Set();
    let hash = 0;
    for (let i = 0; i < data.length; i += 4) {
        const color = data[i] << 16 | data[i + 1] << 8 | data[i + 2];
        seen.add(color);
        hash = (hash * 31 + color) | 0;
    }
    if (hash !== window.lastHash) { window.lastHash = hash; window.lastChange = performance.now(); }
    return seen.size > 8 && performance.now() - window.lastChange > 2000;
}"""


if __name__ == "__main__":
    main()
