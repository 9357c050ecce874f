"""Staging of Aeries tables on rows written by hand: what each quirk of the files becomes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.support.hand_raw import HandRaw
from tests.support.round_trip import build_staging

D1, D2, D3 = dt.date(2025, 1, 10), dt.date(2025, 6, 20), dt.date(2025, 8, 21)
NUMBERS, EXCEL = "3066522", "0161259"
Y24, Y25 = {"_scope": "2023"}, {"_scope": "2024"}


def _places(raw: HandRaw) -> None:
    for code in (NUMBERS, EXCEL):
        raw.district(code, "aeries")
        raw.codes(code, "term_code", F="S1", R="SS")
        raw.codes(code, "marking_period", _1="Q1", _2="S1")
        raw.codes(code, "grade_level", _0="KN", _9="09", _12="12")
        raw.codes(code, "enrollment_status", P="10")
        raw.codes(code, "school_type", H="high")
        raw.codes(code, "removal", SUS="OSS", DET="NONE")
        raw.codes(code, "el_status", L="EL")
        raw.codes(code, "program", _190="FOSTER")
    # School 1 is another one in 2024-25, and the file that says so came after those that name it.
    loc = {"co": "30", "di": "66522", "ty": "H", "lg": "9", "hg": "12", "rp": "Y", "sf": "4.0"}
    raw.put("aeries__loc", NUMBERS, D1, cd="1", si="3000001", nm="Old", **loc, **Y24)
    raw.put("aeries__loc", NUMBERS, D2, cd="1", si="3000002", nm="New", **loc, **Y25)
    for number, cds in (("1", "1612593000003"), ("2", "01612593000004"), ("3", "161259300000")):
        raw.put("aeries__loc", EXCEL, D1, cd=number, cds=cds, ty="?", rp="N", sf="12", **Y25)
    raw.put("aeries__trm", EXCEL, D1, sc="1", tc="R", sd="6/9/2025", ed="7/11/2025", cb="Y", **Y25)


def _days(raw: HandRaw) -> None:
    # In June the calendar was sent again: Tuesday is no school day, so Wednesday is now day 2.
    for day, number, kind, since, until in (
        ("2024-09-02", None, "#", D1, D2),
        ("2024-09-03", "1", None, D1, D2),
        ("2024-09-04", "2", "%", D1, D2),
        ("2024-09-05", "3", "$", D1, D2),
        ("2024-09-03", None, "@", D2, None),
        ("2024-09-04", "1", "+", D2, None),
    ):
        raw.put("aeries__day", NUMBERS, since, until, sc="1", dt=day, dy=number, hc=kind, **Y25)
    absences = (
        ("E", "2", "N", "N", None),
        ("S", "3", "Y", "N", None),
        ("I", "4", "Y", "Y", None),
        ("N", "3", "N", "N", "I"),
        ("C", "4", "N", "Y", "C"),
        ("9", "9", "N", "Y", None),
        ("6", "6", "N", "Y", None),
    )
    for code, kind, suspension, ada, study in absences:
        raw.put("aeries__abs", NUMBERS, D1, sc="1", cd=code, ty=kind, su=suspension, ad=ada, isc=study, **Y25)
        raw.put(
            "aeries__att",
            EXCEL,
            D1,
            id="b",
            sc="1",
            dt=f"9/{absences.index((code, kind, suspension, ada, study)) + 2}/2024",
            al=code,
            **Y25,
        )
        raw.put("aeries__abs", EXCEL, D1, sc="1", cd=code, ty=kind, su=suspension, ad=ada, isc=study, **Y25)
    raw.put("aeries__abs", NUMBERS, D1, sc="2", cd="E", ty="3", su="N", ad="N", **Y25)
    raw.put("aeries__att", NUMBERS, D1, id="a", sc="1", dy="1", al="E", **Y25)
    raw.put("aeries__att", NUMBERS, D1, id="a", sc="2", dy="1", al="E", **Y25)
    raw.put("aeries__att", NUMBERS, D1, id="a", sc="1", dy="2", al="?", **Y25)


def _people(raw: HandRaw) -> None:
    person = {"cid": "9000000001", "gn": "f", "eth": "Y", "rc1": "700", "rc2": "201", "rc3": "700", "rc4": "999"}
    raw.put("aeries__stu", NUMBERS, D1, id=" 0007 ", bd="2010-03-05T00:00:00", ngy="2024", ped="14", **person)
    for local, birth in (("1", "13/5/2010"), ("2", "2/30/2010"), ("3", "3/5/2010"), ("4", "2010-3-5")):
        raw.put("aeries__stu", EXCEL, D1, id=local, bd=birth, cid="12345", ngy="24")
    raw.put("aeries__lac", NUMBERS, D1, id="0007", lf="L", sd="2016-08-15")
    raw.put("aeries__pgm", NUMBERS, D1, id="0007", cd="190", psd="2024-09-01", ped="2024-10-01")
    raw.put("aeries__cse", NUMBERS, D1, id="0007", ed="2019-01-07")
    raw.put("aeries__enr", NUMBERS, D1, D3, id="a", sc="1", yr="2024", gr="9", ed="2024-08-12", sp="P", **Y25)
    raw.put(
        "aeries__enr",
        NUMBERS,
        D1,
        id="a",
        sc="1",
        yr="2023",
        gr="0",
        ed="2023-08-14",
        ld="2024-05-30",
        er="E155",
        **Y24,
    )
    raw.put("aeries__enr", NUMBERS, D1, id="a", sc="77", yr="2024", gr="K", ed="yesterday", er="15", sp="X", **Y25)


def _marks(raw: HandRaw) -> None:
    for text, mark, since, until in (
        ("A", "A", None, dt.date(2024, 12, 31)),
        ("4", "A", dt.date(2025, 1, 1), None),
        ("CR", "P", None, dt.date(2024, 12, 31)),
    ):
        raw.con.execute(
            "insert into raw.mark_scale values (?, 'default', ?, ?, ?, null, null, ?)",
            [NUMBERS, since, until, text, mark],
        )
    raw.put("aeries__crs", NUMBERS, D1, cn="0100", co="ENGLISH 9", s3="2130", ag="Y", **Y25)
    raw.put("aeries__crs", NUMBERS, D1, cn="0700", co="ART", s3="ART1", ag=None, **Y25)
    base = {"id": "a", "sc": "1", "te": "F", "cn": "0100", "gr": "9", **Y25}
    for section, mark, day, extra in (
        ("1", "A", "2024-12-31", {"ca": "5", "cc": "5.00"}),
        ("2", "A", "2025-01-01", {"ca": "3.3333", "cc": "-"}),
        ("3", "4", "2025-01-01", {"rt": "R"}),
        ("4", "4", None, {"co": "ENGLISH 9 HONORS", "st": "99999990000000"}),
        ("5", "a ", "2024-12-20", {}),
    ):
        raw.put("aeries__his", NUMBERS, D1, sy="2024-2025", se=section, mk=mark, dp=day, **base, **extra)
    raw.put("aeries__his", NUMBERS, D1, sy="2024-2025", mk="CR", dp="2024-12-20", **{**base, "cn": "0700"})
    raw.put("aeries__his", NUMBERS, D1, sy="2024-25", se="6", mk="A", dp="2024-12-20", **base)
    raw.put("aeries__grd", NUMBERS, D1, id="a", sc="1", se="1", cn="0100", gr="9", m1="A", d1="2024-10-11", m2="CR",
            d2="2024-12-20", **Y25)  # fmt: skip


def _conduct(raw: HandRaw) -> None:
    # The incident stands from January; a suspension was entered in June and taken back in August.
    raw.put("aeries__ads", NUMBERS, D1, iid="7", id="a", sc="1", dt="2024-09-04", **Y25)
    raw.put("aeries__dsp", NUMBERS, D2, D3, iid="7", id="a", ds="SUS", da="0.125", **Y25)
    raw.put("aeries__dsp", NUMBERS, D1, iid="7", id="a", ds="DET", da="3", **Y25)
    raw.put("aeries__dsp", NUMBERS, D1, iid="7", id="b", ds="SUS", da="2", **Y25)
    raw.put("aeries__gpa", NUMBERS, D1, id="a", sy="2024-2025", te="F", gp="4.3333", ty="W", **Y25)


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    scratch = tmp_path_factory.mktemp("aeries")
    warehouse = scratch / "core.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        raw = HandRaw(con, ["aeries"])
        for part in (_places, _days, _people, _marks, _conduct):
            part(raw)
    build_staging("aeries", warehouse, scratch)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        yield con


def _rows(con: duckdb.DuckDBPyConnection, entity: str, columns: str, district: str = NUMBERS) -> list[tuple[Any, ...]]:
    return con.execute(
        f"select {columns} from staging.stg_aeries__{entity} where district_code = '{district}' order by all"
    ).fetchall()


def test_a_number_means_another_school_in_another_year(staged: duckdb.DuckDBPyConnection) -> None:
    assert _rows(staged, "school", "school_year, school_code, school_type, low_grade, is_reporting, staff_count") == [
        (2024, "30665223000001", "high", "09", True, None),
        (2025, "30665223000002", "high", "09", True, None),
    ]


def test_a_zero_that_excel_has_eaten_is_put_back_and_nothing_else(staged: duckdb.DuckDBPyConnection) -> None:
    assert _rows(staged, "school", "local_school_code, school_code, school_type, is_reporting, staff_count", EXCEL) == [
        ("1", "01612593000003", None, False, 12),
        ("2", "01612593000004", None, False, 12),
        ("3", None, None, False, 12),
    ]
    assert _rows(staged, "term", "school_code, term_code, term_kind, start_date, is_credit_bearing", EXCEL) == [
        ("01612593000003", "SS", "summer", dt.date(2025, 6, 9), True)
    ]


def test_holidays_and_staff_days_are_no_school_days(staged: duckdb.DuckDBPyConnection) -> None:
    assert _rows(staged, "calendar_day", "calendar_date, day_number, known_from, known_to") == [
        (dt.date(2024, 9, 3), 1, D1, D2),
        (dt.date(2024, 9, 4), 1, D2, None),
        (dt.date(2024, 9, 4), 2, D1, D2),
    ]


def test_a_day_number_is_read_by_the_calendar_of_its_time(staged: duckdb.DuckDBPyConnection) -> None:
    columns = "school_code, calendar_date, category, known_from, known_to, is_versioned"
    assert _rows(staged, "attendance_event", columns) == [
        ("30665223000002", dt.date(2024, 9, 3), "excused", D1, D2, True),
        ("30665223000002", dt.date(2024, 9, 4), "excused", D2, None, True),
        ("30665223000002", dt.date(2024, 9, 4), None, D1, None, False),  # a code that nobody explained
        (None, None, "unexcused", D1, None, False),  # E of school 2, which no calendar and no LOC knows
    ]


def test_absence_codes_by_type_and_flags(staged: duckdb.DuckDBPyConnection) -> None:
    assert [row[1] for row in _rows(staged, "attendance_event", "calendar_date, category", EXCEL)] == [
        "excused",
        "oss",
        "iss",
        "nonada_is",
        "ada_is",
        "tardy",
        "other_present",
    ]


def test_students_and_their_programs(staged: duckdb.DuckDBPyConnection) -> None:
    columns = "local_student_id, ssid, birth_date, gender, is_hispanic, race_codes, first_grade9_year"
    assert _rows(staged, "student", columns) == [
        ("0007", "9000000001", dt.date(2010, 3, 5), "F", True, "201;700", 2025)
    ]
    # 13 in the first place is an error, not a day; and 24 is no year.
    assert _rows(staged, "student", "local_student_id, birth_date, ssid, first_grade9_year", EXCEL) == [
        ("1", None, None, None),
        ("2", None, None, None),
        ("3", dt.date(2010, 3, 5), None, None),
        ("4", None, None, None),
    ]
    assert _rows(staged, "student_program", "program, value, start_date, end_date") == [
        ("EL_STATUS", "EL", dt.date(2016, 8, 15), None),
        ("FOSTER", "Y", dt.date(2024, 9, 1), dt.date(2024, 10, 1)),
        ("PARENT_ED", "14", None, None),
        ("SWD", "Y", dt.date(2019, 1, 7), None),
    ]


def test_an_unreadable_value_is_null_and_the_row_stays(staged: duckdb.DuckDBPyConnection) -> None:
    columns = "school_code, school_year, grade_level, entry_date, exit_reason, enrollment_status, known_from, known_to"
    assert _rows(staged, "enrollment", columns) == [
        ("30665223000001", 2024, "KN", dt.date(2023, 8, 14), "E155", None, D1, None),
        ("30665223000002", 2025, "09", dt.date(2024, 8, 12), None, "10", D1, D3),
        (None, 2025, None, None, None, None, D1, None),
    ]


def test_marks_are_read_by_the_scale_of_their_day(staged: duckdb.DuckDBPyConnection) -> None:
    columns = "section_id, school_year, term_code, mark_raw, mark, is_final, is_repeat, is_transfer"
    assert _rows(staged, "course_mark", columns) == [
        ("1", 2025, "Q1", "A", "A", False, False, False),
        ("1", 2025, "S1", "A", "A", True, False, False),
        ("1", 2025, "S1", "CR", "P", False, False, False),
        ("2", 2025, "S1", "A", None, True, False, False),  # a letter after the scale has changed
        ("3", 2025, "S1", "4", "A", True, True, False),
        ("4", 2025, "S1", "4", "A", True, False, True),  # no day: the scale at the year's end
        ("5", 2025, "S1", "a ", "A", True, False, False),
        ("6", None, "S1", "A", "A", True, False, False),  # '2024-25' is no year
        ("T-0700-S1", 2025, "S1", "CR", "P", True, False, False),
    ]
    columns = "section_id, course_name, state_course_code, is_ag, credits_attempted, credits_earned"
    finals = [row for row in _rows(staged, "course_mark", f"is_final, {columns}") if row[0]]
    assert finals[1:5] == [
        (True, "2", "ENGLISH 9", "2130", True, Decimal("3.3333"), None),
        (True, "3", "ENGLISH 9", "2130", True, None, None),
        (True, "4", "ENGLISH 9 HONORS", "2130", True, None, None),
        (True, "5", "ENGLISH 9", "2130", True, None, None),
    ]
    assert finals[-1] == (True, "T-0700-S1", "ART", None, None, None, None)


def test_an_incident_stands_without_removal_for_as_long_as_none_was_known(staged: duckdb.DuckDBPyConnection) -> None:
    columns = "incident_id, suspension_type, suspension_days, known_from, known_to"
    assert _rows(staged, "incident", columns) == [
        ("7", "OSS", Decimal("0.125"), D2, D3),
        ("7", None, None, D1, D2),
        ("7", None, None, D3, None),
    ]
    assert _rows(staged, "supplied_gpa", "school_year, term_code, gpa, is_weighted") == [
        (2025, "S1", Decimal("4.3333"), True)
    ]
