"""Infinite Campus: ad hoc extracts, one file a subject with all years of the delivery, ids in place of names.

Beside the facts it plants what the product keeps and the state never sees (service type N, excluded enrollments,
calendars and schools, older identity rows, present rows of the attendance); each kind is counted in the log.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.writers import DirtLog, sent_rows
from pipelines.synth.writers.coding import create_macros, local_codes, map_literal, unit_share
from pipelines.synth.writers.infinite_campus_sql import ENTITIES, IDS, PLANTED, QUERIES, WIDE
from pipelines.synth.writers.tables import write_table

if TYPE_CHECKING:
    from pipelines.landing.contract import Contract


def write(con: duckdb.DuckDBPyConnection, contract: Contract, delivery: DeliveryPlan, out: Path, log: DirtLog) -> None:
    """Write the files of one delivery into the existing, empty folder `out`."""
    create_macros(con, month_first=True)
    con.execute(
        f"create or replace temp macro id_of(kind, text) as"
        f" cast(md5_number_lower('{contract.district_code}|' || kind || '|' || text) % 1000000000000 as varchar)"
    )
    for name, arguments, text in IDS:
        con.execute(f"create or replace temp macro {name}({arguments}) as id_of('{name}', {text})")
    words = {entity: sent_rows(entity, delivery) for entity in ENTITIES}
    words |= {name: map_literal(local_codes(contract, name)) for name in contract.codes}
    words |= {"unit": unit_share(contract)}
    for feed in contract.files:
        if not delivery.holds(feed.provides):
            continue
        rows = QUERIES[feed.feed].format(**words, bad="lost_reason is distinct from 'bad_row'")
        bad = QUERIES[feed.feed].format(**words, bad="lost_reason = 'bad_row'") if feed.feed in WIDE else None
        write_table(con, feed, out / feed.pattern, rows, bad)
        for what, query in PLANTED.get(feed.feed, {}).items():
            (n,) = con.execute(f"select count(*) from ({query.format(**words)})").fetchall()[0]
            log.add(delivery, what, n)
