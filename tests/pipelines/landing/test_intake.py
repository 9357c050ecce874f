"""Intake: accept or hold, never read twice, all or nothing, in the order of the dates whatever the order of arrival."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path

import pytest

from pipelines.landing import taking
from pipelines.landing.intake import accept, check, hold
from pipelines.landing.ledger import Ledger
from pipelines.landing.measures import CheckMeasure
from tests.pipelines.landing.support import Town

KEYED = {"required": True, "key": ["A"], "scope": {"column": "B"}}
GOOD = "A,B,C\n1,2024,x\n2,2024,y\n"
DAY = dt.date.fromisoformat


def statuses(town: Town, as_of: str) -> dict[str, str]:
    return {report.delivery: report.status for report in town.intake(as_of).deliveries}


def the_reason(town: Town, as_of: str = "2024-12-31") -> str:
    (held,) = town.intake(as_of).held
    return held.reason


def test_accepted_and_in_force(tmp_path: Path) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("2024-10-01", f=GOOD, SYNTHETIC__txt="synthetic")
    report = town.intake("2024-10-01")
    assert str(report.deliveries[0]) == "north 2024-10-01 accepted: 1 files, 2 rows, 0 rejected"
    assert town.raw("2024-10-01", "select A, _row, _known_from, _is_versioned from raw.plain__f order by 1") == [
        ("1", 2, DAY("2024-10-01"), False),
        ("2", 3, DAY("2024-10-01"), False),
    ]
    assert town.raw("2024-10-01", "select delivery, status, is_synthetic, reason from raw.delivery") == [
        ("2024-10-01", "accepted", True, "")
    ]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "a required file is missing (f.csv). Send the delivery again with this file."),
        ({"f": "A,B\n1,2\n"}, "columns that are missing: C (f.csv, line 1)"),
        ({"f": "A,B,C,D\n1,2024,x,y\n"}, "columns that the contract does not know: D (f.csv, line 1)"),
        ({"f": "A;B;C\n1;2;3\n"}, "the columns are separated by ';', expected ',' (f.csv, line 1)"),
        ({"f": "A,B,C\n" + "1,2024,x\n" * 9 + '1,"\n'}, "(f.csv, first line 11): 10.0%, allowed 2.0%."),
        ({"f": "A,B,C\n"}, "a required file has no row (f.csv)"),
        ({"f": GOOD, "g": "x"}, "a file that the contract does not know (g.csv)"),
        ({"f": "A,B,C\n1,2024,x\n1,2024,y\n"}, "rows that repeat the key A: 1 of 2 (f.csv): 50.0%, allowed 1.0%."),
        ({"f": b"A,B,C\n\xff,2024,x\n"}, "byte 0xff is not valid utf-8 (f.csv, line 2)"),
    ],
)
def test_held_with_one_reason(tmp_path: Path, files: dict[str, str | bytes], reason: str) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("2024-10-01", **files)
    assert reason in the_reason(town)
    assert town.raw("2024-12-31", "select count(*) from raw.plain__f") == [(0,)]
    ((status, kept, known),) = town.raw("2024-12-31", "select status, reason, known_from from raw.delivery")
    assert status == "held" and reason in kept and known is None


def test_names_and_zips_that_cannot_be(tmp_path: Path) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("autumn", f=GOOD)
    assert "the name does not begin with a date (autumn)" in the_reason(town)
    shutil.rmtree(town.settings.landing / "north" / "autumn")
    zipped = town.settings.landing / "north" / "2024-10-01.zip"
    zipped.write_bytes(b"no zip")
    assert "the zip cannot be opened" in the_reason(town)
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("export/f.csv", GOOD)
        archive.writestr("export/SYNTHETIC.txt", "")
    (report,) = town.intake("2024-12-31").deliveries
    assert report.status == "accepted" and report.notes == ["the files lie in a folder 'export' of their own"]
    town.deliver("2024-10-01", f=GOOD)
    assert statuses(town, "2024-12-31") == {"2024-10-01": "accepted"}, "what was accepted stays"


def test_a_folder_and_a_zip_of_one_name(tmp_path: Path) -> None:
    town = Town(tmp_path, KEYED)
    folder = town.deliver("2024-10-01", f=GOOD)
    with zipfile.ZipFile(folder.with_suffix(".zip"), "w") as archive:
        archive.writestr("f.csv", GOOD)
    assert "a folder and a zip of the same name" in town.intake("2024-12-31").held[0].reason


def test_a_path_with_a_year_is_no_folder_around(tmp_path: Path) -> None:
    town = Town(tmp_path, {"pattern": "*/f.csv", "scope": {"path": r"^(\d{4})-"}})
    zipped = town.settings.landing / "north" / "2024-10-01.zip"
    zipped.parent.mkdir(parents=True)
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("2024-2025/f.csv", GOOD)
    assert statuses(town, "2024-10-01") == {"2024-10-01": "accepted"}
    assert town.raw("2024-10-01", "select distinct _scope from raw.plain__f") == [("2024",)]


def test_a_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(tmp_path, KEYED)
    reads: list[str] = []
    real = taking.read_file

    def counting(*args: object) -> object:
        reads.append(args[3].name)  # type: ignore[attr-defined]
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(taking, "read_file", counting)
    town.deliver("2024-10-01", f=GOOD)
    town.intake("2024-10-01")
    town.intake("2024-10-02")
    assert reads == ["f.csv"]
    town.deliver("2024-10-08", f=GOOD)
    report = town.intake("2024-10-08").deliveries[1]
    assert reads == ["f.csv"] and report.status == "accepted"
    assert report.notes == ["the same bytes as 2024-10-01"]
    # The same again is in force since the first time
    assert town.raw(
        "2024-10-08", "select distinct _delivery, _known_from, _known_to, _is_versioned from raw.plain__f"
    ) == [("2024-10-01", DAY("2024-10-01"), None, False)]
    assert town.raw("2024-10-08", "select delivery, status from raw.delivery order by 1") == [
        ("2024-10-01", "accepted"),
        ("2024-10-08", "superseded"),
    ]
    town.write_contract(
        {**KEYED, "columns": ["A", "B", {"name": "C", "header": "C"}, {"name": "D", "required": False}]}
    )
    town.intake("2024-10-08")
    assert len(reads) == 2, "another layout reads it again"


def test_a_killed_run_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feeds = ({"feed": "f"}, {"feed": "g", "pattern": "g.csv"})
    town = Town(tmp_path, *feeds)
    town.deliver("2024-10-01", f=GOOD, g=GOOD.replace("x", "z"))
    real = taking.read_file
    calls = 0

    def killed(*args: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(taking, "read_file", killed)
    with pytest.raises(KeyboardInterrupt):
        town.intake("2024-10-01")
    with Ledger(town.settings.ledger_path) as ledger:
        assert ledger.states(DAY("2024-10-01")) == [] and ledger.files() == []
    monkeypatch.setattr(taking, "read_file", real)
    assert statuses(town, "2024-10-01") == {"2024-10-01": "accepted"}
    expected = Town(tmp_path / "other", *feeds) if (tmp_path / "other").mkdir() is None else None
    assert expected is not None
    expected.deliver("2024-10-01", f=GOOD, g=GOOD.replace("x", "z"))
    expected.intake("2024-10-01")
    query = "select * from raw.plain__f union all select * from raw.plain__g order by all"
    assert town.raw("2024-10-01", query) == expected.raw("2024-10-01", query)
    names = [sorted(p.name for p in t.settings.raw.rglob("*") if p.is_file()) for t in (town, expected)]
    assert names[0] == names[1]


def test_a_kill_while_recording_rolls_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("2024-10-01", f=GOOD)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Ledger, "_record_content", killed)
    with pytest.raises(KeyboardInterrupt):
        town.intake("2024-10-01")
    monkeypatch.undo()
    with Ledger(town.settings.ledger_path) as ledger:
        assert ledger.states(DAY("2024-10-01")) == [] and ledger.files() == []
    assert statuses(town, "2024-10-01") == {"2024-10-01": "accepted"}


def test_left_over_temporary_files_are_cleared(tmp_path: Path) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("2024-10-01", f=GOOD)
    left = town.settings.raw / "north" / "f" / ".abc.numbered.tmp"
    left.parent.mkdir(parents=True)
    left.write_text("student rows")
    town.intake("2024-10-01")
    assert not left.exists()


def test_the_order_of_arrival_does_not_matter(tmp_path: Path) -> None:
    full = "A,B,C\n" + "".join(f"{i},2024,x\n" for i in range(100))
    half = "A,B,C\n" + "".join(f"{i},2024,x\n" for i in range(50))
    more = "A,B,C\n" + "".join(f"{i},2024,y\n" for i in range(60))
    deliveries = {"2024-10-01": full, "2024-10-08": half, "2024-10-15": more}
    results = []
    for number, order in enumerate((sorted(deliveries), sorted(deliveries, reverse=True))):
        (tmp_path / str(number)).mkdir()
        town = Town(tmp_path / str(number), KEYED)
        for name in order:
            town.deliver(name, f=deliveries[name])
            town.intake("2024-12-31")
        results.append(
            (
                statuses(town, "2024-12-31"),
                town.raw("2024-12-31", "select * exclude (_row) from raw.plain__f order by all"),
            )
        )
    assert results[0] == results[1]
    assert results[0][0] == {"2024-10-01": "accepted", "2024-10-08": "held", "2024-10-15": "held"}


def test_as_of_leaves_out_what_is_dated_later(tmp_path: Path) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("2024-10-01", f=GOOD)
    town.deliver("2024-10-08", f=GOOD + "3,2024,z\n")
    town.intake("2024-12-31")
    assert town.raw("2024-10-07", "select count(*), max(_known_to) from raw.plain__f") == [(2, None)]
    assert town.raw("2024-10-08", "select count(*) from raw.plain__f where _known_to is null") == [(3,)]
    assert town.raw("2024-10-07", "select delivery from raw.delivery") == [("2024-10-01",)]


def test_a_steward_accepts_and_holds(tmp_path: Path) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("2024-10-01", f=GOOD)
    town.deliver("2024-10-08", f="A,B,C,D\n1,2024,new,9\n")
    assert statuses(town, "2024-10-10") == {"2024-10-01": "accepted", "2024-10-08": "held"}
    # No freeze was published without it: known from its own date
    assert accept(town.settings, town.contract, "2024-10-08", "column D is harmless", DAY("2024-10-12")) == DAY(
        "2024-10-08"
    )
    assert statuses(town, "2024-10-11")["2024-10-08"] == "held"
    assert statuses(town, "2024-10-12")["2024-10-08"] == "accepted"
    assert town.raw("2024-10-12", "select C, _known_from from raw.plain__f where _known_to is null") == [
        ("new", DAY("2024-10-08"))
    ]
    hold(town.settings, town.contract, "2024-10-08", "sent by mistake", DAY("2024-10-13"))
    assert town.raw("2024-10-13", "select A, C from raw.plain__f order by 1") == [("1", "x"), ("2", "y")]
    assert town.raw("2024-10-13", "select reason from raw.delivery where status = 'held'") == [("sent by mistake",)]
    with pytest.raises(ValueError, match="no delivery '2024-11-01' of north; there are 2024-10-01, 2024-10-08"):
        accept(town.settings, town.contract, "2024-11-01", "x", DAY("2024-11-01"))


def test_what_could_not_be_read_cannot_be_accepted(tmp_path: Path) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("2024-10-01", f="A;B;C\n1;2;3\n")
    town.intake("2024-10-01")
    with pytest.raises(ValueError, match=r"cannot be accepted: f\.csv could not be read"):
        accept(town.settings, town.contract, "2024-10-01", "please", DAY("2024-10-01"))


def test_a_delivery_for_a_published_freeze_is_known_from_the_decision(tmp_path: Path) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("2025-07-01", f=GOOD)
    town.intake("2025-07-20")
    with Ledger(town.settings.ledger_path) as ledger:
        ledger.record_freeze("2025_EOY", DAY("2025-07-20"), "signature", "2025_EOY-abc.parquet", "r1")
    town.deliver("2025-07-20", f=GOOD.replace("x", "late"))
    assert "a freeze that was published without it (2025-07-20)" in the_reason(town, "2025-07-21")
    assert accept(town.settings, town.contract, "2025-07-20", "a correction", DAY("2025-07-25")) == DAY("2025-07-25")
    town.intake("2025-07-25")
    rows = "select C, _known_from, _known_to from raw.plain__f where A = '1' order by 2"
    assert town.raw("2025-07-24", rows) == [("x", DAY("2025-07-01"), None)]
    assert town.raw("2025-07-25", rows) == [
        ("x", DAY("2025-07-01"), DAY("2025-07-25")),
        ("late", DAY("2025-07-25"), None),
    ]
    town.deliver("2025-07-28", f=GOOD)
    assert statuses(town, "2025-07-28")["2025-07-28"] == "accepted", "after the freeze nothing is late"


def test_a_changed_delivery_does_not_change_what_was_accepted(tmp_path: Path) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("2024-10-01", f=GOOD)
    town.intake("2024-10-01")
    town.deliver("2024-10-01", f=GOOD.replace("x", "changed"))
    (report,) = town.intake("2024-10-02").deliveries
    assert report.status == "accepted"
    assert report.notes == ["its files have changed since it was accepted: what was accepted stays in force"]
    assert town.raw("2024-10-02", "select C from raw.plain__f order by 1") == [("x",), ("y",)]


def test_a_held_delivery_repaired_in_place_is_judged_anew(tmp_path: Path) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("2024-10-01", f="A,B\n1,2\n")
    assert statuses(town, "2024-10-01") == {"2024-10-01": "held"}
    town.deliver("2024-10-01", f=GOOD)
    assert statuses(town, "2024-10-01") == {"2024-10-01": "accepted"}


def test_a_held_delivery_is_judged_anew_by_another_contract(tmp_path: Path) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("2024-10-01", f="A,B,C,D\n1,2024,x,9\n")
    assert statuses(town, "2024-10-01") == {"2024-10-01": "held"}
    town.write_contract({**KEYED, "columns": ["A", "B", "C", "D"]})
    assert statuses(town, "2024-10-01") == {"2024-10-01": "accepted"}
    assert town.raw("2024-10-01", "select D from raw.plain__f") == [("9",)]


def test_a_judge_from_outside_decides(tmp_path: Path) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("2024-10-01", f=GOOD)
    asked: list[CheckMeasure] = []

    def judge(measures: list[CheckMeasure]) -> list[CheckMeasure]:
        asked.extend(measures)
        return [measure for measure in measures if measure.name == "duplicate_key_share"]

    (report,) = town.intake("2024-10-01", judge).deliveries
    assert report.status == "held" and len(report.failures) == 1
    assert {"missing_required_file", "unknown_column", "rejected_share"} <= {measure.name for measure in asked}
    assert all(measure.district == "north" and measure.delivery == "2024-10-01" for measure in asked)


def test_changes_against_the_last_accepted_delivery(tmp_path: Path) -> None:
    town = Town(
        tmp_path, {**KEYED, "school": "C"}, checks={"max_school_row_drop_share": 0.9, "max_null_share_increase": 0.2}
    )
    rows = [f"{i},2024,s{i % 2}" for i in range(200)]

    def text(kept: list[str]) -> str:
        return "A,B,C\n" + "\n".join(kept) + "\n"

    town.deliver("2024-10-01", f=text(rows))
    town.deliver("2024-10-02", f=text(rows[:159]))
    town.deliver(
        "2024-10-03", f=text([row for row in rows if row.endswith("s0")] + [f"{i}x,2024,s0" for i in range(80)])
    )
    town.deliver(
        "2024-10-04", f=text([row.rpartition(",")[0] + "," if i % 4 == 0 else row for i, row in enumerate(rows)])
    )
    reasons = {report.delivery: report.reason for report in town.intake("2024-10-31").deliveries}
    assert reasons["2024-10-01"] == ""
    assert (
        "159 rows where the last accepted delivery had 200 (f.csv, scope 2024): 20.5%, allowed 20.0%"
        in reasons["2024-10-02"]
    )
    assert "0 rows where the last accepted delivery had 100 (f.csv, school s1): 100.0%" in reasons["2024-10-03"]
    assert "column C is empty more often" in reasons["2024-10-04"] and "25.0%, allowed 20.0%" in reasons["2024-10-04"]


def test_unknown_codes_and_quirks(tmp_path: Path) -> None:
    columns = ["A", "B", {"name": "C", "codes": "exit"}]
    quirk = {
        "id": "bom",
        "what": "UTF-8 with BOM",
        "reason": "their export",
        "expect": {"feed": "f", "measure": "has_bom", "equals": True},
    }
    town = Town(tmp_path, {"columns": columns}, codes={"exit": {"x": "E155"}}, quirks=[quirk])
    town.deliver("2024-10-01", f="\ufeffA,B,C\n1,2,x\n2,2,\n")
    town.deliver("2024-10-08", f=GOOD)
    first, second = town.intake("2024-10-31").deliveries
    assert (first.status, first.notes) == ("accepted", [])
    assert "values of C that its code map does not have: 1 of 2 (f.csv): 50.0%" in second.reason
    assert second.notes == ["quirk bom (UTF-8 with BOM) is no longer true in f.csv: has_bom is False, expected True"]


def test_no_value_of_a_student_in_a_reason(tmp_path: Path) -> None:
    secret = "Xylophonist"
    town = Town(
        tmp_path, {**KEYED, "columns": ["A", "B", {"name": "C", "codes": "exit"}]}, codes={"exit": {"x": "E155"}}
    )
    rows = [f"{secret},2024,{secret}", f"{secret},2024,{secret}", f'{secret},"{secret}']
    town.deliver("2024-10-01", f="A,B,C\n" + "\n".join(rows) + "\n")
    (report,) = town.intake("2024-10-01").deliveries
    assert report.status == "held" and len(report.failures) == 3
    assert secret not in str(report) + repr(report.failures) + repr(report.notes)
    assert secret.encode() not in town.settings.ledger_path.read_bytes()


def test_check_touches_nothing(tmp_path: Path) -> None:
    town = Town(tmp_path, KEYED)
    town.deliver("2024-10-01", f="A,B,C\n" + "".join(f"{i},2024,x\n" for i in range(100)))
    town.intake("2024-10-01")
    draft = tmp_path / "drafts" / "2024-10-08"
    draft.mkdir(parents=True)
    (draft / "f.csv").write_text(GOOD)

    def everything() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    before = everything()
    report = check(town.settings, town.contract, draft)
    assert report.status == "held"
    assert "2 rows where the last accepted delivery had 100" in report.reason
    assert everything() == before
    with pytest.raises(ValueError, match="neither a folder nor a zip"):
        check(town.settings, town.contract, draft / "f.csv")
    shutil.rmtree(town.settings.home)
    assert check(town.settings, town.contract, draft).status == "accepted"
    assert not town.settings.home.exists()
