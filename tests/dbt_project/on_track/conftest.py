"""The golden warehouse is built once for all tests of this folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from tests.dbt_project.on_track import companion_rows, golden_rows, late_rows
from tests.dbt_project.on_track.warehouse import SmallWarehouse
from tests.golden.students import COHORT

RUN_DAY = dt.date(COHORT + 1, 10, 1)
RESTATED = dt.date(COHORT, 9, 20)
FREEZES = {"T1": dt.timedelta(30), "EOY": dt.timedelta(45), "EOYS": dt.timedelta(0)}


def fill_calendar(w: SmallWarehouse) -> None:
    """Districts, schools, windows and their freezes for three school years."""
    for name, code in (("first", golden_rows.FIRST), ("second", golden_rows.SECOND)):
        w.insert("raw.district", [{"district": name, "district_code": code, "district_name": name.title(), "kind": "district", "grad_credits": 220,
                                   "system": "aeries", "term_system": "semester", "np_as_f": True, "period_absent_rule": "all_periods"}])  # fmt: skip
        w.insert("harmonized.canon_school", [
            {"district_code": code, "school_code": f"{code}0110002", "school_year": COHORT, "school_name": f"{name} High", "is_reporting": True}])  # fmt: skip
        w.insert(
            "harmonized.int_vantage",
            [{"vantage": "current", "vantage_kind": "current", "district_code": code, "known_on": RUN_DAY}],
        )
        for year in (COHORT - 1, COHORT, COHORT + 1):
            for window, lag in FREEZES.items():
                as_of = golden_rows.AS_OF[window].replace(year=golden_rows.AS_OF[window].year + year - COHORT)
                w.insert("harmonized.int_window", [{"vantage": "current", "district_code": code, "school_year": year, "window_code": window,
                                                    "as_of": as_of, "freeze_date": as_of + lag, "is_due": True, "is_frozen": True}])  # fmt: skip
                w.insert("harmonized.int_vantage", [
                    {"vantage": f"{year}_{window}", "vantage_kind": "freeze", "school_year": year, "window_code": window,
                     "district_code": code, "freeze_date": as_of + lag, "known_on": as_of + lag}])  # fmt: skip
    # the measures above are those of a restated freeze as well: only its day is another
    w.insert("harmonized.int_restatement", [{"district_code": golden_rows.FIRST, "school_year": COHORT, "window_code": "EOYS", "known_on": RESTATED}])  # fmt: skip
    w.insert("raw.run", [{"as_of": RUN_DAY}])
    w.insert("staging.stg_core_hub__btsc_membership", [
        {"school_code": f"{golden_rows.FIRST}0110002", "network": "BTSC", "cohort": "1", "start_year": COHORT}])  # fmt: skip


def fill_students(w: SmallWarehouse) -> None:
    """The golden students, known tonight as they were at every freeze."""
    people = sorted({row["person_id"] for row in golden_rows.rows()})
    vantages = {f"{y}_{c}" for y in (COHORT - 1, COHORT, COHORT + 1) for c in FREEZES}
    for person in people:
        student = person[-2:]
        w.insert("harmonized.student", [{"person_id": person, "student_key": f"s_{int(student):024x}", "ssid": person, "first_grade9_year": COHORT}])  # fmt: skip
        for vantage in ("current", *sorted(vantages)):
            w.insert("harmonized.student_local", [
                {"vantage": vantage, "district_code": golden_rows.FIRST, "local_student_id": f"L{student}", "person_id": person}])  # fmt: skip
        for year in (COHORT, COHORT + 1) if student in golden_rows.G10_LANES else (COHORT,):
            w.insert("harmonized.enrollment", [
                {"vantage": "current", "person_id": person, "district_code": golden_rows.FIRST, "local_student_id": f"L{student}", "school_year": year,
                 "school_code": f"{golden_rows.FIRST}0110002", "grade_level": "09" if year == COHORT else "10", "is_primary": True,
                 "entry_date": dt.date(year - 1, 8, 14), "exit_date": dt.date(year, 6, 5) if year == COHORT else None, "exit_reason": "E155",
                 "enrollment_status": "10"}])  # fmt: skip
    for row in golden_rows.rows():
        own = f"{row['school_year']}_{row['window_code']}"
        w.insert("harmonized.student_window", [{"vantage": vantage, **row} for vantage in ("current", own)])


def fill_choices(w: SmallWarehouse) -> None:
    """What other rules make of grade 9: the NP of 14, the incomplete of 13, and twice the days absent for 02."""
    for student, changes in (
        ("14", {"choice": "np_not_f", "n_f_core": 0, "n_df_core": 1, "n_df_elamath": 0}),
        ("13", {"choice": "incomplete_not_f", "n_f_core": 2, "n_df_core": 2, "n_df_elamath": 2}),
        ("02", {"choice": "attendance_majority", "days_absent": 18}),
    ):
        where = {"person_id": golden_rows.person(student), "school_year": COHORT, "window_code": "EOY"}
        w.insert("harmonized.sensitivity_window", [{**where, **changes}])


@pytest.fixture(scope="session")
def golden_warehouse(tmp_path_factory: pytest.TempPathFactory) -> SmallWarehouse:
    """The built warehouse of the golden students and of those about whom something became known late."""
    folder: Path = tmp_path_factory.mktemp("golden")
    w = SmallWarehouse(folder)
    fill_calendar(w)
    fill_students(w)
    late_rows.fill(w)
    companion_rows.fill(w)
    fill_choices(w)
    w.build()
    return w


@pytest.fixture(scope="session")
def golden(golden_warehouse: SmallWarehouse) -> duckdb.DuckDBPyConnection:
    """A connection to it."""
    return golden_warehouse.con


@pytest.fixture(scope="session")
def next_night(golden_warehouse: SmallWarehouse, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The same a night later: every freeze was kept, so that harmonized computes none of them again."""
    folder: Path = tmp_path_factory.mktemp("next_night")
    kept = folder / "kept.parquet"
    golden_warehouse.con.execute(
        f"copy (select * from on_track.snapshot_measure where vantage <> 'current') to '{kept}' (format parquet)"
    )
    w = SmallWarehouse(folder)
    fill_calendar(w)
    fill_students(w)
    late_rows.fill(w)
    companion_rows.fill(w)
    for table in ("student_window", "student_local", "int_vantage"):
        w.con.execute(f"delete from harmonized.{table} where vantage <> 'current'")
    w.con.execute("drop table raw.kept_snapshot")
    w.con.execute(f"create view raw.kept_snapshot as select * from read_parquet('{kept}')")
    w.build(
        "resource_type:seed",
        "on_track",
        "improvement",
        "privacy",
        "published",
        "--exclude-resource-type",
        "test",
        "unit_test",
    )
    return w.con
