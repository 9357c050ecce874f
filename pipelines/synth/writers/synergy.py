"""Synergy: tables of the product as CSV, tied together by GUIDs.

What the contract decides: the feeds (attendance by period or by day, a lookup table or none), the files' names (`*`
or `????-??` in the pattern stands for the school year), the codes, and by the quirk `dates_mdy` how dates are written.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.writers import DirtLog, sent_rows
from pipelines.synth.writers.coding import (
    LocalCodes,
    create_macros,
    local_codes,
    map_literal,
    text_literal,
    through_lookup,
    unit_share,
)
from pipelines.synth.writers.synergy_sql import KEYS, LOOKUP, QUERIES, WIDE
from pipelines.synth.writers.tables import write_table

if TYPE_CHECKING:
    from pipelines.landing.contract import Contract, Feed

ENTITIES = (
    "school", "term", "calendar_day", "student", "student_program", "enrollment", "course_mark", "attendance_event",
    "incident",
)  # fmt: skip
GUID_END = "-11EE-9C0D-00155D010203"
EMPTY_LINE_IN = "rev_year"


def write(con: duckdb.DuckDBPyConnection, contract: Contract, delivery: DeliveryPlan, out: Path, log: DirtLog) -> None:
    """Write the files of one delivery into the existing, empty folder `out`."""
    create_macros(con, month_first=any(quirk.id == "dates_mdy" for quirk in contract.quirks))
    # 12 digits of chance and a fixed end, as databases make them in sequence: a sample that can be packed
    con.execute(f"""
        create or replace temp macro guid(text) as upper(
            substr(md5(text), 1, 8) || '-' || substr(md5(text), 9, 4) || '{GUID_END}')
    """)
    con.execute("""
        create or replace temp macro guid_within(owner, text) as
            left(owner, 18) || upper('-' || substr(md5(text), 1, 4) || '-' || substr(md5(text), 5, 8) || '0000')
    """)
    for name, arguments, text in KEYS:
        con.execute(
            f"create or replace temp macro {name}({arguments}) as guid('{contract.district_code}|{name}|' || {text})"
        )
    words = {entity: sent_rows(entity, delivery) for entity in ENTITIES}
    words |= {name: map_literal(codes) for name, codes in _codes(contract).items()}
    words |= {"unit": unit_share(contract), "lookup_rows": _lookup_rows(), "newest": str(max(delivery.school_years))}
    words["district_schools"] = f"(from facts.school where district_code = '{contract.district_code}')"
    con.execute(f"create or replace temp table student_school_year as {QUERIES['student_school_year'].format(**words)}")
    for feed in contract.files:
        if delivery.holds(feed.provides):
            for year in delivery.school_years if feed.scope else (None,):
                _write_feed(con, feed, words, year, delivery, out, log)
    con.execute("drop table student_school_year")


def _write_feed(
    con: duckdb.DuckDBPyConnection,
    feed: Feed,
    words: dict[str, str],
    year: int | None,
    delivery: DeliveryPlan,
    out: Path,
    log: DirtLog,
) -> None:
    name = (
        feed.pattern
        if year is None
        else feed.pattern.replace("????-??", "*").replace("*", f"{year - 1}-{year % 100:02}")
    )
    query = QUERIES[feed.feed]
    rows = query.format(**words, year=year, bad="lost_reason is distinct from 'bad_row'")
    bad = query.format(**words, year=year, bad="lost_reason = 'bad_row'") if feed.feed in WIDE else None
    write_table(con, feed, out / name, rows, bad)
    if feed.feed == EMPTY_LINE_IN:
        with (out / name).open("ab") as lines:
            lines.write(b"\n")
        log.add(delivery, "blank line")


def _codes(contract: Contract) -> dict[str, LocalCodes]:
    """Local codes of every kind: from the lookup table where the contract has that feed, else from the contract."""
    has_lookup = any(feed.feed == "rev_bod_lookup" for feed in contract.files)
    codes = {}
    for kind, (_, values) in LOOKUP.items():
        listed = local_codes(contract, kind)
        codes[kind] = through_lookup(listed, values) if has_lookup else listed
    return codes


def _lookup_rows() -> str:
    """The lookup table as SQL values: kind, local code, description, state code."""
    rows = [
        (definition, code, f"{definition} {state} {code}", state)
        for definition, values in LOOKUP.values()
        for state, codes in values.items()
        for code in codes
    ]
    return ", ".join(f"({', '.join(map(text_literal, row))})" for row in rows)
