"""What is hidden in the end: the answer of the audit over today's counts and those before each restatement."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from pipelines.privacy.audit import audit
from pipelines.privacy.joint import Before, with_versions
from pipelines.privacy.protect import protect
from pipelines.privacy.tables import Tables, ints, read_system


def hidden_figures(tables: Tables, before: Before) -> pa.Table:
    """figure_id of every figure that is hidden once the audit finds nothing, and whether that asked for it.

    Raises ArithmeticError if it cannot be brought to find nothing.
    """
    system, shown, rank = read_system(tables)
    system, rank, _ = with_versions(system, rank, ints(tables.counts, "count_id"), before)
    hidden_before = shown.hidden.copy()
    hidden, _ = protect(system, shown, rank, audit)
    ids = ints(tables.figures, "figure_id")
    at = np.flatnonzero(hidden)
    return pa.table(
        {"figure_id": pa.array(ids[at], pa.int64()), "is_by_audit": pa.array(~hidden_before[at], pa.bool_())}
    )
