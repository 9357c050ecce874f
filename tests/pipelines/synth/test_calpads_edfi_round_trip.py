"""CALPADS with MiSiS, and Ed-Fi: what was true comes back from staging, entity by entity and version by version."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import duckdb
import pytest

from pipelines.landing.contract import Contract, load_contracts
from pipelines.settings import PROJECT
from pipelines.synth.world import build_facts, plans_of
from tests.support import facts_world
from tests.support.round_trip import round_trip

# Which systems' files can carry dates of posting, repeats, transfers, grade taken, first grade 9 and a GPA.
SYSTEMS = {"calpads": False, "edfi": True}


def of_system(system: str) -> Contract:
    every = load_contracts(PROJECT / "data" / "contracts")
    (contract,) = (contract for contract in every.values() if contract.system == system)
    return contract


def trip(system: str, folder: Path) -> Path:
    """The hand-made facts of one system, written, taken in, staged and found again without a difference."""
    contract = of_system(system)
    facts = duckdb.connect()
    facts_world.build(facts, contract.district_code, has_extras=SYSTEMS[system])
    deliveries = facts_world.plans(contract.district, contract.district_code)
    assert round_trip(facts, {contract.district: contract}, deliveries, folder) == []
    return folder


@pytest.fixture(scope="module")
def calpads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trip("calpads", tmp_path_factory.mktemp("calpads"))


@pytest.fixture(scope="module")
def edfi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trip("edfi", tmp_path_factory.mktemp("edfi"))


def staged(folder: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "home" / "warehouse" / "core.duckdb"), read_only=True) as con:
        return con.execute(query).fetchall()


@pytest.mark.parametrize("system", SYSTEMS)
def test_hand_made_facts_come_back(system: str, request: pytest.FixtureRequest) -> None:
    """Beside the comparison with facts: values worked by hand, so that no shared mistake of both sides goes unseen."""
    folder = request.getfixturevalue(system)
    assert staged(
        folder,
        f"select value, start_date::varchar, end_date::varchar from staging.stg_{system}__student_program "
        "where local_student_id = 'S1' and program = 'EL_STATUS' and known_to is null order by start_date",
    ) == [("EL", "2016-08-20", "2025-03-09"), ("RFEP", "2025-03-10", None)]
    assert staged(
        folder,
        f"select mark, credits_attempted::varchar, credits_earned::varchar from staging.stg_{system}__course_mark "
        "where local_student_id = 'S1' and section_id = '2001' and known_to is null",
    ) == [("P", "3.3300", "1.6650")]
    assert staged(
        folder,
        f"select local_student_id, suspension_type, suspension_days::varchar from staging.stg_{system}__incident "
        "where known_to is null order by all",
    ) == [("S1", "OSS", "2.500"), ("S2", "EXP", "0.300"), ("S2", "ISS", "1.000")]
    assert staged(
        folder,
        f"select race_codes, ssid from staging.stg_{system}__student where local_student_id = 'S1' and known_to is null",
    ) == [("400;700", "9000000001")]


@pytest.mark.parametrize(("system", "feed"), [("calpads", "scsc"), ("edfi", "course_transcripts")])
def test_a_row_that_cannot_be_read_is_rejected_and_nowhere_else(
    system: str, feed: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(system)
    assert staged(folder, "select distinct feed from raw.reject_count") == [(feed,)]
    assert staged(folder, f"select 1 from staging.stg_{system}__course_mark where section_id = '1004'") == []


def test_calpads_files_are_what_the_state_asks_for(calpads: Path) -> None:
    landing = calpads / "landing" / of_system("calpads").district
    delivery = landing / facts_world.NIGHTLY.isoformat()
    senr = (delivery / "SENR.txt").read_bytes()
    assert senr.endswith(b"\r\n") and senr.count(b"\n") == senr.count(b"\r\n") == 3
    records = [line.split("^") for line in senr.decode("cp1252").splitlines()]
    # field 1.02: the entry date was moved (old key gone, new one added) and the short-term enrollment withdrawn
    assert sorted((record[1], record[21], record[22]) for record in records) == [
        ("D", "20240812", "10"),
        ("D", "20240812", "30"),
        ("T", "20240813", "10"),
    ]
    assert {len(record) for record in records} == {39}
    first = landing / facts_world.FIRST.isoformat()
    assert "Peña-Ruiz" in (first / "SCSC_2025.txt").read_text(encoding="cp1252")
    # only the month in which something changed is sent again
    assert sorted(path.name for path in delivery.glob("MISIS_ATT_*")) == ["MISIS_ATT_202408.csv.gz"]
    with gzip.open(delivery / "MISIS_ATT_202408.csv.gz", "rt", encoding="ascii", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 6 and rows[0] == {
        "SCHOOL": "9100001",
        "STUDENT_ID": "S1",
        "ATT_DATE": "2024-08-12",
        "ATT_CODE": "E",
    }
    assert b'"' not in gzip.decompress((delivery / "MISIS_ATT_202408.csv.gz").read_bytes())


def test_the_absence_summary_is_there_to_reconcile_with(calpads: Path) -> None:
    # S1: one day of each kind of absence, the one in in-school suspension was attended
    assert staged(
        calpads,
        "select days_expected::integer, days_attended::integer, days_excused::integer, days_unexcused::integer, "
        "days_oss::integer, days_iss::integer, days_is_nonada::integer from staging.stg_calpads__absence_summary "
        "where local_student_id = 'S1' and known_to is null",
    ) == [(5, 1, 1, 1, 1, 1, 1)]
    # and it agrees with the daily rows: neither of the two students is one of those who are made to differ
    assert staged(
        calpads,
        "select n_students, n_differing, expected_difference::integer, attended_difference::integer "
        "from staging.stg_calpads__absence_summary_difference",
    ) == [(2, 0, 0, 0)]


def test_edfi_objects_have_natural_keys_and_own_descriptors(edfi: Path) -> None:
    delivery = edfi / "landing" / of_system("edfi").district / facts_world.NIGHTLY.isoformat()

    def objects(name: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in gzip.decompress((delivery / name).read_bytes()).splitlines()]

    (association,) = objects("studentSchoolAssociations.jsonl.gz")
    assert association["schoolReference"] == {"schoolId": 10621669100001}
    assert association["entryGradeLevelDescriptor"] == "uri://fresnounified.org/GradeLevelDescriptor#10"
    assert [gone["keyValues"] for gone in objects("deletes/studentProgramAssociations.jsonl.gz")] == [
        {"studentUniqueId": "S2", "programName": "Foster Youth Services", "beginDate": "2025-02-01"}
    ]
    # what did not change is not sent again
    assert not (delivery / "schools.jsonl.gz").exists()
    assert {row["studentUniqueId"] for row in objects("students.jsonl.gz")} == {"S4"}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_synthetic_world_comes_back(system: str, tmp_path: Path) -> None:
    contracts = {contract.district: contract for contract in [of_system(system)]}
    facts = duckdb.connect()
    by_district = plans_of(contracts, 4)
    build_facts(facts, contracts, by_district, per_district=40, seed=7)
    every = [plan for of_district in by_district.values() for plan in of_district]
    assert round_trip(facts, contracts, every, tmp_path) == []
