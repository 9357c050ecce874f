"""Facts to files to raw to staging and back: what a district's staging says must be what was true, in every version.

For any system: give `round_trip` a connection with schema `facts` (pipelines.synth.schema), the contracts of districts of
one system and the deliveries they send. It writes the files with the system's writer, takes them in, builds the staging of
that system alone, and compares entity by entity. A difference is a row with the time from which staging and facts disagree
on how often it stands there; adjacent versions that say the same are one. Rows that were broken on purpose (lost_reason 'bad_row') are not expected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml

from pipelines.landing.contract import Contract
from pipelines.landing.intake import intake_district
from pipelines.landing.ledger import Ledger
from pipelines.landing.measures import CheckMeasure, judge_by_limit
from pipelines.landing.raw_schema import build_raw_schema
from pipelines.settings import Settings
from pipelines.synth.files import zip_folder
from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.schema import FILE_ONLY, canonical_columns
from pipelines.synth.writers import DirtLog, writer_for
from tests.support.dbt import dbt

PROJECT = Path(__file__).resolve().parents[2]
TAIL = {"known_from", "known_to", "lost_reason"}


@dataclass(frozen=True)
class Difference:
    """A row that one side has more often than the other from a day on."""

    entity: str
    side: str  # 'facts' or 'staging': where it stands so often
    row: tuple[object, ...]  # canonical columns, then the day, then how often


def write_deliveries(
    con: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract], plans: Sequence[DeliveryPlan], landing: Path
) -> DirtLog:
    """Write what `plans` say into a landing, by the writers of the contracts' systems."""
    log = DirtLog()
    for plan in sorted(plans, key=lambda p: (p.date, p.name)):
        if plan.resend_of is not None:
            continue
        contract = contracts[plan.district]
        folder = landing / plan.district / plan.name
        folder.mkdir(parents=True)
        writer_for(contract.system)(con, contract, plan, folder, log)
        (folder / "SYNTHETIC.txt").write_text("made up\n", encoding="utf-8")
        if plan.packed == "zip":
            zip_folder(folder, folder.with_name(f"{plan.name}.zip"))
            for path in sorted(folder.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            folder.rmdir()
    return log


def _judge(measures: list[CheckMeasure]) -> list[CheckMeasure]:
    """As always, but whether a delivery is smaller than the one before is no question here: worlds of tests are tiny."""
    drift = {"row_drop_share", "school_row_drop_share", "null_share_increase"}
    return [measure for measure in judge_by_limit(measures) if measure.name not in drift]


def take_in(contracts: Mapping[str, Contract], landing: Path, home: Path, as_of: dt.date) -> Path:
    """Take the landing in and build schema raw; the warehouse. Raises AssertionError where a delivery is held."""
    settings = Settings(home=home, landing=landing, as_of=as_of)
    held = [
        f"{delivery.district} {delivery.delivery}: {delivery.reason}"
        for contract in contracts.values()
        for delivery in intake_district(settings, contract, as_of, _judge).held
    ]
    if held:
        raise AssertionError("\n".join(held))
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with Ledger(settings.ledger_path) as ledger, duckdb.connect(str(settings.warehouse)) as warehouse:
        build_raw_schema(warehouse, settings, dict(contracts), ledger, as_of)
    return settings.warehouse


def round_trip(
    con: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract], plans: Sequence[DeliveryPlan], scratch: Path
) -> list[Difference]:
    """Write, take in, build and compare the deliveries of districts of one system; empty = nothing was lost.

    `con` has schema facts; `scratch` is an empty folder. Leaves the landing and the warehouse there.
    """
    (system,) = {contract.system for contract in contracts.values()}
    write_deliveries(con, contracts, plans, scratch / "landing")
    warehouse = take_in(contracts, scratch / "landing", scratch / "home", max(plan.date for plan in plans))
    build_staging(system, warehouse, scratch)
    return compare(con, warehouse, system, [contract.district_code for contract in contracts.values()])


def build_staging(system: str, warehouse: Path, scratch: Path) -> None:
    """Build the staging models of one system over schema raw of `warehouse`, with dbt in a process of its own.

    Raises AssertionError with dbt's words.
    """
    done = dbt(warehouse, scratch / "target", "run", "--select", f"staging.{system}")
    if done.returncode:
        raise AssertionError(done.stdout[-6000:] + done.stderr[-2000:])


def staged_entities(system: str) -> list[str]:
    """Canonical entities that the system's staging has (dbt_project.yml)."""
    project = yaml.safe_load((PROJECT / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8"))
    systems: dict[str, list[str]] = project["vars"]["canonical_entities"]
    return [entity for entity, names in systems.items() if system in names]


def compare(
    con: duckdb.DuckDBPyConnection, warehouse: Path, system: str, district_codes: Sequence[str]
) -> list[Difference]:
    """All differences between schema facts of `con` and the system's staging in `warehouse`."""
    con.execute(f"attach '{warehouse}' as {warehouse.stem} (read_only)")  # its views know it by this name
    try:
        found: list[Difference] = []
        listing = ", ".join(f"'{code}'" for code in district_codes)
        for entity in staged_entities(system):
            columns = [name for name, _ in canonical_columns()[entity] if name not in TAIL | _file_only(entity)]
            # Tables, not views: in DuckDB 2.0.1 a condition on sum() over a left join whose right side is known to be
            # empty is taken to be false (statistics propagation).
            chosen = f"select {', '.join(columns)}, known_from, known_to"
            con.execute(f"""
                create or replace temp table true_rows as {chosen} from facts.{entity}
                where lost_reason is distinct from 'bad_row' and known_from is not null and district_code in ({listing});
                create or replace temp table got_rows as {chosen} from {warehouse.stem}.staging.stg_{system}__{entity}
                where district_code in ({listing})""")
            for side, one, other in (("facts", "true_rows", "got_rows"), ("staging", "got_rows", "true_rows")):
                rows = con.execute(f"{_steps(columns, one)} except {_steps(columns, other)} order by all").fetchall()
                found += [Difference(entity, side, row) for row in rows]
        return found
    finally:
        con.execute(f"detach {warehouse.stem}")


def _file_only(entity: str) -> set[str]:
    return {name for name, _ in FILE_ONLY.get(entity, [])}


def _steps(columns: Sequence[str], rows: str) -> str:
    """How often each row stands there, from which day on: one line per change."""
    listing = ", ".join(columns)
    return f"""
        (select {listing}, day, n from (
            select *, sum(change) over (partition by {listing} order by day) as n
            from (
                select {listing}, day, sum(change) as change
                from (
                    select {listing}, known_from as day, 1 as change from {rows}
                    union all
                    select {listing}, known_to, -1 from {rows} where known_to is not null
                )
                group by all
            )
            where change <> 0
        ))"""
