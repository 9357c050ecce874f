"""What the steps of one nightly run share: settings, the one engine, the judge, what was found, and how to tell of it.

Holds state and opens the engine; decides nothing. The Dagster resource `night` makes one for each run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from pipelines.key import ensure_key
from pipelines.landing.contract import Contract, load_contracts
from pipelines.landing.intake import IntakeReport
from pipelines.landing.ledger import Ledger
from pipelines.lock import home_lock
from pipelines.news import find_news
from pipelines.phases import Phase
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

    from expectations.deliveries import DeliveryJudge
    from expectations.suite import Verdict
    from pipelines.privacy.certificate import Certificate
    from pipelines.release.manifest import Check, Manifest

PRIVATE = 0o700


class Night:
    """One run of the nightly job."""

    def __init__(self, settings: Settings, as_of: dt.date, districts: list[str], say: Callable[[str], None]) -> None:
        self.settings = settings
        self.as_of = as_of
        self.districts = districts
        self.say = say
        self.intake: dict[str, IntakeReport] = {}
        self.verdicts: list[Verdict] = []
        self.dbt_checks: list[Check] = []
        self.asked: set[str] = set()
        self.trouble: list[str] = []
        self.phases: list[Phase] = []
        self.privacy: Certificate | None = None
        self.published: Manifest | None = None
        # targets, after the release: what to say of those that were loaded, and of those that were not
        self.loaded: list[str] = []
        self.unloaded: list[str] = []
        self._engine: duckdb.DuckDBPyConnection | None = None

    @cached_property
    def contracts(self) -> dict[str, Contract]:
        """All contracts, by name."""
        return load_contracts(self.settings.contracts)

    @cached_property
    def judge(self) -> DeliveryJudge:
        """Judges deliveries; one for all districts."""
        from expectations.deliveries import DeliveryJudge

        return DeliveryJudge()

    @property
    def engine(self) -> duckdb.DuckDBPyConnection:
        """The one connection to the warehouse, opened when first asked for."""
        if self._engine is None:
            import duckdb

            self.settings.warehouse.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
            self._engine = duckdb.connect(str(self.settings.warehouse))
            if self.settings.threads:
                self._engine.execute(f"set threads = {int(self.settings.threads)}")
        return self._engine

    def close_engine(self) -> None:
        """Close it: dbt is a process of its own, and DuckDB lets one process write."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger of the home."""
        with Ledger(self.settings.ledger_path) as ledger:
            yield ledger


@contextmanager
def open_night(
    settings: Settings, as_of: dt.date, districts: list[str], run_id: str, say: Callable[[str], None]
) -> Iterator[Night]:
    """A run in a home: locked, with its private folders, noted in the ledger from its start to its end.

    Raises HomeBusyError if another process works on the home.
    """
    with home_lock(settings.home):
        for folder in (settings.raw, settings.frozen, settings.warehouse.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        # before the fingerprint is taken: the key is part of it
        ensure_key(settings)
        night = Night(settings, as_of, districts, say)
        with night.ledger() as ledger:
            ledger.start_run(run_id, find_news(settings, as_of, ledger, districts).fingerprint, as_of)
        try:
            yield night
        finally:
            night.close_engine()
            release = night.published.release_id if night.published else None
            with night.ledger() as ledger:
                ledger.end_run(
                    run_id, "published" if release else "failed", release, "; ".join([*night.trouble, *night.unloaded])
                )
