"""A comparison of two releases in lines for a person: causes first, then tables, then figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.diff.causes import Causes
from pipelines.diff.figures import Figure, MetricChange

if TYPE_CHECKING:
    from pipelines.diff.ask import Comparison, TableChange

WIDTH = 18


def lines_of(found: Comparison, limit: int) -> list[str]:
    """All lines; `limit` bounds the figures and metrics listed."""
    kinds = {True: "synthetic data", False: "real data"}
    kind = kinds[found.is_synthetic[0]]
    if found.is_synthetic[0] != found.is_synthetic[1]:
        kind = f"{kind} -> {kinds[found.is_synthetic[1]]}: figures of made-up and of real students"
    if found.a == found.b:
        return [f"{found.a} is one release ({kind})"]
    return [
        f"{found.a} -> {found.b} ({kind})",
        "",
        "what went in",
        *_causes(found.causes),
        "",
        *_tables(found.tables, found.tables_same),
        "",
        *_metrics(found, limit),
    ]


def _pair(name: str, pair: tuple[str, str], what: str = "") -> str:
    told = f"{pair[0]} -> {pair[1]}{what}" if pair[0] != pair[1] else f"{pair[0]}, the same"
    return f"  {name:<{WIDTH}}{told}"


def _causes(causes: Causes) -> Iterator[str]:
    yield _pair("as of", causes.as_of)
    yield _pair("code", causes.code)
    if causes.commit[0] != causes.commit[1]:
        yield _pair("commit", (causes.commit[0] or "unknown", causes.commit[1] or "unknown"))
    yield _pair("key", causes.key, ": every student_key is another")
    yield f"  {'contracts':<{WIDTH}}{', '.join(causes.contracts) or 'the same'}"
    yield f"  {'newly frozen':<{WIDTH}}{'; '.join(causes.freezes) or 'nothing'}"
    for restated in causes.restatements:
        yield f"  {'restated':<{WIDTH}}{restated}"
    if not causes.deliveries:
        yield f"  {'deliveries':<{WIDTH}}the same"
    for name, each in causes.deliveries.items():
        told = [f"new: {', '.join(each.new)}"] if each.new else []
        told += [f"no longer in force: {', '.join(each.gone)}"] if each.gone else []
        told += [f"held: {held}" for held in each.held]
        yield f"  {name:<{WIDTH}}{'; '.join(told)}"
    if not causes.rules:
        yield f"  {'rules':<{WIDTH}}the same"
    for rule in causes.rules:
        values = ", ".join(f"{column}: {old} -> {new}" for column, (old, new) in rule.columns.items())
        yield f"  {'rules':<{WIDTH}}{rule.table} {rule.key}: {values or rule.change}"


def _tables(tables: list[TableChange], same: int) -> Iterator[str]:
    yield f"tables: {len(tables)} changed, {same} the same"
    by_district: dict[str, list[TableChange]] = {}
    for each in tables:
        if each.tier.startswith("restricted/"):
            by_district.setdefault(each.tier, []).append(each)
        else:
            yield f"  {each.tier}.{each.table}: {_rows(each.rows_before)} -> {_rows(each.rows_after)} rows"
    for tier, changed in by_district.items():
        before = sum(each.rows_before or 0 for each in changed)
        after = sum(each.rows_after or 0 for each in changed)
        yield f"  {tier}: {len(changed)} tables, {before:,} -> {after:,} rows in them"


def _rows(n: int | None) -> str:
    return "none" if n is None else f"{n:,}"


def _metrics(found: Comparison, limit: int) -> Iterator[str]:
    moved = [each for each in found.metrics if each.why or each.changed or each.new or each.gone or each.settled]
    same = sum(each.same for each in found.metrics)
    hidden = sum(each.hidden for each in found.metrics)
    changed = sum(each.changed for each in found.metrics)
    yield (
        f"figures ({found.tier}, {found.rule_set}): {changed:,} changed, {same:,} the same, {hidden:,} hidden in both "
        "and not compared"
    )
    for name, n in found.by_district.items():
        each = found.causes.deliveries.get(name)
        why = f"new deliveries {', '.join(each.new)}" if each and each.new else "no new delivery of its own"
        yield f"  {name:<{WIDTH}}{n:,} figures of it and its schools changed; {why}"
    ranked = sorted(moved, key=lambda each: (-each.changed, -each.new, each.metric_code, each.level))
    for metric in ranked[:limit]:
        yield from _metric(metric)
    if len(ranked) > limit:
        yield f"  and {len(ranked) - limit} more metrics and levels (--limit, --json)"
    if found.largest:
        yield "largest"
        for figure in found.largest:
            yield f"  {_figure(figure)}"


def _metric(metric: MetricChange) -> Iterator[str]:
    counts = {
        "changed": metric.changed, "new": metric.new, "gone": metric.gone, "now shown": metric.now_shown,
        "now hidden": metric.now_hidden, "settled": metric.settled,
    }  # fmt: skip
    told = ", ".join(f"{n:,} {word}" for word, n in counts.items() if n)
    yield f"  {metric.metric_code}, {metric.level}: {told or 'as before'}; why: {', '.join(metric.why) or 'unknown'}"
    if metric.largest is not None:
        yield f"    most: {_figure(metric.largest)}"


def _figure(figure: Figure) -> str:
    when = f"{figure.basis} to {figure.snapshot_code}" if figure.basis else figure.snapshot_code
    return (
        f"{figure.metric_code} {figure.cohort_year} {when}, {figure.entity_name}, {figure.group}: "
        f"{figure.before} -> {figure.after}"
    )
