"""Contracts: every error says file, line, what was expected and what was found."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.landing.contract import ContractError, load_contract, load_contracts
from pipelines.landing.contract_check import QUIRK_MEASURES
from pipelines.landing.intake_report import quirk_measure
from pipelines.landing.readers.base import FileRead
from pipelines.settings import PROJECT

GOOD = """\
contract: 1
kind: district
district: north
district_code: "1234567"
district_name: North
system: plain
parameters: {term_system: semester, grad_credits: 220, period_absent_rule: all_periods, attendance_form: absences, np_as_f: true, credit_multiplier: 2.5}
defaults: {encoding: cp1252, delimiter: "\\t", quote: null}
files:
  - feed: enr
    pattern: "ENR.csv"
    provides: enrollment
    scope: {column: YR}
    key: [ID, YR]
    columns: [ID, {name: YR, header: "School Year"}, {name: ER, codes: exit_reason}]
  - feed: ev
    pattern: "ev.jsonl"
    provides: attendance
    format: jsonl
    delimiter: ","
    mode: upsert
    key: [id]
    columns: [id]
codes:
  exit_reason:
    - {code: "1", value: E155, valid_to: 2023-06-30}
    - {code: "1", value: E230, valid_from: 2023-07-01}
  school_code: {"101": "12345670000101"}
mark_scales:
  - {scale: s, marks: {"A+": A+}, ranges: [{low: 89.5, high: 100, mark: A}, {low: 0, high: 89.4, mark: F}]}
"""


def write(folder: Path, text: str, name: str = "north.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ContractError) as error:
        load_contract(write(folder, text))
    return str(error.value).splitlines()


def test_a_good_one(tmp_path: Path) -> None:
    contract = load_contract(write(tmp_path, GOOD))
    enr, ev = contract.files
    assert (enr.encoding, enr.delimiter, enr.quote, enr.header) == ("cp1252", "\t", None, True)
    assert (ev.format, ev.delimiter, ev.encoding) == ("jsonl", ",", "cp1252")
    assert [column.sent_as for column in enr.columns] == ["ID", "School Year", "ER"]
    assert contract.parameters is not None and contract.parameters.credit_multiplier == Decimal("2.5")
    assert contract.mark_scales[0].ranges[0].low == Decimal("89.5")
    assert [(row.code, row.value) for row in contract.codes["school_code"]] == [("101", "12345670000101")]


def test_the_contracts_of_the_project_load() -> None:
    contracts = load_contracts(PROJECT / "data" / "contracts")
    assert all(contract.district == name for name, contract in contracts.items())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"1234567"', "1234567", "line 4: district_code: expected text (put it in quotes), found 1234567"),
        ('"1234567"', '"123456"', r"line 4: district_code: expected text like ^\d{7}$, found '123456'"),
        ("kind: district", "kind: town", "line 2: kind: expected 'district', 'hub' or 'reference', found 'town'"),
        ("provides: enrollment", "provides: enrolment", "line 12: files[0].provides: expected"),
        ("scope: {column: YR}", "scope: {column: SY}", "line 13: files[0].scope: expected a column of the feed, found 'SY'"),
        ("scope: {column: YR}", "scope: {path: '('}", "line 13: files[0].scope.path: expected a regular expression ("),
        ("scope: {column: YR}", "scope: {path: 'x'}", "expected a regular expression with one group, found 0 groups"),
        ("scope: {column: YR}", "scope: {}", "line 13: files[0].scope: expected either `column` or `path`, found neither"),
        ("key: [ID, YR]", "key: [ID, Y]", "line 14: files[0].key[1]: expected a column of the feed, found 'Y'"),
        ("key: [ID, YR]", "kee: [ID]", "line 14: files[0].kee: expected one of the keys feed, pattern"),
        ("[ID, {name", "[ID, id, {name", "line 15: files[0].columns[1].name: expected each name once"),
        ("codes: exit_reason}", "codes: exits}", "line 15: files[0].columns[2].codes: expected a map of `codes`, found 'exits'"),
        ("    key: [id]\n", "", "files[1].key: expected the key of a row (mode: upsert needs it), found none"),
        ("feed: ev", "feed: enr", "line 16: files[1].feed: expected each name once"),
        ("valid_from: 2023-07-01", "valid_from: 2023-06-30", "line 27: codes.exit_reason[1]: expected one row for '1' on any day"),
        ("valid_to: 2023-06-30", 'valid_to: "2023-06-30"', "line 26: codes.exit_reason[0].valid_to: expected a date YYYY-MM-DD"),
        ('{"101":', "{101:", "line 28: codes.school_code.101: expected a key that is text (put it in quotes), found 101"),
        ("A+: A+", "A+: E", "expected A B C D F with or without sign, P, NP, I or W, found 'E'"),
        ("high: 89.4", "high: 89.5", "line 30: mark_scales[0].ranges[0]: expected ranges that do not overlap"),
        ("low: 0", "low: 90", "expected high not below low, found 90 to 89.4"),
        ("parameters: {term_system: semester, ", "parameters: {", "line 7: parameters.term_system: expected this key, found none"),
        ("district: north", "district: south", "line 3: district: expected the name of the file ('north'), found 'south'"),
        ("system: plain", "system: plain\nsystem: other", "line 7: system: expected each key once, found a second one"),
        ("kind: district", "kind: [district", "expected readable YAML"),
    ],
)  # fmt: skip
def test_errors_say_where_and_what(tmp_path: Path, old: str, new: str, expected: str) -> None:
    text = GOOD.replace('{"A+": A+}', "{A+: A+}")
    assert old in text
    found = problems(tmp_path, text.replace(old, new, 1))
    assert any(line.startswith("north.yml, line ") and expected in line for line in found), found


def test_a_quirk_expects_what_is_measured(tmp_path: Path) -> None:
    quirk = "quirks: [{id: q, what: w, reason: r, expect: {feed: enr, measure: has_bomb, equals: true}}]\n"
    assert "quirks[0].expect.measure: expected one of has_bom, line_end" in problems(tmp_path, GOOD + quirk)[0]
    read = FileRead(file_id="f", sha256="s", size=0)
    assert [type(quirk_measure(read, name)) for name in QUIRK_MEASURES]


def test_deletes_need_a_feed_with_the_same_key(tmp_path: Path) -> None:
    more = """  - feed: gone
    pattern: "gone.jsonl"
    provides: attendance
    format: jsonl
    mode: upsert
    deletes: true
    of_feed: {of}
    key: [id, x]
    columns: [id, x]
codes:"""
    text = GOOD.replace("codes:\n  exit", more.replace("{of}", "ev") + "\n  exit", 1)
    assert "files[2].key: expected as many columns as the key of ev (1), found 2" in problems(tmp_path, text)[0]
    text = GOOD.replace("codes:\n  exit", more.replace("{of}", "enr") + "\n  exit", 1)
    assert "files[2].of_feed: expected a feed of `mode: upsert`" in problems(tmp_path, text)[0]


def test_all_files_are_reported_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("kind: district", "kind: town"))
    write(
        tmp_path,
        GOOD.replace("district: north", "district: south").replace("system: plain", "sistem: plain"),
        "south.yml",
    )
    with pytest.raises(ContractError) as error:
        load_contracts(tmp_path)
    assert {problem.file for problem in error.value.problems} == {"north.yml", "south.yml"}
    assert len(error.value.problems) == 3


def test_two_districts_with_one_code(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD.replace("district: north", "district: south"), "south.yml")
    with pytest.raises(ContractError, match=r"south\.yml, line 1: district_code: expected a code of its own"):
        load_contracts(tmp_path)
