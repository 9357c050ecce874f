"""One question, one list of lines: a student's key leads to the student, everything else is a metric."""

from __future__ import annotations

import re

import duckdb

from pipelines.explain.errors import CannotExplainError, WrongQuestionError
from pipelines.explain.figure import Question
from pipelines.explain.metric import explain_metric
from pipelines.explain.released import Released
from pipelines.explain.student import explain_student
from pipelines.settings import Settings

STUDENT_KEY = re.compile(r"s_[0-9a-f]{24}")


def explain(settings: Settings, question: Question, rule_sets: list[str], next_lane: bool) -> list[str]:
    """The lines to print. Raises CannotExplainError or WrongQuestionError, each one line for a person."""
    try:
        with Released(settings.published) as released:
            if STUDENT_KEY.fullmatch(question.subject):
                return explain_student(
                    released, settings.ledger_path, question.subject, rule_sets, question.district, question.snapshot,
                    next_lane,
                )  # fmt: skip
            if next_lane:
                raise WrongQuestionError("--next-lane is asked of a student: s_ and 24 hex digits")
            return explain_metric(released, question, rule_sets)
    except (duckdb.Error, OSError) as error:
        # its text might hold a value of a student
        raise CannotExplainError(f"the current release cannot be read ({type(error).__name__})") from error
