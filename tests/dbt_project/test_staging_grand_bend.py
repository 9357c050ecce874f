"""The Ed-Fi 1.0 sample district, which nobody here wrote: its zip through intake and staging, held to its known counts.

The counts were made from the XML by other means (formats.md 4.7, kept beside the project). The zip holds a zip and many
files that are no feed; what the data cannot support must be absent from staging, not guessed.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.landing.contract import Contract, load_contract
from pipelines.settings import PROJECT
from tests.support.round_trip import build_staging, take_in

SAMPLE = PROJECT.parent / "shared" / "data" / "edfi1_grandbend" / "EdFiSampleData.zip"
DELIVERED = date(2011, 7, 15)

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract(PROJECT / "tests" / "contracts" / "grand_bend.yml")


@pytest.fixture(scope="module")
def warehouse(contract: Contract, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's zip as a delivery, accepted by the checks that every delivery passes, and staged."""
    if not SAMPLE.exists():
        pytest.skip("the public Ed-Fi 1.0 sample (data/edfi1_grandbend) is not kept beside the project")
    folder = tmp_path_factory.mktemp("grand_bend")
    landing = folder / "landing" / contract.district
    landing.mkdir(parents=True)
    shutil.copyfile(SAMPLE, landing / f"{DELIVERED.isoformat()}.zip")
    path = take_in({contract.district: contract}, folder / "landing", folder / "home", DELIVERED)
    build_staging("edfi", path, folder)
    return path


