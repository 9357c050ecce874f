"""`core explain STUDENT_KEY`: each snapshot of a student down to rule rows, marks, and the files that they came in."""

from __future__ import annotations

from pathlib import Path

from pipelines.explain.errors import WrongQuestionError
from pipelines.explain.released import Released, Row
from pipelines.explain.student_rows import frame_of, read_student
from pipelines.explain.trace import trace
from pipelines.explain.what_if import what_if


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
    student = read_student(released, tiers, student_key, rule_set["rule_set"])
    snapshots = _chosen(student.snapshots, snapshot)
    frame = frame_of(released, tiers, rule_set, student, ledger)
    shown = snapshots[-1:] if next_lane and snapshot is None else snapshots
    release = f"release {released.folder.name}, as of {released.manifest.as_of}, rule set {rule_set['rule_set']}"
    lines = [f"{student_key} in the data of {', '.join(student.districts)}; {release}"]
    for row in shown:
        lines.append("")
        lines += what_if(row, student, frame) if next_lane else trace(row, student, frame)
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


def _chosen(snapshots: list[Row], asked: str | None) -> list[Row]:
    if not snapshots:
        raise WrongQuestionError("this student has no snapshot: snapshots are of ninth graders, once they are due")
    chosen = [row for row in snapshots if asked in (None, row["snapshot_code"])]
    if not chosen:
        known = ", ".join(dict.fromkeys(row["snapshot_code"] for row in snapshots))
        raise WrongQuestionError(f"this student has no snapshot {asked!r}; there are {known}")
    return chosen
