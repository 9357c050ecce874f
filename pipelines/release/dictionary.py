"""What the published tables are, as the dbt project declares it: columns, key, references, tiers, where they come from.

Keys are the grains of dbt's `unique_rows` tests, references its `refers_to` tests; neither is written anywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipelines.release.tiers import RELEASE_DISTRICT

TIERS = ("public", "partner", "restricted")
BETWEEN = ("int_", "canon_")
_REF = re.compile(r"ref\('(\w+)'\)")


@dataclass(frozen=True)
class Reference:
    """Columns of a table that name a row of another, which has columns of the same names as its key."""

    columns: tuple[str, ...]
    table: str


@dataclass(frozen=True)
class PublishedTable:
    """A table of the contract; what two tiers say of it is said once.

    `made_from` holds the models that it selects from, `rests_on` the harmonized tables and `sources` the raw ones that
    these lead back to, all as schema.table.
    """

    name: str
    tiers: tuple[str, ...]
    is_dimension: bool
    columns: tuple[str, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]
    made_from: tuple[str, ...]
    rests_on: tuple[str, ...]
    sources: tuple[str, ...]


def published_tables(project: Mapping[str, Any]) -> list[PublishedTable]:
    """The tables of the contract by name; `project` is dbt's manifest."""
    models = {
        unique_id: node
        for unique_id, node in project["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] in TIERS
    }
    grains, references = _tests(project)
    lineage = _Lineage(project)
    found: dict[str, PublishedTable] = {}
    for tier in ("restricted", "partner", "public"):
        for unique_id, node in models.items():
            if node["schema"] != tier:
                continue
            name = _name(node)
            before = found.get(name)
            found[name] = PublishedTable(
                name=name,
                tiers=tuple(each for each in TIERS if each == tier or (before and each in before.tiers)),
                is_dimension=bool(before and before.is_dimension) or node["meta"].get("kind") == "dimension",
                columns=before.columns
                if before
                else tuple(column for column in node["columns"] if column != RELEASE_DISTRICT),
                key=(before.key if before else ()) or grains.get(unique_id, ()),
                references=(before.references if before else ())
                or tuple(
                    Reference(columns, _name(project["nodes"][to])) for columns, to in references.get(unique_id, ())
                ),
                made_from=_joined(before.made_from if before else (), lineage.parents(unique_id)),
                rests_on=_joined(before.rests_on if before else (), lineage.behind(unique_id, "harmonized")),
                sources=_joined(before.sources if before else (), lineage.behind(unique_id, "raw")),
            )
    return [found[name] for name in sorted(found)]


def _joined(before: tuple[str, ...], more: set[str]) -> tuple[str, ...]:
    return tuple(sorted({*before, *more}))


def _name(node: Mapping[str, Any]) -> str:
    return str(node.get("alias") or node.get("identifier") or node["name"])


def _columns(names: Any) -> tuple[str, ...]:
    return tuple(name for name in names if name != RELEASE_DISTRICT)


def _tests(
    project: Mapping[str, Any],
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[tuple[tuple[str, ...], str], ...]]]:
    """Grains, and references as (columns, model referred to), by model."""
    by_name = {node["name"]: unique_id for unique_id, node in project["nodes"].items()}
    grains: dict[str, tuple[str, ...]] = {}
    references: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}
    for node in project["nodes"].values():
        asked = node.get("test_metadata") or {}
        if asked.get("name") == "unique_rows":
            grains[node["attached_node"]] = _columns(asked["kwargs"]["grain"])
        elif asked.get("name") == "refers_to":
            references[node["attached_node"]] = tuple(
                (_columns(name.strip() for name in columns.split(",")), by_name[match[1]])
                for columns, to in asked["kwargs"]["keys"].items()
                if (match := _REF.fullmatch(to.strip()))
            )
    return grains, references


class _Lineage:
    """What a model is made from, near and far."""

    def __init__(self, project: Mapping[str, Any]) -> None:
        self._nodes: dict[str, Any] = {**project["nodes"], **project["sources"]}
        self._ancestors = lru_cache(maxsize=None)(self._walk)

    def parents(self, unique_id: str) -> set[str]:
        return {self._label(parent) for parent in self._above(unique_id)}

    def behind(self, unique_id: str, schema: str) -> set[str]:
        """Tables of a schema that it leads back to, those between them (`int_`, `canon_`) left out."""
        return {
            self._label(each)
            for each in self._ancestors(unique_id)
            if self._nodes[each]["schema"] == schema and not self._nodes[each]["name"].startswith(BETWEEN)
        }

    def _above(self, unique_id: str) -> list[str]:
        depends = self._nodes[unique_id].get("depends_on", {}).get("nodes", [])
        return [parent for parent in depends if parent in self._nodes]

    def _walk(self, unique_id: str) -> frozenset[str]:
        above = self._above(unique_id)
        return frozenset(above).union(*(self._ancestors(parent) for parent in above))

    def _label(self, unique_id: str) -> str:
        node = self._nodes[unique_id]
        return f"{node['schema']}.{_name(node)}"
