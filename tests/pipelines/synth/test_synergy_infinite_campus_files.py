"""The files of Synergy and Infinite Campus, by hand-made facts: what stands in them, and what never gets into raw."""

from __future__ import annotations

import csv
import re
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.landing.contract import Contract, load_contracts
from pipelines.settings import PROJECT
from pipelines.synth.schema import create_facts
from pipelines.synth.writers import DirtLog
from tests.support import hand_facts
from tests.support.round_trip import take_in, write_deliveries

GUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
SYNERGY_DAILY, SYNERGY_PERIODS, CAMPUS = "3868478", "1964725", "3467439"


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    every = load_contracts(PROJECT / "data" / "contracts").values()
    return {c.district: c for c in every if c.district_code in (SYNERGY_DAILY, SYNERGY_PERIODS, CAMPUS)}


def write(contracts: dict[str, Contract], landing: Path) -> DirtLog:
    con = duckdb.connect()
    create_facts(con)
    plans = []
    for name, contract in contracts.items():
        daily = contract.district_code == SYNERGY_DAILY
        marks = (("87", "B"), ("42", "F"), ("CR", "P")) if daily else (("B", "B"), ("F", "F"), ("P", "P"))
        hand_facts.fill(
            con, contract.district_code, marks=marks, periods=(None,) if daily else ("1", "2"), quarters=True
        )
        plans += hand_facts.plans(name, contract.district_code)
    return write_deliveries(con, contracts, plans, landing)


