"""A page a metric: what it means, how it is worked out, where it comes from, and (partner tier) how far to trust it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.release.site import place as tables
from pipelines.release.site.figures import EMPTY, NO_FIGURE
from pipelines.release.site.source import NETWORK, Source
from pipelines.release.site.source import Row as Record
from pipelines.release.site.tables import HIDDEN, Cell, Column, Row, Table
from pipelines.release.site.words import DIRECTIONS, measured_words, year_label

if TYPE_CHECKING:
    from pipelines.release.site.site import Site

WHOLE = "all"
OF_LANES = ("vulnerable_rate", "movement_rate")
OUTCOMES = {
    "on_track_g10": "on track at the end of grade 10",
    "credits_due_by_g10": "all credits due by then earned",
    "enrolled_g10": "still enrolled",
}


def write_metrics(site: Site, source: Source) -> None:
    """The list of figures, and a page each."""
    listed = sorted(source.definitions.values(), key=lambda row: (str(row["name"]), row["metric_code"]))
    site.write("metrics.html", "metrics.html", "Figures", here="Figures", charts=False, definitions=listed)
    others = source.by_entity_query(_other_points(source))
    quality = source.by_entity("metric_quality", "metric_code", "metric_code, choice, cohort_year", _NETWORK_QUALITY)
    for definition in listed:
        code = str(definition["metric_code"])
        places = [
            ("Network", "../index.html", source.network, True),
            *(
                (each.name, f"../{each.path}", source.by_district.get(each.code, EMPTY), False)
                for each in source.districts
            ),
        ]
        site.write(
            f"metric/{code}.html",
            "metric.html",
            str(definition["name"]),
            crumbs=[("Figures", "metrics.html")],
            definition=definition,
            direction=DIRECTIONS.get(str(definition["direction"]), "neither higher nor lower is better as such"),
            measured=source.variants.get(code),
            trend=tables.trend(source, code, [("Network", source.network)]),
            places=tables.ranking(source, code, places, "Districts"),
            points=_points(source, others.get(code, [])),
            validity=_validity(source, code),
            quality=_quality(quality.get(code, [])),
        )


_NETWORK_QUALITY = "level = 'collaborative'"


def _other_points(source: Source) -> str:
    """Every published point of the network for all students, latest cohort, under each rule set of the tier."""
    return f"""
        select metric_code as key, snapshot_code, basis, rule_set, cohort_year, numerator, denominator, display,
            suppression
        from {source.tier}.metric
        where level = '{NETWORK}' and group_code = 'ALL'
        qualify cohort_year = max(cohort_year) over (partition by metric_code, snapshot_code, basis, rule_set)
        order by metric_code, rule_set, snapshot_code, basis
    """


def _points(source: Source, rows: list[Record]) -> Table | None:
    if len(rows) < 2:
        return None
    return Table(
        caption="The network at other points in time" + (" and under other rule sets" if _many(rows) else ""),
        first="Measured",
        columns=[Column("Rule set", is_text=True), Column("Class of"), Column("Figure")],
        rows=[
            Row(
                measured_words(row["snapshot_code"], row["basis"]).capitalize(),
                [
                    Cell(row["rule_set"] + (" (default)" if row["rule_set"] == source.rule_set["rule_set"] else "")),
                    Cell(year_label(row["cohort_year"])),
                    Cell(row["display"], css=HIDDEN)
                    if row["suppression"] == "suppressed"
                    else Cell(row["display"] or "–", f"of {row['denominator']:,}" if row["denominator"] else ""),
                ],
            )
            for row in rows
        ],
        note="Figures of different rule sets or points in time answer different questions and are not to be compared."
        if _many(rows)
        else "Figures of different points in time answer different questions.",
        anchor="points",
    )


def _many(rows: list[Record]) -> bool:
    return len({row["rule_set"] for row in rows}) > 1


def _validity(source: Source, metric: str) -> Table | None:
    """How well the indicator behind a rate predicts grade 10: all students, default rule set."""
    predictor = "lane" if metric in OF_LANES else metric.removesuffix("_rate")
    rows = source.rows(
        "lane_validity",
        "snapshot_code, outcome, predictor_value",
        "predictor = ? and group_code = 'ALL' and rule_set = ?",
        predictor,
        source.rule_set["rule_set"],
    )
    if not rows:
        return None
    found = {(row["snapshot_code"], row["outcome"], row["predictor_value"]): row for row in rows}
    values = sorted({row["predictor_value"] for row in rows} - {WHOLE})
    asked = sorted({(row["snapshot_code"], row["outcome"]) for row in rows})
    return Table(
        caption="What followed in grade 10, by " + ("lane" if predictor == "lane" else "whether the indicator held"),
        first="Measured, and what followed",
        columns=[
            *(
                Column(f"Lane {value}" if predictor == "lane" else {"true": "held"}.get(value, "did not hold"))
                for value in values
            ),
            Column("All students"),
            Column("AUC"),
            Column("AUC of the lane"),
            Column("Off by, on average"),
        ],
        rows=[
            Row(
                f"{measured_words(snapshot, None).capitalize()}: {OUTCOMES.get(outcome, outcome)}",
                [
                    *(_of(found.get((snapshot, outcome, value))) for value in (*values, WHOLE)),
                    *(
                        tables.of_metric(found[snapshot, outcome, WHOLE], field, kind)
                        for field, kind in (("auc", "ratio"), ("lane_auc", "ratio"), ("calibration", "mean_points"))
                    ),
                ],
            )
            for snapshot, outcome in asked
            if (snapshot, outcome, WHOLE) in found
        ],
        note="AUC: how often a student with the outcome stands higher than one without it; 0.5 is chance, 1 perfect. "
        "The last column: how far the same shares among earlier classes were from what happened. "
        "Classes whose grade 10 is settled.",
        anchor="validity",
    )


def _of(row: Record | None) -> Cell:
    if row is None:
        return NO_FIGURE
    cell = tables.of_metric(row, "rate")
    return Cell(cell.text, f"of {row['n']:,}" if row["n"] is not None else "", css=cell.css)


def _quality(rows: list[Record]) -> Table | None:
    if not rows:
        return None
    return Table(
        caption="How far the network's figure moves under other choices",
        first="Choice",
        columns=[
            Column("Class of"),
            Column("As published"),
            Column("Under the choice"),
            Column("Difference"),
            Column("Schools that change side"),
        ],
        rows=[
            Row(
                f"{str(row['choice']).replace('_', ' ')}: {row['setting']} instead of {row['default_setting']}",
                [
                    Cell(year_label(row["cohort_year"])),
                    _share(row, "value_default"),
                    _share(row, "value"),
                    tables.of_metric(row, "difference", "points"),
                    NO_FIGURE
                    if row["n_schools_judged"] is None
                    else Cell(f"{row['n_schools_changed_side']:,}", f"of {row['n_schools_judged']:,}"),
                ],
            )
            for row in rows
        ],
        is_folded=True,
        anchor="quality",
    )


def _share(row: Record, field: str) -> Cell:
    cell = tables.of_metric(row, field)
    return Cell(cell.text, css=cell.css)
