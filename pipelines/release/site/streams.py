"""Rows of many places, passing by in the order of their codes: read by one query, never all in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class InOrder(Generic[T]):
    """Gives out what belongs to a code; codes are asked for in ascending order, none twice."""

    def __init__(self, pairs: Iterator[tuple[str, T]], nothing: T) -> None:
        self._pairs = pairs
        self._nothing = nothing
        self._next = next(pairs, None)

    def take(self, code: str) -> T:
        """What belongs to the code; what belongs to codes passed over is dropped."""
        while self._next is not None and self._next[0] < code:
            self._next = next(self._pairs, None)
        if self._next is None or self._next[0] != code:
            return self._nothing
        found = self._next[1]
        self._next = next(self._pairs, None)
        return found
