"""One warehouse for all cases, since a dbt run costs more than any of them."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.dbt_project.harmonized import cases
from tests.dbt_project.harmonized.made_up import NORTH, SENT, SOUTH
from tests.dbt_project.harmonized.warehouse import Warehouse
from tests.golden import students as golden

FEEDS = ("enrollment", "marks", "attendance", "discipline", "programs")


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The golden students and the cases, computed as of October 1, 2025."""
    built = Warehouse(tmp_path_factory.mktemp("harmonized"), golden.AS_OF)
    for district in golden.DISTRICTS:
        form = {golden.LOS_ANGELES: "positive", golden.LONG_BEACH: "periods"}.get(district, "absences")
        built.district(district, attendance_form=form)
        built.brings(district, golden.YEAR_DELIVERY, *FEEDS)
    built.load(golden.build().rows)
    built.district(NORTH)
    built.district(SOUTH, period_absent_rule="fraction", attendance_form="periods")
    built.brings(NORTH, SENT, *FEEDS)
    built.brings(SOUTH, SENT, *(f for f in FEEDS if f != "discipline"))
    built.load(cases.build().rows)
    merge = {"ssid_from": "8555555555", "ssid_to": "8444444444", "known_from": dt.date(2025, 1, 1), "known_to": None}
    built.insert("staging.stg_core_hub__ssid_merge", [merge])
    built.build()
    return built
