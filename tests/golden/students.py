"""The golden students as canonical facts, so that they can be written by any system's writer and read by the reference.

Everything here is worked out from the fixture of domain.md section 13 by hand: a student with 175 expected days enters on
the 6th instructional day; the first terms are 85 days long in the district of students 08, 11 and 14, and 90 elsewhere.
Grade 9 is the school year 2025, grade 8 the year 2024; the student who repeats was in grade 9 in 2024.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

COHORT = 2025
AS_OF = dt.date(2025, 10, 1)
YEAR_DELIVERY = dt.date(2025, 6, 25)  # before the freeze at the end of the year
SUMMER_DELIVERY = dt.date(2025, 8, 25)  # after it, before that of summer

FIXTURE = """
01,A A A A A A|A A A B A A,180,3,0,A A B A A A|A B A A A A,180,5,0
02,C D C C B A|C F C C B A,180,18,0,C C C B B A|C C B B B A,180,9,0
03,B B B B B B|C B B B B B,175,7,0,B B B B B B|B B B B B B,175,7,0
04,A A A A A A|A A A A A A,180,0,1,A A A B A A|A A A A A A,173,7,0
05,F F D F D C|F D F F F C,180,50,0,F F F D F D|F F F F F D,180,60,3
06,B B A A A A|B B B B B B,178,4,0,C C B D B B|D C F F B C,180,15,0
07,B B C C B A|C B C B B A,180,4,0,B- B- B- B+ A- B-|B- B- C+ B- A- B,180,6,0
08,C C C C B B|C C B B B B,180,10,0,C C C B B A|D C C B C A,175,18,0
09,,,,,D C F C B A|B B C B B A,145,9,0
10,,,,,C C C C C C|C C C C C C,180,12,0
11,C C C C C B|C C C C B B,180,9,0,C C D C B A|,85,4,0
12,C C C C C C|C C C C C C,180,9,0,,20,0,0
13,C D C D C B|D D C C C C,180,10,0,C F C C C B|C F I C C B,180,12,0
14,B B B C B A|B B B B B A,180,4,0,P P P P P A|B C C NP B A,180,4,0
15,C C C C B B|C C C C B B,180,8,0,C C C C B B|C F C C B B|C F C C B B,180,8,0
16,A A A A A A|A A A A B A,180,1,0,A A B B A A|A B B B A A,180,2,0.9
"""

#: student -> district (CD code) of grade 9; 08 moves from the second to the first district of its pair in mid-year
GARDEN_GROVE, LOS_ANGELES, LONG_BEACH, FRESNO, OAKLAND = "3066522", "1964733", "1964725", "1062166", "0161259"
HOME = {
    "01": GARDEN_GROVE, "02": GARDEN_GROVE, "03": GARDEN_GROVE, "04": GARDEN_GROVE, "07": GARDEN_GROVE, "15": OAKLAND,
    "05": LOS_ANGELES, "06": LOS_ANGELES, "09": LOS_ANGELES, "10": LOS_ANGELES, "13": FRESNO, "16": LOS_ANGELES,
    "11": LONG_BEACH, "12": LONG_BEACH, "14": LONG_BEACH, "08": LONG_BEACH,
}  # fmt: skip
DISTRICTS = (GARDEN_GROVE, LOS_ANGELES, LONG_BEACH, FRESNO, OAKLAND)
FIRST_TERM_DAYS = {LONG_BEACH: 85}
COURSES = [  # local code, state code, title, A-G
    ("ENG", "2113", "ENGLISH", True),
    ("MTH", "2441", "INTEGRATED MATH", True),
    ("SCI", "2613", "PHYSICS", True),
    ("SOC", "2711", "WORLD HISTORY", True),
    ("FRE", "2204", "FRENCH", True),
    ("PED", "2517", "PHYSICAL EDUCATION", False),
]


def ssid(student: str) -> str:
    """A ten-digit statewide id made up for a golden student."""
    return f"90000000{student}"


def local_id(student: str, district: str) -> str:
    """The id of the student in a district."""
    return f"{district[-3:]}1{student}"


def school(district: str, kind: str) -> str:
    """CDS code: middle school 0110001, high school 0110002, high school with trimesters 0110003."""
    return district + {"middle": "0110001", "high": "0110002", "trimester": "0110003"}[kind]


def calendar(year: int) -> list[dt.date]:
    """180 weekdays from the middle of August, with two weeks of winter break."""
    out, day = [], dt.date(year - 1, 8, 14)
    while len(out) < 180:
        if day.weekday() < 5 and not dt.date(year - 1, 12, 23) <= day <= dt.date(year, 1, 3):
            out.append(day)
        day += dt.timedelta(1)
    return out


@dataclass
class Golden:
    """Rows by entity; each row is a dict of canonical columns with known_from and known_to."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, entity: str, since: dt.date = YEAR_DELIVERY, until: dt.date | None = None, **columns: Any) -> None:
        """One fact, known from a delivery on."""
        self.rows.setdefault(entity, []).append(
            {**columns, "known_from": since, "known_to": until, "lost_reason": None}
        )


