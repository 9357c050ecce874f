"""`--next-lane` in lines: what would have had to be different, and which lane would follow."""

from __future__ import annotations

from pipelines.explain.marks import WindowMark, add_up, differences, window_code
from pipelines.explain.next_lane import sentences, smallest_changes
from pipelines.explain.released import Row
from pipelines.explain.rules import measures_of
from pipelines.explain.student_rows import Frame, Student, key_of, marks_for, rules_for
from pipelines.explain.title import COMPUTED_ELSEWHERE, missing, title


def what_if(row: Row, student: Student, frame: Frame) -> list[str]:
    """The smallest changes that would have moved the student up a lane in this snapshot."""
    lines = [title(row)]
    if row["lane"] is None:
        return lines + [f"  for a lane: {line}" for line in missing(row, frame.rule_set)]
    if not frame.rules:
        return [*lines, f"  {COMPUTED_ELSEWHERE}, so no changes follow from any"]
    rules = rules_for(row, frame)
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
    changes = smallest_changes(rules, measures, marks, frame.keeps_plus_minus, frame.judge)
    lines.append(f"  the smallest changes for lane {read['lane'] + 1}")
    lines += [f"    {line}" for line in sentences(changes, measures)]
    if changes.lane is None and marks is None:
        lines.append(f"  whether lane {read['lane'] + 1} is reached depends on marks that are not known here")
    elif changes.lane is None:
        lines.append(f"  lane {read['lane'] + 1} cannot be reached in this snapshot")
    else:
        name = frame.lane_names.get(changes.lane, "")
        lines.append(f"  with all of them the rule rows give lane {changes.lane}{', ' + name if name else ''}")
    return lines


def _marks_behind(row: Row, student: Student, frame: Frame) -> tuple[Row, list[WindowMark] | None]:
    """The snapshot row to which the marks known tonight add up, and these marks; no marks if there is none."""
    if window_code(row["snapshot_code"]) is None:
        return row, None
    marks = marks_for(row, student, frame)
    for each in (row, student.current.get(key_of(row))):
        if each is not None and not differences(add_up(marks), measures_of(each)):
            return each, marks
    return row, None
