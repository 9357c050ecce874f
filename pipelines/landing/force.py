"""Which content was in force when: intervals of `replace` feeds, from deliveries and scopes alone.

Half-open intervals of days. At any time the last delivery by (date, name) that is known and has the scope is in force;
one that becomes known after a later one never was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sent:
    """A scope as one delivery sent it: the contents that make it up. Given in the order of deliveries."""

    delivery: str
    known_from: dt.date
    scope: str
    file_ids: frozenset[str]


@dataclass(frozen=True)
class Force:
    """A content in force for a scope from `known_from` until (not including) `known_to`; None = still."""

    file_id: str
    scope: str
    delivery: str
    known_from: dt.date
    known_to: dt.date | None
    is_versioned: bool


def intervals(sent: Iterable[Sent]) -> list[Force]:
    """Intervals of one feed of one district.

    The same contents sent again prolong the interval (the delivery named is the first). A scope is versioned if other
    contents were ever sent for it, even when they were replaced on the same day.
    """
    by_scope: dict[str, list[Sent]] = {}
    for item in sent:
        by_scope.setdefault(item.scope, []).append(item)
    found: list[Force] = []
    for scope, items in sorted(by_scope.items()):
        is_versioned = len({item.file_ids for item in items}) > 1
        spans: list[tuple[Sent, dt.date | None]] = []
        for index, item in enumerate(items):
            end = min((later.known_from for later in items[index + 1 :]), default=None)
            if end is not None and end <= item.known_from:
                continue
            last = spans[-1] if spans else None
            if last is not None and last[0].file_ids == item.file_ids and last[1] == item.known_from:
                spans[-1] = (last[0], end)
            else:
                spans.append((item, end))
        for item, end in spans:
            found += [
                Force(file_id, scope, item.delivery, item.known_from, end, is_versioned)
                for file_id in sorted(item.file_ids)
            ]
    return found
