"""The site of a published tier whose tables a test has changed: what stands on a page if the data were others."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from pipelines.release.candidate import Candidate
from pipelines.release.site.site import write_site


class SiteOf:
    """Tables named `changed` are copies in schema `tier` of `con`, to be changed; all others are the published ones."""

    def __init__(self, database: Path, tier: str, home: Path, changed: set[str]) -> None:
        self.tier, self.home = tier, home
        self.con = duckdb.connect()
        self.con.execute(f"attach '{database}' as published (read_only); create schema {tier}")
        listed = "select table_name from duckdb_tables() where database_name = 'published'"
        self.tables = {name for (name,) in self.con.execute(listed).fetchall()}
        for table in self.tables:
            kind = "table" if table in changed else "view"
            self.con.execute(f"create {kind} {tier}.{table} as select * from published.{table}")

    def write(self) -> Path:
        """The folder of the site."""
        candidate = Candidate(dt.date(2026, 10, 30), "core5_v1", "test", "none", True, {}, [], [], [])
        write_site(self.con, self.home / "site", self.tier, self.tables, "test", candidate, "../")
        self.con.close()
        return self.home / "site"
