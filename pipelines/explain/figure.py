"""Which published figure a question asks for."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from pipelines.explain.errors import WrongQuestionError
from pipelines.explain.released import Released, Row


@dataclass(frozen=True)
class Question:
    """Which figure is asked for; what is left out is the headline, the latest year, all students."""

    subject: str
    school: str | None = None
    district: str | None = None
    year: int | None = None
    snapshot: str | None = None
    basis: str | None = None
    group: str = "ALL"
    tier: str = "partner"
    limit: int = 20


def definition_of(released: Released, code: str) -> Row:
    """The row of metric_definition. Raises WrongQuestionError with codes that are near."""
    rows = {row["metric_code"]: row for row in released.rows(released.open_words(), "from {t}.metric_definition")}
    if code not in rows:
        near = get_close_matches(code, rows, n=5, cutoff=0.4) or sorted(rows)
        raise WrongQuestionError(f"{code!r} is neither a student key nor a metric; near it are {', '.join(near)}")
    return rows[code]


def figures_of(released: Released, question: Question, rule_set: str) -> list[Row]:
    """The published rows that the question asks for. Raises WrongQuestionError if there are none."""
    level, entity = _entity(released, question)
    rows = released.rows(
        question.tier,
        "from {t}.metric where metric_code = ? and level = ? and entity_code = ? and group_code = ? and rule_set = ?",
        question.subject, level, entity, question.group, rule_set,
    )  # fmt: skip
    if not rows:
        what = f"{question.subject} of {level} {entity}, group {question.group}, rule set {rule_set}"
        raise WrongQuestionError(f"the {question.tier} tier has no figure of {what}")
    year = question.year or max(row["cohort_year"] for row in rows)
    for name, asked in (("cohort_year", year), ("snapshot_code", question.snapshot), ("basis", question.basis)):
        known = sorted({str(row[name]) for row in rows})
        rows = [row for row in rows if asked in (None, row[name])]
        if not rows:
            raise WrongQuestionError(f"no such figure with {name} {asked}; there are {', '.join(known)}")
    return rows


def _entity(released: Released, question: Question) -> tuple[str, str]:
    if question.school:
        if question.school not in released.schools():
            raise WrongQuestionError(
                f"no school {question.school!r} in this release; codes have 14 digits (dim_school)"
            )
        return "school", question.school
    if question.district:
        codes = {row["district"]: code for code, row in released.districts().items()}
        if question.district not in codes:
            raise WrongQuestionError(f"no district {question.district!r}; there are {', '.join(sorted(codes))}")
        return "district", codes[question.district]
    return "collaborative", "CORE"


def headline(figures: list[Row], rule_set: Row) -> Row:
    """Of several snapshots and bases the one that the rule set names, else the first by name."""

    def order(row: Row) -> tuple[bool, bool, str, str]:
        start, end = rule_set["movement_start"], rule_set["movement_end"]
        return row["snapshot_code"] != end, row["basis"] not in (None, start), row["snapshot_code"], str(row["basis"])

    return min(figures, key=order)
