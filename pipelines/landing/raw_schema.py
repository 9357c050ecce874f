"""Schema `raw` of the warehouse, rebuilt each run: views over immutable Parquet and a few small tables (section 3).

The views list their files; which rows were in force when stands in tiny tables that they join. Moves no student row,
except for the keys that upsert feeds sent more than once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.key import ensure_key
from pipelines.landing.contract import Contract, Feed
from pipelines.landing.force import Force, Sent, intervals
from pipelines.landing.ledger import DeliveryState, FileRow, Ledger
from pipelines.landing.raw_restated import restated_tables
from pipelines.landing.raw_tables import (
    HEAD,
    STAGING,
    TABLES,
    RawSource,
    insert,
    kept_tables,
    staging_sources,
)
from pipelines.landing.readers.base import FileRead
from pipelines.landing.readers.rawfile import ident, raw_path, reject_path, text
from pipelines.landing.upsert import Occurrence, UpsertFeed, force_upsert, in_force, without_repeats
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb


def build_raw_schema(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    contracts: dict[str, Contract],
    ledger: Ledger,
    as_of: dt.date,
    scope: Iterable[tuple[str, int]] = (),
    staging: Path = STAGING,
) -> None:
    """Make schema `raw` anew from the ledger as it stands on as-of.

    `scope` is the (district_code, school_year) pairs to rebuild, empty = all. Deliveries of districts without a
    contract are left out.
    """
    con.execute("drop schema if exists raw cascade")
    con.execute("create schema raw")
    con.execute(TABLES)
    _Raw(con, settings, contracts, ledger, as_of).build(staging_sources(staging))
    con.execute("insert into raw.run values (?)", [as_of])
    con.execute("insert into raw.student_key_secret values (?)", [ensure_key(settings)])
    insert(con, "scope", [list(pair) for pair in scope])
    kept_tables(con, settings, ledger, as_of)
    restated_tables(con, settings, contracts, ledger, as_of)


class _Raw:
    """The tables and views of one build."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, settings: Settings, contracts: dict[str, Contract], ledger: Ledger,
        as_of: dt.date,
    ) -> None:  # fmt: skip
        self._con = con
        self._settings = settings
        self._contracts = contracts
        self._scopes = ledger.scopes()
        self._states = [s for s in ledger.states(as_of) if s.district in contracts]
        self._files: dict[tuple[str, str], list[FileRow]] = {}
        for row in ledger.files():
            self._files.setdefault((row.district, row.delivery), []).append(row)
        self._contents: dict[str, dict[str, FileRead]] = {
            name: {file_id: read for (file_id, _), read in ledger.contents(name).items()} for name in contracts
        }
        self._open: set[tuple[str, str]] = set()

    def build(self, sources: dict[str, RawSource]) -> None:
        """All tables and views."""
        self._contract_tables()
        systems: dict[str, list[Contract]] = {system: [] for system in sources}
        for name in sorted(self._contracts):
            systems.setdefault(self._contracts[name].system, []).append(self._contracts[name])
        for system, contracts in sorted(systems.items()):
            feeds = {feed: list(columns) for feed, columns in sources.get(system, RawSource(system)).feeds.items()}
            for contract in contracts:
                for feed in contract.files:
                    known = feeds.setdefault(feed.feed, [])
                    lowered = {column.lower() for column in known}
                    known += [name for name in feed.column_names if name.lower() not in lowered]
            for feed_name, columns in feeds.items():
                self._view(system, feed_name, columns, contracts)
        self._delivery_tables()

    def _contract_tables(self) -> None:
        districts: list[list[Any]] = []
        codes: list[list[Any]] = []
        scales: list[list[Any]] = []
        for name in sorted(self._contracts):
            c = self._contracts[name]
            p = c.parameters
            rules: list[Any] = (
                [p.term_system, p.grad_credits, p.period_absent_rule, p.attendance_form, p.np_as_f, p.credit_multiplier]
                if p
                else [None] * 6
            )
            districts.append([name, c.district_code, c.district_name, c.system, c.kind, *rules])
            for map_name, rows in c.codes.items():
                codes += [[c.district_code, map_name, r.code, r.value, r.valid_from, r.valid_to] for r in rows]
            for code, subject in c.course_subjects.items():
                codes.append([c.district_code, "course_subject", code, subject, None, None])
            for s in c.mark_scales:
                span = [c.district_code, s.scale, s.valid_from, s.valid_to]
                scales += [[*span, raw, None, None, mark] for raw, mark in s.marks.items()]
                scales += [[*span, None, r.low, r.high, r.mark] for r in s.ranges]
        insert(self._con, "district", districts)
        insert(self._con, "code_map", codes)
        insert(self._con, "mark_scale", scales)

    def _accepted(self, contract: Contract) -> list[DeliveryState]:
        return [s for s in self._states if s.district == contract.district and s.status == "accepted"]

    def _of_feed(self, contract: Contract, state: DeliveryState, feed: str) -> list[FileRow]:
        rows = self._files.get((contract.district, state.delivery), [])
        return [row for row in rows if row.feed == feed and row.file_id is not None]

    def _view(self, system: str, feed_name: str, columns: list[str], contracts: list[Contract]) -> None:
        selects = []
        for contract in contracts:
            feed = next((feed for feed in contract.files if feed.feed == feed_name), None)
            if feed is not None:
                selects += self._selects(contract, feed, columns)
        name = ident(f"{system}__{feed_name}")
        if selects:
            self._con.execute(f"create view raw.{name} as {' union all '.join(selects)}")
        else:
            listed = "".join(f", {ident(column)} varchar" for column in columns)
            self._con.execute(f"create table raw.{name} ({HEAD}{listed})")

    def _selects(self, contract: Contract, feed: Feed, columns: list[str]) -> list[str]:
        if feed.mode == "upsert":
            rows_table, files = self._upsert(contract, feed)
        else:
            rows_table, files = None, self._replace(contract, feed)
        selects = []
        for sent, file_ids in self._by_columns(contract, files):
            paths = [raw_path(self._settings.raw, contract.district, feed.feed, file_id) for file_id in file_ids]
            listed = "[" + ", ".join(text(str(path)) for path in paths) + "]"
            lowered = {column.lower() for column in sent}
            values = "".join(
                f", {ident(column)}" if column.lower() in lowered else f", null::varchar as {ident(column)}"
                for column in columns
            )
            selects.append(
                f"select {text(contract.district_code)} as _district_code, _delivery, _file_id, _row, _scope, "
                f"_known_from, _known_to, _is_versioned{values} from ({_relation(contract, feed, listed, rows_table)})"
            )
        return selects

    def _by_columns(self, contract: Contract, file_ids: list[str]) -> list[tuple[tuple[str, ...], list[str]]]:
        """Files with the same columns together: one scan each, no reconciling of schemas."""
        groups: dict[tuple[str, ...], list[str]] = {}
        for file_id in file_ids:
            columns = tuple(sorted(self._contents[contract.district][file_id].columns))
            groups.setdefault(columns, []).append(file_id)
        return sorted(groups.items())

    def _replace(self, contract: Contract, feed: Feed) -> list[str]:
        """Put the intervals of a replace feed into raw.file_force; returns its files."""
        sent = []
        for state in self._accepted(contract):
            scopes: dict[str, set[str]] = {}
            for row in self._of_feed(contract, state, feed.feed):
                for scope in self._scopes.get(str(row.file_id), {}):
                    scopes.setdefault(scope, set()).add(str(row.file_id))
            for scope, file_ids in sorted(scopes.items()):
                if state.known_from is not None:
                    sent.append(Sent(state.delivery, state.known_from, scope, frozenset(file_ids)))
        found = intervals(sent)
        self._force(contract, feed, found)
        return sorted({f.file_id for f in found})

    def _force(self, contract: Contract, feed: Feed, found: list[Force]) -> None:
        head = [contract.district_code, feed.feed]
        rows = [[*head, f.file_id, f.scope, f.delivery, f.known_from, f.known_to, f.is_versioned] for f in found]
        insert(self._con, "file_force", rows)
        self._open |= {(contract.district, f.delivery) for f in found if f.known_to is None}

    def _upsert(self, contract: Contract, feed: Feed) -> tuple[str | None, list[str]]:
        """Intervals of an upsert feed: by file for keys that came once, in a table for the others."""
        deletes = next((d for d in contract.files if d.deletes and d.of_feed == feed.feed), None)
        wanted = without_repeats(
            UpsertFeed(
                contract.district, feed, deletes, self._occurrences(contract, feed, order=1),
                self._occurrences(contract, deletes, order=0) if deletes is not None else [],
                self._settings.raw, self._contents[contract.district],
            )
        )  # fmt: skip
        first: dict[str, Force] = {}
        for o in wanted.sent:
            first.setdefault(o.file_id, Force(o.file_id, "", o.delivery, o.known_from, None, False))
        self._force(contract, feed, list(first.values()))
        self._open |= {(contract.district, o.delivery) for o in [*wanted.sent, *wanted.gone]}
        return force_upsert(self._con, wanted), sorted(first)

    def _occurrences(self, contract: Contract, feed: Feed, order: int) -> list[Occurrence]:
        found: list[Occurrence] = []
        for number, state in enumerate(self._accepted(contract)):
            for row in self._of_feed(contract, state, feed.feed):
                if state.known_from is not None:
                    position = number * 2 + order
                    found.append(Occurrence(str(row.file_id), state.delivery, state.known_from, position, row.path))
        return found

    def _delivery_tables(self) -> None:
        deliveries, feeds, rejects = [], [], []
        for state in self._states:
            contract = self._contracts[state.district]
            code = contract.district_code
            status = state.status
            files = self._files.get((state.district, state.delivery), [])
            if (
                status == "accepted"
                and any(f.file_id for f in files)
                and (state.district, state.delivery) not in self._open
            ):
                status = "superseded"
            deliveries.append(
                [
                    state.district, code, state.delivery, state.delivery_date, state.known_from, status,
                    state.is_synthetic, state.reason,
                ]
            )  # fmt: skip
            if state.status != "accepted":
                continue
            for feed in contract.files:
                reads = [
                    (row, self._contents[state.district][str(row.file_id)])
                    for row in self._of_feed(contract, state, feed.feed)
                ]
                if reads:
                    accounts = [read.account for _, read in reads]
                    feeds.append(
                        [
                            code, state.delivery, feed.feed, feed.provides, state.known_from, len(reads),
                            sum(a.records for a in accounts), sum(a.rejected for a in accounts),
                            sum(a.blank for a in accounts),
                        ]
                    )  # fmt: skip
                for row, read in reads:
                    for reason, n in sorted(read.reject_reasons.items()):
                        rejects.append([code, state.delivery, feed.feed, row.path, reason, n, read.first_reject])
        insert(self._con, "delivery", deliveries)
        insert(self._con, "delivery_feed", feeds)
        insert(self._con, "reject_count", rejects)


def _relation(contract: Contract, feed: Feed, listed: str, rows_table: str | None) -> str:
    """SQL: the rows of some files with the days between which they were in force."""
    force = "_delivery, f._known_from, f._known_to, f._is_versioned"
    by_file = (
        f"select p.*, f.{force} from read_parquet({listed}) p join raw.file_force f "
        f"on f.district_code = {text(contract.district_code)} and f.feed = {text(feed.feed)} "
        "and f._file_id = p._file_id and f._scope = p._scope"
    )
    if feed.mode == "replace":
        return f"{by_file} where {in_force(feed, 'p')}" if feed.delete_when is not None else by_file
    if rows_table is None:
        return by_file
    same = "f._file_id = p._file_id and f._row = p._row"
    return (
        f"{by_file} where not exists (from {rows_table} t where t._file_id = p._file_id and t._row = p._row) "
        f"union all select p.*, f.{force} from read_parquet({listed}) p join {rows_table} f on {same} "
        "where f._known_from is not null"
    )


def reject_files(settings: Settings, contract: Contract) -> list[Path]:
    """The district's files of rejected lines (restricted: they hold raw text)."""
    return sorted(reject_path(settings.raw, contract.district, "x").parent.glob("*.parquet"))
