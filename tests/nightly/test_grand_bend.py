"""Files that nobody here wrote: the Ed-Fi 1.0 district "Grand Bend", dropped into a landing with a contract of its own.

What is expected was counted from the XML itself (formats.md 4.7) or is counted here, with the standard library alone.
"""

from __future__ import annotations

import datetime as dt
import shutil
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter

import duckdb
import pytest

from tests.support.nightly import PROJECT, SHARED, Home

ZIP = SHARED / "data" / "edfi1_grandbend" / "EdFiSampleData.zip"

pytestmark = [
    pytest.mark.pipeline,
    pytest.mark.shared,
    pytest.mark.skipif(
        not ZIP.exists(), reason="the public Grand Bend sample is kept beside the project and is not here"
    ),
]


@pytest.fixture(scope="module")
def grand_bend(tmp_path_factory):
    root = tmp_path_factory.mktemp("grand_bend")
    (root / "landing" / "grand_bend").mkdir(parents=True)
    shutil.copy2(ZIP, root / "landing" / "grand_bend" / "2011-07-15.zip")
    (root / "contracts").mkdir()
    shutil.copy2(PROJECT / "tests" / "contracts" / "grand_bend.yml", root / "contracts")
    home = Home(root / "home", root / "landing", root / "contracts")
    home.run(dt.date(2011, 10, 1))
    con = duckdb.connect(str(home.current / "restricted" / "grand_bend" / "core.duckdb"), read_only=True)
    yield home, lambda sql: con.execute(sql).fetchall()
    con.close()


def grades_by_the_file() -> Counter[str]:
    """EntryGradeLevel of every StudentSchoolAssociation."""
    found: Counter[str] = Counter()
    with zipfile.ZipFile(ZIP) as z, z.open(next(n for n in z.namelist() if n.endswith("StudentEnrollment.xml"))) as xml:
        for _, element in ET.iterparse(xml):
            if element.tag.rpartition("}")[2] == "EntryGradeLevel":
                found[element.text or ""] += 1
    return found


def test_counts_are_those_of_the_files(grand_bend):
    _, ask = grand_bend
    assert ask("select count(*) from student") == [(960,)]
    assert ask("select count(*), count(exit_reason) from enrollment") == [(960, 0)]
    assert ask("select count(*) from course_mark") == [(13440,)]
    assert ask("select sum(days_absent) from attendance_term") == [(1850.0,)]
    assert ask("select count(distinct incident_id) from incident") == [(21,)]
    assert dict(ask("select suspension_type, count(*) from incident where suspension_type is not null group by 1")) == {
        "ISS": 14,
        "OSS": 6,
    }


def test_every_ninth_grader_has_a_lane(grand_bend):
    _, ask = grand_bend
    ninth = grades_by_the_file()["Ninth grade"]
    assert ninth > 50
    rows = ask(
        "select lane, null_reason, count(*) from student_snapshot where rule_set = 'core5_v1' and snapshot_code = 'G9_EOY' group by all"
    )
    assert sum(n for *_, n in rows) == ninth
    assert all(lane is not None and reason is None for lane, reason, _ in rows)
    terms = ask("select count(distinct student_key) from student_term where school_year = 2011")
    assert terms == [(960,)]


def test_what_the_data_cannot_say_is_a_reason_not_a_guess(grand_bend):
    home, ask = grand_bend
    assert dict(
        ask(
            "select no_movement_reason, count(*) from student_movement where rule_set = 'core5_v1' and basis = 'G8_EOY' and end_snapshot_code = 'G9_EOY' group by 1"
        )
    ).keys() == {"no_baseline"}
    assert ask("select count(*) from student_snapshot where snapshot_code = 'G8_EOY'") == [(0,)]
    assert home.manifest["is_synthetic"] is False
    partner = duckdb.connect(str(home.current / "partner" / "core.duckdb"), read_only=True)
    measures = dict(partner.execute("select measure, value from data_quality").fetchall())
    partner.close()
    assert measures["grade8_match_share"] == 0
    assert measures["unmapped_mark_share"] == 0
