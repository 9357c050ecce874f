"""What changed between two hand-made releases: every number counted by hand, and no hidden figure told."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import duckdb
import pytest

from pipelines.diff.ask import diff
from pipelines.errors import WrongAskError
from pipelines.release.manifest import Basis, Freeze, InputFile
from pipelines.release.publish import publish
from pipelines.settings import Settings
from tests.pipelines.release.test_publish import candidate
from tests.support.small_warehouse import NORTH, SOUTH, build

SECRET = 4711


def cell(level: str, entity: str, group: str, numerator: int | None, denominator: int | None, state: str) -> str:
    """A row of partner.metric; `state` is settled, provisional or suppressed."""
    shown = numerator is not None and denominator is not None
    value = f"{numerator} / {denominator}" if shown else "null"
    display = f"'{100 * numerator // denominator}%'" if shown and numerator is not None and denominator else "'*'"
    counts = f"{numerator}, {denominator}" if shown else "null, null"
    hidden = "suppressed" if state == "suppressed" else "none"
    return (
        f"('movement_rate', 2024, 2024, 'G9_EOY', 'G8_EOY', '{level}', '{entity}', 'Place {entity}', 'gender', '{group}', "
        f"'core5_v1', {counts}, {value}, null, null, {display}, {state == 'provisional'}, '{hidden}', null)"
    )


BEFORE = [
    cell("district", NORTH, "F", 40, 100, "settled"),
    cell("district", NORTH, "M", 50, 100, "provisional"),
    cell("district", NORTH, "X", None, None, "suppressed"),
    cell("district", SOUTH, "F", 30, 100, "settled"),
    cell("district", SOUTH, "M", SECRET, 10 * SECRET, "settled"),
    cell("district", SOUTH, "X", None, None, "suppressed"),
]
AFTER = [
    cell("district", NORTH, "F", 60, 100, "settled"),
    cell("district", NORTH, "M", 50, 100, "settled"),
    cell("district", NORTH, "X", None, None, "suppressed"),
    cell("district", SOUTH, "F", 31, 100, "settled"),
    cell("district", SOUTH, "M", None, None, "suppressed"),
    cell("district", SOUTH, "X", SECRET, 10 * SECRET, "settled"),
    cell("school", f"{NORTH}0000001", "F", 20, 40, "settled"),
]


def rows(con: duckdb.DuckDBPyConnection, cells: list[str]) -> None:
    con.execute("delete from partner.metric where group_type = 'gender'")
    con.execute(f"insert into partner.metric values {', '.join(cells)}")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two releases: a new delivery in the north, other code, a later day, a freeze, a rule, figures."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    con = duckdb.connect()
    build(con)
    rows(con, BEFORE)
    sent = InputFile(district="north", delivery="2024-07-01", path="marks.csv", sha256="0" * 64, bytes=3)
    old = Basis(commit="abc", contracts={"north": "1", "south": "1"})
    publish(con, settings.published, candidate(basis=old, inputs=[sent]), keep=9)
    rows(con, AFTER)
    con.execute("update partner.metric_definition set definition = 'Who moved up a lane'")
    con.execute("insert into partner.lane_rule values ('core5_v1', '09', 'G4', 'attendance', '>=', 0.95)")
    con.execute("update restricted.student set el_status = 'EL' where _release_district = 'south'")
    more = InputFile(district="north", delivery="2024-08-01", path="marks.csv", sha256="1" * 64, bytes=3)
    freeze = Freeze(vantage="2024_EOY", freeze_date=dt.date(2024, 7, 25), release_id="", code_version="c0de2")
    new = Basis(commit="def", contracts={"north": "1", "south": "2"}, freezes=[freeze])
    after = candidate(basis=new, inputs=[sent, more], as_of=dt.date(2024, 8, 5), code_version="c0de2")
    publish(con, settings.published, after, keep=9)
    return settings


def ids(settings: Settings) -> tuple[str, str]:
    first, last = sorted(path.name for path in (settings.published / "releases").iterdir())
    return first, last


def test_figures_are_counted_by_what_became_of_them(settings: Settings) -> None:
    (text,) = diff(settings, ids(settings), "partner", None, 20, as_json=True)
    told = json.loads(text)
    district = next(each for each in told["metrics"] if each["level"] == "district")
    counts = {state: district[state] for state in ("same", "changed", "new", "gone", "now_shown", "now_hidden", "hidden", "settled")}  # fmt: skip
    assert counts == {
        "same": 1, "changed": 2, "new": 0, "gone": 0, "now_shown": 1, "now_hidden": 1, "hidden": 1, "settled": 1,
    }  # fmt: skip
    assert district["why"] == ["settled", "its definition", "rules", "code", "contracts", "as-of date", "deliveries"]
    assert next(each for each in told["metrics"] if each["level"] == "school")["new"] == 1
    assert next(each for each in told["metrics"] if each["level"] == "collaborative")["why"] == []
    assert [(each["entity_code"], each["before"], each["after"]) for each in told["largest"]] == [
        (NORTH, "40% (40 of 100)", "60% (60 of 100)"),
        (SOUTH, "30% (30 of 100)", "31% (31 of 100)"),
    ]
    assert told["by_district"] == {"north": 1, "south": 1}
    assert str(SECRET) not in text, "what one of the two hides is not told"
    assert {(each["tier"], each["table"]) for each in told["tables"]} == {
        ("partner", "metric"), ("partner", "metric_definition"), ("partner", "lane_rule"), ("restricted/south", "student"),
    }  # fmt: skip


def test_causes_are_told_first(settings: Settings) -> None:
    lines = diff(settings, ids(settings), "partner", None, 20, as_json=False)
    text = "\n".join(lines)
    for words in (
        "as of             2024-07-31 -> 2024-08-05",
        "code              c0de -> c0de2",
        "commit            abc -> def",
        "key               f1, the same",
        "contracts         south",
        "newly frozen      2024_EOY on 2024-07-25",
        "north             new: 2024-08-01",
        "lane_rule core5_v1 09 G4 attendance >=: new",
        "metric_definition movement_rate: definition: Who moved up -> Who moved up a lane",
        "restricted/south: 1 tables, 1 -> 1 rows in them",
        "1 figures of it and its schools changed; new deliveries 2024-08-01",
        "1 figures of it and its schools changed; no new delivery of its own",
        "most: movement_rate 2024 G8_EOY to G9_EOY, Place 1111111, gender/F: 40% (40 of 100) -> 60% (60 of 100)",
    ):
        assert words in text, f"{words}\n{text}"
    assert str(SECRET) not in text
    assert lines[0].endswith("(synthetic data)")
    assert text.index("what went in") < text.index("tables: 4 changed") < text.index("figures (partner, core5_v1)")


def test_the_same_release_and_the_other_direction(settings: Settings) -> None:
    first, last = ids(settings)
    assert diff(settings, (last, "current"), "partner", None, 20, as_json=False) == [
        f"{last} is one release (synthetic data)"
    ]
    back = json.loads(diff(settings, (last, first), "partner", None, 20, as_json=True)[0])
    district = next(each for each in back["metrics"] if each["level"] == "district")
    assert (district["changed"], district["now_shown"], district["now_hidden"]) == (2, 1, 1)
    assert next(each for each in back["metrics"] if each["level"] == "school")["gone"] == 1
    assert back["causes"]["deliveries"]["north"]["gone"] == ["2024-08-01"]


def test_figures_of_two_rule_sets_never_stand_against_each_other(settings: Settings, tmp_path: Path) -> None:
    con = duckdb.connect()
    build(con)
    other = Settings(home=tmp_path)
    publish(con, other.published, candidate(), keep=9)
    con.execute("insert into partner.rule_set select * replace ('simple4_v1' as rule_set) from partner.rule_set")
    con.execute("update partner.rule_set set is_default = rule_set = 'simple4_v1'")
    publish(con, other.published, candidate(rule_set="simple4_v1"), keep=9)
    with pytest.raises(WrongAskError, match=r"default rule set is core5_v1 .* simple4_v1 .* never .*\(core5_v1\)"):
        diff(other, ids(other), "partner", None, 20, as_json=False)
    with pytest.raises(WrongAskError, match=r"no rule set 'simple4_v1' in the partner tier.*both have core5_v1"):
        diff(other, ids(other), "partner", "simple4_v1", 20, as_json=False)
    assert diff(other, ids(other), "partner", "core5_v1", 20, as_json=False)
    with pytest.raises(WrongAskError, match="no tier 'restricted'"):
        diff(other, ids(other), "restricted", None, 20, as_json=False)
    with pytest.raises(WrongAskError, match="core releases"):
        diff(other, ("1999", "current"), "partner", None, 20, as_json=False)
