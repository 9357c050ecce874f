"""Run charts by student group: a page a measure of the network and of each district, where the tier has groups."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING

from pipelines.release.site.runs import chart, measures
from pipelines.release.site.source import NETWORK, Source
from pipelines.release.site.source import Row as Record
from pipelines.release.site.tables import Table

if TYPE_CHECKING:
    from pipelines.release.site.site import Site

TITLE = "Changes over time by student group"


def write_group_runs(site: Site, source: Source) -> dict[str, dict[str, str]]:
    """Write the pages; returns entity -> measure -> path, empty where the tier shows no series of groups."""
    places = {"CORE": ("network", "The network", "runs.html")}
    places |= {each.code: (each.file, each.name, each.path) for each in source.districts}
    written: dict[str, dict[str, str]] = defaultdict(dict)
    for level in (NETWORK, "district"):
        for entity, rows in source.series(level, of_groups=True):
            file, name, back = places[entity]
            for points in measures(rows):
                charts, hidden = _charts(source, points)
                if not charts:
                    continue
                measure = str(points[0]["measure_code"])
                (site.folder / "group").mkdir(exist_ok=True)
                path = f"group/{file}-{measure.replace('_', '-')}.html"
                site.write(
                    path,
                    "group_runs.html",
                    f"{points[0]['name']} by student group: {name}",
                    here="Changes over time",
                    crumbs=[("Changes over time", "runs.html"), *([] if entity == "CORE" else [(name, back)])],
                    definition=points[0]["definition"],
                    tables=charts,
                    hidden=hidden,
                    all_students=f"../{back}#run-{measure.replace('_', '-')}",
                )
                written[entity][measure] = path
    return written


def _charts(source: Source, points: list[Record]) -> tuple[list[Table], list[str]]:
    """A chart a group of which anything is shown, and the names of the others."""
    order = {row["group_code"]: at for at, row in enumerate(source.groups)}
    by_group = {code: list(of) for code, of in groupby(points, key=lambda row: row["group_code"])}
    charts, hidden = [], []
    for code in sorted(by_group, key=lambda code: order[code]):
        table = chart(
            by_group[code], caption=source.group_names[code], anchor=f"group-{code.lower().replace('_', '-')}"
        )
        if table.has_numbers:
            charts.append(table)
        else:
            hidden.append(table.caption)
    return charts, hidden
