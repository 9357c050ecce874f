"""The pages of a release: a site from public tables, the same from partner tables, checks, data dictionary.

Knows tables and words, no rule: a page shows what the tables of its tier show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from markupsafe import Markup

from pipelines.release.candidate import Candidate
from pipelines.release.content import RECIPE
from pipelines.release.manifest import CONTRACT_VERSION, TableFacts
from pipelines.release.site import dbt_docs, docs
from pipelines.release.site.site import asset, environment, write_site
from pipelines.release.site.students import write_student_pages
from pipelines.release.tiers import SourceTable

# folder of a site in the release, its tier, and the way back up
SITES = (("site", "public", "../"), ("partner/site", "partner", "../../"))


@dataclass(frozen=True)
class Page:
    """What the pages are written from."""

    release_id: str
    candidate: Candidate
    tables: dict[str, dict[str, TableFacts]]
    sources: dict[str, list[SourceTable]]


def write_pages(con: duckdb.DuckDBPyConnection, folder: Path, page: Page) -> None:
    """Write site/, partner/site/, quality/, docs/ and each district's restricted/<district>/students.html."""
    for name, tier, up in SITES:
        names = {table.name for table in page.sources[tier]}
        write_site(con, folder / name, tier, names, page.release_id, page.candidate, up)
    common: dict[str, Any] = {
        "page": page,
        "candidate": page.candidate,
        "contract_version": CONTRACT_VERSION,
        "root": "",
        "home": "../site/index.html",
        # one file each: they may be looked at on their own
        "style": Markup(asset("site.css")),
        "menu": [
            ("Results", "../site/index.html"),
            ("Checks", "../quality/index.html"),
            ("Data dictionary", "../docs/index.html"),
        ],
    }
    contexts: dict[str, dict[str, Any]] = {
        "quality": {"title": "Checks", "suites": _suites(page.candidate.quality)},
        "docs": {
            "title": "Data dictionary",
            "recipe": RECIPE,
            "entries": docs.entries(con, page.sources, page.candidate.lineage, page.candidate.project),
            "codes": docs.codes(con, page.candidate.project),
            "picture": docs.picture(page.candidate.project),
            "lineage": page.candidate.lineage,
        },
    }
    templates = environment()
    write_student_pages(
        con, folder, templates, common, page.candidate, {table.name for table in page.sources["restricted"]}
    )
    for name, context in contexts.items():
        (folder / name).mkdir()
        text = templates.get_template(f"{name}.html").render(**common, here=context["title"], **context)
        (folder / name / "index.html").write_text(text, encoding="utf-8")
    if page.candidate.project:
        (folder / "docs" / "dbt.html").write_text(dbt_docs.page(page.candidate.project), encoding="utf-8")


def _suites(quality: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    suites: dict[str, list[dict[str, Any]]] = {}
    for verdict in quality:
        suites.setdefault(str(verdict["suite"]), []).append(verdict)
    for verdicts in suites.values():
        verdicts.sort(key=lambda verdict: (verdict["status"] == "passed", str(verdict["name"])))
    return suites
