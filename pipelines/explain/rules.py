"""Rows of `lane_rule` asked of a student's measures: which gates pass, and so which lane.

The verdict is SQL of the release itself: table `lane_measure` holds the condition of each measure, the one from which
the published reasons were worked out. Here stand the words for it, and by how much a rule is met in exact fractions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import groupby

from pipelines.explain.errors import CannotExplainError
from pipelines.explain.numbers import credits, cut, days, decimal, percent
from pipelines.explain.released import Released, Row

AT_LEAST, AT_MOST, STRICT = (">", ">="), ("<", "<="), (">", "<")
Verdict = tuple[int, list["Answer"]]


@dataclass(frozen=True)
class Rule:
    """A row of lane_rule."""

    version: str
    grade: str
    gate: str
    measure: str
    op: str
    value: Fraction
    slack: Fraction
    condition: str

    @property
    def lane(self) -> int:
        """The lane that its gate opens."""
        return int(self.gate[1:])

    def words(self) -> str:
        """The row as it stands in the table."""
        value = cut(self.value, 4)
        return f"{self.version} grade {self.grade} {self.gate} {self.measure} {self.op} {value}"


@dataclass(frozen=True)
class Measures:
    """What a lane follows from. None: unknown or not asked (credits due in grade 8)."""

    points: Fraction
    credits_graded: Fraction
    n_f_core: Fraction
    n_df_core: int
    n_df_elamath: int
    credits_earned_total: Fraction
    credits_due: Fraction | None
    days_expected: Fraction
    days_absent: Fraction | None
    n_suspensions: int | None


@dataclass(frozen=True)
class Answer:
    """A rule asked of a student: None where the measure is unknown, which skips the condition."""

    rule: Rule
    shown: str
    passes: bool | None


def read_rules(rows: list[Row], measures: list[Row]) -> list[Rule]:
    """Rows of lane_rule, with those of lane_measure, in the order of the gates."""
    known = {row["measure"]: row for row in measures if row["measure"] in _AMOUNTS}
    rules = []
    for row in rows:
        measure = known.get(row["measure"])
        if measure is None or row["op"] not in (*AT_LEAST, *AT_MOST):
            words = " ".join(str(value) for value in row.values())
            raise CannotExplainError(f"the rule row {words!r} is of a kind that core explain does not know")
        slack = decimal(measure["slack"])
        rules.append(Rule(**{**row, "value": decimal(row["value"])}, slack=slack, condition=measure["condition"]))
    return sorted(rules, key=lambda rule: (rule.gate, known[rule.measure]["position"], rule.value))


def rules_of(released: Released, version: str | None) -> list[Rule]:
    """The rules of a version; none where lanes come from elsewhere."""
    words = released.open_words()
    rows = released.rows(words, "select * from {t}.lane_rule where version = ?", version)
    return read_rules(rows, released.rows(words, "from {t}.lane_measure"))


def measures_of(snapshot: Row) -> Measures:
    """The measures of a row of student_snapshot as exact fractions."""
    graded = credits(snapshot["credits_graded"] or 0)
    due, absent = snapshot["credits_due"], snapshot["days_absent"]
    return Measures(
        points=credits((snapshot["gpa"] or 0) * float(graded)),
        credits_graded=graded,
        n_f_core=credits(snapshot["n_f_core"] or 0),
        n_df_core=snapshot["n_df_core"] or 0,
        n_df_elamath=snapshot["n_df_elamath"] or 0,
        credits_earned_total=credits(snapshot["credits_earned_total"] or 0),
        credits_due=None if due is None else credits(due),
        days_expected=days(snapshot["days_expected"] or 0),
        days_absent=None if absent is None else days(absent),
        n_suspensions=snapshot["n_suspensions"],
    )


def _gpa(m: Measures) -> tuple[Fraction | None, Fraction]:
    return m.points, m.credits_graded


def _attendance(m: Measures) -> tuple[Fraction | None, Fraction]:
    return (None if m.days_absent is None else m.days_expected - m.days_absent), m.days_expected


def _credit_pace(m: Measures) -> tuple[Fraction | None, Fraction]:
    return (None, Fraction(1)) if m.credits_due is None else (m.credits_earned_total, m.credits_due)


def _number(value: Fraction | int | None) -> tuple[Fraction | None, Fraction]:
    return (None if value is None else Fraction(value)), Fraction(1)


#: measure of a rule row -> numerator (None: unknown) and denominator; ratios are never divided before they are compared
_AMOUNTS: dict[str, Callable[[Measures], tuple[Fraction | None, Fraction]]] = {
    "gpa": _gpa,
    "n_f_core": lambda m: _number(m.n_f_core),
    "n_df_core": lambda m: _number(m.n_df_core),
    "n_df_elamath": lambda m: _number(m.n_df_elamath),
    "attendance_rate": _attendance,
    "credits_of_due": _credit_pace,
    "n_suspensions": lambda m: _number(m.n_suspensions),
}


def margin(rule: Rule, measures: Measures) -> Fraction | None:
    """By how much the rule is met (negative: missed), times the denominator; None where the measure is unknown."""
    have, of = _AMOUNTS[rule.measure](measures)
    if have is None:
        return None
    return have - rule.value * of if rule.op in AT_LEAST else rule.value * of - have


def is_enough(rule: Rule, margin_left: Fraction) -> bool:
    """Whether a margin meets the rule."""
    return margin_left > 0 if rule.op in STRICT else margin_left >= -rule.slack


def shown(measure: str, measures: Measures) -> str:
    """The student's exact value in words: `171/180 days = 95.00%`."""
    have, of = _AMOUNTS[measure](measures)
    if have is None:
        return "unknown, so not asked" if measure != "credits_of_due" else "nothing due, so not asked"
    if not of:
        return "nothing to divide by"
    if measure == "gpa":
        return f"{cut(have, 4)} points/{cut(of, 4)} credits = {cut(have / of, 4)}"
    if measure == "attendance_rate":
        return f"{cut(have, 4)}/{cut(of, 4)} days = {percent(have / of)}"
    if measure == "credits_of_due":
        return f"{cut(have, 4)} of {cut(of, 4)} credits"
    return cut(have, 4)


