"""A release read as plain Python rows from its Parquet files; students of all districts, each once."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = dict[str, Any]
KEYS = {
    "student_snapshot": ("student_key", "snapshot_code", "cohort_year"),
    "student_snapshot_current": ("student_key", "snapshot_code", "cohort_year"),
    "student_movement": ("student_key", "cohort_year", "basis", "end_snapshot_code"),
    "student_group_year": ("student_key", "school_year", "group_type", "group_code"),
}

# what the answers look at; the rest is not made into Python values
COLUMNS = {
    "student_snapshot": (
        *("student_key", "snapshot_code", "cohort_year", "school_year", "district_code", "school_code", "as_of"),
        *("is_first_time_grade9", "is_frozen", "lane", "lane_name", "on_track", "reasons", "days_expected"),
        *("days_absent", "abc", "abc_90", "ag_g9", "b_or_better", "chicago_g9", "ew_g9", "nyc_g9", "or_g9"),
        *("ousd_warning", "phl_g9", "wa_g9"),
    ),
    "attendance_term": ("student_key", "school_year", "days_expected", "days_absent"),
}
COLUMNS["student_snapshot_current"] = COLUMNS["student_snapshot"]


class Released:
    """Rows of a release; nothing here asks a database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.districts = sorted(path.name for path in (folder / "restricted").iterdir())
        self.everywhere = lru_cache(maxsize=None)(self._everywhere)

    def rows(self, tier: str, table: str, **equal: Any) -> list[Row]:
        """Rows of one Parquet file, those with the given values."""
        filters = [(column, "=", value) for column, value in equal.items()] or None
        file = self.folder / tier / "parquet" / f"{table}.parquet"
        columns = list(COLUMNS[table]) if table in COLUMNS else None
        found: list[Row] = pq.read_table(file, filters=filters, columns=columns).to_pylist()
        return found

    def _everywhere(self, table: str, rule_set: str | None = "core5_v1") -> list[Row]:
        """Rows of all districts' databases together, a row that stands in several of them once."""
        equal = {"rule_set": rule_set} if rule_set and table != "student_group_year" else {}
        seen: dict[tuple[Any, ...], Row] = {}
        for district in self.districts:
            for row in self.rows(f"restricted/{district}", table, **equal):
                seen.setdefault(tuple(row[column] for column in KEYS[table]), row)
        return list(seen.values())

    def snapshots(self, code: str, rule_set: str = "core5_v1") -> list[Row]:
        """Frozen snapshots of first-time ninth graders."""
        return [
            row
            for row in self.everywhere("student_snapshot", rule_set)
            if row["snapshot_code"] == code and row["is_first_time_grade9"] and row["is_frozen"]
        ]

    def movements(self, basis: str, end: str, rule_set: str = "core5_v1") -> list[Row]:
        """Movements of all members of the cohorts whose end was taken."""
        return [
            row
            for row in self.everywhere("student_movement", rule_set)
            if (row["basis"], row["end_snapshot_code"]) == (basis, end) and row["no_movement_reason"] != "end_not_due"
        ]

    def own_code(self, district: str) -> str:
        """The district's code, as its students have it."""
        (code,) = {row["district_code"] for row in self.rows(f"restricted/{district}", "student")}
        return str(code)


def percent(part: int, whole: int) -> str:
    """A share as people read it: one digit after the point, rounded half up."""
    share = (Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{share}%"


def wilson(part: int, whole: int) -> tuple[float, float]:
    """95% interval of a share by Wilson's formula."""
    z, share = 1.959963984540054, part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    return middle - half, middle + half
