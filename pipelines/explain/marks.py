"""The marks of a snapshot's window: what each counts as there, by the rows of `mark_rule` and what was published of it.

What a window holds is domain.md section 3.1 as in dbt_project/models/harmonized/window/. The sums over these marks are
set against the measures of the snapshot, so a difference is said and never passed over.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from pipelines.explain.numbers import credits
from pipelines.explain.released import Row
from pipelines.explain.rules import Measures
from pipelines.settings import PROJECT

SEEDS = PROJECT / "dbt_project" / "seeds"
ELA_MATH = ("ELA", "MATH")


class MarkRule(NamedTuple):
    """A row of mark_rule: what a mark means."""

    letter: str
    points_collapse: Fraction | None
    points_keep: Fraction | None
    is_graded: bool
    earns_credit: bool
    is_attempted: bool
    is_f: bool
    is_np: bool
    is_incomplete: bool
    is_low: bool


@dataclass(frozen=True)
class Window:
    """What decides which marks a snapshot holds. `first_term_ends`: district -> as-of date of its first term."""

    school_year: int
    code: str
    as_of: dt.date | None
    incomplete_counts: bool
    keeps_plus_minus: bool
    np_as_f: dict[str, bool]
    first_term_ends: dict[str, dt.date]


@dataclass(frozen=True)
class WindowMark:
    """A mark of the window and what it counts as there."""

    row: Row
    letter: str | None
    points: Fraction | None
    attempted: Fraction
    earned: Fraction
    in_gpa: bool
    as_f: bool
    as_low: bool
    is_out: bool
    replaced_by: Row | None
    repeats: Row | None

    @property
    def name(self) -> str:
        """Course and term in words."""
        return f"{self.row['course_name'] or 'a course without a name'}, {self.row['term_code']}"


class Sums(NamedTuple):
    """What the marks of a window add up to."""

    points: Fraction
    credits_graded: Fraction
    n_f_core: Fraction
    n_df_core: int
    n_df_elamath: int


@cache
def seed(name: str) -> list[dict[str, str]]:
    """Rows of a seed of the dbt project: rules as rows, read and never copied."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def mark_rules() -> dict[str, MarkRule]:
    """mark_rule by mark."""
    flags = MarkRule._fields[3:]
    return {
        row["mark"]: MarkRule(
            row["letter"],
            Fraction(row["points_collapse"]) if row["points_collapse"] else None,
            Fraction(row["points_keep"]) if row["points_keep"] else None,
            *(row[flag] == "true" for flag in flags),
        )
        for row in seed("mark_rule")
    }


@cache
def letters() -> list[str]:
    """The whole letters that count in a GPA, lowest first."""
    graded = {mark: rule.points_collapse or Fraction(0) for mark, rule in mark_rules().items() if rule.is_graded}
    return sorted((mark for mark in graded if mark_rules()[mark].letter == mark), key=graded.__getitem__)


@cache
def pass_mark() -> str:
    """The mark that earns credit without a letter."""
    return next(mark for mark, rule in mark_rules().items() if rule.earns_credit and not rule.is_graded)


@cache
def semester_course() -> Fraction:
    """Credits of a semester course: what one F equivalent is, in every rule set."""
    return Fraction(next(row["credits_per_semester_course"] for row in seed("rule_set") if row["is_default"] == "true"))


@cache
def _definition(snapshot_code: str) -> dict[str, str] | None:
    return next((row for row in seed("snapshot_definition") if row["snapshot_code"] == snapshot_code), None)


def window_code(snapshot_code: str) -> str | None:
    """T1, EOY or EOYS; None for a provisional snapshot of progress marks, which are not published."""
    definition = _definition(snapshot_code)
    return definition["window_code"] if definition else None


def rule_grade(snapshot_code: str) -> str:
    """The grade whose rule rows judge the snapshot: 08, 09 or 10."""
    definition = _definition(snapshot_code)
    role = definition["role"] if definition else snapshot_code.split("_")[0]
    return role[1:].zfill(2)


def window_marks(rows: list[Row], window: Window) -> list[WindowMark]:
    """Marks of the window in the order of terms and courses; withdrawn ones stand among them and count as nothing."""
    found = [
        _counted(row, rows, window)
        for row in rows
        if row["school_year"] == window.school_year and _is_within(row, window)
    ]
    return sorted(
        found, key=lambda mark: (mark.row["term_end"], mark.row["course_name"] or "", mark.row["section_id"] or "")
    )


