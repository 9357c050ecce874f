"""Staging of Synergy and Infinite Campus on rows written by hand: what each quirk of the files becomes."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.hand_raw import HandRaw
from tests.support.round_trip import build_staging

D1, D2, D3 = dt.date(2025, 1, 10), dt.date(2025, 6, 20), dt.date(2025, 8, 21)
SYN, CAMPUS = "1964725", "3467439"


def _synergy(raw: HandRaw) -> None:
    raw.district(SYN, "synergy")
    raw.codes(SYN, "attendance_category", EXC="excused", UNX="unexcused")
    raw.codes(SYN, "term_code", FALL="S1", SUM="SS")
    raw.codes(SYN, "suspension_type", _100="OSS", _300="NONE")
    for definition, code, state, since in (
        ("GRADE", "190", "09", D1),
        ("LEAVE_CODE", "13", "T160", D2),  # the list of leave codes comes later
        ("ABS_REASON", "ILL", "EXC", D1),
        ("ABS_REASON", "ODD", "???", D1),
        ("DISPOSITION", "SUSO", "100", D1),
        ("DISPOSITION", "DETN", "300", D1),
        ("ELL_STATUS", "3", "EL", D1),
    ):
        raw.put("synergy__rev_bod_lookup", SYN, since, lookup_def_code=definition, value_code=code, state_code=state)
    raw.put("synergy__rev_year", SYN, D1, year_gu="Y-R", school_year="2024", extension="R")
    raw.put("synergy__rev_year", SYN, D1, year_gu="Y-S", school_year="2024", extension="S")
    for gu, year in (("OY", "Y-R"), ("OY-S", "Y-S")):
        raw.put(
            "synergy__rev_organization_year",
            SYN,
            D1,
            organization_year_gu=gu,
            year_gu=year,
            school_code="022",
            state_school_code="3000022",
            organization_name="Oak High",
        )
    raw.put("synergy__epc_sch_yr_trm_def", SYN, D1, organization_year_gu="OY-S", term_code="SUM",
            start_date="2025-06-16 00:00:00", end_date="7/18/2025", credit_term="Y")  # fmt: skip
    raw.put("synergy__epc_sch_att_cal", SYN, D1, organization_year_gu="OY", cal_date="2024-08-19", bell_periods="6")
    raw.put("synergy__epc_sch_att_cal", SYN, D1, organization_year_gu="OY", cal_date="2024-09-02", holiday="HOL")
    # S1 has a new number from the third delivery on; S2 is no longer sent after the second, and still referred to
    raw.put("synergy__epc_stu", SYN, D1, D3, student_gu="S1", sis_number="1001", state_student_number="9000000001")
    raw.put("synergy__epc_stu", SYN, D3, student_gu="S1", sis_number="2001", state_student_number="9000000001")
    raw.put("synergy__epc_stu", SYN, D1, D2, student_gu="S2", sis_number="1002", state_student_number="900000000")
    raw.put("synergy__rev_person", SYN, D1, person_gu="S1", birth_date="13/1/2010", gender="f",
            hispanic_indicator="N", ethnic_code_1="700", ethnic_code_2="201", ethnic_code_3="999")  # fmt: skip
    raw.put("synergy__rev_person", SYN, D1, person_gu="S2", birth_date="2/9/2010", gender="Q")
    raw.put("synergy__epc_stu_pgm_ell", SYN, D1, student_gu="S2", ell_status="3", enter_date="8/15/2016")
    for n in "12":
        raw.put("synergy__epc_stu_sch_yr", SYN, D1, student_school_year_gu=f"SSY{n}", student_gu=f"S{n}",
                organization_year_gu="OY")  # fmt: skip
    enroll = "synergy__epc_stu_enroll"
    raw.put(enroll, SYN, D1, student_school_year_gu="SSY2", grade="190", enter_date="2024-08-19",
            leave_date="2024-10-01", leave_code="13")  # fmt: skip
    raw.put(enroll, SYN, D1, student_school_year_gu="SSY2", grade="190", enter_date="2024-11-04", exclude_ada_adm="C")
    raw.put(enroll, SYN, D1, student_school_year_gu="SSY2", grade="ZZ", enter_date="2024-13-04", short_term_ind="Y")
    raw.put("synergy__epc_stu_att_period", SYN, D1, student_school_year_gu="SSY1", abs_date="2024-08-19",
            bell_period="2", abs_reason="ILL")  # fmt: skip
    raw.put(
        "synergy__epc_stu_att_daily", SYN, D1, student_school_year_gu="SSY2", abs_date="8/20/2024", abs_reason="ODD"
    )
    raw.put(
        "synergy__epc_stu_att_daily", SYN, D1, student_school_year_gu="SSY2", abs_date="8/21/2024", abs_reason="UNX"
    )
    for low, high, mark in ((90, 100, "A"), (80, 89.99, "B"), (0, 59.99, "F")):
        raw.con.execute(
            "insert into raw.mark_scale values (?, 'default', null, null, null, ?, ?, ?)", [SYN, low, high, mark]
        )
    raw.con.execute("insert into raw.mark_scale values (?, 'default', null, null, 'P', null, null, 'P')", [SYN])
    raw.put("synergy__epc_crs", SYN, D1, course_gu="C1", course_id="M0900", course_title="ALGEBRA 1",
            state_course_code="2437", uc_csu_approved="Y")  # fmt: skip
    raw.put("synergy__epc_sch_yr_sect", SYN, D1, section_gu="SEC1", section_id="A-1", course_gu="C1")
    for n, (section, text, credit) in enumerate(
        (
            ("SEC1", "89.5", "5"),
            ("SEC1", "90", "3.3333"),
            ("SEC1", " p ", "5x"),
            ("SEC1", "101", None),
            (None, "12.7", ".5"),
            ("LOST", "abc", "0"),
        )
    ):
        raw.put("synergy__epc_stu_crs_his", SYN, D1, student_gu="S2", organization_year_gu="OY", course_gu="C1",
                section_gu=section, term_code="FALL", mark=text, credit_attempted=credit, post_date=f"12/{n + 1}/2024",
                repeat_tag="R" if n == 1 else None, school_non_dst_name=None if section else "Elsewhere")  # fmt: skip
    for incident, code, days in (("I-1", "SUSO", "0.5"), ("I-2", "DETN", "1"), ("I-3", "NEW", "1")):
        raw.put("synergy__epc_stu_inc_disposition", SYN, D1, student_gu="S2", organization_year_gu="OY",
                incident_id=incident, incident_date="2024-10-03", disposition_code=code, disposition_days=days)  # fmt: skip


def _campus(raw: HandRaw) -> None:
    raw.district(CAMPUS, "infinite_campus", 10)
    raw.codes(CAMPUS, "attendance_category", EXC="excused", UNX="unexcused", SUS="oss", ISS="iss", PRS="present")
    raw.codes(CAMPUS, "grade_level", _09="09")
    raw.codes(CAMPUS, "exit_reason", E155="E155", N470="N470")
    raw.codes(CAMPUS, "term_code", Sem1="S1", Qtr1="Q1")
    raw.con.execute("insert into raw.mark_scale values (?, 'default', null, null, 'B+', null, null, 'B+')", [CAMPUS])
    for number, state_number, exclude in (("022", "3000022", "0"), ("X990", "0000990", "1")):
        raw.put("infinite_campus__school", CAMPUS, D1, end_year="2025", school_number=number,
                state_school_number=state_number, accountability="1", state_exclude=exclude)  # fmt: skip
    for calendar, number, exclude in (("1", "022", "0"), ("2", "022", "1"), ("3", "X990", "0")):
        raw.put("infinite_campus__calendar", CAMPUS, D1, end_year="2025", calendar_id=calendar, school_number=number,
                state_exclude=exclude)  # fmt: skip
        raw.put("infinite_campus__day", CAMPUS, D1, end_year="2025", calendar_id=calendar, date="8/19/2024",
                school_day="1", attendance="1", periods="6")  # fmt: skip
        raw.put("infinite_campus__enrollment", CAMPUS, D1, end_year="2025", person_id="7", calendar_id=calendar,
                grade="09", service_type="P", start_date="8/19/2024", state_exclude="0")  # fmt: skip
    raw.put("infinite_campus__day", CAMPUS, D1, end_year="2025", calendar_id="1", date="8/20/2024", school_day="1",
            attendance="0")  # fmt: skip
    # as text 9/1/2019 is the greater one
    for identity, effective, state_id, gender in (
        ("71", "9/1/2019", "9000000009", "M"),
        ("70", "10/1/2019", "9000000007", "X"),
        ("72", None, "9000000008", "F"),
    ):
        raw.put("infinite_campus__identity", CAMPUS, D1, person_id="7", student_number="1007", identity_id=identity,
                effective_date=effective, state_id=state_id, gender=gender, birth_date="2/30/2010", hispanic="Y",
                race_codes="700,201", entered_grade9="8/15/2024")  # fmt: skip
    for service, short, start, end_status, no_show, exclude in (
        ("N", "0", "9/1/2024", "E155", "0", "0"),
        ("S", "0", "9/2/2024", "E155", "0", "0"),
        ("P", "1", "9/3/2024", None, "1", "0"),
        ("P", "0", "9/4/2024", "E155", "0", "1"),
    ):
        raw.put("infinite_campus__enrollment", CAMPUS, D1, end_year="2025", person_id="7", calendar_id="1", grade="09",
                service_type=service, short_term=short, start_date=start, end_date="6/12/2025", end_status=end_status,
                no_show=no_show, state_exclude=exclude)  # fmt: skip
    for period, code, status, minutes, calendar in (
        ("1", "EXC", "A", "0", "1"),
        ("2", "UNX", "A", "12", "1"),
        ("3", "UNX", "T", "40", "1"),
        ("4", "UNX", "P", "50", "1"),
        ("5", "PRS", "P", "50", "1"),
        ("6", "ISS", "P", "50", "1"),
        ("7", "NEW", "A", "0", "1"),
        ("8", "SUS", "A", None, "1"),
        ("1", "UNX", "A", "0", "2"),
    ):
        raw.put("infinite_campus__attendance", CAMPUS, D1, end_year="2025", person_id="7", calendar_id=calendar,
                date="8/19/2024", period=period, code=code, status=status, present_minutes=minutes)  # fmt: skip
    raw.put("infinite_campus__course", CAMPUS, D1, end_year="2025", course_id="5", course_number="M0900",
            course_name="ALGEBRA 1", state_code="2437", uc_csu="0")  # fmt: skip
    raw.put(
        "infinite_campus__section", CAMPUS, D1, end_year="2025", section_id="50", section_number="A-1", course_id="5"
    )
    for section, attempted, earned in (("50", "0.5", "0.33333"), (None, ".5", "half")):
        raw.put("infinite_campus__transcript", CAMPUS, D1, end_year="2025", person_id="7", calendar_id="1",
                section_id=section, course_id="5", term="Sem1", grade="09", score="B+", credits_attempted=attempted,
                credits_earned=earned, repeat="0", transfer="1", post_date="12/20/2024")  # fmt: skip
    raw.put("infinite_campus__grade", CAMPUS, D1, end_year="2025", person_id="7", calendar_id="1", section_id="50",
            term="Qtr1", grade="09", score="B+", post_date="10/18/2024")  # fmt: skip


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    scratch = tmp_path_factory.mktemp("staging")
    warehouse = Path(scratch) / "core.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        raw = HandRaw(con, ("synergy", "infinite_campus"))
        _synergy(raw)
        _campus(raw)
    for system in ("synergy", "infinite_campus"):
        build_staging(system, warehouse, scratch)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        yield con


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return con.execute(query).fetchall()


def test_synergy_schools_and_terms_know_summer(staged: duckdb.DuckDBPyConnection) -> None:
    schools = _rows(staged, "select school_code, school_year, local_school_code from staging.stg_synergy__school")
    assert schools == [("19647253000022", 2025, "022")]
    terms = _rows(
        staged, "select school_year, term_code, term_kind, start_date, end_date from staging.stg_synergy__term"
    )
    assert terms == [(2025, "SS", "summer", dt.date(2025, 6, 16), dt.date(2025, 7, 18))]


def test_synergy_holidays_are_no_school_days(staged: duckdb.DuckDBPyConnection) -> None:
    days = _rows(staged, "select calendar_date, n_periods from staging.stg_synergy__calendar_day")
    assert days == [(dt.date(2024, 8, 19), 6)]


def test_synergy_students_by_version(staged: duckdb.DuckDBPyConnection) -> None:
    columns = "local_student_id, ssid, birth_date, gender, is_hispanic, race_codes, known_from, known_to"
    students = _rows(staged, f"select {columns} from staging.stg_synergy__student order by 1")
    assert students == [
        ("1001", "9000000001", None, "F", False, "201;700", D1, D3),
        ("1002", None, dt.date(2010, 2, 9), None, None, None, D1, D2),
        ("2001", "9000000001", None, "F", False, "201;700", D3, None),
    ]


def test_synergy_student_no_longer_sent_is_still_referred_to(staged: duckdb.DuckDBPyConnection) -> None:
    programs = _rows(
        staged,
        "select local_student_id, program, value, start_date, known_to from staging.stg_synergy__student_program",
    )
    assert programs == [("1002", "EL_STATUS", "EL", dt.date(2016, 8, 15), None)]


def test_synergy_enrollment_from_history_and_codes_as_known(staged: duckdb.DuckDBPyConnection) -> None:
    columns = "grade_level, entry_date, exit_date, exit_reason, enrollment_status, known_from, known_to, is_versioned"
    rows = _rows(staged, f"select {columns} from staging.stg_synergy__enrollment order by entry_date, known_from")
    first, left, second = dt.date(2024, 8, 19), dt.date(2024, 10, 1), dt.date(2024, 11, 4)
    assert rows == [
        ("09", first, left, None, "10", D1, D2, True),
        ("09", first, left, "T160", "10", D2, None, True),
        ("09", second, None, None, "20", D1, None, False),
        (None, None, None, None, "30", D1, None, False),
    ]


def test_synergy_attendance_by_period_and_day(staged: duckdb.DuckDBPyConnection) -> None:
    columns = "local_student_id, calendar_date, period, category, known_from, known_to"
    rows = _rows(staged, f"select {columns} from staging.stg_synergy__attendance_event order by 1, 2")
    assert rows == [
        ("1001", dt.date(2024, 8, 19), "2", "excused", D1, D3),
        ("1002", dt.date(2024, 8, 20), None, "???", D1, None),
        ("1002", dt.date(2024, 8, 21), None, "unexcused", D1, None),
        ("2001", dt.date(2024, 8, 19), "2", "excused", D3, None),
    ]


def test_synergy_marks_by_scale(staged: duckdb.DuckDBPyConnection) -> None:
    columns = "mark_raw, mark, credits_attempted, section_id, is_transfer, is_repeat, is_ag"
    rows = _rows(staged, f"select {columns} from staging.stg_synergy__course_mark order by posted_date")
    assert rows == [
        ("89.5", "B", Decimal("5.0000"), "A-1", False, False, True),
        ("90", "A", Decimal("3.3333"), "A-1", False, True, True),
        (" p ", "P", None, "A-1", False, False, True),
        ("101", None, None, "A-1", False, False, True),
        ("12.7", "F", Decimal("0.5000"), "T-M0900-S1", True, False, True),
        ("abc", None, Decimal("0.0000"), None, False, False, True),
    ]


def test_synergy_incidents(staged: duckdb.DuckDBPyConnection) -> None:
    columns = "incident_id, suspension_type, suspension_days, school_year"
    rows = _rows(staged, f"select {columns} from staging.stg_synergy__incident order by 1")
    assert rows == [("I-1", "OSS", Decimal("0.500"), 2025), ("I-2", None, None, 2025), ("I-3", None, None, 2025)]


def test_campus_latest_identity_counts(staged: duckdb.DuckDBPyConnection) -> None:
    columns = "local_student_id, ssid, gender, birth_date, race_codes, first_grade9_year"
    rows = _rows(staged, f"select {columns} from staging.stg_infinite_campus__student")
    assert rows == [("1007", "9000000007", "X", None, "201;700", 2025)]


def test_campus_leaves_out_what_the_state_does_not_see(staged: duckdb.DuckDBPyConnection) -> None:
    assert _rows(staged, "select school_code from staging.stg_infinite_campus__school") == [("34674393000022",)]
    assert len(_rows(staged, "from staging.stg_infinite_campus__calendar_day")) == 1
    columns = "entry_date, exit_reason, enrollment_status"
    rows = _rows(staged, f"select {columns} from staging.stg_infinite_campus__enrollment order by 1")
    assert rows == [
        (dt.date(2024, 8, 19), None, "10"),
        (dt.date(2024, 9, 2), "E155", "20"),
        (dt.date(2024, 9, 3), "N470", "30"),
    ]


def test_campus_period_is_absent_only_without_a_minute(staged: duckdb.DuckDBPyConnection) -> None:
    rows = _rows(staged, "select period, category from staging.stg_infinite_campus__attendance_event order by 1")
    assert rows == [
        ("1", "excused"),
        ("2", "other_present"),
        ("3", "tardy"),
        ("4", "other_present"),
        ("6", "iss"),
        ("7", None),
        ("8", "oss"),
    ]


def test_campus_carnegie_units_and_quarters(staged: duckdb.DuckDBPyConnection) -> None:
    columns = "term_code, section_id, credits_attempted, credits_earned, is_final, is_transfer, is_ag, mark"
    rows = _rows(staged, f"select {columns} from staging.stg_infinite_campus__course_mark order by 1, 2")
    assert rows == [
        ("Q1", "A-1", None, None, False, False, False, "B+"),
        ("S1", "A-1", Decimal("5.0000"), Decimal("3.3333"), True, True, False, "B+"),
        ("S1", "T-M0900-S1", Decimal("5.0000"), None, True, True, False, "B+"),
    ]


@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("base_synergy__code", "district_code, map_name, code, valid_from"),
        ("base_synergy__student", "district_code, student_gu"),
        ("base_synergy__organization_year", "district_code, organization_year_gu"),
        ("base_synergy__student_school_year", "district_code, student_school_year_gu"),
        ("base_synergy__course", "district_code, course_gu"),
        ("base_infinite_campus__calendar", "district_code, calendar_id"),
        ("base_infinite_campus__person", "district_code, person_id"),
        ("base_infinite_campus__course", "district_code, end_year, course_id"),
        ("base_infinite_campus__section", "district_code, end_year, section_id"),
    ],
)
def test_versions_of_a_key_follow_each_other(staged: duckdb.DuckDBPyConnection, model: str, key: str) -> None:
    rows = _rows(staged, f"select {key}, known_from, known_to from staging.{model} order by all")
    assert rows
    for (*one, _, until), (*two, since, _) in itertools.pairwise(rows):
        assert one != two or until == since
