"""The public tier through its SQL. V6: which group goes with those of 10 and fewer. A restatement: what moved by few is hidden, at every level, and what did
not move, or by more than ten, stands. Kept counts replay in an empty home, and kept releases are looked at beside."""

from __future__ import annotations

import stat
from pathlib import Path

import duckdb
import pytest

from pipelines.assets.checks import privacy_verdict
from pipelines.errors import WrongAskError
from pipelines.landing.contract import load_contracts
from pipelines.landing.ledger import Ledger
from pipelines.landing.raw_restated import TABLES, restated_tables
from pipelines.privacy.certificate import certify
from pipelines.release.basis import restatements
from pipelines.release.manifest import Basis, Manifest
from pipelines.release.read_kept import kept_releases
from pipelines.release.restate import Asked, restate
from pipelines.release.withdraw import withdraw
from pipelines.verify.inputs import look_at_inputs
from pipelines.verify.ledger_copy import copy_ledger
from tests.dbt_project.privacy.cases import CASES, CORE, DECIDED, FIRST, FRESNO, MOVES
from tests.dbt_project.privacy.conftest import Home
from tests.support.nightly import CONTRACTS


@pytest.mark.parametrize("name", CASES)
def test_v6(home: Home, name: str) -> None:
    hidden = {group for _, entity, group in home.world.hidden() if entity == name}
    assert hidden == set(CASES[name][2].split())


def test_what_moved_by_three_is_hidden_at_every_level_and_the_rest_stands(home: Home) -> None:
    assert home.world.hidden("metric_code = 'mean_gpa' and cohort_year > 2023") == {
        (2025, code, "ALL") for _, code in (FIRST, FRESNO, CORE)
    }
    shown = home.world.con.execute(
        "select cohort_year, denominator from public.metric where entity_code = ? and suppression = 'none' order by all",
        [FIRST[1]],
    ).fetchall()
    # another year's 60, the 60 that did not move, the 72 that were 60
    assert shown == [(2024, 72), (2025, 60), (2026, 60)]
    # the rate has one more in the numerator and two more beside it
    assert home.world.hidden("metric_code = 'vulnerable_rate'") == {(2025, FIRST[1], "ALL")}


def test_the_restatement_is_published_with_all_that_it_took_along(home: Home) -> None:
    rows = home.world.con.execute(
        "select district_code, snapshot_code, cohort_year, school_year, known_on, reason from partner.restatement order by 2"
    ).fetchall()
    assert rows == [
        (FRESNO[1], snapshot, cohort, 2025, DECIDED, "attendance was sent late")
        for cohort, snapshot in sorted(MOVES, key=lambda block: block[1])
    ]


def test_kept_counts_are_private(home: Home) -> None:
    files = sorted(home.settings.restated.rglob("*.parquet"))
    assert [file.name for file in files] == ["counts.parquet", "terms.parquet"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(home.settings.restated.stat().st_mode) == 0o700


def test_the_same_twice_is_refused(home: Home) -> None:
    fresno = load_contracts(CONTRACTS)["fresno"]
    with pytest.raises(WrongAskError, match="restated so already"):
        restate(home.settings, Asked(fresno, "G10_EOY", 2025, None, "again"))


def test_an_empty_home_replays_it_and_a_changed_byte_is_found(home: Home, tmp_path: Path) -> None:
    with Ledger(home.settings.ledger_path) as ledger:
        made = restatements(home.settings, ledger, DECIDED)
        manifest = Manifest(
            release_id="r2", created_at="", as_of=DECIDED, rule_set="", code_version="", key_fingerprint="",
            is_synthetic=True, inputs=[], files=[], tables={}, checks=[], districts={}, basis=Basis(restatements=made),
        )  # fmt: skip
        assert look_at_inputs(home.settings, ledger, manifest).broken == []
        broken = made[0].model_copy(update={"sha256": dict.fromkeys(made[0].sha256, "0")})
        found = look_at_inputs(
            home.settings, ledger, manifest.model_copy(update={"basis": Basis(restatements=[broken])})
        )
    assert len(found.broken) == 2 and all("fresno G9_EOY of 2025" in line for line in found.broken)
    empty = home.settings.model_copy(update={"home": tmp_path})
    copy_ledger(home.settings.ledger_path, empty.ledger_path, [], made)
    empty.restated.symlink_to(home.settings.restated)
    with duckdb.connect() as con, Ledger(empty.ledger_path) as ledger:
        con.execute("create schema raw")
        restated_tables(con, empty, load_contracts(CONTRACTS), ledger, DECIDED)
        for table in TABLES:
            query = f"select * from raw.{table} order by all"
            assert con.execute(query).fetchall() == home.world.con.execute(query).fetchall() != [], table


def test_the_audit_looks_at_both_sides_and_at_kept_releases(home: Home) -> None:
    """r1 was public before: what it shows is what was kept with the restatement."""
    certificate = certify(home.world.con, kept_releases(home.settings.published))
    assert (certificate.restatements, certificate.kept_releases) == (1, 1)
    assert (certificate.kept_counts, certificate.kept_changed, certificate.open_with_kept) == (0, 0, 0)
    # differences: 3 in Fresno, its school and the network; 3, 1 and 2 in the rate. Groups of V6: 3 + 2 + 1 + 1 + 2
    assert certificate.small_counts == 6 + 9
    assert certificate.open_counts == 0


def test_a_kept_release_that_shows_more_is_named_and_can_be_withdrawn(home: Home) -> None:
    """r2 shows the 103 that r3 hides: beside the 100 of r1 that is 3. Shown tonight, the audit says the same of tonight."""
    con = home.world.con
    con.execute("create temp table honest as from public.metric")
    con.execute(
        "update public.metric set suppression = 'none', denominator = 103 where entity_code = ? and cohort_year = 2025 "
        "and snapshot_code = 'G9_EOY'",
        [FRESNO[1]],
    )
    alone = certify(con)
    assert alone.open_counts > 0 and "dbt_project" in privacy_verdict(alone).action
    home.publish("r2")
    con.execute("delete from public.metric")
    con.execute("insert into public.metric from honest")
    home.publish("r3")
    certificate = certify(con, kept_releases(home.settings.published))
    assert certificate.open_counts == 0
    assert certificate.kept_counts > 0 and certificate.open_with_kept > 0
    assert certificate.leaking == ("r2",)
    verdict = privacy_verdict(certificate)
    assert verdict.blocks and "r2" in verdict.action and "core withdraw" in verdict.action
    assert "leaking" not in certificate.as_dict()
    with pytest.raises(WrongAskError, match="current"):
        withdraw(home.settings, "r3", "a mistake")
    withdraw(home.settings, "r2", "shows what r3 hides")
    assert not privacy_verdict(certify(con, kept_releases(home.settings.published))).blocks
    with Ledger(home.settings.ledger_path) as ledger:
        assert [(row.release_id, row.reason) for row in ledger.withdrawals()] == [("r2", "shows what r3 hides")]
    assert (home.settings.home / "withdrawn" / "r2.json").is_file()
