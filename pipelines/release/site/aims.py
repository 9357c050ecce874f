"""How far the network's aims are: table `aim_progress` in words and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.release.site.figures import NO_FIGURE
from pipelines.release.site.source import Row as Record
from pipelines.release.site.source import Source
from pipelines.release.site.tables import HIDDEN, Cell, Column, Row, Table
from pipelines.release.site.words import year_label

REASONS = {
    "left_network": "the school has left the network",
    "not_frozen": "the figures of the class are not settled yet",
    "not_comparable": "a year without comparable marks lies between",
    "no_baseline": "nobody counted in the baseline class",
    "no_current": "nobody counted in the class",
    "hidden": "one of the figures is hidden",
    "too_few": "fewer than {n_highlight} students counted",
    "zero_baseline": "nobody in the baseline to compare with",
    "no_school": "no school can be evaluated",
}


@dataclass(frozen=True, slots=True)
class Aims:
    """What a page says of the aims: a sentence, and the tables behind it."""

    sentence: str
    progress: Table | None
    schools: Table | None = None


def network_aims(source: Source, names: dict[str, str]) -> Aims | None:
    """The network as a whole, and its schools; `names` are the paths of schools with a page."""
    rows = _latest(source)
    whole = next((row for row in rows if row["school_code"] is None), None)
    if whole is None:
        return None
    schools = [row for row in rows if row["school_code"] is not None]
    return Aims(
        f"Class of {year_label(whole['cohort_year'])}, against the class before each school joined. "
        + _of_schools(source, whole, schools),
        _progress(source, whole),
        _schools(source, schools, names),
    )


def school_aims(source: Source, rows: Sequence[Record]) -> Aims | None:
    """One school of the network: the latest class by which the aim is read; rows are the school's."""
    row = next((row for row in rows if row["is_latest"] and row["rule_set"] == source.rule_set["rule_set"]), None)
    if row is None:
        return None
    verdict = {True: "both aims are met", False: "not both aims are met"}.get(
        row["aim_met"],
        f"not evaluated, because {_reason(source, row)}",
    )
    base = row["baseline_cohort_year"]
    against = f", against the class of {year_label(base)}" if base else ""
    return Aims(f"Class of {year_label(row['cohort_year'])}{against}: {verdict}.", _progress(source, row))


def _of_schools(source: Source, whole: Record, schools: Sequence[Record]) -> str:
    """How many schools meet the aims; where none can be evaluated, how many for which reason."""
    asked = f"The network asks {source.rule_set['aim_school_share']:.0%} of its schools to meet both aims."
    if not whole["not_evaluated_reason"]:
        return (
            f"{asked} {whole['n_schools_met'] or 'None'} of the {whole['n_schools_evaluated']} schools that can be "
            f"evaluated do; {whole['n_schools']} schools are in the network."
        )
    if whole["not_evaluated_reason"] == "not_frozen":
        return f"{asked} That cannot be told yet: {_reason(source, whole)}."
    reasons = Counter(_reason(source, row) for row in schools if row["not_evaluated_reason"])
    told = "; ".join(f"{reason} ({n} of {len(schools)})" for reason, n in sorted(reasons.items(), key=_most_first))
    hidden = any(row["not_evaluated_reason"] == "hidden" for row in schools)
    more = (
        " The tables of the partner tier hide less, so named staff see more there."
        if hidden and _is_public(source)
        else ""
    )
    return f"{asked} From the figures shown here this can be told of none of the {len(schools)} schools: {told}.{more}"


