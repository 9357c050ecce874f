"""What a figure is called and what it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

ALL = ("all", "ALL")
CORE = ("collaborative", "CORE")


class Cell(NamedTuple):
    """The key of a figure; `basis` is None for figures of one snapshot."""

    metric: str
    cohort_year: int
    snapshot: str
    basis: str | None
    level: str
    entity: str
    group_type: str
    group: str
    rule_set: str


class Counts(NamedTuple):
    """Numerator and denominator; means have a value and no numerator."""

    numerator: int | None
    denominator: int
    value: float | None = None


@dataclass
class Places:
    """The network's cohorts of schools: which a school was ever in."""

    networks: dict[str, set[str]] = field(default_factory=dict)

    def of(self, district: str | None, school: str | None) -> Iterator[tuple[str, str]]:
        """Every (level, entity) that a student credited to these counts for."""
        yield CORE
        if district is not None:
            yield "district", district
        if school is not None:
            yield "school", school
            for network in sorted(self.networks.get(school, ())):
                yield "btsc_cohort", network


Groups = dict[tuple[str, int], set[tuple[str, str]]]


def groups_of(groups: Groups, person: str, year: int) -> Iterable[tuple[str, str]]:
    """All, and the groups of the student in a school year."""
    return (ALL, *groups.get((person, year), ()))


def add_up(rows: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Column sums."""
    return tuple(map(sum, zip(*rows, strict=True)))
