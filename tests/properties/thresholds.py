"""Students who stand exactly at a cut point, or a hair beside it (domain.md section 4, V2, golden 15)."""

from __future__ import annotations

from tests.dbt_project.harmonized.made_up import DAYS, NORTH, YEAR, Cases, day

TRIMESTER_SCHOOL = NORTH + "0000005"
COURSES = ("ENG", "ALG", "BIO", "HIS", "SPA", "PED")


def _student(c: Cases, name: str, mark: str = "B", first: int = 1, absent: int = 0, marks: bool = True) -> None:
    """Enrolled from a day on, with six courses in both semesters and absences from the tenth day of enrollment on."""
    c.student(name)
    c.enroll(name, first)
    if marks:
        c.marks(name, mark=mark)
    c.absent(name, list(range(first + 9, first + 9 + absent)))


#: name -> lane of G9_EOY, worked by hand beside each student in `add`
LANES: dict[str, int | None] = {
    "gpa_3": 4,
    "gpa_2_996": 3,
    "gpa_2": 3,
    "gpa_1_996": 2,
    "gpa_1": 2,
    "gpa_0_996": 1,
    "gpa_3_5": 5,
    "attendance_90": 2,
    "attendance_above_90": 3,
    "attendance_80": 1,
    "attendance_above_80": 2,
    "attendance_96": 4,
    "attendance_95_954": 3,
    "fifteen_trimesters": 4,
    "fourteen_trimesters": 2,
    "one_f_of_thirds": 3,
    "more_than_one_f": 2,
    "three_f": 2,
    "more_than_three_f": 1,
    "fifteen_credits": 2,
    "less_than_fifteen_credits": None,
    "thirty_days": None,
    "thirty_one_days": 3,
}


def add(c: Cases) -> None:
    """All students at a threshold. Points are 3 a credit unless a mark is lower."""
    _student(c, "gpa_3")  # 180 points of 60 credits
    _student(c, "gpa_2_996")  # 62.5 credits, one quarter credit of them a C: 187.25 / 62.5 = 2.996, prints 3.00
    _student(c, "gpa_2", "C")
    _student(c, "gpa_1_996", "C")
    _student(c, "gpa_1", "D")
    _student(c, "gpa_0_996", "D")
    for name, mark, lower in (("gpa_2_996", "B", "C"), ("gpa_1_996", "C", "D"), ("gpa_0_996", "D", "F")):
        c.mark(name, "ART", "S1", mark, 2.25)
        c.mark(name, "SPA", "S1", lower, 0.25, section="b")
    _student(c, "gpa_3_5", marks=False)  # six A and six B of 5 credits
    c.marks("gpa_3_5", "S1", "A")
    c.marks("gpa_3_5", "S2", "B")
    _student(c, "attendance_90", absent=18)  # 162 / 180: not above 90%
    _student(c, "attendance_above_90", absent=17)
    _student(c, "attendance_80", absent=36)  # 144 / 180: not above 80%
    _student(c, "attendance_above_80", absent=35)
    _student(c, "attendance_96", first=6, absent=7)  # 168 / 175
    _student(c, "attendance_95_954", first=8, absent=7)  # 166 / 173, prints 96.0
    # fifteen courses of 3.33 are 50 credits and on pace; fourteen are not
    for name, n in (("fifteen_trimesters", 15), ("fourteen_trimesters", 14)):
        _student(c, name, marks=False)
        for at in range(n):
            c.mark(name, COURSES[at % 5], f"T{at // 5 + 1}", "B", 3.33)
    _trimesters(c, "fifteen_trimesters", "fourteen_trimesters")
    # core F of 3.33 and 1.67 credits are one semester F, of 3.33 twice more than one; 60 credits earned elsewhere
    for name, lengths in (("one_f_of_thirds", (3.33, 1.67)), ("more_than_one_f", (3.33, 3.33)), ("three_f", (5, 5, 5)),
                          ("more_than_three_f", (5, 5, 5, 1.67))):  # fmt: skip
        _student(c, name)
        for at, length in enumerate(lengths):
            c.mark(name, "BIO", "S1", "F", length, section=f"f{at}")
    # 15 graded credits are enough for a lane, which lacks the pace of G3; a hair less is none
    for name, length in (("fifteen_credits", 5), ("less_than_fifteen_credits", 4.99)):
        _student(c, name, marks=False)
        for course, credits in (("ENG", 5), ("ALG", 5), ("BIO", length)):
            c.mark(name, course, "S1", "B", credits)
    # more than 30 expected days; from outside in the last semester: 25 credits are owed and 30 earned, 1 of 31 days missed
    for name, first in (("thirty_days", 151), ("thirty_one_days", 150)):
        _student(c, name, first=first, marks=False, absent=2)
        c.marks(name, "S2")


def _trimesters(c: Cases, *names: str) -> None:
    """A high school of three terms, and these students in it."""
    where = {"district_code": NORTH, "school_code": TRIMESTER_SCHOOL, "school_year": YEAR}
    c.add("school", **where, local_school_code="005", school_name="Made-up trimesters", school_type="high", low_grade="09",
          high_grade="12", is_reporting=True, staff_count=10)  # fmt: skip
    for n in range(3):
        c.add("term", **where, term_code=f"T{n + 1}", term_kind="trimester", start_date=day(60 * n + 1),
              end_date=day(60 * n + 60), is_credit_bearing=True)  # fmt: skip
    for n, date in enumerate(DAYS[YEAR], 1):
        c.add("calendar_day", **where, calendar_date=date, day_number=n, n_periods=None)
    for entity in ("enrollment", "course_mark"):
        for row in c.rows[entity]:
            if row["local_student_id"] in names:
                row["school_code"] = TRIMESTER_SCHOOL
