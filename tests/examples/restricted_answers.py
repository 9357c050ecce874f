"""Answers to the questions of the restricted tier, worked out again for one district from its Parquet files alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from tests.examples.released import Released, Row

Rows = list[tuple[Any, ...]]


def _newest(released: Released, district: str) -> tuple[int, dict[str, Row]]:
    """The latest cohort whose G9_EOY is frozen, and its members that the district's database shows, by student."""
    rows = [
        row
        for row in released.rows(f"restricted/{district}", "student_snapshot", rule_set="core5_v1")
        if row["snapshot_code"] == "G9_EOY" and row["is_frozen"]
    ]
    year = max(row["cohort_year"] for row in rows)
    return year, {r["student_key"]: r for r in rows if r["cohort_year"] == year and r["is_first_time_grade9"]}


def subjects(released: Released, district: str) -> dict[str | None, tuple[int, int, float, int]]:
    """Question 15: subject -> students, with a low mark, their share, of these off track."""
    code = released.own_code(district)
    year, cohort = _newest(released, district)
    marks: dict[str | None, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in released.rows(f"restricted/{district}", "course_mark", school_year=year):
        member = cohort.get(row["student_key"])
        if not member or member["district_code"] != code or row["term_kind"] == "summer":
            continue
        if row["mark"] not in (None, "W"):
            marks[row["subject_area"]][row["student_key"]].append(row["mark"])
    found = {}
    for subject, students in marks.items():
        low = [key for key, got in students.items() if any(mark[0] in "DF" or mark == "NP" for mark in got)]
        off = sum(cohort[key]["on_track"] is False for key in low)
        found[subject] = (len(students), len(low), len(low) / len(students), off)
    return found


def needs(released: Released, district: str) -> dict[str, tuple[int, str, list[str]]]:
    """Question 16: student -> lane, snapshot, what is missing, for this year's ninth graders who are off track."""
    tier, code = f"restricted/{district}", released.own_code(district)
    ninth = released.rows(tier, "enrollment", grade_level="09")
    year = max(row["school_year"] for row in ninth)
    here = {
        row["student_key"]
        for row in ninth
        if row["school_year"] == year
        and row["district_code"] == code
        and row["is_primary"]
        and row["exit_date"] is None
    }
    latest: dict[str, Row] = {}
    for row in released.rows(tier, "student_snapshot", rule_set="core5_v1", cohort_year=year):
        if row["is_first_time_grade9"] and not row["snapshot_code"].startswith("G9_P") and row["student_key"] in here:
            before = latest.get(row["student_key"])
            if before is None or (row["as_of"], row["snapshot_code"]) > (before["as_of"], before["snapshot_code"]):
                latest[row["student_key"]] = row
    sentences: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for row in released.rows(tier, "snapshot_reason", rule_set="core5_v1", cohort_year=year):
        sentences[row["student_key"], row["snapshot_code"]].append((row["position"], row["sentence"]))
    return {
        key: (row["lane"], row["snapshot_code"], [text for _, text in sorted(sentences[key, row["snapshot_code"]])])
        for key, row in latest.items()
        if row["lane"] is not None and row["lane"] <= 2
    }


def corrections(released: Released, district: str) -> Rows:
    """Question 17."""
    tier = f"restricted/{district}"

    def by_key(table: str) -> dict[tuple[Any, ...], Row]:
        return {
            (row["student_key"], row["snapshot_code"], row["cohort_year"]): row
            for row in released.rows(tier, table, rule_set="core5_v1")
        }

    frozen, counts, crossing = by_key("student_snapshot"), Counter[Any](), Counter[Any]()
    for key, tonight in by_key("student_snapshot_current").items():
        if (before := frozen.get(key)) and before["lane"] != tonight["lane"]:
            cell = (key[2], key[1], before["lane"], tonight["lane"])
            counts[cell] += 1
            crossing[cell] += {before["on_track"], tonight["on_track"]} == {True, False}
    return [(*cell, n, crossing[cell]) for cell, n in counts.items()]


def core_f_marks(released: Released, district: str) -> Counter[tuple[Any, ...]]:
    """Question 18: student, term, course, source file and row of each core F of the latest cohort."""
    year, cohort = _newest(released, district)
    return Counter(
        (row["student_key"], row["term_code"], row["course_name"], row["source_file_id"], row["source_row"])
        for row in released.rows(f"restricted/{district}", "course_mark", school_year=year)
        if row["student_key"] in cohort and row["is_core"] and (row["mark"] or "").startswith("F")
    )


def matrix(released: Released, district: str) -> Rows:
    """Question 19, from students instead of the matrix."""
    code = released.own_code(district)
    cells: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    for row in released.rows(f"restricted/{district}", "student_movement", rule_set="core5_v1"):
        if (row["basis"], row["end_snapshot_code"], row["district_code"]) != ("G8_EOY", "G9_EOY", code):
            continue
        if row["start_lane"] is not None and row["end_lane"] is not None:
            cells[row["cohort_year"], row["start_lane"]][row["end_lane"]] += 1
    return [
        (year, start, ends.total(), *(ends[lane] / ends.total() if ends[lane] else None for lane in range(1, 6)))
        for (year, start), ends in sorted(cells.items())
    ]


def two_groups(released: Released, district: str) -> Rows:
    """Question 20."""
    code = released.own_code(district)
    groups: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in released.rows(f"restricted/{district}", "student_group_year"):
        groups[row["student_key"], row["school_year"]].add(row["group_code"])
    counts, off = Counter[Any](), Counter[Any]()
    for row in released.rows(f"restricted/{district}", "student_snapshot", rule_set="core5_v1"):
        if row["snapshot_code"] != "G9_EOY" or not row["is_first_time_grade9"] or not row["is_frozen"]:
            continue
        if row["lane"] is not None and row["district_code"] == code:
            of_student = groups[row["student_key"], row["school_year"]]
            for cell in ((e, d) for e in ("EL", "NOT_EL") for d in ("NOT_SWD", "SWD")):
                if of_student.issuperset(cell):
                    counts[cell] += 1
                    off[cell] += row["lane"] <= 2
    return [(*cell, n, off[cell], off[cell] / n) for cell, n in sorted(counts.items())]
