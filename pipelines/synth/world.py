"""The synthetic world: people with a story through time, as rows of schema `facts`. It computes no lane and no metric.

`build_facts` makes everything in DuckDB SQL (pipelines/synth/sql, run in the order of the names): places, people and
their years, stays at schools, conduct, days, marks, identity and programs in schema `synth`; then what each delivery
could know of them in schema `facts`. Chance is hash(seed, purpose, ids): no order and no number of threads changes it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import yaml

from pipelines.synth.plan import FEED_OF, LAST_COMPLETE_YEAR, DeliveryPlan, Habits, hub_plan, plan, school_years_of
from pipelines.synth.schema import create_facts

if TYPE_CHECKING:
    from pipelines.landing.contract import Contract

HERE = Path(__file__).parent
N_GRADES = 13
# Share of a cohort's slots that are enrolled in a given year: some come later, some have left.
ENROLLED_SHARE = 0.745


def shape_of(contract: Contract) -> dict[str, Any]:
    """What the district is like (world.yml): the default, then what its system lacks, then the district's own."""
    config = yaml.safe_load((HERE / "world.yml").read_text(encoding="utf-8"))
    own = config["districts"].get(contract.district_code, {})
    return {**config["default"], **config["systems"].get(contract.system, {}), **own}


def plans_of(contracts: Mapping[str, Contract], years: int) -> dict[str, list[DeliveryPlan]]:
    """The deliveries of every district of the contracts (kind district), by district."""
    plans = {}
    for name, contract in sorted(contracts.items()):
        if contract.kind == "district":
            shape = shape_of(contract)
            habits = Habits(packed=shape["packed"], nightly=shape["nightly"], resends=shape["resends"])
            plans[name] = plan(name, contract.district_code, habits, years)
    return plans


