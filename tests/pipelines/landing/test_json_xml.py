"""JSON lines and Ed-Fi XML: a column is the text at its path, nothing is lost, nothing grows."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from pipelines.landing.readers.base import Unreadable
from pipelines.landing.readers.edfi_xml import records
from tests.pipelines.landing.support import read_bytes


def test_json_paths_nesting_and_lines(tmp_path: Path) -> None:
    lines = [
        '\ufeff{"id": "007", "ref": {"school": {"id": 12}}, "races": [{"code": "uri://x#A"}, {"code": "B"}]}',
        "",
        '{"id": 12345678901234567890, "ref": null, "races": []}',
        "[1, 2]",
        '{"id": "9", "flag": true',
        '  {"id": "é", "ref": {"school": {"id": "x"}}, "a.b": 1}  ',
    ]
    columns = ["id", {"name": "school", "path": "ref.school.id"}, "races", {"name": "absent", "required": False}]
    read = read_bytes(tmp_path, "\r\n".join(lines).encode(), "f.jsonl.gz", format="jsonl", columns=columns)
    assert read.rows == [
        (1, "007", "12", '[{"code":"uri://x#A"},{"code":"B"}]', None),
        (3, "12345678901234567890", None, "[]", None),
        (6, "é", "x", None, None),
    ]
    assert [(line, raw) for line, _, raw in read.rejects] == [(4, "[1, 2]"), (5, '{"id": "9", "flag": true')]
    account = read.file.account
    assert (account.lines, account.records, account.rejected, account.blank) == (6, 3, 2, 1)


def test_json_outcomes(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, b"", format="jsonl").rows == []
    with pytest.raises(Unreadable, match="line 1: no line is a JSON object"):
        read_bytes(tmp_path, b"A,B,C\n1,2,3\n", format="jsonl")
    key = {"format": "jsonl", "key": ["A"], "columns": ["A", "B", {"name": "C", "required": True}]}
    read = read_bytes(tmp_path, b'{"B": 1}\n', **key)
    assert read.file.missing == ["A", "C"], "a key, and what is required in so many words; B may be left out"


def test_a_key_with_dots_can_be_named(tmp_path: Path) -> None:
    columns = [{"name": "A", "path": '$."a.b"'}, {"name": "B", "path": "/c/0"}, "C"]
    read = read_bytes(
        tmp_path, b'{"a.b": "x", "c": ["y", "z"], "C": {"k": [1, {"l": null}]}}\n', format="jsonl", columns=columns
    )
    assert read.rows == [(1, "x", "y", '{"k":[1,{"l":null}]}')]


XML = """<?xml version="1.0" encoding="UTF-8"?>
<InterchangeX xmlns="http://ed-fi.org/0100" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Other><Name>not this</Name></Other>
  <Student id="S1">
    <StudentUniqueStateId> 0042 </StudentUniqueStateId>
    <Name><First>Ana &amp; Bo</First></Name>
    <Code System="Local"><Value>1</Value></Code>
    <Code System="State"><Value>2</Value></Code>
    <Reference><Identity><Id>77</Id></Identity></Reference>
    <Empty/>
  </Student>
  <Student><StudentUniqueStateId>43</StudentUniqueStateId><Student>inner</Student></Student>
</InterchangeX>
"""


def test_xml_paths_attributes_and_repeats(tmp_path: Path) -> None:
    columns = [
        {"name": "key", "path": "@id"},
        {"name": "state_id", "path": "StudentUniqueStateId"},
        {"name": "first", "path": "Name/First"},
        {"name": "codes", "path": "Code"},
        {"name": "systems", "path": "Code/@System"},
        {"name": "ref", "path": "Reference/Identity/Id"},
        {"name": "empty", "path": "Empty"},
    ]
    read = read_bytes(tmp_path, XML.encode(), "f.xml", format="edfi_xml", record="Student", columns=columns)
    codes = [{"@System": "Local", "Value": "1"}, {"@System": "State", "Value": "2"}]
    assert read.rows[0][1:4] == ("S1", "0042", "Ana & Bo")
    assert json.loads(read.rows[0][4]) == codes
    assert read.rows[0][5:] == ('["Local","State"]', "77", None)
    assert read.rows[1] == (2, None, "43", None, None, None, None, None)
    assert read.file.account.records == 2


def test_xml_scope_by_column(tmp_path: Path) -> None:
    xml = "<r><S><A>1</A><B>2024</B></S><S><A>2</A></S></r>"
    read = read_bytes(tmp_path, xml.encode(), format="edfi_xml", record="S", scope={"column": "B"})
    assert read.file.scopes == {"": 1, "2024": 1}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"A,B,C\n1,2,3\n", "line 1: the XML is not well-formed"),
        (b"<r>\n<S><A>1</A></S>\n<S><A>2</S></r>", "line 3: the XML is not well-formed"),
        (b"<r><S><A>1</A></S>", "not well-formed"),
        (b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r><S>&b;</S></r>', "document type"),
        (b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>', "document type"),
        ('<!DOCTYPE r [<!ENTITY a "b">]><r/>'.encode("utf-16"), "document type"),
    ],
)
def test_xml_that_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_bytes(tmp_path, data, "f.xml", format="edfi_xml", record="S")
    assert not [path for path in (tmp_path / "raw").rglob("*") if path.is_file()]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(n: int) -> int:
        path = tmp_path / "f.xml"
        path.write_bytes(b"<r>" + b"<o><S><A>1</A><B>22222222</B></S></o><X>x</X>\n" * n + b"</r>")
        tracemalloc.start()
        with path.open("rb") as stream:
            assert sum(1 for _ in records(stream, "S")) == n
        _, top = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return top

    # One block of text is parsed at a time: the elements of 1 MB may live at once, those of 4 MB must not
    assert peak(80_000) < 1.3 * peak(40_000)
