"""Which subjects hold ninth graders back: D and F marks by core subject, from table `improvement_series`."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.release.site.figures import Place
from pipelines.release.site.source import Row as Record
from pipelines.release.site.source import Source
from pipelines.release.site.tables import Table


def subjects(source: Source, rows: Sequence[Record], place: Place) -> Table | None:
    """D and F marks of the core subjects in the last periods."""
    return None