def build_facts(
    con: duckdb.DuckDBPyConnection,
    contracts: Mapping[str, Contract],
    plans: Mapping[str, Sequence[DeliveryPlan]],
    *,
    students: int | None = None,
    per_district: int | None = None,
    grades: tuple[str, str] = ("08", "10"),
    seed: int = 1,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Fill schema `facts` of `con` with a world of the given size (and leave its making in schema `synth`).

    `students` counts all grades KN-12 of all districts, in their real proportions; `per_district` is the number of
    students at a time in `grades`, the same for each district. `grades` (KN, 01..12) are the ones that are written.
    """
    create_facts(con)
    districts = [contracts[name] for name in sorted(plans, key=lambda name: contracts[name].district_code)]
    low, high = (0 if grade == "KN" else int(grade) for grade in grades)
    _create_settings(con, districts, plans, seed, (low, high))
    _insert_districts(con, districts, _sizes(districts, students, per_district, high - low + 1))
    for path in sorted((HERE / "sql").glob("*.sql")):
        progress(f"world: {path.stem}")
        con.execute(path.read_text(encoding="utf-8"))


def _sizes(
    districts: Sequence[Contract], students: int | None, per_district: int | None, n_grades: int
) -> dict[str, int]:
    """Students KN-12 of each district."""
    if per_district is not None:
        return {c.district: per_district * N_GRADES // n_grades for c in districts}
    weights = {c.district: int(shape_of(c)["students"]) for c in districts}
    total = sum(weights.values())
    return {name: round((students or 20_000) * weight / total) for name, weight in weights.items()}


def _create_settings(
    con: duckdb.DuckDBPyConnection,
    districts: Sequence[Contract],
    plans: Mapping[str, Sequence[DeliveryPlan]],
    seed: int,
    grades: tuple[int, int],
) -> None:
    """Schema synth: the macros of chance, the years, the deliveries, and from which of them a date's news is known."""
    every = [p for plans_of_one in plans.values() for p in plans_of_one]
    years = school_years_of(every)
    first_cover_year = min(max(p[0].school_years) for p in plans.values())
    con.execute("drop schema if exists synth cascade; create schema synth; set search_path = 'main'")
    # Hashed twice: the first hash of several values alone leaves its results related to each other.
    con.execute(
        "create or replace macro u(what, a, b) as"
        f" (hash(hash({int(seed)}, what, a, b)) >> 11)::double / 9007199254740992.0"
    )
    # Sum of four uniforms, scaled to variance 1: close enough to normal.
    con.execute(
        "create or replace macro z(what, a, b) as"
        " (u(what || '1', a, b) + u(what || '2', a, b) + u(what || '3', a, b) + u(what || '4', a, b) - 2) * 1.7320508"
    )
    con.execute(
        "create or replace macro pick(values_, what, a) as values_[1 + floor(u(what, a, 0) * len(values_))::integer]"
    )
    con.execute(
        "create table synth.setting as select ? as first_year, ? as last_year, ? as min_grade, ? as max_grade,"
        " ? as first_cover_year, ? as last_complete_year",
        [years[0], years[-1], *grades, first_cover_year, LAST_COMPLETE_YEAR],
    )
    con.execute("create table synth.school_year as select unnest(?::integer[]) as school_year", [years])
    con.execute(f"create table synth.course as from read_csv('{HERE / 'courses.csv'}', all_varchar = true)")
    con.execute(
        "alter table synth.course alter grade type integer; alter table synth.course alter slot type integer;"
        "alter table synth.course alter low type double; alter table synth.course alter high type double;"
        "alter table synth.course alter course_no type integer; alter table synth.course alter is_ag type boolean;"
        "alter table synth.course alter credits type integer"
    )
    con.execute(
        "create table synth.delivery (k integer, feed varchar, school_year integer, delivery_date date, through date)"
    )
    con.executemany("insert into synth.delivery values (?, ?, ?, ?, ?)", list(_delivery_rows(districts, plans)))
    n_complete = len([year for year in years if year <= LAST_COMPLETE_YEAR])
    con.execute(
        "create table synth.hub_delivery as select unnest(?::date[]) as known_from",
        [[delivery.date for delivery in hub_plan("hub", "", n_complete)]],
    )
    _create_known(con)


def _delivery_rows(
    districts: Sequence[Contract], plans: Mapping[str, Sequence[DeliveryPlan]]
) -> Iterable[tuple[int, str, int, dt.date, dt.date]]:
    """(k, feed, school year or 0, date, through) of each delivery that can bring something new in a feed."""
    for k, contract in enumerate(districts):
        for delivery in plans[contract.district]:
            for feed in sorted(set(FEED_OF.values())):
                if delivery.advances(feed):
                    years = (0,) if feed in ("students", "programs") else delivery.school_years
                    for year in years:
                        yield k, feed, year, delivery.date, delivery.attendance_through


def _create_known(con: duckdb.DuckDBPyConnection) -> None:
    """synth.known: what came to be on `ready_on` is known from delivery `known_from` on; horizon: the last day."""
    con.execute("""
        create table synth.known as
        with
            span as (
                select
                    k,
                    feed,
                    school_year,
                    -- Programs may have begun in kindergarten.
                    if(school_year = 0, min(delivery_date) - 4500, make_date(school_year - 1, 7, 1)) as low,
                    max(through) as high
                from synth.delivery
                group by k, feed, school_year
            ),
            days as (
                select k, feed, school_year, unnest(range(low, high + 1, interval 1 day))::date as ready_on from span
            )
        select d.k, d.feed, d.school_year, d.ready_on, v.delivery_date as known_from
        from days as d
        asof join synth.delivery as v
            on v.k = d.k and v.feed = d.feed and v.school_year = d.school_year and v.through >= d.ready_on;
        create table synth.horizon as
        select k, school_year, max(through) as through from synth.delivery where feed = 'attendance' group by all
    """)


def _insert_districts(con: duckdb.DuckDBPyConnection, districts: Sequence[Contract], sizes: Mapping[str, int]) -> None:
    """synth.district: one row per district, k = its number in the order of codes."""
    con.execute("""
        create table synth.district (
            k integer, district varchar, district_code varchar, attendance_form varchar, slots integer,
            low_share double, high_share double, n_elementary integer, n_middle integer, n_high integer,
            middle_terms varchar, progress_terms varchar[], quarters boolean, block boolean, marks varchar,
            middle_credits_from integer, scale_change date, pass_fail varchar[], more_pass_fail boolean,
            reuse_numbers_from integer, posts_dates boolean, tells_repeats boolean, tells_first_grade9 boolean,
            supplies_gpa boolean, day_numbers boolean
        )
    """)
    total = sum(sizes.values())
    low = 0
    for k, contract in enumerate(districts):
        shape, size = shape_of(contract), sizes[contract.district]
        if contract.parameters is None:
            raise ValueError(f"contract of {contract.district}: kind district without parameters")
        row = [
            k,
            contract.district,
            contract.district_code,
            contract.parameters.attendance_form,
            math.ceil(size / N_GRADES / ENROLLED_SHARE),
            low / total,
            (low + size) / total,
            max(1, round(size * 6 / N_GRADES / 415)),
            max(1, round(size * 3 / N_GRADES / 700)),
            max(2, round(size * 4 / N_GRADES / 850)),
            shape["middle_terms"],
            shape["progress_terms"],
            shape["quarters"],
            *(shape[key] for key in ("block", "marks", "middle_credits_from", "scale_change", "pass_fail")),
            *(shape[key] for key in ("more_pass_fail", "reuse_numbers_from", "posts_dates", "tells_repeats")),
            *(shape[key] for key in ("tells_first_grade9", "supplies_gpa", "day_numbers")),
        ]
        con.execute(f"insert into synth.district values ({', '.join('?' * len(row))})", row)
        low += size
