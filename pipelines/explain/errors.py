"""Errors of `core explain`: one line for a person. No value of a student."""

from __future__ import annotations

from pipelines.errors import CannotRunError


class CannotExplainError(CannotRunError):
    """Nothing is wrong with the question, but it cannot be answered here (exit status 1)."""


class WrongQuestionError(CannotExplainError):
    """The question asks for what does not exist or may not be compared (exit status 2)."""
