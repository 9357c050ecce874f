"""What is named does move a student up, and nothing smaller does: tried out on random students.

Lanes are judged here by a second, plain reading of domain.md section 4, from letters, days and credits alone.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.explain.marks import SEEDS, Window, WindowMark, window_marks
from pipelines.explain.next_lane import Changes, smallest_changes
from pipelines.explain.rules import Judge, Measures, read_rules
from tests.pipelines.explain.small_release import CORE, COURSES, Row, lane_measures

F_EQUIVALENT = Fraction(5)
POINTS = {"A": 4, "B": 3, "C": 2, "D": 1, "F": 0}
UP = {"F": "DCBA", "D": "CBA", "C": "BA", "B": "A", "A": "", "P": "", "W": "", "NP": "P", "I": "DCBA"}
Mark = tuple[str, int, Fraction]  # letter, course, credits


@dataclass(frozen=True)
class Pupil:
    """A ninth grader at the end of the year."""

    marks: tuple[Mark, ...]
    expected: Fraction
    absent: Fraction
    credits_before: Fraction
    due: Fraction
    suspensions: int | None


def lane(pupil: Pupil, marks: tuple[str, ...], absent: Fraction, more: Fraction = Fraction(0)) -> int:
    """Lane of core5_v1 in grade 9 with other letters, days and credits than there are."""
    points = graded = f_core = earned = Fraction(0)
    low_core = low_elamath = 0
    for letter, (_, course, credits) in zip(marks, pupil.marks, strict=True):
        subject = COURSES[course][1]
        if letter in POINTS:
            points += POINTS[letter] * credits
            graded += credits
        if letter in "ABCD" or letter == "P":
            earned += credits
        if letter in ("F", "NP", "I") and subject in CORE:
            f_core += credits / F_EQUIVALENT
        if letter in ("D", "F", "NP", "I"):
            low_core += subject in CORE
            low_elamath += subject in ("ELA", "MATH")
    present = pupil.expected - absent
    total = pupil.credits_before + earned + more
    tolerance = Fraction(1, 1_000_000)

    def gpa(least: str) -> bool:
        return points >= Fraction(least) * graded

    passed = [
        gpa("1.0") and f_core <= 3 + tolerance and present > Fraction("0.8") * pupil.expected,
        gpa("2.0") and f_core <= 1 + tolerance and present > Fraction("0.9") * pupil.expected and total >= pupil.due - tolerance,
        gpa("3.0") and low_elamath == 0 and present >= Fraction("0.96") * pupil.expected and not pupil.suspensions,
        gpa("3.5") and low_core == 0,
    ]  # fmt: skip
    return 1 + [*passed, False].index(False)


def as_rows(pupil: Pupil) -> list[WindowMark]:
    """The marks as published."""
    rows = []
    for number, (letter, course, credits) in enumerate(pupil.marks):
        name, subject = COURSES[course]
        rows.append({
            "school_year": 2025, "term_code": "S1", "term_kind": "semester", "term_end": dt.date(2024, 12, 20), "district_code": "1", "school_code": "1",
            "course_code": f"{name}{number}", "state_course_code": None, "course_name": name, "section_id": f"{number:02}", "subject_area": subject,
            "is_core": subject in CORE, "grade_level_taken": "09", "mark": letter, "credits_attempted": float(credits),
            "credits_earned": float(credits) if letter in "ABCD" or letter == "P" else 0.0, "counts_in_gpa": letter in POINTS, "replaced_on": None,
        })  # fmt: skip
    return window_marks(rows, Window(2025, "EOY", dt.date(2025, 5, 30), True, False, {}, {}))


def measures(pupil: Pupil) -> Measures:
    """The measures of the snapshot, worked out here from letters."""
    graded = [(letter, credits) for letter, _, credits in pupil.marks if letter in POINTS]
    low = [course for letter, course, _ in pupil.marks if letter in ("D", "F", "NP", "I")]
    subjects = [COURSES[course][1] for course in low]
    return Measures(
        points=sum((POINTS[letter] * credits for letter, credits in graded), Fraction(0)),
        credits_graded=sum((credits for _, credits in graded), Fraction(0)),
        n_f_core=sum(
            (
                credits / F_EQUIVALENT
                for letter, course, credits in pupil.marks
                if letter in ("F", "NP", "I") and COURSES[course][1] in CORE
            ),
            Fraction(0),
        ),
        n_df_core=sum(subject in CORE for subject in subjects),
        n_df_elamath=sum(subject in ("ELA", "MATH") for subject in subjects),
        credits_earned_total=pupil.credits_before
        + sum((credits for letter, _, credits in pupil.marks if letter in "ABCD" or letter == "P"), Fraction(0)),
        credits_due=pupil.due,
        days_expected=pupil.expected,
        days_absent=pupil.absent,
        n_suspensions=pupil.suspensions,
    )


with (SEEDS / "lane_rule.csv").open(encoding="utf-8") as stream:
    RULES = read_rules(
        [
            {**row, "value": float(row["value"])}
            for row in csv.DictReader(stream)
            if row["version"] == "core5_v1" and row["grade"] == "09"
        ],
        lane_measures(),
    )
ENGINE = duckdb.connect()


def ask(query: str, values: Row) -> list[Row]:
    """A query without any table, asked of an engine of its own."""
    asked = ENGINE.execute(query, values)
    names = [column[0] for column in asked.description or []]
    return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]


judge = Judge(ask)

letters = st.sampled_from(["A", "B", "C", "D", "F", "A", "B", "C", "D", "F", "P", "NP", "I", "W"])
credits = st.sampled_from([Fraction(5), Fraction(5), Fraction(10, 3), Fraction(5, 2), Fraction(10)])
marks = st.lists(st.tuples(letters, st.integers(0, 5), credits), min_size=2, max_size=5)


@st.composite
def pupils(draw: st.DrawFn) -> Pupil:
    """Students with few marks, so that every smaller change can be tried, and with values on the cut points."""
    expected = Fraction(draw(st.sampled_from([175, 180, 100, 50])))
    share = draw(st.sampled_from([0, 3, 4, 5, 9, 10, 11, 19, 20, 21, 30]))
    absent = expected * share / 100 + draw(st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1, 6)]))
    return Pupil(
        tuple(draw(marks)),
        expected,
        absent,
        Fraction(draw(st.sampled_from([0, 20, 40, 45, 50]))),
        Fraction(draw(st.sampled_from([25, 50]))),
        draw(st.sampled_from([0, 0, 0, 1, None])),
    )


def raised_letters(pupil: Pupil, rows: list[WindowMark], changes: Changes) -> tuple[str, ...]:
    """All letters with the changes. Rows are sorted by course, so their section leads back to the place."""
    after = [letter for letter, _, _ in pupil.marks]
    for each in changes.raised:
        after[int(each.mark.row["section_id"])] = each.to
    return tuple(after)


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(pupils())
def test_what_is_named_moves_a_student_up_and_nothing_smaller_does(pupil: Pupil) -> None:
    rows, before = as_rows(pupil), measures(pupil)
    now = lane(pupil, tuple(letter for letter, _, _ in pupil.marks), pupil.absent)
    assert judge(RULES, before)[0] == now
    if now == 5:
        return
    changes = smallest_changes(RULES, before, rows, False, judge)
    letters_after = raised_letters(pupil, rows, changes)
    absent_after = max(Fraction(0), pupil.absent - changes.days_fewer)
    reached = lane(pupil, letters_after, absent_after, changes.credits_more)
    if changes.lane is None:
        # out of reach: straight A, no absence and every credit do not help either
        best = tuple((UP[letter] or letter)[-1] if letter != "NP" else "P" for letter, _, _ in pupil.marks)
        assert lane(pupil, best, Fraction(0), Fraction(1000)) <= now
        return
    assert reached == changes.lane > now
    # one day less, a hundredth of a credit less
    if changes.days_fewer:
        assert lane(pupil, letters_after, pupil.absent - (changes.days_fewer - 1), changes.credits_more) <= now
    if changes.credits_more:
        assert lane(pupil, letters_after, absent_after, changes.credits_more - Fraction(1, 100)) <= now
    # no way with fewer letters, even with every absence and every lacking credit made up for
    steps = sum(each.steps for each in changes.raised)
    choices = [[(letter, 0), *((to, n) for n, to in enumerate(ups(letter), 1))] for letter, _, _ in pupil.marks]
    for way in product(*choices):
        if sum(n for _, n in way) < steps:
            assert lane(pupil, tuple(letter for letter, _ in way), Fraction(0), Fraction(1000)) <= now


def ups(letter: str) -> list[str]:
    """Marks above a mark, one step after the other."""
    return ["P"] if letter == "NP" else list(UP[letter])


def test_the_lowest_marks_are_raised_first_and_many_marks_take_no_time() -> None:
    pupil = Pupil(
        tuple((letter, number % 6, Fraction(5)) for number, letter in enumerate("DCBDCBDCBDCBDCBDCB")),
        Fraction(180), Fraction(0), Fraction(0), Fraction(50), 0,
    )  # fmt: skip
    changes = smallest_changes(RULES, measures(pupil), as_rows(pupil), False, judge)
    # 36 points of 18 marks and 54 needed: 18 letters; lane 4 asks for no D in English and math (courses 0 and 1)
    assert sum(each.steps for each in changes.raised) == 18
    assert changes.lane == 4
    raised = {int(each.mark.row["section_id"]): each.to for each in changes.raised}
    # each D is raised to B before any B is raised
    assert all(letter != "B" for letter, _, _ in (pupil.marks[index] for index in raised))
