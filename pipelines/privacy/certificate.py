"""A second look at the public tier as it will be published: what somebody who reads it all could find out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.privacy.audit import VALUES, audit
from pipelines.privacy.protect import seen
from pipelines.privacy.tables import Tables, fetch, read_system

FIGURE = "metric_code, cohort_year, snapshot_code, basis, level, entity_code, group_type, group_code"


@dataclass(frozen=True)
class Certificate:
    """What the audit of a public tier says.

    Attributes:
        figures: rows of public.metric.
        hidden_figures: of these, shown as `*`.
        primary_figures: hidden for a small count of their own (numerator, its complement or denominator).
        hidden_to_primary: all hidden figures to those, None without any. What is over 1 is hidden so that these stay
            so, or stands or falls with its family, or is hidden in the partner tier too.
        small_counts: counts of 1 to 10 students behind all figures; none is shown.
        exact_recoveries: small counts that follow exactly from what is shown.
        narrowest_interval: how many values the least protected small count can have, up to `asked_values`.
        asked_values: how many each must be able to have.
        open_counts: small counts that can, or may, be bounded to fewer values than asked.
        programs: linear programs solved.
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

    def as_dict(self) -> dict[str, Any]:
        """Plain types, for JSON."""
        return asdict(self)


def certify(con: duckdb.DuckDBPyConnection) -> Certificate:
    """Audit public.metric of a warehouse: what stands there, not what was meant to, against all its equations.

    Raises:
        ArithmeticError: the solver gave up.
        ValueError: a row of public.metric has no figure behind it, or shows another count than its figure has.
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
    system, shown, _ = read_system(_tables(con, hidden))
    verdict = audit(seen(system, shown))
    asked = verdict.values[system.guarded]
    primary = con.execute("select count(*) filter (is_primary and is_hidden) from privacy.public_primary").fetchall()[
        0
    ][0]
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
    )


def _own(key: str) -> str:
    return "nullif(figure.basis, '')" if key == "basis" else f"figure.{key}"


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
