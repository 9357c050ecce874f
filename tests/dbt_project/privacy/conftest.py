"""One world for all tests of this folder: figures of two nights, between which a district's snapshot was restated."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb
import pytest

from pipelines.landing.contract import load_contracts
from pipelines.landing.ledger import Ledger
from pipelines.landing.raw_restated import TABLES, restated_tables
from pipelines.release.basis import restatements
from pipelines.release.content import content_hash
from pipelines.release.current import make_current
from pipelines.release.manifest import Basis, Manifest, TableFacts
from pipelines.release.restate import Asked, restate
from pipelines.settings import Settings
from tests.dbt_project.privacy.cases import CASES, DECIDED, FRESNO, PARENTS, counts
from tests.dbt_project.privacy.world import PublicWorld, copy_of
from tests.support.nightly import CONTRACTS


@dataclass
class Home:
    """A home in which a release is current, and its warehouse."""

    settings: Settings
    world: PublicWorld

    def publish(self, release_id: str) -> None:
        """What the public tier shows now, as the current release, in the little that is read of one here."""
        con, folder = self.world.con, self.settings.published / "releases" / release_id
        copy_of(con, folder / "public" / "core.duckdb")
        con.execute("create or replace table partner.metric as from public.metric")
        columns = [row[0] for row in con.execute("describe public.metric").fetchall()]
        rows, digest = content_hash(con, "public.metric", columns)
        with Ledger(self.settings.ledger_path) as ledger:
            basis = Basis(restatements=restatements(self.settings, ledger, DECIDED))
        Manifest(
            release_id=release_id, created_at="", as_of=DECIDED, rule_set="core5_v1", code_version="", key_fingerprint="",
            is_synthetic=True, inputs=[], files=[], checks=[], districts={}, basis=basis,
            tables={"public": {"metric": TableFacts(rows=rows, content_hash=digest)}},
        ).write(folder / "manifest.json")  # fmt: skip
        make_current(self.settings.published, release_id)

    def take_in(self) -> None:
        """Restatements of the ledger into schema raw, as a run does."""
        for table in TABLES:
            self.world.con.execute(f"drop table raw.{table}")
        with Ledger(self.settings.ledger_path) as ledger:
            restated_tables(self.world.con, self.settings, load_contracts(CONTRACTS), ledger, DECIDED)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Fresno's EOY of 2025 is restated between two releases."""
    settings = Settings(home=tmp_path_factory.mktemp("restated"), contracts=CONTRACTS, as_of=DECIDED)
    settings.warehouse.parent.mkdir()
    world = PublicWorld(settings.warehouse.parent)
    found = Home(settings, world)
    world.insert("raw.district", [{"district": "fresno", "district_code": FRESNO[1], "kind": "district"}])
    world.parents(PARENTS | {("district", name): None for name in CASES})
    world.figures(counts(after=False))
    world.night()
    assert world.hidden("entity_code in ('CORE', '1062166', '0161259')") == set()
    found.publish("r1")
    world.con.close()
    with Ledger(settings.ledger_path) as ledger:
        ledger.record_freeze("2025_EOY", dt.date(2025, 7, 17), "", "", "r1")
    fresno = load_contracts(CONTRACTS)["fresno"]
    told = restate(settings, Asked(fresno, "G9_EOY", 2025, None, "attendance was sent late"))
    assert "core run" in told[1]
    world.con = duckdb.connect(str(world.path))
    world.figures(counts(after=True))
    found.take_in()
    world.night()
    return found
