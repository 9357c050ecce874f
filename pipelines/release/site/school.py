"""A page a school, in the order of the questions that its people ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.release.site import place as tables
from pipelines.release.site import runs
from pipelines.release.site.aims import school_aims
from pipelines.release.site.equity import MISSING, gaps
from pipelines.release.site.figures import EMPTY, Place
from pipelines.release.site.improvement import ratings
from pipelines.release.site.source import NETWORK, District, School, Source
from pipelines.release.site.source import Row as Record
from pipelines.release.site.streams import InOrder
from pipelines.release.site.subjects import heaviest, subjects
from pipelines.release.site.tables import Table
from pipelines.release.site.words import HEADLINES

if TYPE_CHECKING:
    from pipelines.release.site.site import Site

SIMILAR = (
    "Similar schools have between two thirds and one and a half times as many ninth graders; of these, the five whose "
    "shares of student groups (English learners and reclassified students, socioeconomically disadvantaged students, "
    "students with disabilities, and the largest racial and ethnic groups) differ least stand here, as far as "
    "the shares are shown in this tier. Table similar_school holds the rule's result."
)
NONE_SIMILAR = (
    "No school is set beside this one: by what this tier shows, none is similar in size and in its groups of students."
)


def write_schools(site: Site, source: Source, schools: list[School]) -> dict[str, Place]:
    """Write every school's page; returns the headline figures of all schools, which other pages show too."""
    beside = source.headline_places("school")
    districts = {district.code: district for district in source.districts}
    named = {school.code: school for school in schools}
    similar = source.by_entity("similar_school", "school_code", "school_code, position")
    figures = InOrder(source.places("school"), EMPTY)
    nothing: list[Record] = []
    changes = InOrder(source.changes("school"), nothing)
    series = InOrder(source.series("school"), nothing)
    gap_rows = InOrder(source.gaps("school"), nothing)
    aims = source.by_entity("aim_progress", "school_code", "school_code, cohort_year", "school_code is not null")
    network = dict(source.series(NETWORK)).get("CORE", nothing)
    rated = source.by_entity("capability", "entity_code", "domain, date", "level = 'school'")
    for school in schools:
        place = figures.take(school.code)
        district = districts[school.district_code]
        points = series.take(school.code)
        marks = subjects(points, network)
        site.write(
            school.path,
            "school.html",
            school.name,
            crumbs=[("Network", "index.html"), (district.name, district.path)],
            school=school,
            district=district,
            headlines=tables.headlines(source, place, changes.take(school.code)),
            trends=_trends(source, school, place, district),
            lanes=tables.lanes(source, place, school.name),
            subjects=marks,
            heaviest=heaviest(marks),
            tries=runs.tries(points),
            runs=runs.run_charts(points),
            groups=tables.groups(source, place, school.name),
            gaps=gaps(source, gap_rows.take(school.code)),
            gap_words=MISSING,
            n_highlight=source.rule_set["n_highlight"],
            similar=_similar(source, school, place, district, similar[school.code], named, beside),
            aims=school_aims(source, aims.get(school.code, [])),
            similar_words=SIMILAR if similar[school.code] else NONE_SIMILAR,
            rated=ratings(rated.get(school.code, [])),
            other=tables.other_figures(source, place, "../"),
        )
    return beside


def _trends(source: Source, school: School, place: Place, district: District) -> dict[str, Table]:
    compared = [
        (school.name, place),
        (district.name, source.by_district.get(district.code, EMPTY)),
        ("Network", source.network),
    ]
    found = {metric: tables.trend(source, metric, compared) for metric in HEADLINES}
    return {metric: table for metric, table in found.items() if table and table.rows}


def _similar(
    source: Source,
    school: School,
    place: Place,
    district: District,
    rows: list[Record],
    named: dict[str, School],
    beside: dict[str, Place],
) -> Table:
    others = [named[row["similar_school_code"]] for row in rows if row["similar_school_code"] in named]
    return tables.side_by_side(
        source,
        [
            (school.name, "", place, True),
            *((other.name, f"../{other.path}", beside.get(other.code, EMPTY), False) for other in others),
            (district.name, f"../{district.path}", source.by_district.get(district.code, EMPTY), False),
            ("Network", "../index.html", source.network, False),
        ],
        f"{school.name} beside similar schools, its district and the network",
        "Place",
        "similar",
    )
