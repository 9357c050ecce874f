"""The restricted tier against the true facts, independent of the SQL: no other district's student, no row that began
after a student's last day there, nobody forgotten; readable by its owner alone, and complete on its own."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from tests.support.access import DAYS, Stay, stays, too_late
from tests.support.nightly import Home

pytestmark = pytest.mark.pipeline

SNAPSHOTS = ("student_snapshot", "student_snapshot_current")


@pytest.fixture(scope="module")
def known(sample: Home, regenerated: Path, sample_as_of: dt.date) -> dict[str, dict[str, Stay]]:
    return stays(regenerated / "_truth", sample_as_of, sample.secret)


@pytest.fixture(scope="module")
def codes(sample: Home) -> dict[str, str]:
    """District -> its code."""
    return {name: state["district_code"] for name, state in sample.manifest["districts"].items()}


def databases(sample: Home) -> list[tuple[str, duckdb.DuckDBPyConnection]]:
    paths = sorted((sample.current / "restricted").glob("*/core.duckdb"))
    assert len(paths) == 8
    return [(path.parent.name, duckdb.connect(str(path), read_only=True)) for path in paths]


def tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        row[0]
        for row in con.execute("select distinct table_name from duckdb_columns() where column_name = 'student_key'").fetchall()
    ]  # fmt: skip


def test_each_database_holds_exactly_the_students_of_its_district(sample, known, codes):
    movers = 0
    for district, con in databases(sample):
        theirs = {key for key, where in known.items() if codes[district] in where}
        held = {row[0] for row in con.execute("select student_key from student").fetchall()}
        assert (len(held - theirs), len(theirs - held)) == (0, 0), district
        for table in tables(con):
            others = {row[0] for row in con.execute(f"select distinct student_key from {table}").fetchall()} - theirs
            assert not others, f"{district}.{table}: {len(others)} students of other districts"
        movers += sum(len(known[key]) > 1 for key in held)
        con.close()
    assert movers > 100, "there is something to prove"


def test_no_row_began_after_the_last_day_in_the_district(sample, known, codes):
    looked_at, elsewhere = Counter(), 0
    for district, con in databases(sample):
        code, late = codes[district], Counter()
        for table, day in DAYS.items():
            rows = con.execute(f"select student_key, district_code, {day} from {table}").fetchall()
            late[table] += sum(too_late(known[key], code, row_district, began) for key, row_district, began in rows)
            looked_at[table] += len(rows)
            elsewhere += sum(
                too_late(known[key], other, there, day) for key, there, day in rows for other in known[key]
            )
        terms = con.execute(
            "select student_key, district_code, make_date(school_year - 1, 7, 1) from attendance_term "
            "union all select student_key, district_code, coalesce(start_date, make_date(school_year - 1, 7, 1)) "
            "from student_group_year"
        ).fetchall()
        late["years"] += sum(too_late(known[key], code, row_district, began) for key, row_district, began in terms)
        for table in SNAPSHOTS:
            # credited to the district: whatever their date
            rows = con.execute(
                f"select student_key, district_code, as_of from {table} where district_code is distinct from ?", [code]
            ).fetchall()
            late[table] += sum(too_late(known[key], code, other, day) for key, other, day in rows)
        assert not +late, f"{district}: {dict(+late)}"
        con.close()
    assert all(looked_at[table] > 1000 for table in DAYS if table != "incident")
    assert elsewhere > 1000, "rows that stand in one database and must not stand in another"


def test_nothing_is_told_of_another_district_after_the_last_day(sample, known, codes):
    """Rows that began before the student left, and went on elsewhere: their end and their sums are not told."""
    ends = {"course_mark": "coalesce(term_end, term_start)", "enrollment": "exit_date"}
    untold = 0
    for district, con in databases(sample):
        code = codes[district]
        for table, day in ends.items():
            rows = con.execute(
                f"select student_key, district_code, {day} from {table} where district_code <> ? and {day} is not null",
                [code],
            ).fetchall()
            late = sum(too_late(known[key], code, there, end) for key, there, end in rows)
            assert late == 0, f"{district}.{table}: {late} rows"
        open_ended = con.execute(
            "select student_key, district_code, days_expected, exit_reason from enrollment where district_code <> ? "
            "and exit_date is null",
            [code],
        ).fetchall()
        for key, there, days, reason in open_ended:
            if too_late(known[key], code, there, dt.date.max):
                untold += 1
                assert (days, reason) == (None, None)
        con.close()
    assert untold > 10, "there is something to prove"


def test_reasons_and_movement_tell_no_more_than_snapshots_and_credit(sample, known, codes):
    for district, con in databases(sample):
        ((reasons,),) = con.execute(
            "select count(*) from snapshot_reason r where not exists (from student_snapshot s where "
            "(s.student_key, s.snapshot_code, s.cohort_year, s.rule_set) = (r.student_key, r.snapshot_code, r.cohort_year, r.rule_set))"
        ).fetchall()
        assert reasons == 0, district
        rows = con.execute(
            "select m.student_key, m.end_lane, s.as_of from student_movement m left join student_snapshot s on "
            "(s.student_key, s.snapshot_code, s.cohort_year, s.rule_set) = (m.student_key, m.end_snapshot_code, m.cohort_year, m.rule_set) "
            "where m.district_code is distinct from ?",
            [codes[district]],
        ).fetchall()
        unseen = [key for key, lane, as_of in rows if lane is not None and as_of is None]
        assert unseen == [], f"{district}: {len(unseen)} end lanes of snapshots that it does not see"
        con.close()


def test_every_enrollment_of_its_students_up_to_their_last_day_is_there(sample, known, codes):
    """Between the databases nothing is lost: who has left for another district is complete there."""
    rows: dict[str, set] = {}
    complete: dict[str, set] = {}
    for district, con in databases(sample):
        for key, *row in con.execute("select student_key, school_code, entry_date from enrollment").fetchall():
            rows.setdefault(key, set()).add(tuple(row))
            stay = known[key][codes[district]]
            if stay.with_summer == max(each.with_summer for each in known[key].values()):
                complete.setdefault(key, set()).add(tuple(row))
        con.close()
    assert rows.keys() == complete.keys()
    assert [key for key in rows if rows[key] != complete[key]] == []


def test_folders_and_files_are_for_their_owner_alone(sample):
    top = sample.current / "restricted"
    modes = Counter((path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in [top, *top.rglob("*")])
    assert set(modes) == {(True, 0o700), (False, 0o600)}
    for path in (sample.path / "raw", sample.path / "frozen", sample.path / "warehouse"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
    assert stat.S_IMODE((sample.path / "key").stat().st_mode) == 0o600


@pytest.mark.parametrize("tier", ["public", "partner", "restricted/fresno"])
def test_a_tier_copied_alone_opens_and_answers(sample, tmp_path, tier):
    """On another machine: nothing else of the release, no environment of the project, another working folder."""
    shutil.copytree(sample.current / tier, tmp_path / "tier")
    script = (
        "import duckdb, pathlib\n"
        "con = duckdb.connect('tier/core.duckdb', read_only=True)\n"
        "names = [r[0] for r in con.execute('select table_name from duckdb_tables()').fetchall()]\n"
        "assert {p.stem for p in pathlib.Path('tier/parquet').iterdir()} == set(names)\n"
        "for name in names:\n"
        "    a = con.execute(f'select count(*) from {name}').fetchone()\n"
        "    b = con.execute(f\"select count(*) from 'tier/parquet/{name}.parquet'\").fetchone()\n"
        "    assert a == b, name\n"
        "assert con.execute(\"select count(*) from duckdb_columns() where not internal and coalesce(comment, '') = ''\").fetchone() == (0,)\n"
        "print(len(names))\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script], cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10
