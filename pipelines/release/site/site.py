"""One tier's site: its pages, and the style and scripts that they share. What a page holds stands beside."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, PackageLoader, select_autoescape

from pipelines.release.candidate import Candidate
from pipelines.release.manifest import CONTRACT_VERSION
from pipelines.release.site import (
    capability,
    charts,
    equity,
    freshness,
    group_runs,
    metric_page,
    network,
    reading,
    runs,
    school,
)
from pipelines.release.site.source import Source

TIER_WORDS = {
    "public": "Public tier: settled figures that point at nobody.",
    "partner": "Partner tier: for named staff of the collaborative under agreement; not for passing on.",
}
HIDDEN_WORDS = {
    "public": "hidden, because it could point at 10 or fewer students, alone or by subtraction from other figures.",
    "partner": "hidden, because it counts 10 or fewer students, or because such a count would follow from it.",
}
CODED_WORDS = (
    "only a bound is shown: the exact figure would tell something about nearly every student of a small group."
)


@functools.cache
def environment() -> Environment:
    """Templates of all pages, compiled once; every text is escaped."""
    return Environment(
        loader=PackageLoader("pipelines.release.site"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


class Site:
    """Writes pages of one tier into a folder."""

    def __init__(self, folder: Path, tier: str, release_id: str, candidate: Candidate, up: str) -> None:
        self.folder = folder
        self.tier = tier
        self.hidden_words = HIDDEN_WORDS[tier]
        self.coded_words = CODED_WORDS
        self.tier_words = TIER_WORDS[tier]
        self.districts = candidate.districts
        self._up = up
        self._templates = environment()
        self._common: dict[str, Any] = {
            "site": self,
            "page": {"release_id": release_id},
            "candidate": candidate,
            "contract_version": CONTRACT_VERSION,
        }

    def write(self, path: str, template: str, title: str, here: str = "", **context: Any) -> None:
        """Write one page; `path` is from the top of the site."""
        root = "../" * path.count("/")
        text = self._templates.get_template(template).render(
            **self._common,
            title=title,
            root=root,
            home=f"{root}index.html",
            here=here,
            menu=self._menu(root),
            crumbs=[(label, root + href) for label, href in context.pop("crumbs", [])],
            charts=context.pop("charts", True),
            **context,
        )
        (self.folder / path).write_text(text, encoding="utf-8")

    def assets(self, places: Iterable[tuple[str, str, str, str]]) -> None:
        """Style, scripts and the list that search looks in: (code, name, district, path)."""
        target = self.folder / "assets"
        for name in ("site.css", "site.js"):
            (target / name).write_text(asset(name), encoding="utf-8")
        (target / "vega.js").write_text(charts.library(), encoding="utf-8")
        (target / "charts.js").write_text(charts.compiled(), encoding="utf-8")
        listed = json.dumps(list(places), ensure_ascii=False, separators=(",", ":"))
        (target / "places.js").write_text(f"window.CORE_PLACES = {listed};\n", encoding="utf-8")

    def _menu(self, root: str) -> list[tuple[str, str]]:
        return [
            ("Network", f"{root}index.html"),
            ("Districts and schools", f"{root}places.html"),
            ("Figures", f"{root}metrics.html"),
            ("Equity", f"{root}equity.html"),
            ("Changes over time", f"{root}runs.html"),
            (capability.TITLE, f"{root}capability.html"),
            ("Data", f"{root}data.html"),
            ("How to read this", f"{root}reading.html"),
            ("Checks", f"{root}{self._up}quality/index.html"),
            ("Data dictionary", f"{root}{self._up}docs/index.html"),
        ]


def asset(name: str) -> str:
    """A file of the package's assets."""
    return resources.files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


def write_site(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    tier: str,
    tables: set[str],
    release_id: str,
    candidate: Candidate,
    up: str,
) -> None:
    """Write a tier's site.

    Args:
        con: open on the warehouse; only schema `tier` is read.
        folder: where the site's index.html goes; made here.
        tier: public or partner.
        tables: the tables that the tier has.
        release_id: of the release that the site is part of.
        candidate: what the release tells of its run.
        up: the way from `folder` to the top of the release.
    """
    for part in ("assets", "district", "school", "metric"):
        (folder / part).mkdir(parents=True)
    source = Source(con, tier, tables)
    site = Site(folder, tier, release_id, candidate, up)
    schools = source.schools()
    names = {district.code: district.name for district in source.districts}
    headline_places = school.write_schools(site, source, schools)
    by_group = group_runs.write_group_runs(site, source)
    network.write_network(site, source, schools, headline_places, by_group)
    metric_page.write_metrics(site, source)
    equity.write_equity(site, source, schools)
    runs.write_runs(site, source, by_group)
    capability.write_capability(site, source, schools)
    freshness.write_data(site, source)
    reading.write_reading(site, source)
    site.assets(
        [
            *((each.code, each.name, "", each.path) for each in source.districts),
            *((each.code, each.name, names.get(each.district_code, ""), each.path) for each in schools),
        ]
    )
