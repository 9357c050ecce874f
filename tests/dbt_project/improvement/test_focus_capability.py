"""Focus areas against their line and ratings beside outcomes, on a few figures written by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import spearmanr

from tests.dbt_project.improvement.project import build, rows

DISTRICT = "1111111"
LINKED = (
    "macros/focus_area.sql",
    "macros/capability.sql",
    "models/improvement/focus/focus_measure.sql",
    "seeds/rule_set.csv",
    "seeds/series_measure.csv",
    "seeds/metric_definition.csv",
    "seeds/student_group.csv",
    "seeds/snapshot_definition.csv",
)
MODELS = {
    "partner__metric": "select * from main.metric",
    "stg_core_hub__focus_area": "select * from main.focus_area",
    "stg_core_hub__capability_rating": "select * from main.rating",
    "entity": "select level, entity_code, 'A name' as entity_name from main.metric group by all",
    "progress": '{{ focus_area_progress(ref("partner__metric"), "main.series", false) }}',
    "public_progress": '{{ focus_area_progress(ref("partner__metric"), "main.series", true) }}',
    "capability": '{{ capability(ref("partner__metric")) }}',
    "capability_summary": '{{ capability_summary(ref("capability")) }}',
}


def metric(code: str, year: int, numerator: int | None, n: int | None, **more: Any) -> dict[str, Any]:
    """A figure of the district, hidden where it has no numerator."""
    return {"metric_code": code, "school_year": year, "cohort_year": year, "snapshot_code": "G9_EOY", "basis": None,
        "level": "district", "entity_code": DISTRICT, "group_type": "all", "group_code": "ALL", "rule_set": "core5_v1",
        "numerator": numerator, "denominator": n, "value": None if numerator is None or n is None else numerator / n,
        "is_provisional": False, "suppression": "suppressed" if numerator is None else "none", **more}  # fmt: skip


def area(number: str, measure: str, baseline: float | None, aim: float, **more: Any) -> dict[str, Any]:
    return {"district_code": DISTRICT, "focus_area_id": number, "focus_area_name": number, "measure_code": measure,
        "group_type": "all", "group_code": "ALL", "baseline": baseline, "aim": aim, "start_date": dt.date(2024, 7, 1),
        "aim_date": dt.date(2026, 7, 1), "source_file_id": "f", "source_row": 1, "known_from": dt.date(2024, 8, 1),
        "known_to": None, "is_versioned": False, **more}  # fmt: skip


#: movement rate of ten districts at two cohorts, and the change of their ratings: ties in both
CHANGES = [(0, 10), (1, 12), (0, 8), (2, 15), (1, 12), (-1, 9), (0, 10), (2, 20), (1, 7), (0, 11)]


def given() -> dict[str, list[dict[str, Any]]]:
    figures = [
        # 2024 ended before the work began; half of the way is a year
        metric("any_f_core_rate", 2024, 50, 100),
        metric("any_f_core_rate", 2025, 35, 100),
        metric("any_f_core_rate", 2026, 31, 100, is_provisional=True),
        metric("chicago_g9_rate", 2025, 66, 100),
        metric("chicago_g9_rate", 2026, 70, 100),
        metric("vulnerable_rate", 2025, None, None),
        metric("b_or_better_rate", 2025, 5, 19),
        # the headline basis is read, no other
        metric("movement_rate", 2025, 30, 100, basis="G8_EOY"),
        metric("movement_rate", 2025, 60, 100, basis="G9_T1"),
    ]
    ratings = []
    for i, (rating, outcome) in enumerate(CHANGES):
        code = f"90000{i:02d}"
        for year, value, numerator in ((2024, 2, 10), (2025, 2 + rating, outcome)):
            figures.append(metric("movement_rate", year, numerator, 40, basis="G8_EOY", entity_code=code))
            ratings.append((code, dt.date(year, 5, 15), value))
        # a rating from before the outcome is known is no start
        ratings.append((code, dt.date(2022, 10, 15), 1))
    # a hidden outcome is in no summary
    figures += [
        metric("movement_rate", year, None, None, basis="G8_EOY", entity_code="9999999") for year in (2024, 2025)
    ]
    ratings += [("9999999", dt.date(2024, 5, 15), 1), ("9999999", dt.date(2025, 5, 15), 4)]
    return {
        "metric": figures,
        "series": [
            {"measure_code": "attendance_month", "level": "district", "entity_code": DISTRICT, "group_code": "ALL",
             "period_label": f"2024-{month:02d}", "period_start": dt.date(2024, month, 1), "value": value, "n": 2000,
             "n_students": 100, "is_provisional": month == 10, "suppression": "none"}
            for month, value in ((6, 0.9), (9, 0.91), (10, 0.96))
        ],
        "focus_area": [
            area("fall", "any_f_core_rate", 0.40, 0.32),
            area("rise", "chicago_g9_rate", 0.60, 0.70),
            area("hidden", "vulnerable_rate", 0.40, 0.30),
            area("few", "b_or_better_rate", 0.20, 0.30),
            area("moves", "movement_rate", 0.25, 0.30),
            area("month", "attendance_month", 0.90, 0.95),
            area("nothing", "reading_scores", 0.40, 0.50),
            area("nobody", "chicago_g9_rate", 0.60, 0.70, group_type="program", group_code="SED"),
            area("odd group", "chicago_g9_rate", 0.60, 0.70, group_code="XX"),
            area("no aim", "chicago_g9_rate", None, 0.70),
            area("taken back", "chicago_g9_rate", 0.60, 0.70, known_to=dt.date(2025, 1, 1)),
        ],
        "rating": [
            {"level": "district", "entity_code": code, "domain": "teaming", "rating_date": day, "rating": rating,
             "source_file_id": "f", "source_row": n, "known_from": dt.date(2025, 8, 1), "known_to": None}
            for n, (code, day, rating) in enumerate(ratings)
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("focus"), LINKED, MODELS, given())


PROGRESS = {
    # half of the way from 0.40 to 0.32 at the end of the first of two years, a day short
    ("fall", "2024-25"): ("on_line", None),
    ("fall", "2025-26"): ("met", None),
    ("rise", "2024-25"): ("on_line", None),
    ("rise", "2025-26"): ("met", None),
    ("hidden", "2024-25"): ("not_evaluated", "hidden"),
    ("few", "2024-25"): ("not_evaluated", "fewer_than_20"),
    ("moves", "2024-25"): ("met", None),
    # 0.90 + 0.05 * 91 / 730 = 0.9062 on September 30
    ("month", "2024-09"): ("on_line", None),
    ("month", "2024-10"): ("met", None),
    ("nothing", None): ("not_evaluated", "unknown_measure"),
    ("nobody", None): ("not_evaluated", "no_figure"),
    ("odd group", None): ("not_evaluated", "unknown_group"),
    ("no aim", "2024-25"): ("not_evaluated", "no_aim"),
    ("no aim", "2025-26"): ("not_evaluated", "no_aim"),
}


def test_a_focus_area_is_held_against_its_line(built: Path) -> None:
    found = {(r["focus_area_id"], r["period"]): r for r in rows(built, "select * from made.progress")}
    assert {key: (r["status"], r["not_evaluated_reason"]) for key, r in found.items()} == PROGRESS
    assert found["fall", "2024-25"]["on_line"] == pytest.approx(0.40 - 0.08 * 364 / 730)
    assert found["month", "2024-09"]["on_line"] == pytest.approx(0.90 + 0.05 * 91 / 730)
    assert found["fall", "2025-26"]["is_provisional"]
    assert found["moves", "2024-25"]["value"] == 0.30
    assert found["hidden", "2024-25"]["value"] is None


def test_public_tells_no_baseline_without_a_value(built: Path) -> None:
    found = {(r["focus_area_id"], r["period"]): r for r in rows(built, "select * from made.public_progress")}
    assert found["hidden", "2024-25"]["baseline"] is found["hidden", "2024-25"]["on_line"] is None
    assert found["rise", "2024-25"]["baseline"] == 0.60
    assert found["hidden", "2024-25"]["aim"] == 0.30


def test_ratings_stand_beside_the_outcome_of_the_same_years(built: Path) -> None:
    found = rows(built, "select * from made.capability where entity_code = '9000003' order by date")
    assert [(r["rating"], r["change"], r["change_since_previous"], r["start_school_year"]) for r in found] == [
        (1, 0, None, 2023),
        (2, 0, 1, 2024),
        (4, 2, 2, 2024),
    ]
    assert [r["outcome_change"] for r in found] == [None, 0, pytest.approx(5 / 40)]
    # the one that the summary counts
    assert [r["is_in_summary"] for r in found] == [False, False, True]
    hidden = rows(built, "select * from made.capability where entity_code = '9999999'")
    assert {(r["suppression"], r["outcome"], r["outcome_change"]) for r in hidden} == {("suppressed", None, None)}
    assert not any(r["is_in_summary"] for r in hidden)


def test_the_summary_counts_and_correlates_ranks(built: Path) -> None:
    (found,) = rows(built, "select * from made.capability_summary")
    counts = ("n", "n_rating_up", "n_rating_same", "n_rating_down", "n_outcome_up", "n_both_up")
    assert tuple(found[name] for name in counts) == (10, 5, 4, 1, 5, 4)
    r = spearmanr([rating for rating, _ in CHANGES], [outcome for _, outcome in CHANGES]).statistic
    assert found["rank_correlation"] == pytest.approx(r, abs=1e-12)
    assert found["ci_low"] < r < found["ci_high"]
    assert found["median_outcome_change_rating_up"] == pytest.approx(2 / 40)
    assert found["median_outcome_change_rating_not_up"] == pytest.approx(0)
