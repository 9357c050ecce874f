"""Students made up one rule at a time, as canonical rows; the expectations stand in the test modules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.dbt_project.harmonized.made_up import NORTH, SOUTH, YEAR, Cases, day, school


def build() -> Cases:
    """All cases."""
    c = Cases()
    _marks(c)
    _repeats(c)
    _enrollments(c)
    _days(c)
    _discipline(c)
    _identity(c)
    _groups(c)
    _pace(c)
    _time(c)
    return c


def _plain(c: Cases, *names: str, **columns: Any) -> None:
    for name in names:
        c.student(name)
        c.enroll(name, **columns)


def _marks(c: Cases) -> None:
    _plain(
        c,
        "special_marks",
        "zero_credit",
        "thirds",
        "unmapped",
        "only_w",
        "weighted",
        "two_schools",
        "f_with_credit",
        "transfer_t1",
    )
    c.mark("special_marks", "ENG", "S1", "NP", 5, 5)  # credit sent with NP is not earned
    c.mark("special_marks", "ALG", "S1", "P")
    c.mark("special_marks", "BIO", "S1", "I")
    c.mark("special_marks", "HIS", "S1", "W")
    c.mark("special_marks", "ENG", "S2", "A-")
    c.mark("special_marks", "ALG", "S2", "D+")
    c.mark("zero_credit", "ENG", "S1", "A")
    c.mark("zero_credit", "ALG", "S1", "F", 0, 0)
    for n, credits in enumerate((3.33, 1.67, 6.67, 3.3)):
        c.mark("thirds", "ART", "S1", "F" if n == 0 else "A", credits, section=str(n))
    c.mark("thirds", "BIO", "S1", "F", 3.33)
    c.mark("unmapped", "ENG", "S1", None, 5, 5)
    c.mark("unmapped", "ALG", "S1", "C")
    c.mark("only_w", "ENG", "S1", "W")
    c.mark("weighted", "ENG", "S1", "W")
    c.add(
        "supplied_gpa",
        district_code=NORTH,
        local_student_id="weighted",
        school_year=YEAR,
        term_code="FY",
        gpa=3.9,
        is_weighted=True,
    )
    # the same course-term at two schools: equal credits, posted later; two sections at one school are two marks
    c.mark("two_schools", "ENG", "S1", "F", 5, 0)
    c.mark("two_schools", "ENG", "S1", "C", 5, 5, kind="second", posted_date=dt.date(2025, 1, 20))
    c.mark("two_schools", "ALG", "S1", "B", kind="high", posted_date=dt.date(2025, 1, 10))
    c.mark("two_schools", "ALG", "S1", "D", kind="second", posted_date=dt.date(2025, 1, 20))
    c.mark("two_schools", "BIO", "S1", "A", section="a")
    c.mark("two_schools", "BIO", "S1", "C", section="b")
    c.mark("f_with_credit", "ENG", "S1", "F", 5, 5)
    c.mark("transfer_t1", "ENG", "Q1", "B", 2.5, is_transfer=True)
    c.student("grade8")
    c.enroll("grade8", kind="middle", grade="08")
    for term, mark in (("S1", "B"), ("S2", "F"), ("T1", "C"), ("Q1", "A"), ("FY", "D")):
        c.mark("grade8", "ENG", term, mark, None, None, kind="middle", grade=None)
    c.mark("grade8", "ALG", "S1", "A", 10, 10, kind="middle", grade="08")


def _repeats(c: Cases) -> None:
    _plain(c, "summer", "one_summer", "in_year", "void", "worse")
    for course, mark in (("ALG", "F"), ("BIO", "D")):
        for term in ("S1", "S2"):
            c.mark("summer", course, term, mark)
    c.mark("summer", "ALG", "SS", "C", section="a")
    c.mark("summer", "ALG", "SS", "W", section="b")
    c.mark("one_summer", "ALG", "S1", "D")
    c.mark("one_summer", "ALG", "S2", "F")
    c.mark("one_summer", "ALG", "SS", "B")
    c.mark("in_year", "ALG", "S1", "F")
    c.mark("in_year", "ALG", "S2", "B", section="regular")
    c.mark("in_year", "ALG", "S2", "C", section="recovery", is_repeat=True)
    c.mark("void", "ALG", "S1", "C")
    c.mark("void", "ALG", "S2", "A", is_repeat=True)
    c.mark("void", "ENG", "S1", "B")
    c.student("next_year")
    c.enroll("next_year", year=2024, grade="09")
    c.enroll("next_year", grade="10")
    for code, s1, s2 in (("ALG", "D", "C"), ("BIO", "D", "D"), ("ENG", "F", "B")):
        c.mark("next_year", code, "S1", s1, year=2024)
        c.mark("next_year", code, "S2", s2, year=2024)
    c.mark("next_year", "ALG", "S1", "B", grade="10")  # D of S1 is replaced, C of S2 is not repeated
    c.mark("next_year", "BIO", "S1", "F", grade="10")  # worse: replaces, and the credit of the D stays
    c.mark("next_year", "ENG", "S2", "A", grade="10")  # B of S2 untagged: a new mark; F of S1 stays
    c.mark("worse", "ALG", "S1", "D")
    c.mark("worse", "ALG", "SS", "F")


def _enrollments(c: Cases) -> None:
    c.student("no_show")
    c.enroll("no_show", 1, 1, reason="N470")
    c.student("visitor")
    c.enroll("visitor", 40, 40, reason="T160")
    c.student("secondary")
    c.enroll("secondary")
    c.enroll("secondary", 1, 180, kind="second", status="20")
    c.student("overlap")  # days 101-110 are of the later entry
    c.enroll("overlap", 1, 110, reason="T160")
    c.enroll("overlap", 101, 180, kind="second")
    c.absent("overlap", [50, 105, 106])
    c.absent("overlap", [107], kind="second")
    c.student("swallowed")  # 10 holds over a 30 within it
    c.enroll("swallowed")
    c.enroll("swallowed", 20, 60, kind="second", status="30")
    c.student("tie")  # same entry: more attended days
    c.enroll("tie")
    c.enroll("tie", kind="second")
    c.absent("tie", [3, 4])
    c.student("short")
    c.enroll("short", 1, 15, kind="second", status="30", reason="T160")
    c.enroll("short", 16, 180)
    c.student("long_short")
    c.enroll("long_short", 1, 60, status="30", reason="T160")
    c.student("early_exit")  # E155 within 30 days before as_of
    c.enroll("early_exit", 1, 170)
    c.student("left_early")  # E155 before that
    c.enroll("left_early", 1, 140)
    c.student("leaver")
    c.enroll("leaver", 1, 90, reason="T160")
    c.enroll("leaver", 95, 110, kind="second", reason="T200")
    c.student("late_move")  # 20 days at the school of as_of, 180 in the district
    c.enroll("late_move", 1, 160, reason="T160")
    c.enroll("late_move", 161, 180, kind="second")
    c.student("court")
    c.enroll("court", kind="court")
    c.student("regraded")
    c.enroll("regraded", 1, 90, reason="E150")
    c.enroll("regraded", 91, 180, grade="10")
    c.student("repeater")
    c.enroll("repeater", year=2024)
    c.enroll("repeater")
    c.student("told", first_grade9_year=2023)
    c.enroll("told")


def _days(c: Cases) -> None:
    _plain(c, "categories", "doubled", "weekend")
    for n, category in enumerate(
        ("excused", "unexcused", "oss", "nonada_is", "iss", "ada_is", "tardy", "other_present"), 1
    ):
        c.absent("categories", [n], category)
    c.absent("doubled", [5], "excused")
    c.absent("doubled", [5], "oss")
    c.absent("doubled", [6], "tardy")
    c.add("attendance_event", district_code=NORTH, local_student_id="weekend", school_code=school(NORTH), school_year=YEAR,
        calendar_date=dt.date(2024, 9, 1), period=None, category="unexcused")  # fmt: skip
    for name, district in (("periods_fraction", SOUTH),):
        c.student(name, district)
        c.enroll(name, district=district)
    c.absent("periods_fraction", [1], district=SOUTH, periods=2)
    c.absent("periods_fraction", [2], district=SOUTH, periods=6)
    c.absent("periods_fraction", [3], district=SOUTH)
    c.absent("periods_fraction", [3], district=SOUTH, periods=1)


def _discipline(c: Cases) -> None:
    _plain(c, "suspended", "after")
    c.incident("suspended", day(10), "ISS", 0.5)
    c.incident("suspended", day(20), None, None, number="2")
    c.incident("suspended", day(30), "OSS", 1, number="3")
    c.incident("suspended", day(30), "ISS", 0.5, number="3")
    c.incident("suspended", day(120), "EXP", 5, number="4")
    c.incident("after", dt.date(2025, 6, 28), "OSS", 1)
    c.student("unknown", SOUTH)
    c.enroll("unknown", district=SOUTH)
    c.student("moved_in", ssid="8111111111")
    c.enroll("moved_in", 1, 90, reason="T160")
    c.incident("moved_in", day(10), "OSS", 1)
    c.student("moved_in", SOUTH, ssid="8111111111")
    c.enroll("moved_in", 91, 180, district=SOUTH)


def _identity(c: Cases) -> None:
    c.student("twin_a", ssid="8222222222")
    c.student("twin_b", ssid="8222222222", birth_date=dt.date(2011, 1, 1))
    c.student("again_a", ssid="8333333333")
    c.student("again_b", ssid="8333333333")
    c.student("merged", ssid="8444444444")
    c.student("merged", SOUTH, ssid="8555555555")
    c.student("nobody", ssid=None)
    for name in ("twin_a", "twin_b", "again_a", "merged", "nobody"):
        c.enroll(name)
    c.enroll("rowless")  # enrolled, and in no student file


def _groups(c: Cases) -> None:
    for name, hispanic, codes in (
        ("race_hi", True, "700"), ("race_mr", False, "600;700"), ("race_fi", False, "400"), ("race_asian", False, "201;400"),
        ("race_two_asian", False, "201;207"), ("race_nr", None, None), ("race_pi", False, "301;399"),
    ):  # fmt: skip
        c.student(name, is_hispanic=hispanic, race_codes=codes)
        c.enroll(name)
    _plain(c, "ltel", "not_yet_ltel", "reclassified", "tbd", "english_only", "sed_meals", "sed_parent", "foster_before")
    c.program("ltel", "EL_STATUS", "EL", dt.date(2018, 6, 1))
    c.program("not_yet_ltel", "EL_STATUS", "EL", dt.date(2018, 7, 1))
    c.program("reclassified", "EL_STATUS", "EL", dt.date(2020, 9, 1))
    c.program("reclassified", "EL_STATUS", "RFEP", dt.date(2024, 3, 1))
    c.program("tbd", "EL_STATUS", "TBD", dt.date(2024, 9, 1))
    c.program("english_only", "EL_STATUS", "EO", dt.date(2015, 9, 1))
    c.program("sed_meals", "MEALS", "R", dt.date(2024, 9, 1), dt.date(2024, 10, 1))
    c.program("sed_parent", "PARENT_ED", "14", None)
    c.program("foster_before", "FOSTER", "Y", dt.date(2022, 9, 1), dt.date(2024, 6, 30))


def _pace(c: Cases) -> None:
    c.student("late")  # from outside after T1, nothing loaded
    c.enroll("late", 100)
    c.marks("late", "S2")
    c.student("late_loaded")  # the marks of the first semester came along
    c.enroll("late_loaded", 100)
    c.marks("late_loaded", "S1", is_transfer=True)
    c.marks("late_loaded", "S2")
    c.student("late_then_10")
    c.enroll("late_then_10", 100, year=2024)
    c.enroll("late_then_10", grade="10")
    c.student("summer_credit")  # a summer mark of the year before counts in the total, one of grade 8 does not
    c.enroll("summer_credit", year=2023, kind="middle", grade="08")
    c.enroll("summer_credit", year=2024)
    c.enroll("summer_credit", grade="10")
    c.mark("summer_credit", "ART", "SS", "B", year=2023, kind="middle", grade="08")
    c.mark("summer_credit", "ART", "SS", "B", year=2024, grade="09")
    c.mark("summer_credit", "ENG", "S1", "C", grade="10")
    c.mark("summer_credit", "HIS", "SS", "C", grade="10")


def _time(c: Cases) -> None:
    later = dt.date(2025, 8, 10)  # after the freeze at the end of the year, before that of summer
    _plain(c, "corrected")
    c.marks("corrected", mark="C")
    for n in (1, 2):
        c.absent("corrected", [n])
    c.absent("corrected", [3], known_from=later)  # an absence that became known late
    c.mark("corrected", "ART", "S2", "I", known_to=later)
    c.mark("corrected", "ART", "S2", "A", known_from=later)
    c.student("latecomer", known_from=later)
    c.enroll("latecomer", known_from=later)
    # race, gender and programs of a settled year were corrected after its freeze; so was an enrollment withdrawn
    c.student("regrouped", known_to=later)
    c.student("regrouped", gender="M", race_codes="600", known_from=later)
    c.enroll("regrouped", known_to=later)
    c.enroll("regrouped", 1, 180, kind="second", known_from=later)
    c.program("regrouped", "EL_STATUS", "EL", dt.date(2024, 9, 1), known_to=later)
    c.program("regrouped", "EL_STATUS", "EO", dt.date(2024, 9, 1), known_from=later)
    c.program("regrouped", "SWD", "Y", dt.date(2024, 9, 1), known_from=later)
    # gender first known after the freeze; another district, later, says another race
    c.student("filled_in", ssid="8666666666", gender=None, known_to=later)
    c.student("filled_in", ssid="8666666666", gender="X", known_from=later)
    c.enroll("filled_in")
    c.student("filled_in", SOUTH, ssid="8666666666", gender="F", race_codes="600", known_from=later)
    c.enroll("filled_in", 180, district=SOUTH, known_from=later)
