"""Errors whose text is for a person who runs the house: printed in one line, without a stack of calls."""

from __future__ import annotations


class CannotRunError(RuntimeError):
    """A run cannot begin; the text says why and what to do."""


class WrongAskError(CannotRunError):
    """What was asked for is not there, or is not one thing: wrong usage."""
