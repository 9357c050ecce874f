"""Deliveries in a landing: names, order, zips that are none, and a night without news that costs nothing."""

from __future__ import annotations

import datetime as dt
import os
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from pipelines.landing.container import ContainerProblem, folder_entries, open_entry, zip_entries
from pipelines.landing.delivery import (
    NoCache,
    district_folders,
    find_deliveries,
    landing_state,
    list_delivery,
    parse_name,
    uncontracted,
)
from pipelines.landing.ledger import Ledger


def make_zip(path: Path, files: dict[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_names_begin_with_a_day() -> None:
    assert parse_name("2024-10-15") == dt.date(2024, 10, 15) == parse_name("2024-10-15-b.2")
    for name in ("2024-13-45", "2024-10-15b", "20241015", "15-10-2024", "2024-10-15-", "x2024-10-15"):
        assert parse_name(name) is None


def test_order_and_what_is_no_delivery(tmp_path: Path) -> None:
    north = tmp_path / "north"
    for name in ("2024-10-15-b", "2024-10-15", "2024-09-01", "_truth", ".hidden", "autumn"):
        (north / name).mkdir(parents=True)
    make_zip(north / "2024-10-15-a.zip", {"f.csv": b"x"})
    (north / "README.txt").write_text("no delivery")
    (tmp_path / "_truth").mkdir()
    (tmp_path / "AS_OF").write_text("2024-10-15")
    (tmp_path / "south").mkdir()
    found = [(d.name, d.is_zip) for d in find_deliveries(tmp_path, "north")]
    assert found == [
        ("2024-09-01", False), ("2024-10-15", False), ("2024-10-15-a", True), ("2024-10-15-b", False), ("autumn", False),
    ]  # fmt: skip
    assert district_folders(tmp_path) == ["north", "south"]
    assert uncontracted(tmp_path, ["north", "west"]) == ["south"]
    assert find_deliveries(tmp_path, "west") == [] and district_folders(tmp_path / "nowhere") == []


def test_a_zip_and_a_folder_with_the_same_files_have_the_same_digest(tmp_path: Path) -> None:
    folder = tmp_path / "north" / "2024-10-01"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "f.csv").write_bytes(b"1")
    (folder / "g.csv").write_bytes(b"2")
    make_zip(tmp_path / "north" / "2024-10-02.zip", {"g.csv": b"2", "sub/f.csv": b"1", "__MACOSX/._g.csv": b"noise"})
    one, two = (list_delivery(delivery, NoCache()) for delivery in find_deliveries(tmp_path, "north"))
    assert [member.entry.name for member in two.members] == ["g.csv", "sub/f.csv"]
    assert one.digest == two.digest


def encrypted(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark) + offset
        data[at : at + 2] = struct.pack("<H", 1)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"../f.csv": b"1"}, "leads out of it"),
        ({"/etc/f.csv": b"1"}, "leads out of it"),
        ({"C:\\f.csv": b"1"}, "leads out of it"),
        ({"f.csv": b"1", "F.CSV": b"2"}, "twice"),
        ({"f.csv": b"0" * 300_000_000}, "400 times its packed size"),
    ],
)
def test_zips_that_are_held(tmp_path: Path, files: dict[str, bytes], reason: str) -> None:
    make_zip(tmp_path / "north" / "2024-10-01.zip", files)
    (delivery,) = find_deliveries(tmp_path, "north")
    listing = list_delivery(delivery, NoCache())
    assert listing.members == [] and listing.problem is not None and reason in listing.problem


def test_zips_that_are_damaged_or_locked(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "north" / "2024-10-01.zip", {"f.csv": os.urandom(50_000)})
    whole = path.read_bytes()
    (delivery,) = find_deliveries(tmp_path, "north")

    def problem() -> str:
        return str(list_delivery(delivery, NoCache()).problem)

    assert problem() == "None"
    path.write_bytes(whole[:-100])
    assert "cannot be opened" in problem()
    path.write_bytes(whole[:1000] + b"\xff" * 20 + whole[1020:])
    assert "damaged or cut off" in problem()
    path.write_bytes(b"")
    assert "cannot be opened" in problem()
    path.write_bytes(whole)
    encrypted(path)
    assert "is encrypted" in problem()


def test_a_repaired_zip_is_another(tmp_path: Path) -> None:
    path = tmp_path / "north" / "2024-10-01.zip"
    path.parent.mkdir()
    path.write_bytes(b"one")
    (delivery,) = find_deliveries(tmp_path, "north")
    first = list_delivery(delivery, NoCache()).digest
    path.write_bytes(b"two")
    assert list_delivery(delivery, NoCache()).digest != first


def test_a_gz_bomb_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip

    monkeypatch.setattr("pipelines.landing.container.RATIO_FROM_BYTES", 1_000_000)
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress(b"0" * 5_000_000))
    (entry,) = folder_entries(tmp_path)
    with pytest.raises(ContainerProblem, match="400 times"), open_entry(tmp_path, False, entry) as stream:
        while stream.read(1 << 16):
            pass


def test_links_out_of_a_delivery(tmp_path: Path) -> None:
    folder = tmp_path / "north" / "2024-10-01"
    folder.mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("x")
    (folder / "f.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(ContainerProblem, match="link that leads out of the delivery"):
        folder_entries(folder)


def test_zip_entries_are_sorted(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "x.zip", {"b\\f.csv": b"1", "a.csv": b"2"})
    assert [entry.name for entry in zip_entries(path)] == ["a.csv", "b/f.csv"]


def test_a_night_without_news_is_quick_and_imports_no_engine(tmp_path: Path) -> None:
    for number in range(40):
        folder = tmp_path / "landing" / "north" / f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}-{number}"
        folder.mkdir(parents=True)
        for file in range(100):
            (folder / f"f{file}.csv").write_text(f"{number} {file}")
    as_of = dt.date(2024, 12, 31)
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        first = landing_state(tmp_path / "landing", ["north"], as_of, ledger)
    code = (
        "import sys, time, datetime as dt; from pathlib import Path\n"
        "from pipelines.landing.delivery import landing_state; from pipelines.landing.ledger import Ledger\n"
        "import pipelines.landing.contract\n"
        "heavy = {'duckdb', 'dagster', 'dbt', 'pandas', 'pyarrow', 'great_expectations'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "start = time.process_time()\n"
        f"with Ledger(Path({str(tmp_path / 'ledger.sqlite')!r})) as ledger:\n"
        f"    state = landing_state(Path({str(tmp_path / 'landing')!r}), ['north'], dt.date(2024, 12, 31), ledger)\n"
        "print(state, time.process_time() - start)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    state, seconds = done.stdout.split()
    assert state == first
    assert float(seconds) < 1.0
    time.sleep(0.01)
    (folder / "f1.csv").write_text("9 9")
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert landing_state(tmp_path / "landing", ["north"], as_of, ledger) != first
