"""A second look at the public tier as it will be published: what somebody who reads it all could find out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.privacy.audit import VALUES, audit
from pipelines.privacy.hide import hidden_figures
from pipelines.privacy.joint import BEFORE_COUNTS, BEFORE_TERMS, Before, Version, with_versions
from pipelines.privacy.kept import KeptRelease, Told, told_by
from pipelines.privacy.protect import seen
from pipelines.privacy.system import System
from pipelines.privacy.tables import Tables, fetch, ints, read_system

FIGURE = "metric_code, cohort_year, snapshot_code, basis, level, entity_code, group_type, group_code"


@dataclass(frozen=True)
class Certificate:
    """What the audit of a public tier says.

    Attributes:
        figures: rows of public.metric.
        hidden_figures: of these, shown as `*`.
        primary_figures: hidden by a rule on the figure alone: a small denominator, numerator or complement of its own,
            or of a figure of its family of outcomes; a bound that is none.
        hidden_to_primary: all hidden figures to those, None without any. What is over 1 is hidden so that these stay
            so, or stands or falls with its family, or is hidden in the partner tier too.
        small_counts: counts of 1 to 10 students behind all figures; none is shown.
        exact_recoveries: small counts that follow exactly from what is shown.
        narrowest_interval: how many values the least protected small count can have, up to `asked_values`.
        asked_values: how many each must be able to have.
        open_counts: small counts that can, or may, be bounded to fewer values than asked.
        programs: linear programs solved.
        restatements: restated freezes; the counts before them are part of the system that is audited.
        kept_releases: releases in the home that may have been read beside this one.
        kept_counts: counts of which these tell more than this one, or than the releases before a restatement.
        kept_changed: counts shown by them that are others in this one without a restatement (changed code or rules, a
            district that joined): not set against this one.
        open_with_kept: small counts that can be bounded to too few values by those who have read them all.
        leaking: kept releases that this comes from.
    """

    figures: int
    hidden_figures: int
    primary_figures: int
    hidden_to_primary: float | None
    small_counts: int
    exact_recoveries: int
    narrowest_interval: int | None
    asked_values: int
    open_counts: int
    programs: int
    restatements: int = 0
    kept_releases: int = 0
    kept_counts: int = 0
    kept_changed: int = 0
    open_with_kept: int = 0
    leaking: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The numbers, for JSON."""
        return {name: value for name, value in asdict(self).items() if name != "leaking"}


