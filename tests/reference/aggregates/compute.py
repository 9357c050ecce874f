"""All figures of a set of facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import duckdb

from ..compute import Computation, Movement, Snapshot
from .cells import Cell, Counts, Places
from .cohorts import cohort_cells
from .companions import companion_cells
from .groups import GroupFacts, student_groups


def network_cohorts(truth: Path) -> Places:
    """The hub's list of network schools as it stands tonight, from `<synth dir>/_truth`."""
    con = duckdb.connect()
    rows = con.execute(
        "select school_code, network, cohort from read_parquet(?) where known_to is null and school_code is not null",
        [str(truth / "btsc_membership.parquet")],
    ).fetchall()
    con.close()
    networks: dict[str, set[str]] = defaultdict(set)
    for school, network, cohort in rows:
        networks[school].add(f"{network}-{cohort}")
    return Places(networks)


def all_cells(
    computation: Computation,
    snapshots: list[Snapshot],
    movements: list[Movement],
    group_facts: GroupFacts,
    places: Places,
    rule_sets: Iterable[str],
) -> dict[Cell, Counts]:
    """Every figure of domain.md sections 5 to 7, before anything is hidden."""
    now = computation.current
    groups = student_groups(computation.facts, group_facts, now.people, now.ids)
    return cohort_cells(snapshots, movements, groups, places) | companion_cells(now, groups, places, tuple(rule_sets))
