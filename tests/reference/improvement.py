"""Aims, gaps and spread worked out again from the published figures, in exact fractions and one row at a time.

Reads what the open tier's table `metric` shows, the memberships and the parameters, and nothing of the models. Written from
sections 1, 5, 9 and 10 of the specification and the words of the published tables.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist
from typing import Any, NamedTuple

import duckdb

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
AIM = {
    "movement": ("movement_rate", "G9_EOY", "G8_EOY", -1, 0),
    "off_track": ("off_track_rate_9_10", "G10_EOY", "G9_EOY", 0, 1),
    "vulnerable": ("vulnerable_rate", "G9_EOY", None, 0, 0),
    "move_up": ("move_up_9_10", "G10_EOY", "G9_EOY", 0, 1),
}
FEWEST = 20
Row = dict[str, Any]


class Cell(NamedTuple):
    """Whose figure of which metric."""

    metric: str
    cohort: int
    snapshot: str
    basis: str | None
    level: str
    entity: str
    rule_set: str


@dataclass(frozen=True)
class Figure:
    """What table metric says of a cell and group; counts only where it is shown."""

    x: int | None
    n: int | None
    kind: str
    provisional: bool

    @property
    def shown(self) -> bool:
        return self.x is not None


class Published:
    """The figures of one tier."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        directions = self._table("metric_definition", "metric_code, unit, direction")
        self.direction = {
            code: direction
            for code, unit, direction in directions
            if unit == "rate" and direction and code != "df_mark_share" and not code.startswith("coverage_")
        }
        self.figures: dict[Cell, dict[str, Figure]] = defaultdict(dict)
        for row in self._table(
            "metric",
            "metric_code, cohort_year, snapshot_code, basis, level, entity_code, rule_set, group_code, numerator, denominator, "
            "value, suppression, is_provisional",
            f"where metric_code in {tuple(self.direction)}",
        ):
            shown = row[11] == "none" and row[10] is not None and row[8] is not None
            self.figures[Cell(*row[:7])][row[7]] = Figure(*(row[8:10] if shown else (None, None)), row[11], row[12])
        self.rule_sets = {r[0]: r for r in self._table("rule_set", "rule_set, aim_up, aim_down, aim_school_share, aim_fewer_vulnerable, aim_more_move_up")}  # fmt: skip
        self.memberships = self._table("btsc_membership", "school_code, network, cohort, start_year, end_year")
        self.district = dict(self._table("dim_school", "school_code, district_code"))
        self.complement = dict(self._table("student_group", "group_code, complement_code"))

    def _table(self, name: str, columns: str, where: str = "") -> list[tuple[Any, ...]]:
        return self.con.execute(f"select {columns} from {name} {where}").fetchall()


def seed(name: str) -> list[dict[str, str]]:
    """Rows of a seed."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def wilson(x: int, n: int) -> tuple[float, float]:
    """Wilson's 95% interval."""
    z = NormalDist().inv_cdf(0.975)
    center, half = x + z * z / 2, z * math.sqrt(x * (n - x) / n + z * z / 4)
    return max(0.0, (center - half) / (n + z * z)), min(1.0, (center + half) / (n + z * z))


def gaps(tier: Published) -> Iterator[tuple[tuple[Any, ...], Row]]:
    """Rows of equity_gap by (cell, group)."""
    reference = {r["group_code"]: r["reference_code"] for r in seed("reference_group")}
    compared = {code for code in tier.complement.values() if code}
    for cell, groups in tier.figures.items():
        for group, own in groups.items():
            if group == "ALL" or group in compared or own.kind == "suppressed":
                continue
            yield (cell, group), _gap(tier.direction[cell.metric], groups, group, tier.complement[group], reference.get(group))  # fmt: skip


