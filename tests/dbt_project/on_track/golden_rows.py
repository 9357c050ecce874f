"""The sixteen golden students of domain.md section 13 as rows of harmonized.student_window.

The measures are counted here from the marks of the fixture by plain Python, so that the models are held to the worked
examples and not to themselves.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from tests.golden.students import COHORT, FIXTURE

FIRST, SECOND = "3066522", "1062166"  # student 08 moves from the first district to the second
SUBJECTS = ("ELA", "MATH", "SCIENCE", "SOCIAL_SCIENCE", "OTHER", "OTHER")
COLLAPSED = {"A": 4, "B": 3, "C": 2, "D": 1, "F": 0}
KEPT = {"A-": "3.7", "B+": "3.3", "B-": "2.7", "C+": "2.3", "C-": "1.7", "D+": "1.3"}
G10_LANES = {"01": 5, "02": 3, "03": 4, "04": 3, "06": 3, "07": 2, "08": 2, "09": 3, "13": 3, "14": 4, "15": 3, "16": 4}
#: marks of one term (six courses of 5 credits) that give a lane with 97% attendance, no suspension, all credits
MARKS_OF_LANE = {
    2: "C C F D C C|C C F D C C",
    3: "C C C B B B|C C C B B B",
    4: "B B B B B B|B B B B A B",
    5: "A A A A A A|A A A A A A",
}
AS_OF = {"EOY": dt.date(COHORT, 6, 5), "T1": dt.date(COHORT - 1, 12, 19), "EOYS": dt.date(COHORT, 8, 31)}
T1_DAYS = {"08": (85, 6), "09": (55, 3), "11": (85, 4), "14": (85, 2), "15": (60, 3), "12": (0, 0)}


def person(student: str) -> str:
    """The resolved id of a golden student."""
    return f"90000000{student}"


def high_school(student: str) -> tuple[str, str]:
    """District and school credited in grade 9."""
    district = SECOND if student == "08" else FIRST
    return district, f"{district}0110002"


def mark_measures(
    terms: list[str], credit: Fraction, incomplete_is_f: bool, extra: Fraction = Fraction(0)
) -> dict[str, Any]:
    """Columns of student_window that follow from the marks of a window."""
    out: dict[str, Any] = dict.fromkeys(
        ["n_marks", "n_df_core", "n_df_elamath", "n_df_ela", "n_df_math", "n_f_ela", "n_f_math", "n_core_marks",
         "n_ag_attempted", "n_ag_failed", "n_not_earned", "n_core_not_ab"], 0)  # fmt: skip
    points = kept = graded = failed = attempted = earned = Fraction(0)
    low: list[str] = []
    for n, term in enumerate(terms, 1):
        for subject, mark in zip(SUBJECTS, term.split(), strict=True):
            core = subject != "OTHER"
            counts_as_f = mark in ("F", "NP") or (mark == "I" and incomplete_is_f)
            is_low = counts_as_f or mark[0] == "D"
            out["n_marks"] += 1
            attempted += credit
            if mark[0] in COLLAPSED:
                points += COLLAPSED[mark[0]] * credit
                kept += Fraction(KEPT.get(mark, COLLAPSED[mark[0]])) * credit
                graded += credit
            if mark[0] in "ABCD" or mark == "P":
                earned += credit
            else:
                out["n_not_earned"] += 1
            if core:
                out["n_core_marks"] += mark != "I" or incomplete_is_f
                failed += credit / 5 if counts_as_f else 0
                out["n_df_core"] += is_low
                if is_low:
                    low.append(f"{mark} in {subject}, S{n}")
            if subject in ("ELA", "MATH"):
                out["n_df_elamath"] += is_low
                out[f"n_df_{subject.lower()}"] += is_low
                out[f"n_f_{subject.lower()}"] += counts_as_f
    out |= {
        "points_collapse": points, "points_keep": kept, "credits_graded": graded, "n_f_core": failed, "credits_attempted": attempted,
        "credits_earned": earned, "credits_earned_total": earned + extra, "low_core_marks": low, "f_core_marks": low[:0], "df_elamath_marks": low[:0],
    }  # fmt: skip
    return {k: decimal(v) if isinstance(v, Fraction) else v for k, v in out.items()}


def decimal(value: Fraction) -> str:
    """A fraction as DECIMAL text with twelve places."""
    whole, part = divmod(value.numerator * 10**12 // value.denominator, 10**12)
    return f"{whole}.{part:012d}"


def window(student: str, year: int, code: str, marks: dict[str, Any], grade: str, expected: float, absent: float, suspensions: int,
           days: float = 0, **changes: Any) -> dict[str, Any]:  # fmt: skip
    """One row of student_window, vantage apart."""
    district, school = high_school(student)
    shift = year - COHORT
    return {
        "person_id": person(student), "school_year": year, "window_code": code,
        "as_of": AS_OF[code].replace(year=AS_OF[code].year + shift), "grade_level": grade, "is_enrolled_on_as_of": True,
        "has_grade9_primary": grade == "09", "first_grade9_year": None if grade == "08" else COHORT, "first_grade9_source": "enrollment",
        "is_first_time_grade9": grade == "09", "district_code": district, "school_code": school, "attendance_available": True,
        "days_expected": expected, "days_absent": absent, "has_weighted_gpa_only": False, "has_latest_ela_f": False, "has_latest_math_f": False,
        "credits_due": None if grade == "08" else 25 if code == "T1" else 50 * (shift + 1), "credits_prorated": False,
        "credits_earned_ela": 0, "credits_earned_math": 0, "credits_earned_science": 0, "credits_earned_social_science": 0, "grad_credits": 220,
        "suspension_days": days, "n_suspensions": suspensions, "n_oss_suspensions": suspensions, "is_discipline_known": True,
        "partial_inputs": [], **marks, **changes,
    }  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """All windows of the golden students, without vantage."""
    found = []
    for line in FIXTURE.strip().splitlines():
        sid, g8, g8_exp, g8_abs, g8_susp, g9, g9_exp, g9_abs, g9_susp = line.split(",")
        credit = Fraction(10, 3) if sid == "15" else Fraction(5)
        if g8:
            found.append(
                window(sid, COHORT - 1, "EOY", mark_measures(g8.split("|"), Fraction(5), True), "08", float(g8_exp), float(g8_abs),
                       int(float(g8_susp) > 0), float(g8_susp)))  # fmt: skip
        if sid == "10":
            found.append(window(sid, COHORT - 1, "EOY", mark_measures(["C C F F F F", "C C F F F F"], Fraction(5), True), "09", 180, 12, 0,
                                first_grade9_year=COHORT - 1, is_first_time_grade9=True, credits_due=50))  # fmt: skip
        expected, absent, suspensions = float(g9_exp), float(g9_abs), {"05": 1, "16": 3}.get(sid, 0)
        terms = g9.split("|") if g9 else []
        changes: dict[str, Any] = {}
        if sid == "10":
            changes = {"first_grade9_year": COHORT - 1, "is_first_time_grade9": False, "credits_due": 100}
        if sid == "11":
            changes = {"is_enrolled_on_as_of": False}
        if sid == "12":
            changes = {"district_code": None, "school_code": None}
        extra = Fraction(20 if sid == "10" else 0)
        first = T1_DAYS.get(sid, (90, absent / 2))
        t1_changes = dict(changes, is_enrolled_on_as_of=sid != "12", credits_due=Fraction(50, 3) if sid == "15" else 25)
        if sid == "10":
            t1_changes["credits_due"] = 75
        t1_changes["credits_due"] = decimal(Fraction(t1_changes["credits_due"]))
        found.append(window(sid, COHORT, "T1", mark_measures([t for t in terms[:1] if t], credit, False, extra), "09", *first,
                            suspensions, float(g9_susp), **t1_changes))  # fmt: skip
        terms = [t for t in terms if t]
        found.append(window(sid, COHORT, "EOY", mark_measures(terms, credit, True, extra), "09", expected, absent, suspensions,
                            float(g9_susp), **changes))  # fmt: skip
        if sid == "13":
            terms = ["C C C C C B", "C C B C C B"]
        found.append(window(sid, COHORT, "EOYS", mark_measures(terms, credit, True, extra), "09", expected, absent, suspensions,
                            float(g9_susp), **changes))  # fmt: skip
        if sid in G10_LANES:
            marks = mark_measures(MARKS_OF_LANE[G10_LANES[sid]].split("|"), Fraction(5), True, Fraction(60))
            found.append(window(sid, COHORT + 1, "EOY", marks, "10", 180, 5, 0))
    return found
