"""Small landings and contracts for the tests of landing: made here, read through the real door."""

from __future__ import annotations

import datetime as dt
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.landing.container import folder_entries
from pipelines.landing.contract import Contract, load_contract
from pipelines.landing.intake import IntakeReport, intake_district
from pipelines.landing.ledger import Ledger
from pipelines.landing.measures import Judge
from pipelines.landing.raw_schema import build_raw_schema
from pipelines.landing.readers.base import FileRead
from pipelines.landing.readers.rawfile import raw_path, reject_path
from pipelines.landing.readers.read import EntrySource, read_file
from pipelines.settings import Settings

HEAD: dict[str, Any] = {
    "contract": 1,
    "kind": "reference",
    "district": "north",
    "district_code": "1234567",
    "district_name": "North",
    "system": "plain",
}


def contract_of(*feeds: dict[str, Any], **keys: Any) -> Contract:
    """A contract with these feeds; each has defaults for what a test does not care about."""
    files = [
        {"feed": "f", "pattern": "*", "provides": "reference", "columns": ["A", "B", "C"], **feed} for feed in feeds
    ]
    return Contract.model_validate({**HEAD, "files": files, **keys})


@dataclass
class Read:
    """What became of one file."""

    file: FileRead
    rows: list[tuple[Any, ...]]
    columns: list[str]
    rejects: list[tuple[int, str, str]]


def read_bytes(folder: Path, data: bytes, name: str = "f.csv", **feed: Any) -> Read:
    """Read these bytes as the one file of a feed. Raises Unreadable. Checks that the account balances."""
    delivery = folder / "delivery"
    delivery.mkdir(exist_ok=True)
    for path in delivery.iterdir():
        path.unlink()
    (delivery / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    contract = contract_of(feed)
    source = EntrySource(delivery, False, folder_entries(delivery)[0])
    with duckdb.connect() as con:
        file = read_file(con, contract, contract.files[0], source, folder / "raw", set())
        assert file.account.balances, file.account
        path = raw_path(folder / "raw", "north", "f", file.file_id)
        cursor = con.execute(f"select * exclude (_file_id, _scope) from read_parquet('{path}') order by _row")
        columns = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
        rejects: list[Any] = []
        bad = reject_path(folder / "raw", "north", file.file_id)
        if bad.exists():
            rejects = con.execute(
                f"select _row, reason, raw_text from read_parquet('{bad}') where _file_id = '{file.file_id}' order by 1"
            ).fetchall()
    leftovers = [path.name for path in (folder / "raw").rglob(".*")]
    assert not leftovers, leftovers
    return Read(file, rows, columns, rejects)


class Town:
    """A landing with one district, its contract and its home."""

    def __init__(self, folder: Path, *feeds: dict[str, Any], **keys: Any) -> None:
        self.folder = folder
        self.settings = Settings(home=folder / "home", landing=folder / "landing", contracts=folder / "contracts")
        self.write_contract(*feeds, **keys)

    def write_contract(self, *feeds: dict[str, Any], **keys: Any) -> None:
        """Write the contract anew and load it."""
        files = [
            {"feed": "f", "pattern": "f.csv", "provides": "reference", "columns": ["A", "B", "C"], **feed}
            for feed in feeds
        ]
        path = self.folder / "contracts" / "north.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump({**HEAD, "files": files, **keys}, sort_keys=False), encoding="utf-8")
        self.contract = load_contract(path)

    def deliver(self, name: str, **files: str | bytes) -> Path:
        """Put a delivery into the landing; `f` is the file f.csv, `f__jsonl` f.jsonl."""
        folder = self.settings.landing / "north" / name
        folder.mkdir(parents=True, exist_ok=True)
        for key, content in files.items():
            stem, _, ending = key.partition("__")
            path = folder / f"{stem}.{ending or 'csv'}"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    def intake(self, as_of: str, judge: Judge | None = None) -> IntakeReport:
        """Take in what is dated on or before the day."""
        return intake_district(self.settings, self.contract, dt.date.fromisoformat(as_of), judge)

    def raw(self, as_of: str, query: str) -> list[tuple[Any, ...]]:
        """Build schema raw as of the day and ask it."""
        with duckdb.connect() as con, Ledger(self.settings.ledger_path) as ledger:
            day = dt.date.fromisoformat(as_of)
            contracts = {self.contract.district: self.contract}
            build_raw_schema(con, self.settings, contracts, ledger, day, staging=self.folder / "no_staging")
            return con.execute(query).fetchall()