def _gap(direction: str, groups: dict[str, Figure], group: str, complement: str | None, reference: str | None) -> Row:
    own, everybody = groups[group], groups.get("ALL")
    source = groups.get(complement) if complement else everybody
    kinds = {own.kind, source.kind if source else "none"}
    row: Row = dict.fromkeys(
        ("n_group", "n_not_group", "n_all", "rate_group", "rate_not_group", "rate_all", "gap_pp", "gap_ci_low", "gap_ci_high",
         "gap_all_pp", "risk_ratio", "index_all", "rri", "to_parity", "no_gap_reason"))  # fmt: skip
    row["suppression"] = next((kind for kind in ("suppressed", "coded") if kind in kinds), "none")
    if row["suppression"] != "none" or own.x is None or own.n is None:
        return row | {"no_gap_reason": "hidden"}
    rate = Fraction(own.x, own.n)
    row |= {"n_group": own.n, "rate_group": float(rate)}
    whole = None
    if everybody and everybody.x is not None and everybody.n is not None:
        whole = Fraction(everybody.x, everybody.n)
        row |= {"n_all": everybody.n, "rate_all": float(whole)}
    if source is None or source.x is None or source.n is None:
        return row | {"no_gap_reason": "nobody_else"}
    x, n = (source.x, source.n) if complement else (source.x - own.x, source.n - own.n)
    judged = min(n, own.n) >= FEWEST
    if n and (judged or complement):
        row |= {"n_not_group": n, "rate_not_group": float(Fraction(x, n))}
    if not n or not judged:
        return row | {"no_gap_reason": "too_few" if n else "nobody_else"}
    others = Fraction(x, n)
    gap = rate - others
    (low, high), (low_other, high_other) = wilson(own.x, own.n), wilson(x, n)
    worse = -gap if direction == "higher_is_better" else gap
    against = groups.get(reference or "")
    row |= {
        "gap_pp": float(gap),
        "gap_ci_low": max(-1.0, float(gap) - math.hypot(float(rate) - low, high_other - float(others))),
        "gap_ci_high": min(1.0, float(gap) + math.hypot(high - float(rate), float(others) - low_other)),
        "risk_ratio": float(rate / others) if others else None,
        "to_parity": max(0, math.ceil(own.n * worse)),
    }
    if whole is not None:
        row |= {"gap_all_pp": float(rate - whole), "index_all": float(rate / whole) if whole else None}
    if against and against.x and against.n and against.n >= FEWEST:
        row["rri"] = float(rate / Fraction(against.x, against.n))
    return row


def funnels(tier: Published) -> Iterator[tuple[tuple[Any, ...], list[tuple[str, int, int]]]]:
    """(metric, cohort, snapshot, basis, rule_set, level, entity) and its schools (code, numerator, denominator)."""
    cohorts = defaultdict(set)
    for code, network, cohort, *_ in tier.memberships:
        cohorts[code].add(f"{network}-{cohort}")
    schools: dict[tuple[Any, ...], list[tuple[str, int, int]]] = defaultdict(list)
    for cell, groups in tier.figures.items():
        figure = groups.get("ALL")
        if cell.level != "school" or figure is None or figure.x is None or figure.n is None or figure.n < FEWEST:
            continue
        places = [("collaborative", "CORE"), ("district", tier.district[cell.entity])]
        places += [("btsc_cohort", cohort) for cohort in cohorts[cell.entity]]
        for level, entity in places:
            key = (cell.metric, cell.cohort, cell.snapshot, cell.basis, cell.rule_set, level, entity)
            schools[key].append((cell.entity, figure.x, figure.n))
    yield from ((key, found) for key, found in schools.items() if len(found) >= 2)


def spread(schools: list[tuple[str, int, int]]) -> Row:
    """The row of school_spread of some schools."""
    x, n, k = sum(s[1] for s in schools), sum(s[2] for s in schools), len(schools)
    mean = Fraction(x, n)
    variance = mean * (1 - mean)
    squares = sum(m * (Fraction(y, m) - mean) ** 2 for _, y, m in schools)
    beyond = (squares - (k - 1) * variance) / (n - Fraction(sum(m * m for _, _, m in schools), n))
    sides = [position(y, m, mean) for _, y, m in schools]
    return {
        "n_schools": k, "n_students": n, "mean_rate": float(mean),
        "lowest_rate": min(y / m for _, y, m in schools), "highest_rate": max(y / m for _, y, m in schools),
        "observed_sd": math.sqrt(squares / n), "chance_sd": math.sqrt((k - 1) * variance / n), "between_sd": math.sqrt(max(0, beyond)),
        "dispersion": float(squares / ((k - 1) * variance)) if variance else None,
        **{f"n_{side}_{name}": sum(s[name] == side for s in sides) for name in ("95", "998") for side in ("above", "below")},
        **{f"n_outside_{name}": sum(s[name] != "inside" for s in sides) for name in ("95", "998")}}  # fmt: skip


def position(x: int, n: int, mean: Fraction) -> dict[str, str]:
    """On which side of both limits a school stands."""
    z = float(Fraction(x, n) - mean) / math.sqrt(mean * (1 - mean) / n) if 0 < mean < 1 else 0.0
    limits = {"95": NormalDist().inv_cdf(0.975), "998": NormalDist().inv_cdf(0.999)}
    return {name: "inside" if abs(z) <= limit else "above" if z > 0 else "below" for name, limit in limits.items()}
