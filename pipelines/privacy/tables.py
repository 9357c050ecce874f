"""From the tables of schema privacy to a system, and back: numbers of rows to positions in arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.privacy.protect import Shown
from pipelines.privacy.system import LARGEST, Ints, System

SMALL = 10


@dataclass(frozen=True)
class Tables:
    """Columns of the tables of schema privacy that the audit reads, sorted by their keys.

    counts: count_id, n, keep_rank. terms: equation_id, unknown_id, n, coefficient (an unknown below zero is a rest).
    figures: figure_id, denominator_id, numerator_id, without_id, extreme, bound. links: figure_id, count_id.
    follows: figure_id, follower_id. hidden: figure_id.
    """

    counts: pa.Table
    terms: pa.Table
    figures: pa.Table
    links: pa.Table
    follows: pa.Table
    hidden: pa.Table


def ints(table: pa.Table, column: str, null: int = -1) -> Ints:
    """A column as integers."""
    return np.asarray(table.column(column).fill_null(null).to_numpy(), dtype=np.int64)


def _place(keys: Ints, wanted: Ints) -> Ints:
    return np.searchsorted(keys, wanted).astype(np.int64)


def read_system(tables: Tables) -> tuple[System, Shown, Ints]:
    """The system before anything is shown, what is shown to begin with, and the rank of each count."""
    count_ids, n = ints(tables.counts, "count_id"), ints(tables.counts, "n")
    unknown, terms_n = ints(tables.terms, "unknown_id"), ints(tables.terms, "n")
    rest_ids, first = np.unique(unknown[unknown < 0], return_index=True)
    truth = np.concatenate([n, terms_n[unknown < 0][first]])
    place = np.where(unknown < 0, len(n) + _place(rest_ids, unknown), _place(count_ids, unknown))
    _, equation = np.unique(ints(tables.terms, "equation_id"), return_inverse=True)
    figure_ids = ints(tables.figures, "figure_id")
    low, high = np.zeros(len(truth), dtype=np.int64), np.full(len(truth), LARGEST, dtype=np.int64)
    # a figure has a row only where somebody is in its denominator
    low[_place(count_ids, ints(tables.figures, "denominator_id"))] = 1
    system = System(
        truth=truth,
        low=low,
        high=high,
        equation=equation.astype(np.int64),
        count=place,
        coefficient=ints(tables.terms, "coefficient"),
        guarded=(truth >= 1) & (truth <= SMALL),
    )
    extreme = np.asarray(tables.figures.column("extreme").to_pylist(), dtype=object)
    coded = np.flatnonzero([value is not None for value in extreme])
    bounded = np.where(
        extreme[coded] == "low",
        ints(tables.figures, "numerator_id")[coded],
        ints(tables.figures, "without_id")[coded],
    ).astype(np.int64)
    hidden = np.zeros(len(figure_ids), dtype=bool)
    hidden[_place(figure_ids, ints(tables.hidden, "figure_id"))] = True
    shown = Shown(
        hidden=hidden,
        figure=_place(figure_ids, ints(tables.links, "figure_id")),
        count=_place(count_ids, ints(tables.links, "count_id")),
        coded=coded.astype(np.int64),
        bounded=_place(count_ids, bounded),
        bound=ints(tables.figures, "bound")[coded],
        leader=_place(figure_ids, ints(tables.follows, "figure_id")),
        follower=_place(figure_ids, ints(tables.follows, "follower_id")),
    )
    rank = np.zeros(len(truth), dtype=np.int64)
    rank[: len(n)] = ints(tables.counts, "keep_rank")
    return system, shown, rank


def fetch(relation: Any, columns: str) -> pa.Table:
    """Columns of a relation of DuckDB, sorted by all of them."""
    found: pa.Table = relation.select(columns).order("all").to_arrow_table()
    return found