def build() -> Golden:
    """All facts of the golden students."""
    g = Golden()
    for district in DISTRICTS:
        for kind, low, high, local in (
            ("middle", "06", "08", "101"),
            ("high", "09", "12", "102"),
            ("trimester", "09", "12", "103"),
        ):
            for year in (COHORT - 1, COHORT):
                if kind == "trimester" and district != OAKLAND:
                    continue  # where no high school has trimesters, the district has no code for them
                _school(g, district, kind, low, high, local, year)
    for line in FIXTURE.strip().splitlines():
        sid, g8, g8_exp, g8_abs, g8_susp, g9, g9_exp, g9_abs, g9_susp = line.split(",")
        home = HOME[sid]
        g.add("student", district_code=home, local_student_id=local_id(sid, home), ssid=ssid(sid), birth_date=dt.date(2010, 3, 1 + int(sid)),
              gender="F" if int(sid) % 2 else "M", is_hispanic=int(sid) % 3 == 0, race_codes="700", first_grade9_year=None,
              first_name="Golden", last_name=f"Student{sid}")  # fmt: skip
        if g8:
            _year(g, sid, home, "middle", COHORT - 1, "08", g8.split("|"), int(g8_exp), int(g8_abs), float(g8_susp))
        if sid == "08":
            _two_districts(g, sid, home, g9.split("|"))
        elif sid == "09":
            _year(g, sid, home, "high", COHORT, "09", g9.split("|"), 145, 9, 0, first_term_absences=3)
        elif sid == "11":
            days = calendar(COHORT)[:85]
            _year(g, sid, home, "high", COHORT, "09", ["C C D C B A"], 85, 4, 0, exit_date=days[-1], exit_reason="T160")
        elif sid == "14":
            _year(g, sid, home, "high", COHORT, "09", g9.split("|"), 180, 4, 0, first_term_absences=2)
        else:
            kind = "trimester" if sid == "15" else "high"
            _year(
                g, sid, home, kind, COHORT, "09", g9.split("|") if g9 else [], int(g9_exp), int(g9_abs), float(g9_susp)
            )
        if sid == "10":
            _year(g, sid, home, "high", COHORT - 1, "09", ["C C F F F F", "C C F F F F"], 180, 12, 0)
        if sid == "13":
            for n, (code, mark) in enumerate((("MTH", "C"), ("MTH", "C"), ("SCI", "B"))):
                course = next(c for c in COURSES if c[0] == code)
                _mark(
                    g,
                    sid,
                    home,
                    "high",
                    COHORT,
                    "SS",
                    f"9{n}",
                    course,
                    mark,
                    5,
                    dt.date(COHORT, 7, 31),
                    since=SUMMER_DELIVERY,
                )
    return g


