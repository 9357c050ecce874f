"""The current release as the reader's rights show it: tiers attached read-only to one connection, never written."""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from pipelines.explain.errors import CannotExplainError, WrongQuestionError
from pipelines.release.manifest import Manifest, read_manifest

Row = dict[str, Any]
NAMED = re.compile(r"\$(\w+)")
DATABASE = "core.duckdb"
SEE_HOME = "start with: core run"


class Released:
    """A release with every tier that the reader can open. Use as a context manager."""

    def __init__(self, published: Path) -> None:
        current = published / "current"
        if not current.exists():
            raise CannotExplainError(f"nothing is published in {published}; {SEE_HOME}")
        # resolved once: the link may move to a newer release meanwhile
        self.folder = current.resolve()
        self._con = duckdb.connect()
        self._attached: dict[str, str] = {}
        self._manifest: Manifest | None = None

    def __enter__(self) -> Released:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._con.close()

    @property
    def manifest(self) -> Manifest:
        """What the release is made of."""
        if self._manifest is None:
            try:
                self._manifest = read_manifest(self.folder)
            except (OSError, ValueError) as error:
                raise CannotExplainError(f"the manifest of {self.folder.name} cannot be read") from error
        return self._manifest

    def has(self, tier: str) -> bool:
        """Whether the reader can open the tier (`public`, `partner`, `restricted/<district>`)."""
        if tier in self._attached:
            return True
        path = self.folder / tier / DATABASE
        try:
            with path.open("rb"):
                pass
        except OSError:
            return False
        name = f"tier_{len(self._attached)}"
        quoted = str(path).replace("'", "''")
        self._con.execute(f"attach '{quoted}' as {name} (read_only)")
        self._attached[tier] = name
        return True

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Open on the tiers attached so far; read-only."""
        return self._con

    def schema(self, tier: str) -> str:
        """Where the tables of a tier stand on `connection`; the reader must be able to open it."""
        if not self.has(tier):
            raise CannotExplainError(f"access to {tier} is needed: it cannot be read here")
        return f"{self._attached[tier]}.main"

    def open_words(self) -> str:
        """The tier that definitions, rules and names of schools are read from."""
        for tier in ("partner", "public"):
            if self.has(tier):
                return tier
        raise CannotExplainError(f"neither the partner nor the public tier of {self.folder.name} can be read here")

    def restricted(self, district: str | None = None) -> list[str]:
        """Restricted tiers that the reader can open; of one district if named. Raises if there is none."""
        known = sorted(
            name.removeprefix("restricted/") for name in self.manifest.tables if name.startswith("restricted/")
        )
        if district is not None and district not in known:
            raise WrongQuestionError(f"no district {district!r} in this release; there are {', '.join(known)}")
        asked = [district] if district else known
        found = [f"restricted/{name}" for name in asked if self.has(f"restricted/{name}")]
        if not found:
            whose = f" of {district}" if district else ""
            raise CannotExplainError(f"access to the restricted tier{whose} is needed: it cannot be read here")
        return found

    def name_of(self, tier: str) -> str:
        """The name under which an open tier is attached, for queries that join it."""
        return self._attached[tier]

    def rows(self, tier: str, query: str, *values: object) -> list[Row]:
        """Rows of a query on one tier; `{t}` stands for its database."""
        return self.rows_of([tier], query, *values)

    def rows_of(self, tiers: list[str], query: str, *values: object, then: str = "from found") -> list[Row]:
        """Rows of a query on several tiers alike, each row once, as `found`; `{t}` stands for the database of each.

        `then` is what is asked of `found`. A single value that is a row stands for its columns: `$name`.
        """
        if not tiers:
            return []
        parts = [f"({query.replace('{t}', self._attached[tier])})" for tier in tiers]
        named = values[0] if len(values) == 1 and isinstance(values[0], dict) else None
        given = list(values) * len(parts) if named is None else {name: named[name] for name in NAMED.findall(query)}
        asked = self._con.execute(f"with found as ({' union '.join(parts)}) {then}", given)
        names = [column[0] for column in asked.description or []]
        return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]

    def everywhere(self, table: str, columns: str) -> str:
        """A query for columns of a restricted table in every district's database that can be read."""
        tiers = [name for name in self.manifest.tables if name.startswith("restricted/") and self.has(name)]
        return " union ".join(f"select {columns} from {self._attached[tier]}.{table}" for tier in sorted(tiers))

    def rule_set(self, asked: list[str]) -> Row:
        """The one rule set asked for; the default if none is. Two are never set against each other."""
        if len(set(asked)) > 1:
            raise WrongQuestionError(
                f"{' and '.join(dict.fromkeys(asked))} are two rule sets: their figures are not comparable; "
                "ask for one at a time"
            )
        rows = self.rows(self.open_words(), "select * from {t}.rule_set")
        wanted = [row for row in rows if (row["rule_set"] == asked[0] if asked else row["is_default"])]
        if not wanted:
            known = ", ".join(sorted(row["rule_set"] for row in rows))
            wanted_name = repr(asked[0]) if asked else "is marked as default"
            raise WrongQuestionError(f"no rule set {wanted_name}; there are {known}")
        return wanted[0]

    def schools(self) -> dict[str, str]:
        """Names of schools by code."""
        rows = self.rows(self.open_words(), "select school_code, school_name from {t}.dim_school")
        return {row["school_code"]: row["school_name"] for row in rows}

    def districts(self) -> dict[str, Row]:
        """Districts by code."""
        return {row["district_code"]: row for row in self.rows(self.open_words(), "select * from {t}.dim_district")}
