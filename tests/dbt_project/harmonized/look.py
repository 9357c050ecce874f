"""How the tests of rules look at a case: by the name of its student."""

from __future__ import annotations

from typing import Any

from tests.dbt_project.harmonized.warehouse import Warehouse


def person(warehouse: Warehouse, name: str, vantage: str = "current") -> str:
    rows = warehouse.rows(
        "select distinct person_id from harmonized.student_local where local_student_id = ? and vantage = ?",
        name,
        vantage,
    )
    assert len(rows) == 1
    return str(rows[0]["person_id"])


def window(
    warehouse: Warehouse, name: str, code: str = "EOY", year: int = 2025, vantage: str = "current"
) -> dict[str, Any]:
    rows = warehouse.rows(
        "select * from harmonized.student_window where person_id = ? and window_code = ? and school_year = ? and vantage = ?",
        person(warehouse, name, vantage), code, year, vantage,
    )  # fmt: skip
    assert len(rows) == 1
    return rows[0]


def groups(warehouse: Warehouse, name: str, kind: str, year: int = 2025) -> set[str]:
    return {r["group_code"] for r in warehouse.rows(
        "select group_code from harmonized.student_group_year where person_id = ? and group_type = ? and school_year = ?",
        person(warehouse, name), kind, year)}  # fmt: skip