def _school(g: Golden, district: str, kind: str, low: str, high: str, local: str, year: int) -> None:
    code, days = school(district, kind), calendar(year)
    g.add("school", district_code=district, school_code=code, school_year=year, local_school_code=local,
          school_name=f"Golden {kind.title()} School", school_type="middle" if kind == "middle" else "high", low_grade=low, high_grade=high,
          is_reporting=True, staff_count=40)  # fmt: skip
    cut = FIRST_TERM_DAYS.get(district, 90)
    parts = (
        [("T1", 0, 60), ("T2", 60, 120), ("T3", 120, 180)]
        if kind == "trimester"
        else [("S1", 0, cut), ("S2", cut, 180)]
    )
    for term, first, last in parts:
        g.add("term", district_code=district, school_code=code, school_year=year, term_code=term,
              term_kind="trimester" if term[0] == "T" else "semester", start_date=days[first], end_date=days[last - 1], is_credit_bearing=True)  # fmt: skip
    g.add("term", district_code=district, school_code=code, school_year=year, term_code="SS", term_kind="summer",
          start_date=dt.date(year, 6, 25), end_date=dt.date(year, 7, 31), is_credit_bearing=True)  # fmt: skip
    for n, day in enumerate(days, 1):
        g.add("calendar_day", district_code=district, school_code=code, school_year=year, calendar_date=day, day_number=n,
              n_periods=6 if district == LONG_BEACH else None)  # fmt: skip


def _enroll(
    g: Golden, sid: str, district: str, kind: str, year: int, grade: str, entry: dt.date, last: dt.date, reason: str
) -> None:
    g.add("enrollment", district_code=district, local_student_id=local_id(sid, district), school_code=school(district, kind), school_year=year,
          grade_level=grade, entry_date=entry, exit_date=last, exit_reason=reason, enrollment_status="10")  # fmt: skip


def _absences(
    g: Golden, sid: str, district: str, kind: str, year: int, days: list[dt.date], present: list[dt.date]
) -> None:
    where = {
        "district_code": district,
        "local_student_id": local_id(sid, district),
        "school_code": school(district, kind),
        "school_year": year,
    }
    for n, day in enumerate(days):
        periods = [None] if district != LONG_BEACH else [str(p) for p in range(1, 7)]
        for period in periods:
            g.add(
                "attendance_event",
                **where,
                calendar_date=day,
                period=period,
                category="excused" if n % 2 else "unexcused",
            )
    if district == LOS_ANGELES:  # a positive feed: a row for every day
        for day in present:
            g.add("attendance_recorded", **where, calendar_date=day)


def _mark(g: Golden, sid: str, district: str, kind: str, year: int, term: str, section: str, course: Any, mark: str, credits: float | None,
          posted: dt.date, since: dt.date = YEAR_DELIVERY) -> None:  # fmt: skip
    code, state, name, is_ag = course
    passes = mark[0] in "ABCD" or mark == "P"
    grade = "08" if kind == "middle" else "09"
    g.add("course_mark", since, district_code=district, local_student_id=local_id(sid, district), school_code=school(district, kind),
          school_year=year, term_code=term, section_id=f"{code}{section}", course_code=code + ("8" if grade == "08" else "9"),
          state_course_code=state, course_name=name, is_ag=is_ag and grade == "09", grade_level_taken=grade, mark_raw=mark, mark=mark,
          credits_attempted=credits, credits_earned=None if credits is None else (credits if passes else 0), is_final=True,
          posted_date=posted, is_transfer=False, is_repeat=False)  # fmt: skip


def _marks(g: Golden, sid: str, district: str, kind: str, year: int, terms: list[str], only: int | None = None) -> None:
    codes = ["T1", "T2", "T3"] if kind == "trimester" else ["S1", "S2"]
    days = calendar(year)
    for n, marks in enumerate(terms):
        if only is not None and n != only:
            continue
        for course, mark in zip(COURSES, marks.split(), strict=True):
            # grade 8 sends marks alone where the district does so: the credits are then imputed
            credits = None if kind == "middle" else 3.3333 if kind == "trimester" else 5
            end = (
                days[[59, 119, 179][n]]
                if kind == "trimester"
                else days[[FIRST_TERM_DAYS.get(district, 90) - 1, 179][n]]
            )
            _mark(g, sid, district, kind, year, codes[n], str(n + 1), course, mark, credits, end)