def _most_first(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _is_public(source: Source) -> bool:
    return source.tier == "public"


def _reason(source: Source, row: Record) -> str:
    code = row["not_evaluated_reason"]
    return REASONS.get(code, str(code)).format(n_highlight=source.rule_set["n_highlight"])


def _latest(source: Source) -> list[Record]:
    return source.rows(
        "aim_progress", "school_code, btsc_cohort", "is_latest and rule_set = ?", source.rule_set["rule_set"]
    )


def _progress(source: Source, row: Record) -> Table:
    of_network = row["school_code"] is None
    rules = source.rule_set
    return Table(
        caption="The aims, and where we are",
        first="Aim",
        columns=[
            Column("Baseline"),
            Column("Now"),
            Column("Change"),
            Column("Met", is_text=True),
            *([Column("Schools that meet it")] if of_network else []),
        ],
        rows=[
            _rate(row, "movement", f"{rules['aim_up']:.0%} more ninth graders move up a lane (share)", of_network),
            _rate(row, "off_track", f"{rules['aim_down']:.0%} fewer off track at the end of grade 10", of_network),
            _count(
                row,
                "vulnerable",
                "fewer_vulnerable",
                f"Fewer vulnerable ninth graders (the network: {rules['aim_fewer_vulnerable']:,} fewer)",
                "fewer",
                "more",
            ),
            _count(
                row,
                "move_up",
                "more_move_up",
                f"More move up from grade 9 to 10 (the network: {rules['aim_more_move_up']:,} more)",
                "more",
                "fewer",
            ),
        ],
        note="A change is a share of the baseline, not in points."
        + (" Rates of the network are over the schools of which both figures are shown." if of_network else ""),
        anchor="progress",
    )


def _rate(row: Record, name: str, label: str, of_network: bool) -> Row:
    met = {True: "yes", False: "not yet"}.get(row[f"{name}_met"], "–")
    cells = [
        _share(row, f"{name}_base"),
        _share(row, f"{name}_current"),
        _change(row, f"{name}_change"),
        Cell(met),
    ]
    if of_network:
        judged = row[f"n_schools_{name}_evaluated"]
        told = Cell(f"{row[f'n_schools_{name}_met']}", f"of {judged}") if judged else Cell("–", "none can be judged")
        cells.append(told)
    return Row(label, cells)


def _count(row: Record, name: str, field: str, label: str, up: str, down: str) -> Row:
    value = row[field]
    of_network = row["school_code"] is None
    text = NO_FIGURE if value is None else Cell(f"{abs(value):,} {up if value > 0 else down}" if value else "as many")
    if value is None and row["suppression"] == "suppressed":
        text = Cell("*", css=HIDDEN)
    met = {True: "yes", False: "not yet"}.get(row[f"{field}_met"], "–")
    more = [NO_FIGURE] if of_network else []
    return Row(label, [_share(row, f"{name}_base"), _share(row, f"{name}_current"), text, Cell(met), *more])


def _share(row: Record, field: str) -> Cell:
    value = row[field]
    if value is None:
        return Cell("*", css=HIDDEN) if row["suppression"] == "suppressed" else NO_FIGURE
    return Cell(f"{value:.1%}", f"of {row[f'{field}_n']:,}")


def _change(row: Record, field: str) -> Cell:
    value = row[field]
    if value is None:
        return Cell("*", css=HIDDEN) if row["suppression"] == "suppressed" else NO_FIGURE
    return Cell(f"{value:+.1%}")


def _schools(source: Source, rows: Sequence[Record], paths: dict[str, str]) -> Table | None:
    if not rows:
        return None
    return Table(
        caption="The aims by school",
        first="School",
        columns=[
            Column("Movement rate, change"),
            Column("First aim", is_text=True),
            Column("Off track, change"),
            Column("Second aim", is_text=True),
            Column("Both", is_text=True),
        ],
        rows=[
            Row(
                row["entity_name"],
                [
                    _change(row, "movement_change"),
                    Cell({True: "met", False: "not yet"}.get(row["movement_met"], "–")),
                    _change(row, "off_track_change"),
                    Cell({True: "met", False: "not yet"}.get(row["off_track_met"], "–")),
                    Cell(
                        {True: "met", False: "not yet"}.get(row["aim_met"]) or f"not evaluated: {_reason(source, row)}"
                    ),
                ],
                href=paths.get(row["school_code"], ""),
            )
            for row in rows
        ],
        is_folded=True,
        anchor="aims-by-school",
    )
