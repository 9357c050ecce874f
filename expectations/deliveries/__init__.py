"""Suite of deliveries: accept or hold, in words that a data steward can act on; never stopping another district.

The measures, their limits and their remedies come with the delivery (pipelines/landing/measures.py); here stands which
kinds there are and what each asks. What fails holds the delivery that was measured, and that one alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from expectations.suite import Judge, Rule, Verdict

if TYPE_CHECKING:
    from pipelines.landing.measures import CheckMeasure

TABLE = "delivery.measure"
ASKS = {
    "delivery_name": "the delivery's name begins with its date",
    "unreadable_delivery": "the folder or zip can be opened",
    "late_for_freeze": "nothing arrives for a freeze that was published without it",
    "unexpected_file": "every file is known to the contract",
    "missing_required_file": "every required file is there",
    "unreadable_file": "every file can be read as the contract says",
    "required_file_without_rows": "a required file has rows",
    "unknown_column": "every column is known to the contract",
    "missing_column": "every required column is there",
    "rejected_share": "few lines cannot be read",
    "duplicate_key_share": "few rows repeat their key",
    "unknown_code_share": "few codes are missing from their map",
    "row_drop_share": "the file did not lose many rows since the last accepted delivery",
    "school_row_drop_share": "no school lost many rows since the last accepted delivery",
    "null_share_increase": "no column is much emptier than in the last accepted delivery",
}
EVERYTHING_ELSE = "no other measure is above its limit"


def rules(kinds: list[str]) -> list[Rule]:
    """One rule per kind of measure that was taken, and one for all kinds that this page does not know."""
    known = [kind for kind in ASKS if kind in kinds]
    listed = ", ".join(f"'{kind}'" for kind in ASKS)
    return [
        *(_rule(kind, ASKS[kind], f"name = '{kind}'") for kind in known),
        _rule("other", EVERYTHING_ELSE, f"name not in ({listed})"),
    ]


def _rule(kind: str, asks: str, which: str) -> Rule:
    return Rule(
        name=f"{TABLE}: {kind}",
        table=TABLE,
        asks=asks,
        action="the steward's words stand with the measure",
        violations=f"select name, count(*) from {{batch}} where {which} and n > allowed group by 1",
    )


class DeliveryJudge:
    """Judges deliveries one after another on one small database in memory; counts what it was asked."""

    def __init__(self) -> None:
        self._con = duckdb.connect()
        self._con.execute("create schema delivery")
        self._con.execute(f"create table {TABLE} (place integer, name varchar, n double, allowed double)")
        self._judge: Judge | None = None
        self.verdicts: list[Verdict] = []

    def __call__(self, measures: list[CheckMeasure]) -> list[CheckMeasure]:
        """The measures that hold the delivery: those of kinds that did not pass, above their limits."""
        self._con.execute(f"delete from {TABLE}")
        self._con.execute(
            f"insert into {TABLE} "
            "select unnest(?::integer[]), unnest(?::varchar[]), unnest(?::double[]), unnest(?::double[])",
            [
                list(range(len(measures))),
                [measure.name for measure in measures],
                [measure.n for measure in measures],
                [measure.limit for measure in measures],
            ],
        )
        # GX takes seconds to import: only when there is a delivery to judge
        self._judge = self._judge or Judge(self._con)
        verdicts = self._judge.judge("deliveries", rules(sorted({measure.name for measure in measures})))
        self.verdicts += verdicts
        if all(verdict.status == "passed" for verdict in verdicts):
            return []
        places = self._con.execute(f"select place from {TABLE} where n > allowed order by 1").fetchall()
        return [measures[place] for (place,) in places]
