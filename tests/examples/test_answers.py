"""The questions of examples/ on the published sample: each answer equals one that was worked out without its SQL."""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile
from collections import Counter

import duckdb
import pytest

from examples.questions import Answer, ask, load
from tests.conftest import SAMPLE
from tests.examples import open_answers, restricted_answers
from tests.examples.released import Released, percent
from tests.support.nightly import CONTRACTS

pytestmark = pytest.mark.pipeline

QUESTIONS = {question.number: question for question in load()}
# one district of each way of sending: Ed-Fi, Aeries, positive attendance
DISTRICTS = ("fresno", "garden_grove", "los_angeles")


@pytest.fixture(scope="module")
def released(sample) -> Released:
    return Released(sample.current)


@pytest.fixture(scope="module")
def answer(sample):
    def of(number: int, district: str | None = None) -> Answer:
        with duckdb.connect(str(QUESTIONS[number].database(sample.current, district)), read_only=True) as con:
            return ask(QUESTIONS[number], con)

    return of


@pytest.mark.parametrize(
    ("number", "expected", "keys"),
    [
        (1, open_answers.moved_up, 1),
        (2, open_answers.vulnerable, 1),
        (3, open_answers.off_track_later, 1),
        (4, open_answers.covered, 3),
        (5, open_answers.attendance, 1),
    ],
)
def test_public_figures_are_those_of_the_students(answer, released, number, expected, keys):
    """What is shown is counted again; a figure that the public tier hides is no row, no value or a star."""
    wanted = {row[:keys]: row for row in expected(released)}
    found = answer(number).rows
    assert [row[:keys] for row in found] == sorted(row[:keys] for row in found)
    assert len(found) >= 3 and {row[:keys] for row in found} <= wanted.keys()
    shown = 0
    for row in found:
        for got, want in zip(row, wanted[row[:keys]], strict=True):
            is_shown = got not in (None, "*")
            assert not is_shown or got == pytest.approx(want), (number, row, wanted[row[:keys]])
            shown += is_shown
    assert shown > keys * len(found)


def test_freshness_is_that_of_the_files_in_the_landing(answer, sample_as_of):
    found = answer(6)
    assert found.columns[:3] == ["district_name", "newest_feed_days", "oldest_feed_days"]
    wanted = open_answers.freshness(SAMPLE, CONTRACTS, sample_as_of)
    assert {row[0]: tuple(row[1:3]) for row in found.rows} == wanted
    assert [row[2] for row in found.rows] == sorted((row[2] for row in found.rows), reverse=True)
    assert all(row[5] == 0 for row in found.rows)


def test_schools_outside_are_judged_as_by_hand(answer, released):
    wanted = open_answers.schools_outside(released)
    found = {row[:2]: row[2:] for row in answer(7).rows}
    hidden = {key for key, row in found.items() if row[3] == "hidden"}
    assert found.keys() == wanted.keys()
    assert {key: row for key, row in found.items() if key not in hidden} == {
        key: row for key, row in wanted.items() if key not in hidden
    }
    assert 0 < len(hidden) < len(found) / 2