def read(warehouse: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return con.execute(query).fetchall()


@pytest.mark.parametrize(
    ("feed", "n"),
    [
        ("schools", 3),
        ("courses", 84),
        ("sections", 532),
        ("students", 960),
        ("student_school_associations", 960),
        ("student_section_associations", 13440),
        ("attendance_events", 12950),
        ("grades", 40320),
        ("course_transcripts", 13440),
        ("academic_records", 1920),
        ("discipline_incidents", 21),
        ("discipline_actions", 25),
        ("student_programs", 327),
    ],
)
def test_raw_holds_every_record(warehouse: Path, feed: str, n: int) -> None:
    assert read(warehouse, f"select count(*), count(distinct _row) from raw.edfi__{feed}") == [(n, n)]


def test_nothing_was_rejected_and_no_number_of_a_social_security_card_was_kept(warehouse: Path) -> None:
    assert read(warehouse, "select sum(n_rejected) from raw.delivery_feed") == [(0,)]
    columns = read(warehouse, "select column_name from duckdb_columns() where table_name = 'edfi__students'")
    assert not [name for (name,) in columns if "identification" in str(name)]


def test_ids_become_declared_pseudo_codes(warehouse: Path) -> None:
    assert read(
        warehouse, "select school_code, local_school_code, school_type, low_grade, high_grade, school_year "
        "from staging.stg_edfi__school order by all"
    ) == [
        ("99559015901001", "255901001", "high", "09", "12", 2011),
        ("99559015901044", "255901044", "middle", "06", "08", 2011),
        ("99559015901107", "255901107", "elementary", "01", "05", 2011),
    ]  # fmt: skip
    assert read(
        warehouse,
        "select count(*), count(distinct ssid), bool_and(ssid = '9999' || local_student_id), count(birth_date), "
        "count(gender), count(is_hispanic), count(race_codes), count(first_grade9_year) from staging.stg_edfi__student",
    ) == [(960, 960, True, 960, 960, 960, 960, 0)]


def test_enrollments_have_grades_and_no_exits(warehouse: Path) -> None:
    assert read(
        warehouse,
        "select count(*), count(exit_date), count(exit_reason), min(entry_date)::varchar, max(entry_date)::varchar, "
        "min(enrollment_status), max(enrollment_status), count(*) filter (grade_level = '09') "
        "from staging.stg_edfi__enrollment where school_year = 2011",
    ) == [(960, 0, 0, "2010-08-23", "2010-08-23", "10", "10", 81)]


def test_terms_and_calendar_hold_for_the_three_schools(warehouse: Path) -> None:
    assert read(
        warehouse,
        "select term_code, count(*), min(start_date)::varchar, max(end_date)::varchar, bool_and(is_credit_bearing) "
        "from staging.stg_edfi__term group by all order by all",
    ) == [("S1", 3, "2010-08-23", "2010-12-17", True), ("S2", 3, "2011-01-04", "2011-05-27", True)]
    # 177 instructional days among 278 dates, seven class periods each
    assert read(
        warehouse,
        "select school_code, count(*), count(distinct calendar_date), min(n_periods), max(n_periods) "
        "from staging.stg_edfi__calendar_day group by all order by all",
    ) == [(f"9955901{school}", 177, 177, 7, 7) for school in ("5901001", "5901044", "5901107")]


def test_absences_are_those_of_whole_days(warehouse: Path) -> None:
    assert read(
        warehouse, "select category, count(*) from staging.stg_edfi__attendance_event group by all order by all"
    ) == [("excused", 7539), ("unexcused", 5411)]
    # every student absent at all was absent in all seven courses of the day: 1,850 whole days
    assert read(
        warehouse,
        "select n, count(*) from (select count(distinct period) as n from staging.stg_edfi__attendance_event "
        "group by local_student_id, calendar_date) group by all",
    ) == [(7, 1850)]


def test_marks_are_mapped_and_credits_are_californian(warehouse: Path) -> None:
    assert read(
        warehouse, "select mark, count(*) from staging.stg_edfi__course_mark where is_final group by all order by all"
    ) == [("A", 3076), ("B", 2822), ("C", 2839), ("D", 2788), ("F", 1915)]
    # one credit for a semester course there, five here; a failed mark does not imply zero credit
    assert read(
        warehouse,
        "select mark = 'F', credits_attempted::varchar, credits_earned::varchar, count(*) "
        "from staging.stg_edfi__course_mark group by all order by all",
    ) == [
        (False, "5.0000", "5.0000", 11525),
        (True, "5.0000", "0.0000", 43),
        (True, "5.0000", "2.5000", 1872),
    ]
    # the term of a transcript row comes through the academic record; six-weeks grades are no marks here
    assert read(
        warehouse,
        "select term_code, count(*), count(distinct local_student_id), count(course_name), count(state_course_code), "
        "count(posted_date), bool_and(is_final) from staging.stg_edfi__course_mark group by all order by all",
    ) == [("S1", 6720, 960, 6720, 0, 0, True), ("S2", 6720, 960, 6720, 0, 0, True)]


def test_numeric_grades_and_letters_agree_with_the_scale(warehouse: Path) -> None:
    """The declared scale, applied to the numbers, gives the letters that the sample itself sends."""
    assert read(
        warehouse,
        "select count(*) from raw.edfi__course_transcripts as t join raw.mark_scale as s "
        "on t.numeric_grade::decimal(9, 4) between s.low and s.high where s.mark = t.letter_grade",
    ) == [(13440,)]


def test_every_course_has_a_subject(warehouse: Path) -> None:
    assert read(
        warehouse,
        "select count(*), count(m.value) from (select distinct _district_code, course_code from raw.edfi__courses) as c "
        "left join raw.code_map as m on m.map_name = 'course_subject' and m.code = c.course_code",
    ) == [(84, 84)]


def test_removals_follow_from_incidents(warehouse: Path) -> None:
    # 14 in school, 6 out of school; one incident led to an alternative placement alone, no removal of these kinds
    assert read(
        warehouse,
        "select suspension_type, count(*), count(distinct incident_id), count(suspension_days) "
        "from staging.stg_edfi__incident group by all order by 1 nulls last",
    ) == [("ISS", 14, 14, 14), ("OSS", 6, 6, 6), (None, 1, 1, 0)]


def test_programs_that_say_what_a_student_is(warehouse: Path) -> None:
    """98 special education rows; bilingual and ESL programs are no EL status, so no language group is known."""
    assert read(
        warehouse,
        "select program, value, count(*) from staging.stg_edfi__student_program group by all order by all",
    ) == [("MIGRANT", "Y", 275), ("SWD", "Y", 98)]
    assert read(warehouse, "select count(*) from staging.stg_edfi__supplied_gpa") == [(0,)]
