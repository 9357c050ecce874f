"""`python -m pipelines.landing`: take in all deliveries of a landing and build schema `raw`, for work on staging."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from pipelines.landing.contract import load_contracts
from pipelines.landing.delivery import uncontracted
from pipelines.landing.intake import intake_district
from pipelines.landing.ledger import Ledger
from pipelines.landing.raw_schema import build_raw_schema
from pipelines.settings import Settings


def main() -> None:
    """Print a line per delivery; the warehouse is `<home>/warehouse/core.duckdb`."""
    import duckdb

    parser = argparse.ArgumentParser(prog="python -m pipelines.landing", description=__doc__)
    for name in ("landing", "home", "contracts"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--as-of", type=dt.date.fromisoformat)
    given = {name: value for name, value in vars(parser.parse_args()).items() if value is not None}
    settings = Settings(**given)
    as_of = settings.effective_as_of()
    contracts = load_contracts(settings.contracts)
    for name in uncontracted(settings.landing, contracts):
        print(f"{name}: a folder without a contract, not read")
    for contract in contracts.values():
        for report in intake_district(settings, contract, as_of).deliveries:
            print("\n  ".join([str(report), *report.notes]))
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.warehouse)) as con, Ledger(settings.ledger_path) as ledger:
        build_raw_schema(con, settings, contracts, ledger, as_of)


if __name__ == "__main__":
    main()