@pytest.fixture(scope="module")
def landing(contracts: dict[str, Contract], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files") / "landing"
    write(contracts, folder)
    return folder


def folder_of(landing: Path, contracts: dict[str, Contract], code: str) -> Path:
    (name,) = (c.district for c in contracts.values() if c.district_code == code)
    return landing / name / "2025-06-20"


def rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def test_lookup_resolves_the_leave_codes(landing: Path, contracts: dict[str, Contract]) -> None:
    folder = folder_of(landing, contracts, SYNERGY_PERIODS)
    lookup = {(r["LOOKUP_DEF_CODE"], r["VALUE_CODE"]): r["STATE_CODE"] for r in rows(folder / "REV_BOD_LOOKUP.csv")}
    enroll = rows(folder / "SY2024-25" / "EPC_STU_ENROLL.csv")
    left = {lookup["LEAVE_CODE", r["LEAVE_CODE"]] for r in enroll if r["LEAVE_CODE"]}
    assert left == {"E150", "E155", "N470", "T160"}
    assert {lookup["GRADE", r["GRADE"]] for r in enroll} == {"08", "09", "10"}
    assert [r["ENTER_DATE"] for r in enroll if r["EXCLUDE_ADA_ADM"]] == ["2024-09-02"]


def test_school_year_rows_mislead_about_who_came_back(landing: Path, contracts: dict[str, Contract]) -> None:
    folder = folder_of(landing, contracts, SYNERGY_PERIODS) / "SY2024-25"
    history: dict[str, list[str]] = {}
    for row in rows(folder / "EPC_STU_ENROLL.csv"):
        history.setdefault(row["STUDENT_SCHOOL_YEAR_GU"], []).append(row["LEAVE_DATE"])
    bubbled = {r["STUDENT_SCHOOL_YEAR_GU"]: r["LEAVE_DATE"] for r in rows(folder / "EPC_STU_SCH_YR.csv")}
    assert all(GUID.fullmatch(key) for key in bubbled)
    (came_back,) = (key for key, dates in history.items() if sorted(dates) == ["2024-10-01", "2025-06-12"])
    assert bubbled[came_back] == "2024-10-01"


def test_dates_and_marks_of_the_daily_district(landing: Path, contracts: dict[str, Contract]) -> None:
    folder = folder_of(landing, contracts, SYNERGY_DAILY)
    marks = rows(folder / "EPC_STU_CRS_HIS_2024-25.csv")
    assert {r["MARK"] for r in marks} == {"87", "42", "CR", "ZZ"}
    assert {r["POST_DATE"] for r in marks} == {"", "12/20/2024", "6/12/2025"}
    assert (folder / "EPC_STU_ATT_DAILY_2024-25.csv").exists()
    assert not list(folder.glob("*LOOKUP*")) + list(folder.glob("*PERIOD*"))


def test_a_row_to_be_rejected_has_a_column_too_many(landing: Path, contracts: dict[str, Contract]) -> None:
    path = folder_of(landing, contracts, SYNERGY_PERIODS) / "SY2024-25" / "EPC_STU_CRS_HIS.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line.count(",") for line in lines] == [12] * (len(lines) - 1) + [13]
    assert path.read_bytes().count(b"\r") == 0


def test_campus_writes_carnegie_units_and_what_is_not_reported(landing: Path, contracts: dict[str, Contract]) -> None:
    folder = folder_of(landing, contracts, CAMPUS)
    transcript = rows(folder / "SCUSD_Transcript.txt", "\t")
    assert {r["Credits Attempted"] for r in transcript} == {"0.5", "1", "0.33333", ""}
    enrollments = rows(folder / "SCUSD_Enrollments.txt", "\t")
    assert {r["Service Type"] for r in enrollments} >= {"P", "S"}
    assert [r["End Date"] for r in enrollments if r["No Show"] == "1"] == ["8/19/2024"]
    people = rows(folder / "SCUSD_Students.txt", "\t")
    assert len({r["Person ID"] for r in people}) < len(people)
    assert all(re.fullmatch(r"000-\d\d-\d{4}", r["SSN"]) for r in people)


def test_same_facts_same_bytes(landing: Path, contracts: dict[str, Contract], tmp_path: Path) -> None:
    write(contracts, tmp_path / "again")
    names = sorted(path.relative_to(landing) for path in landing.rglob("*") if path.is_file())
    assert len(names) > 100
    assert [n for n in names if (landing / n).read_bytes() != (tmp_path / "again" / n).read_bytes()] == []


def test_social_security_numbers_never_reach_raw(landing: Path, contracts: dict[str, Contract], tmp_path: Path) -> None:
    campus = {name: c for name, c in contracts.items() if c.district_code == CAMPUS}
    (name,) = campus
    lenient = {name: campus[name].model_copy(update={"checks": {"max_rejected_share": Decimal(1)}})}
    shutil.copytree(landing, tmp_path / "landing")
    students = folder_of(tmp_path / "landing", contracts, CAMPUS) / "SCUSD_Students.txt"
    with students.open("a", encoding="utf-8") as lines:  # must be rejected, and its text kept without the number
        lines.write("9\t1009\t\t99\t7/1/2020\tHall\tGus\t000-12-3456\tone\tfield\ttoo\tmany\there\tnow\n")
    take_in(lenient, tmp_path / "landing", tmp_path / "home", hand_facts.NEXT_YEAR)
    stored = sorted((tmp_path / "home" / "raw").rglob("*.parquet"))
    assert stored
    sent = {r["SSN"] for r in rows(folder_of(landing, contracts, CAMPUS) / "SCUSD_Students.txt", "\t")}
    con = duckdb.connect()
    for path in stored:
        for row in con.execute(f"from read_parquet('{path}')").fetchall():
            assert not sent & {str(value) for value in row}
            assert not re.search(r"\b000-\d\d-\d{4}\b", " ".join(map(str, row)))
    rejects = con.execute(f"from read_parquet('{tmp_path}/home/raw/{name}/_rejects/*.parquet')").fetchall()
    assert any("1009" in " ".join(map(str, row)) for row in rejects)
    columns = con.execute(f"describe from read_parquet('{tmp_path}/home/raw/{name}/identity/*.parquet')").fetchall()
    assert "person_id" in {column[0] for column in columns}
    assert "ssn" not in {column[0].lower() for column in columns}
