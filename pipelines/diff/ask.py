"""`core diff A B`: what changed from one release to another, and why. Reads one tier of each, and no student."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from pipelines.diff.causes import Causes, find_causes
from pipelines.diff.figures import Figure, Figures, MetricChange
from pipelines.diff.told import lines_of
from pipelines.errors import WrongAskError
from pipelines.release.find import DamagedError, find_release, read_release
from pipelines.release.manifest import Manifest
from pipelines.release.tiers import quoted
from pipelines.settings import Settings

TIERS = ("partner", "public")
NEVER = "figures of two rule sets are never set against each other"


@dataclass(frozen=True)
class TableChange:
    """A table that is not the same; None where a release does not have it."""

    tier: str
    table: str
    rows_before: int | None
    rows_after: int | None


@dataclass(frozen=True)
class Comparison:
    """Everything that `core diff` tells."""

    a: str
    b: str
    tier: str
    rule_set: str
    is_synthetic: tuple[bool, bool]
    causes: Causes
    tables: list[TableChange]
    tables_same: int
    metrics: list[MetricChange]
    largest: list[Figure]
    by_district: dict[str, int]


def diff(
    settings: Settings, asked: tuple[str, str], tier: str, rule_set: str | None, limit: int, as_json: bool
) -> list[str]:
    """The lines to print.

    Raises WrongAskError: no such release or tier, or figures of two rule sets would stand against each other.
    """
    if tier not in TIERS:
        raise WrongAskError(f"no tier {tier!r} with figures; there are {', '.join(TIERS)}")
    folders = [find_release(settings.published, each) for each in asked]
    found = compare(folders[0], folders[1], tier, rule_set, limit)
    if as_json:
        return [json.dumps(asdict(found), indent=1, ensure_ascii=False, default=str)]
    return lines_of(found, limit)


def compare(before: Path, after: Path, tier: str, rule_set: str | None, limit: int) -> Comparison:
    """Compare two releases in one tier under one rule set."""
    a, b = read_release(before), read_release(after)
    with closing(duckdb.connect()) as con:
        for name, folder in (("a", before), ("b", after)):
            _attach(con, name, folder, tier)
        chosen = _rule_set(con, a, b, tier, rule_set)
        causes = find_causes(con, a, b)
        figures = Figures(con, chosen)
        version = con.execute("select lane_rule_version from b.main.rule_set where rule_set = ?", [chosen]).fetchall()
        largest = {(each.metric_code, each.level): each for each in figures.largest(1, per_metric=True)}
        metrics = []
        for row in figures.metrics():
            moved = any(row[state] for state in ("changed", "new", "gone", "now_shown", "now_hidden", "settled"))
            why = causes.touches(row["metric_code"], chosen, version[0][0]) if moved else []
            if row["settled"]:
                why.insert(0, "settled")
            metrics.append(MetricChange(**row, why=why, largest=largest.get((row["metric_code"], row["level"]))))
        tables, same = _tables(a, b)
        return Comparison(
            a=a.release_id, b=b.release_id, tier=tier, rule_set=chosen, is_synthetic=(a.is_synthetic, b.is_synthetic),
            causes=causes, tables=tables, tables_same=same, metrics=metrics, largest=figures.largest(limit),
            by_district=_named(b, figures.by_district()),
        )  # fmt: skip


def _attach(con: duckdb.DuckDBPyConnection, name: str, folder: Path, tier: str) -> None:
    try:
        con.execute(f"attach '{quoted(folder / tier / 'core.duckdb')}' as {name} (read_only)")
    except (duckdb.Error, OSError) as error:
        raise DamagedError(
            f"{folder.name}: its {tier} tier cannot be read ({type(error).__name__}); try core verify --files-only"
        ) from error


def _rule_set(con: duckdb.DuckDBPyConnection, a: Manifest, b: Manifest, tier: str, asked: str | None) -> str:
    has = [{row[0] for row in con.execute(f"select rule_set from {name}.main.rule_set").fetchall()} for name in "ab"]
    both = ", ".join(sorted(has[0] & has[1])) or "none"
    if asked is None:
        if a.rule_set != b.rule_set:
            raise WrongAskError(
                f"the default rule set is {a.rule_set} in {a.release_id} and {b.rule_set} in {b.release_id}; {NEVER}: "
                f"name one that both have with --rule-set ({both})"
            )
        return a.rule_set
    for manifest, names in zip((a, b), has, strict=True):
        if asked not in names:
            raise WrongAskError(
                f"no rule set {asked!r} in the {tier} tier of {manifest.release_id}; {NEVER}: both have {both}"
            )
    return asked


def _tables(a: Manifest, b: Manifest) -> tuple[list[TableChange], int]:
    changed, same = [], 0
    for tier in sorted(a.tables.keys() | b.tables.keys()):
        old, new = a.tables.get(tier, {}), b.tables.get(tier, {})
        for table in sorted(old.keys() | new.keys()):
            before, after = old.get(table), new.get(table)
            if before == after:
                same += 1
            else:
                changed.append(TableChange(tier, table, before.rows if before else None, after.rows if after else None))
    return changed, same


def _named(manifest: Manifest, counts: dict[str, int]) -> dict[str, int]:
    names = {state.district_code: name for name, state in manifest.districts.items()}
    return {names.get(code, code): n for code, n in counts.items()}