class Judge:
    """Asks rules of measures in SQL. `ask` runs a query with named values: on a release, or anywhere else."""

    def __init__(self, ask: Callable[[str, Row], list[Row]]) -> None:
        self._ask = ask

    def __call__(self, rules: list[Rule], measures: Measures) -> Verdict:
        """The lane that follows, and every rule's answer. The first gate with an unmet rule stops the student."""
        asked = " union all ".join(
            f"select {number} as number, {rule.condition} as passes "
            f"from (select row.*, '{rule.op}' as op, cast('{float(rule.value)}' as double) as value from row)"
            for number, rule in enumerate(rules)
        )
        row = _as_snapshot(measures)
        columns = ", ".join(f"cast(${name} as double) as {name}" for name in row)
        found = self._ask(f"with row as (select {columns}) select passes from ({asked}) order by number", row)
        answers = [
            Answer(rule, shown(rule.measure, measures), each["passes"]) for rule, each in zip(rules, found, strict=True)
        ]
        lane = 1
        for _, of_gate in groupby(answers, key=lambda answer: answer.rule.gate):
            if any(answer.passes is False for answer in of_gate):
                break
            lane += 1
        return lane, answers


def judge_of(released: Released) -> Judge:
    """A judge who asks the engine that the release is open in."""
    return Judge(lambda query, values: released.rows(released.open_words(), query, values))


def _as_snapshot(measures: Measures) -> Row:
    """The measures in the columns of student_snapshot."""
    row = {name: None if value is None else float(value) for name, value in asdict(measures).items()}
    points = row.pop("points")
    row["gpa"] = points / row["credits_graded"] if points is not None and row["credits_graded"] else None
    return row