def _year(g: Golden, sid: str, district: str, kind: str, year: int, grade: str, terms: list[str], expected: int, absent: int, susp: float,
          first_term_absences: int | None = None, exit_date: dt.date | None = None, exit_reason: str = "E155") -> None:  # fmt: skip
    days = calendar(year)
    mine = days[:expected] if exit_date else days[180 - expected :]
    _enroll(g, sid, district, kind, year, grade, mine[0], exit_date or days[-1], exit_reason)
    if first_term_absences is None:
        away = mine[1 : 1 + absent]
    else:
        cut = days[FIRST_TERM_DAYS.get(district, 90) - 1]
        away = [d for d in mine if d <= cut][:first_term_absences] + [d for d in mine if d > cut][
            : absent - first_term_absences
        ]
    _absences(g, sid, district, kind, year, away, mine)
    _marks(g, sid, district, kind, year, terms)
    lengths = [0.5, 0.3, 0.1] if susp == 0.9 else [susp] if susp else []
    for n, length in enumerate(lengths, 1):
        g.add("incident", district_code=district, local_student_id=local_id(sid, district), school_code=school(district, kind), school_year=year,
              incident_id=f"I{year}{sid}{n}", incident_date=mine[10 * n], suspension_type="OSS", suspension_days=length)  # fmt: skip


def _two_districts(g: Golden, sid: str, first: str, terms: list[str]) -> None:
    """Student 08: 85 days and 6 absences in one district, then 90 days and 12 absences in another."""
    days, second = calendar(COHORT), FRESNO
    g.add("student", district_code=second, local_student_id=local_id(sid, second), ssid=ssid(sid), birth_date=dt.date(2010, 3, 9), gender="M",
          is_hispanic=False, race_codes="700", first_grade9_year=None, first_name="Golden", last_name=f"Student{sid}")  # fmt: skip
    _enroll(g, sid, first, "high", COHORT, "09", days[0], days[84], "T160")
    _enroll(g, sid, second, "high", COHORT, "09", days[90], days[-1], "E155")
    _absences(g, sid, first, "high", COHORT, days[1:7], days[:85])
    _absences(g, sid, second, "high", COHORT, days[91:103], days[90:])
    _marks(g, sid, first, "high", COHORT, terms, only=0)
    _marks(g, sid, second, "high", COHORT, terms, only=1)


#: id: G8 GPA, G8 attendance %, G8 lane, hsr_core; G9 GPA, attendance %, F, credits, lane; movement; chicago, ew, wa
EXPECTED: dict[str, tuple[Any, ...]] = {
    "01": (3.9167, 98.33, 5, True, 3.8333, 97.22, 0, 60, 5, "same", True, True, True),
    "02": (2.25, 90.00, 2, False, 2.75, 95.00, 0, 60, 3, "up", True, False, True),
    "03": (2.9167, 96.00, 3, True, 3.0, 96.00, 0, 60, 4, "up", True, True, True),
    "04": (4.0, 100, 3, False, 3.9167, 95.95, 0, 60, 3, "same", True, False, True),
    "05": (0.5833, 72.22, 1, False, 0.25, 66.67, 7, 15, 1, "same", False, False, False),
    "06": (3.3333, 97.75, 4, True, 1.8333, 91.67, 2, 50, 2, "down", False, False, False),
    "07": (2.8333, 97.78, 3, True, 3.0833, 96.67, 0, 60, 4, "up", True, True, True),
    "08": (2.5, 94.44, 3, False, 2.5, 89.71, 0, 60, 2, "down", True, False, True),
    "09": (None, None, None, None, 2.5, 93.79, 1, 55, 3, "no_baseline", True, False, False),
    "10": (None, None, None, None, 2.0, 93.33, 0, 60, 2, None, None, None, None),
    "11": (2.25, 95.00, 3, False, None, None, None, None, "not_enrolled", "exited", None, None, None),
    "12": (2.0, 95.00, 3, False, None, None, None, None, "insufficient_days", "insufficient_days", None, None, None),
    "13": (1.75, 94.44, 2, False, 1.8182, 93.33, 3, 45, 2, "same", False, False, False),
    "14": (3.0833, 97.78, 4, True, 3.0, 97.78, 1, 55, 4, "same", True, True, False),
    "15": (2.3333, 95.56, 3, False, 2.1111, 95.56, 1.3333, 53.33, 2, "down", False, False, False),
    "16": (3.9167, 99.44, 5, True, 3.5833, 98.89, 0, 60, 3, "down", True, False, True),
}
#: lanes (or reasons) at the end of the first term, and of 13 with summer, from the working of section 13
FIRST_TERM = {"09": 3, "11": 3, "14": "insufficient_graded_credits"}
WITH_SUMMER = {"13": (2.25, 0, 60, 3)}
