"""`core synth` as a whole on a small world: layout, repeatability, marks of synthetic, what was lost and what is dirt."""

from __future__ import annotations

import csv
import filecmp
import io
import json
import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest

from pipelines.landing.contract import load_contracts
from pipelines.settings import PROJECT
from pipelines.synth.__main__ import main, parse_grades
from pipelines.synth.generate import generate
from pipelines.synth.schema import HUB, KEYS
from pipelines.synth.world import build_facts, plans_of
from pipelines.synth.writers import SynthError

# One district a system is enough here: every other one is written by the same code.
PLACES = ("fresno", "los_angeles", "sacramento_city", "san_francisco", "santa_ana", "core_hub")


@pytest.fixture(scope="module")
def contracts_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contracts")
    for name in PLACES:
        shutil.copy(PROJECT / "data" / "contracts" / f"{name}.yml", folder)
    return folder


@pytest.fixture(scope="module")
def make(contracts_dir):
    def make(out: Path, **values: object) -> None:
        arguments = {
            "per_district": 20,
            "years": 2,
            "seed": 5,
            "contracts_dir": contracts_dir,
            "progress": lambda _: None,
        }
        generate(out, **{**arguments, **values})  # type: ignore[arg-type]

    return make


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def landing(make, tmp_path_factory):
    out = tmp_path_factory.mktemp("synth") / "landing"
    make(out, threads=2)
    return out


def read(root: Path, name: str, inside: str) -> bytes:
    """A file of a delivery, whether the delivery is a folder or a zip."""
    path = root / name
    if path.is_dir():
        return (path / inside).read_bytes()
    with zipfile.ZipFile(path) as archive:
        return archive.read(inside)


def deliveries(landing: Path) -> list[tuple[Path, str]]:
    return [
        (district, path.name)
        for district in sorted(landing.iterdir())
        if district.is_dir() and not district.name.startswith("_")
        for path in sorted(district.iterdir())
    ]


def test_the_same_arguments_give_the_same_bytes_on_any_threads(make, landing, tmp_path):
    make(tmp_path / "again", threads=1)
    assert files(landing) == files(tmp_path / "again")
    _, differ, odd = filecmp.cmpfiles(landing, tmp_path / "again", files(landing), shallow=False)
    assert (differ, odd) == ([], [])


def test_another_seed_is_another_world(contracts_dir):
    worlds = []
    for seed in (5, 6):
        contracts = load_contracts(contracts_dir)
        with duckdb.connect() as con:
            build_facts(con, contracts, plans_of(contracts, 1), per_district=20, seed=seed)
            worlds.append(con.execute("select local_student_id, ssid, birth_date from facts.student").fetchall())
    assert set(worlds[0]).isdisjoint(worlds[1])


def test_every_contract_has_its_deliveries_and_each_is_marked(landing):
    found = deliveries(landing)
    assert {district.name for district, _ in found} == set(PLACES)
    for district, name in found:
        assert b"synthetic" in read(district, name, "SYNTHETIC.txt")
    assert (landing / "AS_OF").read_text() == "2026-10-30\n"
    assert not list(landing.glob(".*"))


def test_a_delivery_sent_again_has_the_same_bytes(landing):
    again = [(district, name) for district, name in deliveries(landing) if "-b" in name]
    assert len(again) == 3  # world.yml: districts on Synergy and Infinite Campus do not send twice
    for district, name in again:
        names = sorted(path.name for path in district.iterdir())
        before = names[names.index(name) - 1]
        for inside in files(district / name) if (district / name).is_dir() else [""]:
            assert (district / name / inside).read_bytes() == (district / before / inside).read_bytes()


def test_the_truth_is_beside_it(landing):
    truth = landing / "_truth"
    expected = {f"{name}.parquet" for name in [*KEYS, *HUB, "lost"]} | {"dirt.json"}
    assert {path.name for path in truth.iterdir()} == expected
    assert all(
        set(row) == {"district", "delivery", "what", "n"} for row in json.loads((truth / "dirt.json").read_text())
    )


def test_what_was_lost_is_listed_one_by_one(make, tmp_path):
    """Each NULL that is a loss, each unmapped mark and each broken row has its line, and no line is about anything else."""
    out = tmp_path / "landing"
    make(out, per_district=600, years=1)
    con = duckdb.connect()
    con.execute(f"create view lost as from '{out}/_truth/lost.parquet'")
    for entity in ("student", "course_mark"):
        con.execute(f"create view {entity} as from '{out}/_truth/{entity}.parquet'")
    mark_key = "concat_ws('|', local_student_id, school_code, school_year, section_id, term_code)"
    for found, listed in [
        (
            "select district_code, local_student_id, known_from from student where ssid is null",
            "select district_code, key, known_from from lost where column_name = 'ssid'",
        ),
        (
            "select district_code, local_student_id, known_from from student where birth_date is null",
            "select district_code, key, known_from from lost where reason = 'unreadable_date'",
        ),
        (
            f"select district_code, {mark_key}, known_from from course_mark where mark_raw = '??'",
            "select district_code, key, known_from from lost where reason = 'unmapped_mark'",
        ),
        (
            f"select district_code, {mark_key}, known_from from course_mark where lost_reason = 'bad_row'",
            "select district_code, key, known_from from lost where reason = 'bad_row'",
        ),
    ]:
        assert con.execute(f"{found} order by all").fetchall() == con.execute(f"{listed} order by all").fetchall()
        assert con.execute(f"select count(*) from ({listed})").fetchall()[0][0] > 0
    assert con.execute("select count(*) from lost where true_value is null or true_value = sent_value").fetchall() == [
        (0,)
    ]
    con.close()


def test_the_hub_sends_its_lists(landing):
    rows = list(csv.DictReader(io.StringIO(read(landing / "core_hub", "2025-08-15", "btsc_membership.csv").decode())))
    con = duckdb.connect()
    expected = con.execute(
        f"select school_code, start_year::varchar from '{landing}/_truth/btsc_membership.parquet'"
        " where known_from <= date '2025-08-15' and (known_to is null or known_to > date '2025-08-15') order by all"
    ).fetchall()
    con.close()
    assert [(row["school_code"], row["start_year"]) for row in rows] == expected
    assert len(rows) >= 3


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"students": 100, "per_district": None}, "too few"),
        ({"students": 5000}, "not both"),
        ({"per_district": 3}, "too few"),
        ({"grades": ("10", "08")}, "the lower one first"),
        ({"grades": ("8", "10")}, "01..12"),
        ({"years": 0}, "1 to 10"),
    ],
)
def test_what_cannot_be_made_is_said(make, tmp_path, values, message):
    with pytest.raises(SynthError, match=message):
        make(tmp_path / "out", **values)
    assert not (tmp_path / "out").exists()


def test_a_world_is_never_written_over(landing, capsys):
    assert main([str(landing), "--students", "2000"]) == 2
    assert "already holds a synthetic world" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "grades"), [("8-10", ("08", "10")), ("kn-12", ("KN", "12")), ("9", ("09", "09"))])
def test_grades_as_a_user_writes_them(text, grades):
    assert parse_grades(text) == grades