def test_equity_gaps_are_those_of_the_groups_students(answer, released):
    wanted = open_answers.gaps(released)
    rows = answer(8).rows
    judged = 0
    for kind, name, n, rate, rate_not, gap, is_clear, risk, parity in rows:
        low, whole, low_rest, rest = wanted[kind, name]
        if rate is None:
            continue
        assert (n, rate) == (whole, pytest.approx(low / whole)), name
        if gap is None:
            continue
        assert whole >= 20 and rest >= 20
        assert (rate_not, gap) == pytest.approx((low_rest / rest, low / whole - low_rest / rest)), name
        assert risk == pytest.approx(low * rest / (whole * low_rest)), name
        assert parity == max(0, -((low_rest * whole - low * rest) // rest)), name
        assert is_clear is not None
        judged += 1
    assert judged > 8
    shown = [row[5] for row in rows if row[5] is not None]
    assert shown == sorted(shown, reverse=True) and [row[5] for row in rows[: len(shown)]] == shown


def test_the_aim_is_that_of_counts_before_and_after(answer, released):
    wanted = open_answers.aims(released)
    *schools, network = answer(9).rows
    evaluated = [row for row in schools if row[7] is not None]
    for name, _, _, _, _, moved, off, met, reason, *_ in evaluated:
        assert (moved, off) == pytest.approx(wanted[name]), name
        assert met == (moved >= 0.2 - 1e-12 and off <= -0.2 + 1e-12) and reason is None
    assert all(row[8] for row in schools if row[7] is None)
    assert network[9:] == (sum(row[7] for row in evaluated), len(evaluated)) and len(evaluated) > 2


def test_signals_are_those_of_the_charts(answer, released):
    found = {row[:2]: row[2:] for row in answer(10).rows}
    assert found == open_answers.signals(released)
    assert len(found) > 3


def test_chronic_absenteeism_follows_from_days(answer, released):
    counted = open_answers.chronic(released)
    found = {row[0]: row[1:] for row in answer(11).rows}
    assert found.keys() - counted.keys() == {"CORE Districts"}
    for name, years in counted.items():
        by_year, first, last, change = found[name]
        assert by_year.split() == [percent(*years[year]) for year in range(first, last + 1)]
        assert change == pytest.approx(years[last][0] / years[last][1] - years[first][0] / years[first][1])


def test_indicators_predict_as_pairs_of_students_say(answer, released):
    wanted = open_answers.predicted(released)
    rows = answer(12).rows
    assert {row[0] for row in rows} == wanted.keys()
    for predictor, n, n_outcome, _, auc, lane_auc, beyond in rows:
        assert (n, n_outcome, auc) == (*wanted[predictor][:2], pytest.approx(wanted[predictor][2]))
        assert beyond == pytest.approx(auc - lane_auc)
    assert rows == sorted(rows, key=lambda row: -row[4])


def test_other_rules_give_what_students_under_them_give(answer, released):
    rows = {row[0]: row for row in answer(13).rows}
    wanted = open_answers.other_rules(released)
    assert wanted.keys() < rows.keys()
    for choice, (default, other) in wanted.items():
        found = tuple(rows[choice][3:6])
        assert found == pytest.approx((float(default), float(other), float(other - default)), abs=1e-12), choice


def test_marks_without_a_meaning_are_counted_again(answer, released):
    wanted = open_answers.data_care(released)
    assert {row[0]: tuple(row[1:3]) for row in answer(14).rows} == {
        name: pytest.approx(shares) for name, shares in wanted.items()
    }


@pytest.mark.parametrize("district", DISTRICTS)
def test_restricted_answers_are_those_of_the_districts_own_rows(answer, released, district):
    found = answer(15, district).rows
    assert {row[0]: row[1:] for row in found} == restricted_answers.subjects(released, district)
    assert [row[3] for row in found] == sorted((row[3] for row in found), reverse=True)
    found = answer(16, district).rows
    assert {row[2]: (row[4], row[3], row[7]) for row in found} == restricted_answers.needs(released, district)
    assert len(found) > 20 and all(row[6] == len(row[7]) > 0 for row in found)
    found = answer(17, district).rows
    assert sorted(found, key=str) == sorted(restricted_answers.corrections(released, district), key=str)
    assert len(found) > 5
    found = answer(18, district).rows
    marks = Counter((row[0], row[2], row[4], row[8], row[9]) for row in found)
    assert marks == restricted_answers.core_f_marks(released, district) and len(marks) > 100
    assert answer(19, district).rows == restricted_answers.matrix(released, district)
    assert answer(20, district).rows == restricted_answers.two_groups(released, district)


def test_the_line_that_a_mark_is_traced_to_holds_it(answer, sample):
    """Opens the delivery of an Aeries district at the line: the student's mark stands there as the answer says."""
    with sqlite3.connect(f"file:{sample.path / 'ledger.sqlite'}?mode=ro", uri=True) as ledger:
        files = {
            file_id: (delivery, path)
            for file_id, delivery, path in ledger.execute(
                "select file_id, delivery, path from file where district = 'garden_grove'"
            )
        }
    with duckdb.connect(str(QUESTIONS[16].database(sample.current, "garden_grove")), read_only=True) as con:
        local_id = dict(con.execute("select student_key, local_student_id from student").fetchall())
    lines: dict[tuple[str, str], list[list[str]]] = {}
    rows = [row for row in answer(18, "garden_grove").rows if row[7] == "3066522"]
    for key, _, _, course, _, _, mark_raw, _, file_id, source_row, _ in rows:
        delivery, path = files[file_id]
        if (delivery, path) not in lines:
            with zipfile.ZipFile(SAMPLE / "garden_grove" / f"{delivery}.zip") as container:
                text = container.read(path).decode("utf-8-sig")
            lines[delivery, path] = [next(csv.reader(io.StringIO(line)), []) for line in text.splitlines()]
        header, line = lines[delivery, path][0], lines[delivery, path][source_row - 1]
        sent = dict(zip(header, line, strict=True))
        assert (sent["ID"], sent["CN"], sent["MK"]) == (local_id[key], course, mark_raw)
    assert len(rows) > 100
