"""What the figures stand on: deliveries in force, how old they are, and what is known to be wrong in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.release.manifest import DistrictState
from pipelines.release.site.figures import NO_FIGURE
from pipelines.release.site.source import District, Source
from pipelines.release.site.tables import Cell, Column, Row, Table
from pipelines.release.site.words import SYSTEMS, year_label

if TYPE_CHECKING:
    from pipelines.release.site.site import Site


def write_data(site: Site, source: Source) -> None:
    """The page of all districts."""
    site.write(
        "data.html",
        "data.html",
        "What the figures stand on",
        here="Data",
        charts=False,
        standing=_standing(source, site.districts),
        deliveries=deliveries(source),
        rules=_rules(source),
        quality=[(district, quality(source, district)) for district in source.districts],
    )


def _standing(source: Source, states: Mapping[str, DistrictState]) -> Table:
    """What each district stands on tonight, and why a delivery is held back."""
    names = {each.file: each.name for each in source.districts}
    return Table(
        caption="What each district stands on",
        first="District",
        columns=[Column("Delivery in force", is_text=True), Column("Age in days"), Column("Held back", is_text=True)],
        rows=[
            Row(
                names.get(file) or SYSTEMS.get(file, file),
                [
                    Cell(state.delivery or "none yet"),
                    _count(state.age_days),
                    Cell("; ".join(f"{held.delivery}: {held.reason}" for held in state.held) or "nothing"),
                ],
            )
            for file, state in sorted(states.items(), key=lambda item: (names.get(item[0], item[0]), item[0]))
        ],
        anchor="standing",
    )


def deliveries(source: Source, district: District | None = None) -> Table:
    """Deliveries in force, a row a district and kind of file."""
    rows = source.rows("delivery_status", "district_code, feed")
    names = {each.code: each.name for each in source.districts}
    of = [row for row in rows if district is None or row["district_code"] == district.code]
    of.sort(key=lambda row: (names.get(row["district_code"], ""), row["feed"]))
    return Table(
        caption="Deliveries in force" + (f", {district.name}" if district else ""),
        first="What was sent",
        columns=[
            Column("Delivery", is_text=True),
            Column("Age in days"),
            Column("Rows"),
            Column("Rejected rows"),
            Column("Held back", is_text=True),
        ],
        rows=[
            Row(
                row["feed"] if district else f"{names.get(row['district_code'], row['district_code'])}: {row['feed']}",
                [
                    Cell(row["delivery"] or "none yet"),
                    _count(row["age_days"]),
                    _count(row["n_rows"]),
                    _count(row["n_rejected"]),
                    Cell(", ".join(row["held_deliveries"] or []) or "nothing"),
                ],
            )
            for row in of
        ],
        anchor="deliveries",
    )


def quality(source: Source, district: District) -> Table:
    """Measures of data quality of one district, a row a measure, a column a school year."""
    rows = source.rows("data_quality", "measure, school_year", "district_code = ?", district.code)
    years = sorted({row["school_year"] for row in rows})
    found = {(row["measure"], row["school_year"]): row for row in rows}
    measures = sorted({row["measure"] for row in rows})
    return Table(
        caption=f"Data quality, {district.name}",
        first="Measure",
        columns=[Column(year_label(year)) for year in years],
        rows=[
            Row(measure.replace("_", " "), [_measure(found.get((measure, year))) for year in years])
            for measure in measures
        ],
        is_folded=True,
        anchor=f"quality-{district.file}",
    )


def _rules(source: Source) -> Table:
    """How districts differ in what they send and count."""
    return Table(
        caption="How each district records and counts",
        first="District",
        columns=[
            Column("Student system", is_text=True),
            Column("Terms", is_text=True),
            Column("Absent for a day when", is_text=True),
            Column("Credits to graduate"),
            Column("NP counts as F", is_text=True),
        ],
        rows=[
            Row(
                each.name,
                [
                    Cell(SYSTEMS.get(str(each.facts["system"]), str(each.facts["system"]))),
                    Cell(str(each.facts["term_system"])),
                    Cell(
                        {
                            "all_periods": "absent all day",
                            "majority": "absent most periods",
                            "fraction": "counted by periods",
                        }.get(each.facts["period_absent_rule"], str(each.facts["period_absent_rule"]))
                    ),
                    Cell("–" if each.facts["grad_credits"] is None else f"{each.facts['grad_credits']:g}"),
                    Cell({True: "yes", False: "no"}.get(each.facts["np_as_f"], "not known")),
                ],
                href=each.path,
            )
            for each in source.districts
        ],
        anchor="rules",
    )


def _measure(row: dict[str, object] | None) -> Cell:
    if row is None or row["value"] is None:
        return NO_FIGURE
    value = float(str(row["value"]))
    text = f"{value:.1%}" if str(row["measure"]).endswith("_share") else f"{value:,.0f}"
    return Cell(text, f"of {row['n']:,}" if row["n"] is not None else "")


def _count(value: int | None) -> Cell:
    return NO_FIGURE if value is None else Cell(f"{value:,}")
