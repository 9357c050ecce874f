"""One snapshot of a student in lines: lane, rule rows, reasons, marks and their files, days, and what differs now."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from pipelines.explain.marks import WindowMark, add_up, differences, is_withdrawn, window_code
from pipelines.explain.numbers import cut, days
from pipelines.explain.released import Row
from pipelines.explain.rules import Answer, Measures, measures_of
from pipelines.explain.student_rows import Frame, Student, key_of, marks_for, rules_for
from pipelines.explain.title import COMPUTED_ELSEWHERE, missing, title

# tonight's row stands beside a frozen one and differs in these by its nature
NOT_COMPARED = {"is_frozen", "frozen_on", "reasons"}


def trace(row: Row, student: Student, frame: Frame) -> list[str]:
    """One snapshot: lane, rules, reasons, marks, days, and how tonight differs."""
    measures = measures_of(row)
    lines = [title(row), f"  credited to {_credited(row, frame)}"]
    if row["lane"] is None:
        lines += [f"  no lane: {line}" for line in missing(row, frame.rule_set)]
    elif not frame.rules:
        lines.append(f"  {COMPUTED_ELSEWHERE}")
    else:
        lane, answers = frame.judge(rules_for(row, frame), measures)
        lines += _gates(row, answers)
        if lane != row["lane"]:
            lines.append(f"  WARNING: the rule rows give lane {lane}, published is {row['lane']}: tell the data team")
        lines += [f"  keeps from lane {row['lane'] + 1}: {reason}" for reason in row["reasons"] or []]
    lines += _mark_lines(row, student, frame, measures)
    lines += _day_lines(row, student, frame, measures)
    return lines + _tonight(row, student)


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


def _mark_lines(row: Row, student: Student, frame: Frame, measures: Measures) -> list[str]:
    if window_code(row["snapshot_code"]) is None:
        return ["  a provisional snapshot of progress marks: those are not published one by one"]
    marks = marks_for(row, student, frame)
    lines = [f"  marks of the window, as known tonight: {len(marks) or 'none'}"]
    for mark in marks:
        lines.append(
            f"    {mark.row['term_code']:<3}{mark.row['mark'] or '(not mapped)':<4}"
            f"{mark.row['course_name'] or 'a course without a name':<32}{cut(mark.attempted)} credits; "
            f"{', '.join(_counts_as(mark))}; {frame.origins.words(mark.row)}{_late(mark.row, row, frame)}"
        )
    if marks and not frame.origins.is_readable:
        lines.append("    the ledger cannot be read here, so files are named by their ids")
    wrong = differences(add_up(marks), measures)
    if wrong and row["null_reason"] != "not_enrolled":
        tonight = student.current.get(key_of(row))
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


def _late(row: Row, snapshot: Row, frame: Frame) -> str:
    """Whether the row, as it is tonight, was not known yet when the snapshot was frozen."""
    frozen_on, known_from = snapshot["frozen_on"], row["known_from"]
    if frozen_on is None or known_from is None:
        return ""
    first = frame.first_known.get((row["district_code"], snapshot["school_year"]), frozen_on)
    return "" if known_from <= max(frozen_on, first) else f" [not known at the freeze: from {known_from}]"


def _day_lines(row: Row, student: Student, frame: Frame, measures: Measures) -> list[str]:
    year = row["school_year"]
    lines = [f"  days of school year {year}, as known tonight"]
    for each in (each for each in student.days if each["school_year"] == year):
        absent = "unknown" if each["days_absent"] is None else cut(days(each["days_absent"]))
        lines.append(
            f"    {each['term_code']:<3}{frame.schools.get(each['school_code'], each['school_code'])}: "
            f"{absent} absent of {cut(days(each['days_expected'] or 0))}{_late(each, row, frame)}"
        )
    if measures.days_absent is not None:
        lines.append(f"    in the snapshot: {cut(measures.days_absent)} absent of {cut(measures.days_expected)}")
    for each in (each for each in student.enrollments if each["school_year"] == year):
        kind = "primary" if each["is_primary"] else "not primary"
        school = frame.schools.get(each["school_code"], each["school_code"])
        until = each["exit_date"] or "open"
        lines.append(f"    enrolled at {school}, {each['entry_date']} to {until}, {kind}{_late(each, row, frame)}")
    if row["n_suspensions"] is None and row["null_reason"] != "not_enrolled":
        lines.append("  suspensions: unknown, the discipline file of a district is missing")
    first, last = dt.date(year - 1, 7, 1), row["as_of"] or dt.date(year, 6, 30)
    for each in student.incidents:
        if each["suspension_type"] and first <= each["incident_date"] <= last:
            length = cut(Fraction(repr(each["suspension_days"] or 0.0)), 3)
            lines.append(
                f"  suspension: {each['suspension_type']}, {length} days, {each['incident_date']}"
                f"{_late(each, row, frame)}"
            )
    return lines


def _tonight(row: Row, student: Student) -> list[str]:
    """What is known tonight beside what was frozen, where they differ."""
    current = student.current.get(key_of(row))
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
