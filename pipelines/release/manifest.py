"""manifest.json: what a release is made of and what it holds; the one place where a run's clock time is written."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from pipelines.digest import file_sha256

CONTRACT_VERSION = "1.0"


class _Part(BaseModel):
    # a release of later code may tell more: it can be listed and made current again
    model_config = ConfigDict(extra="ignore", frozen=True)


class InputFile(_Part):
    """A file of a delivery in force on the as-of date."""

    district: str
    delivery: str
    path: str
    sha256: str
    bytes: int


class ReleaseFile(_Part):
    """A file of the release; `path` is relative to it."""

    path: str
    sha256: str
    bytes: int


class TableFacts(_Part):
    """Rows of a published table and the hash over them (pipelines/release/content.py)."""

    rows: int
    content_hash: str


class Check(_Part):
    """A check that was asked before publishing; `failed` counts rows."""

    name: str
    severity: str
    status: str
    failed: int


class Held(_Part):
    """A delivery that is not in force, and why."""

    delivery: str
    reason: str


class DistrictState(_Part):
    """What a district stands on: its latest delivery in force (None: nothing yet), days old at the as-of date."""

    district_code: str
    delivery: str | None
    age_days: int | None
    held: list[Held]


class Standing(_Part):
    """How a recorded delivery stood: what a rebuild takes for accepted or held, whatever was decided since."""

    district: str
    delivery: str
    status: str
    known_from: dt.date | None
    reason: str


class Freeze(_Part):
    """A freeze that had been taken, and the release (with its code) whose frozen rows are kept; "" is this one."""

    vantage: str
    freeze_date: dt.date
    release_id: str
    code_version: str


class Restatement(_Part):
    """A frozen snapshot that is taken as known on a later day; `counts` is the folder of public counts as they were.

    `sha256` is of each file in it.
    """

    district: str
    snapshot_code: str
    window_code: str
    school_year: int
    known_on: dt.date
    decided_on: dt.date
    reason: str
    counts: str
    sha256: dict[str, str]

    def __str__(self) -> str:
        return f"{self.district} {self.snapshot_code} of {self.school_year} as known on {self.known_on}: {self.reason}"


class Basis(_Part):
    """What the published contract does not name, and a rebuild or a comparison needs.

    `raw` are the Parquet files, `path` relative to raw; `contracts` the SHA-256 of each contract's file; `commit` the
    state of the repository, with a `+` where files differed from it, empty without one.
    """

    commit: str = ""
    contracts: dict[str, str] = {}
    deliveries: list[Standing] = []
    raw: list[ReleaseFile] = []
    freezes: list[Freeze] = []
    restatements: list[Restatement] = []


class Manifest(_Part):
    """Fields as in the published contract, `privacy` (the public tier's certificate) and `basis`."""

    release_id: str
    created_at: str
    as_of: dt.date
    contract_version: str = CONTRACT_VERSION
    rule_set: str
    code_version: str
    key_fingerprint: str
    is_synthetic: bool
    inputs: list[InputFile]
    files: list[ReleaseFile]
    tables: dict[str, dict[str, TableFacts]]
    checks: list[Check]
    districts: dict[str, DistrictState]
    privacy: dict[str, int | float | None] = {}
    basis: Basis = Basis()

    def write(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(self.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_manifest(release: Path) -> Manifest:
    """The manifest of a release folder. Raises FileNotFoundError or ValueError."""
    return Manifest.model_validate_json((release / "manifest.json").read_text(encoding="utf-8"))


def files_of(release: Path) -> list[ReleaseFile]:
    """Every file of a release but the manifest, by path."""
    return [
        ReleaseFile(path=path.relative_to(release).as_posix(), sha256=file_sha256(path), bytes=path.stat().st_size)
        for path in sorted(release.rglob("*"))
        if path.is_file() and path != release / "manifest.json"
    ]


def changes(before: Manifest | None, after: Manifest) -> dict[str, Any]:
    """What differs in the tables of two releases: changed, new and gone tables by name, and rows before and after."""
    old = {
        f"{tier}.{name}": facts
        for tier, tables in (before.tables if before else {}).items()
        for name, facts in tables.items()
    }
    new = {f"{tier}.{name}": facts for tier, tables in after.tables.items() for name, facts in tables.items()}
    return {
        "changed": sorted(name for name in old.keys() & new.keys() if old[name] != new[name]),
        "new": sorted(new.keys() - old.keys()),
        "gone": sorted(old.keys() - new.keys()),
        "rows_before": sum(facts.rows for facts in old.values()),
        "rows_after": sum(facts.rows for facts in new.values()),
    }
