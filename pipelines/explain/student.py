"""`core explain STUDENT_KEY`: each snapshot of a student down to rule rows, marks, and the files that they came in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from pipelines.explain.errors import WrongQuestionError
from pipelines.explain.marks import (
    Window,
    WindowMark,
    add_up,
    differences,
    is_withdrawn,
    rule_grade,
    seed,
    window_code,
    window_marks,
)
from pipelines.explain.next_lane import sentences, smallest_changes
from pipelines.explain.numbers import counted, credits, cut, days, decimal
from pipelines.explain.origin import Origins
from pipelines.explain.released import Released, Row
from pipelines.explain.rules import Answer, Measures, Rule, judge, measures_of, read_rules

# tonight's row stands beside a frozen one and differs in these by its nature
NOT_COMPARED = {"is_frozen", "frozen_on", "reasons"}
COMPUTED_ELSEWHERE = "this lane came in a file and was computed elsewhere: no rule rows decide it"
MISSING = {
    "not_enrolled": "no primary enrollment covers the day of the snapshot",
    "no_attendance": "the attendance of a district for the window was not sent",
    "weighted_gpa_only": "only a weighted GPA was sent and no marks",
    "no_marks": "no marks but withdrawn ones stand in the window",
    "not_in_lane_file": "the file of lanes that were computed elsewhere does not name this student",
}


@dataclass(frozen=True)
class Student:
    """Everything about one student that the reader may read, each row once however many districts hold it."""

    districts: list[str]
    snapshots: list[Row]
    current: dict[tuple[str, int], Row]
    marks: list[Row]
    days: list[Row]
    incidents: list[Row]
    enrollments: list[Row]


@dataclass(frozen=True)
class Frame:
    """What does not depend on the snapshot: the rule set with its rows, names, and where rows came from."""

    rule_set: Row
    rules: list[Rule]
    lane_names: dict[int, str]
    schools: dict[str, str]
    districts: dict[str, Row]
    first_term_ends: dict[tuple[str, int], dt.date]
    origins: Origins

    @property
    def keeps_plus_minus(self) -> bool:
        """Whether plus and minus count in the GPA."""
        return bool(self.rule_set["plus_minus"] == "keep")


def explain_student(
    released: Released,
    ledger: Path,
    student_key: str,
    rule_sets: list[str],
    district: str | None = None,
    snapshot: str | None = None,
    next_lane: bool = False,
) -> list[str]:
    """The lines to print. Raises WrongQuestionError for what does not exist, CannotExplainError without access."""
    rule_set = released.rule_set(rule_sets)
    tiers = _tiers_of(released, student_key, district)
    student = _read(released, tiers, student_key, rule_set["rule_set"])
    snapshots = _chosen(student.snapshots, snapshot)
    frame = _frame(released, tiers, rule_set, student, ledger)
    shown = snapshots[-1:] if next_lane and snapshot is None else snapshots
    release = f"release {released.folder.name}, as of {released.manifest.as_of}, rule set {rule_set['rule_set']}"
    lines = [f"{student_key} in the data of {', '.join(student.districts)}; {release}"]
    for row in shown:
        lines.append("")
        lines += _what_if(row, student, frame) if next_lane else _trace(row, student, frame)
    return lines


def _tiers_of(released: Released, student_key: str, district: str | None) -> list[str]:
    readable = released.restricted(district)
    found = [
        tier for tier in readable if released.rows(tier, "select 1 from {t}.student where student_key = ?", student_key)
    ]
    if not found:
        names = ", ".join(tier.removeprefix("restricted/") for tier in readable)
        raise WrongQuestionError(f"no such student in what can be read here ({names})")
    return found


def _read(released: Released, tiers: list[str], student_key: str, rule_set: str) -> Student:
    def rows(table: str, condition: str = "true") -> list[Row]:
        return released.rows_of(
            tiers, f"select * from {{t}}.{table} where student_key = ? and {condition}", student_key
        )

    of_rule_set = f"rule_set = '{rule_set}'"
    snapshots = rows("student_snapshot", of_rule_set)
    snapshots.sort(key=lambda row: (row["as_of"] or dt.date.max, row["cohort_year"], row["snapshot_code"]))
    current = {_key(row): row for row in rows("student_snapshot_current", of_rule_set)}
    return Student(
        [tier.removeprefix("restricted/") for tier in tiers],
        snapshots,
        current,
        rows("course_mark"),
        sorted(rows("attendance_term"), key=lambda row: (row["school_year"], row["term_code"], row["school_code"])),
        sorted(rows("incident"), key=lambda row: (row["incident_date"], row["incident_id"])),
        sorted(rows("enrollment"), key=lambda row: (row["entry_date"], row["school_code"])),
    )


def _key(row: Row) -> tuple[str, int]:
    return row["snapshot_code"], row["cohort_year"]


def _chosen(snapshots: list[Row], asked: str | None) -> list[Row]:
    if not snapshots:
        raise WrongQuestionError("this student has no snapshot: snapshots are of ninth graders, once they are due")
    chosen = [row for row in snapshots if asked in (None, row["snapshot_code"])]
    if not chosen:
        known = ", ".join(dict.fromkeys(row["snapshot_code"] for row in snapshots))
        raise WrongQuestionError(f"this student has no snapshot {asked!r}; there are {known}")
    return chosen


def _frame(released: Released, tiers: list[str], rule_set: Row, student: Student, ledger: Path) -> Frame:
    words = released.open_words()
    rules = released.rows(words, "select * from {t}.lane_rule where version = ?", rule_set["lane_rule_version"])
    return Frame(
        rule_set,
        read_rules(rules),
        {int(row["lane"]): row["lane_name"] for row in seed("lane_name") if row["scheme"] == rule_set["scheme"]},
        released.schools(),
        released.districts(),
        _first_term_ends(released, tiers, student),
        Origins(ledger, (mark["source_file_id"] for mark in student.marks)),
    )


def _first_term_ends(released: Released, tiers: list[str], student: Student) -> dict[tuple[str, int], dt.date]:
    """District and school year -> end of its first term, for a student with marks of several districts.

    A first term ends on one day in a district, whoever the student; otherwise the snapshot's own as_of says it.
    """
    if len({mark["district_code"] for mark in student.marks}) == 1:
        return {}
    ends = released.rows_of(
        tiers,
        "select district_code, school_year, max(as_of) as as_of from {t}.student_snapshot "
        "where snapshot_code = 'G9_T1' and district_code is not null group by all",
    )
    return {(row["district_code"], row["school_year"]): row["as_of"] for row in ends}


def _rules_for(row: Row, frame: Frame) -> list[Rule]:
    grade = rule_grade(row["snapshot_code"])
    return [rule for rule in frame.rules if rule.grade == grade]


def _marks_for(row: Row, student: Student, frame: Frame) -> list[WindowMark]:
    year = row["school_year"]
    window = Window(
        school_year=year,
        code=window_code(row["snapshot_code"]),
        as_of=row["as_of"],
        # an incomplete is pending until the freeze at the end of the year, and for ever in T1
        incomplete_counts=row["is_frozen"] and window_code(row["snapshot_code"]) != "T1",
        keeps_plus_minus=frame.keeps_plus_minus,
        np_as_f={code: district["np_as_f"] for code, district in frame.districts.items()},
        first_term_ends={code: day for (code, of_year), day in frame.first_term_ends.items() if of_year == year},
    )
    return window_marks(student.marks, window)


# --- the trace ---


def _trace(row: Row, student: Student, frame: Frame) -> list[str]:
    """One snapshot: lane, rules, reasons, marks, days, and how tonight differs."""
    measures = measures_of(row)
    lines = [_title(row), f"  credited to {_credited(row, frame)}"]
    if row["lane"] is None:
        lines += [f"  no lane: {line}" for line in _missing(row, frame.rule_set)]
    elif not frame.rules:
        lines.append(f"  {COMPUTED_ELSEWHERE}")
    else:
        lane, answers = judge(_rules_for(row, frame), measures)
        lines += _gates(row, answers)
        if lane != row["lane"]:
            lines.append(f"  WARNING: the rule rows give lane {lane}, published is {row['lane']}: tell the data team")
        lines += [f"  keeps from lane {row['lane'] + 1}: {reason}" for reason in row["reasons"] or []]
    lines += _mark_lines(row, student, frame, measures)
    lines += _day_lines(row, student, frame, measures)
    return lines + _tonight(row, student)


def _title(row: Row) -> str:
    state = f"frozen on {row['frozen_on']}" if row["is_frozen"] else "provisional"
    lane = f"lane {row['lane']}, {row['lane_name']}" if row["lane"] else f"no lane: {row['null_reason']}"
    cohort = f"cohort {row['cohort_year']}" + ("" if row["is_first_time_grade9"] else " (not a member)")
    return f"{row['snapshot_code']}, {cohort}, school year {row['school_year']}, as of {row['as_of']}, {state}: {lane}"


def _credited(row: Row, frame: Frame) -> str:
    district = frame.districts.get(row["district_code"] or "", {}).get("district_name")
    school = frame.schools.get(row["school_code"] or "", row["school_code"])
    if school is None:
        return f"no school, {district}" if district else "no school and no district"
    return f"{school} ({row['school_code']}), {district}"


def _gates(row: Row, answers: list[Answer]) -> list[str]:
    lines: list[str] = []
    stopped = False
    for gate in dict.fromkeys(answer.rule.gate for answer in answers):
        of_gate = [answer for answer in answers if answer.rule.gate == gate]
        fails = any(answer.passes is False for answer in of_gate)
        state = "not asked: stopped before" if stopped else "stops here" if fails else "passed"
        lines.append(f"  {gate}, opens lane {of_gate[0].rule.lane}: {state}")
        for answer in of_gate:
            verdict = {True: "yes", False: "NO", None: "-"}[answer.passes]
            lines.append(f"    {verdict:<4}{answer.rule.words():<54}{answer.shown}")
        stopped = stopped or fails
    return lines


def _missing(row: Row, rule_set: Row) -> list[str]:
    """What is missing for a lane, by the parameters of the rule set."""
    reason = row["null_reason"]
    if reason == "insufficient_days":
        least, have = decimal(rule_set["min_days_exclusive"]), days(row["days_expected"] or 0)
        more = int(least - have) + 1
        return [f"{cut(have)} days expected, more than {cut(least)} are needed: {counted(more, 'day')} more"]
    if reason == "insufficient_graded_credits":
        least, have = decimal(rule_set["min_graded_credits"]), credits(row["credits_graded"] or 0)
        courses = -(-(least - have) // decimal(rule_set["credits_per_semester_course"]))
        return [
            f"{cut(have)} graded credits, {cut(least)} are needed: {cut(least - have)} more "
            f"({counted(courses, 'semester course')})"
        ]
    return [MISSING.get(reason, str(reason))]


def _mark_lines(row: Row, student: Student, frame: Frame, measures: Measures) -> list[str]:
    marks = _marks_for(row, student, frame)
    lines = [f"  marks of the window, as known tonight: {len(marks) or 'none'}"]
    for mark in marks:
        lines.append(
            f"    {mark.row['term_code']:<3}{mark.row['mark'] or '(not mapped)':<4}"
            f"{mark.row['course_name'] or 'a course without a name':<32}{cut(mark.attempted)} credits; "
            f"{', '.join(_counts_as(mark))}; {frame.origins.words(mark.row)}{_late(mark.row, row)}"
        )
    if marks and not frame.origins.is_readable:
        lines.append("    the ledger cannot be read here, so files are named by their ids")
    wrong = differences(add_up(marks), measures)
    if wrong and row["null_reason"] != "not_enrolled":
        tonight = student.current.get(_key(row))
        changed = tonight is not None and not differences(add_up(marks), measures_of(tonight))
        why = "they changed after the freeze" if changed else "others may stand where you cannot read"
        lines.append(f"    these marks do not add up to the snapshot in {', '.join(wrong)}: {why}")
    return lines


def _counts_as(mark: WindowMark) -> list[str]:
    if is_withdrawn(mark.row):
        return ["withdrawn: not attempted"]
    if mark.is_out and mark.replaced_by is not None:
        by = mark.replaced_by
        return [f"replaced by {by['mark']} in {by['term_code']} {by['school_year']}"]
    if mark.is_out:
        until = mark.row["replaced_on"]
        return [f"replaced on {until}" if until else "repeat of a C or better: counts for nothing"]
    counts = ["in GPA" if mark.in_gpa else "not in GPA"]
    if mark.as_f:
        counts.append("counts as F" + (" (core)" if mark.row["is_core"] else ""))
    elif mark.as_low:
        counts.append("counts as D or F" + (" (core)" if mark.row["is_core"] else ""))
    if mark.repeats is not None:
        counts.append(f"replaces {mark.repeats['mark']} of {mark.repeats['term_code']} {mark.repeats['school_year']}")
    if mark.row["replaced_on"]:
        counts.append(f"replaced later, on {mark.row['replaced_on']}")
    if mark.row["credits_imputed"]:
        counts.append("credits imputed")
    return counts


def _late(row: Row, snapshot: Row) -> str:
    frozen_on, known_from = snapshot["frozen_on"], row["known_from"]
    if frozen_on is None or known_from is None or known_from <= frozen_on:
        return ""
    return f" [not known at the freeze: from {known_from}]"


def _day_lines(row: Row, student: Student, frame: Frame, measures: Measures) -> list[str]:
    year = row["school_year"]
    lines = [f"  days of school year {year}, as known tonight"]
    for each in (each for each in student.days if each["school_year"] == year):
        absent = "unknown" if each["days_absent"] is None else cut(days(each["days_absent"]))
        lines.append(
            f"    {each['term_code']:<3}{frame.schools.get(each['school_code'], each['school_code'])}: "
            f"{absent} absent of {cut(days(each['days_expected'] or 0))}{_late(each, row)}"
        )
    if measures.days_absent is not None:
        lines.append(f"    in the snapshot: {cut(measures.days_absent)} absent of {cut(measures.days_expected)}")
    for each in (each for each in student.enrollments if each["school_year"] == year):
        kind = "primary" if each["is_primary"] else "not primary"
        school = frame.schools.get(each["school_code"], each["school_code"])
        until = each["exit_date"] or "open"
        lines.append(f"    enrolled at {school}, {each['entry_date']} to {until}, {kind}{_late(each, row)}")
    if row["n_suspensions"] is None and row["null_reason"] != "not_enrolled":
        lines.append("  suspensions: unknown, the discipline file of a district is missing")
    first, last = dt.date(year - 1, 7, 1), row["as_of"] or dt.date(year, 6, 30)
    for each in student.incidents:
        if each["suspension_type"] and first <= each["incident_date"] <= last:
            length = cut(Fraction(repr(each["suspension_days"] or 0.0)), 3)
            lines.append(
                f"  suspension: {each['suspension_type']}, {length} days, {each['incident_date']}{_late(each, row)}"
            )
    return lines


def _tonight(row: Row, student: Student) -> list[str]:
    """What is known tonight beside what was frozen, where they differ."""
    current = student.current.get(_key(row))
    if current is None:
        return ["  tonight: the same as frozen"] if row["is_frozen"] else []
    lines = ["  tonight, beside what was frozen"]
    for name, frozen in row.items():
        if name not in NOT_COMPARED and current[name] != frozen:
            lines.append(f"    {name}: {_value(current[name])} (frozen: {_value(frozen)})")
    return lines


def _value(value: object) -> str:
    if isinstance(value, float):
        return cut(Fraction(value).limit_denominator(10_000_000), 4)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


# --- what if ---


def _what_if(row: Row, student: Student, frame: Frame) -> list[str]:
    """The smallest changes that would have moved the student up a lane in this snapshot."""
    lines = [_title(row)]
    if row["lane"] is None:
        return lines + [f"  for a lane: {line}" for line in _missing(row, frame.rule_set)]
    if not frame.rules:
        return [*lines, f"  {COMPUTED_ELSEWHERE}, so no changes follow from any"]
    rules = _rules_for(row, frame)
    top = max(rule.lane for rule in rules)
    if row["lane"] == top:
        return [*lines, "  this is the highest lane"]
    read, marks = _marks_behind(row, student, frame)
    if read is not row:
        lines.append(
            f"  marks changed after the freeze; what follows is from what is known tonight: lane {read['lane']}"
        )
        if read["lane"] in (None, top):
            return lines
    measures = measures_of(read)
    changes = smallest_changes(rules, measures, marks, frame.keeps_plus_minus)
    lines.append(f"  the smallest changes for lane {read['lane'] + 1}")
    lines += [f"    {line}" for line in sentences(changes, measures)]
    if changes.lane is None:
        lines.append(f"  lane {read['lane'] + 1} cannot be reached in this snapshot")
    else:
        name = frame.lane_names.get(changes.lane, "")
        lines.append(f"  with all of them the rule rows give lane {changes.lane}{', ' + name if name else ''}")
    return lines


def _marks_behind(row: Row, student: Student, frame: Frame) -> tuple[Row, list[WindowMark] | None]:
    """The snapshot row to which the marks known tonight add up, and these marks; no marks if there is none."""
    marks = _marks_for(row, student, frame)
    for each in (row, student.current.get(_key(row))):
        if each is not None and not differences(add_up(marks), measures_of(each)):
            return each, marks
    return row, None
