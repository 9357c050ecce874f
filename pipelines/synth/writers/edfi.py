"""Ed-Fi API resources: facts to one file of JSON lines a resource, and the keys of what is gone under deletes/.

Objects are built from the paths of the contract, codes are its code maps read backwards. A nightly delivery holds the
objects that are not exactly as at the delivery before; every delivery lists the natural keys that are no longer there.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.synth.files import copy_json_lines
from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.writers import DirtLog, SynthError
from pipelines.synth.writers.edfi_rows import GOOD, RESOURCES, Job

if TYPE_CHECKING:
    from pipelines.landing.contract import Contract, Feed

# What stands for the star in student*ProgramAssociations.
PROGRAM_RESOURCES = {
    "SWD": "SpecialEducation",
    "HOMELESS": "Homeless",
    "MIGRANT": "MigrantEducation",
    "MEALS": "SchoolFoodService",
    "FOSTER": "",
}
# A line that ends here is no JSON object.
CUT = 3


def write(con: duckdb.DuckDBPyConnection, contract: Contract, delivery: DeliveryPlan, out: Path, log: DirtLog) -> None:
    """Write the files of one delivery; see `pipelines.synth.writers.WriteDelivery`. An empty resource has no file.

    Raises SynthError for a feed of the contract that is no resource known here, duckdb.Error for a value without code.
    """
    for feed in contract.files:
        resource = (feed.of_feed or "") if feed.deletes else feed.feed
        if resource not in RESOURCES:
            raise SynthError(f"{contract.district}: no Ed-Fi resource is known for feed '{resource}'")
        if not delivery.holds(feed.provides):
            continue
        parts = PROGRAM_RESOURCES if resource == "student_programs" else {"": ""}
        for part, star in parts.items():
            lines = _deletes(con, contract, delivery, feed, part) if feed.deletes else None
            lines = lines or (None if feed.deletes else _objects(con, contract, delivery, feed, part))
            path = out / feed.pattern.replace("*", star)
            if lines is None:
                continue
            # a whole delivery holds every resource: one without rows says that there was nothing
            may_be_empty = not feed.deletes and not delivery.is_delta
            if not may_be_empty and not con.execute(f"select 1 from ({lines}) limit 1").fetchall():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            copy_json_lines(con, f"{lines} order by line", path)
            if feed.deletes:
                log.add(delivery, "key listed as deleted", _count(con, lines))


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(f"select count(*) from ({query})").fetchall()[0][0])


def _objects(con: duckdb.DuckDBPyConnection, contract: Contract, delivery: DeliveryPlan, feed: Feed, part: str) -> str:
    now = _lines(con, Job(contract, delivery), feed, part)
    if not delivery.is_delta or delivery.previous is None:
        return now
    before = _lines(con, Job(contract, replace(delivery, date=delivery.previous)), feed, part)
    return f"({now}) except ({before})"


def _lines(con: duckdb.DuckDBPyConnection, job: Job, feed: Feed, part: str) -> str:
    """One column `line`: the objects of a resource as they stand at the delivery's date; bad rows are cut off."""
    lines = _as_json(con, RESOURCES[feed.feed](job, GOOD), feed, part)
    if feed.feed == "course_transcripts":
        bad = _as_json(con, RESOURCES[feed.feed](job, "lost_reason = 'bad_row'"), feed, part)
        lines += f" union all select left(line, length(line) - {CUT}) from ({bad})"
    return lines


def _deletes(
    con: duckdb.DuckDBPyConnection, contract: Contract, delivery: DeliveryPlan, feed: Feed, part: str
) -> str | None:
    """Keys that stood there at the delivery before and no longer do; None in a first delivery."""
    if delivery.previous is None:
        return None
    states = (Job(contract, replace(delivery, date=delivery.previous)), Job(contract, delivery))
    before, now = (_as_json(con, RESOURCES[feed.of_feed or ""](job, GOOD), feed, part) for job in states)
    return f"select distinct line from (({before}) except ({now}))"


def _as_json(con: duckdb.DuckDBPyConnection, rows: str, feed: Feed, part: str) -> str:
    """SQL with one column `line`: the columns that both the rows and the feed have, nested as its paths say."""
    given = {name for name, *_ in con.execute(f"describe {rows}").fetchall()}
    tree: dict[str, object] = {}
    for column in feed.columns:
        if column.name in given:
            node = tree
            *parents, leaf = (column.path or column.name).split(".")
            for parent in parents:
                node = node.setdefault(parent, {})  # type: ignore[assignment]
            node[leaf] = column.name
    where = f"where part = '{part}'" if part else ""
    return f"select to_json({_struct(tree)})::varchar as line from ({rows}) {where}"


def _struct(tree: dict[str, object]) -> str:
    fields = ", ".join(f"'{name}': {_struct(v) if isinstance(v, dict) else v}" for name, v in tree.items())
    return f"{{{fields}}}"