def is_withdrawn(row: Row) -> bool:
    """Whether the course was dropped: then nothing was attempted."""
    rule = mark_rules().get(row["mark"] or "")
    return rule is not None and not rule.is_attempted


def add_up(marks: list[WindowMark]) -> Sums:
    """Sums over the marks that no repeat within the window replaces."""
    held = [mark for mark in marks if not mark.is_out]
    graded = [mark for mark in held if mark.in_gpa]
    low = [mark for mark in held if mark.as_low]
    return Sums(
        sum((mark.points * mark.attempted for mark in graded if mark.points is not None), Fraction(0)),
        sum((mark.attempted for mark in graded), Fraction(0)),
        sum((mark.attempted for mark in held if mark.as_f and mark.row["is_core"]), Fraction(0)) / semester_course(),
        sum(1 for mark in low if mark.row["is_core"]),
        sum(1 for mark in low if mark.row["subject_area"] in ELA_MATH),
    )


def differences(sums: Sums, measures: Measures) -> list[str]:
    """Names of the measures that the marks do not add up to."""
    return [name for name in Sums._fields if getattr(sums, name) != getattr(measures, name)]


def _is_within(row: Row, window: Window) -> bool:
    if row["term_kind"] == "summer" and window.code != "EOYS":
        return False
    return window.code != "T1" or _ends_in_first_term(row["district_code"], row["term_end"], window)


def _ends_in_first_term(district_code: str, day: dt.date, window: Window) -> bool:
    end = window.first_term_ends.get(district_code, window.as_of)
    return end is None or day <= end


def _counted(row: Row, rows: list[Row], window: Window) -> WindowMark:
    rule = mark_rules().get(row["mark"] or "")
    attempted = credits(row["credits_attempted"] or 0)
    points = None if rule is None else rule.points_keep if window.keeps_plus_minus else rule.points_collapse
    counts = rule is not None and attempted > 0
    incomplete = rule is not None and rule.is_incomplete and window.incomplete_counts
    repeat = _repeat_of(row, rows)
    return WindowMark(
        row=row,
        letter=rule.letter if rule else None,
        points=points,
        attempted=attempted,
        earned=credits(row["credits_earned"] or 0),
        in_gpa=bool(row["counts_in_gpa"]),
        as_f=counts
        and rule is not None
        and (rule.is_f or incomplete or (rule.is_np and window.np_as_f.get(row["district_code"], True))),
        as_low=counts and rule is not None and (rule.is_low or incomplete),
        is_out=is_withdrawn(row) or _is_void_repeat(row, rule, attempted) or _is_replaced(row, repeat, window),
        replaced_by=repeat,
        repeats=next((other for other in rows if other["replaced_on"] and _repeat_of(other, rows) is row), None),
    )


def _is_void_repeat(row: Row, rule: MarkRule | None, attempted: Fraction) -> bool:
    """The repeat of a C or better: graded, with credits, and yet in no GPA; a pass that earns nothing."""
    if rule is None or not attempted:
        return False
    if rule.is_graded:
        return not row["counts_in_gpa"]
    return rule.earns_credit and row["credits_earned"] == 0


def _is_replaced(row: Row, repeat: Row | None, window: Window) -> bool:
    """Whether the window holds the repeat too."""
    if row["replaced_on"] is None:
        return False
    if repeat is None:  # it stands in a database that cannot be read here: its date has to do
        return window.as_of is not None and bool(row["replaced_on"] <= window.as_of)
    return bool(repeat["school_year"] == window.school_year) and _is_within(repeat, window)


def _repeat_of(row: Row, rows: list[Row]) -> Row | None:
    """The mark that replaces this one: the same course, in the term that ended on replaced_on.

    Each repeat replaces one mark: of several at once the first replaces the first.
    """
    if row["replaced_on"] is None:
        return None
    same = sorted((other for other in rows if _is_same_course(row, other)), key=_order)
    originals = [other for other in same if other["replaced_on"] == row["replaced_on"]]
    repeats = [other for other in same if other["term_end"] == row["replaced_on"] and other is not row]
    place = next(index for index, other in enumerate(originals) if other is row)
    return repeats[place] if place < len(repeats) else None


def _order(row: Row) -> tuple[dt.date, str, str, str]:
    return row["term_end"], row["term_code"], row["section_id"] or "", row["school_code"] or ""


def _is_same_course(row: Row, other: Row) -> bool:
    return bool(
        (row["district_code"] == other["district_code"] and row["course_code"] == other["course_code"])
        or (row["state_course_code"] is not None and row["state_course_code"] == other["state_course_code"])
    )
