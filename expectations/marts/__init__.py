"""Suites of the tables of student grain: what must hold before anything is published. Blocking."""

from __future__ import annotations

from expectations.contract import CODED, FORMS, PROGRESS_SNAPSHOTS, RELEASE_DISTRICT, RESTRICTED_GRAIN, VALUES
from expectations.marts.attendance import attendance_rules
from expectations.marts.lanes import lane_rules
from expectations.marts.movement import movement_rules
from expectations.marts.presence import presence_rules
from expectations.suite import Rule, accepted, never, unique

FIX_CODES = "a code map or a model lets an unknown code through: add it to the map of the district's contract"
FIX_FORM = "a key or code lost its form (leading zeros, spaces): look at the staging model of that district"


def rules() -> list[Rule]:
    """Every rule of the student tables (schema `restricted` of the warehouse)."""
    found: list[Rule] = []
    for table, grain in RESTRICTED_GRAIN.items():
        name = f"restricted.{table}"
        found.append(unique(name, (RELEASE_DISTRICT, *grain), RELEASE_DISTRICT))
        found += [
            accepted(name, column, _values(table, column), FIX_CODES, RELEASE_DISTRICT)
            for column in CODED.get(table, ())
        ]
        found += [
            never(
                name,
                f"{column} has its form",
                f"{column} is not null and not regexp_full_match({column}, '{form}')",
                FIX_FORM,
                RELEASE_DISTRICT,
            )
            for column, form in FORMS.items()
            if column in _coded_keys(table)
        ]
        if "student_key" in grain and table != "student":
            found.append(_student_known(name))
    return found + lane_rules() + movement_rules() + attendance_rules() + presence_rules()


def _values(table: str, column: str) -> tuple[str, ...]:
    """The values of a coded column; progress snapshots, never frozen, are in student_snapshot alone."""
    more = PROGRESS_SNAPSHOTS if (table, column) == ("student_snapshot", "snapshot_code") else ()
    return VALUES[column] + more


def _coded_keys(table: str) -> tuple[str, ...]:
    """The key and code columns of a table, beyond those of its grain."""
    extra = {"student": ("ssid", "district_code"), "enrollment": ("district_code",)}
    return (*RESTRICTED_GRAIN[table], *extra.get(table, ()))


def _student_known(table: str) -> Rule:
    return Rule(
        name=f"{table}: each student stands in student",
        table=table,
        asks="each student_key stands in restricted.student of the same district",
        action="the membership of a district's database is wrong: a row stands there of a student who does not",
        violations=f"select x.{RELEASE_DISTRICT}, count(*) from {{batch}} as x where not exists (select 1 from "
        f"restricted.student as s where s.{RELEASE_DISTRICT} = x.{RELEASE_DISTRICT} "
        "and s.student_key = x.student_key) group by 1",
    )
