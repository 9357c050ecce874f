"""The network's page, the list of districts and schools, and a page a district."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.release.site import place as tables
from pipelines.release.site import runs
from pipelines.release.site.aims import network_aims
from pipelines.release.site.equity import MISSING, gaps
from pipelines.release.site.figures import EMPTY, Place
from pipelines.release.site.freshness import deliveries, quality
from pipelines.release.site.improvement import focus_areas, ratings
from pipelines.release.site.source import NETWORK, District, School, Source
from pipelines.release.site.subjects import heaviest, subjects
from pipelines.release.site.tables import Table
from pipelines.release.site.words import HEADLINES

if TYPE_CHECKING:
    from pipelines.release.site.site import Site


def write_network(
    site: Site, source: Source, schools: list[School], beside: dict[str, Place], by_group: runs.ByGroup
) -> None:
    """The front page, the list of places, and every district's page."""
    places = [
        ("Network", "", source.network, True),
        *((each.name, each.path, source.by_district.get(each.code, EMPTY), False) for each in source.districts),
        *((f"Improvement network {code}", "", place, False) for code, place in source.by_cohort.items()),
    ]
    site.write(
        "index.html",
        "index.html",
        "The network",
        here="Network",
        headlines=tables.headlines(source, source.network, dict(source.changes(NETWORK)).get("CORE", [])),
        trends=_trends(source, [("Network", source.network)]),
        lanes=tables.lanes(source, source.network, "all districts"),
        aims=network_aims(source, {school.code: school.path for school in schools}),
        places=tables.side_by_side(source, places, "Districts beside the network", "Place", "districts"),
        other=tables.other_figures(source, source.network, ""),
        deliveries=deliveries(source),
        n_districts=len(source.districts),
    )
    _write_list(site, source, schools, beside)
    changes = dict(source.changes("district"))
    series = dict(source.series("district"))
    network = dict(source.series(NETWORK)).get("CORE", [])
    gap_rows = dict(source.gaps("district"))
    focus = source.by_entity("focus_area_progress", "district_code", "focus_area_id, period_end nulls first, period")
    rated = source.by_entity("capability", "entity_code", "domain, date", "level = 'district'")
    for district in source.districts:
        place = source.by_district.get(district.code, EMPTY)
        points = series.get(district.code, [])
        marks = subjects(points, network)
        of = [school for school in schools if school.district_code == district.code]
        site.write(
            district.path,
            "district.html",
            district.name,
            crumbs=[("Network", "index.html")],
            district=district,
            headlines=tables.headlines(source, place, changes.get(district.code, [])),
            trends=_trends(source, [(district.name, place), ("Network", source.network)]),
            lanes=tables.lanes(source, place, district.name),
            schools=_schools(source, district, place, of, beside),
            subjects=marks,
            heaviest=heaviest(marks),
            runs=runs.run_charts(points, by_group.get(district.code), "../"),
            groups=tables.groups(source, place, district.name),
            gaps=gaps(source, gap_rows.get(district.code, [])),
            gap_words=MISSING,
            n_highlight=source.rule_set["n_highlight"],
            other=tables.other_figures(source, place, "../"),
            focus=focus_areas(source, focus.get(district.code, [])),
            rated=ratings(rated.get(district.code, [])),
            deliveries=deliveries(source, district),
            quality=quality(source, district),
        )


def _write_list(site: Site, source: Source, schools: list[School], beside: dict[str, Place]) -> None:
    names = {district.code: district.name for district in source.districts}
    listed = [
        (f"{school.name}, {names.get(school.district_code, '')}", school.path, beside.get(school.code, EMPTY), False)
        for school in sorted(schools, key=lambda each: (each.name, each.code))
    ]
    table = tables.side_by_side(source, listed, "Schools and their figures", "School", "schools")
    site.write(
        "places.html",
        "places.html",
        "Districts and schools",
        here="Districts and schools",
        districts=source.districts,
        schools=table,
    )


def _trends(source: Source, compared: tables.Compared) -> dict[str, Table]:
    found = {metric: tables.trend(source, metric, compared) for metric in HEADLINES}
    return {metric: table for metric, table in found.items() if table and table.rows}


def _schools(
    source: Source, district: District, place: Place, schools: list[School], beside: dict[str, Place]
) -> Table:
    return tables.side_by_side(
        source,
        [
            (district.name, "", place, True),
            *((school.name, f"../{school.path}", beside.get(school.code, EMPTY), False) for school in schools),
        ],
        f"Schools of {district.name}",
        "School",
        "schools",
    )
