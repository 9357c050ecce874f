"""What a rule is, how Great Expectations judges a set of them, and what is kept of the answer: counts and keys.

A rule asks for violations, grouped by a key that is no student (district, year, code): `{batch}` is its table. Nothing
here knows a table or changes data. GX is imported when something is judged: it takes seconds.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import duckdb

Severity = Literal["error", "warning"]
Status = Literal["passed", "failed"]
MAX_KEYS = 10


@dataclass(frozen=True)
class Rule:
    """One thing that must hold in one table.

    `violations` is a query whose rows are (key, n): a key that tells where and is never a student, and how many rows
    break the rule there; no row, or n = 0 in all, means that it holds.
    """

    name: str
    table: str
    asks: str
    action: str
    violations: str
    severity: Severity = "error"


@dataclass(frozen=True)
class Verdict:
    """What came of a rule: how many rows break it, and under which keys (at most ten)."""

    suite: str
    name: str
    table: str
    asks: str
    action: str
    severity: Severity
    status: Status
    failed: int
    keys: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether nothing may be published while this stands."""
        return self.status == "failed" and self.severity == "error"

    def as_dict(self) -> dict[str, Any]:
        """Plain types, for JSON."""
        return asdict(self)


def load_gx() -> Any:
    """Great Expectations with analytics and progress bars off (it calls home otherwise: great_expectations#10539)."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    import great_expectations as gx

    return gx


class Judge:
    """One ephemeral GX context and one connection, reused for every suite of a run."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        gx = load_gx()
        from expectations import dialect

        dialect.share(con)
        self._con = con
        self._gx = gx
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        source = context.data_sources.add_sql("engine", connection_string=dialect.URL)
        self._batch = source.add_query_asset("asked", query="select 1 as one").add_batch_definition_whole_table("all")

    def judge(self, suite: str, rules: Iterable[Rule]) -> list[Verdict]:
        """Judge `rules`, all in one batch: GX takes 0.1 s for each batch, and there are thirty tables.

        A rule that cannot be asked (a table or a column is missing) fails: silence is no proof.
        """
        asked = list(rules)
        expectations = [
            self._gx.expectations.UnexpectedRowsExpectation(
                unexpected_rows_query=_for_gx(rule), description=rule.asks, severity=_gx_severity(rule.severity)
            )
            for rule in asked
        ]
        result = self._batch.get_batch().validate(
            self._gx.ExpectationSuite(suite, expectations=expectations), result_format="BOOLEAN_ONLY"
        )
        held = {item.expectation_config.kwargs["unexpected_rows_query"] for item in result.results if item.success}
        return [_verdict(suite, rule, 0) if _for_gx(rule) in held else self._count(suite, rule) for rule in asked]

    def _count(self, suite: str, rule: Rule) -> Verdict:
        """Where and how often a broken rule is broken; asked of the engine, so that GX need keep no rows."""
        try:
            rows = self._con.execute(f"select * from ({_broken(rule)}) order by 2 desc, 1").fetchall()
        except duckdb.Error as error:
            # the engine's own words may quote a value
            return _verdict(suite, rule, 1, (f"cannot be asked: {type(error).__name__}",))
        keys = tuple(f"{key}: {n:,}" for key, n in rows[:MAX_KEYS])
        return _verdict(suite, rule, sum(int(n) for _, n in rows) or 1, keys)


def _broken(rule: Rule) -> str:
    query = rule.violations.replace("{batch}", rule.table)
    return f"select * from ({query}) as violation(violation_key, n) where n > 0"


def _for_gx(rule: Rule) -> str:
    # GX formats the query: braces of its own are doubled, and it wants to see its batch named
    return _broken(rule).replace("{", "{{").replace("}", "}}") + " /* {batch} */"


def _gx_severity(severity: Severity) -> str:
    return "critical" if severity == "error" else "warning"


def _verdict(suite: str, rule: Rule, failed: int, keys: tuple[str, ...] = ()) -> Verdict:
    return Verdict(
        suite=suite,
        name=rule.name,
        table=rule.table,
        asks=rule.asks,
        action=rule.action,
        severity=rule.severity,
        status="failed" if failed else "passed",
        failed=failed,
        keys=keys,
    )


def unique(table: str, columns: Sequence[str], key: str | None = None) -> Rule:
    """The grain of a table: no two rows with the same `columns`; counted per `key`, one of the columns."""
    grain = ", ".join(columns)
    where = key or "'all rows'"
    return Rule(
        name=f"{table}: one row per {grain}",
        table=table,
        asks=f"no two rows share {grain}",
        action="a model upstream joins on too little: look at its grain test, then at what was delivered last",
        violations=f"select {where}, count(*) from (select {grain} from {{batch}} group by {grain} "
        "having count(*) > 1) group by 1",
    )


def never(
    table: str, what: str, condition: str, action: str, key: str = "'all rows'", severity: Severity = "error"
) -> Rule:
    """No row of `table` meets `condition`; `what` says what must hold instead."""
    return Rule(
        name=f"{table}: {what}",
        table=table,
        asks=what,
        action=action,
        severity=severity,
        violations=f"select {key}, count(*) from {{batch}} where {condition} group by 1",
    )


def accepted(table: str, column: str, values: Iterable[str], action: str, key: str = "'all rows'") -> Rule:
    """`column` is NULL or one of `values`. The values that are not are counted, not shown."""
    listed = ", ".join(f"'{value}'" for value in values)
    return never(
        table,
        f"{column} is a value of the contract",
        f"{column} is not null and {column} not in ({listed})",
        action,
        key,
    )


def refers(table: str, column: str, parent: str, parent_column: str, action: str, key: str = "'all rows'") -> Rule:
    """Each non-NULL `column` stands in `parent_column` of `parent`."""
    return Rule(
        name=f"{table}: {column} stands in {parent}",
        table=table,
        asks=f"each {column} stands in {parent}.{parent_column}",
        action=action,
        violations=f"select {key}, count(*) from {{batch}} where {column} is not null and {column} not in "
        f"(select {parent_column} from {parent} where {parent_column} is not null) group by 1",
    )