def certify(con: duckdb.DuckDBPyConnection, kept: Sequence[KeptRelease] = ()) -> Certificate:
    """Audit public.metric of a warehouse: what stands there, not what was meant to, against all its equations.

    Counts before restatements are part of it, and what `kept` releases tell beyond.

    Raises:
        ArithmeticError: the solver gave up.
        ValueError: a row of public.metric has no figure behind it, or shows another count than its figure has; a kept
            release cannot be read.
    """
    wrong = con.execute(
        f"""select count(*) from public.metric as shown
        left join (select * replace (nullif(basis, '') as basis) from privacy.public_primary) as figure
            on {" and ".join(f"figure.{key} is not distinct from shown.{key}" for key in FIGURE.split(", "))}
        where figure.figure_id is null
            or shown.numerator <> figure.numerator or shown.denominator <> figure.denominator
            or (shown.suppression = 'none' and shown.numerator is distinct from figure.numerator)
            or (shown.suppression = 'none' and figure.extreme is not null)
            or (shown.suppression = 'coded' and figure.extreme is null)"""
    ).fetchall()[0][0]
    if wrong:
        raise ValueError(f"{wrong} rows of public.metric do not show the figure behind them")
    hidden = con.sql(
        f"""select figure_id from privacy.public_primary as figure
        anti join (select {FIGURE} from public.metric where suppression <> 'suppressed') as shown
            on {" and ".join(f"shown.{key} is not distinct from {_own(key)}" for key in FIGURE.split(", "))}
        order by figure_id"""
    ).to_arrow_table()
    tables = _tables(con, hidden)
    count_ids = ints(tables.counts, "count_id")
    system, shown, rank = read_system(tables)
    system, _, versions = with_versions(system, rank, count_ids, _before(con))
    system = seen(system, shown)
    verdict = audit(system)
    told = told_by(con, kept)
    places = {0: Version(count_ids, count_ids, np.ones(len(count_ids), dtype=bool), np.arange(len(count_ids)))}
    open_with_kept, leaking = _with_kept(system, places | versions, told)
    asked = verdict.values[system.guarded]
    primary = con.execute("select count(*) filter (is_primary) from privacy.public_primary").fetchall()[0][0]
    return Certificate(
        figures=len(shown.hidden),
        hidden_figures=int(shown.hidden.sum()),
        primary_figures=primary,
        hidden_to_primary=round(int(shown.hidden.sum()) / primary, 3) if primary else None,
        small_counts=int(system.guarded.sum()),
        exact_recoveries=int((asked <= 1).sum()),
        narrowest_interval=int(min(np.minimum(asked, VALUES))) if len(asked) else None,
        asked_values=VALUES,
        open_counts=len(verdict.open),
        programs=verdict.programs,
        restatements=con.execute("select count(*) from raw.restatement").fetchall()[0][0],
        kept_releases=len(kept),
        kept_counts=len({pair for each in told for pair in zip(each.restatement_id, each.count_id, strict=True)}),
        kept_changed=sum(each.changed for each in told),
        open_with_kept=open_with_kept,
        leaking=leaking,
    )


def hidden_again(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """What privacy.public_hidden holds, worked out once more from the tables before it."""
    first = fetch(con.sql("from privacy.public_hidden_first"), "figure_id")
    return hidden_figures(_tables(con, first), _before(con))


def _with_kept(system: System, versions: dict[int, Version], told: list[Told]) -> tuple[int, tuple[str, ...]]:
    """Small counts that are open beside what kept releases tell, and the releases from which that comes."""
    telling = [each for each in told if len(each.count_id)]
    if not telling:
        return 0, ()
    n = len(audit(_beside(system, versions, telling)).open)
    if not n:
        return 0, ()
    alone = [each.release_id for each in telling if len(audit(_beside(system, versions, [each])).open)]
    # none of them alone: it takes them together
    return n, tuple(alone or [each.release_id for each in telling])


def _beside(system: System, versions: dict[int, Version], told: list[Told]) -> System:
    low, high = system.low.copy(), system.high.copy()
    for each in told:
        for number in np.unique(each.restatement_id).tolist():
            of = each.restatement_id == number
            places = versions[number].places[np.searchsorted(versions[number].counts, each.count_id[of])]
            np.maximum.at(low, places, each.low[of])
            np.minimum.at(high, places, each.high[of])
    return replace(system, low=low, high=high)


def _own(key: str) -> str:
    return "nullif(figure.basis, '')" if key == "basis" else f"figure.{key}"


def _before(con: duckdb.DuckDBPyConnection) -> Before:
    return Before(
        counts=fetch(con.sql("from privacy.restated_count"), BEFORE_COUNTS),
        terms=fetch(con.sql("from privacy.restated_term"), BEFORE_TERMS),
    )


def _tables(con: duckdb.DuckDBPyConnection, hidden: pa.Table) -> Tables:
    def table(name: str, columns: str) -> pa.Table:
        return fetch(con.sql(f"from privacy.{name}"), columns)

    return Tables(
        counts=table("public_count", "count_id, n, keep_rank"),
        terms=table("public_system", "equation_id, unknown_id, n, coefficient"),
        figures=table("public_primary", "figure_id, denominator_id, numerator_id, without_id, extreme, bound"),
        links=table("public_link", "figure_id, count_id"),
        follows=table("public_follow", "figure_id, follower_id"),
        hidden=hidden,
    )
